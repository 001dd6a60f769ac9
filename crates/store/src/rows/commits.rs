//! Saved transactions.

use crate::Position;

/// A saved transaction.
#[derive(Debug)]
pub(crate) struct SavedCommit {
    pub(crate) transaction: String,
    pub(crate) position: Position,
    /// The sealed list of what it changed.
    pub(crate) changes: Vec<u8>,
}

super::on_both! { commits:
    fn insert(commit: &SavedCommit) -> ();
    /// Whether the transaction was saved at that log entry.
    fn knows(transaction: &str, position: Position) -> bool;
    /// The newest log entry that the database knows.
    fn newest() -> Option<Position>;
    /// All saved transactions in the order of the log.
    fn all() -> Vec<SavedCommit>;
}
