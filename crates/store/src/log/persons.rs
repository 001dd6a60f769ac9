//! Committed sets of persons: `log/persons/<digest>`, one file a set, never changed.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{self, Read},
    os::unix::fs::FileExt,
    path::Path,
};

use audit::{Pages, PersonRef, PersonSet, set_holds};
use domain::Digest;

use super::published::replace;
use crate::{FileRole, StoreError, disk::Disk, home::Home};

/// Keeps a set under the digest of its bytes; one that is there already is left as it is.
pub(crate) fn keep(disk: &dyn Disk, home: &Home, set: &PersonSet) -> Result<Digest, StoreError> {
    let bytes = set.encode();
    let digest = seal::digest(&bytes);
    let path = home.persons().join(digest.to_string());
    if path.is_file() {
        return Ok(digest);
    }
    let told = |source: io::Error| StoreError::file(FileRole::Log, source);
    if !home.persons().is_dir() {
        disk.make_folder(&home.persons()).map_err(told)?;
        disk.sync_folder(&home.log()).map_err(told)?;
    }
    replace(disk, home, &path, &bytes)?;
    Ok(digest)
}

/// Reads a set and compares it with its digest.
pub(crate) fn read(home: &Home, digest: &Digest) -> Result<PersonSet, StoreError> {
    let told = |source: io::Error| StoreError::file(FileRole::Log, source);
    let mut bytes = Vec::new();
    File::open(home.persons().join(digest.to_string()))
        .and_then(|mut file| file.read_to_end(&mut bytes))
        .map_err(told)?;
    if seal::digest(&bytes) != *digest {
        return Err(StoreError::PersonsAltered { set: *digest });
    }
    PersonSet::decode(&bytes).map_err(|_| StoreError::PersonsAltered { set: *digest })
}

/// The sets that hold a person; each is read at a few places only.
pub(crate) fn holding(home: &Home, person: &PersonRef) -> Result<BTreeSet<Digest>, StoreError> {
    let told = |source: io::Error| StoreError::file(FileRole::Log, source);
    let mut found = BTreeSet::new();
    for digest in all(home)? {
        let file = File::open(home.persons().join(digest.to_string())).map_err(told)?;
        let length = file.metadata().map_err(told)?.len();
        if set_holds(&OnDisk(file), length, person).map_err(told)? {
            found.insert(digest);
        }
    }
    Ok(found)
}

/// The digests of all sets.
pub(crate) fn all(home: &Home) -> Result<Vec<Digest>, StoreError> {
    let told = |source: io::Error| StoreError::file(FileRole::Log, source);
    let names = match fs::read_dir(home.persons()) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        listed => listed.map_err(told)?,
    };
    let mut sets = Vec::new();
    for name in names {
        let name = name.map_err(told)?.file_name();
        sets.extend(name.to_str().and_then(|name| name.parse::<Digest>().ok()));
    }
    sets.sort_unstable();
    Ok(sets)
}

/// A file that is read at places.
#[derive(Debug)]
pub(crate) struct OnDisk(pub(crate) File);

impl OnDisk {
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        Ok(Self(File::open(path)?))
    }
}

impl Pages for OnDisk {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        self.0.read_exact_at(buffer, offset)
    }
}
