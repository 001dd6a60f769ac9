//! Persons in the log: references that only the instance can make, one by one or as a set.

use std::{fmt, str::FromStr};

use domain::{Code, Digest, Explain};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::codes;

/// A reference to a person: 16 bytes that only the holder of the instance's key can tell from
/// random ones (`seal::PersonKey`). Prints as 32 hex digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PersonRef(pub [u8; 16]);

impl fmt::Display for PersonRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for PersonRef {
    type Err = PersonSetError;

    fn from_str(text: &str) -> Result<Self, PersonSetError> {
        let small = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if text.len() != 32 || !text.bytes().all(small) {
            return Err(PersonSetError::Reference);
        }
        let number = u128::from_str_radix(text, 16).map_err(|_| PersonSetError::Reference)?;
        Ok(Self(number.to_be_bytes()))
    }
}

impl TryFrom<String> for PersonRef {
    type Error = PersonSetError;

    fn try_from(text: String) -> Result<Self, PersonSetError> {
        text.parse()
    }
}

impl From<PersonRef> for String {
    fn from(person: PersonRef) -> Self {
        person.to_string()
    }
}

/// The persons that an act was about: a sorted list of references that is kept beside the log,
/// under the digest of its bytes. The event carries the digest, so the set cannot be changed
/// unseen.
///
/// Bytes: `cloister-persons/1\n`, then 16 bytes a person, ascending, none twice. References are
/// uniform numbers, so the place of one in the file can be reckoned: a search reads a few of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonSet(Vec<PersonRef>);

/// Why bytes are not a reference or a set of persons.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum PersonSetError {
    /// Not 32 small hex digits.
    #[error("a reference of a person has 32 small hexadecimal digits")]
    Reference,
    /// Not the bytes of a set.
    #[error("these bytes are not a set of persons")]
    Format,
}

impl PersonSet {
    /// The first bytes of every set.
    pub const HEADER: &'static [u8] = b"cloister-persons/1\n";
    /// Bytes of one person in it.
    pub const WIDTH: usize = 16;

    /// A set of these persons, in any order, with repetitions.
    pub fn of(persons: impl IntoIterator<Item = PersonRef>) -> Self {
        let mut persons: Vec<PersonRef> = persons.into_iter().collect();
        persons.sort_unstable();
        persons.dedup();
        Self(persons)
    }

    /// How many persons.
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The persons, ascending.
    pub fn persons(&self) -> &[PersonRef] {
        &self.0
    }

    /// Whether a person is in it.
    pub fn contains(&self, person: &PersonRef) -> bool {
        self.0.binary_search(person).is_ok()
    }

    /// The bytes of the set.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Self::HEADER.to_vec();
        bytes.extend(self.0.iter().flat_map(|person| person.0));
        bytes
    }

    /// SHA-256 of its bytes: what the event carries.
    pub fn digest(&self) -> Digest {
        seal::digest(&self.encode())
    }

    /// Reads the bytes of a set; refuses every other order.
    pub fn decode(bytes: &[u8]) -> Result<Self, PersonSetError> {
        let body = bytes
            .strip_prefix(Self::HEADER)
            .ok_or(PersonSetError::Format)?;
        let (persons, rest) = body.as_chunks::<16>();
        let persons: Vec<PersonRef> = persons.iter().copied().map(PersonRef).collect();
        if rest.is_empty() && persons.is_sorted_by(|one, next| one < next) {
            Ok(Self(persons))
        } else {
            Err(PersonSetError::Format)
        }
    }
}

impl Explain for PersonSetError {
    fn code(&self) -> Code {
        codes::PERSONS
    }

    fn help(&self) -> String {
        "restore the log's folder from a backup; the event names the set by its digest".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_set_has_one_form(persons: Vec<[u8; 16]>, bytes: Vec<u8>) {
            let set = PersonSet::of(persons.iter().copied().map(PersonRef));
            prop_assert!(persons.iter().all(|person| set.contains(&PersonRef(*person))));
            prop_assert_eq!(PersonSet::decode(&set.encode()), Ok(set));
            if let Ok(set) = PersonSet::decode(&bytes) {
                prop_assert_eq!(set.encode(), bytes);
            }
        }
    }

    #[test]
    fn a_reference_prints_and_parses_back() {
        let person = PersonRef([0xab; 16]);
        assert_eq!(person.to_string().parse(), Ok(person));
        for refused in ["", "AB", &"AB".repeat(16), &"+a".repeat(16)] {
            assert!(refused.parse::<PersonRef>().is_err(), "{refused}");
        }
    }
}
