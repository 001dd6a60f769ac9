//! What PS3.6 says of a tag.

use dicom_core::{
    dictionary::{DataDictionary, DataDictionaryEntry, VirtualVr},
    header,
};
use dicom_dictionary_std::StandardDataDictionary;

use super::{Tag, Vr};

/// The keyword of a standard element, such as `PatientName`; nothing for what PS3.6 does not list.
///
/// ```
/// use cloister_formats::dicom::{Tag, keyword};
/// assert_eq!(keyword(Tag(0x0010, 0x0010)), Some("PatientName"));
/// assert_eq!(keyword(Tag(0x6002, 0x3000)), Some("OverlayData"));
/// assert_eq!(keyword(Tag(0x0009, 0x1001)), None);
/// ```
pub fn keyword(tag: Tag) -> Option<&'static str> {
    entry(tag).map(DataDictionaryEntry::alias)
}

/// The value representation of a standard element; nothing for what PS3.6 does not list. Where the
/// standard leaves a choice, the one without sign, or of words.
pub fn vr_of(tag: Tag) -> Option<Vr> {
    match entry(tag)?.vr() {
        VirtualVr::Exact(vr) => Vr::read(vr.to_bytes()),
        VirtualVr::Xs => Some(Vr::Us),
        _ => Some(Vr::Ow),
    }
}

/// Whether a UID is one that the standard itself gives out: SOP classes, transfer syntaxes, coding
/// schemes, well-known instances. Such a UID says nothing about a person.
pub fn is_standard_uid(uid: &str) -> bool {
    uid.starts_with("1.2.840.10008.")
}

type Entry = <StandardDataDictionary as DataDictionary>::Entry;

static DICTIONARY: StandardDataDictionary = StandardDataDictionary;

fn entry(tag: Tag) -> Option<&'static Entry> {
    if tag.is_private() || tag.1 == 0 {
        return None;
    }
    DICTIONARY.by_tag(header::Tag(tag.0, tag.1))
}
