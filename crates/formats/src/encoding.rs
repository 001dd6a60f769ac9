//! Is it UTF-8 text, and if not, what does it look like?

use std::borrow::Cow;

use encoding_rs::Encoding;

use crate::{ReadError, ReadErrorKind};

/// How the bytes of a document that names its character set are letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Charset {
    /// UTF-8, and with it ASCII.
    Utf8,
    /// A set of one byte a letter, whose lower half is ASCII.
    Single(&'static Encoding),
}

impl Charset {
    /// The bytes as text, or the refusal for a set that does not know them. `base` is where they
    /// stand in `file`.
    pub(crate) fn decode(
        self,
        file: &str,
        bytes: Vec<u8>,
        base: u64,
        refusal: ReadErrorKind,
    ) -> Result<String, ReadError> {
        match self {
            Self::Utf8 => String::from_utf8(bytes).map_err(|fault| {
                let valid_to = fault.utf8_error().valid_up_to();
                not_utf8(file, fault.as_bytes(), base, valid_to)
            }),
            Self::Single(set) => set
                .decode_without_bom_handling_and_without_replacement(&bytes)
                .map(Cow::into_owned)
                .ok_or_else(|| ReadError::new(file, refusal).at(base)),
        }
    }

    /// The text as bytes of this set.
    pub(crate) fn encode(self, text: &str) -> Cow<'_, [u8]> {
        match self {
            Self::Single(set) if !text.is_ascii() => set.encode(text).0,
            _ => Cow::Borrowed(text.as_bytes()),
        }
    }
}

/// The UTF-8 byte order mark.
pub(crate) const BOM: &[u8] = b"\xef\xbb\xbf";

/// `bytes` as text; `base` is where they stand in the file.
pub(crate) fn text<'b>(name: &str, bytes: &'b [u8], base: u64) -> Result<&'b str, ReadError> {
    std::str::from_utf8(bytes).map_err(|fault| not_utf8(name, bytes, base, fault.valid_up_to()))
}

/// Refuses bytes that no text holds; `base` is where they stand in the file.
pub(crate) fn refuse_binary(name: &str, bytes: &[u8], base: u64) -> Result<(), ReadError> {
    if base == 0
        && let Some(refusal) = known_mark(name, bytes)
    {
        return Err(refusal);
    }
    match memchr::memchr(0, bytes) {
        Some(at) => Err(binary(name, "NUL bytes").at(base.saturating_add(at as u64))),
        None => Ok(()),
    }
}

/// The refusal of bytes that begin with the mark of something that is not UTF-8 text.
pub(crate) fn known_mark(name: &str, head: &[u8]) -> Option<ReadError> {
    let (_, mark) = MARKS.iter().find(|(mark, _)| head.starts_with(mark))?;
    let kind = match *mark {
        Mark::Encoding(suspect) => ReadErrorKind::Encoding {
            suspect: Some(suspect),
        },
        Mark::Binary(what) => ReadErrorKind::Binary { what },
        Mark::Packed(what) => ReadErrorKind::Format {
            what,
            instead: "unpack it first",
        },
    };
    Some(ReadError::new(name, kind).at(0))
}

/// The refusal of `bytes`, which are UTF-8 only up to `valid`.
pub(crate) fn not_utf8(name: &str, bytes: &[u8], base: u64, valid: usize) -> ReadError {
    let suspect = bytes.get(valid).map(|byte| match byte {
        0x80..=0x9f => "windows-1252",
        _ => "iso-8859-1",
    });
    ReadError::new(name, ReadErrorKind::Encoding { suspect }).at(base.saturating_add(valid as u64))
}

fn binary(name: &str, what: &'static str) -> ReadError {
    ReadError::new(name, ReadErrorKind::Binary { what })
}

enum Mark {
    Encoding(&'static str),
    Binary(&'static str),
    Packed(&'static str),
}

const MARKS: &[(&[u8], Mark)] = &[
    (b"\xff\xfe", Mark::Encoding("utf-16")),
    (b"\xfe\xff", Mark::Encoding("utf-16")),
    (b"\x00\x00\xfe\xff", Mark::Encoding("utf-32")),
    (b"\x1f\x8b", Mark::Packed("a gzip archive")),
    (
        b"PK\x03\x04",
        Mark::Packed("a zip archive or an office document"),
    ),
    (b"\x28\xb5\x2f\xfd", Mark::Packed("a zstd archive")),
    (b"%PDF", Mark::Binary("PDF")),
    (b"{\\rtf", Mark::Packed("RTF")),
    (b"SQLite format 3\0", Mark::Binary("an SQLite database")),
];

#[cfg(test)]
mod tests {
    use domain::Explain;

    use super::*;

    #[test]
    fn latin_1_is_refused_with_its_place_and_the_way_out() {
        let error = text("notes.txt", b"caf\xe9", 10).unwrap_err();
        assert_eq!(error.offset, Some(13));
        assert!(error.help().contains("iconv -f iso-8859-1 -t utf-8"));
    }

    #[test]
    fn utf_16_and_nul_bytes_are_refused() {
        assert!(refuse_binary("x", b"\xff\xfea\0", 0).is_err());
        let error = refuse_binary("x", b"ab\0c", 100).unwrap_err();
        assert_eq!(error.offset, Some(102));
    }
}
