//! Going on with a stream that was broken off.

use std::{
    fmt,
    io::{self, Read, Seek, SeekFrom, Write},
};

use domain::{Code, Explain};
use thiserror::Error;

use super::layout::{HEADER, Header, StreamForm, segment_length, segment_offset};
use super::scratch::Scratch;
use super::segment::{At, Segments};
use crate::{DataKey, OpenError, SealWriter, codes};

/// Why a stream that was broken off does not go on.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResumeError {
    /// The source is not what the first part was made of.
    #[error(
        "segment {segment} of the sealed object that was broken off was made of other bytes than \
         the source has there"
    )]
    Changed {
        /// Number of the segment, from 0.
        segment: u64,
    },
}

/// What became of a stream that was broken off.
pub enum Resumed<W: Write> {
    /// It goes on: the writer takes the source from where it stands now.
    Open {
        /// Stands behind the last whole segment.
        writer: SealWriter<W>,
        /// Bytes of the source that were sealed before and are skipped.
        skipped: u64,
    },
    /// It was whole already; nothing is left to do.
    Whole {
        /// Bytes of the source.
        length: u64,
    },
}

impl<W: Read + Write + Seek> SealWriter<W> {
    /// Goes on with a stream that was broken off at any byte behind its header, under the same key
    /// and context.
    ///
    /// Every whole segment is opened and compared with `source`, which is read from its beginning
    /// and stands behind the skipped bytes afterwards. The torn end of the stream is written anew.
    /// In Tink's form the new bytes must begin with the torn ones, because they stand under the
    /// same nonce; a source that changed there is refused ([`ResumeError::Changed`]) before
    /// anything is written. After [`SealWriter::finish`] the caller cuts the file where the writer
    /// ended.
    ///
    /// # Errors
    /// An I/O error that holds an [`OpenError`] when the first part does not open (a wrong key, a
    /// changed byte, less than a header), or a [`ResumeError`] ([`ResumeError::within`]).
    ///
    /// ```
    /// use std::io::{Cursor, Read as _, Write as _};
    /// use cloister_seal::{DataKey, OpenReader, Resumed, SealWriter, SystemEntropy};
    /// let mut entropy = SystemEntropy::new();
    /// let key = DataKey::generate(&mut entropy);
    /// let text = vec![7; 3_000_000];
    /// let mut writer = SealWriter::new(Vec::new(), &key, b"scan", &mut entropy)?;
    /// writer.write_all(&text)?;
    /// let torn = writer.finish()?[..1_500_000].to_vec();
    ///
    /// let mut source = text.as_slice();
    /// let Resumed::Open { mut writer, skipped } =
    ///     SealWriter::resume(Cursor::new(torn), &key, b"scan", &mut source)?
    /// else {
    ///     unreachable!()
    /// };
    /// assert!((1_048_000..1_049_000).contains(&skipped));
    /// writer.write_all(source)?;
    /// let sealed = writer.finish()?.into_inner();
    /// let mut opened = Vec::new();
    /// OpenReader::new(sealed.as_slice(), &key, b"scan")?.read_to_end(&mut opened)?;
    /// assert_eq!(opened, text);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn resume(
        mut inner: W,
        key: &DataKey,
        context: &[u8],
        source: &mut dyn Read,
    ) -> io::Result<Resumed<W>> {
        inner.seek(SeekFrom::Start(0))?;
        let mut header = Vec::with_capacity(HEADER);
        Read::by_ref(&mut inner)
            .take(HEADER as u64)
            .read_to_end(&mut header)?;
        let segments = Segments::new(&Header::parse(&header)?, key, context);
        let mut first_part = FirstPart::default();
        loop {
            match first_part.next(&mut inner, &segments, source)? {
                Found::Segment => (),
                Found::End => {
                    return Ok(Resumed::Whole {
                        length: first_part.skipped,
                    });
                }
                Found::Torn => break,
            }
        }
        inner.seek(SeekFrom::Start(segment_offset(first_part.segment)))?;
        let torn = match segments.form() {
            StreamForm::Tink => first_part.sealed,
            // Drawn anew, so that nothing can repeat.
            StreamForm::Drawn => Vec::new(),
        };
        Ok(Resumed::Open {
            writer: Self::at(inner, segments, first_part.segment, torn),
            skipped: first_part.skipped,
        })
    }
}

