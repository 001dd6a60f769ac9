//! The keyring: the keys that protect keys and sign, behind one passphrase.

mod file;
mod secrets;

use std::fmt;

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{EcdsaKeyPair, Ed25519KeyPair, KeyPair as _},
};
use domain::{Code, Entropy, Explain, KeyId};
use thiserror::Error;

use self::secrets::Secrets;
use crate::{
    Algorithm, Argon2Cost, DataKey, Passphrase, PublicKey, Signature, UnwrapError, WrappedKey,
    codes,
};

/// The keys of an instance: one key-encryption key (256 bit), an Ed25519 key that signs the log's
/// checkpoints, and an ECDSA P-256 key that signs statements (models, certificates, reports).
///
/// It lives on disk only sealed under a passphrase; all secrets are wiped when it is dropped.
///
/// ```
/// use cloister_seal::{Argon2Cost, DataKey, Keyring, Passphrase, SystemEntropy};
/// let mut entropy = SystemEntropy::new();
/// let passphrase = Passphrase::new("correct horse battery staple");
/// let (keyring, sealed) = Keyring::create(&passphrase, Argon2Cost::light(), &mut entropy)?;
///
/// let key = DataKey::generate(&mut entropy);
/// let wrapped = keyring.wrap(&key, "dataset/adult/v1", &mut entropy);
///
/// let reopened = Keyring::open(&sealed, &passphrase)?;
/// assert!(reopened.unwrap(&wrapped, "dataset/adult/v1").is_ok());
/// assert!(reopened.unwrap(&wrapped, "dataset/other/v1").is_err());
/// # Ok::<(), cloister_seal::KeyringError>(())
/// ```
pub struct Keyring {
    secrets: Secrets,
    kek: DataKey,
    kek_id: KeyId,
    checkpoint: Ed25519KeyPair,
    statement: EcdsaKeyPair,
}

/// Why a keyring cannot be made or opened.
#[derive(Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyringError {
    /// A new passphrase is too short.
    #[error(
        "a new passphrase needs at least {} characters",
        Passphrase::LENGTH_MIN
    )]
    ShortPassphrase,
    /// The file is whole, but the passphrase does not open it.
    #[error("the passphrase does not open the keyring")]
    WrongPassphrase,
    /// The file's checksum does not hold.
    #[error("the keyring file is damaged: its checksum does not hold")]
    Damaged,
    /// Not a keyring file, or a newer one.
    #[error("these bytes are not a keyring of a version this program knows")]
    Format,
    /// The Argon2id parameters are out of bounds.
    #[error(
        "the passphrase hash must take 8 KiB per lane to 1 GiB, 1 to 32 passes and 1 to 16 lanes"
    )]
    Cost,
    /// No memory for Argon2id.
    #[error("the passphrase hash needs {memory_kib} KiB of memory, which are not there")]
    Memory {
        /// What it needs.
        memory_kib: u32,
    },
}

impl Keyring {
    /// Makes new keys and seals them; returns the keyring and the bytes of its file.
    ///
    /// `entropy` must be [`crate::SystemEntropy`] outside tests. A passphrase of fewer than
    /// [`Passphrase::LENGTH_MIN`] characters is refused.
    pub fn create(
        passphrase: &Passphrase,
        cost: Argon2Cost,
        entropy: &mut dyn Entropy,
    ) -> Result<(Self, Vec<u8>), KeyringError> {
        let keyring = loop {
            // One scalar in 2^32 is not below the order of P-256.
            if let Some(keyring) = Self::from_secrets(Secrets::generate(entropy)) {
                break keyring;
            }
        };
        let sealed = keyring.seal(passphrase, cost, entropy)?;
        Ok((keyring, sealed))
    }

    /// Opens the bytes of a keyring file.
    ///
    /// A damaged file is told from a wrong passphrase by the file's checksum. The file's Argon2id
    /// parameters are checked against bounds before they are used.
    pub fn open(sealed: &[u8], passphrase: &Passphrase) -> Result<Self, KeyringError> {
        let secrets = file::open(sealed, passphrase)?;
        Self::from_secrets(secrets).ok_or(KeyringError::Format)
    }

