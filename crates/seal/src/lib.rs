//! Keys, ciphers, signatures, password hashes: the one room that names a crypto library.
//!
//! What it offers, in reading order: digests and random bytes; data keys with sealing of small
//! records and of streams; key states, classes and places; the keyring under a root key, which
//! wraps data keys and signs; the port to key services and the shares of a root key; the key that
//! a second person approves with; the signature bundle of a model; the profile of TLS; the crypto
//! module itself. Every cipher is AES-256-GCM, every digest SHA-256; key derivation is HKDF-SHA256
//! (RFC 5869) and Argon2id (RFC 9106); signatures are Ed25519 (RFC 8032) and ECDSA P-256
//! (FIPS 186-5).
//!
//! Not here: files, networks, policy. Objects are bytes in and bytes out.
//!
//! What this room does not do: AES-GCM does not commit to its key, so a sealed object proves who
//! could have made it only together with its place in the log. Outside the FIPS build the nonces of
//! small records come from the caller's [`domain::Entropy`]; in the FIPS build from the module.

mod approval;
mod codes;
mod derivation;
mod derived;
mod digest;
mod entropy;
mod key;
mod keyring;
mod locked;
mod mac;
#[doc(hidden)]
pub mod measure;
mod module;
pub mod oms;
mod open_error;
mod passphrase;
mod place;
mod record;
mod root;
mod service;
mod shares;
mod signature;
mod state;
mod stream;
mod subkey;
pub mod tls;
#[cfg(test)]
mod vectors;
mod wrap;

pub use approval::ApprovalKey;
pub use codes::CODES;
pub use digest::{Hasher, digest};
pub use entropy::{SeededEntropy, SystemEntropy};
pub use key::DataKey;
pub use keyring::{KekInfo, Keyring, KeyringError, unwrap_under, wrap_under};
pub use locked::memory_can_be_locked;
pub use mac::hmac_sha256;
pub use module::{CryptoModule, SelfTestError, module, self_test};
pub use open_error::OpenError;
pub use passphrase::{Argon2Cost, Passphrase};
pub use place::{KeyClass, KeyPlace};
pub use record::{open_bytes, seal_bytes};
pub use root::RootKey;
pub use service::{KeyService, PassphraseService, ServiceError, ServiceKind, ServiceName};
pub use shares::{Share, ShareError, join};
pub use signature::{Algorithm, PemError, PublicKey, Signature, SignatureError};
pub use state::{KeyPeriod, KeyState, TransitionError, UseError};
pub use stream::{OpenAt, OpenReader, ResumeError, Resumed, SealWriter, StreamForm};
pub use subkey::{Cosigner, PersonKey};
pub use wrap::{UnwrapError, WrappedKey};
pub use zeroize::Zeroizing;
