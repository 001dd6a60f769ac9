//! What becomes of an element.

use formats::dicom::{self, Element, Tag, Value, Vr};

use super::table::{self, Action, Row};
use crate::{
    kind::Kind,
    plan::{self, Plan},
};

/// What becomes of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// It stays, byte for byte.
    Keep,
    /// It goes.
    Remove(Kind),
    /// It stays without a value.
    Empty(Kind),
    /// A valid value that says nothing, or a random code.
    Dummy(Kind),
    /// The plan decides; what it removes leaves an empty element.
    Ask(Kind),
    /// Every UID that is not the standard's own is mapped.
    Uid,
    /// Text through the text engine.
    Clean,
    /// The items of the sequence, element by element.
    Walk,
    /// The same, and whatever identifies becomes a dummy.
    WalkDummy,
}

/// What the plan means for DICOM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Policy {
    pub(super) dates: Dates,
    /// Retain Patient Characteristics.
    pub(super) characteristics: bool,
}

/// The option Retain Longitudinal Temporal Information.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dates {
    /// Not retained.
    Removed,
    /// With modified dates.
    Modified,
    /// With full dates.
    Full,
}

/// Where an element stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// Inside a sequence.
    pub(super) is_nested: bool,
    /// Inside a sequence that becomes a dummy.
    pub(super) is_dummy: bool,
    /// Beside a coding scheme designator that is not a local one.
    pub(super) is_vocabulary: bool,
}

impl Policy {
    pub(super) fn of(plan: &Plan) -> Self {
        Self {
            dates: match plan.action(Kind::Date) {
                plan::Action::Keep => Dates::Full,
                plan::Action::Year | plan::Action::Suppress | plan::Action::Code => Dates::Removed,
                _ => Dates::Modified,
            },
            characteristics: plan.action(Kind::Quasi) == plan::Action::Keep,
        }
    }

    pub(super) fn rule(self, element: &Element<'_>, place: Place) -> Rule {
        let (tag, vr) = (element.tag, element.vr);
        if matches!(tag.0 & 0xff00, 0x5000 | 0x6000) && tag.0 & 0xff < 0x20 {
            return Rule::Remove(Kind::Photo);
        }
        if !is_consistent(element) {
            return Rule::Remove(Kind::Undecided);
        }
        match table::row(tag) {
            Some(row) => self.of_row(row, element, place),
            None if place.is_dummy => in_dummy(vr, element),
            None => self.unlisted(tag, vr, element, place),
        }
    }

    fn of_row(self, row: &Row, element: &Element<'_>, place: Place) -> Rule {
        let vr = element.vr;
        let is_sequence = vr == Vr::Sq;
        match row.kind {
            Kind::PersonId | Kind::PersonName => return Rule::Ask(row.kind),
            Kind::Age if self.characteristics => return Rule::Ask(Kind::Age),
            Kind::BirthDate | Kind::Date if row.options.dates || row.kind == Kind::BirthDate => {
                if let Some(rule) = self.retained_date(row.kind, vr) {
                    return rule;
                }
            }
            _ => {}
        }
        let options = row.options;
        if !place.is_dummy
            && is_sequence
            && (options.structured || options.graphics || options.descriptors)
        {
            return Rule::Walk;
        }
        if !place.is_dummy && vr.has_charset() && options.descriptors {
            return Rule::Clean;
        }
        if self.characteristics
            && (options.characteristics || options.characteristics_cleaned)
            && let Some(rule) = retained_characteristic(element)
        {
            return rule;
        }
        match row.action {
            Action::Remove => Rule::Remove(row.kind),
            Action::Empty if is_number(row.kind) && takes_code(vr) => Rule::Dummy(row.kind),
            Action::Dummy if is_sequence => Rule::WalkDummy,
            Action::Dummy | Action::Uid if vr == Vr::Ui => Rule::Uid,
            Action::Dummy => Rule::Dummy(row.kind),
            Action::Walk if is_sequence => Rule::Walk,
            Action::Empty | Action::Uid | Action::Walk => Rule::Empty(row.kind),
        }
    }

