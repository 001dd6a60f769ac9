//! The stable codes of this room: CL31xx.

use domain::{Code, Exit};

/// The folder already holds something.
pub(crate) const FOLDER_TAKEN: Code = Code::new(3101, Exit::Usage, "the folder is not empty");
/// The folder is no instance.
pub(crate) const NO_INSTANCE: Code = Code::new(3102, Exit::Usage, "there is no instance here");
/// Another process holds the lock.
pub(crate) const IN_USE: Code = Code::new(
    3103,
    Exit::Failed,
    "the instance is in use by another process",
);
/// The disk is full.
pub(crate) const NO_SPACE: Code = Code::new(3104, Exit::Failed, "the disk is full");
/// A file could not be read or written.
pub(crate) const FILE: Code = Code::new(3105, Exit::Failed, "a file could not be read or written");
/// The database gave an error.
pub(crate) const ROWS: Code = Code::new(3106, Exit::Failed, "the database gave an error");
/// The database was written by a newer program.
pub(crate) const SCHEMA_NEWER: Code = Code::new(
    3107,
    Exit::Failed,
    "the instance is newer than this program",
);
/// The record is there already.
pub(crate) const RECORD_EXISTS: Code = Code::new(3108, Exit::Failed, "the record exists already");
/// The record is not there.
pub(crate) const RECORD_MISSING: Code = Code::new(3109, Exit::Failed, "the record does not exist");
/// Somebody else changed the record meanwhile.
pub(crate) const RECORD_MOVED: Code =
    Code::new(3110, Exit::Failed, "the record was changed meanwhile");
/// The id has letters an id must not have.
pub(crate) const ID_REFUSED: Code =
    Code::new(3111, Exit::Usage, "the id is not in the safe alphabet");
/// A sealed row does not open at its place.
pub(crate) const RECORD_DAMAGED: Code =
    Code::new(3112, Exit::Gate, "a sealed record was altered or moved")
        .citing("45 CFR 164.312(c)(1)");
/// A record opens but has another shape.
pub(crate) const RECORD_SHAPE: Code = Code::new(3113, Exit::Failed, "a record has another shape");
/// No key of that name.
pub(crate) const KEY_MISSING: Code = Code::new(3114, Exit::Failed, "there is no such key");
/// The key was destroyed.
pub(crate) const KEY_DESTROYED: Code =
    Code::new(3115, Exit::Refused, "the key was destroyed").citing("NIST SP 800-88r2");
/// A wrapped key does not unwrap at its place.
pub(crate) const KEY_DAMAGED: Code =
    Code::new(3116, Exit::Gate, "a wrapped key was altered or moved")
        .citing("45 CFR 164.312(c)(1)");
/// A kept object's file is gone.
pub(crate) const OBJECT_MISSING: Code =
    Code::new(3117, Exit::Gate, "an object's file is missing").citing("45 CFR 164.312(c)(1)");
/// A kept object's bytes changed.
pub(crate) const OBJECT_DAMAGED: Code =
    Code::new(3118, Exit::Gate, "an object's bytes were altered").citing("45 CFR 164.312(c)(1)");
/// The log is shorter than what was signed.
pub(crate) const LOG_TRUNCATED: Code =
    Code::new(3119, Exit::Gate, "the log was cut short").citing("45 CFR 164.312(b)");
/// The log differs from what was signed.
pub(crate) const LOG_ALTERED: Code =
    Code::new(3120, Exit::Gate, "the log was altered").citing("45 CFR 164.312(b)");
/// The database is older than the log.
pub(crate) const ROWS_ROLLED_BACK: Code =
    Code::new(3121, Exit::Gate, "the database is older than the log")
        .citing("45 CFR 164.312(c)(1)");
/// Writing stopped after an error whose outcome is not known.
pub(crate) const FENCED: Code = Code::new(
    3122,
    Exit::Failed,
    "writing has stopped until the next start",
);
/// Opened for verification only.
pub(crate) const VERIFY_ONLY: Code = Code::new(
    3123,
    Exit::Refused,
    "the instance is open for verification only",
);
/// A log entry is too long.
pub(crate) const ENTRY_REFUSED: Code =
    Code::new(3124, Exit::Failed, "the event cannot be written to the log");
/// Saved, but not confirmed by a checkpoint.
pub(crate) const UNCONFIRMED: Code =
    Code::new(3125, Exit::Failed, "the change is saved but not confirmed");
/// A second transaction on the same thread.
pub(crate) const TRANSACTION_OPEN: Code =
    Code::new(3126, Exit::Failed, "a transaction is open already");
/// Rows differ from what their transaction saved.
pub(crate) const ROWS_ALTERED: Code =
    Code::new(3127, Exit::Gate, "rows were added, removed or altered")
        .citing("45 CFR 164.312(c)(1)");
/// The caller's own writer or reader gave up.
pub(crate) const CALLER: Code = Code::new(
    3128,
    Exit::Failed,
    "the content of an object could not be produced",
);

/// The dataset has a key already.
pub(crate) const KEY_EXISTS: Code = Code::new(3129, Exit::Failed, "the dataset has a key already");
/// Not a folder of backups.
pub(crate) const NOT_A_BACKUP: Code =
    Code::new(3180, Exit::Usage, "the folder is not one of backups");
/// No such set.
pub(crate) const NO_SET: Code = Code::new(3181, Exit::Usage, "there is no such set in the backup");
/// The sets of another instance.
pub(crate) const OTHER_INSTANCE: Code = Code::new(
    3182,
    Exit::Refused,
    "the backup belongs to another instance",
);
/// The instance is older than its backup, or has another history.
pub(crate) const BACKUP_FORKED: Code = Code::new(
    3183,
    Exit::Gate,
    "the instance does not continue the log of its newest backup",
)
.citing("45 CFR 164.312(c)(1)");
/// A file of the backup is not what was written.
pub(crate) const BACKUP_DAMAGED: Code =
    Code::new(3184, Exit::Gate, "the backup is damaged").citing("45 CFR 164.308(a)(7)(ii)(A)");
