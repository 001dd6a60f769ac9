use std::io;

use domain::{Code, DatasetId, Digest, Explain, KeyId};
use thiserror::Error;

use crate::{FileRole, Noun, Position, codes};

/// Why the store did not do what was asked.
///
/// Messages name files by their role and records by noun and id; they never hold a value from
/// the data.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StoreError {
    /// [`crate::Store::create`] on a folder that holds something.
    #[error("the folder for the new instance exists and is not empty")]
    FolderTaken,
    /// [`crate::Store::open`] on a folder that is no instance.
    #[error("there is no instance in this folder")]
    NoInstance,
    /// Another process has the instance open.
    #[error("the instance is in use by another cloister process")]
    InUse,
    /// The disk is full: what was being written is taken back.
    #[error("no space left on the disk while writing {role}")]
    NoSpace {
        /// The file that was being written.
        role: FileRole,
    },
    /// Any other trouble with a file.
    #[error("{role} cannot be read or written")]
    File {
        /// The file.
        role: FileRole,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
    /// The database gave an error.
    #[error("the database cannot be read or written")]
    Rows(#[source] sqlx::Error),
    /// The database has a schema that this program does not know.
    #[error("the database has schema version {found}, this program knows up to {known}")]
    SchemaNewer {
        /// The version found.
        found: i64,
        /// The newest version known.
        known: i64,
    },
    /// The keystore did not open; a wrong passphrase comes this way.
    #[error(transparent)]
    Keystore(#[from] seal::KeyringError),
    /// An object does not open with the key and context given.
    #[error("{role} does not open")]
    Unopened {
        /// The object.
        role: FileRole,
        /// What the cipher said: where it stopped.
        #[source]
        source: seal::OpenError,
    },
    /// An object opens, but its ciphertext is not the one it is named by.
    #[error("object {} was replaced by another object", .object.short())]
    ObjectSwapped {
        /// The name under which it was read.
        object: Digest,
    },
    /// A record of that id is there already: records are never overwritten unseen.
    #[error("the {noun} `{id}` exists already")]
    RecordExists {
        /// What it is.
        noun: Noun,
        /// Its id.
        id: String,
    },
    /// A record to be replaced is not there.
    #[error("there is no {noun} `{id}`")]
    RecordMissing {
        /// What it is.
        noun: Noun,
        /// Its id.
        id: String,
    },
    /// A record has another revision than expected.
    #[error("the {noun} `{id}` is at revision {found}, not {expected}")]
    RecordMoved {
        /// What it is.
        noun: Noun,
        /// Its id.
        id: String,
        /// The revision the caller had read.
        expected: u64,
        /// The newest revision.
        found: u64,
    },
    /// An id outside the safe alphabet.
    #[error(
        "the id of a {noun} has 1 to 200 characters out of a-z, 0-9, `-`, `_`, `.`, `/`, `:` and `@`"
    )]
    IdRefused {
        /// What it was to be.
        noun: Noun,
    },
    /// A sealed row does not open at its place: altered, moved or put back to an older state.
    #[error("the {noun} `{id}`, revision {revision}, was altered or moved")]
    RecordDamaged {
        /// What it is.
        noun: Noun,
        /// Its id.
        id: String,
        /// Its revision.
        revision: u64,
    },
    /// A document does not have the shape asked for, or cannot be written as JSON.
    #[error("the {noun} `{id}` does not have the expected shape")]
    RecordShape {
        /// What it is.
        noun: Noun,
        /// Its id.
        id: String,
    },
    /// The dataset has no key.
    #[error("dataset `{dataset}` has no key")]
    KeyMissing {
        /// The dataset.
        dataset: DatasetId,
    },
    /// The dataset has an active key already.
    #[error("dataset `{dataset}` has an active key already")]
    KeyExists {
        /// The dataset.
        dataset: DatasetId,
    },
    /// No key has this id.
    #[error("there is no key `{key}`")]
    KeyUnknown {
        /// The key.
        key: KeyId,
    },
    /// The key was destroyed: what it sealed cannot be read by anybody any more.
    #[error("the key of dataset `{dataset}` was destroyed")]
    KeyDestroyed {
        /// The dataset.
        dataset: DatasetId,
    },
    /// The key may not be used in this way now.
    #[error("the key of dataset `{dataset}` is not used: {source}")]
    KeyUse {
        /// The dataset.
        dataset: DatasetId,
        /// Why.
        source: seal::UseError,
    },
    /// The key cannot get that state.
    #[error("the key of dataset `{dataset}` stays as it is: {source}")]
    KeyTransition {
        /// The dataset.
        dataset: DatasetId,
        /// Why.
        source: seal::TransitionError,
    },
    /// A key was wrapped under a key-encryption key that the keystore does not hold: an older
    /// keystore, or another instance's.
    #[error("key `{key}` is wrapped under `{kek}`, which this keystore does not hold")]
    KekMissing {
        /// The key.
        key: String,
        /// What it is wrapped under.
        kek: KeyId,
    },
    /// The keystore is an older one, or another one of the same age.
    #[error(
        "the keystore is of generation {found}, and the database knows another one of generation {known}"
    )]
    KeystoreRolledBack {
        /// The generation found.
        found: u64,
        /// The generation recorded.
        known: u64,
    },
    /// A key-encryption key may not be used or changed in this way now.
    #[error(transparent)]
    Kek(#[from] seal::UseError),
    /// The key service that keeps the root key did not do what was asked.
    #[error(transparent)]
    Service(#[from] seal::ServiceError),
    /// A wrapped key does not unwrap at its place.
    #[error("key `{key}` was altered or moved")]
    KeyDamaged {
        /// The key.
        key: String,
    },
    /// The file of an object is not there.
    #[error("object {} is missing", .object.short())]
    ObjectMissing {
        /// The digest of its ciphertext.
        object: Digest,
    },
    /// The bytes of an object are not what was written.
    #[error("object {} was altered in segment {segment}, at byte {offset} or after", .object.short())]
    ObjectDamaged {
        /// The digest of its ciphertext.
        object: Digest,
        /// The first damaged segment of 1 MiB, counted from 0.
        segment: u64,
        /// Where that segment begins, in bytes of the ciphertext.
        offset: u64,
    },
    /// The caller's function that writes or reads an object gave up.
    #[error("the content of an object could not be produced")]
    Caller(#[source] io::Error),
    /// The log has fewer entries than the newest signed checkpoint, or than the database knows.
    #[error("the log has {found} entries, but {signed} were signed")]
    LogTruncated {
        /// Entries found.
        found: u64,
        /// Entries that must be there.
        signed: u64,
    },
    /// The log or its checkpoints are not what was signed.
    #[error("the log was altered: {what}")]
    LogAltered {
        /// What does not fit, with the number of the entry where it is known.
        what: String,
    },
    /// The log does not verify; the error names the first bad entry.
    #[error(transparent)]
    Log(#[from] audit::Broken),
    /// The log cannot be exported.
    #[error(transparent)]
    Export(#[from] audit::ExportError),
    /// The log says that a change was saved and the database does not know it.
    #[error("the database does not know the change of log entry {position}")]
    RowsRolledBack {
        /// The entry.
        position: Position,
    },
    /// Rows are not what their transaction saved.
    #[error("the database was altered: {what}")]
    RowsAltered {
        /// What does not fit.
        what: String,
    },
    /// An earlier write failed in a way whose outcome only the next start can tell.
    #[error("writing has stopped after an earlier error on {role}")]
    Fenced {
        /// The file on which it happened.
        role: FileRole,
    },
    /// A write on a store that was opened with [`crate::Store::open_to_verify`].
    #[error("the instance was opened for verification and takes no changes")]
    VerifyOnly,
    /// An event that the log does not take.
    #[error("the event cannot be written to the log: {what}")]
    EntryRefused {
        /// Why.
        what: String,
    },
    /// The change is saved and logged, but the checkpoint over it was not written.
    #[error("the change at log entry {position} is saved, but {role} could not be written")]
    Unconfirmed {
        /// The entry.
        position: Position,
        /// The file that failed.
        role: FileRole,
    },
    /// The schema on the server holds an instance or something else.
    #[error("the schema on the database server holds something already")]
    RowsTaken,
    /// The schema on the server is not there.
    #[error("the schema of this instance is not on the database server")]
    RowsMissing,
    /// The server says "committed" before the medium has it.
    #[error("the database server runs with fsync off: what it commits can be lost")]
    RowsNotDurable,
    /// An address of rows or objects that is not taken.
    #[error("{what}")]
    PlaceRefused {
        /// Why.
        what: &'static str,
    },
    /// The schema must change and nobody said that there is a backup.
    #[error(
        "the database has schema version {found} and must go to {known}: make a backup of it first"
    )]
    BackupFirst {
        /// The version found.
        found: i64,
        /// The newest version known.
        known: i64,
    },
    /// An object that was to be taken away as an orphan is kept.
    #[error("object {} is kept by a saved change and is no orphan", .object.short())]
    ObjectKept {
        /// The digest of its ciphertext.
        object: Digest,
    },
    /// An object that its maker should have encrypted and did not.
    #[error("{role} is no Parquet file with an encrypted footer and was not kept")]
    NotEncrypted {
        /// The file.
        role: FileRole,
    },
    /// The log is shorter than what was shown to others: signing it would show another history.
    #[error(
        "the log has {found} entries, but a checkpoint over {published} was given to others: it is not signed again below that"
    )]
    LogBehind {
        /// Entries found.
        found: u64,
        /// Entries of the newest checkpoint that was given away.
        published: u64,
    },
    /// The log is not the one that was shown to others.
    #[error(
        "the first {size} entries of the log are others than those of the checkpoint that was given to others: the log was forked"
    )]
    LogForked {
        /// How many the checkpoint speaks of.
        size: u64,
    },
    /// An entry that was pruned.
    #[error("entry {entry} of the log was pruned under its rule of retention")]
    LogPruned {
        /// The entry.
        entry: u64,
    },
    /// Entries are gone that no event of the log allows to be gone.
    #[error(
        "the first {minimum} entries are gone, and no entry of the log says that they were pruned"
    )]
    PrunedUnseen {
        /// The first entry that is left.
        minimum: u64,
    },
    /// There is no such entry.
    #[error("the log has {size} entries, so there is no entry {entry}")]
    EntryMissing {
        /// The entry.
        entry: u64,
        /// How many there are.
        size: u64,
    },
    /// A set of persons is not what its event committed to.
    #[error("the set of persons {} beside the log is not the one that its events name", .set.short())]
    PersonsAltered {
        /// Its digest.
        set: Digest,
    },
    /// A checkpoint from outside does not hold.
    #[error(transparent)]
    Checkpoint(audit::CheckpointError),
    /// A second transaction begun on a thread that has one open.
    #[error("a transaction is open already on this thread")]
    TransactionOpen,
}

