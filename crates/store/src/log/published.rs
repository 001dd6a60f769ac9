//! How far the log was shown to others: below that it is never signed again, also after a restore.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::Path,
};

use audit::Checkpoint;
use domain::Digest;
use seal::{Keyring, PublicKey};

use super::{Log, notes};
use crate::{FileRole, StoreError, disk::Disk, home::Home};

/// Size and root of the newest checkpoint that was given away; nothing when none was.
pub(crate) fn read(home: &Home, keyring: &Keyring) -> Result<Option<(u64, Digest)>, StoreError> {
    let Some(text) = text(&home.published())? else {
        return Ok(None);
    };
    match notes::parse(&text, keyring) {
        Some(found) => Ok(Some(found)),
        None => Err(StoreError::LogAltered {
            what: "the file of its newest published checkpoint is not signed by this instance"
                .to_owned(),
        }),
    }
}

/// The whole text of a small file of the log; nothing when it is not there.
pub(crate) fn text(path: &Path) -> Result<Option<String>, StoreError> {
    let told = |source| StoreError::file(FileRole::Checkpoints, source);
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        opened => opened.map_err(told)?,
    };
    let mut bytes = Vec::new();
    file.take(TEXT_MAX).read_to_end(&mut bytes).map_err(told)?;
    Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
}

/// The whole text of a file of the log that may be long.
pub(crate) fn whole(path: &Path) -> Result<String, StoreError> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|mut file| file.read_to_end(&mut bytes))
        .map_err(|source| StoreError::file(FileRole::Checkpoints, source))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Writes a small file of the log whole: beside its place, synced, then renamed.
pub(crate) fn replace(
    disk: &dyn Disk,
    home: &Home,
    path: &Path,
    bytes: &[u8],
) -> Result<(), StoreError> {
    let told = |source: io::Error| StoreError::file(FileRole::Log, source);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = home.tmp().join(format!("log-{name}"));
    match fs::remove_file(&beside) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(told(error)),
        _ => {}
    }
    let write = || {
        let file = disk.create(&beside)?;
        disk.write_all(&file, bytes)?;
        disk.sync(&file)?;
        disk.rename(&beside, path)?;
        disk.sync_folder(path.parent().unwrap_or(Path::new(".")))
    };
    write().map_err(|source| {
        // What cannot be removed now is removed at the next start.
        drop(disk.remove(&beside));
        told(source)
    })
}

impl Log {
    /// Remembers that the newest checkpoint is about to be given away; it must be durable before
    /// it is. Returns its text.
    pub(crate) fn publish(&mut self) -> Result<String, StoreError> {
        let note = self.newest.clone();
        self.publish_note(&note, self.confirmed)?;
        Ok(note)
    }

    fn publish_note(&mut self, note: &str, size: u64) -> Result<(), StoreError> {
        if size > self.published || (size == 0 && self.published == 0) {
            let path = self.home.published();
            replace(self.disk.as_ref(), &self.home, &path, note.as_bytes())?;
            self.published = size;
        }
        Ok(())
    }

    /// Refuses a log that is not the one that was shown to others: its first entries then have
    /// another root.
    pub(crate) fn compare_published(&self, keyring: &Keyring) -> Result<(), StoreError> {
        let Some((size, root)) = read(&self.home, keyring)? else {
            return Ok(());
        };
        match self.root_at(size) {
            Ok(found) if found == root => Ok(()),
            Ok(_) => Err(StoreError::LogForked { size }),
            // The leaves of its last block are pruned; the newest checkpoint covers it.
            Err(StoreError::LogPruned { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// The size of the newest checkpoint that was given away.
    pub(crate) const fn published(&self) -> u64 {
        self.published
    }
}

/// Lays a checkpoint that was shown to others into a folder that was restored from a backup,
/// before the instance is opened; see [`crate::accept_published`].
pub(crate) fn accept(home: &Home, key: &PublicKey, note: &str) -> Result<u64, StoreError> {
    let parsed = Checkpoint::parse_and_verify(note, key).map_err(StoreError::Checkpoint)?;
    let origin = notes::origin_of(key);
    if parsed.origin() != origin {
        return Err(StoreError::LogAltered {
            what: "the checkpoint is of another log".to_owned(),
        });
    }
    if let Some(text) = text(&home.published())? {
        let kept = Checkpoint::parse_and_verify(&text, key).map_err(StoreError::Checkpoint)?;
        if kept.size() >= parsed.size() {
            return Ok(kept.size());
        }
    }
    replace(
        &crate::disk::Machine,
        home,
        &home.published(),
        note.as_bytes(),
    )?;
    Ok(parsed.size())
}

/// A checkpoint with a hundred cosignatures is shorter.
const TEXT_MAX: u64 = 1 << 16;
