//! Immutable sealed blobs, named by the SHA-256 digest of their ciphertext.

mod bucket;
mod reader;
mod shelf;
mod sink;
mod verify;

use std::{
    fs::File,
    io::{self, Read, Write},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use domain::{Digest, Entropy};
use seal::{DataKey, OpenAt, OpenError, OpenReader, SealWriter};
use serde::{Deserialize, Serialize};

pub(crate) use bucket::Bucket;
pub use reader::{ObjectReader, SealedBytes};
pub use shelf::Shelved;
pub(crate) use shelf::{Bytes, Folder, Shelf, names};
pub use verify::ObjectsVerified;
pub(crate) use verify::{check, verify};

use crate::{FileRole, StoreError, disk::Disk, fence::Fence, home::Home, tokens::token};
use sink::{Guard, Sink, Watched};

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

/// The objects: made in `tmp/` of the instance, kept on a shelf.
#[derive(Debug)]
pub(crate) struct Objects {
    pub(crate) home: Home,
    pub(crate) disk: Arc<dyn Disk>,
    pub(crate) fence: Arc<Fence>,
    pub(crate) shelf: Box<dyn Shelf>,
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

/// How the bytes of an object are protected.
#[derive(Clone, Copy)]
pub(crate) enum Form<'a> {
    /// As a sealed stream, made here.
    Stream(Sealing<'a>),
    /// As a Parquet file with modular encryption, made by the caller.
    Parquet,
}

impl Objects {
    /// Seals what `write` writes into `tmp/`, then gives the file its final name. On any error
    /// nothing stays behind.
    pub(crate) fn write(
        &self,
        form: Form<'_>,
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
            .fill(file, form, entropy, write)
            .and_then(|written| self.shelf.put(&path, &written).map(|()| written));
        if written.is_err() {
            // What cannot be removed now is removed at the next start.
            drop(self.disk.remove(&path));
        }
        written
    }

    fn fill(
        &self,
        file: File,
        form: Form<'_>,
        entropy: &mut dyn Entropy,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<Written, StoreError> {
        let failed = Arc::new(AtomicBool::new(false));
        let place = Watched {
            disk: Arc::clone(&self.disk),
            folder: self.home.tmp(),
        };
        let sink = Sink::new(place, file, Arc::clone(&failed));
        let told = |source: io::Error| {
            if failed.load(Ordering::Relaxed) {
                StoreError::file(FileRole::Temporary, source)
            } else {
                StoreError::Caller(source)
            }
        };
        let (file, written) = match form {
            Form::Stream(sealing) => {
                let context = sealing.context.as_bytes();
                let sealer = SealWriter::new(sink, sealing.key, context, entropy).map_err(told)?;
                let mut counter = Counter { sealer, count: 0 };
                write(&mut counter).map_err(told)?;
                let sink = counter.sealer.finish().map_err(told)?;
                sink.finish(counter.count)
            }
            Form::Parquet => {
                let mut guard = Guard::new(sink);
                write(&mut guard).map_err(told)?;
                let sink = guard.finish()?;
                let length = sink.length();
                sink.finish(length)
            }
        };
        self.disk.sync(&file).map_err(|source| {
            self.fence.stop(FileRole::Temporary);
            StoreError::file(FileRole::Temporary, source)
        })?;
        Ok(written)
    }

    /// Opens an object for reading; every byte is authenticated before it is given out.
    pub(crate) fn open(
        &self,
        object: &ObjectRef,
        sealing: Sealing<'_>,
    ) -> Result<ObjectReader, StoreError> {
        let checked = reader::Checked::new(self.shelf.open(&object.digest)?, object.digest);
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
        let mut bytes = self.shelf.open(&object.digest)?;
        let length = bytes.length().map_err(told)?.min(object.plain_len);
        // One more byte, so that reading sees the end without growing.
        Ok(usize::try_from(length).unwrap_or(0).saturating_add(1))
    }

    /// The bytes of an object as they stand, from any place; nothing is checked here.
    pub(crate) fn sealed(&self, object: &ObjectRef) -> Result<SealedBytes, StoreError> {
        Ok(SealedBytes::new(self.shelf.open(&object.digest)?))
    }

    /// The bytes of an object as they stand, compared with its name.
    pub(crate) fn sealed_whole(&self, object: &ObjectRef) -> Result<Vec<u8>, StoreError> {
        let mut whole = Vec::with_capacity(self.capacity(object)?);
        reader::Checked::new(self.shelf.open(&object.digest)?, object.digest)
            .read_to_end(&mut whole)
            .map_err(|source| reading(object, source))?;
        Ok(whole)
    }

    /// Opens an object at any place of its content; every segment that is touched is
    /// authenticated, the digest of the whole is not compared.
    pub(crate) fn open_at(
        &self,
        object: &ObjectRef,
        sealing: Sealing<'_>,
    ) -> Result<OpenAt<SealedBytes>, StoreError> {
        OpenAt::new(
            self.sealed(object)?,
            sealing.key,
            sealing.context.as_bytes(),
        )
        .map_err(|source| reading(object, source))
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
