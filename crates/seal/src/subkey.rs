//! Keys for one purpose each that follow from a data key: references of persons, cosignatures.

use std::fmt;

use aws_lc_rs::{
    hmac,
    signature::{Ed25519KeyPair, KeyPair as _},
};
use zeroize::Zeroizing;

use crate::{Algorithm, DataKey, PublicKey, Signature, derivation::derive};

/// Turns the id of a person into a reference that says nothing to whoever does not hold the key:
/// HMAC-SHA256 (FIPS 198-1), the first 16 bytes.
///
/// The same id gives the same reference, so that what was done with a person's records can be
/// found; without the key, not even by trying all ids. When the data key is destroyed, every
/// reference made under it is a random number for ever: nothing that holds one must be changed.
///
/// ```
/// use cloister_seal::{DataKey, PersonKey, SeededEntropy};
/// let key = DataKey::generate(&mut SeededEntropy::new(1));
/// let persons = PersonKey::of(&key);
/// assert_eq!(persons.reference("4711"), persons.reference(" 4711 "));
/// assert_ne!(persons.reference("4711"), persons.reference("4712"));
/// ```
pub struct PersonKey(hmac::Key);

impl PersonKey {
    /// The key that follows from a data key; HKDF-SHA256, RFC 5869.
    pub fn of(key: &DataKey) -> Self {
        let mut secret = Zeroizing::new([0; 32]);
        derive(key.bytes(), &[], PERSONS, secret.as_mut_slice());
        Self(hmac::Key::new(hmac::HMAC_SHA256, secret.as_slice()))
    }

    /// The reference of an id, without the spaces around it.
    pub fn reference(&self, id: &str) -> [u8; 16] {
        let tag = hmac::sign(&self.0, id.trim().as_bytes());
        let mut reference = [0; 16];
        for (to, from) in reference.iter_mut().zip(tag.as_ref()) {
            *to = *from;
        }
        reference
    }
}

impl fmt::Debug for PersonKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonKey")
    }
}

/// Signs cosignatures of other logs' checkpoints: Ed25519, RFC 8032.
///
/// The message of a cosignature does not hold the cosigner's name, so every name has a key of its
/// own (C2SP tlog-cosignature).
pub struct Cosigner(Ed25519KeyPair);

impl Cosigner {
    /// The key of a name, which follows from a data key; HKDF-SHA256, RFC 5869.
    #[expect(
        clippy::expect_used,
        clippy::missing_panics_doc,
        reason = "every 32 bytes are an Ed25519 seed"
    )]
    pub fn of(key: &DataKey, name: &str) -> Self {
        let mut seed = Zeroizing::new([0; 32]);
        derive(key.bytes(), name.as_bytes(), COSIGNER, seed.as_mut_slice());
        Self(Ed25519KeyPair::from_seed_unchecked(seed.as_slice()).expect("a seed has 32 bytes"))
    }

    /// Signs a message; the same message gives the same signature.
    pub fn sign(&self, message: &[u8]) -> Signature {
        Signature::new(Algorithm::Ed25519, self.0.sign(message).as_ref())
    }

    /// The key that checks [`Cosigner::sign`].
    pub fn public_key(&self) -> PublicKey {
        PublicKey::of_pair(Algorithm::Ed25519, self.0.public_key().as_ref())
    }
}

impl fmt::Debug for Cosigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cosigner")
    }
}

const PERSONS: &[u8] = b"cloister/log/persons/1";
const COSIGNER: &[u8] = b"cloister/log/cosigner/1";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SeededEntropy;

    #[test]
    fn another_key_gives_another_reference() {
        let one = PersonKey::of(&DataKey::generate(&mut SeededEntropy::new(1)));
        let other = PersonKey::of(&DataKey::generate(&mut SeededEntropy::new(2)));
        assert_ne!(one.reference("4711"), other.reference("4711"));
    }

    #[test]
    fn every_name_cosigns_with_a_key_of_its_own() {
        let key = DataKey::generate(&mut SeededEntropy::new(1));
        let (one, other) = (Cosigner::of(&key, "a"), Cosigner::of(&key, "b"));
        assert_ne!(one.public_key(), other.public_key());
        assert_eq!(Cosigner::of(&key, "a").public_key(), one.public_key());
        let signature = one.sign(b"x");
        assert_eq!(one.public_key().verify(b"x", &signature), Ok(()));
        assert!(other.public_key().verify(b"x", &signature).is_err());
    }
}
