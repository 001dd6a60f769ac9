//! Putting right what a killed process left.

use std::collections::BTreeSet;

use audit::Event;
use domain::{Clock, Digest};

use super::Store;
use crate::{
    FileRole, Position, StoreError,
    log::{Scan, notes},
    objects,
    rows::{self, Rows, commits},
};

/// What opening an instance repaired; all empty when the last process ended in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recovery {
    /// Bytes of an unfinished log entry that were cut; no acknowledged event was among them.
    pub torn_bytes: u64,
    /// Log entries of changes that were not saved; an event after each says so.
    pub abandoned: Vec<Position>,
    /// Whether entries stood in the log without a checkpoint and have one now.
    pub confirmed: bool,
    /// Files of objects that no transaction kept and that were removed.
    pub orphans: u64,
}

impl Recovery {
    /// Whether there was nothing to repair.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What is to be done, decided before anything is written.
pub(super) struct Plan {
    torn_bytes: u64,
    abandoned: Vec<(Position, Event)>,
    kept: BTreeSet<Digest>,
}

/// Compares log and database; refuses when one of them is older than it was.
pub(super) fn plan(rows: &mut Rows, scan: &Scan) -> Result<Plan, StoreError> {
    check_rows_are_not_older(rows, scan)?;
    check_log_is_not_shorter(rows, scan)?;
    let mut abandoned = Vec::new();
    for (change, event) in &scan.undecided {
        if !commits::knows(rows, &change.transaction, change.position)? {
            abandoned.push((change.position, event.clone()));
        }
    }
    let kept = rows::objects::all(rows)?;
    Ok(Plan {
        torn_bytes: scan.torn,
        abandoned,
        kept: kept.iter().map(|object| object.digest).collect(),
    })
}

/// A checkpoint is written only after the rows are committed: what it covers must be there.
fn check_rows_are_not_older(rows: &mut Rows, scan: &Scan) -> Result<(), StoreError> {
    match &scan.newest_change {
        Some(change) if !commits::knows(rows, &change.transaction, change.position)? => {
            Err(StoreError::RowsRolledBack {
                position: change.position,
            })
        }
        _ => Ok(()),
    }
}

/// Rows are committed only after their event is in the log: what they name must be there.
fn check_log_is_not_shorter(rows: &mut Rows, scan: &Scan) -> Result<(), StoreError> {
    let found = scan.size();
    match commits::newest(rows)? {
        Some(newest) if newest.index() >= found => Err(StoreError::LogTruncated {
            found,
            signed: newest.index().saturating_add(1),
        }),
        _ => Ok(()),
    }
}

/// Carries the plan out.
pub(super) fn repair(
    store: &Store,
    plan: &Plan,
    clock: &dyn Clock,
) -> Result<Recovery, StoreError> {
    let mut log = store.log();
    for (_, event) in &plan.abandoned {
        log.append(&[notes::abandonment(clock.now(), event)?])?;
    }
    let confirmed = !log.is_confirmed();
    if confirmed {
        log.confirm(&store.keyring)?;
    }
    drop(log);
    Ok(Recovery {
        torn_bytes: plan.torn_bytes,
        abandoned: plan
            .abandoned
            .iter()
            .map(|(position, _)| *position)
            .collect(),
        confirmed,
        orphans: remove_orphans(store, &plan.kept)?,
    })
}

/// Removes unfinished objects and finished ones that nothing keeps. A bucket is not looked through
/// at every start: that is what `vault collect` is for.
fn remove_orphans(store: &Store, kept: &BTreeSet<Digest>) -> Result<u64, StoreError> {
    let mut removed = 0;
    for name in objects::names(&store.home.tmp())? {
        store
            .disk
            .remove(&store.home.tmp().join(name))
            .map_err(|source| StoreError::file(FileRole::Temporary, source))?;
        removed += 1;
    }
    let shelf = store.objects.shelf.as_ref();
    if !shelf.is_near() {
        return Ok(removed);
    }
    for shelved in shelf.list()? {
        if !shelved.object.is_some_and(|object| kept.contains(&object)) {
            shelf.remove(&shelved)?;
            removed += 1;
        }
    }
    Ok(removed)
}
