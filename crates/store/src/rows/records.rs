//! Records.

use crate::{Noun, Position, record::Place};

/// One revision as it stands in the database.
#[derive(Debug)]
pub(crate) struct SealedRecord {
    pub(crate) id: String,
    pub(crate) revision: u64,
    pub(crate) sealed: Vec<u8>,
    /// `None` while its transaction is open.
    pub(crate) position: Option<Position>,
}

/// A revision as it stands in the database, of whatever noun.
#[derive(Debug)]
pub(crate) struct AnyRecord {
    pub(crate) noun: String,
    pub(crate) id: String,
    pub(crate) revision: u64,
    pub(crate) sealed: Vec<u8>,
}

super::on_both! { records:
    /// The newest revision's number, 0 when there is none.
    fn newest(noun: Noun, id: &str) -> u64;
    fn insert(place: Place<'_>, sealed: &[u8], transaction: &str) -> ();
    /// The newest revision of one record.
    fn find(noun: Noun, id: &str) -> Option<SealedRecord>;
    /// The newest revision of every record of a noun, by id.
    fn list(noun: Noun) -> Vec<SealedRecord>;
    /// All revisions of one record, oldest first.
    fn history(noun: Noun, id: &str) -> Vec<SealedRecord>;
    /// Every revision of every record.
    fn every() -> Vec<AnyRecord>;
}
