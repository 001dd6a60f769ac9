//! Taking a set.

use std::{
    fs::File,
    io::{self, Read, Write},
    sync::MutexGuard,
    thread,
};

use audit::{Tree, leaf_hash};
use domain::{Digest, Entropy, Timestamp};
use seal::{DataKey, SealWriter, SystemEntropy, digest, seal_bytes};

use super::{
    Backup, BackupError, LogPart, SetHeader, SetId,
    folder::digest_of,
    rows::{self, WrappedKeys},
};
use crate::{
    FileRole, Store, StoreError,
    disk::Disk,
    fence::held,
    log::{
        frames::{Frames, frame},
        notes,
    },
    rows::{Rows, objects::KeptObject, schema},
};

/// What a backup did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The new set.
    pub set: SetId,
    /// Log entries in the set.
    pub entries: u64,
    /// Of these, copied now.
    pub new_entries: u64,
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
        let log = work.log(&moment, &mut entropy)?;
        let keystore = work.keystore()?;
        let (new_objects, new_bytes) = work.objects(&moment.objects, progress)?;
        let new_entries = log
            .last()
            .filter(|part| part.set == work.set)
            .map_or(0, |part| part.to.saturating_sub(part.from));
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
            log,
            rows: moment.rows,
            objects: moment.objects.len() as u64,
            object_bytes: moment.objects.iter().map(|object| object.sealed_len).sum(),
        };
        work.finish(&header, &moment.wrapped, &mut entropy)?;
        Ok(Taken {
            set: header.set,
            entries: header.entries,
            new_entries,
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
        let (checkpoint, entries) = self.confirmed()?;
        let mut wrapped = WrappedKeys::new();
        let context = SetHeader::rows_context(&self.instance, &self.set);
        let path = self.backup.rows(&self.set);
        self.sealed(&path, &context, entropy, |out| {
            wrapped = rows::write(&mut rows, out)?;
            Ok(())
        })?;
        let file = Backup::read(&path, "the file of rows")?;
        Ok(Moment {
            checkpoint,
            entries,
            objects: crate::rows::objects::all(&mut rows)?,
            wrapped,
            schema: schema::version(&mut rows)?,
            rows: digest_of(file).map_err(BackupError::file)?,
        })
    }

    /// The newest checkpoint; one is signed first when entries stand without.
    fn confirmed(&self) -> Result<(String, u64), BackupError> {
        let mut log = self.store.log();
        if !log.is_confirmed() {
            log.confirm(&self.store.keyring)?;
        }
        Ok((log.newest_checkpoint().to_owned(), log.next().index()))
    }

    /// Copies the log's entries since the newest set, and names the parts before.
    fn log(&self, moment: &Moment, entropy: &mut dyn Entropy) -> Result<Vec<LogPart>, BackupError> {
        let mut parts = self.earlier(moment, entropy)?;
        let from = parts.last().map_or(0, |part| part.to);
        if from == moment.entries {
            return Ok(parts);
        }
        let context = LogPart::context(&self.instance, &self.set, from, moment.entries);
        let path = self.backup.log(&self.set);
        self.sealed(&path, &context, entropy, |out| {
            self.copy_entries(from, moment.entries, out)
        })?;
        let file = Backup::read(&path, "the new part of the log")?;
        parts.push(LogPart {
            set: self.set.clone(),
            from,
            to: moment.entries,
            digest: digest_of(file).map_err(BackupError::file)?,
            key: self
                .store
                .keyring
                .wrap(&self.key, &self.set.key_context(&self.instance), entropy),
        });
        Ok(parts)
    }

    fn copy_entries(&self, from: u64, to: u64, out: &mut dyn Write) -> Result<(), BackupError> {
        let mut buffer = Vec::new();
        self.entries(to, |index, entry| {
            buffer.clear();
            if index >= from && frame(entry, &mut buffer) {
                out.write_all(&buffer).map_err(BackupError::file)?;
            }
            Ok(())
        })
    }

    /// The parts of the newest set, their keys wrapped anew; none when there is no set yet, or
    /// when a key-encryption key that wrapped them is gone: then the whole log is copied again.
    fn earlier(
        &self,
        moment: &Moment,
        entropy: &mut dyn Entropy,
    ) -> Result<Vec<LogPart>, BackupError> {
        let Some(newest) = self.backup.sets()?.into_iter().next_back() else {
            return Ok(Vec::new());
        };
        let header = self.backup.header(&newest)?;
        if header.instance != self.instance {
            return Err(BackupError::OtherInstance);
        }
        self.check_continued(&header, moment)?;
        let mut parts = Vec::new();
        for part in header.log {
            let Ok(key) = part.open_key(&self.instance, &self.store.keyring) else {
                return Ok(Vec::new());
            };
            let context = part.set.key_context(&self.instance);
            let key = self.store.keyring.wrap(&key, &context, entropy);
            parts.push(LogPart { key, ..part });
        }
        Ok(parts)
    }

    /// This log begins with the log of the newest set.
    fn check_continued(&self, header: &SetHeader, moment: &Moment) -> Result<(), BackupError> {
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
        let mut tree = Tree::new();
        self.entries(size, |_, entry| {
            tree.push(leaf_hash(entry));
            Ok(())
        })?;
        if tree.size() == size && tree.root() == root {
            Ok(())
        } else {
            Err(forked)
        }
    }

    /// The first `to` entries of the log, as bytes.
    fn entries(
        &self,
        to: u64,
        mut take: impl FnMut(u64, &[u8]) -> Result<(), BackupError>,
    ) -> Result<(), BackupError> {
        let told = |source| StoreError::file(FileRole::Log, source);
        let file = File::open(self.store.home.entries()).map_err(told)?;
        let mut frames = Frames::new(file, 0).map_err(told)?;
        for index in 0..to {
            let Some(entry) = frames.entry().map_err(told)? else {
                let found = index;
                return Err(StoreError::LogTruncated { found, signed: to }.into());
            };
            take(index, &entry)?;
        }
        Ok(())
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
        path: &std::path::Path,
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
