//! What a transaction does with keys.

use domain::{DatasetId, KeyId, Timestamp};
use seal::{DataKey, KeyClass, KeyPeriod, KeyState};

use super::Transaction;
use crate::{
    StoreError,
    rows::keys::{self, StoredKey},
    store::{
        keys::{
            class_keys, context, data_key, info, new_class_key, new_key, rewrap_to, sealing_key,
        },
        rewrap,
    },
};

impl Transaction<'_> {
    /// Makes a key for a dataset that has none. It is active from the moment of this transaction's
    /// event on, without an end until [`Transaction::set_period`].
    pub fn create_key(&mut self, dataset: &DatasetId) -> Result<(KeyId, DataKey), StoreError> {
        let there = keys::of_dataset(&mut self.rows, dataset.as_str())?;
        if there.is_some_and(|key| key.wrapped.is_some()) {
            return Err(StoreError::KeyExists {
                dataset: dataset.clone(),
            });
        }
        let version = keys::newest_version(&mut self.rows, dataset.as_str())?.saturating_add(1);
        let (key_id, key, stored) = new_key(
            &self.store.keyring,
            Some(dataset),
            version,
            &mut self.entropy,
        );
        self.insert_key(stored)?;
        Ok((key_id, key))
    }

    /// The keys of a dataset's classes of columns; those that are missing are made, wrapped under
    /// the dataset's data key, so that destroying it destroys them.
    pub fn create_class_keys(
        &mut self,
        dataset: &DatasetId,
    ) -> Result<Vec<(KeyClass, KeyId, DataKey)>, StoreError> {
        let (data_key_id, data_key) = self.data_key(dataset)?;
        let mut all = class_keys(&mut self.rows, &self.store.keyring, dataset)?;
        for class in KeyClass::ALL {
            if all.iter().any(|(there, _, _)| *there == class) {
                continue;
            }
            let (id, key, stored) = new_class_key(
                &self.store.keyring,
                (&data_key_id, &data_key),
                dataset,
                class,
                &mut self.entropy,
            );
            self.insert_key(stored)?;
            all.push((class, id, key));
        }
        all.sort_by_key(|(class, _, _)| *class);
        Ok(all)
    }

    /// The data key of a dataset, to open what it sealed; a key made here included.
    pub fn data_key(&mut self, dataset: &DatasetId) -> Result<(KeyId, DataKey), StoreError> {
        data_key(&mut self.rows, &self.store.keyring, dataset)
    }

    /// The data key of a dataset, to seal with it at this moment: refused when it is not active,
    /// its period is over, or the clock stands before the moment it was activated.
    pub fn sealing_key(
        &mut self,
        dataset: &DatasetId,
        now: Timestamp,
    ) -> Result<(KeyId, DataKey), StoreError> {
        sealing_key(&mut self.rows, &self.store.keyring, dataset, now)
    }

    /// Gives the data key of a dataset another state of NIST SP 800-57; destroying has a method of
    /// its own. The wrapped form is bound to the state and made anew.
    pub fn set_key_state(
        &mut self,
        dataset: &DatasetId,
        to: KeyState,
    ) -> Result<KeyId, StoreError> {
        let mut stored = self.there(dataset)?;
        let found = info(&stored)?;
        if to == KeyState::Destroyed {
            return Err(StoreError::KeyTransition {
                dataset: dataset.clone(),
                source: seal::TransitionError {
                    from: found.state,
                    to,
                },
            });
        }
        found
            .state
            .become_state(to)
            .map_err(|source| StoreError::KeyTransition {
                dataset: dataset.clone(),
                source,
            })?;
        let mut place = stored.clone();
        to.word().clone_into(&mut place.stage);
        let (wrapped, fingerprint) = rewrap_to(
            &self.store.keyring,
            &stored,
            &context(&place),
            &mut self.entropy,
        )?;
        stored.stage = place.stage;
        stored.kek = Some(wrapped.kek().to_string());
        stored.wrapped = Some(wrapped.to_string());
        stored.fingerprint = Some(fingerprint);
        self.save_key(&stored)?;
        Ok(found.id)
    }

    /// Says when the data key of a dataset may seal: its crypto-period.
    pub fn set_period(
        &mut self,
        dataset: &DatasetId,
        period: KeyPeriod,
    ) -> Result<KeyId, StoreError> {
        let mut stored = self.there(dataset)?;
        stored.since = Some(period.since.as_millis());
        stored.until = period.until.map(Timestamp::as_millis);
        if stored.fingerprint.is_none() {
            let place = context(&stored);
            let (wrapped, fingerprint) =
                rewrap_to(&self.store.keyring, &stored, &place, &mut self.entropy)?;
            stored.kek = Some(wrapped.kek().to_string());
            stored.wrapped = Some(wrapped.to_string());
            stored.fingerprint = Some(fingerprint);
        }
        self.save_key(&stored)?;
        Ok(info(&stored)?.id)
    }

    /// Destroys a key, and with a data key those of its classes: what they sealed cannot be read by
    /// anybody after the commit, though the ciphertext stays. The database overwrites the wrapped
    /// keys (SQLite `secure_delete`), and the commit empties the write-ahead log. Copies in backups
    /// are not reached.
    pub fn destroy_key(&mut self, key: &KeyId) -> Result<(), StoreError> {
        let destroyed = keys::destroy(&mut self.rows, key.as_str(), &self.id)?;
        if destroyed.is_empty() {
            return Err(StoreError::KeyUnknown { key: key.clone() });
        }
        for id in &destroyed {
            self.created_keys.retain(|made| made.id != *id);
            self.changes.destroyed(id);
        }
        Ok(())
    }

    /// Wraps the next keys behind `after` anew under the active key-encryption key; says how many,
    /// and behind what the next step begins. [`crate::Store::rewrap_keys`] takes all steps.
    pub(crate) fn rewrap_keys(&mut self, after: i64, limit: u32) -> Result<(u64, i64), StoreError> {
        rewrap::step(self.store, &mut self.rows, &mut self.changes, after, limit)
    }

    /// Keys made here begin with the event that tells of them.
    pub(super) fn date_keys(&mut self, time: Timestamp) -> Result<(), StoreError> {
        for mut key in std::mem::take(&mut self.created_keys) {
            if key.since.is_none() {
                key.since = Some(time.as_millis());
                keys::change(&mut self.rows, &key, &self.id)?;
            }
            self.changes.key(&key);
        }
        Ok(())
    }

    fn insert_key(&mut self, mut stored: StoredKey) -> Result<(), StoreError> {
        stored.created_by = Some(self.id.clone());
        keys::insert(&mut self.rows, &stored)?;
        self.created_keys.push(stored);
        Ok(())
    }

    fn save_key(&mut self, stored: &StoredKey) -> Result<(), StoreError> {
        keys::change(&mut self.rows, stored, &self.id)?;
        match self
            .created_keys
            .iter_mut()
            .find(|made| made.id == stored.id)
        {
            Some(made) => made.clone_from(stored),
            None => self.changes.key(stored),
        }
        Ok(())
    }

    /// The row of a dataset's data key, which is there.
    fn there(&mut self, dataset: &DatasetId) -> Result<StoredKey, StoreError> {
        let stored = keys::of_dataset(&mut self.rows, dataset.as_str())?;
        let stored = stored.ok_or(StoreError::KeyMissing {
            dataset: dataset.clone(),
        })?;
        if stored.wrapped.is_none() {
            return Err(StoreError::KeyDestroyed {
                dataset: dataset.clone(),
            });
        }
        Ok(stored)
    }
}
