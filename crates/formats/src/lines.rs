//! The lines of a stream, each held to the limit before it fills the memory.

use std::io::{BufRead, BufReader, Read};

use crate::{Input, Limits, ReadError, ReadErrorKind, encoding, input::too_large};

/// A stream of lines; it holds one of them.
pub(crate) struct StreamLines<'a> {
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
pub(crate) struct StreamLine<'l> {
    pub(crate) bytes: &'l [u8],
    /// Where it begins in the file.
    pub(crate) offset: u64,
    /// Its number, counted from 1, blank lines included.
    pub(crate) row: u64,
}

impl<'a> StreamLines<'a> {
    pub(crate) fn open(name: &str, input: Input<'a>, limits: &Limits) -> Result<Self, ReadError> {
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
    pub(crate) fn next(&mut self) -> Result<Option<StreamLine<'_>>, ReadError> {
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
