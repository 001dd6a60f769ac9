//! Invented values and what they stand for.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    hashed::{HashedSet, stable},
    label::Label,
};

/// The invented values of a crosswalk: see [`crate::surrogate`].
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Inventions {
    /// Whole values by label.
    values: BTreeMap<Label, BTreeMap<Box<str>, Box<str>>>,
    /// Words of names by the code of their person; 0 is nobody in particular.
    names: BTreeMap<u64, BTreeMap<Box<str>, Box<str>>>,
    /// Hashes of what is invented and of what it stands for, by label.
    #[serde(skip)]
    taken: HashedSet,
    /// Hashes of the words of names: those given, and those they stand for.
    #[serde(skip)]
    given_names: HashedSet,
    #[serde(skip)]
    own_names: HashedSet,
}

impl Inventions {
    /// The same after reading, ready for use.
    pub(super) fn ready(mut self) -> Self {
        for (label, pairs) in &self.values {
            for (key, value) in pairs {
                self.taken.insert(hash(*label, key));
                self.taken.insert(hash(*label, value));
            }
        }
        for (key, name) in self.names.values().flatten() {
            self.own_names.insert(stable(key));
            self.given_names.insert(stable(name));
        }
        self
    }

    pub(super) fn is_empty(&self) -> bool {
        self.values.is_empty() && self.names.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        let values = self.values.values().map(BTreeMap::len);
        values.chain(self.names.values().map(BTreeMap::len)).sum()
    }

    /// What stands for a value.
    pub(crate) fn find(&self, label: Label, key: &str) -> Option<&str> {
        Some(self.values.get(&label)?.get(key)?)
    }

    /// Whether a value stands for another one already, or is one that another stands for.
    pub(crate) fn is_taken(&self, label: Label, value: &str) -> bool {
        self.taken.contains(&hash(label, value))
    }

    pub(crate) fn add(&mut self, label: Label, key: &str, value: &str) {
        self.taken.insert(hash(label, key));
        self.taken.insert(hash(label, value));
        let pairs = self.values.entry(label).or_default();
        pairs.insert(key.into(), value.into());
    }

    /// What stands for a word of a name of a person.
    pub(crate) fn name(&self, person: u64, word: &str) -> Option<&str> {
        Some(self.names.get(&person)?.get(word)?)
    }

    /// Whether anybody was given a name.
    pub(crate) fn is_name_given(&self, name: &str) -> bool {
        self.given_names.contains(&stable(name))
    }

    /// Whether this person was given a name.
    pub(crate) fn has_name(&self, person: u64, name: &str) -> bool {
        self.is_name_given(name)
            && self
                .names
                .get(&person)
                .is_some_and(|names| names.values().any(|given| given.as_ref() == name))
    }

    /// Whether somebody is really called so.
    pub(crate) fn is_original(&self, name: &str) -> bool {
        self.own_names.contains(&stable(name))
    }

    /// Takes note that somebody is really called so.
    pub(crate) fn note_original(&mut self, name: &str) {
        self.own_names.insert(stable(name));
    }

    pub(crate) fn add_name(&mut self, person: u64, word: &str, name: &str) {
        self.own_names.insert(stable(word));
        self.given_names.insert(stable(name));
        let names = self.names.entry(person).or_default();
        names.insert(word.into(), name.into());
    }
}

fn hash(label: Label, value: &str) -> u64 {
    stable(value).rotate_left(7) ^ stable(label.word())
}
