//! Why a sealed object or record does not open.

use std::io;

use domain::{Code, Explain};
use thiserror::Error;

use crate::codes;

/// Why sealed bytes do not open.
///
/// Authentication cannot tell a changed byte from a wrong key or context; a wrong key shows in the
/// first segment, a changed byte in its own.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum OpenError {
    /// The first byte is not one of ours.
    #[error("these bytes are not a sealed object of a version this program knows")]
    Format,
    /// Shorter than the shortest sealed object.
    #[error("the sealed object ends after {length} bytes, within its header")]
    Header {
        /// Bytes there are.
        length: u64,
    },
    /// A small record does not open.
    #[error("the sealed record does not open: it was changed, or belongs to another key or place")]
    Record,
    /// A segment of a stream does not open.
    #[error(
        "segment {segment} of the sealed object (bytes {offset} to {}) does not open: it was \
         changed or moved, or belongs to another key or place", offset + length
    )]
    Segment {
        /// Number of the segment, from 0.
        segment: u64,
        /// Where the segment starts in the sealed object, in bytes.
        offset: u64,
        /// Length of the segment in bytes.
        length: u64,
    },
    /// The stream ends after a whole segment that is not its last, or within a tag.
    #[error("the sealed object is cut off in or after segment {segment}, at byte {offset}")]
    Cut {
        /// Number of the last segment there is, from 0.
        segment: u64,
        /// Length of what is left, in bytes.
        offset: u64,
    },
    /// Bytes follow the last segment.
    #[error("bytes were added to the sealed object after its last segment, at byte {offset}")]
    Trailing {
        /// Number of the last segment, from 0.
        segment: u64,
        /// Where the added bytes start.
        offset: u64,
    },
}

impl OpenError {
    /// The reason inside an I/O error of [`crate::OpenReader`], if it is one of ours.
    pub fn within(error: &io::Error) -> Option<&Self> {
        error.get_ref()?.downcast_ref()
    }
}

impl From<OpenError> for io::Error {
    fn from(error: OpenError) -> Self {
        Self::new(io::ErrorKind::InvalidData, error)
    }
}

impl Explain for OpenError {
    fn code(&self) -> Code {
        match self {
            Self::Format | Self::Header { .. } => codes::FORMAT,
            Self::Record => codes::RECORD,
            Self::Segment { .. } => codes::SEGMENT,
            Self::Cut { .. } => codes::CUT,
            Self::Trailing { .. } => codes::TRAILING,
        }
    }

    fn help(&self) -> String {
        match self {
            Self::Format => "check that the file is the sealed object itself",
            Self::Header { .. } | Self::Cut { .. } => {
                "restore the object from a backup: its end is missing"
            }
            Self::Record | Self::Segment { .. } | Self::Trailing { .. } => {
                "restore the object from a backup and find out who could write to the store"
            }
        }
        .to_owned()
    }
}
