//! DICOM files without their identifiers: the Basic Application Level Confidentiality Profile.
//!
//! Every element of every sequence, to any depth, is held against Table E.1-1 of PS3.15 (621 rows,
//! `data/dicom-annex-e.tsv`); what the table does not list is denied unless a rule below allows it.
//!
//! | action of the table | becomes |
//! |---|---|
//! | X | removed |
//! | Z, X/Z | empty; record and device numbers become random codes; Patient's Name the person's surrogate |
//! | D, Z/D, X/D, X/Z/D | a valid dummy: a random code, 1 January of the year, zeros; a sequence keeps its shape, its values become dummies |
//! | U | a random UID under 2.25, the same in every file, study and run |
//! | X/Z/U* | the sequence stays, its UIDs are mapped |
//!
//! Where the standard lets the object decide (X/Z, X/D, …), the last letter is taken: it is
//! valid whether the attribute is required or not. Options applied:
//!
//! - *Clean Descriptors*: text goes through the text engine, which knows the patient, the
//!   physicians and the institution that the file names.
//! - *Clean Structured Content*: content trees stay; names, dates, UIDs and texts in them change.
//! - *Clean Graphics*: overlay groups 60xx are removed whole; texts of annotations are cleaned.
//! - *Retain Patient Characteristics*, where the plan keeps quasi-identifiers: sex, size, weight,
//!   ethnic group; ages over 89 become `090Y`.
//! - *Retain Longitudinal Temporal Information*: in full where the plan keeps dates, modified
//!   where it shifts them. Under Safe Harbor neither: a DA element has no form for a bare year, so
//!   dates are emptied, and where a value is required it is 1 January of the year.
//! - *Retain Safe Private*: only the elements that [`Imaging::safe_private`] lists; else every
//!   private element goes.
//!
//! Attributes outside the table: names and application entities are emptied, dates handled as
//! above, text read by the text engine, UIDs that are not the standard's mapped, URLs emptied,
//! numbers and coded strings kept, bytes removed except pixels, tables and waveforms. Elements
//! that the dictionary does not know, and values that do not fit their dictionary type, go.
//!
//! Pixels: see [`PixelRisk`] and [`RegionRules`]. What was done is written into the file:
//! (0012,0062), (0012,0063), (0012,0064) with codes of CID 7050, (0028,0303).
//!
//! Source: DICOM PS3.15 Annex E; PS3.16 CID 7050; 45 CFR 164.514(b)(2).

mod dummy;
mod facts;
mod mark;
mod regions;
mod risk;
mod rules;
mod table;
mod walk;

use formats::dicom::{DataSet, DicomFile, Tag};

pub use regions::{Region, RegionRule, RegionRules};
pub use risk::PixelRisk;

use self::walk::Walk;
use crate::transform::{DeidError, Deidentifier};

/// What a caller says about images, beyond the plan.
#[derive(Clone, Debug, Default)]
pub struct Imaging {
    /// Which regions of which images are blacked out.
    pub regions: RegionRules,
    /// Somebody looked at the pixels, or takes the risk: images that may show identifiers pass.
    pub burned_in_accepted: bool,
    /// Private elements that are known to be safe, such as an SUV factor.
    pub safe_private: Vec<SafePrivate>,
}

/// A private element that may stay, as its private creator and its place in the block.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SafePrivate {
    /// The private creator, as (gggg,00bb) gives it.
    pub creator: String,
    /// The odd group.
    pub group: u16,
    /// The last two hexadecimal digits of the element.
    pub element: u8,
}

/// A file without its identifiers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeidentifiedImage {
    /// The file, in the transfer syntax it came in.
    pub bytes: Vec<u8>,
    /// Signs that the pixels may show identifiers: met by regions or accepted.
    pub risks: Vec<PixelRisk>,
    /// How many rectangles of how many frames were blacked out, multiplied.
    pub blacked_out: u64,
}

impl Deidentifier<'_> {
    /// The DICOM file without its identifiers: see [`crate::dicom`].
    ///
    /// Refused is an image whose pixels may show identifiers, unless `imaging` has a rule for its
    /// regions or accepts it, and a region that cannot be blacked out because the pixels are
    /// compressed. Nothing of a refused file is learnt or counted.
    pub fn dicom(
        &mut self,
        mut file: DicomFile<'_>,
        imaging: &Imaging,
    ) -> Result<DeidentifiedImage, DeidError> {
        let mut risks = risk::of(&file.data);
        let blacked_out = imaging.regions.apply(&mut file)?;
        let open = risks
            .iter()
            .any(|risk| blacked_out.is_none() || !risk.is_met_by_regions());
        if open && !imaging.burned_in_accepted {
            risks.retain(|risk| blacked_out.is_none() || !risk.is_met_by_regions());
            return Err(DeidError::BurnedIn {
                signs: risk::in_words(&risks),
            });
        }
        let name = risk::document_name(&file.data);
        let person = facts::learn(self, &file.data);
        let mut walk = Walk::new(self, person, imaging);
        walk.whole(&mut file.data);
        let (record, done) = walk.finish(blacked_out.is_some_and(|count| count > 0));
        self.count_document(&name, &record);
        mark::write(&mut file.data, done);
        Ok(DeidentifiedImage {
            bytes: file.write(),
            risks,
            blacked_out: blacked_out.unwrap_or(0),
        })
    }
}

/// The first value of an element, without padding.
fn first(data: &DataSet<'_>, tag: Tag) -> Option<String> {
    let text = data.string(tag)?;
    let first = text.split('\\').next()?.trim();
    (!first.is_empty()).then(|| first.to_owned())
}

/// Tags that several rules speak of.
mod tags {
    use super::Tag;

    pub(super) const IMAGE_TYPE: Tag = Tag(0x0008, 0x0008);
    pub(super) const SOP_CLASS_UID: Tag = Tag(0x0008, 0x0016);
    pub(super) const MODALITY: Tag = Tag(0x0008, 0x0060);
    pub(super) const CONVERSION_TYPE: Tag = Tag(0x0008, 0x0064);
    pub(super) const MANUFACTURER: Tag = Tag(0x0008, 0x0070);
    pub(super) const CODING_SCHEME: Tag = Tag(0x0008, 0x0102);
    pub(super) const MODEL: Tag = Tag(0x0008, 0x1090);
    pub(super) const PATIENT_NAME: Tag = Tag(0x0010, 0x0010);
    pub(super) const PATIENT_ID: Tag = Tag(0x0010, 0x0020);
    pub(super) const BIRTH_DATE: Tag = Tag(0x0010, 0x0030);
    pub(super) const STUDY_UID: Tag = Tag(0x0020, 0x000d);
    pub(super) const SAMPLES: Tag = Tag(0x0028, 0x0002);
    pub(super) const PHOTOMETRIC: Tag = Tag(0x0028, 0x0004);
    pub(super) const PLANAR: Tag = Tag(0x0028, 0x0006);
    pub(super) const FRAMES: Tag = Tag(0x0028, 0x0008);
    pub(super) const ROWS: Tag = Tag(0x0028, 0x0010);
    pub(super) const COLUMNS: Tag = Tag(0x0028, 0x0011);
    pub(super) const BITS_ALLOCATED: Tag = Tag(0x0028, 0x0100);
    pub(super) const BURNED_IN: Tag = Tag(0x0028, 0x0301);
    pub(super) const FACES: Tag = Tag(0x0028, 0x0302);
    pub(super) const PIXEL_DATA: Tag = Tag(0x7fe0, 0x0010);
}

#[cfg(test)]
mod tests;
