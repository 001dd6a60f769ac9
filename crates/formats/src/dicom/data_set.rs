use std::{borrow::Cow, fmt};

use super::{Charset, Vr, dictionary, tags};

/// Group and element number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag(pub u16, pub u16);

/// The elements of a file or of one item of a sequence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DataSet<'b> {
    /// The elements, in ascending order of their tags.
    pub elements: Vec<Element<'b>>,
    /// The character set in force here: its own, or that of the data set around it.
    pub charset: Charset,
}

/// One element.
#[derive(Clone, PartialEq, Eq)]
pub struct Element<'b> {
    /// The tag.
    pub tag: Tag,
    /// The value representation that the file gives, or the dictionary where it gives none.
    pub vr: Vr,
    /// The value.
    pub value: Value<'b>,
}

/// The value of an element.
#[derive(Clone, PartialEq, Eq)]
pub enum Value<'b> {
    /// Bytes, in the byte order of the file.
    Bytes(Cow<'b, [u8]>),
    /// The items of a sequence.
    Items(Vec<DataSet<'b>>),
    /// Fragments of encapsulated pixel data, offset table and delimiter included, as they stand.
    Fragments(&'b [u8]),
}

impl Tag {
    /// Whether a manufacturer defined it: the group is odd.
    pub const fn is_private(self) -> bool {
        self.0 & 1 == 1
    }

    /// Group and element as one number.
    pub const fn number(self) -> u32 {
        (self.0 as u32) << 16 | self.1 as u32
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({:04X},{:04X})", self.0, self.1)
    }
}

impl<'b> DataSet<'b> {
    /// The element of this tag, at this level.
    pub fn find(&self, tag: Tag) -> Option<&Element<'b>> {
        let place = self.place(tag).ok()?;
        self.elements.get(place)
    }

    /// The decoded text of an element, without padding; all values, with their backslashes.
    ///
    /// Nothing if the element is not there, is no text, or is empty.
    pub fn string(&self, tag: Tag) -> Option<String> {
        let element = self.find(tag)?;
        let text = element.decode(self.charset)?;
        let text = text.trim_matches([' ', '\0']);
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// A number of two bytes.
    pub fn unsigned_short(&self, tag: Tag, is_big_endian: bool) -> Option<u16> {
        let Value::Bytes(bytes) = &self.find(tag)?.value else {
            return None;
        };
        let pair = bytes.first_chunk::<2>()?;
        Some(if is_big_endian {
            u16::from_be_bytes(*pair)
        } else {
            u16::from_le_bytes(*pair)
        })
    }

    /// Puts an element in its place, instead of one that has its tag.
    pub fn put(&mut self, element: Element<'b>) {
        match self.place(element.tag) {
            Ok(place) => {
                if let Some(known) = self.elements.get_mut(place) {
                    *known = element;
                }
            }
            Err(place) => self.elements.insert(place, element),
        }
    }

    /// Takes an element out.
    pub fn remove(&mut self, tag: Tag) {
        self.elements.retain(|element| element.tag != tag);
    }

    /// Who defined a private element: the value of the private creator that reserved its block.
    ///
    /// PS3.5 section 7.8.1: (gggg,00bb) reserves (gggg,bb00) to (gggg,bbFF).
    pub fn private_creator(&self, tag: Tag) -> Option<String> {
        let block = tag.1 >> 8;
        (tag.is_private() && (0x10..=0xff).contains(&block))
            .then(|| self.string(Tag(tag.0, block)))
            .flatten()
    }

    fn place(&self, tag: Tag) -> Result<usize, usize> {
        self.elements
            .binary_search_by_key(&tag, |element| element.tag)
    }
}

impl<'b> Element<'b> {
    /// An element of text that needs ASCII only.
    pub fn text(tag: Tag, vr: Vr, text: &str) -> Self {
        Self {
            tag,
            vr,
            value: Value::Bytes(Cow::Owned(text.as_bytes().to_vec())),
        }
    }

    /// An element of bytes.
    pub fn bytes(tag: Tag, vr: Vr, bytes: impl Into<Cow<'b, [u8]>>) -> Self {
        Self {
            tag,
            vr,
            value: Value::Bytes(bytes.into()),
        }
    }

    /// A sequence.
    pub const fn sequence(tag: Tag, items: Vec<DataSet<'b>>) -> Self {
        Self {
            tag,
            vr: Vr::Sq,
            value: Value::Items(items),
        }
    }

    /// The keyword, for standard elements.
    pub fn keyword(&self) -> Option<&'static str> {
        dictionary::keyword(self.tag)
    }

    /// Whether there is no value.
    pub fn is_empty(&self) -> bool {
        match &self.value {
            Value::Bytes(bytes) => bytes.is_empty(),
            Value::Items(items) => items.is_empty(),
            Value::Fragments(_) => false,
        }
    }

    /// The text of the value, padding and backslashes included.
    ///
    /// Nothing for values that are no text, and for bytes that are none in the character set.
    pub fn decode(&self, charset: Charset) -> Option<Cow<'_, str>> {
        let Value::Bytes(bytes) = &self.value else {
            return None;
        };
        if self.vr.has_charset() {
            charset.decode(bytes)
        } else if self.vr.is_text() || self.tag == tags::CHARACTER_SET {
            std::str::from_utf8(bytes).ok().map(Cow::Borrowed)
        } else {
            None
        }
    }

    /// Puts a text in place of the value.
    ///
    /// Characters that the character set does not have become `?`.
    pub fn set_text(&mut self, text: &str, charset: Charset) {
        let bytes = if self.vr.has_charset() {
            charset.encode(text)
        } else {
            Charset::default().encode(text)
        };
        self.value = Value::Bytes(Cow::Owned(bytes));
    }

    /// Leaves the element without a value: no bytes, no items.
    pub fn clear(&mut self) {
        self.value = match self.value {
            Value::Items(_) => Value::Items(Vec::new()),
            _ => Value::Bytes(Cow::Borrowed(&[])),
        };
    }
}

impl fmt::Debug for Element<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Element")
            .field("tag", &self.tag)
            .field("vr", &self.vr)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(f, "Bytes({})", bytes.len()),
            Self::Items(items) => write!(f, "Items({})", items.len()),
            Self::Fragments(bytes) => write!(f, "Fragments({})", bytes.len()),
        }
    }
}
