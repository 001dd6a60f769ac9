use std::io::{self, Read, Seek, SeekFrom};

use domain::Digest;
use seal::{Hasher, OpenReader};

use super::Bytes;

/// The plain content of an object, authenticated piece by piece while it is read.
///
/// Each segment is given out only after its tag held. At the end the digest of the whole
/// ciphertext is compared with the object's name, so that one object cannot stand in for another
/// that was sealed under the same key and context: a reader that stops early has not had that
/// last check.
#[derive(Debug)]
pub struct ObjectReader(OpenReader<Checked>);

impl ObjectReader {
    pub(super) const fn new(opened: OpenReader<Checked>) -> Self {
        Self(opened)
    }
}

impl Read for ObjectReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

/// The ciphertext, hashed while it is read; the end of the file is an error when the digest is
/// not the expected one.
#[derive(Debug)]
pub(super) struct Checked {
    bytes: Box<dyn Bytes>,
    hasher: Hasher,
    expected: Digest,
}

impl Checked {
    pub(super) fn new(bytes: Box<dyn Bytes>, expected: Digest) -> Self {
        Self {
            bytes,
            hasher: Hasher::new(),
            expected,
        }
    }
}

impl Read for Checked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.bytes.read(buffer)?;
        self.hasher.update(buffer.get(..read).unwrap_or_default());
        if read == 0 && !buffer.is_empty() && self.hasher.clone().finish() != self.expected {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "the ciphertext does not have the digest it is named by",
            ));
        }
        Ok(read)
    }
}

/// The bytes of an object as they stand on the shelf: ciphertext, read from any place.
///
/// What reads them must authenticate them itself, as Parquet's modular encryption does.
#[derive(Debug)]
pub struct SealedBytes(Box<dyn Bytes>);

impl SealedBytes {
    pub(super) const fn new(bytes: Box<dyn Bytes>) -> Self {
        Self(bytes)
    }

    /// How many there are.
    pub fn length(&mut self) -> io::Result<u64> {
        self.0.length()
    }
}

impl Read for SealedBytes {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl Seek for SealedBytes {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.seek(to)
    }
}
