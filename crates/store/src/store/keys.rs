//! Data keys: wrapped by the keyring, bound to their dataset and id.

use domain::{DatasetId, Entropy, KeyId};
use seal::{DataKey, Keyring, WrappedKey};

use crate::{
    StoreError,
    rows::{
        Rows,
        keys::{self, StoredKey},
    },
    tokens::token,
};

/// A new key and its row, for a dataset or, without one, for the records.
#[expect(
    clippy::expect_used,
    reason = "32 hexadecimal digits are an id by its alphabet and length"
)]
pub(crate) fn new_key(
    keyring: &Keyring,
    dataset: Option<&DatasetId>,
    entropy: &mut dyn Entropy,
) -> (KeyId, DataKey, StoredKey) {
    let id = KeyId::new(token(entropy)).expect("hexadecimal digits are an id");
    let key = DataKey::generate(entropy);
    let context = context(dataset.map(DatasetId::as_str), id.as_str());
    let stored = StoredKey {
        id: id.to_string(),
        dataset: dataset.map(DatasetId::to_string),
        wrapped: Some(keyring.wrap(&key, &context, entropy).to_string()),
        created_by: None,
    };
    (id, key, stored)
}

/// The active key of a dataset.
pub(crate) fn data_key(
    rows: &mut Rows,
    keyring: &Keyring,
    dataset: &DatasetId,
) -> Result<(KeyId, DataKey), StoreError> {
    let stored = keys::of_dataset(rows, dataset.as_str())?.ok_or(StoreError::KeyMissing {
        dataset: dataset.clone(),
    })?;
    if stored.wrapped.is_none() {
        return Err(StoreError::KeyDestroyed {
            dataset: dataset.clone(),
        });
    }
    unwrap(keyring, &stored)
}

/// A data key by its id.
pub(crate) fn data_key_by_id(
    rows: &mut Rows,
    keyring: &Keyring,
    key: &KeyId,
) -> Result<DataKey, StoreError> {
    let stored = keys::find(rows, key.as_str())?
        .ok_or_else(|| StoreError::KeyUnknown { key: key.clone() })?;
    match (&stored.wrapped, &stored.dataset) {
        (None, Some(dataset)) => Err(StoreError::KeyDestroyed {
            dataset: DatasetId::new(dataset.clone()).map_err(|_| StoreError::KeyDamaged {
                key: key.to_string(),
            })?,
        }),
        _ => Ok(unwrap(keyring, &stored)?.1),
    }
}

/// The key of the records.
pub(crate) fn row_key(rows: &mut Rows, keyring: &Keyring) -> Result<DataKey, StoreError> {
    let stored = keys::of_records(rows)?.ok_or_else(|| StoreError::RowsAltered {
        what: "the key of the records is missing".to_owned(),
    })?;
    Ok(unwrap(keyring, &stored)?.1)
}

fn unwrap(keyring: &Keyring, stored: &StoredKey) -> Result<(KeyId, DataKey), StoreError> {
    let damaged = || StoreError::KeyDamaged {
        key: stored.id.clone(),
    };
    let id = KeyId::new(stored.id.clone()).map_err(|_| damaged())?;
    let wrapped: WrappedKey = stored
        .wrapped
        .as_deref()
        .unwrap_or_default()
        .parse()
        .map_err(|_| damaged())?;
    let context = context(stored.dataset.as_deref(), &stored.id);
    let key = keyring.unwrap(&wrapped, &context).map_err(|_| damaged())?;
    Ok((id, key))
}

/// What a wrapped key is bound to. No dataset is called `|`: it is not in the alphabet of ids.
fn context(dataset: Option<&str>, key: &str) -> String {
    format!("key|{}|{key}", dataset.unwrap_or("|"))
}
