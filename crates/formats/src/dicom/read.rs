//! The bytes of a file, element by element.

use std::borrow::Cow;

use super::{Charset, DataSet, DicomFile, Element, Syntax, Tag, Value, Vr, dictionary, tags};
use crate::{ReadError, ReadErrorKind};

/// Sequences may be nested this deep.
pub const LEVELS_MAX: usize = 32;

/// A file, or a data set without preamble and file meta information.
pub(super) fn file<'b>(name: &str, bytes: &'b [u8]) -> Result<DicomFile<'b>, ReadError> {
    let start = match bytes.get(128..132) {
        Some(b"DICM") => 132,
        _ => 0,
    };
    let mut reader = Reader::new(name, bytes, start);
    let meta = reader.meta()?;
    let syntax = match meta.string(tags::TRANSFER_SYNTAX) {
        Some(uid) => Syntax::of(&uid),
        None if meta.elements.is_empty() => reader.guessed(),
        None => return Err(reader.wrong("the transfer syntax is missing")),
    };
    if syntax.is_deflated() {
        return Err(reader.unread("a deflated DICOM data set", UNPACK));
    }
    if meta.string(tags::META_SOP_CLASS).as_deref() == Some(DIRECTORY) {
        return Err(reader.unread("a DICOMDIR", "make a new one from the files it lists"));
    }
    reader.is_explicit = syntax.is_explicit();
    reader.is_big_endian = syntax.is_big_endian();
    let mut data = reader.data_set(End::At(bytes.len()), Charset::default(), LEVELS_MAX)?;
    complete(&mut data, &meta)
        .ok_or_else(|| reader.wrong("SOP class or instance UID is missing"))?;
    Ok(DicomFile { syntax, data })
}

/// Takes from the file meta information what the data set does not say itself, or says under
/// another value representation than that of a UID.
fn complete(data: &mut DataSet<'_>, meta: &DataSet<'_>) -> Option<()> {
    for (tag, source) in [
        (tags::SOP_CLASS_UID, tags::META_SOP_CLASS),
        (tags::SOP_INSTANCE_UID, tags::META_SOP_INSTANCE),
    ] {
        let is_uid = data.find(tag).is_some_and(|element| element.vr == Vr::Ui);
        if !is_uid || data.string(tag).is_none() {
            let uid = meta.string(source)?;
            data.put(Element::text(tag, Vr::Ui, &uid));
        }
    }
    Some(())
}

const DIRECTORY: &str = "1.2.840.10008.1.3.10";
const UNPACK: &str = "write it as explicit VR little endian with a DICOM tool first";
const UNDEFINED: u32 = u32::MAX;

/// Where a data set ends.
#[derive(Clone, Copy)]
enum End {
    /// At this byte.
    At(usize),
    /// At an item delimiter.
    Delimiter,
}

struct Reader<'n, 'b> {
    name: &'n str,
    bytes: &'b [u8],
    at: usize,
    is_explicit: bool,
    is_big_endian: bool,
}

impl<'n, 'b> Reader<'n, 'b> {
    const fn new(name: &'n str, bytes: &'b [u8], at: usize) -> Self {
        Self {
            name,
            bytes,
            at,
            is_explicit: true,
            is_big_endian: false,
        }
    }

