use std::{
    fs::File,
    io::{self, Write},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use seal::Hasher;

use super::{ObjectRef, Written};
use crate::disk::Disk;

/// Where ciphertext goes: a file, hashed on the way.
///
/// At the end of every segment of 1 MiB the running digest is noted, so that a later check can
/// name the first damaged segment with one pass and without keys.
#[derive(Debug)]
pub(super) struct Sink {
    disk: Arc<dyn Disk>,
    file: File,
    /// Set when the disk, and not the caller, is the reason of an error.
    failed: Arc<AtomicBool>,
    trail: Trail,
}

impl Sink {
    pub(super) fn new(disk: Arc<dyn Disk>, file: File, failed: Arc<AtomicBool>) -> Self {
        Self {
            disk,
            file,
            failed,
            trail: Trail::default(),
        }
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
            .disk
            .write(&self.file, bytes)
            .inspect_err(|_| self.failed.store(true, Ordering::Relaxed))?;
        self.trail.take(bytes.get(..written).unwrap_or_default());
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
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
