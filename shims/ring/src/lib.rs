//! The names that Parquet takes from `ring`, answered by AWS-LC through `aws-lc-rs`.
//!
//! The Parquet library names `ring` for its modular encryption. `Cargo.toml` at the root patches
//! `ring` by this crate, so that one crypto library stands in the tree and every cipher call ends
//! in it. Only what Parquet uses is here; a dependency that wants more does not compile, which is
//! how a second user of `ring` would be noticed ([decision 14](../../docs/decisions)).
//!
//! Not here: signatures, digests, key agreement, HKDF.

/// Authenticated encryption: AES-GCM, NIST SP 800-38D.
pub mod aead {
    use std::{fmt, sync::Arc};

    pub use aws_lc_rs::aead::{
        AES_128_GCM, AES_256_GCM, Aad, Algorithm, NONCE_LEN, Nonce, NonceSequence, Tag, UnboundKey,
    };

    use crate::error::Unspecified;

    /// A key whose nonces the caller makes. It can be cloned, as `ring`'s can; the copies share
    /// one key schedule, which AWS-LC wipes with the last of them.
    ///
    /// The caller must never use a nonce twice: Parquet counts up from a random start.
    #[derive(Clone)]
    pub struct LessSafeKey(Arc<aws_lc_rs::aead::LessSafeKey>);

    impl LessSafeKey {
        /// Makes the key ready for use.
        pub fn new(key: UnboundKey) -> Self {
            Self(Arc::new(aws_lc_rs::aead::LessSafeKey::new(key)))
        }

        /// Opens `in_out`, ciphertext followed by its tag, in place; returns the plain text.
        ///
        /// An error says only that it does not open.
        pub fn open_in_place<'in_out, A: AsRef<[u8]>>(
            &self,
            nonce: Nonce,
            aad: Aad<A>,
            in_out: &'in_out mut [u8],
        ) -> Result<&'in_out mut [u8], Unspecified> {
            self.0.open_in_place(nonce, aad, in_out)
        }

        /// Seals `in_out` in place and returns its tag.
        ///
        /// A nonce from outside is no approved service of the validated module (FIPS 140-3
        /// implementation guidance C.H); the opening side is.
        pub fn seal_in_place_separate_tag<A: AsRef<[u8]>>(
            &self,
            nonce: Nonce,
            aad: Aad<A>,
            in_out: &mut [u8],
        ) -> Result<Tag, Unspecified> {
            self.0.seal_in_place_separate_tag(nonce, aad, in_out)
        }

        /// Which cipher it is.
        pub fn algorithm(&self) -> &'static Algorithm {
            self.0.algorithm()
        }
    }

    impl fmt::Debug for LessSafeKey {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("LessSafeKey")
        }
    }
}

/// Errors that say nothing.
pub mod error {
    pub use aws_lc_rs::error::Unspecified;
}

/// Random bytes from the crypto library's generator.
pub mod rand {
    pub use aws_lc_rs::rand::{SecureRandom, SystemRandom};
}

#[cfg(test)]
mod tests {
    use super::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};

    /// Test case 14 of McGrew and Viega, "The Galois/Counter Mode of Operation".
    #[test]
    fn the_cipher_is_aes_256_gcm_and_a_copy_of_a_key_is_the_same_key() {
        let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &[0; 32]).unwrap());
        let copy = key.clone();
        let nonce = || Nonce::assume_unique_for_key([0; 12]);
        let mut text = [0; 16];
        let tag = key
            .seal_in_place_separate_tag(nonce(), Aad::empty(), &mut text)
            .unwrap();
        assert_eq!(
            text,
            [
                0xce, 0xa7, 0x40, 0x3d, 0x4d, 0x60, 0x6b, 0x6e, 0x07, 0x4e, 0xc5, 0xd3, 0xba, 0xf3,
                0x9d, 0x18
            ]
        );
        let mut sealed = [text.as_slice(), tag.as_ref()].concat();
        assert_eq!(
            copy.open_in_place(nonce(), Aad::empty(), &mut sealed)
                .unwrap(),
            [0; 16]
        );
        sealed[3] ^= 1;
        assert!(
            copy.open_in_place(nonce(), Aad::empty(), &mut sealed)
                .is_err()
        );
        assert_eq!(format!("{key:?}"), "LessSafeKey");
    }
}