    /// The elements of group 0002: explicit VR little endian, whatever follows.
    fn meta(&mut self) -> Result<DataSet<'b>, ReadError> {
        let mut meta = DataSet::default();
        while self.bytes.get(self.at..self.at.saturating_add(2)) == Some(&[2, 0]) {
            let element = self.element(Charset::default(), 1)?;
            meta.put(element);
        }
        Ok(meta)
    }

    /// The transfer syntax of a data set without file meta information, from its first element.
    fn guessed(&self) -> Syntax {
        let letters = self.bytes.get(4..6).and_then(|pair| pair.try_into().ok());
        if self.bytes.starts_with(&[0, 8]) {
            Syntax::EXPLICIT_BIG
        } else if letters.and_then(Vr::read).is_some() {
            Syntax::EXPLICIT_LITTLE
        } else {
            Syntax::IMPLICIT_LITTLE
        }
    }

    fn data_set(
        &mut self,
        end: End,
        charset: Charset,
        levels: usize,
    ) -> Result<DataSet<'b>, ReadError> {
        let mut data = DataSet {
            elements: Vec::new(),
            charset,
        };
        while !self.is_at(end)? {
            let started = self.at;
            let element = self.element(data.charset, levels)?;
            if element.tag == tags::CHARACTER_SET
                && let Value::Bytes(bytes) = &element.value
            {
                data.charset = Charset::read(bytes).unwrap_or_default();
            }
            if element.tag.0 == 0x0002 {
                return Err(self.wrong_at("file meta information inside the data set", started));
            }
            // A group length says how the file was written, not what it holds.
            if element.tag.1 == 0 {
                continue;
            }
            match data.elements.last().map(|last| last.tag.cmp(&element.tag)) {
                None | Some(std::cmp::Ordering::Less) => data.elements.push(element),
                Some(_) if data.find(element.tag).is_some() => {
                    return Err(self.wrong_at("an element stands twice", started));
                }
                Some(_) => data.put(element),
            }
        }
        Ok(data)
    }

    /// Whether the data set is over; a delimiter that ends it is taken.
    fn is_at(&mut self, end: End) -> Result<bool, ReadError> {
        match end {
            End::At(end) if self.at > end => {
                Err(self.wrong("a value runs over the end of its item"))
            }
            End::At(end) => Ok(self.at == end),
            End::Delimiter => {
                let started = self.at;
                if self.tag()? != tags::ITEM_END {
                    self.at = started;
                    return Ok(false);
                }
                self.length()?;
                Ok(true)
            }
        }
    }

    fn element(&mut self, charset: Charset, levels: usize) -> Result<Element<'b>, ReadError> {
        let started = self.at;
        let tag = self.tag()?;
        if tag.0 == 0xfffe {
            return Err(self.wrong_at("a delimiter where an element should stand", started));
        }
        let (vr, length) = self.vr_and_length(tag)?;
        let is_sequence = vr == Vr::Sq || vr == Vr::Un && length == UNDEFINED;
        let value = if is_sequence {
            let levels = levels
                .checked_sub(1)
                .ok_or_else(|| self.wrong_at("sequences are nested too deeply", started))?;
            Value::Items(self.sequence(vr, length, charset, levels)?)
        } else if length == UNDEFINED {
            if tag != tags::PIXEL_DATA || !matches!(vr, Vr::Ob | Vr::Ow) {
                return Err(self.wrong_at("a length is undefined where it may not be", started));
            }
            Value::Fragments(self.fragments()?)
        } else {
            Value::Bytes(Cow::Borrowed(self.take(length)?))
        };
        let vr = if is_sequence { Vr::Sq } else { vr };
        self.settled(Element { tag, vr, value }, charset, levels)
    }

    fn vr_and_length(&mut self, tag: Tag) -> Result<(Vr, u32), ReadError> {
        if !self.is_explicit {
            let vr = dictionary::vr_of(tag).unwrap_or(if tag.is_private() && tag.1 < 0x100 {
                Vr::Lo
            } else {
                Vr::Un
            });
            return Ok((vr, self.length()?));
        }
        let started = self.at;
        let letters = self.array::<2>()?;
        let vr = Vr::read(letters)
            .ok_or_else(|| self.wrong_at("an unknown value representation", started))?;
        if vr.is_long() {
            self.array::<2>()?;
            Ok((vr, self.length()?))
        } else {
            Ok((vr, u32::from(self.short()?)))
        }
    }

    /// A value of unknown representation whose tag the dictionary knows has the dictionary's.
    ///
    /// PS3.5 section 6.2.2: such values are little endian, sequences in them implicit.
    fn settled(
        &self,
        element: Element<'b>,
        charset: Charset,
        levels: usize,
    ) -> Result<Element<'b>, ReadError> {
        let Some(vr) = dictionary::vr_of(element.tag) else {
            return Ok(element);
        };
        let Value::Bytes(Cow::Borrowed(bytes)) = element.value else {
            return Ok(element);
        };
        if element.vr != Vr::Un || self.is_big_endian || !self.is_explicit {
            return Ok(element);
        }
        if vr != Vr::Sq {
            return Ok(Element { vr, ..element });
        }
        let mut inner = Reader {
            bytes: self.bytes.get(..self.at).unwrap_or_default(),
            at: self.at.saturating_sub(bytes.len()),
            is_explicit: false,
            ..*self
        };
        let length = u32::try_from(bytes.len()).unwrap_or(UNDEFINED - 1);
        let levels = levels
            .checked_sub(1)
            .ok_or_else(|| self.wrong("sequences are nested too deeply"))?;
        let items = inner.sequence(Vr::Sq, length, charset, levels)?;
        Ok(Element::sequence(element.tag, items))
    }

    fn sequence(
        &mut self,
        vr: Vr,
        length: u32,
        charset: Charset,
        levels: usize,
    ) -> Result<Vec<DataSet<'b>>, ReadError> {
        let outer = self.is_explicit;
        // A sequence whose representation is unknown is written implicitly (CP-246).
        self.is_explicit &= vr != Vr::Un;
        let items = self.items(length, charset, levels)?;
        self.is_explicit = outer;
        Ok(items)
    }

    fn items(
        &mut self,
        length: u32,
        charset: Charset,
        levels: usize,
    ) -> Result<Vec<DataSet<'b>>, ReadError> {
        let end = self.end_of(length)?;
        let mut items = Vec::new();
        while end != Some(self.at) {
            let started = self.at;
            let tag = self.tag()?;
            let length = self.length()?;
            if tag == tags::SEQUENCE_END && end.is_none() {
                break;
            }
            if tag != tags::ITEM || end.is_some_and(|end| self.at > end) {
                return Err(self.wrong_at("no item where an item should stand", started));
            }
            let item_end = self.end_of(length)?;
            if item_end > end && end.is_some() {
                return Err(self.wrong_at("an item is longer than its sequence", started));
            }
            let item_end = item_end.map_or(End::Delimiter, End::At);
            items.push(self.data_set(item_end, charset, levels)?);
            if end.is_some_and(|end| self.at > end) {
                return Err(self.wrong_at("an item is longer than its sequence", started));
            }
        }
        Ok(items)
    }

    /// Encapsulated pixel data: items of known length up to a sequence delimiter.
    fn fragments(&mut self) -> Result<&'b [u8], ReadError> {
        let started = self.at;
        loop {
            let place = self.at;
            let tag = self.tag()?;
            let length = self.length()?;
            match tag {
                tags::ITEM if length != UNDEFINED => {
                    self.take(length)?;
                }
                tags::SEQUENCE_END => break,
                _ => return Err(self.wrong_at("a fragment of pixel data is malformed", place)),
            }
        }
        Ok(self.bytes.get(started..self.at).unwrap_or_default())
    }

    /// Where a length from here ends; nothing for an undefined one.
    fn end_of(&self, length: u32) -> Result<Option<usize>, ReadError> {
        if length == UNDEFINED {
            return Ok(None);
        }
        usize::try_from(length)
            .ok()
            .and_then(|length| self.at.checked_add(length))
            .filter(|end| *end <= self.bytes.len())
            .map(Some)
            .ok_or_else(|| self.wrong("a length runs over the end of the file"))
    }

    fn tag(&mut self) -> Result<Tag, ReadError> {
        Ok(Tag(self.short()?, self.short()?))
    }

    fn short(&mut self) -> Result<u16, ReadError> {
        let bytes = self.array()?;
        Ok(if self.is_big_endian {
            u16::from_be_bytes(bytes)
        } else {
            u16::from_le_bytes(bytes)
        })
    }

    fn length(&mut self) -> Result<u32, ReadError> {
        let bytes = self.array()?;
        Ok(if self.is_big_endian {
            u32::from_be_bytes(bytes)
        } else {
            u32::from_le_bytes(bytes)
        })
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], ReadError> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let Some(bytes) = rest.first_chunk() else {
            return Err(self.wrong("the file ends inside an element"));
        };
        self.at += N;
        Ok(*bytes)
    }

    fn take(&mut self, length: u32) -> Result<&'b [u8], ReadError> {
        let end = self.end_of(length)?.unwrap_or(self.bytes.len());
        let taken = self.bytes.get(self.at..end).unwrap_or_default();
        self.at = end;
        Ok(taken)
    }

    fn unread(&self, what: &'static str, instead: &'static str) -> ReadError {
        ReadError::new(self.name, ReadErrorKind::Format { what, instead }).at(self.at as u64)
    }

    fn wrong(&self, why: &'static str) -> ReadError {
        self.wrong_at(why, self.at)
    }

    fn wrong_at(&self, why: &'static str, at: usize) -> ReadError {
        ReadError::new(self.name, ReadErrorKind::Dicom { why }).at(at as u64)
    }
}
