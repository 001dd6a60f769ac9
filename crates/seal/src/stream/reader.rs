//! The opening half of a stream.

use std::{
    fmt,
    io::{self, BufRead, Read},
};

use super::layout::{HEADER, Header, segment_length, segment_offset};
use super::scratch::Scratch;
use super::segment::{At, Segments};
use crate::{DataKey, OpenError};

/// Opens a sealed stream, segment by segment, in two buffers of 1 MiB.
///
/// A byte is handed out only after its whole segment was authenticated. A changed, moved, missing
/// or added segment ends the reading with an I/O error that holds an [`OpenError`]
/// ([`OpenError::within`]), which names segment and offset; further reads repeat the error. The
/// end of the stream is reported only after the authenticated last segment.
pub struct OpenReader<R: Read> {
    inner: R,
    segments: Segments,
    /// Number of the next segment.
    segment: u64,
    /// The sealed segment, and one byte more when it is not the last.
    sealed: Vec<u8>,
    /// The opened segment: `plain[read..end]` is still to be handed out.
    plain: Scratch,
    read: usize,
    end: usize,
    state: State,
}

enum State {
    /// More segments follow.
    Open,
    /// The last segment was opened.
    Ended,
    /// A segment did not open.
    Broken(OpenError),
}

impl<R: Read> OpenReader<R> {
    /// Reads the header; key and context must be those the object was sealed with.
    pub fn new(mut inner: R, key: &DataKey, context: &[u8]) -> io::Result<Self> {
        let mut header = Vec::with_capacity(HEADER);
        inner
            .by_ref()
            .take(HEADER as u64)
            .read_to_end(&mut header)?;
        let header = Header::parse(&header)?;
        Ok(Self {
            inner,
            segments: Segments::new(&header, key, context),
            segment: 0,
            sealed: Vec::new(),
            plain: Scratch(Vec::new()),
            read: 0,
            end: 0,
            state: State::Open,
        })
    }

    /// Reads and opens the next segment; one byte more is read to learn whether it is the last.
    fn next_segment(&mut self) -> io::Result<()> {
        let full = segment_length(self.segment);
        let missing = (full + 1).saturating_sub(self.sealed.len());
        self.inner
            .by_ref()
            .take(missing as u64)
            .read_to_end(&mut self.sealed)?;
        let last = self.sealed.len() <= full;
        match self.open(last) {
            Ok(length) => {
                (self.read, self.end) = (0, length);
                self.keep_extra_byte(full);
                self.segment += 1;
                self.state = if last { State::Ended } else { State::Open };
                Ok(())
            }
            Err(error) => {
                self.state = State::Broken(error.clone());
                Err(error.into())
            }
        }
    }

    /// Opens the segment into `plain` and returns its length; names what is wrong if it does not.
    fn open(&mut self, last: bool) -> Result<usize, OpenError> {
        let offset = segment_offset(self.segment);
        let length = self.sealed.len().min(segment_length(self.segment));
        let broken = OpenError::Segment {
            segment: self.segment,
            offset,
            length: length as u64,
        };
        let cut = OpenError::Cut {
            segment: self.segment,
            offset: offset + length as u64,
        };
        let Some(plain_length) = length.checked_sub(self.segments.form().overhead()) else {
            return Err(cut);
        };
        self.plain.grow(plain_length);
        if self.decrypt(plain_length, last) {
            return Ok(plain_length);
        }
        // The other end mark tells a cut or lengthened object from a changed one.
        let opens_otherwise = self.decrypt(plain_length, !last);
        self.plain.0.fill(0);
        Err(match (opens_otherwise, last) {
            (false, _) => broken,
            (true, true) => cut,
            (true, false) => OpenError::Trailing {
                segment: self.segment,
                offset: offset + length as u64,
            },
        })
    }

    fn decrypt(&mut self, plain_length: usize, last: bool) -> bool {
        let length = plain_length + self.segments.form().overhead();
        let (Some(sealed), Some(plain), Ok(index)) = (
            self.sealed.get(..length),
            self.plain.0.get_mut(..plain_length),
            u32::try_from(self.segment),
        ) else {
            return false;
        };
        self.segments
            .open(At { index, last }, sealed, plain)
            .is_ok()
    }

    fn keep_extra_byte(&mut self, full: usize) {
        let extra = self.sealed.get(full).copied();
        self.sealed.clear();
        self.sealed.extend(extra);
    }
}

impl<R: Read> BufRead for OpenReader<R> {
    /// The rest of the opened segment, without a copy; empty at the end.
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.read == self.end {
            match &self.state {
                State::Open => self.next_segment()?,
                State::Ended => return Ok(&[]),
                State::Broken(error) => return Err(error.clone().into()),
            }
        }
        Ok(self.plain.0.get(self.read..self.end).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        self.read = self.read.saturating_add(amount).min(self.end);
    }
}

impl<R: Read> Read for OpenReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(buffer)?;
        self.consume(count);
        Ok(count)
    }

    fn read_to_end(&mut self, out: &mut Vec<u8>) -> io::Result<usize> {
        let mut total = 0;
        loop {
            let ready = self.fill_buf()?;
            if ready.is_empty() {
                return Ok(total);
            }
            out.extend_from_slice(ready);
            let count = ready.len();
            total += count;
            self.consume(count);
        }
    }
}

impl<R: Read> fmt::Debug for OpenReader<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OpenReader(segment {})", self.segment)
    }
}