    /// The rule for a date that the plan retains in one form or another.
    fn retained_date(self, kind: Kind, vr: Vr) -> Option<Rule> {
        match (self.dates, vr) {
            (Dates::Full, _) if kind == Kind::Date => Some(Rule::Keep),
            (Dates::Full | Dates::Modified, Vr::Da | Vr::Dt) => Some(Rule::Ask(kind)),
            (Dates::Modified, Vr::Tm) => Some(Rule::Keep),
            _ => None,
        }
    }

    /// An attribute that the table does not list: what no rule allows is denied.
    fn unlisted(self, tag: Tag, vr: Vr, element: &Element<'_>, place: Place) -> Rule {
        if is_pixels(tag) {
            // Thumbnails show what the image shows.
            return if place.is_nested {
                Rule::Remove(Kind::Photo)
            } else {
                Rule::Keep
            };
        }
        if dicom::keyword(tag).is_none() {
            return Rule::Remove(Kind::Undecided);
        }
        match vr {
            Vr::Sq => Rule::Walk,
            Vr::Pn => Rule::Empty(Kind::OtherName),
            Vr::Ui => Rule::Uid,
            Vr::As => Rule::Ask(Kind::Age),
            Vr::Da | Vr::Dt => self
                .retained_date(Kind::Date, vr)
                .unwrap_or(Rule::Empty(Kind::Date)),
            Vr::Lo | Vr::Lt | Vr::Sh | Vr::St | Vr::Uc | Vr::Ut => {
                if is_vocabulary(tag) && place.is_vocabulary || is_technical(tag) {
                    Rule::Keep
                } else {
                    Rule::Clean
                }
            }
            Vr::Cs | Vr::Ds | Vr::Is | Vr::Tm => {
                if is_plain(vr, element) {
                    Rule::Keep
                } else {
                    Rule::Empty(Kind::Undecided)
                }
            }
            Vr::Ae => Rule::Empty(Kind::Device),
            Vr::Ur => Rule::Empty(Kind::Url),
            Vr::At | Vr::Fd | Vr::Fl | Vr::Sl | Vr::Ss | Vr::Sv | Vr::Ul | Vr::Us | Vr::Uv => {
                Rule::Keep
            }
            Vr::Ob | Vr::Od | Vr::Of | Vr::Ol | Vr::Ov | Vr::Ow => {
                if holds_measurements(tag) {
                    Rule::Keep
                } else {
                    Rule::Remove(Kind::Undecided)
                }
            }
            Vr::Un => Rule::Remove(Kind::Undecided),
        }
    }
}

/// Sex, size, weight and the like: text is read, codes and numbers stay if they are some.
fn retained_characteristic(element: &Element<'_>) -> Option<Rule> {
    match element.vr {
        vr if vr.has_charset() => Some(Rule::Clean),
        Vr::Us => Some(Rule::Keep),
        Vr::As => Some(Rule::Ask(Kind::Age)),
        vr @ (Vr::Cs | Vr::Ds | Vr::Is) if is_plain(vr, element) => Some(Rule::Keep),
        _ => None,
    }
}

/// Inside a dummy: coded strings and numbers stay, whatever could name something does not.
fn in_dummy(vr: Vr, element: &Element<'_>) -> Rule {
    match vr {
        Vr::Cs | Vr::Ds | Vr::Is if is_plain(vr, element) => Rule::Keep,
        Vr::Sq => Rule::WalkDummy,
        Vr::Ui => Rule::Uid,
        Vr::Pn => Rule::Dummy(Kind::OtherName),
        Vr::Da | Vr::Dt | Vr::Tm => Rule::Dummy(Kind::Date),
        Vr::At | Vr::Fd | Vr::Fl | Vr::Sl | Vr::Ss | Vr::Sv | Vr::Ul | Vr::Us | Vr::Uv => {
            Rule::Keep
        }
        Vr::Ob | Vr::Od | Vr::Of | Vr::Ol | Vr::Ov | Vr::Ow | Vr::Un => {
            Rule::Remove(Kind::Undecided)
        }
        _ => Rule::Dummy(Kind::Undecided),
    }
}

