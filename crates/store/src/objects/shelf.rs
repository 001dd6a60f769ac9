//! Where finished objects stay: the port, and the folder of the instance behind it.

use std::{
    fmt::Debug,
    fs::{self, File},
    io::{self, Read, Seek, SeekFrom},
    path::Path,
    sync::Arc,
};

use domain::Digest;

use super::Written;
use crate::{FileRole, StoreError, disk::Disk, fence::Fence, home::Home};

/// Where finished objects stay. An object is named by the SHA-256 of its bytes, so that putting
/// it twice is putting it once and nothing is ever overwritten by something else.
pub(crate) trait Shelf: Debug + Send + Sync {
    /// Takes the finished file at `path` over; when this returns it is on the medium. On an error
    /// the file may still be at `path`.
    fn put(&self, path: &Path, written: &Written) -> Result<(), StoreError>;
    /// The bytes of an object from their beginning.
    fn open(&self, object: &Digest) -> Result<Box<dyn Bytes>, StoreError>;
    /// Everything that stands there, by name.
    fn list(&self) -> Result<Vec<Shelved>, StoreError>;
    /// Takes something away, by the name under which it was listed.
    fn remove(&self, shelved: &Shelved) -> Result<(), StoreError>;
    /// What it is, for people.
    fn describe(&self) -> String;
    /// Whether looking through all of it is cheap enough for every start.
    fn is_near(&self) -> bool;
}

/// Bytes that are read in order or from any place.
pub(crate) trait Bytes: Read + Seek + Send + Debug {
    /// How many there are.
    fn length(&mut self) -> io::Result<u64>;
}

/// Something that stands among the objects.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shelved {
    /// Its name there.
    pub name: String,
    /// The object it is, when its name is a digest.
    pub object: Option<Digest>,
    /// Its length in bytes.
    pub bytes: u64,
}

/// The folder `objects` of the instance. `object_store` has a local backend too, but it does not
/// wait for the medium.
#[derive(Debug)]
pub(crate) struct Folder {
    pub(crate) home: Home,
    pub(crate) disk: Arc<dyn Disk>,
    pub(crate) fence: Arc<Fence>,
}

impl Folder {
    fn sync_folder(&self, folder: &Path, role: FileRole) -> Result<(), StoreError> {
        self.disk.sync_folder(folder).map_err(|source| {
            self.fence.stop(role);
            StoreError::file(role, source)
        })
    }
}

impl Shelf for Folder {
    fn put(&self, path: &Path, written: &Written) -> Result<(), StoreError> {
        let role = FileRole::Object(written.object.digest);
        let shelf = self.home.shelf(&written.object.digest);
        let told = |source| StoreError::file(role, source);
        if !shelf.is_dir() {
            self.disk.make_folder(&shelf).map_err(told)?;
            self.sync_folder(&self.home.objects(), role)?;
        }
        let place = self.home.object(&written.object.digest);
        self.disk.rename(path, &place).map_err(told)?;
        self.sync_folder(&shelf, role)
    }

    fn open(&self, object: &Digest) -> Result<Box<dyn Bytes>, StoreError> {
        let file = File::open(self.home.object(object)).map_err(|source| {
            if source.kind() == io::ErrorKind::NotFound {
                StoreError::ObjectMissing { object: *object }
            } else {
                StoreError::file(FileRole::Object(*object), source)
            }
        })?;
        Ok(Box::new(file))
    }

    fn list(&self) -> Result<Vec<Shelved>, StoreError> {
        let told = |source: io::Error| StoreError::file(FileRole::Folder, source);
        let mut found = Vec::new();
        for shelf in names(&self.home.objects())? {
            let folder = self.home.objects().join(&shelf);
            for name in names(&folder)? {
                let bytes = fs::symlink_metadata(folder.join(&name)).map_err(told)?;
                found.push(Shelved {
                    object: name.parse().ok(),
                    name: format!("{shelf}/{name}"),
                    bytes: bytes.len(),
                });
            }
        }
        Ok(found)
    }

    fn remove(&self, shelved: &Shelved) -> Result<(), StoreError> {
        let path = self.home.objects().join(&shelved.name);
        self.disk
            .remove(&path)
            .map_err(|source| StoreError::file(FileRole::Temporary, source))
    }

    fn describe(&self) -> String {
        "the folder of the instance".to_owned()
    }

    fn is_near(&self) -> bool {
        true
    }
}

impl Bytes for File {
    fn length(&mut self) -> io::Result<u64> {
        let here = self.stream_position()?;
        let end = self.seek(SeekFrom::End(0))?;
        self.seek(SeekFrom::Start(here))?;
        Ok(end)
    }
}

/// The names in a folder, sorted; names that are not text are left alone.
pub(crate) fn names(folder: &Path) -> Result<Vec<String>, StoreError> {
    let told = |source: io::Error| StoreError::file(FileRole::Folder, source);
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(told)? {
        names.extend(entry.map_err(told)?.file_name().into_string());
    }
    names.sort_unstable();
    Ok(names)
}
