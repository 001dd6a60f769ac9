use std::{borrow::Cow, fmt, ops::Range};

use super::{delimiters::Delimiters, split::Split};
use crate::encoding::Charset;

/// One message, or one segment that heads or ends a batch or a file.
pub struct Message {
    pub(super) offset: u64,
    pub(super) lead: Vec<u8>,
    pub(super) text: String,
    pub(super) delimiters: Delimiters,
    pub(super) charset: Charset,
}

/// One segment: a line, with the lines that continue its last field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment<'m> {
    /// The three characters of its name, such as `PID`.
    pub id: &'m str,
    /// All of it, its name included, without the line end.
    pub text: &'m str,
    /// Where it begins in the message, in bytes of [`Message::text`].
    pub start: usize,
}

/// The segments of a message, in order.
#[derive(Clone, Debug)]
pub struct Segments<'m> {
    text: &'m str,
    at: usize,
    field: u8,
}

impl Message {
    /// Where the message begins in its file, counted in bytes from 0.
    pub const fn offset(&self) -> u64 {
        self.offset
    }

    /// The bytes of framing before it: byte order mark, MLLP bytes, empty lines.
    pub fn lead(&self) -> &[u8] {
        &self.lead
    }

    /// The message as text, its last line end included.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The delimiters it declares; a trailer has those of its header.
    pub const fn delimiters(&self) -> Delimiters {
        self.delimiters
    }

    /// A text as bytes in the character set of the message.
    pub fn encode<'t>(&self, text: &'t str) -> Cow<'t, [u8]> {
        self.charset.encode(text)
    }

    /// Its segments. Every byte between them is part of a line end.
    pub const fn segments(&self) -> Segments<'_> {
        Segments {
            text: self.text.as_str(),
            at: 0,
            field: self.delimiters.field,
        }
    }

    /// A field of the first segment, counted as the standard counts: MSH-9 is the message type.
    pub fn header(&self, number: usize) -> &str {
        let line = self.segments().next().map_or("", |header| header.text);
        header_field(line, self.delimiters.field, number)
    }

    /// The digit after the dot of MSH-12: 5 for 2.5 and 2.5.1; nothing where none is declared.
    pub fn version(&self) -> Option<u8> {
        let version = self.header(12).strip_prefix("2.")?;
        let digit = version.bytes().next().filter(u8::is_ascii_digit)?;
        Some(digit - b'0')
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("offset", &self.offset)
            .field("bytes", &self.text.len())
            .finish_non_exhaustive()
    }
}

impl<'m> Segment<'m> {
    /// Its fields with their numbers and where they begin in the segment.
    ///
    /// In a header the first field delimiter is itself field 1, so that MSH-2 comes first.
    #[inline]
    pub fn fields(&self, field: u8) -> impl Iterator<Item = (usize, usize, &'m str)> + use<'m> {
        let skipped = if self.is_header() { 2 } else { 1 };
        let body = self.text.get(4..);
        body.into_iter()
            .flat_map(move |body| Split::of(body, field))
            .enumerate()
            .map(move |(index, (at, text))| (index + skipped, at + 4, text))
    }

    /// Whether it declares delimiters: MSH, BHS, FHS.
    #[inline]
    pub fn is_header(&self) -> bool {
        matches!(self.id, "MSH" | "BHS" | "FHS")
    }
}

impl<'m> Iterator for Segments<'m> {
    type Item = Segment<'m>;

    fn next(&mut self) -> Option<Segment<'m>> {
        let bytes = self.text.as_bytes();
        let start = self.at + end_of_breaks(bytes.get(self.at..)?);
        let mut line = line_at(bytes, start)?;
        let mut end = line.end;
        loop {
            let next = line.end + end_of_breaks(bytes.get(line.end..)?);
            self.at = next;
            match line_at(bytes, next) {
                Some(following) if !begins_segment(bytes.get(next..)?, self.field) => {
                    end = following.end;
                    line = following;
                }
                _ => break,
            }
        }
        let text = self.text.get(start..end)?;
        Some(Segment {
            id: text.get(..3).unwrap_or(""),
            text,
            start,
        })
    }
}

/// The line that begins here; nothing at the end.
fn line_at(bytes: &[u8], start: usize) -> Option<Range<usize>> {
    let rest = bytes.get(start..).filter(|rest| !rest.is_empty())?;
    let length = memchr::memchr2(b'\r', b'\n', rest).unwrap_or(rest.len());
    Some(start..start + length)
}

fn end_of_breaks(rest: &[u8]) -> usize {
    rest.iter()
        .position(|byte| !matches!(byte, b'\r' | b'\n'))
        .unwrap_or(rest.len())
}

/// Three letters or digits, then a field or the end of the line.
pub(super) fn begins_segment(line: &[u8], field: u8) -> bool {
    let Some((&[first, second, third], rest)) = line.split_first_chunk::<3>() else {
        return false;
    };
    first.is_ascii_alphabetic()
        && second.is_ascii_alphanumeric()
        && third.is_ascii_alphanumeric()
        && rest
            .first()
            .is_none_or(|next| *next == field || matches!(next, b'\r' | b'\n'))
}

/// A field of a header line, whose delimiter is its first field.
pub(super) fn header_field(line: &str, field: u8, number: usize) -> &str {
    let Some(index) = number.checked_sub(1) else {
        return "";
    };
    Split::of(line, field)
        .nth(index)
        .map_or("", |(_, text)| text)
}
