//! Cryptographic erase of a dataset, with its proof.
//!
//! The keys are destroyed with a second person's approval ([`super::key`]); what is left to do is
//! to look for copies, to take the keys out of every backup that can be reached, to try whether
//! anything still opens, and to sign what was found.

mod certificate;

use std::{collections::BTreeSet, path::PathBuf};

use access::{DataState, Resource};
use domain::{Action, DatasetId, Digest};
use store::{
    KeyWitness, Noun, StoreError, Traces,
    backup::{Backup, BackupError},
};

pub use certificate::{
    BackupFinding, BackupState, Certificate, Sanitisation, Search, Signed, verify_certificate,
};

use super::{
    backup::SetRecord,
    key,
    retention::{self, Class, RetentionError},
};
use crate::{
    Desk, StageError,
    record::{Dataset, Version},
    register::ModelVersion,
};

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The dataset.
    pub dataset: DatasetId,
    /// Whether before the end of its period.
    pub early: bool,
    /// Folders of backups beside those that the instance remembers.
    pub folders: Vec<PathBuf>,
}

/// Destroys the keys of a dataset and certifies it. Takes the same time whatever the size of the
/// data: no object is touched.
///
/// Refused under a legal hold, before its time unless `early`, and without the approval of a second
/// person. A dataset whose keys were destroyed before without a certificate gets one, in which the
/// search for copies is marked as not made: what to look for is gone.
///
/// Source: 45 CFR 164.310(d)(2)(i); NIST SP 800-88, cryptographic erase and appendix on the
/// certificate of sanitisation.
pub fn dispose(desk: &Desk<'_>, wanted: &Wanted) -> Result<Signed, StageError> {
    let name = wanted.dataset.as_str();
    if certificate_of(desk, &wanted.dataset)?.is_some() {
        return Err(RetentionError::Disposed {
            name: name.to_owned(),
        }
        .into());
    }
    let standing = retention::check_disposable(desk, Class::Dataset, name, wanted.early)?;
    let permit = desk.permit(
        Action::Dispose,
        Resource::dataset(&wanted.dataset, DataState::NoData),
        None,
    )?;
    let witness = desk.store.key_witness(&wanted.dataset)?;
    let request = match key::destroy(desk, &wanted.dataset) {
        Ok(_) => key::approval::newest_used(desk, &wanted.dataset)?,
        Err(StageError::Store(StoreError::KeyDestroyed { .. })) => {
            key::approval::newest_used(desk, &wanted.dataset)?
        }
        Err(other) => return Err(other),
    };
    let search = searched(desk, &witness)?;
    let backups = purge(desk, &witness, &wanted.folders)?;
    let tried = try_objects(desk, &wanted.dataset)?;
    let scope = scope(desk, &wanted.dataset)?;
    let certificate = Certificate::new(desk, &wanted.dataset, &witness.ids)
        .about(scope)
        .decided(&standing, wanted.early, request)
        .verified(search, tried)
        .with_backups(backups);
    let signed = Signed::by(desk, &certificate)?;
    let mut transaction = desk.store.begin()?;
    transaction.insert(Noun::Sanitisation, name, &signed)?;
    let event = desk.event(&permit, None)?;
    transaction.commit(event.digest(signed.digest()))?;
    Ok(signed)
}

/// The certificate of a dataset, if its keys were disposed of.
pub fn certificate_of(desk: &Desk<'_>, dataset: &DatasetId) -> Result<Option<Signed>, StageError> {
    let found = desk
        .store
        .find::<Signed>(Noun::Sanitisation, dataset.as_str())?;
    Ok(found.map(|record| record.body))
}

/// Takes the keys of disposed datasets out of a backup folder that could not be reached then, and
/// writes new certificates that say so.
pub fn purge_later(desk: &Desk<'_>, folder: &std::path::Path) -> Result<Vec<Signed>, StageError> {
    let mut renewed = Vec::new();
    for record in desk.store.list::<Signed>(Noun::Sanitisation)? {
        let before = record.body.certificate()?;
        let keys: Vec<String> = before.keys.clone();
        let found = purge_folder(desk, folder, &keys)?;
        let after = before.with_purged(&found);
        let signed = Signed::by(desk, &after)?;
        let permit = desk.permit(
            Action::Dispose,
            Resource::dataset(&after.dataset, DataState::NoData),
            None,
        )?;
        let mut transaction = desk.store.begin()?;
        transaction.replace(Noun::Sanitisation, &record.id, record.revision, &signed)?;
        transaction.commit(desk.event(&permit, None)?.digest(signed.digest()))?;
        renewed.push(signed);
    }
    Ok(renewed)
}

/// A copy that is found forbids the certificate.
fn searched(desk: &Desk<'_>, witness: &KeyWitness) -> Result<Search, StageError> {
    if witness.ids.is_empty() {
        return Ok(Search::NotMade);
    }
    let Traces {
        files,
        bytes,
        found,
    } = desk.store.traces(witness)?;
    if found.is_empty() {
        Ok(Search::Made { files, bytes })
    } else {
        Err(RetentionError::CopyFound { places: found }.into())
    }
}

