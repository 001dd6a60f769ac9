//! The signature of a model in the format of the OpenSSF Model Signing specification.
//!
//! A Sigstore bundle (v0.3) holds a DSSE envelope with an in-toto statement that lists the
//! model's files with their SHA-256 digests. `model_signing verify key` checks the same bundle
//! with the public key in PEM. Source: <https://github.com/ossf/model-signing-spec>, v1.0.

mod bundle;
mod statement;

use std::collections::BTreeMap;

use domain::{Code, Digest, Explain};
use thiserror::Error;

use self::{bundle::Bundle, statement::Statement};
use crate::{Algorithm, Keyring, PublicKey, codes};

/// What a bundle that holds says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedModel {
    /// The model's name in the statement.
    pub name: String,
    /// SHA-256 of the concatenated digests of the files, in order of their paths.
    pub root: Digest,
}

/// Why a bundle does not vouch for the files.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum BundleError {
    /// Not a bundle, or not of this kind and version.
    #[error("this is not a model-signing bundle of a version this program knows")]
    Format,
    /// The bundle names another key.
    #[error("the model was signed with another key")]
    OtherKey,
    /// The signature does not hold.
    #[error("the signature of the bundle does not hold")]
    Signature,
    /// A file differs from the one that was signed.
    #[error(
        "{count} of the model's files are not those that were signed; the first is number {first}"
    )]
    Files {
        /// How many are missing, added or changed.
        count: usize,
        /// Its place, from 1, in the order of paths of all files there are or were signed.
        first: usize,
    },
}

/// Signs a model's files with the statement key; returns the bundle as JSON.
///
/// `name` is the model's name. `files` are relative paths with `/` and the SHA-256 digests of
/// their contents, in any order; of two equal paths the last one counts.
///
/// # Guarantee
/// [`verify_model`] accepts the bundle for the same files and the keyring's statement key, and
/// refuses it for any others.
pub fn sign_model(keyring: &Keyring, name: &str, files: &[(String, Digest)]) -> String {
    let payload = Statement::new(name, &sorted(files)).to_json();
    let signature = keyring.sign_statement(&bundle::pre_authentication(payload.as_bytes()));
    Bundle::new(&keyring.statement_key(), payload.as_bytes(), &signature).to_json()
}

/// Accepts a bundle only if `key` signed exactly these files.
pub fn verify_model(
    bundle: &str,
    files: &[(String, Digest)],
    key: &PublicKey,
) -> Result<SignedModel, BundleError> {
    let bundle = Bundle::parse(bundle)?;
    if key.algorithm() != Algorithm::EcdsaP256 || !bundle.is_by(key) {
        return Err(BundleError::OtherKey);
    }
    let payload = bundle.verified_payload(key)?;
    let statement = Statement::parse(&payload)?;
    compare(&statement.files()?, &sorted(files))?;
    Ok(SignedModel {
        name: statement.name().to_owned(),
        root: statement.root()?,
    })
}

impl Explain for BundleError {
    fn code(&self) -> Code {
        match self {
            Self::Format => codes::BUNDLE_FORMAT,
            Self::OtherKey => codes::BUNDLE_KEY,
            Self::Signature => codes::SIGNATURE,
            Self::Files { .. } => codes::BUNDLE_FILES,
        }
    }

    fn help(&self) -> String {
        match self {
            Self::Format => "give the bundle that was written when the model was registered",
            Self::OtherKey => "give the public key of the instance that registered the model",
            Self::Signature | Self::Files { .. } => {
                "do not use the model: fetch model and bundle again from the registry"
            }
        }
        .to_owned()
    }
}

fn sorted(files: &[(String, Digest)]) -> BTreeMap<String, Digest> {
    files.iter().cloned().collect()
}

fn compare(
    signed: &BTreeMap<String, Digest>,
    given: &BTreeMap<String, Digest>,
) -> Result<(), BundleError> {
    let names: std::collections::BTreeSet<_> = signed.keys().chain(given.keys()).collect();
    let differing: Vec<usize> = names
        .iter()
        .enumerate()
        .filter(|(_, name)| signed.get(**name) != given.get(**name))
        .map(|(at, _)| at + 1)
        .collect();
    match differing.first() {
        None => Ok(()),
        Some(&first) => Err(BundleError::Files {
            count: differing.len(),
            first,
        }),
    }
}

#[cfg(test)]
mod tests;
