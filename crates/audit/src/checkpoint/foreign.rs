use domain::Digest;

use crate::{CheckpointError, Note, note::is_name, tlog_proof::hash};

/// What another log's checkpoint says. Extension lines may follow; a cosignature covers them as
/// they stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignCheckpoint {
    origin: String,
    size: u64,
    root: Digest,
}

impl ForeignCheckpoint {
    /// Reads the body of a note; no signature is checked.
    pub fn read(note: &Note<'_>) -> Result<Self, CheckpointError> {
        read(note.body()).ok_or(CheckpointError::Format)
    }

    /// The name of the log.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// How many entries the log has.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The root of the tree over them.
    pub const fn root(&self) -> Digest {
        self.root
    }
}

fn read(body: &str) -> Option<ForeignCheckpoint> {
    let mut lines = body.lines();
    let (origin, number, root) = (lines.next()?, lines.next()?, lines.next()?);
    let size: u64 = number.parse().ok()?;
    let whole = is_name(origin) && size.to_string() == number && lines.all(|line| !line.is_empty());
    whole.then_some(ForeignCheckpoint {
        origin: origin.to_owned(),
        size,
        root: hash(root)?,
    })
}