    /// Seals the same keys under a new passphrase; the old file opens with the old one until it is
    /// replaced.
    pub fn seal(
        &self,
        passphrase: &Passphrase,
        cost: Argon2Cost,
        entropy: &mut dyn Entropy,
    ) -> Result<Vec<u8>, KeyringError> {
        passphrase.check_new()?;
        file::seal(&self.secrets, passphrase, cost, entropy)
    }

    /// The name of the key-encryption key: 16 hex digits that follow from the key.
    pub const fn key_id(&self) -> &KeyId {
        &self.kek_id
    }

    /// Encrypts a data key under the key-encryption key, bound to `context`: what the key is for.
    pub fn wrap(&self, key: &DataKey, context: &str, entropy: &mut dyn Entropy) -> WrappedKey {
        WrappedKey::wrap(key, &self.kek, &self.kek_id, context, entropy)
    }

    /// Opens a data key that this keyring wrapped for the same `context`.
    pub fn unwrap(&self, wrapped: &WrappedKey, context: &str) -> Result<DataKey, UnwrapError> {
        wrapped.unwrap(&self.kek, &self.kek_id, context)
    }

    /// Signs a checkpoint of the log: Ed25519, so the same message gives the same signature.
    pub fn sign_checkpoint(&self, message: &[u8]) -> Signature {
        Signature::new(Algorithm::Ed25519, self.checkpoint.sign(message).as_ref())
    }

    /// Signs a statement: ECDSA P-256 with SHA-256, DER. Each signature differs from the last: its
    /// secret number comes from the crypto library's own generator.
    ///
    /// # Panics
    /// When that generator fails; nothing can be signed then.
    #[expect(
        clippy::expect_used,
        reason = "signing with a checked key fails only when the random generator does"
    )]
    pub fn sign_statement(&self, message: &[u8]) -> Signature {
        let signature = self
            .statement
            .sign(&SystemRandom::new(), message)
            .expect("the crypto library signs");
        Signature::new(Algorithm::EcdsaP256, signature.as_ref())
    }

    /// The key that checks [`Keyring::sign_checkpoint`].
    pub fn checkpoint_key(&self) -> PublicKey {
        PublicKey::of_pair(Algorithm::Ed25519, self.checkpoint.public_key().as_ref())
    }

    /// The key that checks [`Keyring::sign_statement`].
    pub fn statement_key(&self) -> PublicKey {
        PublicKey::of_pair(Algorithm::EcdsaP256, self.statement.public_key().as_ref())
    }

    fn from_secrets(secrets: Secrets) -> Option<Self> {
        Some(Self {
            kek: secrets.kek(),
            kek_id: secrets.kek_id(),
            checkpoint: secrets.checkpoint()?,
            statement: secrets.statement()?,
            secrets,
        })
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keyring({})", self.kek_id)
    }
}

impl Explain for KeyringError {
    fn code(&self) -> Code {
        match self {
            Self::ShortPassphrase => codes::SHORT_PASSPHRASE,
            Self::WrongPassphrase => codes::WRONG_PASSPHRASE,
            Self::Damaged => codes::KEYRING_DAMAGED,
            Self::Format => codes::KEYRING_FORMAT,
            Self::Cost => codes::COST,
            Self::Memory { .. } => codes::MEMORY,
        }
    }

    fn help(&self) -> String {
        match self {
            Self::ShortPassphrase => "choose a longer one, four random words for example",
            Self::WrongPassphrase => "type it again; nobody can recover it",
            Self::Damaged => "restore the keyring file from a backup",
            Self::Format => "check that the file is a keyring, or use the program that wrote it",
            Self::Cost => "use the standard cost, or restore the keyring file from a backup",
            Self::Memory { .. } => "end other programs, or use a machine with more memory",
        }
        .to_owned()
    }
}

#[cfg(test)]
mod tests;
