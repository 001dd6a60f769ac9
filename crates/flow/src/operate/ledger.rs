//! The privacy ledger: reserve before the data is touched, commit when the result is kept.
//!
//! A crash between the two leaves the reservation, and a reservation counts as spent.
//! Everything computed from rows of persons that leaves goes through here: [`reserve`] or
//! [`set_aside`], then [`confirm`] in the transaction that keeps the result, or [`burn`].
//! One transaction checks and charges all budgets that a spend touches: that of the dataset's
//! lineage always, those of the study and of the analyst where an officer set them ([`cap`]).

mod caps;
mod charge;
mod history;
mod outlook;
mod scope;
mod statement;

#[cfg(test)]
mod tests;

use access::{DataState, Permit, Resource};
use domain::{Action, DatasetId};
use privacy::{Account, Entry, EntryState, MechanismEvent, Spending};
use store::{Noun, Record, Transaction};

pub use self::{
    caps::cap,
    history::{Change, history},
    outlook::{Outlook, Verdict, outlook},
    scope::Scope,
    statement::{Range, ScopeStatement, Spend, Statement, scoped, statement, statements},
};
pub(crate) use self::{
    charge::{Charge, Item},
    statement::statement_of,
};

use crate::{
    Desk, StageError,
    assess::root_of,
    desk::Cause,
    record::{Dataset, Version},
    run::Task,
    study::Cap,
};

/// One spend that is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// The dataset whose rows are used; its lineage's root is charged.
    pub dataset: &'a DatasetId,
    /// What its rows say about persons.
    pub state: DataState,
    /// The study it is spent in, and what that declares.
    pub cause: Option<&'a Cause>,
    /// The cap of a budget that does not exist yet; without one such a dataset is refused.
    pub cap: Option<Cap>,
    /// The ledger's name for it, the same when an interrupted act is taken up.
    pub id: &'a str,
    /// What leaves for it.
    pub spending: Spending,
    /// What is done with the rows.
    pub event: &'a MechanismEvent,
}

/// Sets budget aside for one model, durably, before any of its noise is drawn.
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
    let ask = Ask {
        dataset: &version.dataset,
        state: version.state,
        cause: Some(&task.cause),
        cap: Some(cap),
        id,
        spending: Spending::Training,
        event,
    };
    set_aside(desk, &ask)
}

/// Sets budget aside for anything, durably, before any of its noise is drawn.
///
/// All budgets that it touches are checked and charged in one transaction; the refusal of one
/// leaves all of them as they were, and stands in the log.
pub fn set_aside(desk: &Desk<'_>, ask: &Ask<'_>) -> Result<(), StageError> {
    set_aside_all(desk, std::slice::from_ref(ask))
}

/// Sets budget aside for several spends of one dataset at once: all of them or none.
pub(crate) fn set_aside_all(desk: &Desk<'_>, asks: &[Ask<'_>]) -> Result<(), StageError> {
    let Some(ask) = asks.first() else {
        return Ok(());
    };
    let root = root_of_dataset(desk, ask.dataset)?;
    let spending = desk.permit(
        Action::ReserveBudget,
        budget(&root, ask.state, ask.cause),
        ask.cause,
    )?;
    let mut transaction = desk.store.begin()?;
    let mut charged = asks
        .iter()
        .map(|one| charge(&mut transaction, desk, &root, one));
    match charged.try_for_each(|charged| charged) {
        Ok(()) => {
            transaction.commit(desk.event(&spending, ask.cause)?)?;
            Ok(())
        }
        Err(error) => {
            drop(transaction);
            desk.note_refusal(
                Action::ReserveBudget,
                spending.resource(),
                ask.cause,
                &error,
            )?;
            Err(error)
        }
    }
}

/// Confirms reservations inside the transaction that keeps what was bought with them.
///
/// An interrupted run reserved under the same name before: that reservation is burned, not freed.
pub fn confirm(
    transaction: &mut Transaction<'_>,
    root: &DatasetId,
    ids: &[String],
) -> Result<(), StageError> {
    settle(transaction, root, ids, EntryState::Committed)
}

/// Notes that reservations bought nothing: the act failed after it touched the data. They stay
/// spent.
pub fn burn(
    desk: &Desk<'_>,
    dataset: &DatasetId,
    state: DataState,
    cause: Option<&Cause>,
    ids: &[String],
) -> Result<(), StageError> {
    let root = root_of_dataset(desk, dataset)?;
    let permit = desk.permit(Action::CommitBudget, budget(&root, state, cause), cause)?;
    let mut transaction = desk.store.begin()?;
    settle(&mut transaction, &root, ids, EntryState::Burned)?;
    transaction.commit(desk.event(&permit, cause)?)?;
    Ok(())
}

