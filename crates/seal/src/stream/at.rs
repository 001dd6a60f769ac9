//! Opening a stream at any place.

use std::{
    fmt,
    io::{self, Read, Seek, SeekFrom},
};

use super::layout::{HEADER, Header, SEGMENT, segment_length, segment_offset};
use super::scratch::Scratch;
use super::segment::{self, Segments};
use crate::{DataKey, OpenError};

/// Opens a sealed stream at any place of its content, one segment of 1 MiB at a time.
///
/// The last segment is opened first, so that the length of the content is authenticated before
/// anything is handed out: a stream that was cut off or lengthened is refused by
/// [`OpenAt::new`]. Every other segment is authenticated when it is touched; what is never read
/// is not checked. An error names the segment ([`OpenError::within`]).
///
/// ```
/// use std::io::{Cursor, Read as _, Seek as _, SeekFrom, Write as _};
/// use cloister_seal::{DataKey, OpenAt, SealWriter, SystemEntropy};
/// let mut entropy = SystemEntropy::new();
/// let key = DataKey::generate(&mut entropy);
/// let mut writer = SealWriter::new(Vec::new(), &key, b"note", &mut entropy)?;
/// writer.write_all(b"plain text")?;
/// let sealed = writer.finish()?;
///
/// let mut opened = OpenAt::new(Cursor::new(sealed), &key, b"note")?;
/// opened.seek(SeekFrom::Start(6))?;
/// let mut rest = String::new();
/// opened.read_to_string(&mut rest)?;
/// assert_eq!((rest.as_str(), opened.length()), ("text", 10));
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct OpenAt<R: Read + Seek> {
    inner: R,
    segments: Segments,
    sealed_length: u64,
    /// Number of the last segment.
    last: u64,
    at: u64,
    sealed: Vec<u8>,
    plain: Scratch,
    /// The segment in `plain`, and how much of it.
    held: Option<(u64, usize)>,
}

impl<R: Read + Seek> OpenAt<R> {
    /// Reads header and last segment; key and context must be those the object was sealed with.
    pub fn new(mut inner: R, key: &DataKey, context: &[u8]) -> io::Result<Self> {
        let sealed_length = inner.seek(SeekFrom::End(0))?;
        inner.seek(SeekFrom::Start(0))?;
        let mut header = Vec::with_capacity(HEADER);
        inner
            .by_ref()
            .take(HEADER as u64)
            .read_to_end(&mut header)?;
        let header = Header::parse(&header)?;
        let segments = sealed_length.div_ceil(SEGMENT as u64).max(1);
        let mut opened = Self {
            inner,
            segments: Segments::new(&header, key, context),
            sealed_length,
            last: segments - 1,
            at: 0,
            sealed: Vec::new(),
            plain: Scratch(Vec::new()),
            held: None,
        };
        opened.hold(opened.last)?;
        Ok(opened)
    }

    /// The length of the content in bytes.
    pub fn length(&self) -> u64 {
        let overhead = self.segments.form().overhead() as u64;
        self.sealed_length
            .saturating_sub(HEADER as u64)
            .saturating_sub(self.last.saturating_add(1).saturating_mul(overhead))
    }

    /// Opens a segment, unless it is the one at hand.
    fn hold(&mut self, segment: u64) -> io::Result<()> {
        if self.held.is_some_and(|(held, _)| held == segment) {
            return Ok(());
        }
        self.held = None;
        let offset = segment_offset(segment);
        self.inner.seek(SeekFrom::Start(offset))?;
        self.sealed.clear();
        self.inner
            .by_ref()
            .take(segment_length(segment) as u64)
            .read_to_end(&mut self.sealed)?;
        match self.open(segment) {
            Some(length) => {
                self.held = Some((segment, length));
                Ok(())
            }
            None => Err(OpenError::Segment {
                segment,
                offset,
                length: self.sealed.len() as u64,
            }
            .into()),
        }
    }

    fn open(&mut self, segment: u64) -> Option<usize> {
        let length = self
            .sealed
            .len()
            .checked_sub(self.segments.form().overhead())?;
        self.plain.grow(length);
        let at = segment::At {
            index: u32::try_from(segment).ok()?,
            last: segment == self.last,
        };
        let plain = self.plain.0.get_mut(..length)?;
        self.segments
            .open(at, &self.sealed, plain)
            .ok()
            .map(|()| length)
    }

    /// Which segment holds a byte of the content, and where in it.
    const fn place(&self, at: u64) -> (u64, u64) {
        let full = (SEGMENT - self.segments.form().overhead()) as u64;
        let shifted = at.saturating_add(HEADER as u64);
        match shifted / full {
            0 => (0, at),
            segment => (segment, shifted % full),
        }
    }
}

impl<R: Read + Seek> Read for OpenAt<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.length() || buffer.is_empty() {
            return Ok(0);
        }
        let (segment, offset) = self.place(self.at);
        self.hold(segment)?;
        let length = self.held.map_or(0, |(_, length)| length);
        let offset = usize::try_from(offset).unwrap_or(usize::MAX);
        let mut ready = self.plain.0.get(offset..length).unwrap_or_default();
        let count = ready.read(buffer)?;
        self.at = self.at.saturating_add(count as u64);
        Ok(count)
    }
}

impl<R: Read + Seek> Seek for OpenAt<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = match to {
            SeekFrom::Start(place) => Some(place),
            SeekFrom::End(offset) => self.length().checked_add_signed(offset),
            SeekFrom::Current(offset) => self.at.checked_add_signed(offset),
        };
        self.at = place.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

impl<R: Read + Seek> fmt::Debug for OpenAt<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OpenAt(byte {} of {})", self.at, self.length())
    }
}
