//! The records of a CSV stream, one at a time, with exact places for what is wrong.

use std::{io::Read, ops::Range};

use super::{
    dialect::Dialect,
    scan::{Fault, Field, Scan, scan},
};
use crate::{Limits, ReadError, ReadErrorKind, encoding, input::too_large};

/// A stream of records; it holds one of them and the bytes read ahead.
pub(crate) struct Records<'a> {
    name: String,
    reader: Box<dyn Read + 'a>,
    limits: Limits,
    dialect: Dialect,
    buffer: Vec<u8>,
    filled: usize,
    /// Where the next record begins in `buffer`.
    start: usize,
    /// Where `buffer` begins in the file.
    base: u64,
    row: u64,
    ended: bool,
    fields: Vec<Field>,
}

/// One record: its text and where its fields stand in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Record<'r> {
    text: &'r str,
    fields: &'r [Field],
}

impl<'r> Record<'r> {
    pub(crate) fn len(self) -> usize {
        self.fields.len()
    }

    /// The text of field `index`, and whether quotes inside it stand twice.
    pub(crate) fn field(self, index: usize) -> (&'r str, bool) {
        match self.fields.get(index) {
            Some(field) => (
                self.text.get(field.range()).unwrap_or_default(),
                field.escaped,
            ),
            None => ("", false),
        }
    }

    pub(crate) fn bytes(self) -> usize {
        self.text.len()
    }
}

impl<'a> Records<'a> {
    /// Begins to read; refuses an empty stream.
    pub(crate) fn open(
        name: &str,
        reader: Box<dyn Read + 'a>,
        limits: &Limits,
    ) -> Result<Self, ReadError> {
        let mut records = Self {
            name: name.to_owned(),
            reader,
            limits: *limits,
            dialect: Dialect::sniff(b""),
            buffer: vec![0; CHUNK],
            filled: 0,
            start: 0,
            base: 0,
            row: 0,
            ended: false,
            fields: Vec::new(),
        };
        records.fill()?;
        if records.ahead().starts_with(encoding::BOM) {
            records.start = encoding::BOM.len();
        }
        if records.ended && records.ahead().trim_ascii().is_empty() {
            return Err(ReadError::new(name, ReadErrorKind::Empty));
        }
        let ahead = records.ahead();
        records.dialect = Dialect::sniff(ahead.get(..HEAD).unwrap_or(ahead));
        Ok(records)
    }

    /// Number of the record last returned, counted from 1.
    pub(crate) fn row(&self) -> u64 {
        self.row
    }

    /// Where the next record begins in the file.
    pub(crate) fn offset(&self) -> u64 {
        self.base.saturating_add(self.start as u64)
    }

    /// The next record, or none at the end; blank lines are passed over.
    pub(crate) fn next(&mut self) -> Result<Option<Record<'_>>, ReadError> {
        let Some(range) = self.advance()? else {
            return Ok(None);
        };
        let base = self.base.saturating_add(range.start as u64);
        let bytes = self.buffer.get(range).unwrap_or_default();
        let text =
            encoding::text(&self.name, bytes, base).map_err(|error| error.in_row(self.row))?;
        Ok(Some(Record {
            text,
            fields: &self.fields,
        }))
    }

    fn advance(&mut self) -> Result<Option<Range<usize>>, ReadError> {
        loop {
            self.start += blank_lines(self.ahead());
            if self.ended && self.ahead().is_empty() {
                return Ok(None);
            }
            let ahead = self.buffer.get(self.start..self.filled).unwrap_or_default();
            match scan(
                ahead,
                self.ended,
                self.dialect,
                &self.limits,
                &mut self.fields,
            ) {
                Ok(Scan::Whole { length, next }) => {
                    let range = self.start..self.start + length;
                    self.start += next;
                    self.row += 1;
                    return Ok(Some(range));
                }
                Ok(Scan::Partial) => self.fill()?,
                Err(Fault { kind, at }) => {
                    let offset = self.offset().saturating_add(at as u64);
                    return Err(ReadError::new(&self.name, kind)
                        .at(offset)
                        .in_row(self.row + 1));
                }
            }
        }
    }

    fn ahead(&self) -> &[u8] {
        self.buffer.get(self.start..self.filled).unwrap_or_default()
    }

    /// Drops what was read, doubles the buffer when a record fills half of it, and reads until it
    /// is full: a record of n bytes is scanned no more than log n times.
    fn fill(&mut self) -> Result<(), ReadError> {
        self.make_room()?;
        let before = self.filled;
        while let Some(room) = self.buffer.get_mut(self.filled..)
            && !room.is_empty()
        {
            match self.reader.read(room) {
                Ok(0) => {
                    self.ended = true;
                    break;
                }
                Ok(count) => self.filled += count,
                Err(cause) if cause.kind() == std::io::ErrorKind::Interrupted => {}
                Err(cause) => return Err(ReadError::new(&self.name, ReadErrorKind::Io(cause))),
            }
        }
        let fresh = self.buffer.get(before..self.filled).unwrap_or_default();
        let base = self.base.saturating_add(before as u64);
        encoding::refuse_binary(&self.name, fresh, base)?;
        if self.base.saturating_add(self.filled as u64) > self.limits.input_bytes {
            return Err(too_large(&self.name, self.limits.input_bytes));
        }
        Ok(())
    }

    fn make_room(&mut self) -> Result<(), ReadError> {
        let pending = self.filled - self.start;
        if pending > self.limits.line_bytes {
            let limit = self.limits.line_bytes;
            return Err(
                ReadError::new(&self.name, ReadErrorKind::LineTooLong { limit })
                    .at(self.offset())
                    .in_row(self.row + 1),
            );
        }
        self.buffer.copy_within(self.start..self.filled, 0);
        self.base = self.offset();
        (self.start, self.filled) = (0, pending);
        if pending > self.buffer.len() / 2 {
            self.buffer.resize(self.buffer.len() * 2, 0);
        }
        Ok(())
    }
}

/// Bytes of the line ends at the beginning of `bytes`.
fn blank_lines(bytes: &[u8]) -> usize {
    let mut length = 0;
    loop {
        match bytes.get(length..) {
            Some([b'\n', ..]) => length += 1,
            Some([b'\r', b'\n', ..]) => length += 2,
            _ => return length,
        }
    }
}

const CHUNK: usize = 256 << 10;
const HEAD: usize = 64 << 10;
