//! Whether the instance is whole.

use access::Resource;
use audit::Verified;
use domain::Action;
use store::{Noun, Recovery};

use crate::{Desk, StageError};

/// What an examination found in order.
#[derive(Debug)]
pub struct Examined {
    /// Records that open and are in their place.
    pub records: u64,
    /// Sealed objects that are whole.
    pub objects: u64,
    /// Their bytes.
    pub bytes: u64,
    /// The log as recomputed.
    pub log: Verified,
    /// What the start of the program had to put right.
    pub recovered: String,
}

/// Opens every record, digests every object and recomputes the log; the first damage is an error.
pub fn examine(desk: &Desk<'_>) -> Result<Examined, StageError> {
    let permit = desk.permit(Action::VerifyAudit, Resource::log(), None)?;
    desk.note(&permit, None)?;
    let mut records = 0;
    for noun in Noun::ALL {
        records += desk.store.list::<serde_json::Value>(noun)?.len() as u64;
    }
    let objects = desk.store.verify_objects(&mut |_, _| {})?;
    let log = desk.store.verify_log()?;
    Ok(Examined {
        records,
        objects: objects.objects,
        bytes: objects.bytes,
        log,
        recovered: told(desk.store.recovery()),
    })
}

fn told(recovery: &Recovery) -> String {
    if recovery.is_empty() {
        return "nothing: the last process ended in order".to_owned();
    }
    format!(
        "{} bytes of a torn entry cut, {} abandoned changes noted, {} orphaned objects removed",
        recovery.torn_bytes,
        recovery.abandoned.len(),
        recovery.orphans
    )
}
