//! Data keys under the key-encryption key.

use std::{fmt, str::FromStr};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{Code, Entropy, Explain, KeyId};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::{DataKey, codes, open_bytes, seal_bytes};

/// A data key, encrypted under the key-encryption key of one keyring and bound to its use.
///
/// Stored as text: `cl1.<name of the key-encryption key>.<base64url>`.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WrappedKey {
    kek: KeyId,
    sealed: Vec<u8>,
}

/// Why a wrapped key cannot be used.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum UnwrapError {
    /// Not the text of a wrapped key.
    #[error("these bytes are not a wrapped data key")]
    Format,
    /// Another key-encryption key wrapped it.
    #[error("the data key was wrapped by another keyring")]
    OtherKeyring,
    /// It was changed, or wrapped for another use.
    #[error("the wrapped data key does not open: it was changed, or belongs to another place")]
    Refused,
}

impl WrappedKey {
    /// The name of the key-encryption key it is wrapped under.
    pub const fn kek(&self) -> &KeyId {
        &self.kek
    }

    pub(crate) fn wrap(
        key: &DataKey,
        kek: &DataKey,
        kek_id: &KeyId,
        context: &str,
        entropy: &mut dyn Entropy,
    ) -> Self {
        let sealed = seal_bytes(kek, &associated(kek_id, context), key.bytes(), entropy);
        Self {
            kek: kek_id.clone(),
            sealed,
        }
    }

    pub(crate) fn unwrap(
        &self,
        kek: &DataKey,
        kek_id: &KeyId,
        context: &str,
    ) -> Result<DataKey, UnwrapError> {
        if self.kek != *kek_id {
            return Err(UnwrapError::OtherKeyring);
        }
        let plain = open_bytes(kek, &associated(kek_id, context), &self.sealed)
            .map_err(|_| UnwrapError::Refused)?;
        let plain = Zeroizing::new(plain);
        let bytes = plain
            .as_slice()
            .try_into()
            .map_err(|_| UnwrapError::Format)?;
        Ok(DataKey::from_bytes(Zeroizing::new(bytes)))
    }
}

impl fmt::Display for WrappedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = URL_SAFE_NO_PAD.encode(&self.sealed);
        write!(f, "{PREFIX}{}.{text}", self.kek)
    }
}

impl fmt::Debug for WrappedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WrappedKey({})", self.kek)
    }
}

impl FromStr for WrappedKey {
    type Err = UnwrapError;

    fn from_str(text: &str) -> Result<Self, UnwrapError> {
        let rest = text.strip_prefix(PREFIX).ok_or(UnwrapError::Format)?;
        let (kek, sealed) = rest.rsplit_once('.').ok_or(UnwrapError::Format)?;
        Ok(Self {
            kek: KeyId::new(kek).map_err(|_| UnwrapError::Format)?,
            sealed: URL_SAFE_NO_PAD
                .decode(sealed)
                .map_err(|_| UnwrapError::Format)?,
        })
    }
}

impl TryFrom<String> for WrappedKey {
    type Error = UnwrapError;

    fn try_from(text: String) -> Result<Self, UnwrapError> {
        text.parse()
    }
}

impl From<WrappedKey> for String {
    fn from(wrapped: WrappedKey) -> Self {
        wrapped.to_string()
    }
}

impl Explain for UnwrapError {
    fn code(&self) -> Code {
        match self {
            Self::Format => codes::WRAPPED_FORMAT,
            Self::OtherKeyring => codes::OTHER_KEYRING,
            Self::Refused => codes::UNWRAP,
        }
    }

    fn help(&self) -> String {
        match self {
            Self::OtherKeyring => "open the instance with the keyring it was created with",
            Self::Format | Self::Refused => {
                "restore the key table from a backup and find out who could write to it"
            }
        }
        .to_owned()
    }
}

fn associated(kek: &KeyId, context: &str) -> Vec<u8> {
    format!("cloister data key|{kek}|{context}").into_bytes()
}

const PREFIX: &str = "cl1.";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SeededEntropy;

    #[test]
    fn a_wrapped_key_is_stored_as_text_and_read_back() {
        let mut entropy = SeededEntropy::new(4);
        let [key, kek] = [(); 2].map(|()| DataKey::generate(&mut entropy));
        let id = KeyId::new("0123456789abcdef").unwrap();
        let wrapped = WrappedKey::wrap(&key, &kek, &id, "x", &mut entropy);
        let stored = serde_json::to_string(&wrapped).unwrap();
        assert!(stored.starts_with("\"cl1.0123456789abcdef."));
        let read: WrappedKey = serde_json::from_str(&stored).unwrap();
        assert_eq!(read, wrapped);
        assert_eq!(read.unwrap(&kek, &id, "x").unwrap().bytes(), key.bytes());
        for nonsense in ["", "cl1.", "cl1.a", "cl2.a.AA", "cl1.a.!!", "cl1.A b.AA"] {
            assert_eq!(nonsense.parse::<WrappedKey>(), Err(UnwrapError::Format));
        }
    }
}