/// Whether the value is of the type that the dictionary gives the tag: a name that is declared to
/// be a number is neither read nor trusted.
fn is_consistent(element: &Element<'_>) -> bool {
    let Some(expected) = dicom::vr_of(element.tag) else {
        return true;
    };
    let is_sequence = matches!(element.value, Value::Items(_));
    let vr = element.vr;
    is_sequence == (expected == Vr::Sq)
        && (vr == expected
            || vr.is_text() && expected.is_text() && vr.has_charset() == expected.has_charset()
            || !vr.is_text() && !expected.is_text())
}

fn is_number(kind: Kind) -> bool {
    matches!(kind, Kind::RecordId | Kind::Device)
}

const fn takes_code(vr: Vr) -> bool {
    matches!(vr, Vr::Lo | Vr::Sh | Vr::Uc)
}

pub(super) const fn is_pixels(tag: Tag) -> bool {
    tag.0 == 0x7fe0 && matches!(tag.1, 0x0008..=0x0010)
}

/// Characters that coded strings, numbers and times are written with, and no more of them than the
/// standard allows.
fn is_plain(vr: Vr, element: &Element<'_>) -> bool {
    let Value::Bytes(bytes) = &element.value else {
        return false;
    };
    bytes.split(|byte| *byte == b'\\').all(|value| {
        value.trim_ascii().len() <= 16
            && value.iter().all(|byte| match vr {
                Vr::Cs => {
                    byte.is_ascii_uppercase() || byte.is_ascii_digit() || b" _\0".contains(byte)
                }
                Vr::Tm => byte.is_ascii_digit() || b".: \0".contains(byte),
                _ => byte.is_ascii_digit() || b"+-.eE \0".contains(byte),
            })
    })
}

/// Parts of a coded entry: they stay beside a coding scheme that is not a local one.
fn is_vocabulary(tag: Tag) -> bool {
    tag.0 == 0x0008 && matches!(tag.1, 0x0100 | 0x0102..=0x0104 | 0x0119)
}

/// Text that describes the machine or the physics, never the person.
fn is_technical(tag: Tag) -> bool {
    TECHNICAL.binary_search(&tag).is_ok()
}

/// Tables, waveforms, spectra, surfaces and meshes.
const fn holds_measurements(tag: Tag) -> bool {
    matches!(
        tag.0,
        0x0028 | 0x5400 | 0x5600 | 0x0064 | 0x0066 | 0x006a | 0x7fe0
    )
}

const TECHNICAL: [Tag; 23] = [
    Tag(0x0008, 0x0070), // Manufacturer
    Tag(0x0008, 0x1090), // ManufacturerModelName
    Tag(0x0018, 0x0024), // SequenceName
    Tag(0x0018, 0x0031), // Radiopharmaceutical
    Tag(0x0018, 0x1020), // SoftwareVersions
    Tag(0x0018, 0x1040), // ContrastBolusRoute
    Tag(0x0018, 0x1160), // FilterType
    Tag(0x0018, 0x1180), // CollimatorGridName
    Tag(0x0018, 0x1210), // ConvolutionKernel
    Tag(0x0018, 0x1250), // ReceiveCoilName
    Tag(0x0018, 0x1251), // TransmitCoilName
    Tag(0x0018, 0x9005), // PulseSequenceName
    Tag(0x0020, 0x1040), // PositionReferenceIndicator
    Tag(0x0028, 0x1054), // RescaleType
    Tag(0x0028, 0x1055), // WindowCenterWidthExplanation
    Tag(0x0028, 0x3003), // LUTExplanation
    Tag(0x0028, 0x3004), // ModalityLUTType
    Tag(0x0042, 0x0012), // MIMETypeOfEncapsulatedDocument
    Tag(0x0054, 0x1100), // RandomsCorrectionMethod
    Tag(0x0054, 0x1101), // AttenuationCorrectionMethod
    Tag(0x0054, 0x1103), // ReconstructionMethod
    Tag(0x0054, 0x1104), // DetectorLinesOfResponseUsed
    Tag(0x0054, 0x1105), // ScatterCorrectionMethod
];
