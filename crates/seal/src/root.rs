//! The root key of an instance.

use std::fmt;

use domain::{Entropy, KeyId};
use zeroize::Zeroizing;

use crate::{DataKey, derivation::derive, locked::Locked};

/// 256 bits that seal the keyring of one instance; key services and shares protect it.
///
/// Wiped when dropped, in a locked page; `Debug` shows its name only.
pub struct RootKey {
    bytes: Locked,
    id: KeyId,
}

impl RootKey {
    pub(crate) fn generate(entropy: &mut dyn Entropy) -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        entropy.fill(bytes.as_mut_slice());
        Self::from_bytes(&bytes)
    }

    pub(crate) fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self {
            bytes: Locked::new(bytes),
            id: name_of(bytes),
        }
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        self.bytes.bytes()
    }

    pub(crate) fn cipher(&self) -> DataKey {
        DataKey::from_bytes(Zeroizing::new(*self.bytes()))
    }

    /// Its name: 16 hex digits that follow from the key and say nothing about it.
    pub const fn id(&self) -> &KeyId {
        &self.id
    }

    pub(crate) const fn is_locked(&self) -> bool {
        self.bytes.is_locked()
    }
}

impl fmt::Debug for RootKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RootKey({})", self.id)
    }
}

/// A name that follows from a key and says nothing about it.
#[expect(clippy::expect_used, reason = "hex digits are an id")]
pub(crate) fn name_of(key: &[u8; 32]) -> KeyId {
    let mut name = [0; 8];
    derive(key, &[], b"cloister key id", &mut name);
    let name = u64::from_be_bytes(name);
    KeyId::new(format!("{name:016x}")).expect("16 hex digits are an id")
}
