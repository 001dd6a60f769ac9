//! The encoding of a document, by its XML declaration.

use std::borrow::Cow;

use encoding_rs::Encoding;

use crate::{ReadError, ReadErrorKind, encoding};

/// How the bytes of a document are letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Charset {
    Utf8,
    /// One byte a letter, the lower half ASCII.
    Single(&'static Encoding),
}

impl Charset {
    /// The encoding that the XML declaration names; UTF-8 where it names none.
    pub(super) fn declared(name: &str, body: &[u8]) -> Result<Self, ReadError> {
        let Some(label) = label(body) else {
            return Ok(Self::Utf8);
        };
        match Encoding::for_label(label) {
            Some(set) if set == encoding_rs::UTF_8 => Ok(Self::Utf8),
            Some(set) if set.is_single_byte() => Ok(Self::Single(set)),
            _ => Err(ReadError::new(name, NOT_READ).at(0)),
        }
    }

    /// The bytes as text. `base` is where they stand in `file`.
    pub(super) fn decode(self, file: &str, bytes: Vec<u8>, base: u64) -> Result<String, ReadError> {
        match self {
            Self::Utf8 => String::from_utf8(bytes).map_err(|fault| {
                let valid_to = fault.utf8_error().valid_up_to();
                encoding::not_utf8(file, fault.as_bytes(), base, valid_to)
            }),
            Self::Single(set) => set
                .decode_without_bom_handling_and_without_replacement(&bytes)
                .map(Cow::into_owned)
                .ok_or_else(|| ReadError::new(file, NOT_READ).at(base)),
        }
    }

    /// The text as bytes of this encoding.
    pub(super) fn encode(self, text: &str) -> Cow<'_, [u8]> {
        match self {
            Self::Single(set) if !text.is_ascii() => set.encode(text).0,
            _ => Cow::Borrowed(text.as_bytes()),
        }
    }
}

/// What stands after `encoding=` in `<?xml ...?>`.
fn label(body: &[u8]) -> Option<&[u8]> {
    let declaration = body.strip_prefix(b"<?xml")?;
    let declaration = declaration.get(..memchr::memmem::find(declaration, b"?>")?)?;
    let at = memchr::memmem::find(declaration, b"encoding")?;
    let rest = declaration.get(at + 8..)?.trim_ascii_start();
    let rest = rest.strip_prefix(b"=")?.trim_ascii_start();
    let (quote, rest) = rest.split_first()?;
    rest.split(|byte| byte == quote).next()
}

const NOT_READ: ReadErrorKind = ReadErrorKind::Format {
    what: "the encoding of this document",
    instead: "convert it to UTF-8, and say so in its XML declaration",
};
