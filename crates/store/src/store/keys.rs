//! Data keys: wrapped by the keyring, bound to instance, dataset, class, id, version and state.

use std::fmt::Write as _;

use domain::{DatasetId, Entropy, KeyId, Timestamp};
use seal::{
    DataKey, KeyClass, KeyPeriod, KeyPlace, KeyState, Keyring, UnwrapError, WrappedKey, wrap_under,
};

use crate::{
    StoreError,
    rows::{
        Rows,
        keys::{self, StoredKey},
    },
    tokens::token,
};

/// A data key as it is listed, without the key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyInfo {
    /// Its id.
    pub id: KeyId,
    /// The dataset; none for the key of the records.
    pub dataset: Option<DatasetId>,
    /// The class of columns; none for the data key itself.
    pub class: Option<KeyClass>,
    /// Counted from 1.
    pub version: u32,
    /// Its state under NIST SP 800-57.
    pub state: KeyState,
    /// When it may seal; keys of the first version of this program have no dates.
    pub period: Option<KeyPeriod>,
    /// Which key it is wrapped under.
    pub kek: Option<String>,
}

/// A new key and its row, for a dataset or, without one, for the records.
pub(crate) fn new_key(
    keyring: &Keyring,
    dataset: Option<&DatasetId>,
    version: u32,
    entropy: &mut dyn Entropy,
) -> (KeyId, DataKey, StoredKey) {
    let (id, key, mut stored) = bare_key(dataset, None, version, entropy);
    let wrapped = keyring.wrap(&key, &context(&stored), entropy);
    stored.kek = Some(wrapped.kek().to_string());
    stored.wrapped = Some(wrapped.to_string());
    (id, key, stored)
}

/// A new key of a class of columns and its row, wrapped under the dataset's data key.
pub(crate) fn new_class_key(
    keyring: &Keyring,
    (data_key_id, data_key): (&KeyId, &DataKey),
    dataset: &DatasetId,
    class: KeyClass,
    entropy: &mut dyn Entropy,
) -> (KeyId, DataKey, StoredKey) {
    let (id, key, mut stored) = bare_key(Some(dataset), Some(class), 1, entropy);
    let under = (data_key_id, data_key);
    let wrapped = wrap_under(keyring, under, &key, &context(&stored), entropy);
    stored.kek = Some(data_key_id.to_string());
    stored.wrapped = Some(wrapped.to_string());
    (id, key, stored)
}

#[expect(
    clippy::expect_used,
    reason = "32 hexadecimal digits are an id by its alphabet and length"
)]
fn bare_key(
    dataset: Option<&DatasetId>,
    class: Option<KeyClass>,
    version: u32,
    entropy: &mut dyn Entropy,
) -> (KeyId, DataKey, StoredKey) {
    let id = KeyId::new(token(entropy)).expect("hexadecimal digits are an id");
    let key = DataKey::generate(entropy);
    let stored = StoredKey {
        id: id.to_string(),
        dataset: dataset.map(DatasetId::to_string),
        class: class.map(|class| class.word().to_owned()),
        version,
        stage: KeyState::Active.word().to_owned(),
        wrapped: None,
        kek: None,
        fingerprint: Some(hex(&key.fingerprint())),
        since: None,
        until: None,
        created_by: None,
    };
    (id, key, stored)
}

/// The data key of a dataset, to open what it sealed.
pub(crate) fn data_key(
    rows: &mut Rows,
    keyring: &Keyring,
    dataset: &DatasetId,
) -> Result<(KeyId, DataKey), StoreError> {
    let stored = of_dataset(rows, dataset)?;
    check_opening(&stored, dataset)?;
    unwrap(keyring, &stored)
}

/// The data key of a dataset, to seal with it at this moment.
pub(crate) fn sealing_key(
    rows: &mut Rows,
    keyring: &Keyring,
    dataset: &DatasetId,
    now: Timestamp,
) -> Result<(KeyId, DataKey), StoreError> {
    let stored = of_dataset(rows, dataset)?;
    let info = info(&stored)?;
    let always = KeyPeriod {
        since: now,
        until: None,
    };
    info.state
        .check_sealing(info.period.unwrap_or(always), now)
        .map_err(|source| refused(dataset, source))?;
    unwrap(keyring, &stored)
}

/// The keys of a dataset's classes, to open what they sealed.
pub(crate) fn class_keys(
    rows: &mut Rows,
    keyring: &Keyring,
    dataset: &DatasetId,
) -> Result<Vec<(KeyClass, KeyId, DataKey)>, StoreError> {
    let (data_key_id, data_key) = data_key(rows, keyring, dataset)?;
    let mut opened = Vec::new();
    for stored in keys::of_classes(rows, dataset.as_str())? {
        let info = info(&stored)?;
        check_opening(&stored, dataset)?;
        let wrapped = wrapped(&stored)?;
        let key = seal::unwrap_under(
            keyring,
            (&data_key_id, &data_key),
            &wrapped,
            &context(&stored),
        )
        .map_err(|_| damaged(&stored))?;
        opened.extend(info.class.map(|class| (class, info.id, key)));
    }
    Ok(opened)
}

