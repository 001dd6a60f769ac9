//! Making an instance.

use std::{
    cell::Cell,
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
    objects::Bucket,
    places::Places,
    rows::{self, Backup, Rows, keys},
    tokens::token,
};

pub(crate) fn create(
    home: &Path,
    service: &dyn KeyService,
    places: &Places,
    disk: Arc<dyn Disk>,
) -> Result<Store, StoreError> {
    check_free(home)?;
    let mut entropy = SystemEntropy::new();
    let (keyring, sealed) = Keyring::create_with(service, &mut entropy).map_err(plainly)?;
    if let Some(bucket) = &places.objects {
        Bucket::reach(bucket, Arc::clone(&disk))?.try_out()?;
    }
    let lock = construct(home, places, disk.as_ref(), |site| {
        site.fill(&keyring, &sealed, &mut entropy, disk.as_ref())
    })?;
    open::start(Home::new(home), places, keyring, lock, disk)
}

/// Builds an instance beside its place with `fill` and moves it there whole; returns its lock,
/// held. On any error nothing stays.
pub(crate) fn construct(
    home: &Path,
    places: &Places,
    disk: &dyn Disk,
    fill: impl FnOnce(&Site<'_>) -> Result<(), StoreError>,
) -> Result<File, StoreError> {
    check_free(home)?;
    let site = Site::open(home, places, &mut SystemEntropy::new())?;
    let built = site.build(disk, fill);
    match built.and_then(|lock| site.move_to(home, disk).map(|()| lock)) {
        Ok(lock) => Ok(lock),
        Err(error) => {
            site.clear();
            Err(error)
        }
    }
}

/// Takes away an instance in which nothing was saved.
pub(crate) fn discard(folder_of: &Path) -> Result<(), StoreError> {
    let home = Home::new(folder_of);
    let _lock = match lock(&home.lock()) {
        Err(StoreError::File { source, .. }) if source.kind() == io::ErrorKind::NotFound => None,
        taken => Some(taken?),
    };
    let places = Places::read(&home.places())?;
    Rows::abandon(&home.rows_place(&places))?;
    fs::remove_dir_all(home.folder()).map_err(folder)
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
pub(crate) struct Site<'p> {
    place: Home,
    parent: PathBuf,
    places: &'p Places,
    /// Whether room was made for the rows elsewhere.
    founded: Cell<bool>,
}

impl<'p> Site<'p> {
    fn open(
        home: &Path,
        places: &'p Places,
        entropy: &mut SystemEntropy,
    ) -> Result<Self, StoreError> {
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
            places,
            founded: Cell::new(false),
        })
    }

    /// Makes the folders, has the files written, and syncs; returns the instance's lock, held.
    fn build(
        &self,
        disk: &dyn Disk,
        fill: impl FnOnce(&Self) -> Result<(), StoreError>,
    ) -> Result<File, StoreError> {
        let place = &self.place;
        let lock = lock(&place.lock())?;
        for inner in [place.tmp(), place.log(), place.objects()] {
            disk.make_folder(&inner).map_err(folder)?;
        }
        fill(self)?;
        for inner in [place.log(), place.objects(), place.folder().to_path_buf()] {
            disk.sync_folder(&inner).map_err(folder)?;
        }
        Ok(lock)
    }

    /// Where it is built.
    pub(crate) fn place(&self) -> &Home {
        &self.place
    }

    /// Writes every file of an empty instance.
    fn fill(
        &self,
        keyring: &Keyring,
        sealed: &[u8],
        entropy: &mut SystemEntropy,
        disk: &dyn Disk,
    ) -> Result<(), StoreError> {
        let place = &self.place;
        put(disk, &place.keystore(), sealed, FileRole::Keystore)?;
        put(disk, &place.entries(), &[], FileRole::Log)?;
        let note = notes::line(&notes::sign(&Tree::new(), keyring)?);
        let role = FileRole::Checkpoints;
        put(disk, &place.checkpoints(), note.as_bytes(), role)?;
        if self.places.rows.is_none() {
            put(disk, &place.rows(), &[], FileRole::Rows)?;
        }
        if !self.places.is_local() {
            let bytes = self.places.encode();
            put(disk, &place.places(), &bytes, FileRole::Places)?;
        }
        self.build_rows(keyring, entropy)
    }

    fn build_rows(&self, keyring: &Keyring, entropy: &mut SystemEntropy) -> Result<(), StoreError> {
        let mut rows = Rows::found(&self.place.rows_place(self.places))?;
        self.founded.set(true);
        rows::schema::migrate(&mut rows, Backup::ByUs)?;
        let (_, _, stored) = new_key(keyring, None, 1, entropy);
        keys::insert(&mut rows, &stored)
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
        if self.founded.get() {
            drop(Rows::abandon(&self.place.rows_place(self.places)));
        }
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

/// What a passphrase is refused for is the keyring's error, as when it opens.
fn plainly(error: ServiceError) -> StoreError {
    match error {
        ServiceError::Passphrase(error) => error.into(),
        other => other.into(),
    }
}

/// Writes one file of a new instance, on the medium when it returns.
pub(crate) fn put(
    disk: &dyn Disk,
    path: &Path,
    bytes: &[u8],
    role: FileRole,
) -> Result<(), StoreError> {
    let told = |source| StoreError::file(role, source);
    let file = disk.create(path).map_err(told)?;
    disk.write_all(&file, bytes).map_err(told)?;
    disk.sync(&file).map_err(told)
}

fn folder(source: io::Error) -> StoreError {
    StoreError::file(FileRole::Folder, source)
}
