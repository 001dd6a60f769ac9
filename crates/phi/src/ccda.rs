//! C-CDA documents (HL7 CDA release 2) without their identifiers.
//!
//! A document is walked element by element, in any namespace and to any depth, by the names of
//! elements and by `xsi:type`; everything is denied that no rule allows. What is not replaced is
//! copied byte for byte, and no element is added or taken away.
//!
//! | what | becomes |
//! |---|---|
//! | codes, display names, units, quantities, template ids, kinds of acts and roles | stay |
//! | `name` | one code, where the family name stood; the patient's own is the person's surrogate |
//! | `addr` | state, country and ZIP3 |
//! | `telecom` | removed |
//! | `id`, `setId` | a code for the extension; a root that is itself the identifier becomes a UID under 2.25 |
//! | `effectiveTime`, `time`, `birthTime`, TS, `IVL_TS`, … | what the plan leaves of a date: under Safe Harbor the year, and nothing where the year reveals an age over 89 |
//! | `text`, `title`, `originalText`, ST, ED, display names of local codes | through the text engine, which reads a narrative as one text with its tables and lists |
//! | documents and pictures in base64, signatures | removed |
//! | `reference` | stays where it points inside the document, else removed |
//! | comments, processing instructions | removed, but for a style sheet beside the document |
//! | unknown attributes, text where no text belongs | removed, and counted as known to no rule; running text is read by the text engine |
//!
//! Where a date, number or address has to go, `nullFlavor="MSK"` (masked) stands in its place.
//!
//! Source: 45 CFR 164.514(b)(2); HL7 CDA release 2; HL7 C-CDA release 2.1; HL7 v3 data types.

mod attributes;
mod coded;
mod edits;
mod learn;
mod rules;
mod tables;
mod texts;
mod values;
mod walk;

use formats::ccda::Document;

use crate::transform::Deidentifier;

impl Deidentifier<'_> {
    /// Takes in what a document knows about its patient and those around them, so that it is
    /// searched for in all of the patient's documents.
    pub fn learn_ccda(&mut self, document: &Document) {
        learn::learn(self, document);
    }

    /// The document without its identifiers, in its own encoding: see [`crate::ccda`].
    ///
    /// The patient is known by the identifiers of the first `recordTarget/patientRole`. What the
    /// document knows is learnt first.
    ///
    /// # Guarantee
    ///
    /// The output has the elements of the input in the same order. Doing it again to the output,
    /// with the same crosswalk, changes nothing.
    pub fn ccda(&mut self, document: &Document) -> Vec<u8> {
        let identity = learn::learn(self, document);
        walk::Walk::new(self, document, identity).document()
    }
}

#[cfg(test)]
mod tests;
