use std::{
    fs::File,
    io::{self, Write},
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use seal::Hasher;

use super::{ObjectRef, Written};
use crate::{FileRole, StoreError, disk::Disk};

/// Where ciphertext goes: a file, hashed on the way.
///
/// At the end of every segment of 1 MiB the running digest is noted, so that a later check can
/// name the first damaged segment with one pass and without keys.
#[derive(Debug)]
pub(super) struct Sink {
    place: Watched,
    file: File,
    /// Set when the disk, and not the caller, is the reason of an error.
    failed: Arc<AtomicBool>,
    trail: Trail,
}

impl Sink {
    pub(super) fn new(place: Watched, file: File, failed: Arc<AtomicBool>) -> Self {
        Self {
            place,
            file,
            failed,
            trail: Trail::default(),
        }
    }

    /// Bytes written.
    pub(super) const fn length(&self) -> u64 {
        self.trail.length
    }

    /// The file and what was written to it.
    pub(super) fn finish(self, plain_len: u64) -> (File, Written) {
        let sealed_len = self.trail.length;
        let (digest, segments) = self.trail.finish();
        let object = ObjectRef {
            digest,
            plain_len,
            sealed_len,
        };
        (self.file, Written { object, segments })
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self
            .place
            .check_room(self.trail.length, bytes.len() as u64)
            .and_then(|()| self.place.disk.write(&self.file, bytes))
            .inspect_err(|_| self.failed.store(true, Ordering::Relaxed))?;
        self.trail.take(bytes.get(..written).unwrap_or_default());
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The disk that an object is written to. Objects stop before the disk is full, so that the log
/// and the rows still have room to say so.
#[derive(Debug)]
pub(super) struct Watched {
    pub(super) disk: Arc<dyn Disk>,
    pub(super) folder: PathBuf,
}

impl Watched {
    /// Looks at the free space before the first byte and every 16 MiB.
    fn check_room(&self, written: u64, more: u64) -> io::Result<()> {
        let crosses = written / STRIDE != written.saturating_add(more) / STRIDE;
        if written > 0 && !crosses {
            return Ok(());
        }
        if self.disk.free(&self.folder)? < RESERVE.saturating_add(more) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        Ok(())
    }
}

/// Lets only a Parquet file with an encrypted footer through: what begins and ends otherwise
/// might be plain text.
#[derive(Debug)]
pub(super) struct Guard {
    sink: Sink,
    head: Vec<u8>,
    tail: Vec<u8>,
}

impl Guard {
    pub(super) const fn new(sink: Sink) -> Self {
        Self {
            sink,
            head: Vec::new(),
            tail: Vec::new(),
        }
    }

    pub(super) fn finish(self) -> Result<Sink, StoreError> {
        if self.head == MAGIC && self.tail == MAGIC {
            Ok(self.sink)
        } else {
            Err(StoreError::NotEncrypted {
                role: FileRole::Temporary,
            })
        }
    }

    /// The first four bytes decide before anything of them reaches the disk.
    fn look(&mut self, bytes: &[u8]) -> io::Result<()> {
        let missing = MAGIC.len().saturating_sub(self.head.len());
        self.head.extend(bytes.iter().take(missing));
        if MAGIC.starts_with(&self.head) {
            Ok(())
        } else {
            Err(io::Error::other(
                "what was to be kept is no Parquet file with an encrypted footer",
            ))
        }
    }
}

impl Write for Guard {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.look(bytes)?;
        let written = self.sink.write(bytes)?;
        let bytes = bytes.get(..written).unwrap_or_default();
        self.tail.extend(bytes.iter().rev().take(4).rev());
        let surplus = self.tail.len().saturating_sub(4);
        self.tail.drain(..surplus);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sink.flush()
    }
}

/// The running digest of a ciphertext, noted at the end of every segment.
#[derive(Debug, Default)]
pub(super) struct Trail {
    hasher: Hasher,
    pub(super) length: u64,
    marks: Vec<u8>,
}

impl Trail {
    pub(super) fn take(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let room = SEGMENT - self.length % SEGMENT;
            let room = usize::try_from(room).unwrap_or(usize::MAX);
            let (piece, rest) = bytes.split_at(room.min(bytes.len()));
            self.hasher.update(piece);
            self.length = self.length.saturating_add(piece.len() as u64);
            if self.length.is_multiple_of(SEGMENT) {
                self.mark();
            }
            bytes = rest;
        }
    }

    /// The digest of the whole and the marks of all segments, the last one included.
    pub(super) fn finish(mut self) -> (domain::Digest, Vec<u8>) {
        if !self.length.is_multiple_of(SEGMENT) || self.length == 0 {
            self.mark();
        }
        (self.hasher.finish(), self.marks)
    }

    fn mark(&mut self) {
        let running = self.hasher.clone().finish();
        self.marks.extend(running.0.iter().take(MARK));
    }
}

/// Bytes of a segment of ciphertext.
pub(super) const SEGMENT: u64 = 1 << 20;

/// Bytes kept of each running digest: enough to find the place; the whole digest decides.
pub(super) const MARK: usize = 8;

/// First and last bytes of a Parquet file whose footer is encrypted.
const MAGIC: &[u8] = b"PARE";
/// Free space that objects leave to the log and the rows.
const RESERVE: u64 = 64 << 20;
/// How often the free space is looked at.
const STRIDE: u64 = 16 << 20;
