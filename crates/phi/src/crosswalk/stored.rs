//! The sealed form: sorted, so that the same crosswalk gives the same bytes.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Crosswalk, Drawn, Inventions, drawn::Pool, entries::Entries, uids::Uids};
use crate::label::Label;

/// Version 1 ends with `kinds`; version 2 adds what follows.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    version: u32,
    persons: BTreeMap<Box<str>, Drawn>,
    kinds: BTreeMap<Label, BTreeMap<Box<str>, Drawn>>,
    #[serde(default)]
    births: BTreeMap<u64, u32>,
    #[serde(default)]
    shifts: BTreeMap<u64, i16>,
    #[serde(default)]
    pseudonyms: BTreeSet<u64>,
    /// Unique identifiers of documents; left out where there are none.
    #[serde(default, skip_serializing_if = "Uids::is_empty")]
    uids: Uids,
    /// Invented values; left out where there are none.
    #[serde(default, skip_serializing_if = "Inventions::is_empty")]
    inventions: Inventions,
}

const VERSION: u32 = 2;

impl Serialize for Crosswalk {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let sorted = |codes: &Entries| {
            codes
                .iter()
                .map(|(key, drawn)| (key.into(), drawn))
                .collect()
        };
        Stored {
            version: VERSION,
            persons: sorted(&self.persons),
            kinds: self
                .kinds
                .iter()
                .map(|(kind, codes)| (*kind, sorted(codes)))
                .collect(),
            births: self
                .births
                .iter()
                .map(|(code, birth)| (*code, *birth))
                .collect(),
            shifts: self
                .shifts
                .iter()
                .map(|(code, days)| (*code, *days))
                .collect(),
            pseudonyms: self.pseudonyms.iter().copied().collect(),
            uids: self.uids.clone(),
            inventions: self.inventions.clone(),
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Crosswalk {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let stored = Stored::deserialize(deserializer)?;
        if !(1..=VERSION).contains(&stored.version) {
            return Err(serde::de::Error::custom(
                "the crosswalk is of an unknown version",
            ));
        }
        let issued = stored
            .persons
            .values()
            .chain(stored.kinds.values().flat_map(BTreeMap::values))
            .map(|drawn| drawn.number())
            .collect();
        Ok(Self {
            persons: stored.persons.into_iter().collect(),
            kinds: stored
                .kinds
                .into_iter()
                .map(|(kind, codes)| (kind, codes.into_iter().collect()))
                .collect(),
            issued,
            births: stored.births.into_iter().collect(),
            shifts: stored.shifts.into_iter().collect(),
            pseudonyms: stored.pseudonyms.into_iter().collect(),
            uids: stored.uids,
            inventions: stored.inventions.ready(),
            pool: Pool::default(),
            scratch: String::new(),
        })
    }
}
