//! What changes in a keyring: the root key and its locks, the key-encryption keys and their
//! states.

use domain::{Entropy, KeyId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{DataKey, KeyState, RootKey, ServiceName, UseError, root::name_of};

/// The root key, wrapped by one key service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lock {
    pub(super) service: ServiceName,
    pub(super) wrapped: Vec<u8>,
}

/// A key-encryption key as it is listed, without the key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KekInfo {
    /// Its name.
    pub id: KeyId,
    /// Counted from 1.
    pub version: u32,
    /// Its state; one is active.
    pub state: KeyState,
    /// When it was made; the first one was made with the instance.
    pub created: Option<Timestamp>,
    /// When its state last changed.
    pub changed: Option<Timestamp>,
}

/// A key-encryption key; the key itself is gone once it is destroyed.
pub(super) struct Kek {
    pub(super) info: KekInfo,
    pub(super) key: Option<DataKey>,
}

pub(super) struct Chest {
    pub(super) root: RootKey,
    /// One more with every change.
    pub(super) generation: u64,
    pub(super) locks: Vec<Lock>,
    /// Oldest first; the last one is active.
    pub(super) keks: Vec<Kek>,
}

impl Kek {
    pub(super) fn first(key: DataKey) -> Self {
        Self::new(key, 1, None)
    }

    fn new(key: DataKey, version: u32, created: Option<Timestamp>) -> Self {
        Self {
            info: KekInfo {
                id: name_of(key.bytes()),
                version,
                state: KeyState::Active,
                created,
                changed: created,
            },
            key: Some(key),
        }
    }
}

impl Chest {
    pub(super) fn new(root: RootKey, keks: Vec<Kek>) -> Self {
        Self {
            root,
            generation: 1,
            locks: Vec::new(),
            keks,
        }
    }

    /// INVARIANT: a chest is made with a key and only gets more.
    #[expect(clippy::expect_used, reason = "a chest always has an active key")]
    pub(super) fn active(&self) -> (&KeyId, &DataKey) {
        self.keks
            .iter()
            .rev()
            .find_map(|kek| kek.key.as_ref().map(|key| (&kek.info.id, key)))
            .expect("the newest key is there")
    }

    pub(super) fn find(&self, id: &KeyId) -> Option<&DataKey> {
        self.keks
            .iter()
            .find(|kek| kek.info.id == *id)
            .and_then(|kek| kek.key.as_ref())
    }

    /// A new active key; the former one only unwraps from now on. A clock that stands before the
    /// newest date in the chest is refused.
    pub(super) fn rotate(
        &mut self,
        now: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Result<KeyId, UseError> {
        self.check_clock(now)?;
        let version = self.keks.last().map_or(0, |kek| kek.info.version);
        for kek in &mut self.keks {
            if kek.info.state == KeyState::Active {
                kek.info.state = KeyState::Deactivated;
                kek.info.changed = Some(now);
            }
        }
        let key = DataKey::generate(entropy);
        let kek = Kek::new(key, version.saturating_add(1), Some(now));
        let id = kek.info.id.clone();
        self.keks.push(kek);
        self.generation = self.generation.saturating_add(1);
        Ok(id)
    }

    /// Another state for a key that is not the active one; destroying wipes it.
    pub(super) fn change(
        &mut self,
        id: &KeyId,
        to: KeyState,
        now: Timestamp,
    ) -> Result<(), UseError> {
        self.check_clock(now)?;
        for kek in self.keks.iter_mut().filter(|kek| kek.info.id == *id) {
            let from = kek.info.state;
            if from == KeyState::Active || from.become_state(to).is_err() {
                return Err(UseError::State { state: from });
            }
            kek.info.state = to;
            kek.info.changed = Some(now);
            if to == KeyState::Destroyed {
                kek.key = None;
            }
            self.generation = self.generation.saturating_add(1);
        }
        Ok(())
    }

    fn check_clock(&self, now: Timestamp) -> Result<(), UseError> {
        let dates = self.keks.iter().filter_map(|kek| kek.info.changed);
        match dates.max() {
            Some(since) if now < since => Err(UseError::ClockBehind { now, since }),
            _ => Ok(()),
        }
    }
}
