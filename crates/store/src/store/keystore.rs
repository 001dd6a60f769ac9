//! The keystore file: how it is read, replaced whole, and told from an older one.

use std::{
    fs::File,
    io::{self, Read},
};

use audit::Event;
use domain::{Clock, Digest};
use seal::{KeyService, Keyring, Passphrase, RootKey, ServiceName, SystemEntropy, digest};
use serde::{Deserialize, Serialize};

use super::Store;
use crate::{
    FileRole, Noun, Position, StoreError, Transaction, disk::Disk, home::Home, log::notes,
};

/// What opens a keystore.
#[derive(Debug)]
#[non_exhaustive]
pub enum Opener<'a> {
    /// The passphrase.
    Passphrase(&'a Passphrase),
    /// The key service that keeps the root key.
    Service(&'a dyn KeyService),
    /// The root key itself, joined from shares.
    Root(RootKey),
}

/// Which keystore the database belongs to: the record that a restored older one is known by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    generation: u64,
    digest: Digest,
}

impl Opener<'_> {
    pub(super) fn open(self, sealed: &[u8]) -> Result<Keyring, StoreError> {
        match self {
            Self::Passphrase(passphrase) => Ok(Keyring::open(sealed, passphrase)?),
            Self::Service(service) => Ok(Keyring::open_with(sealed, service)?),
            Self::Root(root) => Ok(Keyring::open_with_root(sealed, root)?),
        }
    }
}

/// The bytes of the keystore; no keystore is longer than what is read.
pub(super) fn read(home: &Home) -> Result<Vec<u8>, StoreError> {
    let told = |source: io::Error| match source.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => StoreError::NoInstance,
        _ => StoreError::file(FileRole::Keystore, source),
    };
    let mut sealed = Vec::new();
    let file = File::open(home.keystore()).map_err(told)?;
    file.take(KEYSTORE_MAX)
        .read_to_end(&mut sealed)
        .map_err(told)?;
    Ok(sealed)
}

/// Which services keep the root key of the instance in a folder; nothing is opened.
pub(super) fn services(home: &Home) -> Result<Vec<ServiceName>, StoreError> {
    Ok(Keyring::services(&read(home)?)?)
}

/// Replaces the file whole: the old one stays until the new one is on the medium.
fn replace(home: &Home, disk: &dyn Disk, bytes: &[u8]) -> Result<(), StoreError> {
    let told = |source| StoreError::file(FileRole::Keystore, source);
    let fresh = home.keystore_anew();
    if fresh.exists() {
        disk.remove(&fresh).map_err(told)?;
    }
    let file = disk.create(&fresh).map_err(told)?;
    disk.write_all(&file, bytes).map_err(told)?;
    disk.sync(&file).map_err(told)?;
    disk.rename(&fresh, &home.keystore()).map_err(told)?;
    disk.sync_folder(home.folder()).map_err(told)
}

/// Changes the keyring, its file and the record of it, with the event that tells of it.
///
/// The file comes first: a process that dies before the commit leaves a keystore that is newer
/// than its record, and the next start puts that right with a line in the log. What cannot be
/// written stops the store, for the keyring in memory is then not the one on the medium.
pub(super) fn change<T, E>(
    store: &Store,
    event: Event,
    change: impl FnOnce(&Keyring, &mut SystemEntropy) -> Result<T, E>,
) -> Result<(T, Position), StoreError>
where
    StoreError: From<E>,
{
    let mut transaction = store.begin()?;
    let mut entropy = SystemEntropy::new();
    let changed = change(&store.keyring, &mut entropy)?;
    let bytes = store.keyring.to_bytes(&mut entropy);
    replace(&store.home, store.disk.as_ref(), &bytes)
        .inspect_err(|_| store.fence.stop(FileRole::Keystore))?;
    record(&mut transaction, &store.keyring, &bytes)?;
    Ok((changed, transaction.commit(event)?))
}

/// Compares the keystore with the database's record of it: refuses an older one, takes a newer one
/// up, which only a process that died in [`change`] leaves.
pub(super) fn check(store: &Store, sealed: &[u8], clock: &dyn Clock) -> Result<(), StoreError> {
    let Some(kept) = store.find::<Kept>(Noun::Keystore, NAME)? else {
        return Ok(());
    };
    let (kept, found) = (kept.body, store.keyring.generation());
    if found < kept.generation || (found == kept.generation && digest(sealed) != kept.digest) {
        return Err(StoreError::KeystoreRolledBack {
            found,
            known: kept.generation,
        });
    }
    if found > kept.generation {
        let mut transaction = store.begin()?;
        record(&mut transaction, &store.keyring, sealed)?;
        transaction.commit(notes::keystore_taken_up(clock.now())?)?;
    }
    Ok(())
}

fn record(
    transaction: &mut Transaction<'_>,
    keyring: &Keyring,
    sealed: &[u8],
) -> Result<(), StoreError> {
    let body = Kept {
        generation: keyring.generation(),
        digest: digest(sealed),
    };
    match transaction.find::<Kept>(Noun::Keystore, NAME)? {
        Some(kept) => transaction.replace(Noun::Keystore, NAME, kept.revision, &body)?,
        None => transaction.insert(Noun::Keystore, NAME, &body)?,
    };
    Ok(())
}

const NAME: &str = "keystore";
const KEYSTORE_MAX: u64 = 1 << 16;
