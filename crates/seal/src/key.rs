//! Data keys.

use std::fmt;

#[cfg(not(feature = "fips"))]
use aws_lc_rs::aead::Nonce;
use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, RandomizedNonceKey, UnboundKey},
    error::Unspecified,
};
use domain::Entropy;
use zeroize::Zeroizing;

use crate::locked::Locked;

/// A 256-bit key that seals the objects and records of one dataset.
///
/// It is wiped when dropped, stands in a locked page, and `Debug` shows nothing of it. It leaves
/// this room only wrapped: [`crate::Keyring::wrap`]. The crypto library's own expanded form lies in
/// its heap, wiped when dropped, not locked.
pub struct DataKey {
    bytes: Locked,
    cipher: LessSafeKey,
    /// Draws its nonces inside the module: the only way to seal that the module approves.
    #[cfg(feature = "fips")]
    approved: RandomizedNonceKey,
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
        Self {
            #[cfg(feature = "fips")]
            approved: approved(&bytes),
            bytes: bytes.into(),
            cipher,
        }
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        self.bytes.bytes()
    }

    pub(crate) const fn cipher(&self) -> &LessSafeKey {
        &self.cipher
    }

    /// Encrypts `body` in place under a fresh random nonce; returns nonce and tag.
    ///
    /// The nonce comes from `entropy`; in the FIPS build from the module itself, which approves
    /// only that (NIST SP 800-38D, 8.2.2), and `entropy` is not asked.
    #[cfg(not(feature = "fips"))]
    pub(crate) fn seal_in_place(
        &self,
        associated: &[u8],
        body: &mut [u8],
        entropy: &mut dyn Entropy,
    ) -> Result<([u8; NONCE_LEN], [u8; TAG]), Unspecified> {
        let mut nonce = [0; NONCE_LEN];
        entropy.fill(&mut nonce);
        let fresh = Nonce::assume_unique_for_key(nonce);
        let tag = self
            .cipher
            .seal_in_place_separate_tag(fresh, Aad::from(associated), body)?;
        Ok((nonce, tag.as_ref().try_into().map_err(|_| Unspecified)?))
    }

    /// As above, in the FIPS build.
    #[cfg(feature = "fips")]
    pub(crate) fn seal_in_place(
        &self,
        associated: &[u8],
        body: &mut [u8],
        _entropy: &mut dyn Entropy,
    ) -> Result<([u8; NONCE_LEN], [u8; TAG]), Unspecified> {
        let (nonce, tag) = self
            .approved
            .seal_in_place_separate_tag(Aad::from(associated), body)?;
        let tag = tag.as_ref().try_into().map_err(|_| Unspecified)?;
        Ok((*nonce.as_ref(), tag))
    }

    /// Whether the system keeps the key's page in memory.
    pub const fn is_locked(&self) -> bool {
        self.bytes.is_locked()
    }

    /// 16 bytes that follow from the key and say nothing about it: two wrapped forms of one key
    /// are known by it. HKDF-SHA256 with a label of its own.
    pub fn fingerprint(&self) -> [u8; 16] {
        fingerprint(self.bytes())
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey")
    }
}

pub(crate) fn fingerprint(key: &[u8; 32]) -> [u8; 16] {
    let mut print = [0; 16];
    crate::derivation::derive(key, &[], b"cloister key fingerprint", &mut print);
    print
}

/// AES-256-GCM under `key`.
#[expect(clippy::expect_used, reason = "the key has 32 bytes by its type")]
pub(crate) fn cipher(key: &[u8; 32]) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).expect("an AES-256 key has 32 bytes"))
}

/// AES-256-GCM under `key` with nonces that the module draws.
#[expect(clippy::expect_used, reason = "the key has 32 bytes by its type")]
pub(crate) fn approved(key: &[u8; 32]) -> RandomizedNonceKey {
    RandomizedNonceKey::new(&AES_256_GCM, key).expect("an AES-256 key has 32 bytes")
}

pub(crate) const TAG: usize = 16;

#[cfg(test)]
mod tests {
    use aws_lc_rs::aead::{Aad, Nonce};

    use super::*;
    use crate::{SeededEntropy, vectors::hex};

    /// Test cases 13, 14 and 16 of McGrew and Viega, "The Galois/Counter Mode of Operation", on
    /// which NIST SP 800-38D rests.
    #[test]
    fn the_cipher_is_aes_256_gcm() {
        let zero = "00".repeat(32);
        let key = "feffe9928665731c6d6a8f9467308308".repeat(2);
        for (key, nonce, plain, context, sealed) in [
            (
                &zero,
                "000000000000000000000000",
                "",
                "",
                "530f8afbc74536b9a963b4f1c4cb738b",
            ),
            (
                &zero,
                "000000000000000000000000",
                "00000000000000000000000000000000",
                "",
                "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919",
            ),
            (
                &key,
                "cafebabefacedbaddecaf888",
                "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72\
                 1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
                "feedfacedeadbeeffeedfacedeadbeefabaddad2",
                "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa\
                 8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662\
                 76fc6ece0f4e1768cddf8853bb2d551b",
            ),
        ] {
            let mut bytes = hex(plain);
            let nonce = Nonce::try_assume_unique_for_key(&hex(nonce)).unwrap();
            cipher(hex(key).as_slice().try_into().unwrap())
                .seal_in_place_append_tag(nonce, Aad::from(hex(context)), &mut bytes)
                .unwrap();
            assert_eq!(bytes, hex(sealed));
        }
    }

    #[test]
    fn debug_shows_nothing_of_a_key() {
        let key = DataKey::generate(&mut SeededEntropy::new(1));
        assert_eq!(format!("{key:?}"), "DataKey");
    }
}