/// A restore that would sign a second history.
pub(crate) const BELOW_PUBLISHED: Code = Code::new(
    3185,
    Exit::Refused,
    "a newer state of the log was published",
)
.citing("45 CFR 164.312(c)(1)");
/// A checkpoint of somebody else.
pub(crate) const FOREIGN_CHECKPOINT: Code = Code::new(
    3186,
    Exit::Usage,
    "the checkpoint is not one of this instance",
);

/// The schema of the database holds something else.
pub(crate) const ROWS_TAKEN: Code = Code::new(
    3140,
    Exit::Usage,
    "the schema on the database server is taken",
);
/// The schema of the database is not there.
pub(crate) const ROWS_MISSING: Code = Code::new(
    3141,
    Exit::Failed,
    "the schema on the database server is missing",
);
/// The server does not wait for the medium.
pub(crate) const ROWS_NOT_DURABLE: Code = Code::new(
    3142,
    Exit::Refused,
    "the database server does not wait for the medium",
)
.citing("45 CFR 164.308(a)(7)");
/// An address that is not taken.
pub(crate) const PLACE_REFUSED: Code = Code::new(
    3143,
    Exit::Usage,
    "an address of rows or objects is not taken",
);
/// A backup is needed first.
pub(crate) const BACKUP_FIRST: Code = Code::new(
    3144,
    Exit::Refused,
    "the database must be backed up before its schema changes",
)
.citing("45 CFR 164.308(a)(7)(ii)(A)");
/// An object that is kept is no orphan.
pub(crate) const OBJECT_KEPT: Code =
    Code::new(3146, Exit::Refused, "an object that is kept is no orphan");
/// What was to be kept is not encrypted.
pub(crate) const NOT_ENCRYPTED: Code =
    Code::new(3145, Exit::Failed, "what was to be kept is not encrypted")
        .citing("45 CFR 164.312(a)(2)(iv)");

/// The log is shorter than what was published.
pub(crate) const LOG_BEHIND: Code = Code::new(
    3170,
    Exit::Gate,
    "the log is shorter than a checkpoint that others hold",
)
.citing("45 CFR 164.312(c)(1)");
/// An entry was pruned.
pub(crate) const LOG_PRUNED: Code = Code::new(
    3171,
    Exit::Failed,
    "the entry was pruned under its rule of retention",
)
.citing("45 CFR 164.316(b)(2)(i)");
/// Entries are gone without an event that says so.
pub(crate) const PRUNED_UNSEEN: Code = Code::new(
    3172,
    Exit::Gate,
    "entries of the log are gone that were not pruned",
)
.citing("45 CFR 164.316(b)(2)(i)");
/// No entry of that number.
pub(crate) const ENTRY_MISSING: Code = Code::new(3173, Exit::Usage, "there is no such entry");
/// A committed set of persons was changed.
pub(crate) const PERSONS_ALTERED: Code = Code::new(
    3174,
    Exit::Gate,
    "a committed set of persons was altered or is missing",
)
.citing("45 CFR 164.312(c)(1)");

/// The log is not the one that was published.
pub(crate) const LOG_FORKED: Code = Code::new(
    3175,
    Exit::Gate,
    "the log is another than the one that others hold a checkpoint of",
)
.citing("45 CFR 164.312(c)(1)");

/// A key was wrapped under a key-encryption key that this keystore does not hold.
pub(crate) const KEK_MISSING: Code = Code::new(
    3130,
    Exit::Gate,
    "the keystore does not hold the key that a key is wrapped under",
);
/// The keystore is older than the database's record of it.
pub(crate) const KEYSTORE_ROLLED_BACK: Code =
    Code::new(3131, Exit::Gate, "the keystore is not the newest one")
        .citing("45 CFR 164.312(c)(1)");

/// Every code of this room.
pub const CODES: &[Code] = &[
    FOLDER_TAKEN,
    NO_INSTANCE,
    IN_USE,
    NO_SPACE,
    FILE,
    ROWS,
    SCHEMA_NEWER,
    RECORD_EXISTS,
    RECORD_MISSING,
    RECORD_MOVED,
    ID_REFUSED,
    RECORD_DAMAGED,
    RECORD_SHAPE,
    KEY_MISSING,
    KEY_DESTROYED,
    KEY_DAMAGED,
    OBJECT_MISSING,
    OBJECT_DAMAGED,
    LOG_TRUNCATED,
    LOG_ALTERED,
    ROWS_ROLLED_BACK,
    FENCED,
    VERIFY_ONLY,
    ENTRY_REFUSED,
    UNCONFIRMED,
    TRANSACTION_OPEN,
    ROWS_ALTERED,
    CALLER,
    KEY_EXISTS,
    ROWS_TAKEN,
    ROWS_MISSING,
    ROWS_NOT_DURABLE,
    PLACE_REFUSED,
    BACKUP_FIRST,
    NOT_ENCRYPTED,
    OBJECT_KEPT,
    NOT_A_BACKUP,
    NO_SET,
    OTHER_INSTANCE,
    BACKUP_FORKED,
    BACKUP_DAMAGED,
    BELOW_PUBLISHED,
    FOREIGN_CHECKPOINT,
    LOG_BEHIND,
    LOG_PRUNED,
    PRUNED_UNSEEN,
    ENTRY_MISSING,
    PERSONS_ALTERED,
    LOG_FORKED,
    KEK_MISSING,
    KEYSTORE_ROLLED_BACK,
];
