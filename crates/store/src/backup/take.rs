//! Taking a set.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Read, Write},
    path::{Path, PathBuf},
    sync::MutexGuard,
    thread,
};

use domain::{Digest, Entropy, Timestamp};
use seal::{DataKey, SealWriter, SystemEntropy, digest, seal_bytes};

use super::{
    Backup, BackupError, LogFile, SetHeader, SetId,
    folder::digest_of,
    rows::{self, WrappedKeys},
};
use crate::{
    FileRole, Store, StoreError,
    disk::Disk,
    fence::held,
    log::{Log, notes},
    rows::{Rows, objects::KeptObject, schema},
};

/// What a backup did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The new set.
    pub set: SetId,
    /// Log entries in the set.
    pub entries: u64,
    /// Files of the log copied now.
    pub new_log_files: u64,
    /// Objects in the set.
    pub objects: u64,
    /// Of these, copied now.
    pub new_objects: u64,
    /// Bytes of the objects copied now.
    pub new_bytes: u64,
    /// The ids of the wrapped keys in the set.
    pub keys: Vec<String>,
}

/// What stands still while rows are copied.
struct Moment {
    checkpoint: String,
    entries: u64,
    objects: Vec<KeptObject>,
    wrapped: WrappedKeys,
    schema: i64,
    rows: Digest,
    log: Vec<LogFile>,
}

impl Store {
    /// Copies what is new since the newest set of `backup` and completes a new set. Changes wait
    /// while the rows are copied, not while objects are.
    ///
    /// Every object is compared with its digest on the way: a damaged one stops the backup and is
    /// named. A backup folder of another instance, or one whose newest set this instance does not
    /// continue, is refused. `progress` gets bytes of objects done and in all.
    pub fn back_up(
        &self,
        backup: &Backup,
        now: Timestamp,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Taken, BackupError> {
        let mut entropy = SystemEntropy::new();
        let set = SetId::new(now, &mut entropy);
        let work = Work {
            store: self,
            backup,
            instance: notes::origin(&self.keyring),
            key: DataKey::generate(&mut entropy),
            set,
        };
        let moment = work.stand_still(&mut entropy)?;
        let keystore = work.keystore()?;
        let (new_objects, new_bytes) = work.objects(&moment.objects, progress)?;
        let copied = |file: &&LogFile| file.set == work.set;
        let new_log_files = moment.log.iter().filter(copied).count() as u64;
        let header = SetHeader {
            format: SetHeader::FORMAT,
            set: work.set.clone(),
            instance: work.instance.clone(),
            taken: now,
            keystore,
            key: self.keyring.wrap(
                &work.key,
                &work.set.key_context(&work.instance),
                &mut entropy,
            ),
            schema: moment.schema,
            checkpoint: moment.checkpoint,
            entries: moment.entries,
            log: moment.log,
            rows: moment.rows,
            objects: moment.objects.len() as u64,
            object_bytes: moment.objects.iter().map(|object| object.sealed_len).sum(),
        };
        work.finish(&header, &moment.wrapped, &mut entropy)?;
        Ok(Taken {
            set: header.set,
            entries: header.entries,
            new_log_files,
            objects: header.objects,
            new_objects,
            new_bytes,
            keys: ids(&moment.wrapped),
        })
    }
}

/// The ids in a file of keys.
pub(super) fn ids(wrapped: &WrappedKeys) -> Vec<String> {
    let id = |name: &String| name.split_once('|').map(|(_, id)| id.to_owned());
    wrapped.keys().filter_map(id).collect()
}

struct Work<'a> {
    store: &'a Store,
    backup: &'a Backup,
    instance: String,
    set: SetId,
    key: DataKey,
}

