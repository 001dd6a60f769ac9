//! Opening an instance.

use std::{
    fs::File,
    path::Path,
    sync::{Arc, Mutex},
};

use domain::Clock;
use seal::Keyring;

use super::{
    Opening, Recovery, Store, keys,
    keystore::{self, Opener},
    lock::lock,
    recovery,
};
use crate::{
    StoreError,
    disk::Disk,
    fence::Fence,
    home::Home,
    log::{Log, Scan, group::Group, scan},
    objects::{Bucket, Folder, Objects, Shelf},
    places::Places,
    rows::{Backup, Rows, Seat, schema},
};

/// Opens for use: refuses damage, repairs what a killed process left.
pub(crate) fn open(
    folder: &Path,
    opener: Opener<'_>,
    clock: &dyn Clock,
    opening: Opening,
    disk: Arc<dyn Disk>,
) -> Result<Store, StoreError> {
    let home = Home::new(folder);
    let (keyring, sealed, lock) = unlock(&home, opener)?;
    let places = Places::read(&home.places())?;
    let mut scan = scan(&home, &keyring)?;
    if let Some(damage) = scan.damage.take() {
        return Err(damage);
    }
    let mut rows = Rows::connect(&home.rows_place(&places), Seat::Writer)?;
    let backup = if opening.rows_backed_up {
        Backup::Confirmed
    } else {
        Backup::ByUs
    };
    schema::migrate(&mut rows, backup)?;
    let plan = recovery::plan(&mut rows, &scan)?;
    let site = Site { home, places, disk };
    let mut store = assemble(site, keyring, lock, rows, scan, Fence::default())?;
    store.log().compare_published(&store.keyring)?;
    store.recovery = recovery::repair(&store, &plan, clock)?;
    keystore::check(&store, &sealed, clock)?;
    store.log().pack(PACKED_AT_OPENING)?;
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
    let places = Places::read(&home.places())?;
    let scan = scan(&home, &keyring)?;
    let rows = Rows::connect(&home.rows_place(&places), Seat::Writer)?;
    let fence = Fence::default();
    fence.verify_only();
    let site = Site { home, places, disk };
    assemble(site, keyring, lock, rows, scan, fence)
}

/// Opens an instance that was just made and is locked by us.
pub(super) fn start(
    home: Home,
    places: &Places,
    keyring: Keyring,
    lock: File,
    disk: Arc<dyn Disk>,
) -> Result<Store, StoreError> {
    let scan = scan(&home, &keyring)?;
    let rows = Rows::connect(&home.rows_place(places), Seat::Writer)?;
    let places = places.clone();
    let site = Site { home, places, disk };
    assemble(site, keyring, lock, rows, scan, Fence::default())
}

/// Where an instance is and through what it is written.
struct Site {
    home: Home,
    places: Places,
    disk: Arc<dyn Disk>,
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

/// The key that signs the checkpoints of an instance that is not opened.
pub(super) fn checkpoint_key(
    home: &Home,
    opener: Opener<'_>,
) -> Result<seal::PublicKey, StoreError> {
    let (keyring, _, _lock) = unlock(home, opener)?;
    Ok(keyring.checkpoint_key())
}

fn assemble(
    site: Site,
    keyring: Keyring,
    lock: File,
    mut rows: Rows,
    scan: Scan,
    fence: Fence,
) -> Result<Store, StoreError> {
    let Site { home, places, disk } = site;
    let fence = Arc::new(fence);
    let row_key = keys::row_key(&mut rows, &keyring)?;
    let reader = Rows::connect(&home.rows_place(&places), Seat::Reader)?;
    let log = Log::take_up(&home, Arc::clone(&disk), Arc::clone(&fence), scan)?;
    let shelf: Box<dyn Shelf> = match &places.objects {
        Some(place) => Box::new(Bucket::reach(place, Arc::clone(&disk))?),
        None => Box::new(Folder {
            home: home.clone(),
            disk: Arc::clone(&disk),
            fence: Arc::clone(&fence),
        }),
    };
    let objects = Objects {
        home: home.clone(),
        disk: Arc::clone(&disk),
        fence: Arc::clone(&fence),
        shelf,
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
        group: Group::default(),
        objects,
        written: Mutex::default(),
        writing: Mutex::default(),
        recovery: Recovery::default(),
        _lock: lock,
    })
}

/// Files of entries that one opening compresses: each takes a part of a second.
const PACKED_AT_OPENING: usize = 4;
