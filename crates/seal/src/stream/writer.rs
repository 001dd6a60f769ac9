//! The sealing half of a stream.

use std::{
    fmt,
    io::{self, Write},
};

use aws_lc_rs::aead::{Aad, LessSafeKey};
use domain::Entropy;

use super::layout::{
    HEADER_BYTE, PREFIX, SALT, SEGMENT, TAG, nonce, segment_length, stream_cipher,
};
use crate::DataKey;

/// Seals what is written to it, segment by segment, in one buffer of 1 MiB.
///
/// The stream has its end only after [`SealWriter::finish`]; one that is dropped before is refused
/// by [`crate::OpenReader`] as cut off. After an error of the inner writer nothing more is taken.
/// A stream holds at most 4 PiB.
///
/// ```
/// use std::io::{Read as _, Write as _};
/// use cloister_seal::{DataKey, OpenReader, SealWriter, SystemEntropy};
/// let mut entropy = SystemEntropy::new();
/// let key = DataKey::generate(&mut entropy);
///
/// let mut writer = SealWriter::new(Vec::new(), &key, b"dataset/v1/part-0", &mut entropy)?;
/// writer.write_all(b"plain")?;
/// let sealed = writer.finish()?;
/// assert_eq!(sealed.len(), 40 + 5 + 16);
///
/// let mut plain = Vec::new();
/// OpenReader::new(&sealed[..], &key, b"dataset/v1/part-0")?.read_to_end(&mut plain)?;
/// assert_eq!(plain, b"plain");
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct SealWriter<W: Write> {
    inner: W,
    cipher: LessSafeKey,
    prefix: [u8; PREFIX],
    segment: u64,
    buffer: Vec<u8>,
    broken: bool,
}

impl<W: Write> SealWriter<W> {
    /// Starts a stream under `key`, bound to `context`, and writes its header.
    ///
    /// `context` says what the object is; it is not stored, and the object opens only with it.
    pub fn new(
        mut inner: W,
        key: &DataKey,
        context: &[u8],
        entropy: &mut dyn Entropy,
    ) -> io::Result<Self> {
        let mut salt = [0; SALT];
        let mut prefix = [0; PREFIX];
        entropy.fill(&mut salt);
        entropy.fill(&mut prefix);
        inner.write_all(&[&[HEADER_BYTE], salt.as_slice(), prefix.as_slice()].concat())?;
        Ok(Self {
            inner,
            cipher: stream_cipher(key, &salt, context),
            prefix,
            segment: 0,
            buffer: Vec::with_capacity(SEGMENT),
            broken: false,
        })
    }

    /// Seals the last segment, flushes, and gives the inner writer back.
    pub fn finish(mut self) -> io::Result<W> {
        self.write_segment(true)?;
        self.inner.flush()?;
        Ok(self.inner)
    }

    fn room(&self) -> usize {
        (segment_length(self.segment) - TAG).saturating_sub(self.buffer.len())
    }

    /// Seals the buffer in place and passes it on.
    ///
    /// INVARIANT: the segment's number is used up before anything can fail, so that no nonce is
    /// used twice.
    fn write_segment(&mut self, last: bool) -> io::Result<()> {
        if std::mem::replace(&mut self.broken, true) {
            return Err(io::Error::other(
                "an earlier write of this sealed object failed",
            ));
        }
        let index = u32::try_from(self.segment)
            .map_err(|_| io::Error::other("a sealed object holds at most 4 PiB"))?;
        self.segment += 1;
        let tag = self
            .cipher
            .seal_in_place_separate_tag(
                nonce(self.prefix, index, last),
                Aad::empty(),
                &mut self.buffer,
            )
            .map_err(|_| io::Error::other("the crypto library refused to seal a segment"))?;
        self.buffer.extend_from_slice(tag.as_ref());
        self.inner.write_all(&self.buffer)?;
        self.buffer.clear();
        self.broken = false;
        Ok(())
    }
}

impl<W: Write> Write for SealWriter<W> {
    /// A full buffer is sealed only when more comes: until then it may be the last segment.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.is_empty() {
            return Ok(0);
        }
        if self.broken || self.room() == 0 {
            self.write_segment(false)?;
        }
        let (taken, _) = bytes.split_at(bytes.len().min(self.room()));
        self.buffer.extend_from_slice(taken);
        Ok(taken.len())
    }

    /// Flushes the inner writer; a segment that is not full stays in the buffer.
    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<W: Write> fmt::Debug for SealWriter<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealWriter(segment {})", self.segment)
    }
}
