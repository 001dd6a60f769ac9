//! A sealed file that opens with a passphrase: keys of its own, and one sealed body.

use std::{fs, path::Path};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::Entropy;
use seal::{Argon2Cost, DataKey, Keyring, Passphrase, WrappedKey, open_bytes, seal_bytes};
use serde::{Deserialize, Serialize};

use crate::{codes, failure::Failure, files};

/// The form on disk: JSON, every secret sealed.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    format: String,
    /// The keyring, sealed under the passphrase (Argon2id).
    keyring: String,
    /// The body's key, wrapped by the keyring.
    key: WrappedKey,
    /// The body, AES-256-GCM.
    body: String,
}

/// Writes a new file, or replaces one whole.
pub(in crate::commands) fn write(
    path: &Path,
    format: &str,
    keyring: (&Keyring, &[u8]),
    body: &[u8],
    entropy: &mut dyn Entropy,
) -> Result<(), Failure> {
    let (keyring, sealed) = keyring;
    let key = DataKey::generate(entropy);
    let stored = Stored {
        format: format.to_owned(),
        keyring: STANDARD.encode(sealed),
        key: keyring.wrap(&key, format, entropy),
        body: STANDARD.encode(seal_bytes(&key, format.as_bytes(), body, entropy)),
    };
    let text = serde_json::to_vec(&stored).unwrap_or_default();
    files::write_private_whole(path, &text)
}

/// A keyring, its sealed bytes, and the body.
pub(in crate::commands) struct Opened {
    pub(in crate::commands) keyring: Keyring,
    pub(in crate::commands) sealed: Vec<u8>,
    pub(in crate::commands) body: Vec<u8>,
}

/// Opens a file; refused are other formats, wrong passphrases and changed bytes.
pub(in crate::commands) fn open(
    path: &Path,
    format: &str,
    passphrase: &Passphrase,
) -> Result<Opened, Failure> {
    let bytes = fs::read(path).map_err(|cause| files::unreadable(path, &cause))?;
    let stored: Stored = serde_json::from_slice(&bytes).map_err(|_| damaged(path))?;
    if stored.format != format {
        return Err(damaged(path));
    }
    let decode = |text: &str| STANDARD.decode(text).map_err(|_| damaged(path));
    let sealed = decode(&stored.keyring)?;
    let keyring = Keyring::open(&sealed, passphrase)?;
    let key = keyring.unwrap(&stored.key, format)?;
    let body = open_bytes(&key, format.as_bytes(), &decode(&stored.body)?)?;
    Ok(Opened {
        keyring,
        sealed,
        body,
    })
}

/// New keys under a passphrase.
pub(in crate::commands) fn create(
    passphrase: &Passphrase,
    cost: Argon2Cost,
    entropy: &mut dyn Entropy,
) -> Result<(Keyring, Vec<u8>), Failure> {
    Ok(Keyring::create(passphrase, cost, entropy)?)
}

fn damaged(path: &Path) -> Failure {
    Failure::new(
        codes::FILE_READ,
        format!(
            "`{}` is not sealed in this form, or it is damaged",
            path.display()
        ),
        "name a file that `cloister deid` wrote under this passphrase, or restore it from a backup",
    )
}
