//! The encoding of a document, by its XML declaration.

use encoding_rs::Encoding;

use crate::{ReadError, ReadErrorKind, encoding::Charset};

/// The encoding that the XML declaration names; UTF-8 where it names none.
pub(super) fn declared(name: &str, body: &[u8]) -> Result<Charset, ReadError> {
    let Some(label) = label(body) else {
        return Ok(Charset::Utf8);
    };
    match Encoding::for_label(label) {
        Some(set) if set == encoding_rs::UTF_8 => Ok(Charset::Utf8),
        Some(set) if set.is_single_byte() => Ok(Charset::Single(set)),
        _ => Err(ReadError::new(name, NOT_READ).at(0)),
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

pub(super) const NOT_READ: ReadErrorKind = ReadErrorKind::Format {
    what: "the encoding of this document",
    instead: "convert it to UTF-8, and say so in its XML declaration",
};
