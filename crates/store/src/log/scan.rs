use std::{
    collections::BTreeSet,
    fs::File,
    io::{Read, Seek, SeekFrom},
};

use audit::{Blocks, Event};
use domain::Digest;
use seal::Keyring;

use super::{
    Mark,
    files::Files,
    frames::{End, Frame, Frames},
    notes::{self, Mark as Meaning},
    published,
};
use crate::{FileRole, Position, StoreError, home::Home};

/// What one pass over the files of the log finds.
#[derive(Debug)]
pub(crate) struct Scan {
    /// The tree over all whole entries.
    pub(crate) blocks: Blocks,
    /// Where every 256th entry begins.
    pub(crate) marks: Vec<Mark>,
    /// The number of the first entry of the newest framed file.
    pub(crate) base: u64,
    /// Bytes of whole frames in the newest framed file.
    pub(crate) entries_length: u64,
    /// Bytes of whole checkpoints.
    pub(crate) checkpoints_length: u64,
    /// Bytes after the whole frames: the rest of a write that the process did not finish.
    pub(crate) torn: u64,
    /// Entries that the newest checkpoint covers.
    pub(crate) signed: u64,
    /// The text of the newest checkpoint.
    pub(crate) newest: String,
    /// Checkpoints that stand among the entries and not in their own file.
    pub(crate) missing: Vec<String>,
    /// The size of the newest checkpoint that was given to somebody else.
    pub(crate) published: u64,
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

/// What the pass remembers on its way.
#[derive(Debug, Default)]
struct Pass {
    /// The changes before the newest one that a checkpoint covers, oldest first.
    covered: Vec<Change>,
    /// Changes that were given up.
    abandoned: BTreeSet<String>,
    /// The newest checkpoint among the entries, with the tree where it stands.
    note: Option<(String, u64, Digest)>,
}

/// Reads the framed part of the log, recomputes its tree over the roots of the compressed part,
/// and compares it with the newest checkpoint.
pub(crate) fn scan(home: &Home, keyring: &Keyring) -> Result<Scan, StoreError> {
    let mut scan = Scan::empty();
    let signed = scan.read_checkpoints(home, keyring)?;
    scan.signed = signed.size;
    let (files, damage) = Files::list_whole(home)?;
    scan.damage = scan.damage.take().or(damage);
    for root in files.cold.iter().flat_map(super::cold::Cold::roots) {
        if !scan.blocks.push_block(root) {
            scan.blame("its compressed files do not follow each other");
        }
        scan.compare_at(signed);
    }
    let mut pass = Pass::default();
    scan.read_entries(&files, signed, &mut pass)?;
    scan.settle(keyring, &mut pass);
    scan.newest_change = pass.covered.pop();
    if scan.newest_change.is_none() && scan.damage.is_none() {
        scan.newest_change = change_in_cold(&files, &pass.abandoned)?;
    }
    scan.compare_published(home, keyring)?;
    Ok(scan)
}

impl Scan {
    fn empty() -> Self {
        Self {
            blocks: Blocks::new(),
            marks: Vec::new(),
            base: 0,
            entries_length: 0,
            checkpoints_length: 0,
            torn: 0,
            signed: 0,
            newest: String::new(),
            missing: Vec::new(),
            published: 0,
            newest_change: None,
            undecided: Vec::new(),
            damage: None,
        }
    }

