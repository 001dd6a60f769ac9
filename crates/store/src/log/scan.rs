use std::{
    fs::File,
    io::{Read, Seek, SeekFrom},
};

use audit::{Event, Tree, leaf_hash};
use domain::Digest;
use seal::Keyring;

use super::{
    GROUP,
    frames::{End, Frames},
    notes::{self, Mark},
};
use crate::{FileRole, Position, StoreError, home::Home};

/// What one pass over the files of the log finds.
#[derive(Debug)]
pub(crate) struct Scan {
    /// The tree over all whole entries.
    pub(crate) tree: Tree,
    /// Where every 256th entry begins.
    pub(crate) marks: Vec<u64>,
    /// Bytes of whole entries.
    pub(crate) entries_length: u64,
    /// Bytes of whole checkpoints.
    pub(crate) checkpoints_length: u64,
    /// Bytes after the whole entries: the rest of a write that the process did not finish.
    pub(crate) torn: u64,
    /// Entries that the newest checkpoint covers.
    pub(crate) signed: u64,
    /// The text of the newest checkpoint.
    pub(crate) newest: String,
    /// The newest change that a checkpoint covers: the database must know it.
    pub(crate) newest_change: Option<Change>,
    /// Changes that no checkpoint covers and that are not given up yet: the database decides.
    pub(crate) undecided: Vec<(Change, Event)>,
    /// Why this log must not be continued.
    pub(crate) damage: Option<StoreError>,
}

/// An entry that belongs to a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) position: Position,
    pub(crate) transaction: String,
}

/// What the newest checkpoint says.
#[derive(Clone, Copy, Debug)]
struct Signed {
    size: u64,
    root: Digest,
}

/// Reads the whole log, recomputes its tree and compares it with the newest checkpoint.
pub(crate) fn scan(home: &Home, keyring: &Keyring) -> Result<Scan, StoreError> {
    let mut scan = Scan::empty();
    let signed = scan.read_checkpoints(home, keyring)?;
    scan.signed = signed.size;
    scan.read_entries(home, signed)?;
    Ok(scan)
}

impl Scan {
    fn empty() -> Self {
        Self {
            tree: Tree::new(),
            marks: Vec::new(),
            entries_length: 0,
            checkpoints_length: 0,
            torn: 0,
            signed: 0,
            newest: String::new(),
            newest_change: None,
            undecided: Vec::new(),
            damage: None,
        }
    }

    fn read_checkpoints(&mut self, home: &Home, keyring: &Keyring) -> Result<Signed, StoreError> {
        let tail = CheckpointTail::read(home)?;
        self.checkpoints_length = tail.whole;
        self.newest.clone_from(&tail.newest);
        if let Some((size, root)) = notes::parse(&tail.newest, keyring) {
            return Ok(Signed { size, root });
        }
        self.blame("its newest checkpoint is not signed by this instance");
        Ok(Signed {
            size: 0,
            root: Tree::new().root(),
        })
    }

    fn read_entries(&mut self, home: &Home, signed: Signed) -> Result<(), StoreError> {
        let told = |source| StoreError::file(FileRole::Log, source);
        let file = File::open(home.entries()).map_err(told)?;
        let length = file.metadata().map_err(told)?.len();
        let mut frames = Frames::new(file, 0).map_err(told)?;
        let mut previous = None;
        loop {
            let begin = frames.offset();
            let Some(entry) = frames.entry().map_err(told)? else {
                break;
            };
            self.take(&entry, begin, &mut previous);
            if self.tree.size() == signed.size {
                self.compare(signed);
            }
        }
        self.entries_length = frames.offset();
        self.torn = length.saturating_sub(self.entries_length);
        self.judge_end(frames.end());
        Ok(())
    }

    fn take(&mut self, entry: &[u8], begin: u64, previous: &mut Option<Change>) {
        let position = Position(self.tree.size());
        if position.index().is_multiple_of(GROUP) {
            self.marks.push(begin);
        }
        self.tree.push(leaf_hash(entry));
        match notes::mark(entry) {
            Some(Mark::Plain) => {}
            Some(Mark::Saves(transaction)) => {
                let change = Change {
                    position,
                    transaction,
                };
                self.take_change(entry, change, previous);
            }
            Some(Mark::Abandons(transaction)) => {
                self.undecided
                    .retain(|(change, _)| change.transaction != transaction);
                // A change is given up directly after it was logged, before any other.
                let newest = self.newest_change.as_ref();
                if newest.is_some_and(|change| change.transaction == transaction) {
                    self.newest_change = previous.take();
                }
            }
            None => self.blame(&format!("entry {position} is not an event")),
        }
    }

    fn take_change(&mut self, entry: &[u8], change: Change, previous: &mut Option<Change>) {
        if change.position.index() < self.signed {
            *previous = self.newest_change.replace(change);
            return;
        }
        match notes::decode(entry) {
            Some(event) => self.undecided.push((change, event)),
            None => self.blame(&format!("entry {} is not an event", change.position)),
        }
    }

    fn compare(&mut self, signed: Signed) {
        if self.tree.root() != signed.root {
            self.blame(&format!(
                "the first {} entries are not the ones that were signed",
                signed.size
            ));
        }
    }

    /// A torn end is the trace of a killed process only where no checkpoint covers it.
    fn judge_end(&mut self, end: End) {
        let found = self.tree.size();
        if found >= self.signed {
            return;
        }
        if end == End::Broken {
            self.blame(&format!("entry {found} is not what was written"));
        }
        self.damage.get_or_insert(StoreError::LogTruncated {
            found,
            signed: self.signed,
        });
    }

    fn blame(&mut self, what: &str) {
        self.damage.get_or_insert_with(|| StoreError::LogAltered {
            what: what.to_owned(),
        });
    }
}

/// The end of the file of checkpoints.
struct CheckpointTail {
    /// Bytes of whole notes.
    whole: u64,
    /// The text of the newest one; empty when there is none.
    newest: String,
}

impl CheckpointTail {
    fn read(home: &Home) -> Result<Self, StoreError> {
        let told = |source| StoreError::file(FileRole::Checkpoints, source);
        let mut file = File::open(home.checkpoints()).map_err(told)?;
        let length = file.metadata().map_err(told)?.len();
        let begin = length.saturating_sub(REACH);
        file.seek(SeekFrom::Start(begin)).map_err(told)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(told)?;
        let (newest, whole) = notes::newest(&bytes);
        Ok(Self {
            whole: begin.saturating_add(whole as u64),
            newest,
        })
    }
}

/// How far back the newest checkpoint is searched: hundreds of notes.
const REACH: u64 = 1 << 16;
