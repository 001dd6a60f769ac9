//! Wrapping data keys anew under the active key-encryption key, without touching what they sealed.

use audit::Event;
use seal::{Keyring, SystemEntropy, WrappedKey};

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
    let mut anew = Vec::with_capacity(outdated.len());
    let wrapped_anew = wrap_all(&store.keyring, &outdated)?;
    for (Outdated { row, mut key }, (wrapped, fingerprint)) in
        outdated.into_iter().zip(wrapped_anew)
    {
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

/// Unwraps and wraps anew, on all cores where there are many.
fn wrap_all(keyring: &Keyring, outdated: &[Outdated]) -> Result<Vec<Wrapped>, StoreError> {
    let wrap = |part: &[Outdated]| -> Result<Vec<Wrapped>, StoreError> {
        let mut entropy = SystemEntropy::new();
        let keys = part.iter().map(|one| &one.key);
        keys.map(|key| keys::rewrap(keyring, key, &mut entropy))
            .collect()
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let part = outdated.len().div_ceil(cores).max(FEW);
    if outdated.len() <= part {
        return wrap(outdated);
    }
    let parts = std::thread::scope(|scope| {
        let threads: Vec<_> = outdated
            .chunks(part)
            .map(|part| scope.spawn(move || wrap(part)))
            .collect();
        let ended = threads.into_iter().map(|thread| {
            thread
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        });
        ended.collect::<Result<Vec<_>, _>>()
    })?;
    Ok(parts.concat())
}

/// What a key is wrapped in from now on, and its fingerprint.
type Wrapped = (WrappedKey, String);

impl Store {
    /// How many keys are wrapped under another key-encryption key than the active one.
    pub fn keys_outdated(&self) -> Result<u64, StoreError> {
        let kek = self.keyring.key_id();
        crate::rows::keys::count_outdated(&mut held(&self.reader), kek.as_str())
    }
}

/// Keys wrapped anew in one transaction: about a quarter of a second.
const STEP: u32 = 20_000;
/// Keys that are not worth a thread of their own: a few milliseconds.
const FEW: usize = 1_000;
