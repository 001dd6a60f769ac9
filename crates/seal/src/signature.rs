//! Signatures and the public keys that check them.

mod pem;

use std::{fmt, str::FromStr};

use aws_lc_rs::signature::{self as library, ParsedPublicKey};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::{Code, Digest, Explain};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{codes, digest};

/// How something is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Algorithm {
    /// Ed25519, RFC 8032: checkpoints of the log.
    Ed25519,
    /// ECDSA on P-256 with SHA-256, DER, FIPS 186-5: statements about models and reports.
    EcdsaP256,
}

/// A signature; stored as text: `ed25519:<base64>` or `ecdsa-p256-sha256:<base64>`.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Signature {
    algorithm: Algorithm,
    bytes: Vec<u8>,
}

/// A public key that checks signatures; stored as PEM.
///
/// ```
/// use cloister_seal::PublicKey;
/// let pem = "-----BEGIN PUBLIC KEY-----\n\
///            MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n\
///            -----END PUBLIC KEY-----\n";
/// assert_eq!(PublicKey::from_pem(pem)?.to_pem(), pem);
/// # Ok::<(), cloister_seal::PemError>(())
/// ```
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PublicKey {
    algorithm: Algorithm,
    key: ParsedPublicKey,
}

/// Why a signature is not accepted.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignatureError {
    /// Not the text of a signature.
    #[error("this text is not a signature")]
    Format,
    /// Message, key and signature do not belong together.
    #[error("the signature does not hold for this content and this key")]
    Refused,
}

/// Why a public key cannot be read.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("expected a public key in PEM, Ed25519 or ECDSA P-256")]
pub struct PemError;

impl Algorithm {
    /// The word in stored signatures.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ed25519 => "ed25519",
            Self::EcdsaP256 => "ecdsa-p256-sha256",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        [Self::Ed25519, Self::EcdsaP256]
            .into_iter()
            .find(|algorithm| algorithm.word() == word)
    }

    fn library(self) -> &'static dyn library::VerificationAlgorithm {
        match self {
            Self::Ed25519 => &library::ED25519,
            Self::EcdsaP256 => &library::ECDSA_P256_SHA256_ASN1,
        }
    }
}

impl Signature {
    /// A signature from its bytes: 64 of Ed25519, a DER sequence of ECDSA.
    pub fn new(algorithm: Algorithm, bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            algorithm,
            bytes: bytes.into(),
        }
    }

    /// How it was made.
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl PublicKey {
    /// Reads a `SubjectPublicKeyInfo` in PEM, RFC 7468; P-256 points uncompressed.
    pub fn from_pem(pem: &str) -> Result<Self, PemError> {
        let (algorithm, raw) = pem::parse(pem).ok_or(PemError)?;
        Self::from_bytes(algorithm, &raw)
    }

    /// Reads the raw key: 32 bytes of Ed25519, 65 of an uncompressed P-256 point.
    pub fn from_bytes(algorithm: Algorithm, raw: &[u8]) -> Result<Self, PemError> {
        if raw.len() != pem::raw_length(algorithm) {
            return Err(PemError);
        }
        let key = ParsedPublicKey::new(algorithm.library(), raw).map_err(|_| PemError)?;
        Ok(Self { algorithm, key })
    }

    /// The key in PEM as OpenSSL writes it, with its last newline.
    pub fn to_pem(&self) -> String {
        pem::write(self.algorithm, self.as_bytes())
    }

    /// The raw key: 32 bytes of Ed25519, 65 of an uncompressed P-256 point.
    pub fn as_bytes(&self) -> &[u8] {
        self.key.as_ref()
    }

    /// What it checks.
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// SHA-256 of the PEM text: how people and bundles name the key.
    pub fn fingerprint(&self) -> Digest {
        digest(self.to_pem().as_bytes())
    }

    /// Accepts `signature` only if this key's owner made it over `message`.
    pub fn verify(&self, message: &[u8], signature: &Signature) -> Result<(), SignatureError> {
        if self.algorithm != signature.algorithm {
            return Err(SignatureError::Refused);
        }
        self.key
            .verify_sig(message, &signature.bytes)
            .map_err(|_| SignatureError::Refused)
    }

    #[expect(
        clippy::expect_used,
        reason = "the crypto library reads the keys it makes"
    )]
    pub(crate) fn of_pair(algorithm: Algorithm, raw: &[u8]) -> Self {
        Self::from_bytes(algorithm, raw).expect("the public half of a key pair is a key")
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.algorithm == other.algorithm && self.as_bytes() == other.as_bytes()
    }
}

