//! The log as a text that anybody can check offline.
//!
//! NDJSON: one line per entry with its index, its leaf hash and the event, then one line with the
//! newest checkpoint. A reader who takes single lines keeps index and hash, so that a missing or
//! moved line shows.

use domain::{Code, Digest, Explain};
use seal::PublicKey;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    Broken, Checkpoint, CheckpointError, Event, EventError, Tree, Verified, codes, leaf_hash,
};

/// Why an export cannot be written, or does not hold. Lines are counted from 1.
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
    /// Lines are missing, added or moved.
    #[error("line {line}: expected entry {expected}")]
    Order {
        /// The line.
        line: u64,
        /// The entry that should stand there.
        expected: u64,
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

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryLine {
    index: u64,
    leaf: Digest,
    event: Event,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckpointLine {
    checkpoint: String,
}

/// Writes entries, as [`Event::encode`] made them, and the text of the newest checkpoint.
///
/// An entry that is not an event is refused; whether the checkpoint fits is for
/// [`verify_export`] to say.
pub fn export<B: AsRef<[u8]>>(
    entries: impl IntoIterator<Item = B>,
    checkpoint: &str,
) -> Result<String, ExportError> {
    let mut text = String::new();
    for (index, entry) in (0..).zip(entries) {
        let event =
            Event::decode(entry.as_ref()).map_err(|source| ExportError::Event { index, source })?;
        let leaf = leaf_hash(entry.as_ref());
        push_line(&mut text, &EntryLine { index, leaf, event });
    }
    let checkpoint = checkpoint.to_owned();
    push_line(&mut text, &CheckpointLine { checkpoint });
    Ok(text)
}

/// Checks an export with nothing but the public key of the log's checkpoints.
///
/// The JSON may have been written anew by other tools: spaces and the order of fields do not
/// count.
///
/// # Guarantee
/// Success means that the export holds every event of the log up to the checkpoint in it, as it
/// was logged. It cannot show that the log did not go on after it.
pub fn verify_export(text: &str, key: &PublicKey) -> Result<Verified, ExportError> {
    let (entries, last) = split(text)?;
    let last: CheckpointLine = serde_json::from_str(last).map_err(|_| ExportError::NoCheckpoint)?;
    let checkpoint = Checkpoint::parse_and_verify(&last.checkpoint, key)
        .map_err(|source| ExportError::Checkpoint { source })?;
    let mut tree = Tree::new();
    for (line, entry) in (1..).zip(entries.lines()) {
        tree.push(checked_leaf(line, entry, tree.size())?);
    }
    conclude(&tree, &checkpoint)
}

impl Explain for ExportError {
    fn code(&self) -> Code {
        match self {
            Self::Line { .. } | Self::NoCheckpoint => codes::EXPORT_FORMAT,
            Self::Event { source, .. } => source.code(),
            Self::Leaf { .. } | Self::Order { .. } => codes::EXPORT_LEAF,
            Self::Checkpoint { source } => source.code(),
            Self::Log(broken) => broken.code(),
        }
    }

    fn help(&self) -> String {
        match self {
            Self::Event { .. } => "verify the log itself first".to_owned(),
            Self::Log(broken) => broken.help(),
            Self::Checkpoint { source } => source.help(),
            Self::Line { .. } | Self::Leaf { .. } | Self::Order { .. } | Self::NoCheckpoint => {
                "ask for a new export, and compare it with this one".to_owned()
            }
        }
    }
}

#[expect(clippy::expect_used, reason = "events and texts are always JSON")]
fn push_line(text: &mut String, line: &impl Serialize) {
    text.push_str(&serde_json::to_string(line).expect("a line is JSON"));
    text.push('\n');
}

/// The lines of the entries, and the last line.
fn split(text: &str) -> Result<(&str, &str), ExportError> {
    let text = text.strip_suffix('\n').unwrap_or(text);
    match text.rsplit_once('\n') {
        Some(parts) => Ok(parts),
        None if text.is_empty() => Err(ExportError::NoCheckpoint),
        None => Ok(("", text)),
    }
}

fn checked_leaf(line: u64, text: &str, expected: u64) -> Result<Digest, ExportError> {
    let entry: EntryLine = serde_json::from_str(text).map_err(|_| ExportError::Line { line })?;
    if entry.index != expected {
        return Err(ExportError::Order { line, expected });
    }
    let leaf = leaf_hash(entry.event.encode().as_bytes());
    if leaf == entry.leaf {
        Ok(leaf)
    } else {
        Err(ExportError::Leaf { line })
    }
}

fn conclude(tree: &Tree, checkpoint: &Checkpoint) -> Result<Verified, ExportError> {
    let (entries, signed) = (tree.size(), checkpoint.size());
    if entries < signed {
        return Err(Broken::Missing { entries, signed }.into());
    }
    if entries > signed {
        return Err(Broken::Unsigned { first: signed }.into());
    }
    if tree.root() != checkpoint.root() {
        let last = signed.saturating_sub(1);
        return Err(Broken::Changed { first: 0, last }.into());
    }
    Ok(Verified {
        origin: checkpoint.origin().to_owned(),
        size: signed,
        root: checkpoint.root(),
        checkpoints: 1,
    })
}

#[cfg(test)]
mod tests;
