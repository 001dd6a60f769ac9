//! Opening an instance.

use std::{
    fs::File,
    path::Path,
    sync::{Arc, Mutex},
};

use domain::Clock;
use seal::Keyring;

use super::{
    Recovery, Store, keys,
    keystore::{self, Opener},
    lock::lock,
    recovery,
};
use crate::{
    StoreError,
    disk::Disk,
    fence::Fence,
    home::Home,
    log::{Log, Scan, scan},
    objects::Objects,
    rows::{Rows, schema},
};

/// Opens for use: refuses damage, repairs what a killed process left.
pub(crate) fn open(
    folder: &Path,
    opener: Opener<'_>,
    clock: &dyn Clock,
    disk: Arc<dyn Disk>,
) -> Result<Store, StoreError> {
    let home = Home::new(folder);
    let (keyring, sealed, lock) = unlock(&home, opener)?;
    let mut scan = scan(&home, &keyring)?;
    if let Some(damage) = scan.damage.take() {
        return Err(damage);
    }
    let mut rows = Rows::connect(&home.rows())?;
    schema::migrate(&mut rows)?;
    let plan = recovery::plan(&mut rows, &scan)?;
    let mut store = assemble(home, keyring, lock, disk, rows, scan, Fence::default())?;
    store.recovery = recovery::repair(&store, &plan, clock)?;
    keystore::check(&store, &sealed, clock)?;
    Ok(store)
}

/// Opens for verification: refuses nothing, repairs nothing, takes no changes.
pub(super) fn open_to_verify(
    folder: &Path,
    opener: Opener<'_>,
    disk: Arc<dyn Disk>,
) -> Result<Store, StoreError> {
    let home = Home::new(folder);
    let (keyring, _, lock) = unlock(&home, opener)?;
    let scan = scan(&home, &keyring)?;
    let rows = Rows::connect(&home.rows())?;
    let fence = Fence::default();
    fence.verify_only();
    assemble(home, keyring, lock, disk, rows, scan, fence)
}

/// Opens an instance that was just made and is locked by us.
pub(super) fn start(
    home: Home,
    keyring: Keyring,
    lock: File,
    disk: Arc<dyn Disk>,
) -> Result<Store, StoreError> {
    let scan = scan(&home, &keyring)?;
    let rows = Rows::connect(&home.rows())?;
    assemble(home, keyring, lock, disk, rows, scan, Fence::default())
}

/// The keyring, the bytes of its file, and the lock of the instance. The lock comes first: what is
/// read under it is what stays.
fn unlock(home: &Home, opener: Opener<'_>) -> Result<(Keyring, Vec<u8>, File), StoreError> {
    keystore::read(home)?;
    let lock = lock(&home.lock())?;
    let sealed = keystore::read(home)?;
    let keyring = opener.open(&sealed)?;
    Ok((keyring, sealed, lock))
}

fn assemble(
    home: Home,
    keyring: Keyring,
    lock: File,
    disk: Arc<dyn Disk>,
    mut rows: Rows,
    scan: Scan,
    fence: Fence,
) -> Result<Store, StoreError> {
    let fence = Arc::new(fence);
    let row_key = keys::row_key(&mut rows, &keyring)?;
    let reader = Rows::connect(&home.rows())?;
    let log = Log::take_up(&home, Arc::clone(&disk), Arc::clone(&fence), scan)?;
    let objects = Objects {
        home: home.clone(),
        disk: Arc::clone(&disk),
        fence: Arc::clone(&fence),
    };
    Ok(Store {
        fence,
        disk,
        keyring,
        row_key,
        home,
        writer: Mutex::new(rows),
        reader: Mutex::new(reader),
        log: Mutex::new(log),
        objects,
        written: Mutex::default(),
        writing: Mutex::default(),
        recovery: Recovery::default(),
        _lock: lock,
    })
}
