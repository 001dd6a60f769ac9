//! Checking everything against everything.

use std::collections::BTreeMap;

use audit::Verified;
use domain::DatasetId;
use seal::{DataKey, digest, open_bytes};

use super::{Store, log_book};
use crate::{
    Noun, StoreError,
    record::Place,
    rows::{self, Rows, StoredKey, commits::SavedCommit},
    store,
    transaction::{Changes, changes_context},
};

/// The database holds exactly what its transactions saved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowsVerified {
    /// Saved transactions.
    pub commits: u64,
    /// Revisions of records.
    pub records: u64,
    /// Keys, destroyed ones included, without the key of the records.
    pub keys: u64,
    /// Kept objects.
    pub objects: u64,
}

/// What the rows are now, by name; taken out as the lists of changes account for them.
type Found = BTreeMap<String, String>;

/// Recomputes the log from its files.
pub(super) fn log(store: &Store) -> Result<Verified, StoreError> {
    log_book::verify_from(store, None).map(|(verified, _)| verified)
}

/// The earliest signed checkpoint that covers the first `size` entries.
pub(super) fn checkpoint_covering(store: &Store, size: u64) -> Result<Option<String>, StoreError> {
    let log = store.log();
    let key = store.keyring.checkpoint_key();
    for signed in log_book::history(store, &log)? {
        let parsed = audit::Checkpoint::parse_and_verify(&signed, &key);
        if parsed.is_ok_and(|checkpoint| checkpoint.size() >= size) {
            return Ok(Some(signed));
        }
    }
    Ok(None)
}

/// Compares the database with the lists of what its transactions changed.
pub(super) fn rows(store: &Store, rows: &mut Rows) -> Result<RowsVerified, StoreError> {
    // Pages and indexes first: what is compared below is read without most of the indexes.
    if let Some(fault) = rows.describe()?.faults.first() {
        return Err(altered(fault.clone()));
    }
    let mut found = Found::new();
    let mut verified = RowsVerified {
        records: records(rows, &mut found)?,
        keys: keys(store, rows, &mut found)?,
        objects: objects(rows, &mut found)?,
        commits: 0,
    };
    let commits = rows::commits::all(rows)?;
    check_places(store, &commits)?;
    let mut expected = BTreeMap::new();
    for commit in &commits {
        let changes = open(&store.row_key, commit)?;
        for (name, digest) in changes.names() {
            expected.insert(name.to_owned(), digest.to_owned());
        }
        verified.commits += 1;
    }
    forget_destroyed(&mut expected);
    compare(&expected, &found)?;
    Ok(verified)
}

/// A destroyed key is accounted for by its destruction alone: its wrapped form is gone.
fn forget_destroyed(expected: &mut BTreeMap<String, String>) {
    let destroyed: Vec<String> = expected
        .keys()
        .filter_map(|name| name.strip_prefix("destroyed|"))
        .map(|key| format!("key|{key}"))
        .collect();
    for name in destroyed {
        expected.remove(&name);
    }
}

fn compare(expected: &BTreeMap<String, String>, found: &Found) -> Result<(), StoreError> {
    for (name, digest) in expected {
        match found.get(name) {
            None => return Err(altered(format!("`{name}` is missing"))),
            Some(other) if other != digest => {
                return Err(altered(format!("`{name}` is not what was saved")));
            }
            Some(_) => {}
        }
    }
    match found.keys().find(|name| !expected.contains_key(*name)) {
        Some(name) => Err(altered(format!("`{name}` was never saved"))),
        None => Ok(()),
    }
}

fn records(rows: &mut Rows, found: &mut Found) -> Result<u64, StoreError> {
    let mut count = 0;
    for record in rows::records::every(rows)? {
        let known = |noun: &Noun| noun.word() == record.noun;
        let Some(noun) = Noun::ALL.into_iter().find(known) else {
            return Err(altered("a record is of an unknown noun".to_owned()));
        };
        let place = Place {
            noun,
            id: &record.id,
            revision: record.revision,
        };
        found.insert(place.context(), digest(&record.sealed).to_string());
        count += 1;
    }
    Ok(count)
}

/// Every data key unwraps at its place to the key that was made; keys of classes open with their
/// dataset's.
fn keys(store: &Store, rows: &mut Rows, found: &mut Found) -> Result<u64, StoreError> {
    let keys = rows::keys::all(rows)?;
    for key in keys.iter().filter(|key| key.wrapped.is_some()) {
        match (&key.class, &key.dataset) {
            (Some(_), Some(dataset)) => {
                let dataset = DatasetId::new(dataset.clone())
                    .map_err(|_| altered(format!("`key|{}` names no dataset", key.id)))?;
                store::keys::class_keys(rows, &store.keyring, &dataset)?;
            }
            _ => drop(store::keys::unwrap(&store.keyring, key)?),
        }
    }
    let of_datasets: Vec<&StoredKey> = keys.iter().filter(|key| key.dataset.is_some()).collect();
    for key in &of_datasets {
        let (name, digest) = Changes::of_key(key);
        found.insert(name, digest);
    }
    Ok(of_datasets.len() as u64)
}

fn objects(rows: &mut Rows, found: &mut Found) -> Result<u64, StoreError> {
    let kept = rows::objects::all(rows)?;
    for object in &kept {
        let (name, digest) = Changes::of_object(object);
        found.insert(name, digest);
    }
    Ok(kept.len() as u64)
}

/// Every saved transaction stands in the log where the database says.
fn check_places(store: &Store, commits: &[SavedCommit]) -> Result<(), StoreError> {
    // What tells of the oldest changes may have been pruned.
    let minimum = store.log().minimum()?;
    let kept = commits
        .iter()
        .filter(|commit| commit.position.index() >= minimum);
    let mut expected = kept.peekable();
    for event in store.events(0)? {
        let (position, event) = event?;
        let Some(commit) = expected.next_if(|commit| commit.position == position) else {
            continue;
        };
        let named = event.transaction.as_ref().map(audit::Word::as_str);
        if named != Some(commit.transaction.as_str()) {
            return Err(altered(format!(
                "log entry {position} does not tell of the change that names it"
            )));
        }
    }
    match expected.next() {
        Some(commit) => Err(altered(format!(
            "a change names log entry {}, which is not there",
            commit.position
        ))),
        None => Ok(()),
    }
}

fn open(key: &DataKey, commit: &SavedCommit) -> Result<Changes, StoreError> {
    let context = changes_context(&commit.transaction, commit.position);
    open_bytes(key, context.as_bytes(), &commit.changes)
        .ok()
        .and_then(|plain| serde_json::from_slice(&plain).ok())
        .ok_or_else(|| {
            altered(format!(
                "the list of changes of log entry {} does not open",
                commit.position
            ))
        })
}

fn altered(what: String) -> StoreError {
    StoreError::RowsAltered { what }
}
