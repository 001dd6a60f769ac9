//! The log: reading, searching, exporting, proving, keeping.

mod disclosures;
mod retention;
mod search;
mod witness;

use access::{Permit, Resource};
use audit::{Event, ExportFormat, TlogProof};
use domain::Action;

pub use self::{
    disclosures::{Accounted, Accounting, DisclosureNote, Recipient, account, disclose},
    retention::{
        Approval, Hold, Retention, RetentionRefusal, approve_pruning, hold, prune, release,
        retention, set_years,
    },
    search::{Question, search},
    witness::{Cosigned, add_cosignature, cosigned, cosigned_checkpoint, judge, seen_by},
};
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

/// Writes the entries from `first` to before `last` in a format, piece by piece; says how many.
pub fn export(
    _permit: &Permit,
    desk: &Desk<'_>,
    format: ExportFormat,
    (first, last): (u64, u64),
    write: &mut dyn FnMut(&str) -> std::io::Result<()>,
) -> Result<u64, StageError> {
    Ok(desk.store.export_log_as(format, first, last, write)?)
}

/// The log as static files, one after the other: path and bytes. Says how many entries.
pub fn tiles(
    _permit: &Permit,
    desk: &Desk<'_>,
    write: &mut dyn FnMut(&str, &[u8]) -> std::io::Result<()>,
) -> Result<u64, StageError> {
    Ok(desk.store.static_log(write)?)
}

/// The proof of an entry; with the newest cosigned checkpoint where that covers the entry.
pub fn prove(_permit: &Permit, desk: &Desk<'_>, entry: u64) -> Result<TlogProof, StageError> {
    let cosigned = cosigned_checkpoint(desk)?;
    Ok(desk.store.prove_entry(entry, cosigned.as_deref())?)
}
