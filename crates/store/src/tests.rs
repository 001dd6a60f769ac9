//! What the tests of this room share.

use std::{
    fs::File,
    io::{Read, Write},
    path::Path,
    sync::Arc,
};

use audit::{Event, Object, ObjectKind, Outcome};
use domain::{Action, FixedClock, OperatorId, Role, Timestamp};
use seal::{Argon2Cost, Passphrase};

use crate::{Store, StoreError, disk::faults::Faulty};

mod contract;
mod damage;
mod faults;
mod killed;
mod ledger;
mod model;
mod secrecy;

pub(crate) const CLOCK: FixedClock = FixedClock(Timestamp::from_millis(1_000));

/// An instance in a temporary folder.
pub(crate) struct Site {
    folder: tempfile::TempDir,
    pub(crate) disk: Arc<Faulty>,
}

impl Site {
    pub(crate) fn new() -> (Self, Store) {
        let site = Self {
            folder: tempfile::tempdir().unwrap(),
            disk: Arc::new(Faulty::default()),
        };
        let store = site.create().unwrap();
        (site, store)
    }

    pub(crate) fn empty() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            disk: Arc::new(Faulty::default()),
        }
    }

    pub(crate) fn parent(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn home(&self) -> std::path::PathBuf {
        self.folder.path().join("instance")
    }

    pub(crate) fn create(&self) -> Result<Store, StoreError> {
        let disk = Arc::clone(&self.disk) as Arc<dyn crate::disk::Disk>;
        crate::store::create_on(&self.home(), &passphrase(), Argon2Cost::light(), disk)
    }

    /// Opens with the site's faulty disk.
    pub(crate) fn open(&self) -> Result<Store, StoreError> {
        let disk = Arc::clone(&self.disk) as Arc<dyn crate::disk::Disk>;
        crate::store::open_on(&self.home(), &passphrase(), &CLOCK, disk)
    }

    /// A new process: opens with a disk that has no faults planned.
    pub(crate) fn restart(&mut self) -> Store {
        self.disk = Arc::new(Faulty::default());
        self.open().unwrap()
    }
}

pub(crate) fn passphrase() -> Passphrase {
    Passphrase::new("correct horse battery staple")
}

/// An event about a dataset; `number` is told by its rows.
pub(crate) fn event(number: u64) -> Event {
    Event::new(
        Timestamp::from_millis(0),
        OperatorId::new("ada").unwrap(),
        Role::DataEngineer,
        Action::Ingest,
        Object::new(ObjectKind::Dataset, "adult").unwrap(),
        Outcome::Done,
    )
    .rows(number)
}

pub(crate) fn text(path: &Path) -> String {
    String::from_utf8(bytes(path)).unwrap()
}

pub(crate) fn bytes(path: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    File::open(path).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

pub(crate) fn write(path: &Path, bytes: &[u8]) {
    let mut file = File::options()
        .write(true)
        .create(true)
        .truncate(true)
        .open(path)
        .unwrap();
    file.write_all(bytes).unwrap();
}
