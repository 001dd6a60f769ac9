//! The secret bytes of a keyring and the keys made of them.

use aws_lc_rs::{
    agreement::{self, ECDH_P256},
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair},
};
use domain::{Entropy, KeyId};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{DataKey, derivation::derive};

/// What a keyring file holds: three times 32 bytes.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(super) struct Secrets {
    kek: [u8; 32],
    /// The seed of Ed25519, RFC 8032, 5.1.5.
    seed: [u8; 32],
    /// The private scalar of P-256, big-endian.
    scalar: [u8; 32],
}

impl Secrets {
    pub(super) const LENGTH: usize = 96;

    pub(super) fn generate(entropy: &mut dyn Entropy) -> Self {
        let mut bytes = Zeroizing::new([0; Self::LENGTH]);
        entropy.fill(bytes.as_mut_slice());
        Self::from_bytes(&bytes)
    }

    pub(super) fn from_bytes(bytes: &[u8; Self::LENGTH]) -> Self {
        let mut secrets = Self {
            kek: [0; 32],
            seed: [0; 32],
            scalar: [0; 32],
        };
        let (kek, rest) = bytes.split_at(32);
        let (seed, scalar) = rest.split_at(32);
        secrets.kek.copy_from_slice(kek);
        secrets.seed.copy_from_slice(seed);
        secrets.scalar.copy_from_slice(scalar);
        secrets
    }

    pub(super) fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new([self.kek, self.seed, self.scalar].concat())
    }

    pub(super) fn kek(&self) -> DataKey {
        DataKey::from_bytes(Zeroizing::new(self.kek))
    }

    /// A name that follows from the key and says nothing about it.
    #[expect(clippy::expect_used, reason = "hex digits are an id")]
    pub(super) fn kek_id(&self) -> KeyId {
        let mut name = [0; 8];
        derive(&self.kek, &[], b"cloister key id", &mut name);
        let name = u64::from_be_bytes(name);
        KeyId::new(format!("{name:016x}")).expect("16 hex digits are an id")
    }

    pub(super) fn checkpoint(&self) -> Option<Ed25519KeyPair> {
        Ed25519KeyPair::from_seed_unchecked(&self.seed).ok()
    }

    /// Nothing for a scalar that is zero or not below the order of the curve.
    pub(super) fn statement(&self) -> Option<EcdsaKeyPair> {
        let private = agreement::PrivateKey::from_private_key(&ECDH_P256, &self.scalar).ok()?;
        let public = private.compute_public_key().ok()?;
        EcdsaKeyPair::from_private_key_and_public_key(
            &ECDSA_P256_SHA256_ASN1_SIGNING,
            &self.scalar,
            public.as_ref(),
        )
        .ok()
    }
}
