//! New unique identifiers for those of a source.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::Entropy;
use serde::{Deserialize, Serialize};

/// UIDs of a source and the random UUIDs that stand for them.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(
    from = "BTreeMap<Box<str>, String>",
    into = "BTreeMap<Box<str>, String>"
)]
pub(super) struct Uids {
    given: HashMap<Box<str>, u128>,
    issued: HashSet<u128>,
}

impl Uids {
    pub(super) fn is_empty(&self) -> bool {
        self.given.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.given.len()
    }

    /// The UID that stands for another; one that was given out here stays itself.
    ///
    /// `2.25.` and a UUID of version 4 as a decimal number: at most 44 characters (PS3.5 annex
    /// B.2, RFC 9562). Random, never derived from the UID it stands for.
    pub(super) fn uid(&mut self, original: &str, entropy: &mut dyn Entropy) -> String {
        if read(original).is_some_and(|number| self.issued.contains(&number)) {
            return original.to_owned();
        }
        if let Some(number) = self.given.get(original) {
            return write(*number);
        }
        let number = self.fresh(entropy);
        self.given.insert(original.into(), number);
        self.issued.insert(number);
        write(number)
    }

    /// A source of entropy that repeats itself is met by counting on from its last draw.
    fn fresh(&self, entropy: &mut dyn Entropy) -> u128 {
        let mut bytes = [0; 16];
        entropy.fill(&mut bytes);
        let mut drawn = u128::from_le_bytes(bytes);
        loop {
            let number = drawn & !(0xf << 76) & !(0b11 << 62) | 4 << 76 | 0b10 << 62;
            if !self.issued.contains(&number) {
                return number;
            }
            drawn = drawn.wrapping_add(1);
        }
    }
}

const ROOT: &str = "2.25.";

fn write(number: u128) -> String {
    format!("{ROOT}{number}")
}

fn read(uid: &str) -> Option<u128> {
    uid.strip_prefix(ROOT)?.parse().ok()
}

impl From<BTreeMap<Box<str>, String>> for Uids {
    fn from(stored: BTreeMap<Box<str>, String>) -> Self {
        let given: HashMap<_, _> = stored
            .into_iter()
            .filter_map(|(original, uid)| Some((original, read(&uid)?)))
            .collect();
        let issued = given.values().copied().collect();
        Self { given, issued }
    }
}

impl From<Uids> for BTreeMap<Box<str>, String> {
    fn from(uids: Uids) -> Self {
        uids.given
            .into_iter()
            .map(|(original, number)| (original, write(number)))
            .collect()
    }
}
