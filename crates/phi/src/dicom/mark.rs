//! What was done, written into the file.

use formats::dicom::{DataSet, Element, Tag, Vr};

use super::{
    rules::{Dates, Policy},
    tags,
};

/// Which options were applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Done {
    pub(super) policy: Policy,
    pub(super) cleaned_pixels: bool,
    pub(super) kept_private: bool,
}

/// Writes Patient Identity Removed, the method, and whether dates were changed.
///
/// Source: PS3.15 section E.1.1, PS3.3 section C.7.1.1.
pub(super) fn write(data: &mut DataSet<'_>, done: Done) {
    data.put(Element::text(Tag(0x0012, 0x0062), Vr::Cs, "YES"));
    data.put(Element::text(Tag(0x0012, 0x0063), Vr::Lo, METHOD));
    let codes = done
        .codes()
        .map(|(value, meaning)| code(data, value, meaning))
        .collect();
    data.put(Element::sequence(Tag(0x0012, 0x0064), codes));
    let dates = match done.policy.dates {
        Dates::Removed => "REMOVED",
        Dates::Modified => "MODIFIED",
        Dates::Full => "UNMODIFIED",
    };
    data.put(Element::text(Tag(0x0028, 0x0303), Vr::Cs, dates));
    if done.cleaned_pixels {
        data.put(Element::text(tags::BURNED_IN, Vr::Cs, "NO"));
    }
}

impl Done {
    /// The codes of CID 7050 for what was done, in ascending order.
    fn codes(self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let is_done = move |value: &str| match value {
            "113101" => self.cleaned_pixels,
            "113106" => self.policy.dates == Dates::Full,
            "113107" => self.policy.dates == Dates::Modified,
            "113108" => self.policy.characteristics,
            "113111" => self.kept_private,
            _ => true,
        };
        CODES.into_iter().filter(move |(value, _)| is_done(value))
    }
}

fn code<'b>(data: &DataSet<'_>, value: &str, meaning: &str) -> DataSet<'b> {
    let mut item = DataSet {
        charset: data.charset,
        ..DataSet::default()
    };
    item.put(Element::text(Tag(0x0008, 0x0100), Vr::Sh, value));
    item.put(Element::text(Tag(0x0008, 0x0102), Vr::Sh, "DCM"));
    item.put(Element::text(Tag(0x0008, 0x0104), Vr::Lo, meaning));
    item
}

const METHOD: &str = concat!(
    "Cloister ",
    env!("CARGO_PKG_VERSION"),
    ", PS3.15 table E.1-1"
);

/// CID 7050, De-identification Method.
const CODES: [(&str, &str); 9] = [
    ("113100", "Basic Application Confidentiality Profile"),
    ("113101", "Clean Pixel Data Option"),
    ("113103", "Clean Graphics Option"),
    ("113104", "Clean Structured Content Option"),
    ("113105", "Clean Descriptors Option"),
    (
        "113106",
        "Retain Longitudinal Temporal Information Full Dates Option",
    ),
    (
        "113107",
        "Retain Longitudinal Temporal Information Modified Dates Option",
    ),
    ("113108", "Retain Patient Characteristics Option"),
    ("113111", "Retain Safe Private Option"),
];
