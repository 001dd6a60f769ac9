use domain::{Code, Explain};
use thiserror::Error;

use crate::{Broken, CheckpointError, EventError, ProofError, codes};

/// Why an export cannot be written, or does not hold. Lines are counted from 1; in a FHIR bundle a
/// line is one of its entries.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ExportError {
    /// A line is not what it should be.
    #[error("line {line} is not a line of an exported log")]
    Line {
        /// The line.
        line: u64,
    },
    /// An entry is not an event.
    #[error("entry {index} is not an event")]
    Event {
        /// The entry.
        index: u64,
        /// Why.
        source: EventError,
    },
    /// An event does not hash to what its line says.
    #[error("line {line}: the event is not the one that was logged")]
    Leaf {
        /// The line.
        line: u64,
    },
    /// The fields of the format do not say what the event says.
    #[error("line {line}: the fields shown are not those of the event that was logged")]
    Fields {
        /// The line.
        line: u64,
    },
    /// Lines are missing, added or moved.
    #[error("line {line}: expected entry {expected}")]
    Order {
        /// The line.
        line: u64,
        /// The entry that should stand there.
        expected: u64,
    },
    /// A record of a selection has no proof, or one that does not hold.
    #[error("line {line}: nothing proves that entry {index} stands in the log")]
    Proof {
        /// The line.
        line: u64,
        /// The entry.
        index: u64,
        /// Why.
        source: ProofError,
    },
    /// A record names another log than the checkpoint.
    #[error("line {line}: the record is of another log")]
    OtherLog {
        /// The line.
        line: u64,
    },
    /// The last line is not a checkpoint.
    #[error("the export does not end with a checkpoint")]
    NoCheckpoint,
    /// The checkpoint does not hold.
    #[error("the checkpoint at the end of the export is not valid")]
    Checkpoint {
        /// Why.
        source: CheckpointError,
    },
    /// The events are not those the checkpoint speaks of.
    #[error(transparent)]
    Log(#[from] Broken),
}

impl Explain for ExportError {
    fn code(&self) -> Code {
        match self {
            Self::Line { .. } | Self::NoCheckpoint => codes::EXPORT_FORMAT,
            Self::Event { source, .. } => source.code(),
            Self::Leaf { .. } | Self::Order { .. } => codes::EXPORT_LEAF,
            Self::Fields { .. } => codes::EXPORT_FIELDS,
            Self::Proof { source, .. } => source.code(),
            Self::OtherLog { .. } => codes::OTHER_LOG,
            Self::Checkpoint { source } => source.code(),
            Self::Log(broken) => broken.code(),
        }
    }

    fn help(&self) -> String {
        match self {
            Self::Event { .. } => "verify the log itself first".to_owned(),
            Self::Log(broken) => broken.help(),
            Self::Checkpoint { source } => source.help(),
            _ => "ask for a new export, and compare it with this one".to_owned(),
        }
    }
}
