//! Keys from the command line: PEM files, files with a verifier key, or verifier keys themselves.

use std::path::Path;

use ::audit::{KeyKind, VerifierKey};
use seal::PublicKey;

use crate::{failure::Failure, files};

/// The public key of a log.
pub(super) fn public(text: &str) -> Result<PublicKey, Failure> {
    let text = content(text)?;
    if text.contains("-----BEGIN") {
        return Ok(PublicKey::from_pem(&text)?);
    }
    Ok(verifier(&text)?.key().clone())
}

/// A verifier key, of a log or a witness.
pub(super) fn verifier(text: &str) -> Result<VerifierKey, Failure> {
    Ok(content(text)?.trim().parse()?)
}

/// A verifier key of this kind.
pub(super) fn of_kind(text: &str, kind: KeyKind) -> Result<VerifierKey, Failure> {
    let key = verifier(text)?;
    if key.kind() == kind {
        Ok(key)
    } else {
        Err(::audit::NoteError::Key.into())
    }
}

/// The file's text, or the word itself where it is a verifier key.
fn content(text: &str) -> Result<String, Failure> {
    let is_key = text.parse::<VerifierKey>().is_ok() || text.contains("-----BEGIN");
    if is_key {
        return Ok(text.to_owned());
    }
    files::read_text(Path::new(text))
}
