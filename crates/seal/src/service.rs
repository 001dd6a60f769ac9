//! The port to what keeps the root key: a passphrase, an HSM, a key management service.

use domain::{Code, Entropy, Explain};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::{Argon2Cost, DataKey, KeyringError, Passphrase, codes, open_bytes, seal_bytes};

/// What can wrap and unwrap the root key of an instance.
///
/// Implementations that reach an HSM or a service live in `store`; here is the passphrase. The
/// plain root key is in this program's memory while an instance is open, whatever the service:
/// an HSM keeps it from whoever has the disk, not from whoever has the running machine.
pub trait KeyService: std::fmt::Debug {
    /// Which lock of a keyring is this service's.
    fn name(&self) -> ServiceName;

    /// Encrypts a secret of at most 4 KiB, bound to `context`.
    fn wrap(
        &self,
        secret: &[u8],
        context: &str,
        entropy: &mut dyn Entropy,
    ) -> Result<Vec<u8>, ServiceError>;

    /// Opens what it wrapped for the same `context`.
    fn unwrap(&self, wrapped: &[u8], context: &str) -> Result<Zeroizing<Vec<u8>>, ServiceError>;
}

/// A key service and the key in it, without any secret: it stands readable in the keystore.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceName {
    /// What it is.
    pub kind: ServiceKind,
    /// Which key: `token/label`, an ARN, a path; empty for a passphrase.
    pub key: String,
}

/// The kinds of key services.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ServiceKind {
    /// Argon2id, RFC 9106.
    Passphrase,
    /// A hardware security module through PKCS#11.
    Pkcs11,
    /// AWS Key Management Service.
    AwsKms,
    /// The transit engine of HashiCorp Vault or OpenBao.
    Transit,
}

/// Why a key service did not do what was asked.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ServiceError {
    /// The passphrase is wrong, or what belongs to it.
    #[error(transparent)]
    Passphrase(#[from] KeyringError),
    /// It cannot be reached.
    #[error("the key service {kind} cannot be reached: {reason}")]
    Unreachable {
        /// Which.
        kind: ServiceKind,
        /// Why.
        reason: String,
    },
    /// It said no: credentials, PIN, policy, a disabled key.
    #[error("the key service {kind} refused: {reason}")]
    Refused {
        /// Which.
        kind: ServiceKind,
        /// Its own word for it.
        reason: String,
    },
    /// What was wrapped does not open there: changed, or wrapped by another key or for another use.
    #[error(
        "what {kind} had wrapped does not open: it was changed, or belongs to another key or place"
    )]
    Damaged {
        /// Which.
        kind: ServiceKind,
    },
    /// It is not set up so that it can be asked.
    #[error("the key service {kind} is not set up: {reason}")]
    Setup {
        /// Which.
        kind: ServiceKind,
        /// What is missing.
        reason: String,
    },
}

/// The passphrase as a key service.
#[derive(Debug)]
pub struct PassphraseService {
    passphrase: Passphrase,
    cost: Argon2Cost,
}

impl ServiceKind {
    /// The word that is stored and shown.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Passphrase => "passphrase",
            Self::Pkcs11 => "pkcs11",
            Self::AwsKms => "aws-kms",
            Self::Transit => "transit",
        }
    }
}

impl std::fmt::Display for ServiceKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.word())
    }
}

impl PassphraseService {
    /// A passphrase and what a guess at it is to cost. Fewer than [`Passphrase::LENGTH_MIN`]
    /// characters are refused when something is wrapped.
    pub const fn new(passphrase: Passphrase, cost: Argon2Cost) -> Self {
        Self { passphrase, cost }
    }
}

impl KeyService for PassphraseService {
    fn name(&self) -> ServiceName {
        ServiceName {
            kind: ServiceKind::Passphrase,
            key: String::new(),
        }
    }

    /// Memory in KiB, passes, lanes (3 × 4, big-endian) ‖ salt (16) ‖ sealed record.
    fn wrap(
        &self,
        secret: &[u8],
        context: &str,
        entropy: &mut dyn Entropy,
    ) -> Result<Vec<u8>, ServiceError> {
        self.passphrase.check_new()?;
        let mut salt = [0; SALT];
        entropy.fill(&mut salt);
        let mut bytes = self.cost.to_bytes().to_vec();
        bytes.extend_from_slice(&salt);
        let key = DataKey::from_bytes(self.passphrase.key(&salt, self.cost)?);
        let context = [context.as_bytes(), &bytes].concat();
        bytes.extend(seal_bytes(&key, &context, secret, entropy));
        Ok(bytes)
    }

    fn unwrap(&self, wrapped: &[u8], context: &str) -> Result<Zeroizing<Vec<u8>>, ServiceError> {
        let (head, record) = wrapped
            .split_at_checked(HEAD)
            .ok_or(KeyringError::Damaged)?;
        let (cost, salt) = head.split_first_chunk().ok_or(KeyringError::Damaged)?;
        let key = self.passphrase.key(salt, Argon2Cost::from_bytes(*cost))?;
        let context = [context.as_bytes(), head].concat();
        let plain = open_bytes(&DataKey::from_bytes(key), &context, record)
            .map_err(|_| KeyringError::WrongPassphrase)?;
        Ok(Zeroizing::new(plain))
    }
}

impl Explain for ServiceError {
    fn code(&self) -> Code {
        match self {
            Self::Passphrase(error) => error.code(),
            Self::Unreachable { .. } => codes::SERVICE_UNREACHABLE,
            Self::Refused { .. } => codes::SERVICE_REFUSED,
            Self::Damaged { .. } => codes::SERVICE_DAMAGED,
            Self::Setup { .. } => codes::SERVICE_SETUP,
        }
    }

    fn help(&self) -> String {
        match self {
            Self::Passphrase(error) => return error.help(),
            Self::Unreachable { .. } => {
                "check the network, the address and the service's own state, then try again; nothing was changed"
            }
            Self::Refused { .. } => {
                "check the credentials or the PIN and what the service's policy lets them do"
            }
            Self::Damaged { .. } => {
                "restore the keystore from a backup, or name the key that it was made with"
            }
            Self::Setup { .. } => "see docs/keys.md for what each service needs",
        }
        .to_owned()
    }
}

const SALT: usize = 16;
const HEAD: usize = 12 + SALT;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SeededEntropy;

    fn service(text: &str) -> PassphraseService {
        PassphraseService::new(Passphrase::new(text), Argon2Cost::light())
    }

    #[test]
    fn a_secret_opens_with_its_passphrase_at_its_place_only() {
        let mut entropy = SeededEntropy::new(1);
        let one = service("correct horse battery");
        let wrapped = one.wrap(b"secret", "here", &mut entropy).unwrap();
        assert_eq!(one.unwrap(&wrapped, "here").unwrap().as_slice(), b"secret");
        assert!(one.unwrap(&wrapped, "there").is_err());
        assert!(
            service("another passphrase")
                .unwrap(&wrapped, "here")
                .is_err()
        );
        for at in 0..wrapped.len() {
            let mut changed = wrapped.clone();
            // A higher cost would only be slow.
            changed[at] ^= if at < 12 { 1 } else { 0x80 };
            assert!(one.unwrap(&changed, "here").is_err(), "byte {at}");
        }
        assert!(service("short").wrap(b"x", "here", &mut entropy).is_err());
    }
}
