//! An instance on disk.

pub(crate) mod create;
mod events;
pub(crate) mod keys;
mod keystore;
mod lock;
mod log_book;
mod open;
pub(crate) mod reads;
mod recovery;
pub(crate) mod rewrap;
mod shelves;
pub(crate) mod traces;
mod verify;

use std::{
    collections::BTreeMap,
    fmt,
    fs::File,
    io::{self, Write},
    ops::Range,
    path::Path,
    sync::{Arc, Mutex, MutexGuard},
    thread::{self, ThreadId},
};

use audit::Event;
use domain::{Clock, DatasetId, Digest, KeyId, Timestamp};
use seal::{
    Argon2Cost, DataKey, KeyClass, KeyService, Keyring, Passphrase, PassphraseService, ServiceName,
    Signature, SystemEntropy,
};
use serde::de::DeserializeOwned;

#[cfg(test)]
pub(crate) use create::create as create_on;
pub use events::Events;
pub use keys::KeyInfo;
pub use keystore::Opener;
pub use log_book::{LogStanding, accept_published};
#[cfg(test)]
pub(crate) use open::open as open_on;
pub use recovery::Recovery;
pub use shelves::{Kept, RowsDescribed};
pub use verify::RowsVerified;

use crate::{
    Noun, ObjectReader, ObjectRef, ObjectsVerified, Position, Record, StoreError, Transaction,
    disk::{Disk, Machine},
    fence::{Fence, held},
    home::Home,
    log::{Log, Prepared, group::Group, notes},
    objects::{self, Form, Objects, Sealing},
    places::Places,
    rows::{self, Rows},
};

/// An instance: sealed records, wrapped keys, sealed objects and the log, in one folder that one
/// process at a time has open.
///
/// Reads go through the store or through a [`Transaction`]; every change goes through
/// [`Transaction::commit`], every other act worth telling through [`Store::record`].
/// Methods block; from inside an async runtime call them on a blocking thread.
///
/// # Guarantee
///
/// When `commit`, `record` or `record_all` returns a position, the event is on the medium, a
/// signed checkpoint covers it, and the rows it tells of are committed. When the process dies
/// before that, the next [`Store::open`] either finishes the step or appends an event that says it
/// was abandoned. Nothing of PHI is ever on the disk unsealed, temporary files included.
///
/// What it cannot see: the whole folder put back to an older copy of itself, log, checkpoints and
/// database together. Keep a checkpoint elsewhere to see that.
pub struct Store {
    pub(crate) fence: Arc<Fence>,
    pub(crate) disk: Arc<dyn Disk>,
    pub(crate) keyring: Keyring,
    /// Seals records and lists of changes.
    pub(crate) row_key: DataKey,
    pub(crate) home: Home,
    pub(crate) writer: Mutex<Rows>,
    reader: Mutex<Rows>,
    log: Mutex<Log>,
    /// Who waits for the log together.
    group: Group,
    pub(crate) objects: Objects,
    /// Objects written here and not kept yet, with their running digests.
    written: Mutex<BTreeMap<Digest, Vec<u8>>>,
    /// The thread that has a transaction open.
    pub(crate) writing: Mutex<Option<ThreadId>>,
    recovery: Recovery,
    /// Last, so that the lock goes after everything else.
    _lock: File,
}

impl Store {
    /// Makes a new instance and opens it. Everything is built in a folder beside `home` and then
    /// renamed, so that a half-made instance is never visible. An existing folder must be empty;
    /// missing folders above it are made.
    pub fn create(
        home: &Path,
        passphrase: &Passphrase,
        cost: Argon2Cost,
    ) -> Result<Self, StoreError> {
        Self::create_in(home, passphrase, cost, &Places::default())
    }

    /// Makes a new instance whose rows or objects are elsewhere. The schema on the server must be
    /// free; the bucket is tried out before anything is made.
    pub fn create_in(
        home: &Path,
        passphrase: &Passphrase,
        cost: Argon2Cost,
        places: &Places,
    ) -> Result<Self, StoreError> {
        let service = PassphraseService::new(passphrase.clone(), cost);
        create::create(home, &service, places, Arc::new(Machine))
    }

