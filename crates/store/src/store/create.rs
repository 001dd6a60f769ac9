//! Making an instance.

use std::{
    ffi::OsString,
    fs::{self, DirBuilder, File},
    io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use audit::Tree;
use seal::{KeyService, Keyring, ServiceError, SystemEntropy};

use super::{Store, keys::new_key, lock::lock, open};
use crate::{
    FileRole, StoreError,
    disk::Disk,
    home::Home,
    log::notes,
    rows::{self, Rows, keys},
    tokens::token,
};

pub(crate) fn create(
    home: &Path,
    service: &dyn KeyService,
    disk: Arc<dyn Disk>,
) -> Result<Store, StoreError> {
    check_free(home)?;
    let mut entropy = SystemEntropy::new();
    let (keyring, sealed) = Keyring::create_with(service, &mut entropy).map_err(plainly)?;
    let site = Site::open(home, &mut entropy)?;
    let built = site.build(&keyring, &sealed, &mut entropy, disk.as_ref());
    let lock = match built.and_then(|lock| site.move_to(home, disk.as_ref()).map(|()| lock)) {
        Ok(lock) => lock,
        Err(error) => {
            site.clear();
            return Err(error);
        }
    };
    open::start(Home::new(home), keyring, lock, disk)
}

/// A folder that is not there or empty is free.
fn check_free(home: &Path) -> Result<(), StoreError> {
    match fs::read_dir(home).map(|mut entries| entries.next().is_none()) {
        Ok(true) => Ok(()),
        Ok(false) => Err(StoreError::FolderTaken),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => Err(StoreError::FolderTaken),
        Err(error) => Err(folder(error)),
    }
}

/// The folder beside the final one in which an instance is built.
struct Site {
    place: Home,
    parent: PathBuf,
}

impl Site {
    fn open(home: &Path, entropy: &mut SystemEntropy) -> Result<Self, StoreError> {
        let parent = match home.parent() {
            Some(parent) if parent.as_os_str().is_empty() => PathBuf::from("."),
            Some(parent) => parent.to_path_buf(),
            None => return Err(StoreError::FolderTaken),
        };
        fs::create_dir_all(&parent).map_err(folder)?;
        let mark = mark(home)?;
        clear_abandoned(&parent, &mark);
        let mut name = mark;
        name.push(token(entropy));
        let place = parent.join(name);
        DirBuilder::new()
            .mode(0o700)
            .create(&place)
            .map_err(folder)?;
        Ok(Self {
            place: Home::new(&place),
            parent,
        })
    }

    /// Writes every file and folder of an empty instance; returns its lock, held.
    fn build(
        &self,
        keyring: &Keyring,
        sealed: &[u8],
        entropy: &mut SystemEntropy,
        disk: &dyn Disk,
    ) -> Result<File, StoreError> {
        let place = &self.place;
        let lock = lock(&place.lock())?;
        for inner in [place.tmp(), place.log(), place.objects()] {
            disk.make_folder(&inner).map_err(folder)?;
        }
        write(disk, &place.keystore(), sealed, FileRole::Keystore)?;
        write(disk, &place.entries(), &[], FileRole::Log)?;
        let note = notes::line(&notes::sign(&Tree::new(), keyring)?);
        let role = FileRole::Checkpoints;
        write(disk, &place.checkpoints(), note.as_bytes(), role)?;
        write(disk, &place.rows(), &[], FileRole::Rows)?;
        build_rows(&place.rows(), keyring, entropy)?;
        for inner in [place.log(), place.objects(), place.folder().to_path_buf()] {
            disk.sync_folder(&inner).map_err(folder)?;
        }
        Ok(lock)
    }

    /// Gives the finished folder its name; an empty folder of that name is replaced.
    fn move_to(&self, home: &Path, disk: &dyn Disk) -> Result<(), StoreError> {
        disk.rename(self.place.folder(), home)
            .map_err(|error| match error.kind() {
                io::ErrorKind::DirectoryNotEmpty
                | io::ErrorKind::NotADirectory
                | io::ErrorKind::AlreadyExists => StoreError::FolderTaken,
                _ => folder(error),
            })?;
        disk.sync_folder(&self.parent).map_err(folder)
    }

    /// Takes the site away; what cannot be removed is removed by the next `create` beside it.
    fn clear(&self) {
        drop(fs::remove_dir_all(self.place.folder()));
    }
}

/// The beginning of the names of sites for this instance.
fn mark(home: &Path) -> Result<OsString, StoreError> {
    let name = home.file_name().ok_or(StoreError::FolderTaken)?;
    let mut mark = OsString::from(".");
    mark.push(name);
    mark.push(".new-");
    Ok(mark)
}

/// Removes sites of processes that died: nobody holds their lock.
fn clear_abandoned(parent: &Path, mark: &OsString) {
    let Ok(entries) = fs::read_dir(parent) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let ours = name.as_encoded_bytes().starts_with(mark.as_encoded_bytes());
        if ours && lock(&entry.path().join("lock")).is_ok() {
            drop(fs::remove_dir_all(entry.path()));
        }
    }
}

fn build_rows(
    path: &Path,
    keyring: &Keyring,
    entropy: &mut SystemEntropy,
) -> Result<(), StoreError> {
    let mut rows = Rows::connect(path)?;
    rows::schema::migrate(&mut rows)?;
    let (_, _, stored) = new_key(keyring, None, 1, entropy);
    keys::insert(&mut rows, &stored)
}

/// What a passphrase is refused for is the keyring's error, as when it opens.
fn plainly(error: ServiceError) -> StoreError {
    match error {
        ServiceError::Passphrase(error) => error.into(),
        other => other.into(),
    }
}

fn write(disk: &dyn Disk, path: &Path, bytes: &[u8], role: FileRole) -> Result<(), StoreError> {
    let told = |source| StoreError::file(role, source);
    let file = disk.create(path).map_err(told)?;
    disk.write_all(&file, bytes).map_err(told)?;
    disk.sync(&file).map_err(told)
}

fn folder(source: io::Error) -> StoreError {
    StoreError::file(FileRole::Folder, source)
}
