use std::{fmt, io::Read};

use super::{
    HEADERS, charset,
    delimiters::{Delimiters, may_delimit},
    message::{Message, begins_segment, header_field},
};
use crate::{Input, Limits, ReadError, ReadErrorKind, encoding::Charset, input::too_large};

/// Finds the messages of an input, one by one; no more than one is held.
///
/// ```
/// use cloister_formats::{Input, Limits, hl7v2};
/// let bytes = b"MSH|^~\\&|A\rPID|1\rMSH|^~\\&|B\r".to_vec();
/// let messages = hl7v2::messages("x.hl7", Input::Bytes(bytes), &Limits::default());
/// let offsets: Vec<_> = messages.map(|message| message.unwrap().offset()).collect();
/// assert_eq!(offsets, [0, 17]);
/// ```
///
/// Refused, with file and place: bytes outside of a message, delimiters that are none, a character
/// set that is not read, bytes that are not of the declared set, and messages over
/// [`Limits::line_bytes`]. After an error there is no more.
pub fn messages<'a>(name: &str, input: Input<'a>, limits: &Limits) -> Messages<'a> {
    Messages {
        name: name.to_owned(),
        reader: input.into_reader(),
        limits: limits.bounded(),
        buffer: Vec::new(),
        taken: 0,
        offset: 0,
        ended: false,
        batch: None,
        any: false,
        done: false,
    }
}

/// The messages of an input; see [`messages`].
pub struct Messages<'a> {
    name: String,
    reader: Box<dyn Read + 'a>,
    limits: Limits,
    buffer: Vec<u8>,
    /// What was given out of the buffer.
    taken: usize,
    /// Where the buffer begins in the file.
    offset: u64,
    ended: bool,
    batch: Option<Delimiters>,
    any: bool,
    done: bool,
}

