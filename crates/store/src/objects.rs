//! Immutable sealed blobs, named by the SHA-256 digest of their ciphertext.

mod reader;
mod sink;
mod verify;

use std::{
    fs::File,
    io::{self, Read, Write},
    sync::Arc,
};

use domain::{Digest, Entropy};
use seal::{DataKey, OpenError, OpenReader, SealWriter};
use serde::{Deserialize, Serialize};

pub use reader::ObjectReader;
pub use verify::ObjectsVerified;
pub(crate) use verify::verify;

use crate::{FileRole, StoreError, disk::Disk, fence::Fence, home::Home, tokens::token};
use sink::Sink;

/// A sealed object: its name and its two lengths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ObjectRef {
    /// The SHA-256 digest of the ciphertext, which is also the file's name.
    pub digest: Digest,
    /// Bytes before sealing.
    pub plain_len: u64,
    /// Bytes of the file.
    pub sealed_len: u64,
}

/// The folder of objects.
#[derive(Debug)]
pub(crate) struct Objects {
    pub(crate) home: Home,
    pub(crate) disk: Arc<dyn Disk>,
    pub(crate) fence: Arc<Fence>,
}

/// An object that was written, and the running digests by which damage is found later.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) object: ObjectRef,
    pub(crate) segments: Vec<u8>,
}

/// What is sealed and under which key.
#[derive(Clone, Copy)]
pub(crate) struct Sealing<'a> {
    pub(crate) key: &'a DataKey,
    pub(crate) context: &'a str,
}

impl Objects {
    /// Seals what `write` writes into `tmp/`, then gives the file its final name. On any error
    /// nothing stays behind.
    pub(crate) fn write(
        &self,
        sealing: Sealing<'_>,
        entropy: &mut dyn Entropy,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<Written, StoreError> {
        self.fence.check()?;
        let path = self.home.tmp().join(token(entropy));
        let file = self
            .disk
            .create(&path)
            .map_err(|source| StoreError::file(FileRole::Temporary, source))?;
        let written = self
            .fill(file, sealing, entropy, write)
            .and_then(|written| self.shelve(&path, written));
        if written.is_err() {
            // What cannot be removed now is removed at the next start.
            drop(self.disk.remove(&path));
        }
        written
    }

    fn fill(
        &self,
        file: File,
        sealing: Sealing<'_>,
        entropy: &mut dyn Entropy,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<Written, StoreError> {
        let failed = Arc::new(std::sync::atomic::AtomicBool::new(false));
        let sink = Sink::new(Arc::clone(&self.disk), file, Arc::clone(&failed));
        let told = |source: io::Error| {
            if failed.load(std::sync::atomic::Ordering::Relaxed) {
                StoreError::file(FileRole::Temporary, source)
            } else {
                StoreError::Caller(source)
            }
        };
        let sealer = SealWriter::new(sink, sealing.key, sealing.context.as_bytes(), entropy)
            .map_err(told)?;
        let mut counter = Counter { sealer, count: 0 };
        write(&mut counter).map_err(told)?;
        let sink = counter.sealer.finish().map_err(told)?;
        let (file, written) = sink.finish(counter.count);
        self.disk.sync(&file).map_err(|source| {
            self.fence.stop(FileRole::Temporary);
            StoreError::file(FileRole::Temporary, source)
        })?;
        Ok(written)
    }

    fn shelve(&self, path: &std::path::Path, written: Written) -> Result<Written, StoreError> {
        let role = FileRole::Object(written.object.digest);
        let shelf = self.home.shelf(&written.object.digest);
        let told = |source| StoreError::file(role, source);
        if !shelf.is_dir() {
            self.disk.make_folder(&shelf).map_err(told)?;
            self.sync_folder(&self.home.objects(), role)?;
        }
        let place = self.home.object(&written.object.digest);
        self.disk.rename(path, &place).map_err(told)?;
        self.sync_folder(&shelf, role)?;
        Ok(written)
    }

    fn sync_folder(&self, folder: &std::path::Path, role: FileRole) -> Result<(), StoreError> {
        self.disk.sync_folder(folder).map_err(|source| {
            self.fence.stop(role);
            StoreError::file(role, source)
        })
    }

    /// Opens an object for reading; every byte is authenticated before it is given out.
    pub(crate) fn open(
        &self,
        object: &ObjectRef,
        sealing: Sealing<'_>,
    ) -> Result<ObjectReader, StoreError> {
        let file = self.file(&object.digest)?;
        let checked = reader::Checked::new(file, object.digest);
        OpenReader::new(checked, sealing.key, sealing.context.as_bytes())
            .map(ObjectReader::new)
            .map_err(|source| reading(object, source))
    }

    /// Reads a whole object; damage is located.
    pub(crate) fn read(
        &self,
        object: &ObjectRef,
        sealing: Sealing<'_>,
    ) -> Result<Vec<u8>, StoreError> {
        let mut plain = Vec::with_capacity(self.capacity(object)?);
        self.open(object, sealing)?
            .read_to_end(&mut plain)
            .map_err(|source| reading(object, source))?;
        Ok(plain)
    }

    /// Room for the content: what the reference says, but no more than the file can hold.
    fn capacity(&self, object: &ObjectRef) -> Result<usize, StoreError> {
        let told = |source| StoreError::file(FileRole::Object(object.digest), source);
        let file = self.file(&object.digest)?;
        let length = file.metadata().map_err(told)?.len().min(object.plain_len);
        // One more byte, so that reading sees the end without growing.
        Ok(usize::try_from(length).unwrap_or(0).saturating_add(1))
    }

    /// The file of an object.
    pub(crate) fn file(&self, object: &Digest) -> Result<File, StoreError> {
        File::open(self.home.object(object)).map_err(|source| {
            if source.kind() == io::ErrorKind::NotFound {
                StoreError::ObjectMissing { object: *object }
            } else {
                StoreError::file(FileRole::Object(*object), source)
            }
        })
    }
}

/// Why an object does not open: an error of the cipher keeps its code and its place.
fn reading(object: &ObjectRef, source: io::Error) -> StoreError {
    let role = FileRole::Object(object.digest);
    match OpenError::within(&source) {
        Some(error) => StoreError::Unopened {
            role,
            source: error.clone(),
        },
        None if source.kind() == io::ErrorKind::InvalidData => StoreError::ObjectSwapped {
            object: object.digest,
        },
        None => StoreError::file(role, source),
    }
}

/// Counts the bytes that are being sealed.
struct Counter<W> {
    sealer: W,
    count: u64,
}

impl<W: Write> Write for Counter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.sealer.write(bytes)?;
        self.count = self.count.saturating_add(written as u64);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sealer.flush()
    }
}
