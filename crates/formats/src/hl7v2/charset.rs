//! The character set of a message, by MSH-18 (HL7 table 0211).

use crate::{ReadErrorKind, encoding::Charset};

/// The set that MSH-18 names, UTF-8 where it names none; nothing for one that is not read.
pub(super) fn named(name: &[u8]) -> Option<Charset> {
    let name = name.trim_ascii().to_ascii_uppercase();
    Some(match name.as_slice() {
        b"" | b"\"\"" | b"ASCII" | b"UNICODE UTF-8" | b"UTF-8" | b"UTF8" | b"UNICODE" => {
            Charset::Utf8
        }
        b"8859/1" | b"8859-1" | b"ISO-8859-1" => Charset::Single(encoding_rs::WINDOWS_1252),
        b"8859/2" => Charset::Single(encoding_rs::ISO_8859_2),
        b"8859/15" | b"8859-15" | b"ISO-8859-15" => Charset::Single(encoding_rs::ISO_8859_15),
        _ => return None,
    })
}

pub(super) const NOT_READ: ReadErrorKind = ReadErrorKind::Format {
    what: "the character set of MSH-18",
    instead: "convert the messages to UTF-8 and write UNICODE UTF-8 in MSH-18",
};
