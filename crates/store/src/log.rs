//! The log: an append-only file of framed entries and an append-only file of signed checkpoints.

pub(crate) mod frames;
pub(crate) mod notes;
pub(crate) mod scan;

use std::{
    fs::{File, OpenOptions},
    io,
    path::Path,
    sync::Arc,
};

use audit::{Tree, leaf_hash};
use seal::Keyring;

pub(crate) use scan::{Scan, scan};

use crate::{FileRole, Position, StoreError, disk::Disk, fence::Fence, home::Home};
use frames::{LONGEST_ENTRY, frame};

/// The two files of the log, open for appending, and the tree over the entries.
#[derive(Debug)]
pub(crate) struct Log {
    disk: Arc<dyn Disk>,
    fence: Arc<Fence>,
    entries: Tail,
    checkpoints: Tail,
    tree: Tree,
    /// Where every 256th entry begins, in bytes.
    marks: Vec<u64>,
    /// Entries that the newest checkpoint covers.
    confirmed: u64,
    /// The text of the newest checkpoint.
    newest: String,
}

/// A file and its length as far as it is known to be good.
#[derive(Debug)]
struct Tail {
    file: File,
    length: u64,
    role: FileRole,
}

impl Log {
    /// Takes up the files where a scan found them to be good; cuts what is torn.
    pub(crate) fn take_up(
        home: &Home,
        disk: Arc<dyn Disk>,
        fence: Arc<Fence>,
        scan: Scan,
    ) -> Result<Self, StoreError> {
        let log = Self {
            entries: Tail::open(&home.entries(), scan.entries_length, FileRole::Log)?,
            checkpoints: Tail::open(
                &home.checkpoints(),
                scan.checkpoints_length,
                FileRole::Checkpoints,
            )?,
            disk,
            fence,
            tree: scan.tree,
            marks: scan.marks,
            confirmed: scan.signed,
            newest: scan.newest,
        };
        if log.fence.check().is_ok() {
            log.cut_torn(&log.entries)?;
            log.cut_torn(&log.checkpoints)?;
        }
        Ok(log)
    }

    /// The number that the next entry gets.
    pub(crate) fn next(&self) -> Position {
        Position(self.tree.size())
    }

    /// The text of the newest checkpoint.
    pub(crate) fn newest_checkpoint(&self) -> &str {
        &self.newest
    }

    /// Whether the newest checkpoint covers all entries.
    pub(crate) fn is_confirmed(&self) -> bool {
        self.confirmed == self.tree.size()
    }

    /// Appends entries and waits until they are on the medium: one wait for all of them. On error
    /// none of them is there, or writing has stopped.
    pub(crate) fn append(&mut self, entries: &[Vec<u8>]) -> Result<Position, StoreError> {
        self.fence.check()?;
        let first = self.next();
        let (buffer, marks) = self.framed(entries)?;
        self.put(&self.entries, &buffer)?;
        self.entries.grow(buffer.len());
        self.marks.extend(marks);
        for entry in entries {
            self.tree.push(leaf_hash(entry));
        }
        Ok(first)
    }

    /// Signs a checkpoint over all entries and waits until it is on the medium.
    pub(crate) fn confirm(&mut self, keyring: &Keyring) -> Result<(), StoreError> {
        self.fence.check()?;
        let note = notes::sign(&self.tree, keyring)?;
        let line = notes::line(&note);
        self.put(&self.checkpoints, line.as_bytes())
            .inspect_err(|_| self.fence.stop(FileRole::Checkpoints))?;
        self.checkpoints.grow(line.len());
        self.newest = note;
        self.confirmed = self.tree.size();
        Ok(())
    }

    /// Where reading must start to come to an entry: the byte and the number of the entry there.
    pub(crate) fn mark_before(&self, index: u64) -> (u64, u64) {
        let group = usize::try_from(index / GROUP).unwrap_or(usize::MAX);
        match self.marks.get(group) {
            Some(&offset) => (offset, group as u64 * GROUP),
            None => (self.entries.length, self.tree.size()),
        }
    }

    fn framed(&self, entries: &[Vec<u8>]) -> Result<(Vec<u8>, Vec<u64>), StoreError> {
        let mut buffer = Vec::new();
        let mut marks = Vec::new();
        for (number, entry) in entries.iter().enumerate() {
            if (self.tree.size() + number as u64).is_multiple_of(GROUP) {
                marks.push(self.entries.length + buffer.len() as u64);
            }
            if !frame(entry, &mut buffer) {
                return Err(StoreError::EntryRefused {
                    what: format!("it is empty or longer than {LONGEST_ENTRY} bytes"),
                });
            }
        }
        Ok((buffer, marks))
    }

    /// Writes at the end of a file and syncs it. A write that fails is taken back; a sync that
    /// fails stops all writing.
    fn put(&self, tail: &Tail, bytes: &[u8]) -> Result<(), StoreError> {
        let told = |source: io::Error| StoreError::file(tail.role, source);
        if let Err(source) = self.disk.write_all(&tail.file, bytes) {
            self.take_back(tail);
            return Err(told(source));
        }
        self.disk.sync(&tail.file).map_err(|source| {
            self.fence.stop(tail.role);
            told(source)
        })
    }

    fn take_back(&self, tail: &Tail) {
        let cut = self.disk.cut(&tail.file, tail.length);
        if cut.and_then(|()| self.disk.sync(&tail.file)).is_err() {
            self.fence.stop(tail.role);
        }
    }

    fn cut_torn(&self, tail: &Tail) -> Result<(), StoreError> {
        let told = |source: io::Error| StoreError::file(tail.role, source);
        if tail.file.metadata().map_err(told)?.len() == tail.length {
            return Ok(());
        }
        self.disk.cut(&tail.file, tail.length).map_err(told)?;
        self.disk.sync(&tail.file).map_err(told)
    }
}

impl Tail {
    fn open(path: &Path, length: u64, role: FileRole) -> Result<Self, StoreError> {
        let file = OpenOptions::new()
            .read(true)
            .append(true)
            .open(path)
            .map_err(|source| StoreError::file(role, source))?;
        Ok(Self { file, length, role })
    }

    fn grow(&mut self, bytes: usize) {
        self.length = self.length.saturating_add(bytes as u64);
    }
}

/// Entries between two marks.
pub(crate) const GROUP: u64 = 256;