/// The dataset whose budget a dataset shares.
pub fn root_of_dataset(desk: &Desk<'_>, dataset: &DatasetId) -> Result<DatasetId, StageError> {
    let kept = desk
        .store
        .find::<Dataset>(Noun::Dataset, dataset.as_str())?;
    Ok(kept.map_or_else(|| dataset.clone(), |record| record.body.root))
}

/// Admits the ask in every budget it touches and enters it there, in the transaction.
fn charge(
    transaction: &mut Transaction<'_>,
    desk: &Desk<'_>,
    root: &DatasetId,
    ask: &Ask<'_>,
) -> Result<(), StageError> {
    let mut entry = Entry::reserved(ask.id, ask.event.clone(), ask.spending);
    entry.study = ask.cause.map(|cause| cause.study.clone());
    entry.analyst = Some(desk.operator.id.clone());
    let scopes = scope::of_entry(root, &entry);
    for scope in scopes {
        let kept = transaction.find::<Account>(Noun::Budget, &scope.key())?;
        let mut account = match (&kept, &scope, ask.cap) {
            (Some(kept), ..) => kept.body.clone(),
            (None, Scope::Dataset(_), Some(cap)) => Account::new(cap.epsilon, cap.delta),
            (None, Scope::Dataset(dataset), None) => {
                return Err(StageError::NoBudget {
                    dataset: dataset.clone(),
                });
            }
            // An officer has set no cap for this study or analyst.
            (None, ..) => continue,
        };
        account
            .admit(&entry.event)
            .map_err(|refused| scope.refusal(refused))?;
        account.entries.push(entry.clone());
        save(transaction, &scope, kept.as_ref(), &account)?;
    }
    Ok(())
}

/// Gives reservations their last state, in every budget that holds them.
fn settle(
    transaction: &mut Transaction<'_>,
    root: &DatasetId,
    ids: &[String],
    last: EntryState,
) -> Result<(), StageError> {
    let scope = Scope::Dataset(root.clone());
    let kept = transaction.find::<Account>(Noun::Budget, &scope.key())?;
    let kept = kept.ok_or(StageError::Stored("a spend without a budget"))?;
    let named = kept.body.entries.iter().filter(|it| ids.contains(&it.id));
    let mut scopes: Vec<Scope> = named
        .flat_map(|entry| scope::of_entry(root, entry))
        .collect();
    scopes.push(scope);
    scopes.sort();
    scopes.dedup();
    for scope in scopes {
        let Some(kept) = transaction.find::<Account>(Noun::Budget, &scope.key())? else {
            continue;
        };
        let mut account = kept.body.clone();
        settle_entries(&mut account, ids, last);
        if account != kept.body {
            save(transaction, &scope, Some(&kept), &account)?;
        }
    }
    Ok(())
}

/// The newest reservation of each name gets the state; an older one of that name is burned.
fn settle_entries(account: &mut Account, ids: &[String], last: EntryState) {
    let mut settled = std::collections::BTreeSet::new();
    let newest_first = account.entries.iter_mut().rev();
    for entry in newest_first.filter(|entry| ids.contains(&entry.id)) {
        let first = settled.insert(entry.id.clone());
        if entry.state == EntryState::Reserved {
            entry.state = if first { last } else { EntryState::Burned };
        }
    }
}

fn save(
    transaction: &mut Transaction<'_>,
    scope: &Scope,
    kept: Option<&Record<Account>>,
    account: &Account,
) -> Result<(), StageError> {
    match kept {
        Some(kept) => {
            transaction.replace(Noun::Budget, &scope.key(), kept.revision, account)?;
        }
        None => {
            transaction.insert(Noun::Budget, &scope.key(), account)?;
        }
    }
    Ok(())
}

/// The root of a version's lineage, for [`confirm`].
pub fn root_of_version(desk: &Desk<'_>, version: &Version) -> Result<DatasetId, StageError> {
    root_of(desk, version)
}

fn budget(root: &DatasetId, state: DataState, cause: Option<&Cause>) -> Resource {
    let resource = Resource::budget(root, state);
    match cause {
        Some(cause) => resource.within(cause.study.clone()),
        None => resource,
    }
}
