//! Backups of the whole instance, and the way back.

use std::path::Path;

use access::{Operator, Policies, Request, Resource, authorize};
use audit::{Event, Object, ObjectKind, Outcome};
use domain::{Action, Clock, KeyId, Role, Timestamp};
use seal::Passphrase;
use serde::{Deserialize, Serialize};
use store::{
    Noun, Store, StoreError,
    backup::{Backup, BackupError, Checked, Known, Restored, SetId, Taken},
};

use super::operator;
use crate::{Desk, StageError};

/// What the instance remembers of a set that it wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetRecord {
    /// The set.
    pub set: SetId,
    /// The folder as it was named then.
    pub folder: String,
    /// When.
    pub taken: Timestamp,
    /// Log entries in it.
    pub entries: u64,
    /// The wrapped keys in it; destroyed ones leave when the set is purged.
    pub keys: Vec<String>,
}

/// What is restored from where.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The backup folder.
    pub folder: &'a Path,
    /// The set; the newest when left out.
    pub set: Option<&'a str>,
    /// What is known of the log from elsewhere.
    pub known: &'a Known,
}

/// Writes a set and remembers it. The set is whole before the log tells of it.
///
/// Source: 45 CFR 164.308(a)(7)(ii)(A), data backup plan.
pub fn back_up(
    desk: &Desk<'_>,
    folder: &Path,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Taken, StageError> {
    let permit = desk.permit(Action::BackUp, Resource::instance(), None)?;
    let backup = Backup::open_or_make(folder)?;
    let taken = desk.store.back_up(&backup, desk.now(), progress)?;
    let record = SetRecord {
        set: taken.set.clone(),
        folder: folder.to_string_lossy().into_owned(),
        taken: desk.now(),
        entries: taken.entries,
        keys: taken.keys.clone(),
    };
    let mut transaction = desk.store.begin()?;
    transaction.insert(Noun::Backup, taken.set.as_str(), &record)?;
    transaction.commit(desk.event(&permit, None)?)?;
    Ok(taken)
}

/// Every set that the instance remembers, oldest first.
pub fn known(desk: &Desk<'_>) -> Result<Vec<SetRecord>, StageError> {
    let all = desk.store.list::<SetRecord>(Noun::Backup)?;
    Ok(all.into_iter().map(|record| record.body).collect())
}

/// Compares a set with what its own files sign and name; needs no instance.
pub fn check(
    folder: &Path,
    set: Option<&str>,
    passphrase: &Passphrase,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<(SetId, Checked), BackupError> {
    let backup = Backup::open(folder)?;
    let set = chosen(&backup, set)?;
    let checked = backup.check(&set, passphrase, progress)?;
    Ok((set, checked))
}

/// Makes the instance of a set in a new folder and writes into its log that it was restored.
///
/// Keys that were taken out of the set, because their data was disposed of after it was written,
/// are destroyed in the new instance too.
///
/// Source: 45 CFR 164.308(a)(7)(ii)(B), disaster recovery plan.
pub fn restore(
    source: &Source<'_>,
    home: &Path,
    passphrase: &Passphrase,
    policies: &Policies,
    clock: &dyn Clock,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Restored, StageError> {
    let backup = Backup::open(source.folder)?;
    let set = chosen(&backup, source.set)?;
    let known = source.known;
    let restored = store::backup::restore(&backup, &set, home, passphrase, known, progress)?;
    let store = Store::open(home, passphrase, clock)?;
    let worker = operator(&store)?;
    let acting = Operator::new(worker.id.clone(), Role::Administrator);
    let request = Request::new(acting, Action::Restore, Resource::instance(), clock.now());
    let permit = authorize(policies, request)?;
    let mut transaction = store.begin()?;
    for key in &restored.purged_keys {
        let key = KeyId::new(key.as_str()).map_err(|_| StageError::Stored("a key's name"))?;
        transaction.destroy_key(&key)?;
    }
    let object = Object::new(ObjectKind::Instance, "instance")
        .map_err(|_| StageError::Stored("an object's id"))?;
    let mut event = Event::new(
        clock.now(),
        worker.id,
        Role::Administrator,
        Action::Restore,
        object,
        Outcome::Done,
    );
    event.decision = Some(permit.decision());
    transaction.commit(event)?;
    Ok(restored)
}

/// Reads everything of a restored instance once: log, rows, objects.
pub fn verify_restored(
    home: &Path,
    passphrase: &Passphrase,
    clock: &dyn Clock,
) -> Result<(), StoreError> {
    let store = Store::open(home, passphrase, clock)?;
    store.verify_log()?;
    store.verify_rows()?;
    store.verify_objects(&mut |_, _| {})?;
    Ok(())
}

/// The named set, or the newest.
fn chosen(backup: &Backup, set: Option<&str>) -> Result<SetId, BackupError> {
    match set {
        Some(name) => name.parse(),
        None => backup.newest()?.ok_or(BackupError::NoSet),
    }
}
