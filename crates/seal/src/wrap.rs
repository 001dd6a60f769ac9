//! Data keys under the key-encryption key.

use std::{fmt, str::FromStr};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{Code, Entropy, Explain, KeyId};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::{DataKey, codes, key::fingerprint, open_bytes, seal_bytes};

/// A data key, encrypted under the key-encryption key of one keyring and bound to its use.
///
/// Stored as text: `cl2.<name of the key-encryption key>.<base64url>`; `cl1.` is the form of the
/// first version, which was not bound to the instance: it is read and never written.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WrappedKey {
    form: Form,
    kek: KeyId,
    sealed: Vec<u8>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Form {
    First,
    Second,
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

    /// Whether the first version of the keyring wrapped it: bound to other words than today's.
    pub const fn is_of_the_first_version(&self) -> bool {
        matches!(self.form, Form::First)
    }
}

/// A key-encryption key of an instance, by name.
pub(crate) struct Wrapping<'k> {
    pub(crate) instance: &'k KeyId,
    pub(crate) id: &'k KeyId,
    pub(crate) key: &'k DataKey,
}

impl Wrapping<'_> {
    pub(crate) fn wrap(
        &self,
        key: &[u8; 32],
        context: &str,
        entropy: &mut dyn Entropy,
    ) -> WrappedKey {
        let associated = self.associated(Form::Second, context);
        WrappedKey {
            form: Form::Second,
            kek: self.id.clone(),
            sealed: seal_bytes(self.key, &associated, key, entropy),
        }
    }

    pub(crate) fn unwrap(
        &self,
        wrapped: &WrappedKey,
        context: &str,
    ) -> Result<Zeroizing<[u8; 32]>, UnwrapError> {
        let associated = self.associated(wrapped.form, context);
        let plain =
            open_bytes(self.key, &associated, &wrapped.sealed).map_err(|_| UnwrapError::Refused)?;
        let plain = Zeroizing::new(plain);
        let bytes = plain
            .as_slice()
            .try_into()
            .map_err(|_| UnwrapError::Format)?;
        Ok(Zeroizing::new(bytes))
    }

    fn associated(&self, form: Form, context: &str) -> Vec<u8> {
        let Self { instance, id, .. } = self;
        match form {
            Form::First => format!("cloister data key|{id}|{context}"),
            Form::Second => format!("cloister data key 2|{instance}|{id}|{context}"),
        }
        .into_bytes()
    }
}

/// Unwraps and wraps anew; returns the key's fingerprint too.
pub(crate) fn rewrap(
    (from, at): (Wrapping<'_>, &str),
    (under, to): (Wrapping<'_>, &str),
    wrapped: &WrappedKey,
    entropy: &mut dyn Entropy,
) -> Result<(WrappedKey, [u8; 16]), UnwrapError> {
    let plain = from.unwrap(wrapped, at)?;
    Ok((under.wrap(&plain, to, entropy), fingerprint(&plain)))
}

impl fmt::Display for WrappedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = URL_SAFE_NO_PAD.encode(&self.sealed);
        write!(f, "{}{}.{text}", self.form.prefix(), self.kek)
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
        let (form, rest) = [Form::First, Form::Second]
            .into_iter()
            .find_map(|form| Some((form, text.strip_prefix(form.prefix())?)))
            .ok_or(UnwrapError::Format)?;
        let (kek, sealed) = rest.rsplit_once('.').ok_or(UnwrapError::Format)?;
        Ok(Self {
            form,
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

impl Form {
    const fn prefix(self) -> &'static str {
        match self {
            Self::First => "cl1.",
            Self::Second => "cl2.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SeededEntropy;

    #[test]
    fn a_wrapped_key_is_stored_as_text_and_read_back() {
        let mut entropy = SeededEntropy::new(4);
        let [key, kek] = [(); 2].map(|()| DataKey::generate(&mut entropy));
        let [id, instance] = ["0123456789abcdef", "i"].map(|id| KeyId::new(id).unwrap());
        let under = Wrapping {
            instance: &instance,
            id: &id,
            key: &kek,
        };
        let wrapped = under.wrap(key.bytes(), "x", &mut entropy);
        let stored = serde_json::to_string(&wrapped).unwrap();
        assert!(stored.starts_with("\"cl2.0123456789abcdef."));
        let read: WrappedKey = serde_json::from_str(&stored).unwrap();
        assert_eq!(read, wrapped);
        assert_eq!(*under.unwrap(&read, "x").unwrap(), *key.bytes());
        for nonsense in ["", "cl1.", "cl1.a", "cl3.a.AA", "cl1.a.!!", "cl1.A b.AA"] {
            assert_eq!(nonsense.parse::<WrappedKey>(), Err(UnwrapError::Format));
        }
        let other = Wrapping {
            instance: &id,
            ..under
        };
        assert!(other.unwrap(&wrapped, "x").is_err(), "another instance");
    }
}
