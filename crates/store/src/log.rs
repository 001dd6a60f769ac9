//! The log: framed files of entries with their checkpoints, compressed files of the older entries,
//! and a file of signed checkpoints that follows from them.

pub(crate) mod cold;
pub(crate) mod files;
pub(crate) mod frames;
pub(crate) mod group;
pub(crate) mod notes;
pub(crate) mod pack;
pub(crate) mod persons;
pub(crate) mod proofs;
pub(crate) mod published;
pub(crate) mod reader;
pub(crate) mod scan;
pub(crate) mod search;

use std::{
    fs::{File, OpenOptions},
    io,
    path::Path,
    sync::Arc,
};

use audit::Blocks;
use domain::Digest;
use seal::Keyring;

pub(crate) use scan::{Scan, scan};

use crate::{FileRole, Position, StoreError, disk::Disk, fence::Fence, home::Home};
use cold::SEGMENT;
use frames::{LONGEST_ENTRY, frame, frame_note};

/// The log, open for appending, and the tree over its entries.
#[derive(Debug)]
pub(crate) struct Log {
    home: Home,
    disk: Arc<dyn Disk>,
    fence: Arc<Fence>,
    entries: Tail,
    /// The number of the first entry of the file that is written.
    base: u64,
    checkpoints: Tail,
    /// Whether the file of checkpoints took all of them; if not, the next start completes it.
    keeps_up: bool,
    blocks: Blocks,
    /// Where every 256th entry begins.
    marks: Vec<Mark>,
    /// Entries that the newest checkpoint covers.
    confirmed: u64,
    /// The text of the newest checkpoint.
    newest: String,
    /// Checkpoints that stand among the entries and not yet in their own file.
    missing: Vec<String>,
    /// The size of the newest checkpoint that was given to somebody else.
    published: u64,
}

/// A place in a framed file where an entry begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    /// The entry.
    pub(crate) index: u64,
    /// The number of the first entry of the file.
    pub(crate) base: u64,
    /// The byte in the file.
    pub(crate) offset: u64,
}

/// A file and its length as far as it is known to be good.
#[derive(Debug)]
struct Tail {
    file: File,
    length: u64,
    role: FileRole,
}

/// Entries, framed and hashed outside the lock.
#[derive(Clone, Debug, Default)]
pub(crate) struct Prepared {
    bytes: Vec<u8>,
    /// Length of the frame and leaf hash of each entry.
    entries: Vec<(usize, Digest)>,
}

impl Prepared {
    /// Frames and hashes entries; one that is empty or too long is refused.
    pub(crate) fn of<'a>(entries: impl IntoIterator<Item = &'a [u8]>) -> Result<Self, StoreError> {
        let mut prepared = Self::default();
        for entry in entries {
            let begin = prepared.bytes.len();
            let leaf =
                frame(entry, &mut prepared.bytes).ok_or_else(|| StoreError::EntryRefused {
                    what: format!("it is empty or longer than {LONGEST_ENTRY} bytes"),
                })?;
            prepared.entries.push((prepared.bytes.len() - begin, leaf));
        }
        Ok(prepared)
    }

    /// How many entries.
    pub(crate) const fn len(&self) -> u64 {
        self.entries.len() as u64
    }
}

impl Log {
    /// Takes up the files where a scan found them to be good; cuts what is torn and completes the
    /// file of checkpoints.
    pub(crate) fn take_up(
        home: &Home,
        disk: Arc<dyn Disk>,
        fence: Arc<Fence>,
        scan: Scan,
    ) -> Result<Self, StoreError> {
        let mut log = Self {
            entries: Tail::open(&home.raw(scan.base), scan.entries_length, FileRole::Log)?,
            base: scan.base,
            checkpoints: Tail::open(
                &home.checkpoints(),
                scan.checkpoints_length,
                FileRole::Checkpoints,
            )?,
            home: home.clone(),
            disk,
            fence,
            keeps_up: true,
            blocks: scan.blocks,
            marks: scan.marks,
            confirmed: scan.signed,
            newest: scan.newest,
            missing: scan.missing,
            published: scan.published,
        };
        if log.fence.check().is_ok() {
            log.cut_torn(&log.entries)?;
            log.cut_torn(&log.checkpoints)?;
            log.complete_checkpoints()?;
        }
        Ok(log)
    }

    /// The number that the next entry gets.
    pub(crate) fn next(&self) -> Position {
        Position(self.blocks.size())
    }

    /// The text of the newest checkpoint.
    pub(crate) fn newest_checkpoint(&self) -> &str {
        &self.newest
    }

    /// Checkpoints that stand only among the entries.
    pub(crate) fn missing_checkpoints(&self) -> &[String] {
        &self.missing
    }

    /// Whether the newest checkpoint covers all entries.
    pub(crate) fn is_confirmed(&self) -> bool {
        self.confirmed == self.blocks.size()
    }

    /// How many entries the newest checkpoint covers.
    pub(crate) const fn confirmed(&self) -> u64 {
        self.confirmed
    }

    /// Where every 256th entry begins.
    pub(crate) fn marks(&self) -> &[Mark] {
        &self.marks
    }