impl StoreError {
    /// The error of a file: a full disk has its own variant.
    pub(crate) fn file(role: FileRole, source: io::Error) -> Self {
        if source.kind() == io::ErrorKind::StorageFull {
            Self::NoSpace { role }
        } else {
            Self::File { role, source }
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(source: sqlx::Error) -> Self {
        if is_full(&source) {
            Self::NoSpace {
                role: FileRole::Rows,
            }
        } else {
            Self::Rows(source)
        }
    }
}

/// SQLITE_FULL, result code 13; or no room for the shared index of the journal
/// (SQLITE_IOERR_SHMSIZE, 4874), which is how a full disk shows when the database is opened; or
/// PostgreSQL's SQLSTATE `disk_full`.
fn is_full(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code)
        .is_some_and(|code| matches!(&*code, "13" | "4874" | "53100"))
}

impl Explain for StoreError {
    fn code(&self) -> Code {
        match self {
            Self::FolderTaken => codes::FOLDER_TAKEN,
            Self::NoInstance => codes::NO_INSTANCE,
            Self::InUse => codes::IN_USE,
            Self::NoSpace { .. } => codes::NO_SPACE,
            Self::File { .. } => codes::FILE,
            Self::Rows(_) => codes::ROWS,
            Self::SchemaNewer { .. } => codes::SCHEMA_NEWER,
            Self::Keystore(error) => error.code(),
            Self::Log(error) => error.code(),
            Self::Export(error) => error.code(),
            Self::RecordExists { .. } => codes::RECORD_EXISTS,
            Self::RecordMissing { .. } => codes::RECORD_MISSING,
            Self::RecordMoved { .. } => codes::RECORD_MOVED,
            Self::IdRefused { .. } => codes::ID_REFUSED,
            Self::RecordDamaged { .. } => codes::RECORD_DAMAGED,
            Self::RecordShape { .. } => codes::RECORD_SHAPE,
            Self::KeyMissing { .. } | Self::KeyUnknown { .. } => codes::KEY_MISSING,
            Self::KeyExists { .. } => codes::KEY_EXISTS,
            Self::KeyDestroyed { .. } => codes::KEY_DESTROYED,
            Self::KeyDamaged { .. } => codes::KEY_DAMAGED,
            Self::KeyUse { source, .. } => source.code(),
            Self::KeyTransition { source, .. } => source.code(),
            Self::Kek(error) => error.code(),
            Self::Service(error) => error.code(),
            Self::KekMissing { .. } => codes::KEK_MISSING,
            Self::KeystoreRolledBack { .. } => codes::KEYSTORE_ROLLED_BACK,
            Self::ObjectMissing { .. } => codes::OBJECT_MISSING,
            Self::ObjectDamaged { .. } | Self::ObjectSwapped { .. } => codes::OBJECT_DAMAGED,
            Self::Unopened { source, .. } => source.code(),
            Self::Caller(_) => codes::CALLER,
            Self::LogTruncated { .. } => codes::LOG_TRUNCATED,
            Self::LogAltered { .. } => codes::LOG_ALTERED,
            Self::RowsRolledBack { .. } => codes::ROWS_ROLLED_BACK,
            Self::RowsAltered { .. } => codes::ROWS_ALTERED,
            Self::Fenced { .. } => codes::FENCED,
            Self::VerifyOnly => codes::VERIFY_ONLY,
            Self::EntryRefused { .. } => codes::ENTRY_REFUSED,
            Self::Unconfirmed { .. } => codes::UNCONFIRMED,
            Self::LogBehind { .. } => codes::LOG_BEHIND,
            Self::LogForked { .. } => codes::LOG_FORKED,
            Self::LogPruned { .. } => codes::LOG_PRUNED,
            Self::PrunedUnseen { .. } => codes::PRUNED_UNSEEN,
            Self::EntryMissing { .. } => codes::ENTRY_MISSING,
            Self::PersonsAltered { .. } => codes::PERSONS_ALTERED,
            Self::Checkpoint(error) => error.code(),
            Self::TransactionOpen => codes::TRANSACTION_OPEN,
            Self::RowsTaken => codes::ROWS_TAKEN,
            Self::RowsMissing => codes::ROWS_MISSING,
            Self::RowsNotDurable => codes::ROWS_NOT_DURABLE,
            Self::PlaceRefused { .. } => codes::PLACE_REFUSED,
            Self::BackupFirst { .. } => codes::BACKUP_FIRST,
            Self::NotEncrypted { .. } => codes::NOT_ENCRYPTED,
            Self::ObjectKept { .. } => codes::OBJECT_KEPT,
        }
    }

