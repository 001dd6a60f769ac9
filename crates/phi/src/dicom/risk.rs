//! Whether the pixels of an image may show identifiers.

use formats::dicom::DataSet;

use super::{first, tags};

/// A sign that the pixels may show who a person is; without any value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum PixelRisk {
    /// Burned In Annotation (0028,0301) is not `NO` where it is given.
    Declared,
    /// A modality whose devices write on the image: ultrasound, angiography, photographs, ….
    Modality,
    /// A secondary capture, or a photograph.
    SopClass,
    /// The image type says that it is a screen, a report or a capture.
    ImageType,
    /// The image was scanned from film or paper, or captured from video.
    Conversion,
    /// Recognizable Visual Features (0028,0302) is not `NO` where it is given.
    Face,
}

impl PixelRisk {
    /// What it is, in words.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Declared => "burned-in annotation is declared",
            Self::Modality => "a modality that writes on images",
            Self::SopClass => "a secondary capture or photograph",
            Self::ImageType => "an image type of screens and reports",
            Self::Conversion => "a scanned or captured image",
            Self::Face => "recognizable visual features are declared",
        }
    }

    /// Whether blacking out regions of text is an answer: a face is not text.
    pub(super) const fn is_met_by_regions(self) -> bool {
        !matches!(self, Self::Face)
    }
}

/// The signs of a data set; none without pixel data.
///
/// Where (0028,0301) says `NO`, modality and photograph alone are no sign: the statement is the
/// device's. Captures and scans stay suspect, since the statement was not made by the device that
/// wrote on the image.
pub(super) fn of(data: &DataSet<'_>) -> Vec<PixelRisk> {
    if data.find(tags::PIXEL_DATA).is_none() {
        return Vec::new();
    }
    let stated = first(data, tags::BURNED_IN);
    let says_no = stated.as_deref() == Some("NO");
    let mut risks = Vec::new();
    let mut add = |is_there: bool, risk: PixelRisk| {
        if is_there {
            risks.push(risk);
        }
    };
    let is =
        |tag, words: &[&str]| first(data, tag).is_some_and(|value| words.contains(&value.as_str()));
    let class = first(data, tags::SOP_CLASS_UID).unwrap_or_default();
    let is_of = |roots: &[&str]| roots.iter().any(|root| is_under(&class, root));
    add(stated.is_some() && !says_no, PixelRisk::Declared);
    add(
        !says_no && is(tags::MODALITY, &MODALITIES),
        PixelRisk::Modality,
    );
    add(
        is_of(&CAPTURES) || !says_no && is_of(&WRITTEN_ON),
        PixelRisk::SopClass,
    );
    add(is_screen(data), PixelRisk::ImageType);
    add(
        is(tags::CONVERSION_TYPE, &CONVERSIONS),
        PixelRisk::Conversion,
    );
    let faces = first(data, tags::FACES);
    add(faces.is_some_and(|faces| faces != "NO"), PixelRisk::Face);
    risks
}

/// The signs as one line.
pub(super) fn in_words(risks: &[PixelRisk]) -> String {
    let words: Vec<&str> = risks.iter().map(|risk| risk.word()).collect();
    words.join(", ")
}

/// `DICOM CT`: under which name the manifest counts a file.
pub(super) fn document_name(data: &DataSet<'_>) -> String {
    let modality = first(data, tags::MODALITY).unwrap_or_default();
    let known = KNOWN.iter().find(|known| **known == modality);
    format!("DICOM {}", known.unwrap_or(&"other"))
}

fn is_screen(data: &DataSet<'_>) -> bool {
    data.string(tags::IMAGE_TYPE).is_some_and(|types| {
        SCREENS
            .iter()
            .any(|word| types.to_ascii_uppercase().contains(word))
    })
}

fn is_under(uid: &str, root: &str) -> bool {
    uid.strip_prefix(root)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

const MODALITIES: [&str; 26] = [
    "AS", "BDUS", "CD", "CF", "CP", "DD", "DF", "DG", "DM", "DOC", "EC", "EPS", "ES", "FA", "FS",
    "GM", "HC", "IVUS", "OT", "RF", "SC", "SM", "US", "VF", "XA", "XC",
];
/// Secondary captures, and the retired screens of them.
const CAPTURES: [&str; 1] = ["1.2.840.10008.5.1.4.1.1.7"];
/// Ultrasound, angiography, fluoroscopy, photographs.
const WRITTEN_ON: [&str; 6] = [
    "1.2.840.10008.5.1.4.1.1.3",
    "1.2.840.10008.5.1.4.1.1.6",
    "1.2.840.10008.5.1.4.1.1.12.1",
    "1.2.840.10008.5.1.4.1.1.12.2",
    "1.2.840.10008.5.1.4.1.1.12.3",
    "1.2.840.10008.5.1.4.1.1.77.1",
];
const SCREENS: [&str; 6] = [
    "SCREEN",
    "CAPTURE",
    "REPORT",
    "DOSE_INFO",
    "PROTOCOL",
    "SECONDARY DISPLAY",
];
/// Defined terms of (0008,0064), but for what a workstation computed.
const CONVERSIONS: [&str; 6] = ["DV", "DI", "DF", "SD", "SI", "DRW"];

/// Defined terms of (0008,0060) under which files are counted.
const KNOWN: [&str; 72] = [
    "AR",
    "ASMT",
    "AU",
    "BDUS",
    "BI",
    "BMD",
    "CD",
    "CF",
    "CR",
    "CT",
    "CTPROTOCOL",
    "DD",
    "DF",
    "DG",
    "DM",
    "DMS",
    "DOC",
    "DX",
    "ECG",
    "EEG",
    "EMG",
    "EOG",
    "EPS",
    "ES",
    "FID",
    "FA",
    "GM",
    "HC",
    "HD",
    "IO",
    "IOL",
    "IVOCT",
    "IVUS",
    "KER",
    "KO",
    "LEN",
    "LS",
    "MG",
    "MR",
    "NM",
    "OAM",
    "OCT",
    "OP",
    "OPM",
    "OPT",
    "OPTBSV",
    "OPTENF",
    "OPV",
    "OSS",
    "OT",
    "PLAN",
    "POS",
    "PR",
    "PT",
    "PX",
    "REG",
    "RESP",
    "RF",
    "RG",
    "RTDOSE",
    "RTIMAGE",
    "RTPLAN",
    "RTSTRUCT",
    "RTRECORD",
    "SEG",
    "SM",
    "SMR",
    "SR",
    "US",
    "VA",
    "XA",
    "XC",
];
