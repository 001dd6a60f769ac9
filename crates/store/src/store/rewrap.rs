//! Wrapping data keys anew under the active key-encryption key, without touching what they sealed.

use audit::Event;
use seal::SystemEntropy;

use super::{Store, keys};
use crate::{
    StoreError,
    fence::held,
    rows::{
        Rows,
        keys::{Anew, Outdated},
    },
    transaction::Changes,
};

/// Wraps anew in steps, each a transaction with its own line in the log: a process that dies loses
/// at most the step it was in, every key stays readable meanwhile, and the next call goes on.
pub(super) fn all(
    store: &Store,
    event: &mut dyn FnMut(u64) -> Result<Event, StoreError>,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<u64, StoreError> {
    let outdated = store.keys_outdated()?;
    let (mut done, mut after) = (0_u64, i64::MIN);
    while done < outdated {
        progress(done, outdated);
        let mut transaction = store.begin()?;
        let (wrapped, last) = transaction.rewrap_keys(after, STEP)?;
        if wrapped == 0 {
            break;
        }
        transaction.commit(event(wrapped)?)?;
        (done, after) = (done.saturating_add(wrapped), last);
    }
    progress(done, outdated);
    Ok(done)
}

/// Wraps the next keys behind `after` anew; says how many and where the next step begins.
pub(crate) fn step(
    store: &Store,
    rows: &mut Rows,
    changes: &mut Changes,
    after: i64,
    limit: u32,
) -> Result<(u64, i64), StoreError> {
    let kek = store.keyring.key_id();
    let outdated = crate::rows::keys::outdated(rows, kek.as_str(), after, limit)?;
    let Some(last) = outdated.last().map(|one| one.row) else {
        return Ok((0, after));
    };
    let mut entropy = SystemEntropy::new();
    let mut anew = Vec::with_capacity(outdated.len());
    for Outdated { row, mut key } in outdated {
        let (wrapped, fingerprint) = keys::rewrap(&store.keyring, &key, &mut entropy)?;
        if key.fingerprint.is_none() {
            // A row of the first schema: from now on it is known by its fingerprint.
            key.fingerprint = Some(fingerprint.clone());
            if key.dataset.is_some() {
                changes.key(&key);
            }
        }
        anew.push(Anew {
            row,
            wrapped: wrapped.to_string(),
            fingerprint,
        });
    }
    let changed = crate::rows::keys::rewrap(rows, kek.as_str(), &anew)?;
    Ok((changed, last))
}

impl Store {
    /// How many keys are wrapped under another key-encryption key than the active one.
    pub fn keys_outdated(&self) -> Result<u64, StoreError> {
        let kek = self.keyring.key_id();
        crate::rows::keys::count_outdated(&mut held(&self.reader), kek.as_str())
    }
}

/// Keys wrapped anew in one transaction: about a tenth of a second.
const STEP: u32 = 20_000;