impl Messages<'_> {
    /// The bytes of framing after the last message, once all were read.
    pub fn trailing(&self) -> &[u8] {
        self.buffer.get(self.taken..).unwrap_or_default()
    }

    fn read(&mut self) -> Result<Option<Message>, ReadError> {
        if self.taken >= CHUNK_BYTES {
            self.buffer.drain(..self.taken);
            self.offset = self.offset.saturating_add(self.taken as u64);
            self.taken = 0;
        }
        let Some(start) = self.find_start()? else {
            return Ok(None);
        };
        self.check_start(start)?;
        let end = self.find_end(start)?;
        let lead = self.buffer.get(self.taken..start).unwrap_or_default();
        let (lead, bytes) = (lead.to_vec(), self.buffer.get(start..end));
        let bytes = bytes.unwrap_or_default().to_vec();
        let offset = self.offset.saturating_add(start as u64);
        self.taken = end;
        self.any = true;
        self.message(lead, bytes, offset).map(Some)
    }

    fn message(
        &mut self,
        lead: Vec<u8>,
        bytes: Vec<u8>,
        offset: u64,
    ) -> Result<Message, ReadError> {
        let delimiters = self.delimiters(&bytes, offset)?;
        self.check_header(&bytes, delimiters.field, offset)?;
        let set = self.charset(&bytes, delimiters.field, offset)?;
        if let Some(at) = memchr::memchr(0, &bytes) {
            let kind = ReadErrorKind::Binary { what: "NUL bytes" };
            return Err(self.refused(kind, offset.saturating_add(at as u64)));
        }
        Ok(Message {
            offset,
            lead,
            text: set.decode(&self.name, bytes, offset, charset::NOT_READ)?,
            delimiters,
            charset: set,
        })
    }

    fn delimiters(&mut self, bytes: &[u8], offset: u64) -> Result<Delimiters, ReadError> {
        if is_trailer(bytes) {
            let mut delimiters = self.batch.unwrap_or_default();
            delimiters.field = bytes
                .get(3)
                .copied()
                .filter(|byte| may_delimit(*byte))
                .unwrap_or(delimiters.field);
            return Ok(delimiters);
        }
        let delimiters = Delimiters::of(bytes)
            .map_err(|why| self.refused(ReadErrorKind::Hl7v2 { why }, offset))?;
        if self.batch.is_none() || !bytes.starts_with(b"MSH") {
            self.batch = Some(delimiters);
        }
        Ok(delimiters)
    }

    /// A field may run on over a line end, but not in a header: what stands there decides how all
    /// else is read.
    fn check_header(&self, bytes: &[u8], field: u8, offset: u64) -> Result<(), ReadError> {
        let is_break = |byte: &u8| matches!(byte, b'\r' | b'\n');
        let header = bytes.iter().position(is_break).unwrap_or(bytes.len());
        let rest = bytes.get(header..).unwrap_or_default();
        let breaks = rest.iter().take_while(|byte| is_break(byte)).count();
        let next = rest.get(breaks..).unwrap_or_default();
        if next.is_empty() || begins_segment(next, field) {
            return Ok(());
        }
        let why = "the line after a header is no segment";
        let at = offset.saturating_add((header + breaks) as u64);
        Err(self.refused(ReadErrorKind::Hl7v2 { why }, at))
    }

    fn charset(&self, bytes: &[u8], field: u8, offset: u64) -> Result<Charset, ReadError> {
        if !bytes.starts_with(b"MSH") {
            return Ok(Charset::Utf8);
        }
        let line = bytes
            .split(|byte| matches!(byte, b'\r' | b'\n'))
            .next()
            .unwrap_or_default();
        let line = String::from_utf8_lossy(line);
        let named = header_field(&line, field, 18);
        let first = named.split('~').next().unwrap_or_default();
        charset::named(first.as_bytes()).ok_or_else(|| self.refused(charset::NOT_READ, offset))
    }

    /// Where the next header begins in the buffer; nothing where only framing is left.
    fn find_start(&mut self) -> Result<Option<usize>, ReadError> {
        loop {
            let rest = self.buffer.get(self.taken..).unwrap_or_default();
            let start = self.buffer.len() - after_glue(rest).len();
            if self.buffer.len() - start >= HEAD_MIN || !self.fill()? {
                return Ok((start < self.buffer.len()).then_some(start));
            }
        }
    }

    fn check_start(&self, start: usize) -> Result<(), ReadError> {
        if begins_header(self.buffer.get(start..).unwrap_or_default()) {
            return Ok(());
        }
        let why = if self.any {
            "bytes stand outside of a message"
        } else {
            "it does not begin with MSH, BHS or FHS"
        };
        let at = self.offset.saturating_add(start as u64);
        Err(self.refused(ReadErrorKind::Hl7v2 { why }, at))
    }

    /// Where the message that begins at `start` ends.
    fn find_end(&mut self, start: usize) -> Result<usize, ReadError> {
        let mut from = start;
        loop {
            let rest = self.buffer.get(from..).unwrap_or_default();
            let Some(found) = memchr::memchr3(b'\r', b'\n', BLOCK_END, rest) else {
                from = self.buffer.len();
                self.check_length(start)?;
                if self.fill()? {
                    continue;
                }
                return Ok(self.buffer.len());
            };
            let at = from + found;
            if rest.get(found) == Some(&BLOCK_END) {
                return Ok(at);
            }
            let next = rest.get(found + 1..).unwrap_or_default();
            let ahead = after_glue(next);
            let feed = rest.get(found) == Some(&b'\r') && next.first() == Some(&b'\n');
            let ends = ahead.is_empty() || begins_header(ahead);
            if ahead.len() < HEAD_MIN && self.fill()? {
                from = at;
                continue;
            }
            if ends {
                return Ok(at + 1 + usize::from(feed));
            }
            from = at + 1;
        }
    }

    fn check_length(&self, start: usize) -> Result<(), ReadError> {
        let limit = self.limits.line_bytes;
        if self.buffer.len() - start > limit {
            let at = self.offset.saturating_add(start as u64);
            return Err(self.refused(ReadErrorKind::LineTooLong { limit }, at));
        }
        Ok(())
    }

    /// Reads on; says whether there was more.
    fn fill(&mut self) -> Result<bool, ReadError> {
        if self.ended {
            return Ok(false);
        }
        let before = self.buffer.len() - self.taken;
        let read_so_far = self.offset.saturating_add(self.buffer.len() as u64);
        if read_so_far > self.limits.input_bytes {
            return Err(too_large(&self.name, self.limits.input_bytes));
        }
        let limit = self.limits.line_bytes;
        if before > limit.saturating_add(CHUNK_BYTES) {
            let kind = ReadErrorKind::LineTooLong { limit };
            return Err(self.refused(kind, self.offset));
        }
        let mut chunk = self.reader.by_ref().take(CHUNK_BYTES as u64);
        let read = chunk
            .read_to_end(&mut self.buffer)
            .map_err(|cause| ReadError::new(&self.name, ReadErrorKind::Io(cause)))?;
        self.ended = read == 0;
        Ok(read > 0)
    }

    fn refused(&self, kind: ReadErrorKind, at: u64) -> ReadError {
        ReadError::new(&self.name, kind).at(at)
    }
}

impl Iterator for Messages<'_> {
    type Item = Result<Message, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let next = self.read().and_then(|found| match found {
            None if !self.any => Err(ReadError::new(&self.name, ReadErrorKind::Empty)),
            found => Ok(found),
        });
        self.done = !matches!(next, Ok(Some(_)));
        next.transpose()
    }
}

impl fmt::Debug for Messages<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Messages")
            .field("name", &self.name)
            .field("offset", &self.offset)
            .finish_non_exhaustive()
    }
}

/// What follows the bytes of framing.
pub(super) fn after_glue(bytes: &[u8]) -> &[u8] {
    let mut rest = bytes;
    loop {
        rest = match rest {
            [
                b'\r' | b'\n' | b' ' | b'\t' | BLOCK_START | BLOCK_END | CTRL_Z,
                tail @ ..,
            ]
            | [0xef, 0xbb, 0xbf, tail @ ..] => tail,
            _ => return rest,
        };
    }
}

fn begins_header(bytes: &[u8]) -> bool {
    let named = HEADERS.iter().any(|id| bytes.starts_with(id));
    let field = bytes.get(3).copied().filter(|byte| may_delimit(*byte));
    named && (field.is_some() || is_trailer(bytes) && begins_segment(bytes, b'|'))
}

fn is_trailer(bytes: &[u8]) -> bool {
    bytes.starts_with(b"BTS") || bytes.starts_with(b"FTS")
}

/// Bytes of MLLP around a message, and the end-of-file mark of old systems.
const BLOCK_START: u8 = 0x0b;
const BLOCK_END: u8 = 0x1c;
const CTRL_Z: u8 = 0x1a;
/// Enough to know a header by.
const HEAD_MIN: usize = 4;
const CHUNK_BYTES: usize = 64 * 1024;
