//! C-CDA documents (HL7 CDA release 2 in XML): read whole, checked, and taken apart without a copy.
//!
//! [`Document::read`] checks that the XML is well formed and remembers where every element,
//! attribute and text stands. Who changes a document writes its bytes again with other bytes in
//! some places: what is not replaced stays exactly as it was. [`Plain`] reads texts through their
//! entities and remembers where each character stood.
//!
//! Refused are document type declarations and entities other than the five of XML and characters
//! by number, elements nested more than [`DEPTH_MAX`] deep, and encodings other than UTF-8 and
//! those of one byte a letter that the Encoding Standard knows.
//!
//! Source: HL7 CDA release 2; HL7 C-CDA release 2.1; XML 1.0, fifth edition.

mod attributes;
mod charset;
mod plain;
mod tree;

use std::borrow::Cow;

use self::tree::Tree;
pub use self::{
    attributes::{Attribute, Attributes},
    plain::{Place, Plain, escape},
    tree::{Contents, Element, Piece, Span},
};
use crate::{
    Input, Limits, ReadError, ReadErrorKind,
    encoding::{self, Charset},
};

/// Elements nested deeper are refused.
pub const DEPTH_MAX: usize = 200;

/// One document, its root an element `ClinicalDocument` in whatever namespace.
pub struct Document {
    lead: &'static [u8],
    charset: Charset,
    text: String,
    tree: Tree,
}

impl Document {
    /// Reads a document whole; `name` is for errors.
    pub fn read(name: &str, input: Input<'_>, limits: &Limits) -> Result<Self, ReadError> {
        let bytes = input.into_bytes(name, limits)?;
        if bytes.trim_ascii().is_empty() {
            return Err(ReadError::new(name, ReadErrorKind::Empty));
        }
        encoding::refuse_binary(name, &bytes, 0)?;
        let (lead, body): (&'static [u8], _) = match bytes.strip_prefix(encoding::BOM) {
            Some(body) => (encoding::BOM, body.to_vec()),
            None => (b"", bytes),
        };
        let set = charset::declared(name, &body)?;
        let base = lead.len() as u64;
        let text = set.decode(name, body, base, charset::NOT_READ)?;
        let tree = Tree::of(name, &text, base)?;
        Ok(Self {
            lead,
            charset: set,
            text,
            tree,
        })
    }

    /// The document as text, without a byte order mark; every [`Span`] is one of this.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What stands at the top: one element, and comments and instructions around it.
    pub fn contents(&self) -> Contents<'_> {
        self.tree.contents(&self.text)
    }

    /// The root element.
    pub fn root(&self) -> Option<Element<'_>> {
        self.contents().elements().next()
    }

    /// A text as bytes of the document's own encoding, after its byte order mark; a letter that
    /// the encoding does not have is written by its number.
    pub fn encode<'t>(&self, text: &'t str) -> (&'static [u8], Cow<'t, [u8]>) {
        (self.lead, self.charset.encode(text))
    }
}

impl std::fmt::Debug for Document {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Document")
            .field("bytes", &self.text.len())
            .finish_non_exhaustive()
    }
}

/// Whether a head begins like a clinical document: after a byte order mark, declarations and
/// comments.
pub(crate) fn is_head(head: &[u8]) -> bool {
    let mut body = head.strip_prefix(encoding::BOM).unwrap_or(head);
    loop {
        body = body.trim_ascii_start();
        let end = match body {
            [b'<', b'?', rest @ ..] => after(rest, b"?>"),
            [b'<', b'!', b'-', b'-', rest @ ..] => after(rest, b"-->"),
            // Refused in reading, with its reason.
            [b'<', b'!', rest @ ..] => after(rest, b">"),
            _ => break,
        };
        match end {
            Some(rest) => body = rest,
            None => return false,
        }
    }
    let Some(tag) = body.strip_prefix(b"<") else {
        return false;
    };
    let ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/');
    let name = tag.split(ends).next().unwrap_or_default();
    name.rsplit(|byte| *byte == b':').next() == Some(ROOT.as_bytes())
}

fn after<'b>(bytes: &'b [u8], mark: &[u8]) -> Option<&'b [u8]> {
    let at = memchr::memmem::find(bytes, mark)?;
    bytes.get(at + mark.len()..)
}

fn malformed(name: &str, why: &'static str, at: u64) -> ReadError {
    ReadError::new(name, ReadErrorKind::Ccda { why }).at(at)
}

const ROOT: &str = "ClinicalDocument";

#[cfg(test)]
mod tests;
