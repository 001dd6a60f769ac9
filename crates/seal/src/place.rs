//! Where a key belongs: what its wrapped form is bound to.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::KeyState;

/// What a key of a dataset protects: columns are grouped by sensitivity, so that a role can be
/// given the groups it may read and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyClass {
    /// Names, numbers, addresses: 45 CFR 164.514(b)(2)(i).
    DirectId,
    /// What identifies in combination: dates, places, ages.
    QuasiId,
    /// Findings, codes, measurements.
    Clinical,
    /// Notes and other free text.
    FreeText,
    /// The file's own description: its schema and statistics.
    Footer,
}

/// A key's place. Every wrapped key is bound to instance, key-encryption key and this place, so
/// that a key moved to another row, or put back to another state, does not unwrap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyPlace<'a> {
    /// The dataset; none for the key of the records.
    pub dataset: Option<&'a str>,
    /// The class; none for the data key itself.
    pub class: Option<KeyClass>,
    /// The key's id.
    pub key: &'a str,
    /// Counted from 1 in each dataset and class.
    pub version: u32,
    /// The state it is in.
    pub state: KeyState,
}

impl KeyClass {
    /// All classes, the most sensitive first.
    pub const ALL: [Self; 5] = [
        Self::DirectId,
        Self::QuasiId,
        Self::Clinical,
        Self::FreeText,
        Self::Footer,
    ];

    /// The word that is stored and shown.
    pub const fn word(self) -> &'static str {
        match self {
            Self::DirectId => "direct-id",
            Self::QuasiId => "quasi-id",
            Self::Clinical => "clinical",
            Self::FreeText => "free-text",
            Self::Footer => "footer",
        }
    }
}

impl KeyPlace<'_> {
    /// The text that the wrapped form is bound to. No dataset and no class is called `|`: it is
    /// not in the alphabet of ids.
    pub fn context(&self) -> String {
        format!(
            "key|{}|{}|{}|{}|{}",
            self.dataset.unwrap_or("|"),
            self.class.map_or("|", KeyClass::word),
            self.key,
            self.version,
            self.state
        )
    }
}

impl fmt::Display for KeyClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

impl FromStr for KeyClass {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        let mut all = Self::ALL.into_iter();
        all.find(|class| class.word() == word).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_part_of_a_place_is_in_its_context() {
        let place = KeyPlace {
            dataset: Some("adult"),
            class: Some(KeyClass::Clinical),
            key: "k",
            version: 1,
            state: KeyState::Active,
        };
        let other = [
            KeyPlace {
                dataset: Some("adult2"),
                ..place
            },
            KeyPlace {
                dataset: None,
                ..place
            },
            KeyPlace {
                class: Some(KeyClass::Footer),
                ..place
            },
            KeyPlace {
                class: None,
                ..place
            },
            KeyPlace { key: "l", ..place },
            KeyPlace {
                version: 2,
                ..place
            },
            KeyPlace {
                state: KeyState::Suspended,
                ..place
            },
        ];
        let contexts: BTreeSet<String> = other.iter().map(KeyPlace::context).collect();
        assert_eq!(contexts.len(), other.len());
        assert!(!contexts.contains(&place.context()));
    }
}