impl Eq for PublicKey {}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.algorithm, STANDARD.encode(&self.bytes))
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signature({self})")
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.fingerprint().short();
        write!(f, "PublicKey({} {name})", self.algorithm)
    }
}

impl FromStr for Signature {
    type Err = SignatureError;

    fn from_str(text: &str) -> Result<Self, SignatureError> {
        let (word, bytes) = text.split_once(':').ok_or(SignatureError::Format)?;
        Ok(Self {
            algorithm: Algorithm::parse(word).ok_or(SignatureError::Format)?,
            bytes: STANDARD.decode(bytes).map_err(|_| SignatureError::Format)?,
        })
    }
}

impl TryFrom<String> for Signature {
    type Error = SignatureError;

    fn try_from(text: String) -> Result<Self, SignatureError> {
        text.parse()
    }
}

impl From<Signature> for String {
    fn from(signature: Signature) -> Self {
        signature.to_string()
    }
}

impl TryFrom<String> for PublicKey {
    type Error = PemError;

    fn try_from(pem: String) -> Result<Self, PemError> {
        Self::from_pem(&pem)
    }
}

impl From<PublicKey> for String {
    fn from(key: PublicKey) -> Self {
        key.to_pem()
    }
}

impl Explain for SignatureError {
    fn code(&self) -> Code {
        match self {
            Self::Format => codes::SIGNATURE_FORMAT,
            Self::Refused => codes::SIGNATURE,
        }
    }

    fn help(&self) -> String {
        "check that content, signature and public key are those that were published together"
            .to_owned()
    }
}

impl Explain for PemError {
    fn code(&self) -> Code {
        codes::PEM
    }

    fn help(&self) -> String {
        "give the file that `-----BEGIN PUBLIC KEY-----` begins".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vectors::hex;

    /// RFC 8032, 7.1, test 3.
    #[test]
    fn ed25519_checks_the_signature_of_rfc_8032() {
        let key = PublicKey::from_bytes(
            Algorithm::Ed25519,
            &hex("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"),
        )
        .unwrap();
        let mut bytes = hex(
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac\
             18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        );
        let signature = Signature::new(Algorithm::Ed25519, bytes.clone());
        assert_eq!(key.verify(&hex("af82"), &signature), Ok(()));
        bytes[0] ^= 1;
        let changed = Signature::new(Algorithm::Ed25519, bytes);
        assert_eq!(
            key.verify(&hex("af82"), &changed),
            Err(SignatureError::Refused)
        );
    }

    /// RFC 6979, A.2.5, SHA-256, message "sample"; r and s as DER integers.
    #[test]
    fn ecdsa_checks_the_signature_of_rfc_6979() {
        let key = PublicKey::from_bytes(
            Algorithm::EcdsaP256,
            &hex(
                "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6\
                  7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299",
            ),
        )
        .unwrap();
        let signature = Signature::new(
            Algorithm::EcdsaP256,
            hex(
                "3046022100efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716\
                 022100f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
            ),
        );
        assert_eq!(key.verify(b"sample", &signature), Ok(()));
        assert!(key.verify(b"simple", &signature).is_err());
    }

    #[test]
    fn signatures_are_stored_as_text_and_read_back() {
        let signature = Signature::new(Algorithm::Ed25519, vec![7; 64]);
        let stored = serde_json::to_string(&signature).unwrap();
        assert_eq!(
            serde_json::from_str::<Signature>(&stored).unwrap(),
            signature
        );
        for nonsense in ["", "ed25519", "rsa:AAAA", "ed25519:%"] {
            assert_eq!(nonsense.parse::<Signature>(), Err(SignatureError::Format));
        }
    }
}
