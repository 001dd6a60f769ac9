//! For tests: an instance in a temporary folder, and desks of its people.

use std::path::PathBuf;

use access::{Operator, Policies};
use domain::{FixedClock, OperatorId, Role, Timestamp};
use seal::{Argon2Cost, Passphrase};
use store::Store;

use crate::Desk;

/// One second after the epoch, and it stays there.
pub(crate) const CLOCK: FixedClock = FixedClock(Timestamp::from_millis(1_000));

pub(crate) struct Site {
    folder: tempfile::TempDir,
    policies: Policies,
}

impl Site {
    /// A folder with a new instance, open.
    pub(crate) fn new() -> (Self, Store) {
        let site = Self {
            folder: tempfile::tempdir().unwrap(),
            policies: Policies::built_in().unwrap(),
        };
        let store = Store::create(&site.home(), &passphrase(), Argon2Cost::light()).unwrap();
        (site, store)
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.path("instance")
    }

    /// Something else in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn desk<'a>(&'a self, store: &'a Store, name: &str, role: Role) -> Desk<'a> {
        let operator = Operator::new(OperatorId::new(name).unwrap(), role);
        Desk::new(store, &self.policies, operator, &CLOCK)
    }
}

pub(crate) fn passphrase() -> Passphrase {
    Passphrase::new("correct horse battery staple")
}
