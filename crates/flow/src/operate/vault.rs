//! The encrypted objects: whether they are whole and open, what is left over, and the way out for
//! a de-identified table with the keys of some classes.

use access::Resource;
use domain::{Action, DatasetId, Digest, Explain};
use seal::Zeroizing;
use serde::Serialize;
use store::{Kept, Shelved, StoreError};

use super::dataset;
use crate::{
    Desk, StageError,
    record::Version,
    tables::{
        self,
        classes::{Chest, is_table},
    },
};

pub use crate::tables::classes::KeyClass;

/// What looking at every object found.
#[derive(Debug, Default, Serialize)]
pub struct VaultVerified {
    /// Objects that a saved change keeps.
    pub objects: u64,
    /// Their bytes, all of them read.
    pub bytes: u64,
    /// Segments of 1 MiB whose digests were compared.
    pub segments: u64,
    /// Objects that were opened to their end with their key.
    pub opened: u64,
    /// Objects whose key was destroyed: nobody can open them.
    pub shredded: u64,
    /// What is wrong, one finding an object.
    pub findings: Vec<VaultFinding>,
}

/// What is wrong with an object.
#[derive(Debug, Serialize)]
pub struct VaultFinding {
    /// The object.
    pub object: Digest,
    /// The code of what is wrong.
    pub code: String,
    /// What is wrong, with the place in the object.
    pub what: String,
}

/// Reads every kept object: its bytes are those that were written, segment by segment, and it
/// opens to its end with its key. `progress` gets bytes done and bytes in all.
///
/// Damage is collected and not an error; an object whose key was destroyed is counted apart.
/// Source: 45 CFR 164.312(c).
pub fn verify(
    desk: &Desk<'_>,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<VaultVerified, StageError> {
    let permit = desk.permit(Action::VerifyAudit, Resource::log(), None)?;
    desk.note(&permit, None)?;
    let kept = desk.store.kept_objects()?;
    // Every object is read twice: as it stands, and opened.
    let total = kept.iter().map(|kept| kept.object.sealed_len * 2).sum();
    let mut done = 0;
    let mut verified = VaultVerified::default();
    for kept in &kept {
        verified.objects += 1;
        verified.bytes += kept.object.sealed_len;
        verified.segments += kept.object.sealed_len.div_ceil(SEGMENT);
        let looked = desk.store.verify_object(&kept.object.digest, &mut |read| {
            progress(done + read, total);
            done += read;
        });
        let tried = looked
            .map_err(StageError::from)
            .and_then(|()| open(desk, kept));
        match tried {
            Ok(()) => verified.opened += 1,
            Err(StageError::Store(StoreError::KeyDestroyed { .. })) => verified.shredded += 1,
            Err(error) => verified.findings.push(VaultFinding {
                object: kept.object.digest,
                code: error.code().to_string(),
                what: error.to_string(),
            }),
        }
        done += kept.object.sealed_len;
        progress(done.min(total), total);
    }
    Ok(verified)
}

/// Opens an object to its end; nothing of it is kept.
fn open(desk: &Desk<'_>, kept: &Kept) -> Result<(), StageError> {
    let key = desk.store.data_key_by_id(&kept.key)?;
    if !is_table(&kept.context) {
        let mut reader = desk.store.open_object(&kept.object, &key, &kept.context)?;
        std::io::copy(&mut reader, &mut std::io::sink()).map_err(|cause| {
            match seal::OpenError::within(&cause) {
                Some(error) => StageError::from(StoreError::Unopened {
                    role: store::FileRole::Object(kept.object.digest),
                    source: error.clone(),
                }),
                None => StageError::Output(cause),
            }
        })?;
        return Ok(());
    }
    let dataset = kept.context.split('/').nth(1).unwrap_or_default();
    let dataset =
        DatasetId::new(dataset).map_err(|_| StageError::Stored("the place of a table"))?;
    let chest = Chest {
        dataset: &dataset,
        key_id: &kept.key,
        key: &key,
    };
    let keys = chest.keys(&kept.context, &KeyClass::ALL);
    for batch in tables::open_object(desk.store, "table", &kept.object, &keys, None)? {
        batch?;
    }
    Ok(())
}

/// What stands among the objects and no saved change keeps.
pub fn orphans(desk: &Desk<'_>) -> Result<Vec<Shelved>, StageError> {
    let permit = desk.permit(Action::VerifyAudit, Resource::log(), None)?;
    desk.note(&permit, None)?;
    Ok(desk.store.orphans()?)
}

/// Takes the orphans away and writes one line for it; returns them. Nothing that a saved change
/// keeps is touched.
pub fn collect(desk: &Desk<'_>) -> Result<Vec<Shelved>, StageError> {
    let permit = desk.permit(Action::Recover, Resource::instance(), None)?;
    let orphans = desk.store.orphans()?;
    let event = desk.event(&permit, None)?.rows(orphans.len() as u64);
    // The line comes first: an orphan that cannot be removed afterwards stays one.
    desk.store.record(event)?;
    for orphan in &orphans {
        desk.store.collect(orphan)?;
    }
    Ok(orphans)
}

/// A table as it stands encrypted, with the keys of some classes of its columns.
#[derive(Debug)]
pub struct Taken {
    /// The Parquet file: ciphertext, the very bytes of the object.
    pub file: Vec<u8>,
    /// What every part of the file is bound to (the prefix of its associated data).
    pub place: String,
    /// Keys by the name under which the file asks for them: the footer's and those of the classes.
    pub keys: Vec<(String, Zeroizing<[u8; 32]>)>,
}

/// Takes an encrypted table out of the instance with the keys of `classes`; identified data is
/// refused, as it is in [`dataset::export`]. The line of the log is written before.
pub fn export_parquet(
    desk: &Desk<'_>,
    version: &Version,
    table: &str,
    classes: &[KeyClass],
) -> Result<Taken, StageError> {
    let found = dataset::permit_reading(desk, Action::ExportData, version, table)?;
    let key = desk.store.data_key_by_id(&version.key)?;
    let chest = Chest {
        dataset: &version.dataset,
        key_id: &version.key,
        key: &key,
    };
    Ok(Taken {
        file: desk.store.read_sealed(&found.object)?,
        place: found.place.clone(),
        keys: chest.named_keys(&found.place, classes),
    })
}

/// Bytes of a segment whose digest is kept.
const SEGMENT: u64 = 1 << 20;
