//! The privacy ledger: reserve before the data is touched, commit when the result is kept.
//!
//! A crash between the two leaves the reservation, and a reservation counts as spent.

use access::{DataState, Permit, Resource};
use domain::{Action, DatasetId};
use privacy::{Account, Entry, EntryState, MechanismEvent};
use serde::Serialize;
use store::{Noun, Transaction};

use crate::{Desk, StageError, assess::root_of, record::Version, run::Task, study::Cap};

/// A dataset's budget and what was spent of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Statement {
    /// The root dataset: everything derived from it shares the budget.
    pub dataset: DatasetId,
    /// Lifetime epsilon.
    pub cap_epsilon: f64,
    /// Lifetime delta.
    pub cap_delta: f64,
    /// Composed epsilon so far, reservations included.
    pub spent_epsilon: f64,
    /// What is left.
    pub remaining_epsilon: f64,
    /// Each spend.
    pub spends: Vec<Spend>,
}

/// One spend.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Spend {
    /// Its id: run and model.
    pub id: String,
    /// Its own epsilon at the budget's delta.
    pub epsilon: f64,
    /// `reserved`, `committed` or `burned`.
    pub state: String,
}

/// Sets budget aside for one mechanism, durably, before any of its noise is drawn.
///
/// The dataset's cap is fixed by the first study that touches it; a later study cannot raise it.
///
/// Source: Feldman and Zrnic 2021 (Rényi filter); 45 CFR 164.308(a)(1)(ii)(B).
pub fn reserve(
    _permit: &Permit,
    desk: &Desk<'_>,
    task: &Task<'_>,
    version: &Version,
    cap: Cap,
    id: &str,
    event: &MechanismEvent,
) -> Result<(), StageError> {
    let root = root_of(desk, version)?;
    let spending = desk.permit(
        Action::ReserveBudget,
        budget(&root, version.state, task),
        Some(&task.cause),
    )?;
    let mut transaction = desk.store.begin()?;
    let kept = transaction.find::<Account>(Noun::Budget, root.as_str())?;
    let mut account = kept.as_ref().map_or_else(
        || Account::new(cap.epsilon, cap.delta),
        |kept| kept.body.clone(),
    );
    if let Err(refused) = account.admit(event) {
        drop(transaction);
        let error = StageError::from(refused);
        desk.note_refusal(
            Action::ReserveBudget,
            spending.resource(),
            Some(&task.cause),
            &error,
        )?;
        return Err(error);
    }
    account.entries.push(Entry {
        id: id.to_owned(),
        event: event.clone(),
        state: EntryState::Reserved,
    });
    match kept {
        Some(kept) => {
            transaction.replace(Noun::Budget, root.as_str(), kept.revision, &account)?;
        }
        None => {
            transaction.insert(Noun::Budget, root.as_str(), &account)?;
        }
    }
    transaction.commit(desk.event(&spending, Some(&task.cause))?)?;
    Ok(())
}

/// Confirms reservations inside the transaction that keeps what was bought with them.
///
/// An interrupted run reserved under the same name before: that reservation is burned, not freed.
pub(crate) fn confirm(
    transaction: &mut Transaction<'_>,
    root: &DatasetId,
    ids: &[String],
) -> Result<(), StageError> {
    let kept = transaction.find::<Account>(Noun::Budget, root.as_str())?;
    let kept = kept.ok_or(StageError::Stored("a spend without a budget"))?;
    let mut account = kept.body;
    let mut confirmed = std::collections::BTreeSet::new();
    for entry in account
        .entries
        .iter_mut()
        .rev()
        .filter(|entry| ids.contains(&entry.id))
    {
        let first = confirmed.insert(entry.id.clone());
        if entry.state == EntryState::Reserved {
            entry.state = if first {
                EntryState::Committed
            } else {
                EntryState::Burned
            };
        }
    }
    transaction.replace(Noun::Budget, root.as_str(), kept.revision, &account)?;
    Ok(())
}

/// Every budget of the instance.
pub fn statements(desk: &Desk<'_>) -> Result<Vec<Statement>, StageError> {
    let permit = desk.permit(
        Action::ReadLedger,
        Resource::new(access::ResourceKind::Budget, "all", DataState::NoData),
        None,
    )?;
    desk.note(&permit, None)?;
    let budgets = desk.store.list::<Account>(Noun::Budget)?;
    budgets
        .into_iter()
        .map(|record| statement(&record.id, &record.body))
        .collect()
}

/// The budget that a dataset shares, as it stood after an entry of the log (now, if `None`).
pub(crate) fn statement_of(
    desk: &Desk<'_>,
    root: &DatasetId,
    after: Option<u64>,
) -> Result<Option<Statement>, StageError> {
    let revisions = desk.store.history::<Account>(Noun::Budget, root.as_str())?;
    let in_time = |position: Option<store::Position>| match (position, after) {
        (Some(position), Some(after)) => position.index() <= after,
        _ => true,
    };
    let kept = revisions
        .into_iter()
        .rfind(|record| in_time(record.position));
    kept.map(|record| statement(&record.id, &record.body))
        .transpose()
}

fn statement(id: &str, account: &Account) -> Result<Statement, StageError> {
    let dataset = DatasetId::new(id).map_err(|_| StageError::Stored("a budget's dataset"))?;
    let spends: Result<Vec<Spend>, StageError> = account
        .entries
        .iter()
        .map(|entry| {
            Ok(Spend {
                id: entry.id.clone(),
                epsilon: entry.event.curve()?.epsilon(account.cap_delta).0,
                state: state_word(entry.state).to_owned(),
            })
        })
        .collect();
    Ok(Statement {
        dataset,
        cap_epsilon: account.cap_epsilon.value(),
        cap_delta: account.cap_delta.value(),
        spent_epsilon: account.spent()?.epsilon,
        remaining_epsilon: account.remaining()?.epsilon,
        spends: spends?,
    })
}

const fn state_word(state: EntryState) -> &'static str {
    match state {
        EntryState::Reserved => "reserved",
        EntryState::Committed => "committed",
        EntryState::Burned => "burned",
    }
}

fn budget(root: &DatasetId, state: DataState, task: &Task<'_>) -> Resource {
    Resource::budget(root, state).within(task.cause.study.clone())
}
