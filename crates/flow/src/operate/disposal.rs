//! Cryptographic erase of a dataset or of a model, with its proof.
//!
//! The keys are destroyed with a second person's approval ([`super::key`]); what is left to do is
//! to look for copies, to take the keys out of every backup that can be reached, to try whether
//! anything still opens, and to sign what was found.

mod certificate;
mod scope;
mod subject;

use std::{collections::BTreeSet, path::PathBuf};

use domain::{Action, KeyId};
use store::{
    Kept, KeyWitness, Noun, StoreError, Traces,
    backup::{Backup, BackupError},
};

pub use certificate::{
    BackupFinding, BackupState, Certificate, Sanitisation, Search, Signed, verify_certificate,
};
pub use subject::Subject;

use self::scope::Scope;
use super::{
    backup::SetRecord,
    key::{self, Act, Request},
    retention::{self, Class, RetentionError, Standing},
};
use crate::{Desk, StageError, model_key::Sealings};

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The dataset or the model.
    pub subject: Subject,
    /// Whether before the end of its period.
    pub early: bool,
    /// Folders of backups beside those that the instance remembers.
    pub folders: Vec<PathBuf>,
}

/// Destroys the keys of a dataset with the models that learnt from it, or those of a model alone,
/// and certifies it. Takes the same time whatever the size of the data: no object is touched.
///
/// Refused under a legal hold, before its time unless `early`, and without the approval of a second
/// person; a model also when another thing is sealed under its key. What was destroyed before
/// without a certificate gets one, in which the search for copies is marked as not made: what to
/// look for is gone.
///
/// Source: 45 CFR 164.310(d)(2)(i); NIST SP 800-88, cryptographic erase and appendix on the
/// certificate of sanitisation.
pub fn dispose(desk: &Desk<'_>, wanted: &Wanted) -> Result<Signed, StageError> {
    let subject = &wanted.subject;
    if certificate_of(desk, subject)?.is_some() {
        let name = subject.to_string();
        return Err(RetentionError::Disposed { name }.into());
    }
    let sealings = Sealings::read(desk)?;
    let standing = disposable(desk, subject, &sealings, wanted.early)?;
    let permit = desk.permit(Action::Dispose, subject.resource(), None)?;
    let names = subject.key_names(&sealings)?;
    let witness = desk.store.key_witness(&names)?;
    let request = destroy(desk, subject, &witness)?;
    let scope = Scope::of(desk, subject, &sealings, &witness)?;
    let search = searched(desk, &witness)?;
    let backups = purge(desk, &witness, &wanted.folders)?;
    let tried = try_objects(desk, &scope.objects)?;
    let certificate = Certificate::new(desk, subject, &witness.ids)
        .about(scope)
        .decided(&standing, wanted.early, request)
        .verified(search, tried)
        .with_backups(backups);
    let signed = Signed::by(desk, &certificate)?;
    let mut transaction = desk.store.begin()?;
    transaction.insert(Noun::Sanitisation, &subject.record(), &signed)?;
    let event = desk.event(&permit, None)?;
    transaction.commit(event.digest(signed.digest()))?;
    Ok(signed)
}

/// The certificate of a dataset or a model, if its keys were disposed of.
pub fn certificate_of(desk: &Desk<'_>, subject: &Subject) -> Result<Option<Signed>, StageError> {
    let found = desk
        .store
        .find::<Signed>(Noun::Sanitisation, &subject.record())?;
    Ok(found.map(|record| record.body))
}

