//! The files of a backup folder.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use domain::Digest;
use seal::Hasher;

use super::{BackupError, SetHeader, SetId};
use crate::disk::{Disk, Machine};

/// A backup folder.
#[derive(Clone, Debug)]
pub struct Backup {
    folder: PathBuf,
    pub(super) disk: Arc<dyn Disk>,
}

impl Backup {
    /// Opens a folder that holds a backup.
    pub fn open(folder: &Path) -> Result<Self, BackupError> {
        let backup = Self::at(folder, Arc::new(Machine));
        let mut mark = String::new();
        let file = File::open(backup.mark()).map_err(|source| match source.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => BackupError::NotABackup,
            _ => BackupError::file(source),
        })?;
        file.take(MARK.len() as u64 + 1)
            .read_to_string(&mut mark)
            .map_err(|_| BackupError::NotABackup)?;
        if mark == MARK {
            Ok(backup)
        } else {
            Err(BackupError::NotABackup)
        }
    }

    /// Opens a folder, or makes it; one that holds something else is refused.
    pub fn open_or_make(folder: &Path) -> Result<Self, BackupError> {
        Self::open_or_make_on(folder, Arc::new(Machine))
    }

    pub(super) fn open_or_make_on(folder: &Path, disk: Arc<dyn Disk>) -> Result<Self, BackupError> {
        let backup = Self::at(folder, disk);
        let is_empty = match fs::read_dir(folder) {
            Ok(mut entries) => entries.next().is_none(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => true,
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
                return Err(BackupError::NotABackup);
            }
            Err(error) => return Err(BackupError::file(error)),
        };
        if is_empty {
            backup.make()?;
            return Ok(backup);
        }
        // A folder that a killed backup began has nothing but our own names in it.
        if !backup.mark().exists() && backup.holds_only_our_names()? {
            backup.make()?;
        }
        Self::open(folder)?;
        Ok(backup)
    }

    fn at(folder: &Path, disk: Arc<dyn Disk>) -> Self {
        Self {
            folder: folder.to_path_buf(),
            disk,
        }
    }

    fn make(&self) -> Result<(), BackupError> {
        fs::create_dir_all(&self.folder).map_err(BackupError::file)?;
        for name in FOLDERS {
            let inner = self.folder.join(name);
            self.disk.make_folder(&inner).map_err(BackupError::file)?;
        }
        self.write_whole(&self.mark(), MARK.as_bytes())
    }

    fn holds_only_our_names(&self) -> Result<bool, BackupError> {
        let ours = |name: &str| FOLDERS.contains(&name) || name.starts_with(UNFINISHED);
        for entry in fs::read_dir(&self.folder).map_err(BackupError::file)? {
            let name = entry.map_err(BackupError::file)?.file_name();
            if !name.to_str().is_some_and(ours) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The names of all sets, oldest first.
    pub fn sets(&self) -> Result<Vec<SetId>, BackupError> {
        let mut sets = Vec::new();
        for entry in fs::read_dir(self.folder.join(SETS)).map_err(BackupError::file)? {
            let name = entry.map_err(BackupError::file)?.file_name();
            sets.extend(name.to_str().and_then(|name| name.parse::<SetId>().ok()));
        }
        sets.sort_unstable();
        Ok(sets)
    }

    /// The newest set: the one with most of the log, and of those the one taken last.
    pub fn newest(&self) -> Result<Option<SetId>, BackupError> {
        let mut headers = Vec::new();
        for set in self.sets()? {
            headers.push(self.header(&set)?);
        }
        let newest = headers
            .into_iter()
            .max_by_key(|header| (header.entries, header.taken));
        Ok(newest.map(|header| header.set))
    }

    /// The header of a set, as it says of itself: only a passphrase or a signature tells whether
    /// it is true.
    pub fn header(&self, set: &SetId) -> Result<SetHeader, BackupError> {
        let file = File::open(self.set(set)).map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => BackupError::NoSet,
            _ => BackupError::file(source),
        })?;
        let mut text = String::new();
        file.take(HEADER_MAX)
            .read_to_string(&mut text)
            .map_err(|_| BackupError::damaged(format!("the header of set {set} is not text")))?;
        let header: SetHeader = serde_json::from_str(&text).map_err(|_| {
            BackupError::damaged(format!("the header of set {set} is not readable"))
        })?;
        if header.format == SetHeader::FORMAT && header.set == *set {
            Ok(header)
        } else {
            Err(BackupError::damaged(format!(
                "set {set} is of another version or name than its header says"
            )))
        }
    }

    /// A file of the backup for reading; one that is missing is damage.
    pub(super) fn read(path: &Path, what: &str) -> Result<File, BackupError> {
        File::open(path).map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => BackupError::damaged(format!("{what} is missing")),
            _ => BackupError::file(source),
        })
    }

    /// Writes a file whole: under another name first, on the medium, then renamed.
    pub(super) fn write_whole(&self, path: &Path, bytes: &[u8]) -> Result<(), BackupError> {
        self.write_with(path, |file| self.disk.write_all(file, bytes))
    }

    /// The same for what is written piece by piece.
    pub(super) fn write_with(
        &self,
        path: &Path,
        write: impl FnOnce(&File) -> io::Result<()>,
    ) -> Result<(), BackupError> {
        let unfinished = self.unfinished(path);
        if unfinished.exists() {
            self.disk.remove(&unfinished).map_err(BackupError::file)?;
        }
        let file = self.disk.create(&unfinished).map_err(BackupError::file)?;
        let written = write(&file).and_then(|()| self.disk.sync(&file));
        let placed = written.and_then(|()| {
            self.disk.rename(&unfinished, path)?;
            self.disk.sync_folder(path.parent().unwrap_or(path))
        });
        placed.map_err(|source| {
            // What cannot be removed now is written over by the next try.
            drop(self.disk.remove(&unfinished));
            BackupError::file(source)
        })
    }

    fn unfinished(&self, path: &Path) -> PathBuf {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        self.folder.join(format!("{UNFINISHED}{name}"))
    }

    /// Overwrites a file with zeros before it is replaced, so that its old bytes are not left in
    /// free blocks where the file system writes in place.
    pub(super) fn blank(path: &Path) -> Result<(), BackupError> {
        let mut file = match OpenOptions::new().write(true).mode(0o600).open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(BackupError::file(error)),
        };
        let length = file.metadata().map_err(BackupError::file)?.len();
        let zeros = [0; 4096];
        let mut left = length;
        while left > 0 {
            let now = usize::try_from(left).unwrap_or(usize::MAX).min(zeros.len());
            let part = zeros.get(..now).unwrap_or_default();
            file.write_all(part).map_err(BackupError::file)?;
            left = left.saturating_sub(now as u64);
        }
        file.sync_all().map_err(BackupError::file)
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn set(&self, set: &SetId) -> PathBuf {
        self.folder.join(SETS).join(set.as_str())
    }

    pub(super) fn rows(&self, set: &SetId) -> PathBuf {
        self.folder.join(ROWS).join(set.as_str())
    }

    pub(super) fn keys(&self, set: &SetId) -> PathBuf {
        self.folder.join(KEYS).join(set.as_str())
    }

    pub(super) fn log(&self, set: &SetId, number: u64) -> PathBuf {
        self.folder.join(LOG).join(format!("{set}-{number}"))
    }

    /// A folder for something that is looked at and taken away again.
    pub(super) fn scratch(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{UNFINISHED}{name}"))
    }

    pub(super) fn keystore(&self, digest: &Digest) -> PathBuf {
        self.folder.join(KEYSTORES).join(digest.to_string())
    }

    pub(super) fn shelf(&self, digest: &Digest) -> PathBuf {
        let first: String = digest.to_string().chars().take(2).collect();
        self.folder.join(OBJECTS).join(first)
    }

    pub(super) fn object(&self, digest: &Digest) -> PathBuf {
        self.shelf(digest).join(digest.to_string())
    }

    fn mark(&self) -> PathBuf {
        self.folder.join("cloister-backup")
    }
}

/// The digest of all bytes of a reader.
pub(super) fn digest_of(mut reader: impl Read) -> io::Result<Digest> {
    let mut hasher = Hasher::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => return Ok(hasher.finish()),
            Ok(read) => hasher.update(buffer.get(..read).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

const MARK: &str = "cloister backup, version 1\n";
const UNFINISHED: &str = "unfinished-";
const SETS: &str = "sets";
const ROWS: &str = "rows";
const KEYS: &str = "keys";
const LOG: &str = "log";
const KEYSTORES: &str = "keystores";
const OBJECTS: &str = "objects";
const FOLDERS: [&str; 6] = [SETS, ROWS, KEYS, LOG, KEYSTORES, OBJECTS];
/// No header is longer: a log part takes some 300 bytes.
const HEADER_MAX: u64 = 1 << 24;
