//! Opening sealed records.

use seal::{DataKey, open_bytes};
use serde::{Serialize, de::DeserializeOwned};
use zeroize::Zeroizing;

use crate::{
    Noun, Record, StoreError,
    record::Place,
    rows::{
        Rows,
        records::{self, SealedRecord},
    },
};

pub(crate) fn find<T: DeserializeOwned>(
    rows: &mut Rows,
    key: &DataKey,
    noun: Noun,
    id: &str,
) -> Result<Option<Record<T>>, StoreError> {
    records::find(rows, noun, id)?
        .map(|sealed| open(key, noun, sealed))
        .transpose()
}

pub(crate) fn list<T: DeserializeOwned>(
    rows: &mut Rows,
    key: &DataKey,
    noun: Noun,
) -> Result<Vec<Record<T>>, StoreError> {
    let sealed = records::list(rows, noun)?;
    sealed
        .into_iter()
        .map(|sealed| open(key, noun, sealed))
        .collect()
}

pub(crate) fn history<T: DeserializeOwned>(
    rows: &mut Rows,
    key: &DataKey,
    noun: Noun,
    id: &str,
) -> Result<Vec<Record<T>>, StoreError> {
    let sealed = records::history(rows, noun, id)?;
    sealed
        .into_iter()
        .map(|sealed| open(key, noun, sealed))
        .collect()
}

/// The plain form of a document: JSON, wiped after use.
pub(crate) fn plain<T: Serialize>(
    place: Place<'_>,
    body: &T,
) -> Result<Zeroizing<Vec<u8>>, StoreError> {
    serde_json::to_vec(body)
        .map(Zeroizing::new)
        .map_err(|_| StoreError::RecordShape {
            noun: place.noun,
            id: place.id.to_owned(),
        })
}

fn open<T: DeserializeOwned>(
    key: &DataKey,
    noun: Noun,
    sealed: SealedRecord,
) -> Result<Record<T>, StoreError> {
    let SealedRecord {
        id,
        revision,
        sealed,
        position,
    } = sealed;
    let place = Place {
        noun,
        id: &id,
        revision,
    };
    let Ok(plain) = open_bytes(key, place.context().as_bytes(), &sealed) else {
        return Err(StoreError::RecordDamaged { noun, id, revision });
    };
    let plain = Zeroizing::new(plain);
    let Ok(body) = serde_json::from_slice(&plain) else {
        return Err(StoreError::RecordShape { noun, id });
    };
    Ok(Record {
        id,
        revision,
        position,
        body,
    })
}
