//! What stands in the ledger, for people and programs.

use access::{DataState, Resource};
use domain::{Action, DatasetId};
use privacy::{Account, DeclaredPlan, Entry, EntryState, MechanismEvent};
use serde::Serialize;
use store::Noun;

use super::{Scope, root_of_dataset};
use crate::{Desk, StageError};

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
    /// The part of the filter's budget that is used, 0 to 1; this is what decides.
    pub used_share: f64,
    /// Each spend.
    pub spends: Vec<Spend>,
}

/// The budget of a study or an analyst.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ScopeStatement {
    /// `study` or `analyst`.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// Lifetime epsilon.
    pub cap_epsilon: f64,
    /// Lifetime delta.
    pub cap_delta: f64,
    /// Composed epsilon so far, reservations included.
    pub spent_epsilon: f64,
    /// What is left.
    pub remaining_epsilon: f64,
    /// The part of the filter's budget that is used, 0 to 1.
    pub used_share: f64,
    /// How many spends.
    pub spends: u64,
}

/// One spend.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Spend {
    /// Its id: run and model.
    pub id: String,
    /// Its own epsilon at the budget's delta, as charged (RDP).
    pub epsilon: f64,
    /// `reserved`, `committed` or `burned`.
    pub state: String,
    /// What left for it, such as `training`.
    pub spending: &'static str,
    /// The study.
    pub study: Option<String>,
    /// Who spent it.
    pub analyst: Option<String>,
    /// What was done, from which every epsilon can be computed again.
    pub event: MechanismEvent,
    /// Its own epsilon by the tighter accountant, as a plan declared beforehand; only in the
    /// statement of one dataset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pld: Option<Range>,
}

/// Two numbers between which the true one lies.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Range {
    /// On or below the truth.
    pub lower: f64,
    /// On or above it.
    pub upper: f64,
}

/// Every dataset's budget.
pub fn statements(desk: &Desk<'_>) -> Result<Vec<Statement>, StageError> {
    let accounts = accounts(desk)?;
    let datasets = accounts.iter().filter_map(|(scope, account)| match scope {
        Scope::Dataset(dataset) => Some((dataset, account)),
        Scope::Study(_) | Scope::Analyst(_) => None,
    });
    datasets
        .map(|(dataset, account)| of_account(dataset, account))
        .collect()
}

/// The budgets of studies and analysts, where an officer set them.
pub fn scoped(desk: &Desk<'_>) -> Result<Vec<ScopeStatement>, StageError> {
    let accounts = accounts(desk)?;
    let scoped = accounts
        .iter()
        .filter(|(scope, _)| !matches!(scope, Scope::Dataset(_)));
    scoped
        .map(|(scope, account)| {
            let spent = account.spent()?;
            Ok(ScopeStatement {
                kind: scope.kind(),
                name: scope.name().to_owned(),
                cap_epsilon: account.cap_epsilon.value(),
                cap_delta: account.cap_delta.value(),
                spent_epsilon: spent.epsilon,
                remaining_epsilon: account.remaining()?.epsilon,
                used_share: spent.share,
                spends: account.entries.len() as u64,
            })
        })
        .collect()
}

/// The budget that a dataset shares, each spend by both accountants.
pub fn statement(desk: &Desk<'_>, dataset: &DatasetId) -> Result<Statement, StageError> {
    let root = root_of_dataset(desk, dataset)?;
    let permit = desk.permit(
        Action::ReadLedger,
        Resource::budget(&root, DataState::NoData),
        None,
    )?;
    desk.note(&permit, None)?;
    let kept = desk.store.find::<Account>(Noun::Budget, root.as_str())?;
    let account = kept
        .ok_or_else(|| StageError::NoBudget {
            dataset: dataset.clone(),
        })?
        .body;
    let mut statement = of_account(&root, &account)?;
    for spend in &mut statement.spends {
        // A private selection is known by its Rényi bound only.
        if let Ok(plan) = DeclaredPlan::new(std::slice::from_ref(&spend.event)) {
            let bracket = plan.epsilon(account.cap_delta);
            spend.pld = Some(Range {
                lower: bracket.lower,
                upper: bracket.upper,
            });
        }
    }
    Ok(statement)
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
    kept.map(|record| of_account(root, &record.body))
        .transpose()
}

/// Every budget with its scope; the reading is in the log.
fn accounts(desk: &Desk<'_>) -> Result<Vec<(Scope, Account)>, StageError> {
    let permit = desk.permit(
        Action::ReadLedger,
        Resource::new(access::ResourceKind::Budget, "all", DataState::NoData),
        None,
    )?;
    desk.note(&permit, None)?;
    let budgets = desk.store.list::<Account>(Noun::Budget)?;
    budgets
        .into_iter()
        .map(|record| Ok((Scope::of_key(&record.id)?, record.body)))
        .collect()
}

fn of_account(dataset: &DatasetId, account: &Account) -> Result<Statement, StageError> {
    let spends: Result<Vec<Spend>, StageError> = account
        .entries
        .iter()
        .map(|entry| spend(entry, account))
        .collect();
    let spent = account.spent()?;
    Ok(Statement {
        dataset: dataset.clone(),
        cap_epsilon: account.cap_epsilon.value(),
        cap_delta: account.cap_delta.value(),
        spent_epsilon: spent.epsilon,
        remaining_epsilon: account.remaining()?.epsilon,
        used_share: spent.share,
        spends: spends?,
    })
}

fn spend(entry: &Entry, account: &Account) -> Result<Spend, StageError> {
    Ok(Spend {
        id: entry.id.clone(),
        epsilon: entry.event.curve()?.epsilon(account.cap_delta).0,
        state: state_word(entry.state).to_owned(),
        spending: entry.spending.word(),
        study: entry.study.as_ref().map(ToString::to_string),
        analyst: entry.analyst.as_ref().map(ToString::to_string),
        event: entry.event.clone(),
        pld: None,
    })
}

pub(super) const fn state_word(state: EntryState) -> &'static str {
    match state {
        EntryState::Reserved => "reserved",
        EntryState::Committed => "committed",
        EntryState::Burned => "burned",
    }
}
