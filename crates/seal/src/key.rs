//! Data keys.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, LessSafeKey, UnboundKey};
use domain::Entropy;
use zeroize::Zeroizing;

/// A 256-bit key that seals the objects and records of one dataset.
///
/// It is wiped when dropped, and `Debug` shows nothing of it. It leaves this room only wrapped:
/// [`crate::Keyring::wrap`].
pub struct DataKey {
    bytes: Zeroizing<[u8; 32]>,
    cipher: LessSafeKey,
}

impl DataKey {
    /// A fresh key; `entropy` must be [`crate::SystemEntropy`] outside tests.
    pub fn generate(entropy: &mut dyn Entropy) -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        entropy.fill(bytes.as_mut_slice());
        Self::from_bytes(bytes)
    }

    pub(crate) fn from_bytes(bytes: Zeroizing<[u8; 32]>) -> Self {
        let cipher = cipher(&bytes);
        Self { bytes, cipher }
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.bytes
    }

    pub(crate) const fn cipher(&self) -> &LessSafeKey {
        &self.cipher
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey")
    }
}

/// AES-256-GCM under `key`.
#[expect(clippy::expect_used, reason = "the key has 32 bytes by its type")]
pub(crate) fn cipher(key: &[u8; 32]) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).expect("an AES-256 key has 32 bytes"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SeededEntropy;

    #[test]
    fn debug_shows_nothing_of_a_key() {
        let key = DataKey::generate(&mut SeededEntropy::new(1));
        assert_eq!(format!("{key:?}"), "DataKey");
    }
}
