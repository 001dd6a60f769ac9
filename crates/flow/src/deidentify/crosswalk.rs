//! The crosswalk of a dataset, sealed under the dataset's own key: destroying that key destroys
//! the only way back from codes to persons.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::{DatasetId, KeyId};
use phi::crosswalk::Crosswalk;
use serde::{Deserialize, Serialize};
use store::{Noun, Transaction};

use crate::{Desk, StageError};

/// A crosswalk as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Sealed {
    /// The data key of the dataset.
    key: KeyId,
    /// The sealed JSON, in Base64.
    sealed: String,
}

/// The crosswalk that earlier versions of a dataset left, and its revision.
pub(super) fn find(
    desk: &Desk<'_>,
    dataset: &DatasetId,
) -> Result<(Crosswalk, Option<u64>), StageError> {
    let unreadable = || StageError::Stored("a crosswalk");
    let kept = desk
        .store
        .find::<Sealed>(Noun::Crosswalk, dataset.as_str())?;
    let Some(kept) = kept else {
        return Ok((Crosswalk::default(), None));
    };
    let key = desk.store.data_key_by_id(&kept.body.key)?;
    let sealed = STANDARD
        .decode(&kept.body.sealed)
        .map_err(|_| unreadable())?;
    let plain =
        seal::open_bytes(&key, context(dataset).as_bytes(), &sealed).map_err(|_| unreadable())?;
    let crosswalk = serde_json::from_slice(&plain).map_err(|_| unreadable())?;
    Ok((crosswalk, Some(kept.revision)))
}

/// Keeps a crosswalk under the key of its dataset.
pub(super) fn keep(
    transaction: &mut Transaction<'_>,
    desk: &Desk<'_>,
    dataset: &DatasetId,
    crosswalk: &Crosswalk,
    revision: Option<u64>,
) -> Result<(), StageError> {
    let (id, key) = transaction.data_key(dataset)?;
    let plain = serde_json::to_vec(crosswalk).map_err(|_| StageError::Stored("a crosswalk"))?;
    let context = context(dataset);
    let sealed = seal::seal_bytes(&key, context.as_bytes(), &plain, &mut desk.entropy());
    let body = Sealed {
        key: id,
        sealed: STANDARD.encode(sealed),
    };
    match revision {
        Some(revision) => {
            transaction.replace(Noun::Crosswalk, dataset.as_str(), revision, &body)?;
        }
        None => {
            transaction.insert(Noun::Crosswalk, dataset.as_str(), &body)?;
        }
    }
    Ok(())
}

fn context(dataset: &DatasetId) -> String {
    format!("dataset/{dataset}/crosswalk")
}
