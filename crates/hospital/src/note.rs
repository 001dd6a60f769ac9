use domain::Identifier;
use serde::Serialize;

/// One free-text note and everything in it that identifies somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    /// Internal key such as `N0000123`.
    pub note_id: String,
    /// The patient.
    pub patient_id: String,
    /// The stay it belongs to.
    pub encounter_id: String,
    /// `discharge-summary`, `progress-note`, `nursing-note`, `radiology-report`,
    /// `referral-letter` or `phone-note`.
    pub note_type: &'static str,
    /// When it was written, local time, such as `2023-04-02T07:15`.
    pub written_at: String,
    /// The text, UTF-8.
    pub text: String,
    /// The family of templates it was written from.
    pub family: Family,
    /// The identifying pieces, in ascending order, never overlapping.
    pub truth: Vec<TruthSpan>,
}

/// One identifying piece of text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TruthSpan {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// The Safe Harbor category.
    pub category: Identifier,
    /// What it is in particular, such as `first-name` or `date-long`.
    pub kind: &'static str,
    /// Whom it is about.
    pub of: Role,
    /// Whether it is built from a held-out name.
    pub rare: bool,
}

/// Whom an identifying piece of text is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The patient.
    Patient,
    /// A relative or household member; Safe Harbor covers them.
    Relative,
    /// A clinician; Safe Harbor does not name them, most plans take them out.
    Clinician,
    /// The patient's employer; Safe Harbor covers it.
    Employer,
    /// A hospital or clinic.
    Facility,
}

/// A family of note templates, written independently of the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// Structured hospital notes under headings.
    Ward,
    /// Letters and clinic notes in prose.
    Letter,
    /// Terse notes of nurses and telephone desks.
    Desk,
    /// Field notes of a visiting team: held out, for measuring recall on unseen writing.
    Field,
}

impl Family {
    /// Whether rules and dictionaries must not be tuned on this family.
    pub const fn held_out(self) -> bool {
        matches!(self, Self::Field)
    }

    /// The word in `notes_jsonl`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ward => "ward",
            Self::Letter => "letter",
            Self::Desk => "desk",
            Self::Field => "field",
        }
    }
}
