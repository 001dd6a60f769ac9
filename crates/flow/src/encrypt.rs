//! Stage 3: every object of the version is sealed, opens with its key and with no other.
//!
//! Sealing itself happens while files are read (stage 1), so that nothing unencrypted ever touches
//! the disk. This stage tries it out and records what an auditor asks for.

use access::Permit;
use domain::{Digest, KeyId, Stage};
use seal::DataKey;
use serde::{Deserialize, Serialize};

use crate::{
    Desk, StageError, Watch,
    record::{Table, Version},
    run::{Task, Told, grouped, short},
    tables::{
        self,
        classes::{Chest, KeyClass},
    },
};

/// What was tried on the objects of a version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sealed {
    /// The cipher.
    pub cipher: String,
    /// The data key, by id; it lies wrapped in the keystore's care.
    pub key: KeyId,
    /// The objects.
    pub objects: Vec<SealedObject>,
}

/// One sealed object.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SealedObject {
    /// The table in it.
    pub table: String,
    /// SHA-256 of the sealed bytes.
    pub digest: Digest,
    /// Sealed bytes.
    pub bytes: u64,
}

impl Told for Sealed {
    fn produced(&self) -> String {
        let bytes: u64 = self.objects.iter().map(|object| object.bytes).sum();
        format!(
            "{} sealed objects, {} bytes",
            self.objects.len(),
            grouped(bytes)
        )
    }

    fn proved(&self) -> String {
        format!(
            "{}; opens with key {} and no other",
            self.cipher,
            short(self.key.as_str())
        )
    }
}

/// Opens every object with its key, tries a stranger's key and another place, and records both.
///
/// Source: 45 CFR 164.312(a)(2)(iv).
pub fn encrypt(
    permit: &Permit,
    desk: &Desk<'_>,
    task: &Task<'_>,
    watch: &mut dyn Watch,
) -> Result<Sealed, StageError> {
    let version = task.raw_version(desk)?;
    let mut objects = Vec::new();
    for (at, table) in version.tables.iter().enumerate() {
        watch.advance(at as u64, version.tables.len() as u64);
        objects.push(try_object(desk, &version, table)?);
    }
    let sealed = Sealed {
        cipher: CIPHER.to_owned(),
        key: version.key.clone(),
        objects,
    };
    let mut transaction = desk.store.begin()?;
    task.keep_step(&mut transaction, desk, Stage::Encrypt, &sealed)?;
    let mut event = desk.event(permit, Some(&task.cause))?;
    event.digest = version.id.as_str().parse().ok();
    transaction.commit(crate::govern::persons::about(desk, &version, event)?)?;
    Ok(sealed)
}

fn try_object(
    desk: &Desk<'_>,
    version: &Version,
    table: &Table,
) -> Result<SealedObject, StageError> {
    let key = desk.store.data_key_by_id(&version.key)?;
    let stranger = DataKey::generate(&mut desk.entropy());
    let elsewhere = format!("{}-moved", table.place);
    let with = |key: &DataKey, place: &str| {
        let chest = Chest {
            dataset: &version.dataset,
            key_id: &version.key,
            key,
        };
        tables::open(desk.store, table, &chest.keys(place, &KeyClass::ALL), None)
            .and_then(tables::content)
    };
    if with(&key, &table.place)? != table.content {
        return Err(StageError::Stored(
            "an object opens to other rows than were sealed",
        ));
    }
    if with(&stranger, &table.place).is_ok() || with(&key, &elsewhere).is_ok() {
        return Err(StageError::Stored(
            "an object opens with a wrong key or in a wrong place",
        ));
    }
    Ok(SealedObject {
        table: table.name.clone(),
        digest: table.object.digest,
        bytes: table.object.sealed_len,
    })
}

/// What encrypts tables (Parquet modular encryption; keys of classes from HKDF-SHA-256) and every
/// other object (streams of segments).
pub(crate) const CIPHER: &str = "AES-256-GCM";
