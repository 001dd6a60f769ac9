//! Making an instance again from a set.

use std::{
    io::{self, Read},
    path::Path,
    sync::Arc,
};

use domain::Digest;
use seal::{Hasher, Keyring, Passphrase};

use super::{Backup, BackupError, SetHeader, SetId};
use crate::{
    FileRole, StoreError,
    disk::{Disk, Machine},
    home::Home,
    log::{notes, published},
    places::Places,
    rows::{self, RowsPlace, Seat, sqlite},
    store::create::{self, put},
};

/// What is known about the instance from elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The newest published checkpoint of the log: of an export, a witness, a report.
    pub checkpoint: Option<String>,
}

/// What was restored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// The set.
    pub set: SetId,
    /// Log entries.
    pub entries: u64,
    /// Objects, each compared with its digest.
    pub objects: u64,
    /// Keys that were taken out of the set: they stand in the new instance as damaged until they
    /// are destroyed there too.
    pub purged_keys: Vec<String>,
}

/// Makes the instance of a set in a new folder, whole or not at all, with rows and objects in that
/// folder wherever they were before; the set itself is not changed. Opens with the passphrase of the set's time.
///
/// Refused when a newer state of the log is known to be published, by `known` or by a newer set in
/// the same folder: going on from an older one would sign two histories of one log.
pub fn restore(
    backup: &Backup,
    set: &SetId,
    home: &Path,
    passphrase: &Passphrase,
    known: &Known,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Restored, BackupError> {
    let header = backup.header(set)?;
    let keyring = backup.keyring(&header, passphrase)?;
    check_published(backup, &header, &keyring, known)?;
    let disk: Arc<dyn Disk> = Arc::new(Machine);
    let mut work = Work {
        backup,
        header: &header,
        keyring: &keyring,
        disk: disk.as_ref(),
        known,
        purged: Vec::new(),
        objects: 0,
        failed: None,
    };
    let local = Places::default();
    let made = create::construct(home, &local, disk.as_ref(), |site| {
        work.build(site.place(), progress)
            .map_err(|error| work.keep(error))
    });
    if let Some(error) = work.failed.take() {
        return Err(error);
    }
    drop(made?);
    Ok(Restored {
        set: set.clone(),
        entries: header.entries,
        objects: work.objects,
        purged_keys: work.purged,
    })
}

/// The log must not be continued below what was published of it.
fn check_published(
    backup: &Backup,
    header: &SetHeader,
    keyring: &Keyring,
    known: &Known,
) -> Result<(), BackupError> {
    let size = header.entries;
    if let Some(note) = &known.checkpoint {
        let signed = notes::parse(note, keyring);
        let (published, _) = signed.ok_or(BackupError::ForeignCheckpoint)?;
        if published > size {
            return Err(BackupError::BelowPublished { size, published });
        }
    }
    for other in backup.sets()? {
        let other = backup.header(&other)?;
        let signed = notes::parse(&other.checkpoint, keyring);
        let newer = signed.filter(|(published, _)| *published > size);
        if let Some((published, _)) = newer.filter(|_| other.instance == header.instance) {
            return Err(BackupError::BelowPublished { size, published });
        }
    }
    Ok(())
}

struct Work<'a> {
    backup: &'a Backup,
    header: &'a SetHeader,
    keyring: &'a Keyring,
    disk: &'a dyn Disk,
    known: &'a Known,
    purged: Vec<String>,
    objects: u64,
    /// What stopped it, when that is more than an error of the new instance.
    failed: Option<BackupError>,
}

impl Work<'_> {
    /// Keeps an error of the backup for the caller, and gives the construction one of its own.
    fn keep(&mut self, error: BackupError) -> StoreError {
        match error {
            BackupError::Store(error) => error,
            other => {
                self.failed = Some(other);
                StoreError::file(FileRole::Backup, io::ErrorKind::InvalidData.into())
            }
        }
    }

    fn build(
        &mut self,
        place: &Home,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(), BackupError> {
        let keystore = self.backup.keystore_bytes(self.header)?;
        put(self.disk, &place.keystore(), &keystore, FileRole::Keystore)?;
        self.build_log(place)?;
        self.build_rows(place)?;
        self.build_objects(place, progress)
    }

    /// The files of the log, and the newest checkpoint that is known to be published: the first
    /// opening compares the log with it.
    fn build_log(&self, place: &Home) -> Result<(), BackupError> {
        self.backup
            .lay_log(self.header, self.keyring, place, self.disk)?;
        if let Some(note) = &self.known.checkpoint {
            published::accept(place, &self.keyring.checkpoint_key(), note)?;
        }
        Ok(())
    }

    fn build_rows(&mut self, place: &Home) -> Result<(), BackupError> {
        put(self.disk, &place.rows(), &[], FileRole::Rows)?;
        let wrapped = self.backup.wrapped_keys(self.header, self.keyring)?;
        let reader = self.backup.open_rows(self.header, self.keyring)?;
        let mut rows = sqlite::Rows::connect(&place.rows())?;
        sqlite::schema::migrate_to(&mut rows, self.header.schema)?;
        rows.script("BEGIN IMMEDIATE; PRAGMA defer_foreign_keys = ON")?;
        self.purged = super::rows::read(&mut rows, reader, &wrapped)?;
        rows.script("COMMIT")?;
        sqlite::schema::migrate(&mut rows, rows::Backup::Confirmed)?;
        Ok(())
    }

    fn build_objects(
        &mut self,
        place: &Home,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(), BackupError> {
        let mut rows = rows::Rows::connect(&RowsPlace::File(place.rows()), Seat::Reader)?;
        let kept = rows::objects::all(&mut rows)?;
        let mut done = 0_u64;
        for object in &kept {
            self.copy(place, &object.digest)?;
            self.objects += 1;
            done = done.saturating_add(object.sealed_len);
            progress(done, self.header.object_bytes);
        }
        Ok(())
    }

    fn copy(&self, place: &Home, digest: &Digest) -> Result<(), BackupError> {
        let role = FileRole::Object(*digest);
        let told = |source| StoreError::file(role, source);
        let shelf = place.shelf(digest);
        self.disk.make_folder(&shelf).map_err(told)?;
        let what = format!("object {}", digest.short());
        let mut source = Backup::read(&self.backup.object(digest), &what)?;
        let target = self.disk.create(&place.object(digest)).map_err(told)?;
        let mut hasher = Hasher::new();
        let mut buffer = vec![0; FLUSH];
        loop {
            let read = source.read(&mut buffer).map_err(BackupError::file)?;
            if read == 0 {
                break;
            }
            let bytes = buffer.get(..read).unwrap_or_default();
            hasher.update(bytes);
            self.disk.write_all(&target, bytes).map_err(told)?;
        }
        self.disk.sync(&target).map_err(told)?;
        self.disk.sync_folder(&shelf).map_err(told)?;
        if hasher.finish() == *digest {
            Ok(())
        } else {
            Err(BackupError::damaged(format!(
                "{what} is not what was copied"
            )))
        }
    }
}

/// Bytes collected before they are written.
const FLUSH: usize = 1 << 20;
