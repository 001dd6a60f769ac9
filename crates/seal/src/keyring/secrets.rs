//! The secrets that sign, and the keys made of them.

use aws_lc_rs::{
    agreement::{self, ECDH_P256},
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair},
};
use domain::Entropy;
use zeroize::Zeroizing;

use crate::locked::Locked;

/// What an instance signs with.
pub(super) struct Secrets {
    /// The seed of Ed25519, RFC 8032, 5.1.5.
    pub(super) seed: Locked,
    /// The private scalar of P-256, big-endian.
    pub(super) scalar: Locked,
}

impl Secrets {
    pub(super) fn generate(entropy: &mut dyn Entropy) -> Self {
        let mut bytes = Zeroizing::new([[0; 32]; 2]);
        for half in bytes.iter_mut() {
            entropy.fill(half);
        }
        let [seed, scalar] = &*bytes;
        Self::new(seed, scalar)
    }

    pub(super) fn new(seed: &[u8; 32], scalar: &[u8; 32]) -> Self {
        Self {
            seed: Locked::new(seed),
            scalar: Locked::new(scalar),
        }
    }

    pub(super) fn checkpoint(&self) -> Option<Ed25519KeyPair> {
        Ed25519KeyPair::from_seed_unchecked(self.seed.bytes()).ok()
    }

    /// Nothing for a scalar that is zero or not below the order of the curve.
    pub(super) fn statement(&self) -> Option<EcdsaKeyPair> {
        let scalar = self.scalar.bytes();
        let private = agreement::PrivateKey::from_private_key(&ECDH_P256, scalar).ok()?;
        let public = private.compute_public_key().ok()?;
        EcdsaKeyPair::from_private_key_and_public_key(
            &ECDSA_P256_SHA256_ASN1_SIGNING,
            scalar,
            public.as_ref(),
        )
        .ok()
    }
}