impl Work<'_> {
    /// Copies the rows while nobody changes them, and notes how far the log is.
    fn stand_still(&self, entropy: &mut dyn Entropy) -> Result<Moment, BackupError> {
        if *held(&self.store.writing) == Some(thread::current().id()) {
            return Err(StoreError::TransactionOpen.into());
        }
        let mut rows: MutexGuard<'_, Rows> = held(&self.store.writer);
        let mut log = self.store.log();
        if !log.is_confirmed() {
            log.confirm(&self.store.keyring)?;
        }
        let mut moment = Moment {
            checkpoint: log.newest_checkpoint().to_owned(),
            entries: log.next().index(),
            objects: crate::rows::objects::all(&mut rows)?,
            wrapped: WrappedKeys::new(),
            schema: schema::version(&mut rows)?,
            rows: Digest([0; 32]),
            log: Vec::new(),
        };
        moment.log = self.log(&moment, &log, entropy)?;
        drop(log);
        let context = SetHeader::rows_context(&self.instance, &self.set);
        let path = self.backup.rows(&self.set);
        self.sealed(&path, &context, entropy, |out| {
            moment.wrapped = rows::write(&mut rows, out)?;
            Ok(())
        })?;
        let file = Backup::read(&path, "the file of rows")?;
        moment.rows = digest_of(file).map_err(BackupError::file)?;
        Ok(moment)
    }

    /// Copies the files of the log that the newest set does not have. The log stands still.
    fn log(
        &self,
        moment: &Moment,
        log: &Log,
        entropy: &mut dyn Entropy,
    ) -> Result<Vec<LogFile>, BackupError> {
        let earlier = self.earlier(moment, log, entropy)?;
        let mut files = Vec::new();
        for (name, path) in self.log_files()? {
            let told = |source| StoreError::file(FileRole::Log, source);
            let bytes = path.metadata().map_err(told)?.len();
            let same = |file: &&LogFile| file.name == name && file.bytes == bytes;
            match earlier.iter().find(same).filter(|_| LogFile::stays(&name)) {
                Some(there) => files.push(there.clone()),
                None => files.push(self.copy_log_file(name, &path, files.len() as u64, entropy)?),
            }
        }
        Ok(files)
    }

    fn copy_log_file(
        &self,
        name: String,
        path: &Path,
        number: u64,
        entropy: &mut dyn Entropy,
    ) -> Result<LogFile, BackupError> {
        let told = |source| StoreError::file(FileRole::Log, source);
        let mut source = File::open(path).map_err(told)?;
        let target = self.backup.log(&self.set, number);
        let context = LogFile::context(&self.instance, &self.set, &name);
        let mut bytes = 0;
        self.sealed(&target, &context, entropy, |out| {
            bytes = io::copy(&mut source, out).map_err(BackupError::file)?;
            Ok(())
        })?;
        let copied = Backup::read(&target, "the copy of a log file")?;
        let context = self.set.key_context(&self.instance);
        Ok(LogFile {
            name,
            bytes,
            set: self.set.clone(),
            number,
            digest: digest_of(copied).map_err(BackupError::file)?,
            key: self.store.keyring.wrap(&self.key, &context, entropy),
        })
    }

    /// The files of the log that do not follow from others, by name.
    fn log_files(&self) -> Result<BTreeMap<String, PathBuf>, BackupError> {
        let home = &self.store.home;
        let derived = [home.index(), home.verified()];
        let mut files = BTreeMap::new();
        for (folder, prefix) in [(home.log(), ""), (home.persons(), "persons/")] {
            let entries = match fs::read_dir(&folder) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                entries => entries.map_err(|source| StoreError::file(FileRole::Log, source))?,
            };
            for entry in entries {
                let told = |source| StoreError::file(FileRole::Log, source);
                let path = entry.map_err(told)?.path();
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                if path.is_file() && !derived.contains(&path) {
                    files.insert(format!("{prefix}{name}"), path.clone());
                }
            }
        }
        Ok(files)
    }

    /// The files of the newest set, their keys wrapped anew; none when there is no set yet, or
    /// when a key-encryption key that wrapped them is gone: then the whole log is copied again.
    fn earlier(
        &self,
        moment: &Moment,
        log: &Log,
        entropy: &mut dyn Entropy,
    ) -> Result<Vec<LogFile>, BackupError> {
        let Some(newest) = self.backup.newest()? else {
            return Ok(Vec::new());
        };
        let header = self.backup.header(&newest)?;
        if header.instance != self.instance {
            return Err(BackupError::OtherInstance);
        }
        self.check_continued(&header, moment, log)?;
        let mut files = Vec::new();
        for file in header.log {
            let Ok(key) = file.open_key(&self.instance, &self.store.keyring) else {
                return Ok(Vec::new());
            };
            let context = file.set.key_context(&self.instance);
            let key = self.store.keyring.wrap(&key, &context, entropy);
            files.push(LogFile { key, ..file });
        }
        Ok(files)
    }

    /// This log begins with the log of the newest set.
    fn check_continued(
        &self,
        header: &SetHeader,
        moment: &Moment,
        log: &Log,
    ) -> Result<(), BackupError> {
        let forked = BackupError::Forked {
            kept: header.entries,
        };
        let signed = notes::parse(&header.checkpoint, &self.store.keyring);
        let Some((size, root)) = signed.filter(|(size, _)| *size == header.entries) else {
            return Err(BackupError::damaged(format!(
                "the checkpoint of set {} is not signed by this instance",
                header.set
            )));
        };
        if size > moment.entries {
            return Err(forked);
        }
        match log.root_at(size) {
            Ok(found) if found == root => Ok(()),
            // The newest set ends within what was pruned since; its own checkpoint stays the proof.
            Err(StoreError::LogPruned { .. }) => Ok(()),
            Ok(_) => Err(forked),
            Err(other) => Err(other.into()),
        }
    }

    fn keystore(&self) -> Result<Digest, BackupError> {
        let told = |source| StoreError::file(FileRole::Keystore, source);
        let mut bytes = Vec::new();
        File::open(self.store.home.keystore())
            .and_then(|mut file| file.read_to_end(&mut bytes))
            .map_err(told)?;
        let name = digest(&bytes);
        let path = self.backup.keystore(&name);
        if !path.exists() {
            self.backup.write_whole(&path, &bytes)?;
        }
        Ok(name)
    }

    /// Copies the objects that the backup does not have yet.
    fn objects(
        &self,
        objects: &[KeptObject],
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(u64, u64), BackupError> {
        let total = objects.iter().map(|object| object.sealed_len).sum();
        let (mut done, mut copied, mut bytes) = (0_u64, 0_u64, 0_u64);
        for object in objects {
            if !self.has(object) {
                self.copy(object)?;
                copied += 1;
                bytes = bytes.saturating_add(object.sealed_len);
            }
            done = done.saturating_add(object.sealed_len);
            progress(done, total);
        }
        Ok((copied, bytes))
    }

    /// An object of that name and length; `verify` compares the bytes.
    fn has(&self, object: &KeptObject) -> bool {
        let path = self.backup.object(&object.digest);
        path.metadata()
            .is_ok_and(|found| found.len() == object.sealed_len)
    }

    fn copy(&self, object: &KeptObject) -> Result<(), BackupError> {
        let disk = &self.backup.disk;
        let shelf = self.backup.shelf(&object.digest);
        disk.make_folder(&shelf).map_err(BackupError::file)?;
        let mut source = self.store.objects.shelf.open(&object.digest)?;
        let mut hasher = seal::Hasher::new();
        let path = self.backup.object(&object.digest);
        let mut altered = false;
        let written = self.backup.write_with(&path, |file| {
            copy(
                &mut source,
                &mut hasher,
                &mut Through {
                    disk: disk.as_ref(),
                    file,
                },
            )?;
            altered = std::mem::take(&mut hasher).finish() != object.digest;
            if altered {
                return Err(io::ErrorKind::InvalidData.into());
            }
            Ok(())
        });
        if altered {
            return Err(StoreError::ObjectDamaged {
                object: object.digest,
                segment: 0,
                offset: 0,
            }
            .into());
        }
        written
    }

    /// The file of keys, and the header last: with its name the set is there.
    fn finish(
        &self,
        header: &SetHeader,
        wrapped: &WrappedKeys,
        entropy: &mut dyn Entropy,
    ) -> Result<(), BackupError> {
        let unwritten = |_| BackupError::damaged("the new set cannot be written as JSON");
        let plain = serde_json::to_vec(wrapped).map_err(unwritten)?;
        let context = header.keys_context();
        let sealed = seal_bytes(&self.key, context.as_bytes(), &plain, entropy);
        self.backup
            .write_whole(&self.backup.keys(&self.set), &sealed)?;
        let mut text = serde_json::to_vec_pretty(header).map_err(unwritten)?;
        text.push(b'\n');
        self.backup.write_whole(&self.backup.set(&self.set), &text)
    }

    /// Writes a sealed file under the set's key.
    fn sealed(
        &self,
        path: &Path,
        context: &str,
        entropy: &mut dyn Entropy,
        write: impl FnOnce(&mut dyn Write) -> Result<(), BackupError>,
    ) -> Result<(), BackupError> {
        let disk = self.backup.disk.as_ref();
        let mut inner = Ok(());
        let written = self.backup.write_with(path, |file| {
            let out = Through { disk, file };
            let mut sealer = SealWriter::new(out, &self.key, context.as_bytes(), entropy)?;
            inner = write(&mut sealer);
            if inner.is_err() {
                return Err(io::ErrorKind::Other.into());
            }
            sealer.finish()?;
            Ok(())
        });
        inner.and(written)
    }
}

/// A file that is written through the disk, so that tests can let it fail.
struct Through<'a> {
    disk: &'a dyn Disk,
    file: &'a File,
}

impl Write for Through<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.disk.write(self.file, bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn copy(from: &mut dyn Read, hasher: &mut seal::Hasher, to: &mut Through<'_>) -> io::Result<()> {
    let mut buffer = vec![0; 1 << 20];
    loop {
        match from.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(read) => {
                let bytes = buffer.get(..read).unwrap_or_default();
                hasher.update(bytes);
                to.write_all(bytes)?;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