    fn help(&self) -> String {
        match self {
            Self::Keystore(error) => error.help(),
            Self::Log(error) => error.help(),
            Self::Export(error) => error.help(),
            Self::Unopened { source, .. } => source.help(),
            Self::Checkpoint(error) => error.help(),
            Self::KeyUse { source, .. } => source.help(),
            Self::KeyTransition { source, .. } => source.help(),
            Self::Kek(error) => error.help(),
            Self::Service(error) => error.help(),
            other => other.advice().to_owned(),
        }
    }
}

impl StoreError {
    fn advice(&self) -> &'static str {
        match self {
            Self::FolderTaken => {
                "choose another folder with `--home`, or open the instance that is there"
            }
            Self::NoInstance => {
                "make one with `cloister init`, or name another folder with `--home`"
            }
            Self::InUse => "wait until the other process has ended, or end it, and try again",
            Self::NoSpace { .. } => {
                "free some space on the disk and run the same command again; nothing half-written was kept"
            }
            Self::File { .. } => {
                "check that the folder is on a healthy disk and belongs to you, then try again"
            }
            Self::Rows(_) => "check the disk and the rights of the instance folder, then try again",
            Self::SchemaNewer { .. } => "use the newer cloister that wrote this instance",
            Self::RecordExists { .. } => {
                "choose another id, or replace the record knowing its revision"
            }
            Self::RecordMissing { .. } | Self::KeyMissing { .. } | Self::KeyUnknown { .. } => {
                "check the name; what exists is listed by the `list` and `show` verbs"
            }
            Self::RecordMoved { .. } => "read the record again and repeat the change",
            Self::IdRefused { .. } => {
                "choose an id of small letters, digits and dashes; never a person's name"
            }
            Self::RecordShape { .. } => {
                "the record was written by another version of cloister; use that version"
            }
            Self::KeyExists { .. } => "use the key that is there, or destroy it first",
            Self::KeyDestroyed { .. } => {
                "nothing can bring it back; the log holds the record of its destruction"
            }
            Self::Unconfirmed { .. } | Self::Fenced { .. } => {
                "start cloister again: the instance repairs itself when it is opened"
            }
            Self::VerifyOnly => "open the instance normally to change it",
            Self::EntryRefused { .. } => {
                "keep large content in an object and only its digest in the event"
            }
            Self::TransactionOpen => "commit or drop the open transaction first",
            Self::RowsTaken => {
                "name another schema with `--schema`, or open the instance that owns it"
            }
            Self::RowsMissing => {
                "check the address in `places.json`; if the database is gone, restore it from its backup"
            }
            Self::RowsNotDurable => "set `fsync = on` on the server, or use another server",
            Self::PlaceRefused { .. } => "`cloister init --help` shows addresses that are taken",
            Self::BackupFirst { .. } => {
                "run `pg_dump` on the schema, then open the instance once with CLOISTER_ROWS_BACKED_UP=yes"
            }
            Self::ObjectKept { .. } => "nothing is to be done: what is kept stays",
            Self::NotEncrypted { .. } => {
                "report this as a defect of cloister; nothing readable was kept"
            }
            Self::KekMissing { .. } | Self::KeystoreRolledBack { .. } => {
                "put the newest keystore back, or restore keystore and database from one backup"
            }
            Self::RecordDamaged { .. }
            | Self::KeyDamaged { .. }
            | Self::ObjectMissing { .. }
            | Self::ObjectDamaged { .. }
            | Self::ObjectSwapped { .. }
            | Self::Unopened { .. }
            | Self::LogTruncated { .. }
            | Self::LogAltered { .. }
            | Self::RowsRolledBack { .. }
            | Self::PrunedUnseen { .. }
            | Self::LogForked { .. }
            | Self::PersonsAltered { .. }
            | Self::RowsAltered { .. } => {
                "somebody or something changed the files of the instance: keep a copy as evidence, tell the security officer, and restore from a backup"
            }
            Self::LogBehind { .. } => {
                "restore a newer backup; this one may only be read with `cloister audit verify`"
            }
            Self::LogPruned { .. } => {
                "its hash is still there; the entry itself was taken away after its time"
            }
            Self::EntryMissing { .. } => "the newest entries are listed by `cloister audit show`",
            Self::KeyUse { .. }
            | Self::KeyTransition { .. }
            | Self::Kek(_)
            | Self::Service(_)
            | Self::Caller(_)
            | Self::Checkpoint(_)
            | Self::Keystore(_)
            | Self::Log(_)
            | Self::Export(_) => "the cause says what happened",
        }
    }
}