fn of_dataset(rows: &mut Rows, dataset: &DatasetId) -> Result<StoredKey, StoreError> {
    let stored = keys::of_dataset(rows, dataset.as_str())?.ok_or(StoreError::KeyMissing {
        dataset: dataset.clone(),
    })?;
    if stored.wrapped.is_none() {
        return Err(StoreError::KeyDestroyed {
            dataset: dataset.clone(),
        });
    }
    Ok(stored)
}

fn check_opening(stored: &StoredKey, dataset: &DatasetId) -> Result<(), StoreError> {
    let state = info(stored)?.state;
    state
        .check_opening()
        .map_err(|source| refused(dataset, source))
}

fn refused(dataset: &DatasetId, source: seal::UseError) -> StoreError {
    StoreError::KeyUse {
        dataset: dataset.clone(),
        source,
    }
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

/// Opens a key and compares it with its fingerprint.
pub(crate) fn unwrap(
    keyring: &Keyring,
    stored: &StoredKey,
) -> Result<(KeyId, DataKey), StoreError> {
    let id = KeyId::new(stored.id.clone()).map_err(|_| damaged(stored))?;
    let wrapped = wrapped(stored)?;
    let key = keyring
        .unwrap(&wrapped, &context_of(stored, &wrapped))
        .map_err(|error| told(stored, &wrapped, &error))?;
    check_fingerprint(stored, &key.fingerprint())?;
    Ok((id, key))
}

/// What a key is wrapped in under the active key-encryption key.
pub(crate) fn rewrap(
    keyring: &Keyring,
    stored: &StoredKey,
    entropy: &mut dyn Entropy,
) -> Result<(WrappedKey, String), StoreError> {
    rewrap_to(keyring, stored, &context(stored), entropy)
}

/// The same for another place: the place with its new state.
pub(crate) fn rewrap_to(
    keyring: &Keyring,
    stored: &StoredKey,
    place: &str,
    entropy: &mut dyn Entropy,
) -> Result<(WrappedKey, String), StoreError> {
    let wrapped = wrapped(stored)?;
    let (anew, fingerprint) = keyring
        .rewrap(&wrapped, &context_of(stored, &wrapped), place, entropy)
        .map_err(|error| told(stored, &wrapped, &error))?;
    check_fingerprint(stored, &fingerprint)?;
    Ok((anew, hex(&fingerprint)))
}

/// A key as it is listed.
pub(crate) fn info(stored: &StoredKey) -> Result<KeyInfo, StoreError> {
    let class = stored.class.as_deref().map(str::parse).transpose();
    let dataset = stored.dataset.clone().map(DatasetId::new).transpose();
    Ok(KeyInfo {
        id: KeyId::new(stored.id.clone()).map_err(|_| damaged(stored))?,
        dataset: dataset.map_err(|_| damaged(stored))?,
        class: class.map_err(|()| damaged(stored))?,
        version: stored.version,
        state: stored.stage.parse().map_err(|()| damaged(stored))?,
        period: stored.since.map(|since| KeyPeriod {
            since: Timestamp::from_millis(since),
            until: stored.until.map(Timestamp::from_millis),
        }),
        kek: stored.kek.clone(),
    })
}

fn wrapped(stored: &StoredKey) -> Result<WrappedKey, StoreError> {
    let text = stored.wrapped.as_deref().unwrap_or_default();
    text.parse().map_err(|_| damaged(stored))
}

fn check_fingerprint(stored: &StoredKey, found: &[u8; 16]) -> Result<(), StoreError> {
    match &stored.fingerprint {
        Some(kept) if *kept != hex(found) => Err(damaged(stored)),
        _ => Ok(()),
    }
}

fn told(stored: &StoredKey, wrapped: &WrappedKey, error: &UnwrapError) -> StoreError {
    match error {
        UnwrapError::OtherKeyring => StoreError::KekMissing {
            key: stored.id.clone(),
            kek: wrapped.kek().clone(),
        },
        _ => damaged(stored),
    }
}

fn damaged(stored: &StoredKey) -> StoreError {
    StoreError::KeyDamaged {
        key: stored.id.clone(),
    }
}

/// What a key's wrapped form is bound to from now on.
pub(crate) fn context(stored: &StoredKey) -> String {
    let class = stored.class.as_deref().and_then(|class| class.parse().ok());
    let state = stored.stage.parse().unwrap_or(KeyState::Destroyed);
    KeyPlace {
        dataset: stored.dataset.as_deref(),
        class,
        key: &stored.id,
        version: stored.version,
        state,
    }
    .context()
}

/// What this wrapped form is bound to: the first version of this program knew no class, version
/// and state.
fn context_of(stored: &StoredKey, wrapped: &WrappedKey) -> String {
    if wrapped.is_of_the_first_version() {
        let dataset = stored.dataset.as_deref().unwrap_or("|");
        return format!("key|{dataset}|{}", stored.id);
    }
    context(stored)
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing into a string does not fail.
        _ = write!(text, "{byte:02x}");
    }
    text
}
