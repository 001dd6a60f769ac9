//! The lines of a stream, each held to the limit before it fills the memory.

use std::{
    fmt,
    io::{BufRead, BufReader, Read},
};

use serde_json::{Map, Value};

use crate::{Input, Limits, ReadError, ReadErrorKind, encoding, input::too_large};

/// The lines of an input that are not blank, held one at a time.
///
/// Refused: binary input, lines over [`Limits::line_bytes`], more than [`Limits::input_bytes`], and
/// an input without a line. A byte order mark is skipped.
pub struct StreamLines<'a> {
    name: String,
    reader: BufReader<Box<dyn Read + 'a>>,
    line: Vec<u8>,
    limits: Limits,
    offset: u64,
    row: u64,
    lines: u64,
}

/// A line that is not blank, without its end.
#[derive(Clone, Copy, Debug)]
pub struct StreamLine<'l> {
    /// Its bytes, the line feed left out.
    pub bytes: &'l [u8],
    /// Where it begins in the file.
    pub offset: u64,
    /// Its number, counted from 1, blank lines included.
    pub row: u64,
}

impl<'a> StreamLines<'a> {
    /// Opens the input, whose `name` errors will tell.
    pub fn open(name: &str, input: Input<'a>, limits: &Limits) -> Result<Self, ReadError> {
        let mut reader = BufReader::with_capacity(CHUNK, input.into_reader());
        let head = reader
            .fill_buf()
            .map_err(|cause| ReadError::new(name, ReadErrorKind::Io(cause)))?;
        encoding::refuse_binary(name, head, 0)?;
        let skipped = if head.starts_with(encoding::BOM) {
            encoding::BOM.len()
        } else {
            0
        };
        reader.consume(skipped);
        Ok(Self {
            name: name.to_owned(),
            reader,
            line: Vec::new(),
            limits: *limits,
            offset: skipped as u64,
            row: 0,
            lines: 0,
        })
    }

    /// The next line that is not blank; refuses an input without one.
    #[expect(
        clippy::should_implement_trait,
        reason = "a line borrows from the stream, which an iterator cannot say"
    )]
    pub fn next(&mut self) -> Result<Option<StreamLine<'_>>, ReadError> {
        loop {
            let offset = self.offset;
            if !self.advance()? {
                return if self.lines == 0 {
                    Err(ReadError::new(&self.name, ReadErrorKind::Empty))
                } else {
                    Ok(None)
                };
            }
            if !self.line.trim_ascii().is_empty() {
                self.lines += 1;
                return Ok(Some(StreamLine {
                    bytes: self.line.strip_suffix(b"\n").unwrap_or(&self.line),
                    offset,
                    row: self.row,
                }));
            }
        }
    }

    /// Reads one line into `line`; false at the end.
    fn advance(&mut self) -> Result<bool, ReadError> {
        self.line.clear();
        let limit = self.limits.line_bytes;
        let read = (&mut self.reader)
            .take((limit as u64).saturating_add(2))
            .read_until(b'\n', &mut self.line)
            .map_err(|cause| ReadError::new(&self.name, ReadErrorKind::Io(cause)))?;
        self.row = self.row.saturating_add(1);
        let place = |error: ReadError| error.at(self.offset).in_row(self.row);
        if self.line.strip_suffix(b"\n").unwrap_or(&self.line).len() > limit {
            let kind = ReadErrorKind::LineTooLong { limit };
            return Err(place(ReadError::new(&self.name, kind)));
        }
        self.offset = self.offset.saturating_add(read as u64);
        if self.offset > self.limits.input_bytes {
            return Err(too_large(&self.name, self.limits.input_bytes));
        }
        Ok(read > 0)
    }
}

impl StreamLine<'_> {
    /// The line as a JSON object; `name` is the input's, for errors.
    pub fn object(&self, name: &str) -> Result<Map<String, Value>, ReadError> {
        let refused = |kind| ReadError::new(name, kind).at(self.offset).in_row(self.row);
        let text = encoding::text(name, self.bytes, self.offset)
            .map_err(|error| error.in_row(self.row))?;
        match serde_json::from_str(text) {
            Ok(Value::Object(fields)) => Ok(fields),
            Ok(_) => Err(refused(ReadErrorKind::NotAnObject)),
            Err(_) => Err(refused(ReadErrorKind::Json)),
        }
    }
}

impl fmt::Debug for StreamLines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StreamLines")
            .field("row", &self.row)
            .finish_non_exhaustive()
    }
}

const CHUNK: usize = 256 << 10;

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(bytes: &[u8], limits: &Limits) -> Result<Vec<(u64, u64, usize)>, ReadError> {
        let mut lines = StreamLines::open("x", Input::Bytes(bytes.to_vec()), limits)?;
        let mut found = Vec::new();
        while let Some(line) = lines.next()? {
            found.push((line.offset, line.row, line.bytes.len()));
        }
        Ok(found)
    }

    #[test]
    fn lines_come_with_their_place() {
        let found = lines(b"\xef\xbb\xbfab\n\n  \r\ncde", &Limits::default()).unwrap();
        assert_eq!(found, [(3, 1, 2), (11, 4, 3)]);
    }

    #[test]
    fn a_line_over_the_limit_is_refused_where_it_begins() {
        let limits = Limits {
            line_bytes: 3,
            ..Limits::default()
        };
        assert!(lines(b"abc\nabc\n", &limits).is_ok());
        let error = lines(b"abc\nabcd\n", &limits).unwrap_err();
        assert_eq!((error.offset, error.row), (Some(4), Some(2)));
    }
}
