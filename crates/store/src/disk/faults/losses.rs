//! What a power cut takes: bytes and names that nobody waited for.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use super::Loss;

/// Bytes and names that are not on the medium yet.
#[derive(Debug, Default)]
pub(super) struct Losses {
    /// Files that were written to, by inode, with the length that is on the medium.
    files: BTreeMap<u64, Unsynced>,
    /// Names that were given and whose folder was not waited for, in order.
    names: Vec<Named>,
}

#[derive(Debug)]
struct Unsynced {
    file: File,
    safe: u64,
}

#[derive(Debug)]
enum Named {
    Created(PathBuf),
    Renamed(PathBuf, PathBuf),
}

impl Named {
    fn folder(&self) -> Option<&Path> {
        match self {
            Self::Created(path) | Self::Renamed(_, path) => path.parent(),
        }
    }
}

impl Losses {
    pub(super) fn about_to_write(&mut self, file: &File) -> io::Result<()> {
        let found = file.metadata()?;
        if let std::collections::btree_map::Entry::Vacant(place) = self.files.entry(found.ino()) {
            place.insert(Unsynced {
                file: file.try_clone()?,
                safe: found.len(),
            });
        }
        Ok(())
    }

    pub(super) fn synced(&mut self, file: &File) {
        if let Ok(found) = file.metadata() {
            self.files.remove(&found.ino());
        }
    }

    pub(super) fn created(&mut self, path: &Path) {
        self.names.push(Named::Created(path.to_owned()));
    }

    pub(super) fn renamed(&mut self, from: &Path, to: &Path) {
        self.names
            .push(Named::Renamed(from.to_owned(), to.to_owned()));
    }

    pub(super) fn synced_folder(&mut self, folder: &Path) {
        self.names.retain(|named| named.folder() != Some(folder));
    }

    /// The power fails.
    pub(super) fn happen(&mut self, loss: Loss) {
        for (_, unsynced) in std::mem::take(&mut self.files) {
            // A file that is gone has nothing to lose.
            drop(unsynced.lose(loss));
        }
        for named in self.names.drain(..).rev() {
            drop(match named {
                Named::Created(path) => fs::remove_file(path),
                Named::Renamed(from, to) => fs::rename(to, from),
            });
        }
    }
}

impl Unsynced {
    fn lose(&self, loss: Loss) -> io::Result<()> {
        let length = self.file.metadata()?.len();
        let safe = self.safe.min(length);
        let tail = length - safe;
        match loss {
            Loss::All => self.file.set_len(safe),
            Loss::Half => self.file.set_len(safe + tail / 2),
            Loss::LastByte => self.file.set_len(safe + tail.saturating_sub(1)),
            // What is beyond the end of a file reads as zeros when it grows again.
            Loss::Zeros => self
                .file
                .set_len(safe)
                .and_then(|()| self.file.set_len(length)),
        }
    }
}
