//! Keys that follow from a data key.

use zeroize::Zeroizing;

use crate::{DataKey, derivation::derive};

impl DataKey {
    /// The key that follows from this one for a purpose and a name in it: HKDF-SHA256 (RFC 5869)
    /// with the purpose as salt and the name as info.
    ///
    /// Who holds only the derived key learns nothing of this one, nor of its siblings.
    ///
    /// ```
    /// use cloister_seal::{DataKey, SystemEntropy};
    /// let key = DataKey::generate(&mut SystemEntropy::new());
    /// let one = key.derived("column class", "direct-id").release();
    /// assert_eq!(*one, *key.derived("column class", "direct-id").release());
    /// assert_ne!(*one, *key.derived("column class", "clinical").release());
    /// ```
    #[must_use]
    pub fn derived(&self, purpose: &str, name: &str) -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        derive(
            self.bytes(),
            purpose.as_bytes(),
            name.as_bytes(),
            bytes.as_mut_slice(),
        );
        Self::from_bytes(bytes)
    }

    /// The key whose bytes [`DataKey::release`] gave, or another format brings.
    pub fn from_released(bytes: Zeroizing<[u8; 32]>) -> Self {
        Self::from_bytes(bytes)
    }

    /// The bytes of the key, for a format that encrypts by itself (Parquet) and for a reader whom
    /// policy gives the key. They are wiped when dropped; they must never be stored or logged.
    pub fn release(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(*self.bytes())
    }
}