    /// Makes a new instance whose root key `service` keeps, and opens it.
    pub fn create_with(
        home: &Path,
        service: &dyn KeyService,
        places: &Places,
    ) -> Result<Self, StoreError> {
        create::create(home, service, places, Arc::new(Machine))
    }

    /// Takes away an instance that was not finished, such as is left when the process is killed
    /// that makes it: the folder, and the schema on the server. One that is in use, or whose
    /// schema holds more than one saved transaction, is refused.
    pub fn discard(home: &Path) -> Result<(), StoreError> {
        create::discard(home)
    }

    /// Opens an instance, for this process alone, and repairs what a killed process left: a torn
    /// log entry is cut, a change that was logged and not saved is recorded as abandoned, files
    /// of objects that were not kept are removed. [`Store::recovery`] tells what was done.
    ///
    /// The whole log is read and compared with its newest checkpoint (about a microsecond an
    /// entry); a log that was cut short or altered, or a database older than the log, is refused:
    /// see [`Store::open_to_verify`]. `clock` dates the events of the repair.
    pub fn open(
        home: &Path,
        passphrase: &Passphrase,
        clock: &dyn Clock,
    ) -> Result<Self, StoreError> {
        Self::open_with(
            home,
            Opener::Passphrase(passphrase),
            clock,
            Opening::default(),
        )
    }

    /// Opens an instance with whatever opens its keystore, and with answers to what it may ask;
    /// otherwise like [`Store::open`].
    pub fn open_with(
        home: &Path,
        opener: Opener<'_>,
        clock: &dyn Clock,
        opening: Opening,
    ) -> Result<Self, StoreError> {
        open::open(home, opener, clock, opening, Arc::new(Machine))
    }

    /// Which services keep the root key of the instance in a folder; nothing is opened.
    pub fn key_services(home: &Path) -> Result<Vec<ServiceName>, StoreError> {
        keystore::services(&Home::new(home))
    }

    /// Opens an instance without repairing or refusing anything, to verify it. Takes no changes.
    pub fn open_to_verify(home: &Path, passphrase: &Passphrase) -> Result<Self, StoreError> {
        Self::open_to_verify_with(home, Opener::Passphrase(passphrase))
    }

    /// Opens an instance to verify it, with whatever opens its keystore.
    pub fn open_to_verify_with(home: &Path, opener: Opener<'_>) -> Result<Self, StoreError> {
        open::open_to_verify(home, opener, Arc::new(Machine))
    }

    /// What opening repaired.
    pub const fn recovery(&self) -> &Recovery {
        &self.recovery
    }

    /// The folder of the instance.
    pub fn home(&self) -> &Path {
        self.home.folder()
    }

