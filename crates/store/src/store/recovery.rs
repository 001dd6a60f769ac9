//! Putting right what a killed process left.

use std::{collections::BTreeSet, fs, io, path::Path};

use audit::Event;
use domain::{Clock, Digest};

use super::Store;
use crate::{
    FileRole, Position, StoreError,
    log::{Scan, notes},
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

/// Removes unfinished objects and finished ones that nothing keeps.
fn remove_orphans(store: &Store, kept: &BTreeSet<Digest>) -> Result<u64, StoreError> {
    let mut removed = 0;
    for name in names(&store.home.tmp())? {
        removed += remove(store, &store.home.tmp().join(name))?;
    }
    for shelf in names(&store.home.objects())? {
        let shelf = store.home.objects().join(shelf);
        for name in names(&shelf)? {
            let is_kept = name
                .parse::<Digest>()
                .is_ok_and(|digest| kept.contains(&digest));
            if !is_kept {
                removed += remove(store, &shelf.join(name))?;
            }
        }
    }
    Ok(removed)
}

fn remove(store: &Store, path: &Path) -> Result<u64, StoreError> {
    store
        .disk
        .remove(path)
        .map_err(|source| StoreError::file(FileRole::Temporary, source))?;
    Ok(1)
}

/// The names in a folder, sorted; names that are not text are left alone.
fn names(folder: &Path) -> Result<Vec<String>, StoreError> {
    let told = |source: io::Error| StoreError::file(FileRole::Folder, source);
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(told)? {
        names.extend(entry.map_err(told)?.file_name().into_string());
    }
    names.sort_unstable();
    Ok(names)
}
