//! The one way to save.

mod changes;
mod keys;

use std::{fmt, sync::MutexGuard};

use audit::Event;
use domain::KeyId;
use seal::{SystemEntropy, seal_bytes};
use serde::{Serialize, de::DeserializeOwned};

pub(crate) use changes::{Changes, context as changes_context};

use crate::{
    FileRole, Noun, ObjectRef, Position, Record, Store, StoreError,
    disk::Step,
    log::notes,
    record::{Place, check_id},
    rows::{
        Rows,
        commits::{self, SavedCommit},
        keys::{self as stored_keys, StoredKey},
        objects::{self, KeptObject},
        records,
    },
    store::reads,
    tokens::token,
};

/// Changes that are saved together, with the event that tells of them, or not at all.
///
/// While it is open nobody else changes anything, so that what it reads stays true until it is
/// committed; its own changes are visible to its own reads only. Dropping it saves nothing.
pub struct Transaction<'s> {
    store: &'s Store,
    rows: MutexGuard<'s, Rows>,
    id: String,
    changes: Changes,
    /// Keys made here: dated when the event's time is known.
    created_keys: Vec<StoredKey>,
    entropy: SystemEntropy,
    /// Whether the database still has it open.
    open: bool,
}

impl<'s> Transaction<'s> {
    pub(crate) fn begin(
        store: &'s Store,
        mut rows: MutexGuard<'s, Rows>,
    ) -> Result<Self, StoreError> {
        let mut entropy = SystemEntropy::new();
        rows.begin()?;
        Ok(Self {
            store,
            rows,
            id: token(&mut entropy),
            changes: Changes::default(),
            created_keys: Vec::new(),
            entropy,
            open: true,
        })
    }

    /// Saves a new record; one of that id must not exist. Returns revision 1.
    pub fn insert<T: Serialize>(
        &mut self,
        noun: Noun,
        id: &str,
        body: &T,
    ) -> Result<u64, StoreError> {
        check_id(noun, id)?;
        if records::newest(&mut self.rows, noun, id)? > 0 {
            return Err(StoreError::RecordExists {
                noun,
                id: id.to_owned(),
            });
        }
        self.save(noun, id, 1, body)
    }

    /// Saves a new revision of a record whose newest revision the caller has read. Earlier
    /// revisions stay. Returns the new revision.
    pub fn replace<T: Serialize>(
        &mut self,
        noun: Noun,
        id: &str,
        expected_revision: u64,
        body: &T,
    ) -> Result<u64, StoreError> {
        let found = records::newest(&mut self.rows, noun, id)?;
        if found == 0 {
            return Err(StoreError::RecordMissing {
                noun,
                id: id.to_owned(),
            });
        }
        if found != expected_revision {
            return Err(StoreError::RecordMoved {
                noun,
                id: id.to_owned(),
                expected: expected_revision,
                found,
            });
        }
        self.save(noun, id, found.saturating_add(1), body)
    }

    /// The newest revision of a record, with the changes made here.
    pub fn find<T: DeserializeOwned>(
        &mut self,
        noun: Noun,
        id: &str,
    ) -> Result<Option<Record<T>>, StoreError> {
        reads::find(&mut self.rows, &self.store.row_key, noun, id)
    }

    /// The newest revision of every record of a noun, by id, with the changes made here.
    pub fn list<T: DeserializeOwned>(&mut self, noun: Noun) -> Result<Vec<Record<T>>, StoreError> {
        reads::list(&mut self.rows, &self.store.row_key, noun)
    }

    /// All revisions of a record, oldest first, with the changes made here.
    pub fn history<T: DeserializeOwned>(
        &mut self,
        noun: Noun,
        id: &str,
    ) -> Result<Vec<Record<T>>, StoreError> {
        reads::history(&mut self.rows, &self.store.row_key, noun, id)
    }

    /// Keeps an object that was written with [`Store::write_object`] under that key and context;
    /// keeping it twice is fine. What is not kept disappears at the next start.
    ///
    /// The context stands unsealed in the database: ids and words only, never a value from data.
    pub fn keep_object(
        &mut self,
        object: &ObjectRef,
        key: &KeyId,
        context: &str,
    ) -> Result<(), StoreError> {
        if objects::find(&mut self.rows, &object.digest)?.is_some() {
            return Ok(());
        }
        if stored_keys::find(&mut self.rows, key.as_str())?.is_none() {
            return Err(StoreError::KeyUnknown { key: key.clone() });
        }
        let kept = KeptObject {
            digest: object.digest,
            key: key.to_string(),
            context: context.to_owned(),
            plain_len: object.plain_len,
            sealed_len: object.sealed_len,
            segments: self.store.segments_of(object)?,
            kept_by: self.id.clone(),
        };
        objects::insert(&mut self.rows, &kept)?;
        self.changes.object(&kept);
        Ok(())
    }

    /// Saves everything, durably, and returns the log entry that tells of it.
    ///
    /// The event is appended to the log first, with this transaction's id; then the rows are
    /// committed with the same id; then the checkpoint is signed. Each step waits for the medium.
    /// If the process dies in between, the next start finishes or records the abandonment.
    pub fn commit(mut self, mut event: Event) -> Result<Position, StoreError> {
        let store = self.store;
        let mut log = store.log();
        event.transaction = Some(notes::word(&self.id)?);
        let entry = notes::encode(&event)?;
        let position = log.next();
        self.date_keys(event.time)?;
        self.save_commit(position)?;
        log.append(&[entry])?;
        self.reach(Step::EventLogged, FileRole::Rows)?;
        // From here on the log tells of a change: an error leaves the answer to the next start.
        self.open = false;
        self.rows
            .commit()
            .inspect_err(|_| store.fence.stop(FileRole::Rows))?;
        self.reach(Step::RowsSaved, FileRole::Checkpoints)
            .and_then(|()| log.confirm(&store.keyring))
            .map_err(|_| StoreError::Unconfirmed {
                position,
                role: FileRole::Checkpoints,
            })?;
        drop(log);
        if self.changes.destroys() {
            self.rows.forget()?;
        }
        Ok(position)
    }

    fn reach(&self, step: Step, role: FileRole) -> Result<(), StoreError> {
        self.store.disk.reach(step).map_err(|source| {
            self.store.fence.stop(role);
            StoreError::file(role, source)
        })
    }

    fn save<T: Serialize>(
        &mut self,
        noun: Noun,
        id: &str,
        revision: u64,
        body: &T,
    ) -> Result<u64, StoreError> {
        let place = Place { noun, id, revision };
        let plain = reads::plain(place, body)?;
        let context = place.context();
        let sealed = seal_bytes(
            &self.store.row_key,
            context.as_bytes(),
            &plain,
            &mut self.entropy,
        );
        records::insert(&mut self.rows, place, &sealed, &self.id)?;
        self.changes.record(place, &sealed);
        Ok(revision)
    }

    fn save_commit(&mut self, position: Position) -> Result<(), StoreError> {
        let changes = self.changes.seal(
            &self.store.row_key,
            &changes_context(&self.id, position),
            &mut self.entropy,
        );
        let commit = SavedCommit {
            transaction: self.id.clone(),
            position,
            changes,
        };
        commits::insert(&mut self.rows, &commit)
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if self.open {
            // A rollback that fails leaves the transaction to the next start, which undoes it.
            drop(self.rows.rollback());
        }
        self.store.end_transaction();
    }
}

impl fmt::Debug for Transaction<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Transaction({})", self.id)
    }
}
