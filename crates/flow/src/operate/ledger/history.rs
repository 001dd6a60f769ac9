//! Every change of the budgets, with its line of the log.

use access::{DataState, Resource, ResourceKind};
use domain::{Action, DatasetId, Timestamp};
use privacy::{Account, Entry, MechanismEvent};
use serde::Serialize;
use store::{Noun, Record};

use super::{Scope, root_of_dataset, statement::state_word};
use crate::{Desk, StageError};

/// One change of one budget.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// The position of its line in the log.
    pub log_index: u64,
    /// When.
    pub at: Timestamp,
    /// `dataset`, `study` or `analyst`.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// `opened`, `capped`, `reserved`, `committed` or `burned`.
    #[serde(rename = "change")]
    pub what: &'static str,
    /// The spend, where it is one.
    pub id: Option<String>,
    /// What left for it.
    pub spending: Option<&'static str>,
    /// The study.
    pub study: Option<String>,
    /// Who.
    pub analyst: Option<String>,
    /// What was done.
    pub event: Option<MechanismEvent>,
    /// The cap after the change.
    pub cap_epsilon: f64,
    /// Composed epsilon after the change, reservations included.
    pub spent_epsilon: f64,
}

/// The changes of one dataset's budget (all budgets, if `None`), in the order of the log.
pub fn history(desk: &Desk<'_>, dataset: Option<&DatasetId>) -> Result<Vec<Change>, StageError> {
    let root = dataset
        .map(|dataset| root_of_dataset(desk, dataset))
        .transpose()?;
    let resource = match &root {
        Some(root) => Resource::budget(root, DataState::NoData),
        None => Resource::new(ResourceKind::Budget, "all", DataState::NoData),
    };
    let permit = desk.permit(Action::ReadLedger, resource, None)?;
    desk.note(&permit, None)?;
    let keys = if let (Some(root), Some(dataset)) = (root, dataset) {
        let there = desk.store.find::<Account>(Noun::Budget, root.as_str())?;
        there.ok_or_else(|| StageError::NoBudget {
            dataset: dataset.clone(),
        })?;
        vec![root.to_string()]
    } else {
        let all = desk.store.list::<Account>(Noun::Budget)?;
        all.into_iter().map(|record| record.id).collect()
    };
    let mut changes = Vec::new();
    for key in keys {
        let revisions = desk.store.history::<Account>(Noun::Budget, &key)?;
        let mut before: Option<&Record<Account>> = None;
        for record in &revisions {
            changes.extend(between(desk, before.map(|it| &it.body), record)?);
            before = Some(record);
        }
    }
    changes.sort_by_key(|change| change.log_index);
    Ok(changes)
}

/// What one revision changed.
fn between(
    desk: &Desk<'_>,
    before: Option<&Account>,
    record: &Record<Account>,
) -> Result<Vec<Change>, StageError> {
    let position = record
        .position
        .ok_or(StageError::Stored("a budget without its line of the log"))?;
    let line = desk.store.events(position.index())?.next();
    let (_, event) = line.ok_or(StageError::Stored("a line of the log"))??;
    let scope = Scope::of_key(&record.id)?;
    let spent = record.body.spent()?.epsilon;
    let change = |what: &'static str, entry: Option<&Entry>| Change {
        log_index: position.index(),
        at: event.time,
        kind: scope.kind(),
        name: scope.name().to_owned(),
        what,
        id: entry.map(|entry| entry.id.clone()),
        spending: entry.map(|entry| entry.spending.word()),
        study: entry.and_then(|entry| entry.study.as_ref().map(ToString::to_string)),
        analyst: entry.and_then(|entry| entry.analyst.as_ref().map(ToString::to_string)),
        event: entry.map(|entry| entry.event.clone()),
        cap_epsilon: record.body.cap_epsilon.value(),
        spent_epsilon: spent,
    };
    let mut changes = Vec::new();
    let caps = |account: &Account| (account.cap_epsilon, account.cap_delta);
    match before {
        None => changes.push(change("opened", None)),
        Some(before) if caps(before) != caps(&record.body) => {
            changes.push(change("capped", None));
        }
        Some(_) => {}
    }
    let earlier = before.map_or(&[][..], |account| &account.entries);
    for (at, entry) in record.body.entries.iter().enumerate() {
        let known = earlier.get(at).map(|it| it.state);
        if known != Some(entry.state) {
            changes.push(change(state_word(entry.state), Some(entry)));
        }
    }
    Ok(changes)
}
