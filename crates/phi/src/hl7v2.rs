//! HL7 v2 messages without their identifiers.
//!
//! A message is walked segment by segment and field by field, and everything is denied that no
//! rule allows. What is not replaced is copied byte for byte, and delimiters, field counts,
//! segment ends and framing stay.
//!
//! | what | becomes |
//! |---|---|
//! | codes, units, numbers, flags (CE, CWE, CNE, ID, IS, NM, SN, CQ, MO) | stay |
//! | DT, TS, DTM, DR | what the plan leaves of a date: under Safe Harbor the year, and nothing where the year reveals an age over 89 |
//! | XPN | one code; the patient's own name is the person's surrogate |
//! | XCN, PPN, NDL | a code for the number and one for the name |
//! | CX, EI | a code; the kind of number by CX-5 (HL7 table 0203) |
//! | XAD | state, country and ZIP3 |
//! | XTN, PL, the assigning authority of a number | removed |
//! | XON, HD | a code |
//! | TX, FT, ST, and codes without a coding system | through the text engine, across the lines of one report |
//! | ED, RP | removed, but for their type |
//! | Z segments, other unknown segments and fields | emptied, and counted as known to no rule |
//!
//! `""`, which asks the receiver to delete a value, stays.
//!
//! Source: 45 CFR 164.514(b)(2); HL7 v2.1 to v2.9, chapters 2, 2A and 3 to 12.

mod coded;
mod data_type;
mod ids;
mod learn;
mod obx;
mod rule;
mod segments;
mod texts;
mod walk;

use formats::hl7v2::Message;

use crate::transform::Deidentifier;

impl Deidentifier<'_> {
    /// Takes in what a message knows about its patient and those around them, and which numbers
    /// were merged, so that it is searched for in all of the patient's messages.
    pub fn learn_hl7v2(&mut self, message: &Message) {
        learn::learn(self, message);
    }

    /// Writes the message without its identifiers to the end of `out`, in its own character set:
    /// see [`crate::hl7v2`]. The framing before it ([`Message::lead`]) is the caller's to write.
    ///
    /// The patient of a segment is that of the last PID before it, known by the first PID-3 of
    /// type `MR`, else by the first PID-3. Batch and file headers are messages of one segment.
    ///
    /// # Guarantee
    ///
    /// The output has the segments of the input, each with as many fields, under the same
    /// delimiters. Doing it again to the output, with the same crosswalk, changes nothing.
    pub fn hl7v2(&mut self, message: &Message, out: &mut Vec<u8>) {
        walk::Walk::new(self, message).message(out);
    }
}

#[cfg(test)]
mod tests;
