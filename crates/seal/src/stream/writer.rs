//! The sealing half of a stream.

use std::{
    fmt,
    io::{self, Write},
};

use aws_lc_rs::error::Unspecified;
use domain::Entropy;

use super::layout::{Header, PREFIX, SALT, StreamForm, segment_length};
use super::resume::ResumeError;
use super::scratch::Scratch;
use super::segment::{At, Segments};
use crate::DataKey;

/// Seals what is written to it, segment by segment, in one buffer of 1 MiB; writes of more than a
/// segment are sealed straight from the caller's bytes.
///
/// The stream has its end only after [`SealWriter::finish`]; one that is dropped before is refused
/// by [`crate::OpenReader`] as cut off. After an error of the inner writer nothing more is taken.
/// A stream holds at most 4 PiB. Its form is that of the build ([`StreamForm::of_this_build`]).
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
//////
/// let mut plain = Vec::new();
/// OpenReader::new(&sealed[..], &key, b"dataset/v1/part-0")?.read_to_end(&mut plain)?;
/// assert_eq!(plain, b"plain");
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct SealWriter<W: Write> {
    pub(super) inner: W,
    pub(super) segments: Segments,
    /// Number of the next segment.
    pub(super) segment: u64,
    /// Room for one sealed segment; plain text waits in `filled` bytes behind its lead.
    pub(super) buffer: Scratch,
    pub(super) filled: usize,
    /// What the next segment must begin with: the torn end of a stream that goes on.
    pub(super) torn: Vec<u8>,
    pub(super) broken: bool,
}

impl<W: Write> SealWriter<W> {
    /// Starts a stream under `key`, bound to `context`, and writes its header.
    ///
    /// `context` says what the object is; it is not stored, and the object opens only with it.
    pub fn new(
        inner: W,
        key: &DataKey,
        context: &[u8],
        entropy: &mut dyn Entropy,
    ) -> io::Result<Self> {
        Self::in_form(StreamForm::of_this_build(), inner, key, context, entropy)
    }

    /// The same in a form of the caller's choice.
    pub fn in_form(
        form: StreamForm,
        mut inner: W,
        key: &DataKey,
        context: &[u8],
        entropy: &mut dyn Entropy,
    ) -> io::Result<Self> {
        let mut header = Header {
            form,
            salt: [0; SALT],
            prefix: [0; PREFIX],
        };
        entropy.fill(&mut header.salt);
        entropy.fill(&mut header.prefix);
        inner.write_all(&header.bytes())?;
        let segments = Segments::new(&header, key, context);
        Ok(Self::at(inner, segments, 0, Vec::new()))
    }

    /// A writer whose next segment is `segment`.
    pub(super) const fn at(inner: W, segments: Segments, segment: u64, torn: Vec<u8>) -> Self {
        Self {
            inner,
            segments,
            segment,
            buffer: Scratch(Vec::new()),
            filled: 0,
            torn,
            broken: false,
        }
    }

    /// Seals the last segment, flushes, and gives the inner writer back.
    pub fn finish(mut self) -> io::Result<W> {
        self.write_buffer(true)?;
        self.inner.flush()?;
        Ok(self.inner)
    }

    const fn overhead(&self) -> usize {
        self.segments.form().overhead()
    }

    /// How much more plain text fits into the segment.
    const fn room(&self) -> usize {
        (segment_length(self.segment) - self.overhead()).saturating_sub(self.filled)
    }

    /// Seals what waits in the buffer: a full segment that is known not to be the last, or the last.
    fn write_buffer(&mut self, last: bool) -> io::Result<()> {
        let plain = std::mem::take(&mut self.filled);
        self.write_segment(plain, last, Segments::seal_in_place)
    }

    /// Seals a whole segment straight from the caller's bytes.
    fn write_through(&mut self, plain: &[u8]) -> io::Result<()> {
        self.write_segment(plain.len(), false, |segments, at, sealed| {
            segments.seal(at, plain, sealed)
        })
    }

    /// Lets `seal` make the next segment of `plain` bytes in the buffer and passes it on.
    ///
    /// INVARIANT: the segment's number is used up before anything can fail, so that no counted
    /// nonce is used twice.
    fn write_segment(
        &mut self,
        plain: usize,
        last: bool,
        seal: impl FnOnce(&Segments, At, &mut [u8]) -> Result<(), Unspecified>,
    ) -> io::Result<()> {
        if std::mem::replace(&mut self.broken, true) {
            return Err(io::Error::other(
                "an earlier write of this sealed object failed",
            ));
        }
        let index = u32::try_from(self.segment)
            .map_err(|_| io::Error::other("a sealed object holds at most 4 PiB"))?;
        self.segment += 1;
        let length = plain + self.overhead();
        self.buffer.grow(length);
        let sealed = self.buffer.0.get_mut(..length).unwrap_or_default();
        seal(&self.segments, At { index, last }, sealed)
            .map_err(|_| io::Error::other("the crypto library refused to seal a segment"))?;
        // What stood there under the same nonce must be the same.
        if !sealed.starts_with(&std::mem::take(&mut self.torn)) {
            let segment = self.segment - 1;
            return Err(ResumeError::Changed { segment }.into());
        }
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
            self.write_buffer(false)?;
        }
        let room = self.room();
        let (taken, rest) = bytes.split_at(bytes.len().min(room));
        if self.filled == 0 && !rest.is_empty() {
            self.write_through(taken)?;
        } else {
            let start = self.segments.form().lead() + self.filled;
            self.buffer
                .grow(self.filled + taken.len() + self.overhead());
            let waiting = self.buffer.0.get_mut(start..start + taken.len());
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