/// Takes the keys out of every backup that the instance remembers or is told of.
fn purge(
    desk: &Desk<'_>,
    witness: &KeyWitness,
    folders: &[PathBuf],
) -> Result<Vec<BackupFinding>, StageError> {
    let known: Vec<SetRecord> = super::backup::known(desk)?;
    let mut all: BTreeSet<PathBuf> = folders.iter().cloned().collect();
    all.extend(known.iter().map(|record| PathBuf::from(&record.folder)));
    let mut findings = Vec::new();
    for folder in all {
        let of_folder = known
            .iter()
            .filter(|record| folder.as_os_str() == record.folder.as_str());
        let holding =
            of_folder.filter(|record| witness.ids.iter().any(|id| record.keys.contains(id)));
        let expected: Vec<String> = holding.map(|record| record.set.to_string()).collect();
        let state = match purge_folder(desk, &folder, &witness.ids) {
            Ok(found) => found.state,
            Err(StageError::Backup(BackupError::NotABackup)) => BackupState::NotReached,
            Err(other) => return Err(other),
        };
        findings.push(BackupFinding {
            folder: folder.to_string_lossy().into_owned(),
            sets: expected,
            state,
        });
    }
    Ok(findings)
}

fn purge_folder(
    desk: &Desk<'_>,
    folder: &std::path::Path,
    keys: &[String],
) -> Result<BackupFinding, StageError> {
    let backup = Backup::open(folder)?;
    let purged = backup.purge_keys(desk.store, keys)?;
    let left = backup.sets_with_keys(desk.store, keys);
    let state = match left {
        Ok(left) if left.is_empty() && purged.unopened.is_empty() => BackupState::Purged,
        _ => BackupState::NotReached,
    };
    Ok(BackupFinding {
        folder: folder.to_string_lossy().into_owned(),
        sets: purged.rewritten.iter().map(ToString::to_string).collect(),
        state,
    })
}

/// Tries to get the keys of some of the dataset's objects, as a reader would.
fn try_objects(desk: &Desk<'_>, dataset: &DatasetId) -> Result<u64, StageError> {
    let mut tried = 0;
    for kept in objects_of(desk, dataset)?.iter().take(SAMPLE) {
        match desk.store.data_key_by_id(&kept.key) {
            Err(StoreError::KeyDestroyed { .. } | StoreError::KeyUnknown { .. }) => tried += 1,
            Err(other) => return Err(other.into()),
            Ok(_) => {
                return Err(RetentionError::CopyFound {
                    places: vec![format!("object {}", kept.object.digest.short())],
                }
                .into());
            }
        }
    }
    Ok(tried)
}

fn objects_of(desk: &Desk<'_>, dataset: &DatasetId) -> Result<Vec<store::Kept>, StageError> {
    let prefixes = [
        format!("dataset/{dataset}/"),
        format!("cloister/{dataset}/"),
    ];
    let all = desk.store.kept_objects()?;
    Ok(all
        .into_iter()
        .filter(|kept| {
            prefixes
                .iter()
                .any(|prefix| kept.context.starts_with(prefix))
        })
        .collect())
}

/// What the certificate covers.
struct Scope {
    versions: Vec<String>,
    models: Vec<String>,
    derived: Vec<String>,
    objects: u64,
    bytes: u64,
    root: Digest,
}

fn scope(desk: &Desk<'_>, dataset: &DatasetId) -> Result<Scope, StageError> {
    let versions = desk.store.list::<Version>(Noun::Version)?;
    let models = desk.store.list::<ModelVersion>(Noun::ModelVersion)?;
    let datasets = desk.store.list::<Dataset>(Noun::Dataset)?;
    let objects = objects_of(desk, dataset)?;
    let mut names: Vec<Digest> = objects.iter().map(|kept| kept.object.digest).collect();
    names.sort_unstable();
    let mut tree = audit::Tree::new();
    for name in &names {
        tree.push(audit::leaf_hash(&name.0));
    }
    Ok(Scope {
        versions: versions
            .into_iter()
            .filter(|record| record.body.dataset == *dataset)
            .map(|record| record.body.id.to_string())
            .collect(),
        models: models
            .into_iter()
            .filter(|record| record.body.dataset == *dataset)
            .map(|record| format!("{} {}", record.body.model, record.body.number))
            .collect(),
        derived: datasets
            .into_iter()
            .filter(|record| record.body.root == *dataset && record.body.id != *dataset)
            .map(|record| record.body.id.to_string())
            .collect(),
        objects: objects.len() as u64,
        bytes: objects.iter().map(|kept| kept.object.sealed_len).sum(),
        root: tree.root(),
    })
}

/// Objects whose keys are asked for after the erase.
const SAMPLE: usize = 100;
