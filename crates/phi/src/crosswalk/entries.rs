//! Values with their codes, packed.

use std::hash::{DefaultHasher, Hasher};

use super::Drawn;
use crate::hashed::HashedMap;

/// Values and their codes in the order they came: all values in one string, found by hash, so that
/// a million of them cost neither a million allocations nor a rehash of their letters.
#[derive(Clone, Default)]
pub(super) struct Entries {
    letters: String,
    pairs: Vec<Entry>,
    /// Hash to place; a hash that is taken by another value moves on by one.
    places: HashedMap<u32>,
}

#[derive(Clone, Copy)]
struct Entry {
    start: usize,
    end: usize,
    drawn: Drawn,
}

impl Entries {
    /// The code of a value.
    pub(super) fn find(&self, value: &str) -> Option<Drawn> {
        let mut hash = hash(value);
        while let Some(place) = self.places.get(&hash) {
            let entry = self.pairs.get(*place as usize)?;
            if self.letters.get(entry.start..entry.end) == Some(value) {
                return Some(entry.drawn);
            }
            hash = hash.wrapping_add(1);
        }
        None
    }

    /// Adds a value that is not there yet.
    pub(super) fn add(&mut self, value: &str, drawn: Drawn) {
        let mut hash = hash(value);
        while self.places.contains_key(&hash) {
            hash = hash.wrapping_add(1);
        }
        // More than four thousand million values do not fit into the memory that holds them.
        let Ok(place) = u32::try_from(self.pairs.len()) else {
            return;
        };
        self.places.insert(hash, place);
        let start = self.letters.len();
        self.letters.push_str(value);
        self.pairs.push(Entry {
            start,
            end: self.letters.len(),
            drawn,
        });
    }

    /// Gives a value that is there another code.
    pub(super) fn rebind(&mut self, value: &str, drawn: Drawn) {
        let mut hash = hash(value);
        while let Some(place) = self.places.get(&hash) {
            let (letters, entry) = (&self.letters, self.pairs.get_mut(*place as usize));
            match entry {
                Some(entry) if letters.get(entry.start..entry.end) == Some(value) => {
                    entry.drawn = drawn;
                    return;
                }
                _ => hash = hash.wrapping_add(1),
            }
        }
    }

    /// Values with their codes, in the order they came.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, Drawn)> {
        self.pairs
            .iter()
            .filter_map(|entry| Some((self.letters.get(entry.start..entry.end)?, entry.drawn)))
    }
}

impl FromIterator<(Box<str>, Drawn)> for Entries {
    fn from_iter<I: IntoIterator<Item = (Box<str>, Drawn)>>(pairs: I) -> Self {
        let mut entries = Self::default();
        for (value, drawn) in pairs {
            entries.add(&value, drawn);
        }
        entries
    }
}

fn hash(value: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(value.as_bytes());
    hasher.finish()
}