    /// Appends entries and waits until they are on the medium: one wait for all of them. No
    /// checkpoint covers them yet. On error none of them is there, or writing has stopped.
    pub(crate) fn append(&mut self, entries: &[Vec<u8>]) -> Result<Position, StoreError> {
        let prepared = Prepared::of(entries.iter().map(Vec::as_slice))?;
        let first = self.next();
        self.write(&[&prepared], None)?;
        Ok(first)
    }

    /// Appends entries of several callers and a signed checkpoint over them, and waits once.
    /// Returns the position of the first. On error none of them is there, or writing has stopped.
    pub(crate) fn append_signed(
        &mut self,
        prepared: &[&Prepared],
        keyring: &Keyring,
    ) -> Result<Position, StoreError> {
        let first = self.next();
        self.write(prepared, Some(keyring))?;
        Ok(first)
    }

    /// Signs a checkpoint over all entries and waits until it is on the medium.
    pub(crate) fn confirm(&mut self, keyring: &Keyring) -> Result<(), StoreError> {
        self.write(&[], Some(keyring))
            .inspect_err(|_| self.fence.stop(FileRole::Checkpoints))
    }

    fn write(
        &mut self,
        prepared: &[&Prepared],
        keyring: Option<&Keyring>,
    ) -> Result<(), StoreError> {
        self.fence.check()?;
        self.rotate()?;
        let before = self.blocks.mark();
        let marks = self.marks.len();
        let mut buffer = Vec::new();
        for prepared in prepared {
            self.take(prepared, buffer.len());
            buffer.extend_from_slice(&prepared.bytes);
        }
        let written = self.sign(keyring, &mut buffer).and_then(|note| {
            self.put(&self.entries, &buffer)?;
            Ok(note)
        });
        let note = match written {
            Ok(note) => note,
            Err(error) => {
                self.blocks.return_to(before);
                self.marks.truncate(marks);
                return Err(error);
            }
        };
        self.entries.grow(buffer.len());
        if let Some(note) = note {
            self.keep(note);
        }
        Ok(())
    }

    /// Grows the tree by entries that will stand at `offset` of what is written next.
    fn take(&mut self, prepared: &Prepared, offset: usize) {
        let mut at = self.entries.length + offset as u64;
        for (length, leaf) in &prepared.entries {
            let index = self.blocks.size();
            if index.is_multiple_of(Blocks::ENTRIES) {
                self.marks.push(Mark {
                    index,
                    base: self.base,
                    offset: at,
                });
            }
            self.blocks.push(*leaf);
            at += *length as u64;
        }
    }

    fn sign(
        &self,
        keyring: Option<&Keyring>,
        buffer: &mut Vec<u8>,
    ) -> Result<Option<String>, StoreError> {
        let Some(keyring) = keyring else {
            return Ok(None);
        };
        let size = self.blocks.size();
        if size < self.published {
            return Err(StoreError::LogBehind {
                found: size,
                published: self.published,
            });
        }
        let note = notes::sign(self.blocks.tree(), keyring)?;
        if frame_note(&note, buffer) {
            Ok(Some(note))
        } else {
            Err(StoreError::EntryRefused {
                what: "its checkpoint is too long".to_owned(),
            })
        }
    }

    /// A checkpoint that is on the medium, among the entries. Its own file gets it too, without a
    /// wait: whatever it loses, the next start completes.
    fn keep(&mut self, note: String) {
        if self.keeps_up {
            let line = notes::line(&note);
            let file = &self.checkpoints.file;
            if self.disk.write_all(file, line.as_bytes()).is_ok() {
                self.checkpoints.grow(line.len());
            } else {
                self.take_back(&self.checkpoints);
                self.keeps_up = false;
                self.missing.push(note.clone());
            }
        } else {
            self.missing.push(note.clone());
        }
        self.newest = note;
        self.confirmed = self.blocks.size();
    }

    /// Begins a new file when the present one is full; only whole appends stand in a file.
    fn rotate(&mut self) -> Result<(), StoreError> {
        let next = self.blocks.size();
        if next - self.base < SEGMENT {
            return Ok(());
        }
        let told = |source: io::Error| StoreError::file(FileRole::Log, source);
        let path = self.home.raw(next);
        self.disk.create(&path).map_err(told)?;
        let tail = Tail::open(&path, 0, FileRole::Log)?;
        self.disk.sync_folder(&self.home.log()).map_err(|source| {
            self.fence.stop(FileRole::Log);
            told(source)
        })?;
        self.entries = tail;
        self.base = next;
        Ok(())
    }

    fn complete_checkpoints(&mut self) -> Result<(), StoreError> {
        if self.missing.is_empty() {
            return Ok(());
        }
        let lines: String = self.missing.iter().map(|note| notes::line(note)).collect();
        self.put(&self.checkpoints, lines.as_bytes())?;
        self.checkpoints.grow(lines.len());
        self.missing.clear();
        Ok(())
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
            .append(true)
            .open(path)
            .map_err(|source| StoreError::file(role, source))?;
        Ok(Self { file, length, role })
    }

    fn grow(&mut self, bytes: usize) {
        self.length = self.length.saturating_add(bytes as u64);
    }
}
