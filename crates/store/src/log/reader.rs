//! Reading entries in order, from whichever file holds them.

use std::fs::File;

use audit::Blocks;
use domain::Digest;

use super::{
    Log, Mark,
    cold::{Bundle, Unpacker},
    files::{Files, Raw},
    frames::{End, Frame, Frames},
};
use crate::{FileRole, StoreError, home::Home};

/// What stands next in the log.
#[derive(Debug)]
pub(crate) enum Next<'a> {
    /// An entry with its number and leaf hash.
    Entry(u64, &'a [u8], Digest),
    /// A block of entries that were pruned: its root.
    Pruned(Digest),
}

/// Reads the entries of the log in order.
#[derive(Debug)]
pub(crate) struct Reader {
    files: Files,
    next: u64,
    /// The block that was read last, by its first entry.
    block: Option<u64>,
    bundle: Bundle,
    unpacker: Unpacker,
    frames: Option<Frames>,
    /// The framed file that is being read, by its place in the list.
    raw: usize,
    marks: Vec<Mark>,
}

impl Reader {
    /// Reads from an entry on. A beginning within a pruned block moves to the block's start.
    pub(crate) fn new(home: &Home, marks: &[Mark], from: u64) -> Result<Self, StoreError> {
        Ok(Self {
            files: Files::list(home)?,
            next: from,
            block: None,
            bundle: Bundle::default(),
            unpacker: Unpacker::new()?,
            frames: None,
            raw: 0,
            marks: marks.to_vec(),
        })
    }

    /// Reads from an entry on, of a log that is open.
    pub(crate) fn of(home: &Home, log: &Log, from: u64) -> Result<Self, StoreError> {
        Self::new(home, log.marks(), from)
    }

    /// The number of the next entry.
    pub(crate) const fn position(&self) -> u64 {
        self.next
    }

    /// What stands next; nothing at the end of the files, or at a frame that is cut off.
    pub(crate) fn next(&mut self) -> Result<Option<Next<'_>>, StoreError> {
        if self.next < self.files.cold_end() {
            return self.next_cold().map(Some);
        }
        self.next_raw()
    }

    /// The whole block that begins at the next entry, where it is compressed and was not pruned;
    /// nothing elsewhere.
    pub(crate) fn block(&mut self) -> Result<Option<&Bundle>, StoreError> {
        let first = self.next;
        if !first.is_multiple_of(Blocks::ENTRIES) {
            return Ok(None);
        }
        let Some(cold) = self.files.cold_of(first).filter(|cold| !cold.is_pruned()) else {
            return Ok(None);
        };
        self.block = None;
        cold.unpack(first, &mut self.unpacker, &mut self.bundle)?;
        self.block = Some(first);
        self.next = first + Blocks::ENTRIES;
        Ok(Some(&self.bundle))
    }

    fn next_cold(&mut self) -> Result<Next<'_>, StoreError> {
        let index = self.next;
        let first = index / Blocks::ENTRIES * Blocks::ENTRIES;
        let cold = self.files.cold_of(index).ok_or_else(|| gone(index))?;
        if cold.is_pruned() {
            let at = (first - cold.base()) / Blocks::ENTRIES;
            let root = cold.roots().nth(usize::try_from(at).unwrap_or(usize::MAX));
            self.next = first + Blocks::ENTRIES;
            return root.map(Next::Pruned).ok_or_else(|| gone(index));
        }
        if self.block != Some(first) {
            self.block = None;
            cold.unpack(first, &mut self.unpacker, &mut self.bundle)?;
            self.block = Some(first);
        }
        self.next += 1;
        let at = usize::try_from(index - first).unwrap_or(usize::MAX);
        let leaf = self.bundle.leaves().get(at).copied();
        let entry = self.bundle.entry(at);
        match (entry, leaf) {
            (Some(entry), Some(leaf)) => Ok(Next::Entry(index, entry, leaf)),
            _ => Err(gone(index)),
        }
    }

    fn next_raw(&mut self) -> Result<Option<Next<'_>>, StoreError> {
        let index = self.next;
        if !self.advance_raw(Frames::advance)? {
            return Ok(None);
        }
        Ok(match self.frames.as_ref().and_then(Frames::current) {
            Some(Frame::Entry(entry, leaf)) => Some(Next::Entry(index, entry, leaf)),
            _ => None,
        })
    }

    /// The next entry of the framed part with its number, not compared with its check: opening the
    /// log did that.
    pub(crate) fn skim(&mut self) -> Result<Option<(u64, &[u8])>, StoreError> {
        let index = self.next;
        if !self.advance_raw(Frames::skim)? {
            return Ok(None);
        }
        Ok(match self.frames.as_ref().and_then(Frames::current) {
            Some(Frame::Skimmed(entry)) => Some((index, entry)),
            _ => None,
        })
    }

    /// Goes on to the next entry, over checkpoints and into the next file.
    fn advance_raw(
        &mut self,
        step: fn(&mut Frames) -> std::io::Result<bool>,
    ) -> Result<bool, StoreError> {
        let told = |source| StoreError::file(FileRole::Log, source);
        if self.frames.is_none() && !self.open_raw()? {
            return Ok(false);
        }
        while let Some(frames) = self.frames.as_mut() {
            if step(frames).map_err(told)? {
                if !matches!(frames.current(), Some(Frame::Note(_))) {
                    self.next += 1;
                    return Ok(true);
                }
                continue;
            }
            match frames.end() {
                End::Broken => {
                    return Err(StoreError::LogAltered {
                        what: format!("entry {} is not what was written", self.next),
                    });
                }
                End::Incomplete => return Ok(false),
                End::Clean => {
                    self.raw += 1;
                    if !self.open_next_raw()? {
                        return Ok(false);
                    }
                }
            }
        }
        Ok(false)
    }

    /// Opens the framed file that holds the next entry, at the entry.
    fn open_raw(&mut self) -> Result<bool, StoreError> {
        let after = self.files.raw.partition_point(|raw| raw.base <= self.next);
        let Some(at) = after.checked_sub(1) else {
            return Ok(false);
        };
        self.raw = at;
        self.open_at()
    }

    fn open_next_raw(&mut self) -> Result<bool, StoreError> {
        match self.files.raw.get(self.raw) {
            Some(raw) if raw.base != self.next => Err(gone(self.next)),
            Some(_) => self.open_at(),
            None => Ok(false),
        }
    }

    fn open_at(&mut self) -> Result<bool, StoreError> {
        let told = |source| StoreError::file(FileRole::Log, source);
        let Some(raw) = self.files.raw.get(self.raw) else {
            return Ok(false);
        };
        let (mut index, offset) = self.mark(raw);
        let file = File::open(&raw.path).map_err(told)?;
        let mut frames = Frames::new(file, offset).map_err(told)?;
        while index < self.next {
            match frames.read().map_err(told)? {
                Some(Frame::Entry(..) | Frame::Skimmed(_)) => index += 1,
                Some(Frame::Note(_)) => {}
                None => break,
            }
        }
        self.frames = Some(frames);
        Ok(index == self.next)
    }

    /// The last mark of this file at or before the next entry.
    fn mark(&self, raw: &Raw) -> (u64, u64) {
        let after = self.marks.partition_point(|mark| mark.index <= self.next);
        let before = self.marks.get(..after).unwrap_or_default().iter().rev();
        let mut of_file = before.filter(|mark| mark.base == raw.base);
        of_file
            .next()
            .map_or((raw.base, 0), |mark| (mark.index, mark.offset))
    }
}

fn gone(index: u64) -> StoreError {
    StoreError::LogAltered {
        what: format!("entry {index} is in none of its files"),
    }
}
