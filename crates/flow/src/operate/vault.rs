//! The encrypted objects: whether they are whole and open, what is left over, and the way out for
//! a de-identified table with the keys of some classes.

use std::io::Write;

use access::Resource;
use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use domain::{Action, DatasetId, Digest, Explain, KeyId};
use formats::TableWriter;
use seal::{DataKey, Zeroizing};
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

/// The keys of an encrypted table that was written for somebody outside.
#[derive(Debug)]
pub struct Taken {
    /// Rows written.
    pub rows: u64,
    /// Keys by the name under which the file asks for them: the footer's and those of the classes.
    pub keys: Vec<(String, Zeroizing<[u8; 32]>)>,
    /// The class of each column.
    pub columns: Vec<(String, KeyClass)>,
}

/// Writes a table to `out` as encrypted Parquet under keys made for this export, and returns those
/// of `classes`; identified data is refused, as it is in [`dataset::export`]. Who gets file and
/// keys reads the columns of those classes; the keys open nothing in the instance. The line of
/// the log is written before.
pub fn export_parquet(
    desk: &Desk<'_>,
    version: &Version,
    table: &str,
    classes: &[KeyClass],
    out: &mut dyn Write,
) -> Result<Taken, StageError> {
    let found = dataset::permit_reading(desk, Action::ExportData, version, table)?;
    let key = DataKey::generate(&mut desk.entropy());
    let key_id = KeyId::new("export").map_err(|_| StageError::Stored("the name of a key"))?;
    let chest = Chest {
        dataset: &version.dataset,
        key_id: &key_id,
        key: &key,
    };
    let mut batches = tables::read(desk.store, version, found, None)?;
    let schema = batches.schema();
    let first = batches.next().transpose()?;
    let empty = RecordBatch::new_empty(SchemaRef::clone(&schema));
    let columns = tables::classes::classes(table, first.as_ref().unwrap_or(&empty));
    let place = chest.new_place(table, &mut desk.entropy());
    let seal = chest.seal(&place, &columns).storing_place();
    let mut writer = TableWriter::create_encrypted(schema, out, &seal)?;
    let mut rows = 0;
    for batch in first.map(Ok).into_iter().chain(batches) {
        let batch = batch?;
        rows += batch.num_rows() as u64;
        writer.write(&batch)?;
    }
    writer.finish()?;
    Ok(Taken {
        rows,
        keys: chest.named_keys(&place, classes),
        columns,
    })
}

/// Bytes of a segment whose digest is kept.
const SEGMENT: u64 = 1 << 20;
