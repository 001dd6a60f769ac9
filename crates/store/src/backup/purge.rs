//! Taking destroyed keys out of the sets of a backup.

use std::{collections::BTreeSet, io::Read};

use seal::{Keyring, SystemEntropy, open_bytes, seal_bytes};

use super::{Backup, BackupError, SetHeader, SetId, rows::WrappedKeys};
use crate::{Store, log::notes};

/// What a purge did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Purged {
    /// Sets in the folder.
    pub sets: u64,
    /// Sets that held one of the keys and do not any more.
    pub rewritten: Vec<SetId>,
    /// Sets whose file of keys this instance's keys cannot open: what is in them is not known.
    pub unopened: Vec<SetId>,
}

impl Backup {
    /// Takes wrapped keys out of every set, by their ids; what they sealed cannot be read from any
    /// set afterwards. A file of keys is overwritten with zeros, then replaced.
    ///
    /// On media that do not write in place (flash, copy-on-write file systems, tapes) old bytes
    /// can survive until they are reused; they are wrapped under the key-encryption key of their
    /// time, which must be rotated away where that matters.
    ///
    /// Source: NIST SP 800-88, cryptographic erase: all copies of the key.
    pub fn purge_keys(&self, store: &Store, keys: &[String]) -> Result<Purged, BackupError> {
        let keys: BTreeSet<&str> = keys.iter().map(String::as_str).collect();
        let mut purged = Purged::default();
        for set in self.sets()? {
            purged.sets += 1;
            match self.purge_set(&set, &store.keyring, &keys) {
                Ok(true) => purged.rewritten.push(set),
                Ok(false) => {}
                Err(BackupError::Damaged { .. }) => purged.unopened.push(set),
                Err(other) => return Err(other),
            }
        }
        Ok(purged)
    }

    /// Which of these keys stand in which sets.
    pub fn sets_with_keys(
        &self,
        store: &Store,
        keys: &[String],
    ) -> Result<Vec<SetId>, BackupError> {
        let mut found = Vec::new();
        for set in self.sets()? {
            let header = self.header(&set)?;
            let wrapped = self.wrapped_keys(&header, &store.keyring)?;
            let ids = super::take::ids(&wrapped);
            if keys.iter().any(|key| ids.contains(key)) {
                found.push(set);
            }
        }
        Ok(found)
    }

    fn purge_set(
        &self,
        set: &SetId,
        keyring: &Keyring,
        keys: &BTreeSet<&str>,
    ) -> Result<bool, BackupError> {
        let header = self.header(set)?;
        if header.instance != notes::origin(keyring) {
            return Err(BackupError::OtherInstance);
        }
        let mut wrapped = self.wrapped_keys(&header, keyring)?;
        let before = wrapped.len();
        wrapped.retain(|name, _| {
            name.split_once('|')
                .is_none_or(|(_, id)| !keys.contains(id))
        });
        if wrapped.len() == before {
            return Ok(false);
        }
        let plain = serde_json::to_vec(&wrapped)
            .map_err(|_| BackupError::damaged("the keys cannot be written as JSON"))?;
        let key = header.open_key(keyring)?;
        let context = header.keys_context();
        let sealed = seal_bytes(&key, context.as_bytes(), &plain, &mut SystemEntropy::new());
        // Kept elsewhere until the new one has its name: a crash in between loses no other key.
        let path = self.keys(set);
        let old = path.with_extension("old");
        self.disk.rename(&path, &old).map_err(BackupError::file)?;
        self.write_whole(&path, &sealed)?;
        Self::blank(&old)?;
        self.disk.remove(&old).map_err(BackupError::file)?;
        Ok(true)
    }

    /// The file of keys of a set.
    pub(super) fn wrapped_keys(
        &self,
        header: &SetHeader,
        keyring: &Keyring,
    ) -> Result<WrappedKeys, BackupError> {
        let path = self.keys(&header.set);
        let old = path.with_extension("old");
        // A purge that was killed between its two renames left the old file under its other name.
        let path = if path.exists() { path } else { old };
        let mut sealed = Vec::new();
        Self::read(&path, &format!("the file of keys of set {}", header.set))?
            .read_to_end(&mut sealed)
            .map_err(BackupError::file)?;
        let key = header.open_key(keyring)?;
        let unopened = || {
            BackupError::damaged(format!(
                "the file of keys of set {} does not open",
                header.set
            ))
        };
        let plain =
            open_bytes(&key, header.keys_context().as_bytes(), &sealed).map_err(|_| unopened())?;
        serde_json::from_slice(&plain).map_err(|_| unopened())
    }
}
