//! DICOM files (PS3.10): taken apart into elements, put together again.
//!
//! [`DicomFile::parse`] shows the data set as a tree of [`Element`]s that borrow the bytes of the
//! file; whoever edits it changes, empties or removes elements in place, and
//! [`DicomFile::write`] makes a valid file of the same transfer syntax. Values that nobody touched
//! are copied byte for byte, pixel data included.
//!
//! Read are implicit and explicit VR little endian, explicit VR big endian and every encapsulated
//! transfer syntax (the compressed frames are carried, never decoded). Refused are deflated data
//! sets, DICOMDIR (its offsets would point nowhere after a rewrite), malformed lengths, elements
//! that stand twice, and sequences nested deeper than [`LEVELS_MAX`].
//!
//! ```
//! use cloister_formats::dicom::{DicomFile, Element, Syntax, Tag, Vr};
//! let mut file = DicomFile::new(Syntax::EXPLICIT_LITTLE, "1.2.840.10008.5.1.4.1.1.2", "2.25.7");
//! file.data.put(Element::text(Tag(0x0010, 0x0010), Vr::Pn, "Example^Ada"));
//! let bytes = file.write();
//! let back = DicomFile::parse("x.dcm", &bytes)?;
//! assert_eq!(back.data.string(Tag(0x0010, 0x0010)).as_deref(), Some("Example^Ada"));
//! # Ok::<(), cloister_formats::ReadError>(())
//! ```
//!
//! Source: DICOM PS3.5 (data structures and encoding), PS3.6 (dictionary), PS3.10 (files).

mod charset;
mod data_set;
mod detect;
mod dictionary;
mod read;
mod syntax;
mod vr;
mod write;

pub use charset::Charset;
pub use data_set::{DataSet, Element, Tag, Value};
pub(crate) use detect::is_dicom;
pub use dictionary::{is_standard_uid, keyword, vr_of};
pub use read::LEVELS_MAX;
pub use syntax::Syntax;
pub use vr::Vr;
pub use write::{IMPLEMENTATION_UID, IMPLEMENTATION_VERSION};

use crate::ReadError;

/// One DICOM file: its transfer syntax and its data set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DicomFile<'b> {
    /// How the data set is written.
    pub syntax: Syntax,
    /// Every element below the file meta information.
    pub data: DataSet<'b>,
}

impl<'b> DicomFile<'b> {
    /// An empty file of one SOP instance, to be filled with elements.
    pub fn new(syntax: Syntax, sop_class: &str, sop_instance: &str) -> Self {
        let mut data = DataSet::default();
        data.put(Element::text(tags::SOP_CLASS_UID, Vr::Ui, sop_class));
        data.put(Element::text(tags::SOP_INSTANCE_UID, Vr::Ui, sop_instance));
        Self { syntax, data }
    }

    /// Takes a file apart; `name` stands in messages.
    ///
    /// A data set without preamble and file meta information is read too. Where the data set does
    /// not say its SOP class and instance, they are taken from the file meta information; a file
    /// that says them nowhere is refused.
    pub fn parse(name: &str, bytes: &'b [u8]) -> Result<Self, ReadError> {
        read::file(name, bytes)
    }

    /// The file: preamble of zeros, file meta information made anew, elements in ascending order,
    /// sequences of undefined length, values of even length.
    ///
    /// Group lengths are left out, as PS3.5 section 7.2 advises.
    pub fn write(&self) -> Vec<u8> {
        write::file(self)
    }
}

/// The few tags that reading and writing depend on.
pub(crate) mod tags {
    use super::Tag;

    pub(crate) const META_SOP_CLASS: Tag = Tag(0x0002, 0x0002);
    pub(crate) const META_SOP_INSTANCE: Tag = Tag(0x0002, 0x0003);
    pub(crate) const TRANSFER_SYNTAX: Tag = Tag(0x0002, 0x0010);
    pub(crate) const CHARACTER_SET: Tag = Tag(0x0008, 0x0005);
    pub(crate) const SOP_CLASS_UID: Tag = Tag(0x0008, 0x0016);
    pub(crate) const SOP_INSTANCE_UID: Tag = Tag(0x0008, 0x0018);
    pub(crate) const PIXEL_DATA: Tag = Tag(0x7fe0, 0x0010);
    pub(crate) const ITEM: Tag = Tag(0xfffe, 0xe000);
    pub(crate) const ITEM_END: Tag = Tag(0xfffe, 0xe00d);
    pub(crate) const SEQUENCE_END: Tag = Tag(0xfffe, 0xe0dd);
}

#[cfg(test)]
mod tests;