/// Takes the keys of what was disposed of out of a backup folder that could not be reached then,
/// and writes new certificates that say so.
pub fn purge_later(desk: &Desk<'_>, folder: &std::path::Path) -> Result<Vec<Signed>, StageError> {
    let mut renewed = Vec::new();
    for record in desk.store.list::<Signed>(Noun::Sanitisation)? {
        let before = record.body.certificate()?;
        let keys: Vec<String> = before.keys.clone();
        let found = purge_folder(desk, folder, &keys)?;
        let after = before.with_purged(&found);
        let signed = Signed::by(desk, &after)?;
        let permit = desk.permit(Action::Dispose, after.subject.resource(), None)?;
        let mut transaction = desk.store.begin()?;
        transaction.replace(Noun::Sanitisation, &record.id, record.revision, &signed)?;
        transaction.commit(desk.event(&permit, None)?.digest(signed.digest()))?;
        renewed.push(signed);
    }
    Ok(renewed)
}

/// Refuses what is held or not due, the models that would go along included. What comes back ends
/// when the last of them ends.
fn disposable(
    desk: &Desk<'_>,
    subject: &Subject,
    sealings: &Sealings,
    early: bool,
) -> Result<Standing, StageError> {
    let mut standing = retention::check_disposable(desk, subject.class(), subject.name(), early)?;
    match subject {
        Subject::Model(model) => subject::check_left(desk, model, sealings)?,
        Subject::Dataset(dataset) => {
            for model in sealings.models_learnt_from(dataset) {
                let along = retention::check_disposable(desk, Class::Model, model.as_str(), early)?;
                standing.due &= along.due;
                standing.until = standing.until.max(along.until);
            }
        }
    }
    Ok(standing)
}

/// Destroys the keys, unless that was done before and only the certificate is missing; the request
/// by which it was done comes back.
fn destroy(
    desk: &Desk<'_>,
    subject: &Subject,
    witness: &KeyWitness,
) -> Result<Option<Request>, StageError> {
    match subject {
        Subject::Dataset(dataset) => match key::destroy(desk, dataset) {
            Ok(_) | Err(StageError::Store(StoreError::KeyDestroyed { .. })) => {
                let act = Act::Destroy {
                    dataset: dataset.clone(),
                };
                key::approval::newest_used(desk, |used| *used == act)
            }
            Err(other) => Err(other),
        },
        Subject::Model(model) => {
            let left = witness.ids.iter().filter(|id| !witness.gone.contains(id));
            let left: Result<Vec<KeyId>, _> = left.map(|id| KeyId::new(id.as_str())).collect();
            let left = left.map_err(|_| StageError::Stored("a key's name"))?;
            if left.is_empty() {
                return subject::carried_out(desk, model);
            }
            key::destroy_of_model(desk, model, &left).map(Some)
        }
    }
}

/// A copy that is found forbids the certificate. A key that was destroyed before, and that no
/// certificate covers, cannot be looked for any more.
fn searched(desk: &Desk<'_>, witness: &KeyWitness) -> Result<Search, StageError> {
    let mut made = Search::NotMade;
    if witness.ids.len() > witness.gone.len() {
        let Traces {
            files,
            bytes,
            found,
        } = desk.store.traces(witness)?;
        if !found.is_empty() {
            return Err(RetentionError::CopyFound { places: found }.into());
        }
        made = Search::Made { files, bytes };
    }
    let searched = searched_before(desk)?;
    if witness.gone.iter().all(|id| searched.contains(id)) {
        Ok(made)
    } else {
        Ok(Search::NotMade)
    }
}

/// The keys of every certificate whose search was made.
fn searched_before(desk: &Desk<'_>) -> Result<BTreeSet<String>, StageError> {
    let mut keys = BTreeSet::new();
    for record in desk.store.list::<Signed>(Noun::Sanitisation)? {
        let certificate = record.body.certificate()?;
        if certificate.search != Search::NotMade {
            keys.extend(certificate.keys);
        }
    }
    Ok(keys)
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

/// Tries to get the keys of some of the objects, as a reader would.
fn try_objects(desk: &Desk<'_>, objects: &[Kept]) -> Result<u64, StageError> {
    let mut tried = 0;
    for kept in objects.iter().take(SAMPLE) {
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

/// Objects whose keys are asked for after the erase.
const SAMPLE: usize = 100;

#[cfg(test)]
mod tests;