    /// Begins a transaction. One from another thread is waited for; a second one on the same
    /// thread is refused.
    pub fn begin(&self) -> Result<Transaction<'_>, StoreError> {
        self.fence.check()?;
        let me = thread::current().id();
        if *held(&self.writing) == Some(me) {
            return Err(StoreError::TransactionOpen);
        }
        let rows = held(&self.writer);
        let transaction = Transaction::begin(self, rows)?;
        *held(&self.writing) = Some(me);
        Ok(transaction)
    }

    /// Appends an event that changes no rows, a refusal or a read, as durably as a commit. Callers
    /// on other threads who come while one waits for the medium share the next wait.
    pub fn record(&self, event: Event) -> Result<Position, StoreError> {
        let range = self.append(&[entry_alone(event)?])?;
        Ok(range.start)
    }

    /// Appends events that change no rows, all with one wait for the medium; all of them or none
    /// is recorded. Returns their positions, from the first to after the last.
    pub fn record_all(&self, events: &[Event]) -> Result<Range<Position>, StoreError> {
        let entries = events.iter().cloned().map(entry_alone);
        self.append(&entries.collect::<Result<Vec<_>, _>>()?)
    }

    /// The newest revision of a record.
    pub fn find<T: DeserializeOwned>(
        &self,
        noun: Noun,
        id: &str,
    ) -> Result<Option<Record<T>>, StoreError> {
        reads::find(&mut held(&self.reader), &self.row_key, noun, id)
    }

    /// The newest revision of every record of a noun, by id.
    pub fn list<T: DeserializeOwned>(&self, noun: Noun) -> Result<Vec<Record<T>>, StoreError> {
        reads::list(&mut held(&self.reader), &self.row_key, noun)
    }

    /// All revisions of a record, oldest first.
    pub fn history<T: DeserializeOwned>(
        &self,
        noun: Noun,
        id: &str,
    ) -> Result<Vec<Record<T>>, StoreError> {
        reads::history(&mut held(&self.reader), &self.row_key, noun, id)
    }

    /// The data key of a dataset, to open what it sealed.
    pub fn data_key(&self, dataset: &DatasetId) -> Result<(KeyId, DataKey), StoreError> {
        keys::data_key(&mut held(&self.reader), &self.keyring, dataset)
    }

    /// The data key of a dataset, to seal with it at this moment; see
    /// [`Transaction::sealing_key`] for what is refused.
    pub fn sealing_key(
        &self,
        dataset: &DatasetId,
        now: Timestamp,
    ) -> Result<(KeyId, DataKey), StoreError> {
        keys::sealing_key(&mut held(&self.reader), &self.keyring, dataset, now)
    }

    /// The keys of a dataset's classes of columns, as [`Transaction::create_class_keys`] made them.
    pub fn class_keys(
        &self,
        dataset: &DatasetId,
    ) -> Result<Vec<(KeyClass, KeyId, DataKey)>, StoreError> {
        keys::class_keys(&mut held(&self.reader), &self.keyring, dataset)
    }

    /// All data keys, oldest first, destroyed ones included.
    pub fn keys(&self) -> Result<Vec<KeyInfo>, StoreError> {
        let all = rows::keys::all(&mut held(&self.reader))?;
        all.iter().map(keys::info).collect()
    }

    /// Changes the keyring and writes its file, with the event that tells of it; the file is
    /// replaced whole. When it cannot be written, the store stops until the next start, which finds
    /// the old file.
    pub fn change_keyring<T, E>(
        &self,
        event: Event,
        change: impl FnOnce(&Keyring, &mut SystemEntropy) -> Result<T, E>,
    ) -> Result<(T, Position), StoreError>
    where
        StoreError: From<E>,
    {
        keystore::change(self, event, change)
    }

    /// Wraps every data key anew that is not wrapped under the active key-encryption key, in steps
    /// that each have their line in the log: `event` gets the number of keys of a step. Nothing
    /// that was sealed is rewritten. When it is interrupted every key stays readable, and the next
    /// call goes on. `progress` gets keys done and keys in all.
    pub fn rewrap_keys(
        &self,
        event: &mut dyn FnMut(u64) -> Result<Event, StoreError>,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<u64, StoreError> {
        rewrap::all(self, event, progress)
    }

    /// Seals what `write` writes as a new object. It stays only when a transaction keeps it with
    /// [`Transaction::keep_object`] before the store is closed.
    ///
    /// `context` says what the object is, `dataset/version/part` for example; it opens only under
    /// the same one. A full disk or any other error leaves nothing behind.
    pub fn write_object(
        &self,
        key: &DataKey,
        context: &str,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<ObjectRef, StoreError> {
        self.write_form(Form::Stream(Sealing { key, context }), write)
    }

    /// Keeps what `write` writes as it is: a Parquet file with modular encryption, whose maker
    /// has encrypted every column and the footer. What does not begin and end as such a file does
    /// is refused before it reaches the disk. Otherwise as [`Store::write_object`].
    pub fn write_encrypted_parquet(
        &self,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<ObjectRef, StoreError> {
        self.write_form(Form::Parquet, write)
    }

    fn write_form(
        &self,
        form: Form<'_>,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<ObjectRef, StoreError> {
        let written = self.objects.write(form, &mut SystemEntropy::new(), write)?;
        held(&self.written).insert(written.object.digest, written.segments);
        Ok(written.object)
    }

    /// Opens an object for reading; see [`ObjectReader`] for what is checked when.
    pub fn open_object(
        &self,
        object: &ObjectRef,
        key: &DataKey,
        context: &str,
    ) -> Result<ObjectReader, StoreError> {
        self.objects.open(object, Sealing { key, context })
    }

    /// Reads a whole object into memory.
    pub fn read_object(
        &self,
        object: &ObjectRef,
        key: &DataKey,
        context: &str,
    ) -> Result<Vec<u8>, StoreError> {
        self.objects.read(object, Sealing { key, context })
    }

    /// Checks that every kept object has the bytes that were written, without keys. `progress`
    /// gets bytes done and bytes in all. The first damaged object is named with its segment.
    pub fn verify_objects(
        &self,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<ObjectsVerified, StoreError> {
        let kept = rows::objects::all(&mut held(&self.reader))?;
        objects::verify(&self.objects, &kept, progress)
    }

    /// Checks that the database is whole by its own check (SQLite), that it holds what its
    /// transactions saved, no row more, fewer or other, and that every saved transaction stands in the log at its place.
    pub fn verify_rows(&self) -> Result<RowsVerified, StoreError> {
        verify::rows(self, &mut held(&self.reader))
    }

    /// Recomputes the whole log from its files and checks it against its checkpoints.
    pub fn verify_log(&self) -> Result<audit::Verified, StoreError> {
        verify::log(self)
    }

    /// The newest signed checkpoint. Keep a copy elsewhere: only that shows that the whole
    /// instance was not put back to an older state.
    pub fn checkpoint(&self) -> String {
        self.log().newest_checkpoint().to_owned()
    }

    /// The earliest signed checkpoint that covers the log's first `size` entries.
    pub fn checkpoint_covering(&self, size: u64) -> Result<Option<String>, StoreError> {
        verify::checkpoint_covering(self, size)
    }

    /// The events of the log, oldest first, from position `from` on.
    pub fn events(&self, from: u64) -> Result<Events, StoreError> {
        Events::new(&self.home, &self.log(), from)
    }

    /// The Ed25519 key that checks the log's checkpoints, as PEM.
    pub fn log_public_key_pem(&self) -> String {
        self.keyring.checkpoint_key().to_pem()
    }

    /// The ECDSA P-256 key that checks signed statements, as PEM.
    pub fn statement_public_key_pem(&self) -> String {
        self.keyring.statement_key().to_pem()
    }

    /// Signs a statement: a model, a certificate, a report.
    pub fn sign_statement(&self, message: &[u8]) -> Signature {
        self.keyring.sign_statement(message)
    }

    /// The keys of the instance.
    pub const fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    fn append(&self, entries: &[Vec<u8>]) -> Result<Range<Position>, StoreError> {
        self.fence.check()?;
        let prepared = Prepared::of(entries.iter().map(Vec::as_slice))?;
        self.group.append(&self.log, &self.keyring, prepared)
    }

    pub(crate) fn log(&self) -> MutexGuard<'_, Log> {
        held(&self.log)
    }

    /// The running digests of an object written here.
    pub(crate) fn segments_of(&self, object: &ObjectRef) -> Result<Vec<u8>, StoreError> {
        held(&self.written)
            .get(&object.digest)
            .cloned()
            .ok_or(StoreError::ObjectMissing {
                object: object.digest,
            })
    }

    pub(crate) fn end_transaction(&self) {
        *held(&self.writing) = None;
    }
}

/// Answers to what opening an instance may ask.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Opening {
    /// A person says that there is a backup of the database (PostgreSQL: `pg_dump`), so that its
    /// schema may change.
    pub rows_backed_up: bool,
}

/// The entry of an event that belongs to no transaction.
fn entry_alone(mut event: Event) -> Result<Vec<u8>, StoreError> {
    event.transaction = None;
    notes::encode(&event)
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store")
            .field("home", &self.home)
            .finish_non_exhaustive()
    }
}
