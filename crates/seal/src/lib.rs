//! Keys, ciphers, signatures, password hashes: the one room that names a crypto library.
//!
//! What it offers, in reading order: digests and random bytes; data keys with sealing of small
//! records and of streams; the keyring behind a passphrase, which wraps data keys and signs; the
//! signature bundle of a model. Every cipher is AES-256-GCM, every digest SHA-256; key derivation
//! is HKDF-SHA256 (RFC 5869) and Argon2id (RFC 9106); signatures are Ed25519 (RFC 8032) and ECDSA
//! P-256 (FIPS 186-5).
//!
//! Not here: files, networks, policy. Objects are bytes in and bytes out.
//!
//! What this room does not do: AES-GCM does not commit to its key, so a sealed object proves who
//! could have made it only together with its place in the log; and the nonces of small records
//! come from the caller's [`domain::Entropy`], which a validated FIPS module does not count as an
//! approved service.

mod codes;
mod derivation;
mod derived;
mod digest;
mod entropy;
mod key;
mod keyring;
#[doc(hidden)]
pub mod measure;
pub mod oms;
mod open_error;
mod passphrase;
mod record;
mod signature;
mod stream;
mod subkey;
#[cfg(test)]
mod vectors;
mod wrap;

pub use codes::CODES;
pub use digest::{Hasher, digest};
pub use entropy::{SeededEntropy, SystemEntropy};
pub use key::DataKey;
pub use keyring::{Keyring, KeyringError};
pub use open_error::OpenError;
pub use passphrase::{Argon2Cost, Passphrase};
pub use record::{open_bytes, seal_bytes};
pub use signature::{Algorithm, PemError, PublicKey, Signature, SignatureError};
pub use stream::{OpenAt, OpenReader, SealWriter, sealed_length};
pub use subkey::{Cosigner, PersonKey};
pub use wrap::{UnwrapError, WrappedKey};
pub use zeroize::Zeroizing;
