//! Reading and exporting the log.

use access::{Permit, Resource};
use audit::Event;
use domain::Action;

use crate::{Desk, StageError};

/// Every entry, oldest first.
pub fn events(_permit: &Permit, desk: &Desk<'_>) -> Result<Vec<(u64, Event)>, StageError> {
    let mut events = Vec::new();
    for entry in desk.store.events(0)? {
        let (position, event) = entry?;
        events.push((position.index(), event));
    }
    Ok(events)
}

/// Writes down that the log was verified.
pub fn note_verification(desk: &Desk<'_>) -> Result<(), StageError> {
    let permit = desk.permit(Action::VerifyAudit, Resource::log(), None)?;
    desk.note(&permit, None)
}

/// The log as it leaves: lines that verify offline against the public key.
#[derive(Debug)]
pub struct Exported {
    /// NDJSON with index and leaf hash in every line, the signed checkpoint at the end.
    pub lines: String,
    /// The key the checkpoint is signed with.
    pub public_key_pem: String,
    /// Entries.
    pub size: u64,
}

/// Exports the whole log.
pub fn export(_permit: &Permit, desk: &Desk<'_>) -> Result<Exported, StageError> {
    let lines = desk.store.export_log()?;
    let size = lines.lines().count().saturating_sub(1) as u64;
    Ok(Exported {
        lines,
        size,
        public_key_pem: desk.store.log_public_key_pem(),
    })
}
