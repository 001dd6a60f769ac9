//! The sealing half of a stream.

use std::{
    fmt,
    io::{self, Write},
};

use aws_lc_rs::{
    aead::{Aad, LessSafeKey, Nonce},
    error::Unspecified,
};
use domain::Entropy;

use super::layout::{HEADER_BYTE, PREFIX, SALT, TAG, nonce, segment_length, stream_cipher};
use super::scratch::Scratch;
use crate::DataKey;

/// Seals what is written to it, segment by segment, in one buffer of 1 MiB; writes of more than a
/// segment are sealed straight from the caller's bytes.
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
    /// Room for one sealed segment; plain text waits in `buffer[..filled]`.
    buffer: Scratch,
    filled: usize,
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
            buffer: Scratch(Vec::new()),
            filled: 0,
            broken: false,
        })
    }

    /// Seals the last segment, flushes, and gives the inner writer back.
    pub fn finish(mut self) -> io::Result<W> {
        let plain = std::mem::take(&mut self.filled);
        self.write_segment(plain, true, |cipher, nonce, sealed| {
            seal_in_place(cipher, nonce, sealed, plain)
        })?;
        self.inner.flush()?;
        Ok(self.inner)
    }

    /// How much more plain text fits into the segment.
    fn room(&self) -> usize {
        (segment_length(self.segment) - TAG).saturating_sub(self.filled)
    }

    /// Seals a buffer that is full, now that it is known not to be the last.
    fn write_buffer(&mut self) -> io::Result<()> {
        let plain = std::mem::take(&mut self.filled);
        self.write_segment(plain, false, |cipher, nonce, sealed| {
            seal_in_place(cipher, nonce, sealed, plain)
        })
    }

    /// Seals a whole segment straight from the caller's bytes, without a copy.
    fn write_through(&mut self, plain: &[u8]) -> io::Result<()> {
        self.write_segment(plain.len(), false, |cipher, nonce, sealed| {
            cipher.seal_in_place_scatter(nonce, Aad::empty(), &mut [], plain, sealed)
        })
    }

    /// Lets `seal` make the next segment of `plain` bytes in the buffer and passes it on.
    ///
    /// INVARIANT: the segment's number is used up before anything can fail, so that no nonce is
    /// used twice.
    fn write_segment(
        &mut self,
        plain: usize,
        last: bool,
        seal: impl FnOnce(&LessSafeKey, Nonce, &mut [u8]) -> Result<(), Unspecified>,
    ) -> io::Result<()> {
        if std::mem::replace(&mut self.broken, true) {
            return Err(io::Error::other(
                "an earlier write of this sealed object failed",
            ));
        }
        let index = u32::try_from(self.segment)
            .map_err(|_| io::Error::other("a sealed object holds at most 4 PiB"))?;
        self.segment += 1;
        self.buffer.grow(plain + TAG);
        let sealed = self.buffer.0.get_mut(..plain + TAG).unwrap_or_default();
        seal(&self.cipher, nonce(self.prefix, index, last), sealed)
            .map_err(|_| io::Error::other("the crypto library refused to seal a segment"))?;
        self.inner.write_all(sealed)?;
        self.broken = false;
        Ok(())
    }
}

impl<W: Write> Write for SealWriter<W> {
    /// A segment is sealed only when more than it has arrived: until then it may be the last.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.is_empty() {
            return Ok(0);
        }
        if self.broken || self.room() == 0 {
            self.write_buffer()?;
        }
        let room = self.room();
        let (taken, rest) = bytes.split_at(bytes.len().min(room));
        if self.filled == 0 && !rest.is_empty() {
            self.write_through(taken)?;
        } else {
            self.buffer.grow(self.filled + taken.len() + TAG);
            let waiting = self
                .buffer
                .0
                .get_mut(self.filled..self.filled + taken.len());
            waiting.unwrap_or_default().copy_from_slice(taken);
            self.filled += taken.len();
        }
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

/// Seals `buffer[..plain]` and puts the tag behind it.
fn seal_in_place(
    cipher: &LessSafeKey,
    nonce: Nonce,
    buffer: &mut [u8],
    plain: usize,
) -> Result<(), Unspecified> {
    let (text, room) = buffer.split_at_mut_checked(plain).ok_or(Unspecified)?;
    let tag = cipher.seal_in_place_separate_tag(nonce, Aad::empty(), text)?;
    room.copy_from_slice(tag.as_ref());
    Ok(())
}
