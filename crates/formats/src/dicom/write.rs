//! A file from its elements.

use super::{DataSet, DicomFile, Element, Syntax, Tag, Value, Vr, tags};

/// The implementation class UID of files written here, a UUID under 2.25 (PS3.5 annex B.2).
pub const IMPLEMENTATION_UID: &str = "2.25.104260469239497084355705485732433044331";
/// The implementation version name of files written here.
pub const IMPLEMENTATION_VERSION: &str = "CLOISTER_1";

/// Preamble, file meta information, data set.
pub(super) fn file(file: &DicomFile<'_>) -> Vec<u8> {
    let mut writer = Writer::new(&Syntax::EXPLICIT_LITTLE);
    writer.data_set(&meta(file));
    let meta = writer.bytes;
    let mut writer = Writer::new(&Syntax::EXPLICIT_LITTLE);
    writer.bytes.resize(128, 0);
    writer.bytes.extend(b"DICM");
    let length = u32::try_from(meta.len()).unwrap_or_default();
    let length = length.to_le_bytes().to_vec();
    writer.element(&Element::bytes(Tag(0x0002, 0x0000), Vr::Ul, length));
    writer.bytes.extend(meta);
    writer.is_explicit = file.syntax.is_explicit();
    writer.is_big_endian = file.syntax.is_big_endian();
    writer.data_set(&file.data);
    writer.bytes
}

/// Group 0002, which says the same as the data set (PS3.10 section 7.1).
fn meta(file: &DicomFile<'_>) -> DataSet<'static> {
    let uid = |tag| file.data.string(tag).unwrap_or_default();
    let mut meta = DataSet::default();
    meta.put(Element::bytes(Tag(0x0002, 0x0001), Vr::Ob, &[0, 1][..]));
    for (tag, uid) in [
        (tags::META_SOP_CLASS, uid(tags::SOP_CLASS_UID)),
        (tags::META_SOP_INSTANCE, uid(tags::SOP_INSTANCE_UID)),
        (tags::TRANSFER_SYNTAX, file.syntax.uid().to_owned()),
        (Tag(0x0002, 0x0012), IMPLEMENTATION_UID.to_owned()),
    ] {
        meta.put(Element::text(tag, Vr::Ui, &uid));
    }
    let version = Element::text(Tag(0x0002, 0x0013), Vr::Sh, IMPLEMENTATION_VERSION);
    meta.put(version);
    meta
}

struct Writer {
    bytes: Vec<u8>,
    is_explicit: bool,
    is_big_endian: bool,
}

impl Writer {
    fn new(syntax: &Syntax) -> Self {
        Self {
            bytes: Vec::new(),
            is_explicit: syntax.is_explicit(),
            is_big_endian: syntax.is_big_endian(),
        }
    }

    fn data_set(&mut self, data: &DataSet<'_>) {
        for element in &data.elements {
            self.element(element);
        }
    }

    fn element(&mut self, element: &Element<'_>) {
        match &element.value {
            Value::Bytes(bytes) => {
                let odd = bytes.len() & 1;
                // INVARIANT: values come from a file of at most four gigabytes, or are short.
                let length = u32::try_from(bytes.len() + odd).unwrap_or(u32::MAX - 1);
                self.header(element.tag, element.vr, length);
                self.bytes.extend_from_slice(bytes);
                if odd == 1 {
                    self.bytes.push(element.vr.padding());
                }
            }
            Value::Items(items) => {
                self.header(element.tag, Vr::Sq, u32::MAX);
                for item in items {
                    self.delimiter(tags::ITEM, u32::MAX);
                    self.data_set(item);
                    self.delimiter(tags::ITEM_END, 0);
                }
                self.delimiter(tags::SEQUENCE_END, 0);
            }
            Value::Fragments(bytes) => {
                self.header(element.tag, Vr::Ob, u32::MAX);
                self.bytes.extend_from_slice(bytes);
            }
        }
    }

    fn header(&mut self, tag: Tag, vr: Vr, length: u32) {
        self.tag(tag);
        if !self.is_explicit {
            return self.long(length);
        }
        let short = u16::try_from(length).ok().filter(|_| !vr.is_long());
        if let Some(length) = short {
            self.bytes.extend(vr.letters());
            self.short(length);
        } else {
            // PS3.5 section 6.2.2: too long for its representation is written as UN.
            let vr = if vr.is_long() { vr } else { Vr::Un };
            self.bytes.extend(vr.letters());
            self.short(0);
            self.long(length);
        }
    }

    fn delimiter(&mut self, tag: Tag, length: u32) {
        self.tag(tag);
        self.long(length);
    }

    fn tag(&mut self, tag: Tag) {
        self.short(tag.0);
        self.short(tag.1);
    }

    fn short(&mut self, number: u16) {
        self.bytes.extend(if self.is_big_endian {
            number.to_be_bytes()
        } else {
            number.to_le_bytes()
        });
    }

    fn long(&mut self, number: u32) {
        self.bytes.extend(if self.is_big_endian {
            number.to_be_bytes()
        } else {
            number.to_le_bytes()
        });
    }
}
