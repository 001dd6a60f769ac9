use std::collections::BTreeMap;

use domain::{Code, Digest, Explain, RunId, StudyId};
use seal::{PublicKey, Signature};
use thiserror::Error;

use crate::{
    codes,
    manifest::{FORMAT, KEY_FILE, KIND, MANIFEST_FILE, Manifest, SIGNATURE_FILE},
};

/// What a verified pack is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The study.
    pub study: StudyId,
    /// The run.
    pub run: RunId,
    /// Names of the files whose bytes were checked.
    pub files: Vec<String>,
    /// SHA-256 of the manifest.
    pub manifest: Digest,
    /// SHA-256 of the key's PEM that signed it; `None` when only hashes were checked. Compare it
    /// with a fingerprint that did not come with the pack.
    pub key: Option<Digest>,
}

/// Why a pack is not accepted. Names of files are shown, never their content.
#[derive(Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum PackError {
    /// There is no manifest, or it is not one.
    #[error("`manifest.json` is missing or cannot be read")]
    Manifest,
    /// The manifest is of another format version.
    #[error("the pack has format {found}, and this program knows format {FORMAT}")]
    Format {
        /// The version found.
        found: u32,
    },
    /// A file of the manifest is not there.
    #[error("the file `{name}` is missing")]
    Missing {
        /// The file.
        name: String,
    },
    /// A file is there that the manifest does not name.
    #[error("the file `{name}` is not in the manifest")]
    Extra {
        /// The file.
        name: String,
    },
    /// A file is not the one that was signed.
    #[error("the file `{name}` was changed after it was signed")]
    Changed {
        /// The file.
        name: String,
    },
    /// A name stands twice, among the files or in the manifest.
    #[error("the file name `{name}` stands twice")]
    Twice {
        /// The file.
        name: String,
    },
    /// The signature is not that of this manifest under this key.
    #[error("the signature of the manifest does not hold for this key")]
    Signature,
}

/// Checks a pack: signature over the manifest first, then every file against the manifest, then
/// that there is no file more and none less.
///
/// `manifest.sig` and `public-key.pem` may be among the files; they are not trusted and not
/// counted. Nothing is read from anywhere else, so this works offline.
pub fn verify(
    files: &[(String, Vec<u8>)],
    signature: &Signature,
    key: &PublicKey,
) -> Result<Verified, PackError> {
    let content = content(files)?;
    let manifest = content.get(MANIFEST_FILE).ok_or(PackError::Manifest)?;
    key.verify(manifest, signature)
        .map_err(|_| PackError::Signature)?;
    Ok(Verified {
        key: Some(key.fingerprint()),
        ..check(&content)?
    })
}

/// Checks a pack's files against its manifest without a signature: finds damage, not forgery.
pub fn verify_hashes(files: &[(String, Vec<u8>)]) -> Result<Verified, PackError> {
    check(&content(files)?)
}

type Content<'a> = BTreeMap<&'a str, &'a [u8]>;

fn content(files: &[(String, Vec<u8>)]) -> Result<Content<'_>, PackError> {
    let mut content = Content::new();
    for (name, bytes) in files {
        if content.insert(name, bytes).is_some() {
            return Err(PackError::Twice { name: name.clone() });
        }
    }
    Ok(content)
}

fn check(content: &Content<'_>) -> Result<Verified, PackError> {
    let bytes = content.get(MANIFEST_FILE).ok_or(PackError::Manifest)?;
    let manifest = read(bytes)?;
    let mut names: Vec<String> = Vec::new();
    for entry in &manifest.files {
        let name = entry.name.clone();
        if names.contains(&name) {
            return Err(PackError::Twice { name });
        }
        match content.get(name.as_str()) {
            None => return Err(PackError::Missing { name }),
            Some(bytes)
                if seal::digest(bytes) != entry.sha256 || bytes.len() as u64 != entry.length =>
            {
                return Err(PackError::Changed { name });
            }
            Some(_) => names.push(name),
        }
    }
    let known = |name: &str| {
        [MANIFEST_FILE, SIGNATURE_FILE, KEY_FILE].contains(&name)
            || names.iter().any(|it| it == name)
    };
    if let Some(name) = content.keys().find(|name| !known(name)) {
        return Err(PackError::Extra {
            name: (*name).to_owned(),
        });
    }
    Ok(Verified {
        study: manifest.study,
        run: manifest.run,
        files: names,
        manifest: seal::digest(bytes),
        key: None,
    })
}

/// Reads the version before the rest, so that a newer pack is called newer and not broken.
fn read(bytes: &[u8]) -> Result<Manifest, PackError> {
    let value: serde_json::Value =
        serde_json::from_slice(bytes).map_err(|_| PackError::Manifest)?;
    let found = value.get("format").and_then(serde_json::Value::as_u64);
    let found = found
        .and_then(|found| u32::try_from(found).ok())
        .ok_or(PackError::Manifest)?;
    if found != FORMAT {
        return Err(PackError::Format { found });
    }
    let manifest: Manifest = serde_json::from_value(value).map_err(|_| PackError::Manifest)?;
    if manifest.kind == KIND {
        Ok(manifest)
    } else {
        Err(PackError::Manifest)
    }
}

impl Explain for PackError {
    fn code(&self) -> Code {
        match self {
            Self::Manifest => codes::BAD_MANIFEST,
            Self::Format { .. } => codes::UNKNOWN_FORMAT,
            Self::Missing { .. } => codes::MISSING_FILE,
            Self::Extra { .. } => codes::EXTRA_FILE,
            Self::Changed { .. } => codes::CHANGED_FILE,
            Self::Twice { .. } => codes::TWICE,
            Self::Signature => codes::BAD_SIGNATURE,
        }
    }

    fn help(&self) -> String {
        match self {
            Self::Format { .. } => {
                "verify it with the version of the program that wrote it".to_owned()
            }
            Self::Extra { name } => format!("take `{name}` out of the folder and verify again"),
            Self::Signature => {
                "ask the owner for the public key by another way, or for a new pack".to_owned()
            }
            _ => "do not rely on this copy; ask the owner for the pack again".to_owned(),
        }
    }
}
