//! FHIR JSON taken apart without a copy: who changes a document writes its bytes again with other
//! bytes in some places, and what is not replaced stays exactly as it was.
//!
//! Refused are malformed JSON (RFC 8259), objects that repeat a key, and nesting beyond
//! [`Limits::json_depth`].

mod element;
mod scanner;

use std::fmt;

pub use self::element::{Element, Items, Member, Members, Shape};
use self::scanner::Token;
use crate::{
    Format, Input, Limits, ReadError, ReadErrorKind, encoding, input::too_large, lines::StreamLines,
};

/// One JSON document, checked; it borrows its text and the tape it was written on.
#[derive(Clone, Copy)]
pub struct Document<'d> {
    text: &'d str,
    tokens: &'d [Token],
    levels: usize,
}

/// Where the parts of a document are noted; kept from one document to the next, so that reading
/// many small ones asks for no memory.
#[derive(Default)]
pub struct Tape {
    tokens: Vec<Token>,
    open: Vec<scanner::Open>,
    keys: Vec<u32>,
    levels: usize,
}

/// The JSON documents of one FHIR file: the whole of a bundle or single resource, or the lines of
/// NDJSON one by one.
pub struct Documents<'a> {
    name: String,
    limits: Limits,
    source: Source<'a>,
    tape: Tape,
}

enum Source<'a> {
    Lines(StreamLines<'a>),
    Whole { bytes: Vec<u8>, is_read: bool },
}

/// Opens a FHIR file; `name` is for errors.
///
/// ```
/// use cloister_formats::{Format, Input, Limits, fhir};
///
/// let lines = b"{\"resourceType\":\"Patient\"}\n{\"resourceType\":\"Basic\"}\n".to_vec();
/// let mut documents =
///     fhir::documents("p.ndjson", Format::FhirNdjson, Input::Bytes(lines), &Limits::default())?;
/// let first = documents.next()?.unwrap();
/// assert_eq!(first.root().get("resourceType").unwrap().text().unwrap(), "Patient");
/// # Ok::<(), cloister_formats::ReadError>(())
/// ```
pub fn documents<'a>(
    name: &str,
    format: Format,
    input: Input<'a>,
    limits: &Limits,
) -> Result<Documents<'a>, ReadError> {
    let limits = limits.bounded();
    let source = match format {
        Format::FhirNdjson => Source::Lines(StreamLines::open(name, input, &limits)?),
        Format::FhirBundle => Source::Whole {
            bytes: input.into_bytes(name, &limits)?,
            is_read: false,
        },
        _ => {
            let why = "the format is not FHIR";
            return Err(ReadError::new(name, ReadErrorKind::Resource { why }));
        }
    };
    Ok(Documents {
        name: name.to_owned(),
        limits,
        source,
        tape: Tape::default(),
    })
}

impl Documents<'_> {
    /// The next document.
    #[expect(
        clippy::should_implement_trait,
        reason = "a document borrows from the file, which an iterator cannot say"
    )]
    pub fn next(&mut self) -> Result<Option<Document<'_>>, ReadError> {
        match &mut self.source {
            Source::Lines(lines) => match lines.next()? {
                Some(line) => {
                    let placed = |error: ReadError| error.in_row(line.row);
                    let text =
                        encoding::text(&self.name, line.bytes, line.offset).map_err(placed)?;
                    let read = self.tape.read(&self.name, text, line.offset, &self.limits);
                    read.map(Some).map_err(placed)
                }
                None => Ok(None),
            },
            Source::Whole { is_read: true, .. } => Ok(None),
            Source::Whole { bytes, is_read } => {
                *is_read = true;
                whole(&self.name, bytes, &mut self.tape, &self.limits).map(Some)
            }
        }
    }
}

fn whole<'d>(
    name: &str,
    bytes: &'d [u8],
    tape: &'d mut Tape,
    limits: &Limits,
) -> Result<Document<'d>, ReadError> {
    encoding::refuse_binary(name, bytes, 0)?;
    let body = bytes.strip_prefix(encoding::BOM).unwrap_or(bytes);
    if body.trim_ascii().is_empty() {
        return Err(ReadError::new(name, ReadErrorKind::Empty));
    }
    let base = (bytes.len() - body.len()) as u64;
    let text = encoding::text(name, body, base)?;
    tape.read(name, text, base, limits)
}

impl Tape {
    /// Reads one document; `base` is where its text stands in the file `name`.
    pub fn read<'d>(
        &'d mut self,
        name: &str,
        text: &'d str,
        base: u64,
        limits: &Limits,
    ) -> Result<Document<'d>, ReadError> {
        if u32::try_from(text.len()).is_err() {
            return Err(too_large(name, u32::MAX.into()));
        }
        scanner::scan(self, text.as_bytes(), limits.bounded().json_depth).map_err(|fault| {
            ReadError::new(name, fault.kind).at(base.saturating_add(fault.at as u64))
        })?;
        Ok(Document {
            text,
            tokens: &self.tokens,
            levels: self.levels,
        })
    }
}

impl<'d> Document<'d> {
    /// The text that all places are counted in.
    pub const fn text(self) -> &'d str {
        self.text
    }

    /// How many objects and lists stand one in the other at most.
    pub const fn levels(self) -> usize {
        self.levels
    }

    /// The outermost value.
    pub const fn root(self) -> Element<'d> {
        Element::new(self, 0)
    }
}

impl fmt::Debug for Document<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document")
            .field("bytes", &self.text.len())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Tape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tape")
            .field("tokens", &self.tokens.len())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Documents<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Documents").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
