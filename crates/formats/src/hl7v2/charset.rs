//! The character set of a message, by MSH-18 (HL7 table 0211).

use std::borrow::Cow;

use encoding_rs::Encoding;

use crate::{ReadError, ReadErrorKind, encoding};

/// How the bytes of a message are letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Charset {
    /// ASCII, UTF-8, or none declared: the bytes are read as UTF-8.
    Utf8,
    /// A set of one byte a letter, whose lower half is ASCII.
    Single(&'static Encoding),
}

impl Charset {
    /// The set that MSH-18 names; nothing for one that is not read.
    pub(super) fn named(name: &[u8]) -> Option<Self> {
        let name = name.trim_ascii().to_ascii_uppercase();
        Some(match name.as_slice() {
            b"" | b"\"\"" | b"ASCII" | b"UNICODE UTF-8" | b"UTF-8" | b"UTF8" | b"UNICODE" => {
                Self::Utf8
            }
            b"8859/1" | b"8859-1" | b"ISO-8859-1" => Self::Single(encoding_rs::WINDOWS_1252),
            b"8859/2" => Self::Single(encoding_rs::ISO_8859_2),
            b"8859/15" | b"8859-15" | b"ISO-8859-15" => Self::Single(encoding_rs::ISO_8859_15),
            _ => return None,
        })
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

    /// The text as bytes of this set.
    pub(super) fn encode(self, text: &str) -> Cow<'_, [u8]> {
        match self {
            Self::Single(set) if !text.is_ascii() => set.encode(text).0,
            _ => Cow::Borrowed(text.as_bytes()),
        }
    }
}

pub(super) const NOT_READ: ReadErrorKind = ReadErrorKind::Format {
    what: "the character set of MSH-18",
    instead: "convert the messages to UTF-8 and write UNICODE UTF-8 in MSH-18",
};
