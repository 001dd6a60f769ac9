//! The key a second person approves with.

use std::fmt;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use domain::Entropy;
use zeroize::Zeroizing;

use crate::{
    Algorithm, Argon2Cost, KeyService as _, KeyringError, Passphrase, PassphraseService, PublicKey,
    ServiceError, Signature,
};

/// An Ed25519 key of one person, sealed under a passphrase that only this person knows.
///
/// A signature of it proves that somebody who knows that passphrase approved exactly this text. It
/// does not prove who that was: whoever registers a name chooses its first passphrase, and whoever
/// has the running machine can wait for it to be typed.
///
/// ```
/// use cloister_seal::{ApprovalKey, Argon2Cost, Passphrase, SystemEntropy};
/// let passphrase = Passphrase::new("a phrase of bob's own");
/// let mut entropy = SystemEntropy::new();
/// let (key, sealed) = ApprovalKey::create(&passphrase, Argon2Cost::light(), &mut entropy)?;
/// let signature = ApprovalKey::open(&sealed, &passphrase)?.sign(b"destroy the key of adult");
/// assert!(key.public().verify(b"destroy the key of adult", &signature).is_ok());
/// # Ok::<(), cloister_seal::KeyringError>(())
/// ```
pub struct ApprovalKey(Ed25519KeyPair);

impl ApprovalKey {
    /// A new key and its sealed form; short passphrases are refused.
    pub fn create(
        passphrase: &Passphrase,
        cost: Argon2Cost,
        entropy: &mut dyn Entropy,
    ) -> Result<(Self, Vec<u8>), KeyringError> {
        let mut seed = Zeroizing::new([0; 32]);
        entropy.fill(seed.as_mut_slice());
        let service = PassphraseService::new(passphrase.clone(), cost);
        let sealed = service.wrap(seed.as_slice(), CONTEXT, entropy);
        Ok((Self::of_seed(seed.as_slice())?, sealed.map_err(plain)?))
    }

    /// Opens the sealed form; wrong passphrases and changed bytes are refused.
    pub fn open(sealed: &[u8], passphrase: &Passphrase) -> Result<Self, KeyringError> {
        // Opening takes the cost that stands in the sealed form.
        let service = PassphraseService::new(passphrase.clone(), Argon2Cost::standard());
        Self::of_seed(&service.unwrap(sealed, CONTEXT).map_err(plain)?)
    }

    /// Signs what is approved.
    pub fn sign(&self, message: &[u8]) -> Signature {
        Signature::new(Algorithm::Ed25519, self.0.sign(message).as_ref())
    }

    /// The half that checks.
    pub fn public(&self) -> PublicKey {
        PublicKey::of_pair(Algorithm::Ed25519, self.0.public_key().as_ref())
    }

    fn of_seed(seed: &[u8]) -> Result<Self, KeyringError> {
        Ed25519KeyPair::from_seed_unchecked(seed)
            .map(Self)
            .map_err(|_| KeyringError::Format)
    }
}

impl fmt::Debug for ApprovalKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApprovalKey")
    }
}

fn plain(error: ServiceError) -> KeyringError {
    match error {
        ServiceError::Passphrase(error) => error,
        _ => KeyringError::Format,
    }
}

const CONTEXT: &str = "cloister approval key|1|";
