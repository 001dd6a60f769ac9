//! FHIR R4 resources without their identifiers.
//!
//! A document is walked once, element by element, and everything is denied that no rule allows.
//! What is not replaced is copied byte for byte, blanks included.
//!
//! | what | becomes |
//! |---|---|
//! | codes, codings, quantities, numbers, truth values | stay, bit for bit |
//! | date, dateTime, instant, Period | what the plan leaves: under Safe Harbor the year, and nothing where the year reveals an age over 89 |
//! | HumanName | one random code: the patient's own is the person's surrogate |
//! | Address | state, country, and what the plan leaves of the rest: ZIP3 under Safe Harbor |
//! | ContactPoint | what the plan leaves, by its system: nothing in the built-in plans |
//! | Narrative, photo, position, Signature, UDI | removed |
//! | Identifier | type, use and a random code |
//! | UIDs (`ImagingStudy.series.uid`, `urn:oid:…`) | a UID under 2.25, the same as in DICOM and C-CDA |
//! | Reference, `id`, `fullUrl` | a random code, the same everywhere; display only of clinical targets |
//! | Attachment | plain text through the text engine; all other content removed |
//! | Annotation and other running text | through the text engine |
//! | Extension, `modifierExtension`, `_` siblings | removed, except US Core race, ethnicity and birth sex, as codes |
//! | an unknown resource type | its coded elements only |
//! | any other string, names of elements that are none | removed, and counted as known to no rule |
//!
//! Dates and instants that were reduced to a year are valid FHIR `date` and `dateTime`, but too
//! short for `instant`. URNs become `urn:cloister:…`, addresses of servers
//! `https://deidentified.invalid/…`, so that references within a bundle still resolve.
//!
//! Source: 45 CFR 164.514(b)(2); HL7 FHIR R4 (4.0.1), data types and resource index.

mod learn;
mod link;
mod memory;
mod rules;
mod walk;
mod writer;

use formats::fhir::Document;

pub(crate) use self::memory::Memory;
use self::{walk::Walk, writer::Writer};
use crate::transform::{DeidError, Deidentifier};

impl Deidentifier<'_> {
    /// Takes in what a FHIR resource or bundle knows about its patients and their relatives, so
    /// that it is searched for in all of their documents.
    pub fn learn_fhir(&mut self, document: Document<'_>) -> Result<(), DeidError> {
        learn::learn(self, document)
    }

    /// Writes the resource or bundle without its identifiers to the end of `out`, from its first
    /// to its last brace: see [`crate::fhir`].
    ///
    /// The patient of a resource is that of `subject`, `patient`, `beneficiary` or `for`.
    /// Refused is a document without a resource type, and one of more than 64 levels; then nothing
    /// is written.
    ///
    /// # Guarantee
    ///
    /// The output is JSON. Doing it again to the output under Safe Harbor, with the same
    /// crosswalk, changes nothing.
    pub fn fhir(&mut self, document: Document<'_>, out: &mut Vec<u8>) -> Result<(), DeidError> {
        let root = document.root();
        if root.text_of("resourceType").is_none() {
            return Err(DeidError::NotAResource);
        }
        if document.levels() > LEVELS_MAX {
            return Err(DeidError::TooDeep {
                levels_max: LEVELS_MAX,
            });
        }
        learn::learn_bundle(self, root);
        let written = out.len();
        let mut memory = std::mem::take(&mut self.memory);
        memory.keep_if_of(self.people.revision());
        let writer = Writer::new(document.text(), out, root.start());
        let mut walk = Walk::new(self, memory, writer);
        let kept = walk.resource(root);
        self.memory = walk.finish(root.end());
        if kept {
            return Ok(());
        }
        out.truncate(written);
        Err(DeidError::NotAResource)
    }
}

/// More levels than any resource has, and few enough to walk without care for the stack.
const LEVELS_MAX: usize = 64;

#[cfg(test)]
mod tests;
