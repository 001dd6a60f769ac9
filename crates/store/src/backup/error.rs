use std::io;

use domain::{Code, Explain};
use thiserror::Error;

use crate::{FileRole, StoreError, codes};

/// Why a backup was not taken, checked, purged or restored.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum BackupError {
    /// A folder that holds something else.
    #[error("the folder holds something that is not a backup of a version this program knows")]
    NotABackup,
    /// There is no set, or not the one that was asked for.
    #[error("there is no such set in the backup folder")]
    NoSet,
    /// The folder has the sets of another instance.
    #[error("the backup folder belongs to another instance")]
    OtherInstance,
    /// The instance is not a continuation of its newest set: it was put back, or went another way.
    #[error("the newest set has {kept} log entries that this instance does not have in this form")]
    Forked {
        /// Entries of the newest set.
        kept: u64,
    },
    /// A file of the backup is missing or not what was written.
    #[error("the backup is damaged: {what}")]
    Damaged {
        /// Which file, and what does not fit.
        what: String,
    },
    /// The passphrase does not open the keystore of the set.
    #[error(transparent)]
    Keystore(#[from] seal::KeyringError),
    /// A checkpoint is known that is newer than the set, or contradicts it.
    #[error(
        "the log of the set has {size} entries, and a checkpoint over {published} was published"
    )]
    BelowPublished {
        /// Entries of the set.
        size: u64,
        /// Entries of the published checkpoint.
        published: u64,
    },
    /// The checkpoint that is to be compared with is not one of this instance.
    #[error("the checkpoint to compare with is not signed by this instance")]
    ForeignCheckpoint,
    /// The instance, or the new one, gave an error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl BackupError {
    /// The error of a file of the backup; a full disk has its own code.
    pub(super) fn file(source: io::Error) -> Self {
        Self::Store(StoreError::file(FileRole::Backup, source))
    }

    pub(super) fn damaged(what: impl Into<String>) -> Self {
        Self::Damaged { what: what.into() }
    }
}

impl Explain for BackupError {
    fn code(&self) -> Code {
        match self {
            Self::NotABackup => codes::NOT_A_BACKUP,
            Self::NoSet => codes::NO_SET,
            Self::OtherInstance => codes::OTHER_INSTANCE,
            Self::Forked { .. } => codes::BACKUP_FORKED,
            Self::Damaged { .. } => codes::BACKUP_DAMAGED,
            Self::Keystore(error) => error.code(),
            Self::BelowPublished { .. } => codes::BELOW_PUBLISHED,
            Self::ForeignCheckpoint => codes::FOREIGN_CHECKPOINT,
            Self::Store(error) => error.code(),
        }
    }

    fn help(&self) -> String {
        match self {
            Self::NotABackup => "name an empty folder, or one that `cloister backup` wrote".into(),
            Self::NoSet => "see `cloister backup list DIR` for what is there".into(),
            Self::OtherInstance => "use a folder of its own for each instance".into(),
            Self::Forked { .. } => {
                "find out which history is the true one before anything is written: verify both, \
                 then back up into a new folder"
                    .into()
            }
            Self::Damaged { .. } => {
                "restore an earlier set, or one from another copy of the folder; \
                 `cloister backup verify DIR` says which sets are whole"
                    .into()
            }
            Self::Keystore(seal::KeyringError::WrongPassphrase) => {
                "use the passphrase that the instance had when the set was taken".into()
            }
            Self::Keystore(error) => error.help(),
            Self::BelowPublished { .. } => {
                "restore a newer set: continuing this one would sign a second history. \
                 `--read-only` restores it for reading"
                    .into()
            }
            Self::ForeignCheckpoint => {
                "give a checkpoint of the same instance, from an export or a witness".into()
            }
            Self::Store(error) => error.help(),
        }
    }
}
