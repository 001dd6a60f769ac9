use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::Digest;

/// A word that cannot be an id.
#[derive(Debug, Error, PartialEq, Eq)]
#[error(
    "an id has 1 to 64 characters out of a-z, 0-9, `-`, `_` and `.`, and starts with a letter or digit"
)]
pub struct IdError;

fn is_id(text: &str) -> bool {
    let starts_well =
        text.starts_with(|first: char| first.is_ascii_lowercase() || first.is_ascii_digit());
    starts_well
        && text.len() <= 64
        && text.bytes().all(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_' | b'.')
        })
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Parses an id; see [`IdError`] for what is refused.
            pub fn new(text: impl Into<String>) -> Result<Self, IdError> {
                let text = text.into();
                if is_id(&text) { Ok(Self(text)) } else { Err(IdError) }
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                Self::new(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    )+};
}

ids! {
    /// A study: one purpose, one set of sources, one or no model.
    StudyId,
    /// A dataset: a named line of versions.
    DatasetId,
    /// One immutable version of a dataset, named by its content.
    VersionId,
    /// A registered model: a named line of versions.
    ModelId,
    /// One run of a study.
    RunId,
    /// A key in the keystore.
    KeyId,
    /// A person who operates Cloister.
    OperatorId,
}

impl From<Digest> for VersionId {
    fn from(digest: Digest) -> Self {
        Self(digest.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_keep_to_a_safe_alphabet() {
        assert_eq!(
            DatasetId::new("adult-2026.1").map(String::from),
            Ok("adult-2026.1".to_owned())
        );
        for refused in ["", "../etc", "-x", "Has Space", "ü", &"a".repeat(65)] {
            assert_eq!(DatasetId::new(refused), Err(IdError), "{refused}");
        }
    }
}