/// What is there of a stream that was broken off.
struct FirstPart {
    segment: u64,
    skipped: u64,
    sealed: Vec<u8>,
    plain: Scratch,
    compared: Scratch,
}

enum Found {
    /// A whole segment, and not the last.
    Segment,
    /// The last segment.
    End,
    /// Less than a segment.
    Torn,
}

impl Default for FirstPart {
    fn default() -> Self {
        Self {
            segment: 0,
            skipped: 0,
            sealed: Vec::new(),
            plain: Scratch(Vec::new()),
            compared: Scratch(Vec::new()),
        }
    }
}

impl FirstPart {
    /// Looks at the next segment and compares it with the source.
    fn next(
        &mut self,
        inner: &mut impl Read,
        segments: &Segments,
        source: &mut dyn Read,
    ) -> io::Result<Found> {
        let full = segment_length(self.segment);
        self.sealed.clear();
        inner.take(full as u64).read_to_end(&mut self.sealed)?;
        let whole = self.sealed.len() == full;
        if whole && let Some(length) = self.open(segments, false) {
            self.compare(length, source)?;
            self.segment += 1;
            return Ok(Found::Segment);
        }
        if let Some(length) = self.open(segments, true) {
            self.compare(length, source)?;
            let more = source.take(1).read_to_end(&mut Vec::new())?;
            let segment = self.segment;
            return if more == 0 {
                Ok(Found::End)
            } else {
                Err(ResumeError::Changed { segment }.into())
            };
        }
        if whole {
            return Err(OpenError::Segment {
                segment: self.segment,
                offset: segment_offset(self.segment),
                length: full as u64,
            }
            .into());
        }
        Ok(Found::Torn)
    }

    /// Opens the segment at hand; the length of its plain text.
    fn open(&mut self, segments: &Segments, last: bool) -> Option<usize> {
        let length = self.sealed.len().checked_sub(segments.form().overhead())?;
        self.plain.grow(length);
        let index = u32::try_from(self.segment).ok()?;
        let plain = self.plain.0.get_mut(..length)?;
        segments
            .open(At { index, last }, &self.sealed, plain)
            .ok()
            .map(|()| length)
    }

    /// The opened segment is what the source has next.
    fn compare(&mut self, length: usize, source: &mut dyn Read) -> io::Result<()> {
        self.compared.grow(length);
        let wanted = self.compared.0.get_mut(..length).unwrap_or_default();
        let changed = ResumeError::Changed {
            segment: self.segment,
        };
        match source.read_exact(wanted) {
            Ok(()) if Some(&*wanted) == self.plain.0.get(..length) => {
                self.skipped += length as u64;
                Ok(())
            }
            Err(cause) if cause.kind() != io::ErrorKind::UnexpectedEof => Err(cause),
            _ => Err(changed.into()),
        }
    }
}

impl ResumeError {
    /// The reason inside an I/O error of [`SealWriter`], if it is this one.
    pub fn within(error: &io::Error) -> Option<&Self> {
        error.get_ref()?.downcast_ref()
    }
}

impl From<ResumeError> for io::Error {
    fn from(error: ResumeError) -> Self {
        Self::new(io::ErrorKind::InvalidData, error)
    }
}

impl Explain for ResumeError {
    fn code(&self) -> Code {
        codes::RESUMED_SOURCE
    }

    fn help(&self) -> String {
        "seal the file as it is now from its beginning; nothing was added to the first part"
            .to_owned()
    }
}

impl<W: Write> fmt::Debug for Resumed<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open { skipped, .. } => write!(f, "Open({skipped} bytes skipped)"),
            Self::Whole { length } => write!(f, "Whole({length} bytes)"),
        }
    }
}