    /// How many whole entries there are.
    pub(crate) fn size(&self) -> u64 {
        self.blocks.size()
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
            root: audit::Tree::new().root(),
        })
    }

    fn read_entries(
        &mut self,
        files: &Files,
        signed: Signed,
        pass: &mut Pass,
    ) -> Result<(), StoreError> {
        let told = |source| StoreError::file(FileRole::Log, source);
        let mut end = End::Clean;
        for raw in &files.raw {
            if end != End::Clean {
                self.blame("a file of entries is cut off before the newest one");
                break;
            }
            let file = File::open(&raw.path).map_err(told)?;
            let length = file.metadata().map_err(told)?.len();
            let mut frames = Frames::new(file, 0).map_err(told)?;
            let mut index = raw.base;
            if index > self.size() {
                self.blame(&format!("entry {} is in none of its files", self.size()));
                break;
            }
            loop {
                let begin = frames.offset();
                match frames.read().map_err(told)? {
                    Some(Frame::Entry(entry, leaf)) => {
                        let mark = Mark {
                            index,
                            base: raw.base,
                            offset: begin,
                        };
                        self.take(entry, leaf, mark, pass);
                        index += 1;
                        self.compare_at(signed);
                    }
                    Some(Frame::Note(note)) => self.take_note(note, signed, pass),
                    Some(Frame::Skimmed(_)) | None => break,
                }
            }
            end = frames.end();
            self.base = raw.base;
            self.entries_length = frames.offset();
            self.torn = length.saturating_sub(frames.offset());
        }
        if files.raw.is_empty() {
            self.blame("its files of entries are missing");
        }
        self.judge_end(end);
        Ok(())
    }

    fn take(&mut self, entry: &[u8], leaf: Digest, mark: Mark, pass: &mut Pass) {
        if mark.index.is_multiple_of(Blocks::ENTRIES) {
            self.marks.push(mark);
        }
        // Entries that are compressed already stand in the last framed file a while longer.
        if mark.index < self.size() {
            return;
        }
        let position = Position(mark.index);
        self.blocks.push(leaf);
        match notes::mark(entry) {
            Some(Meaning::Plain) => {}
            Some(Meaning::Saves(transaction)) => {
                let change = Change {
                    position,
                    transaction,
                };
                self.take_change(entry, change, pass);
            }
            Some(Meaning::Abandons(transaction)) => {
                self.undecided
                    .retain(|(change, _)| change.transaction != transaction);
                pass.covered
                    .retain(|change| change.transaction != transaction);
                pass.abandoned.insert(transaction);
            }
            None => self.blame(&format!("entry {position} is not an event")),
        }
    }

    fn take_change(&mut self, entry: &[u8], change: Change, pass: &mut Pass) {
        if change.position.index() < self.signed {
            pass.cover(change);
            return;
        }
        match notes::decode(entry) {
            Some(event) => self.undecided.push((change, event)),
            None => self.blame(&format!("entry {} is not an event", change.position)),
        }
    }

    /// A checkpoint among the entries; those that its own file lost are kept.
    fn take_note(&mut self, note: &[u8], signed: Signed, pass: &mut Pass) {
        let size = self.size();
        let note = String::from_utf8_lossy(note).into_owned();
        if size > signed.size && self.damage.is_none() {
            self.missing.push(note.clone());
        }
        pass.note = Some((note, size, self.blocks.tree().root()));
    }

    /// The newest checkpoint may stand among the entries only.
    fn settle(&mut self, keyring: &Keyring, pass: &mut Pass) {
        let Some((note, size, root)) = pass.note.take() else {
            return;
        };
        match notes::parse(&note, keyring) {
            Some((signed, over)) if signed == size && over == root => {}
            _ => {
                self.blame("a checkpoint among the entries is not about them");
                return;
            }
        }
        if size <= self.signed {
            return;
        }
        self.signed = size;
        self.newest = note;
        let undecided = std::mem::take(&mut self.undecided);
        for (change, event) in undecided {
            if change.position.index() < size {
                pass.cover(change);
            } else {
                self.undecided.push((change, event));
            }
        }
    }

    fn compare_at(&mut self, signed: Signed) {
        if self.size() == signed.size && self.blocks.tree().root() != signed.root {
            self.blame(&format!(
                "the first {} entries are not the ones that were signed",
                signed.size
            ));
        }
    }

    /// A torn end is the trace of a killed process only where no checkpoint covers it.
    fn judge_end(&mut self, end: End) {
        let found = self.size();
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

    /// A log that is shorter than what was shown to others must not be signed again.
    fn compare_published(&mut self, home: &Home, keyring: &Keyring) -> Result<(), StoreError> {
        let size = match published::read(home, keyring) {
            Ok(None) => return Ok(()),
            Ok(Some((size, _))) => size,
            Err(damage @ StoreError::LogAltered { .. }) => {
                self.damage.get_or_insert(damage);
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        self.published = size;
        if size > self.size() {
            self.damage.get_or_insert(StoreError::LogBehind {
                found: self.size(),
                published: size,
            });
        }
        Ok(())
    }

    fn blame(&mut self, what: &str) {
        self.damage.get_or_insert_with(|| StoreError::LogAltered {
            what: what.to_owned(),
        });
    }
}

impl Pass {
    /// A change is given up directly after it was logged, before any other: two are enough.
    fn cover(&mut self, change: Change) {
        if self.covered.len() > 1 {
            self.covered.remove(0);
        }
        self.covered.push(change);
    }
}

/// The newest change of the compressed part that was not given up: read from its end, every block
/// compared with its root.
fn change_in_cold(
    files: &Files,
    abandoned: &BTreeSet<String>,
) -> Result<Option<Change>, StoreError> {
    let mut abandoned = abandoned.clone();
    for cold in files.cold.iter().rev().filter(|cold| !cold.is_pruned()) {
        let mut end = cold.end();
        while end > cold.base() {
            let first = end - Blocks::ENTRIES;
            let bundle = cold.bundle(first)?;
            for at in (0..256_u16).rev() {
                let index = first + u64::from(at);
                match bundle.entry(at.into()).and_then(notes::mark) {
                    Some(Meaning::Abandons(transaction)) => drop(abandoned.insert(transaction)),
                    Some(Meaning::Saves(transaction)) if !abandoned.contains(&transaction) => {
                        return Ok(Some(Change {
                            position: Position(index),
                            transaction,
                        }));
                    }
                    _ => {}
                }
            }
            end = first;
        }
    }
    Ok(None)
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
