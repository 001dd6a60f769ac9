//! Random codes in place of identifiers, and the table that links them.

mod drawn;
mod entries;
mod inventions;
mod person;
mod pseudonym;
mod stored;
mod uids;

use std::{collections::BTreeMap, fmt};

use domain::{Entropy, Phi};

pub(crate) use drawn::Drawn;
use drawn::Pool;
use entries::Entries;
pub(crate) use inventions::Inventions;
pub(crate) use person::key_with_birth;
pub use pseudonym::Pseudonyms;
use uids::Uids;

use crate::{
    hashed::{HashedMap, HashedSet},
    label::Label,
};

/// Gives every identifier its code: the same one each time it is asked.
pub trait Codebook {
    /// The code of an identifier, such as `MRN-7K3Q9DXM`.
    fn code(&mut self, kind: Label, original: &Phi<String>) -> String;
}

/// The link between identifiers and their codes.
///
/// A code is eight characters of Crockford's base 32, drawn from the entropy source and from
/// nothing else: it is not derived from the person, as 45 CFR 164.514(c)(1) asks. Two values that
/// differ only in case, blanks or punctuation, or names in the order of their words, are one
/// value.
///
/// The crosswalk is as sensitive as the data it came from. It serialises so that it can be stored
/// sealed; `Debug` shows sizes only.
#[derive(Clone, Default)]
pub struct Crosswalk {
    kinds: BTreeMap<Label, Entries>,
    /// The keys of persons; all keys of one person lead to one code.
    persons: Entries,
    issued: HashedSet,
    /// The birth dates of persons, by their codes.
    births: HashedMap<u32>,
    /// The days by which the dates of persons move, by their codes.
    shifts: HashedMap<i16>,
    /// Hashes of the pseudonyms that were computed with a key.
    pseudonyms: HashedSet,
    uids: Uids,
    inventions: Inventions,
    pool: Pool,
    scratch: String,
}

/// A crosswalk at work: it draws new codes from an entropy source.
pub struct Codes<'a> {
    crosswalk: &'a mut Crosswalk,
    entropy: &'a mut dyn Entropy,
}

impl Crosswalk {
    /// An empty crosswalk.
    pub fn new() -> Self {
        Self::default()
    }

    /// The crosswalk with a source for new codes.
    pub fn codes<'a>(&'a mut self, entropy: &'a mut dyn Entropy) -> Codes<'a> {
        Codes {
            crosswalk: self,
            entropy,
        }
    }

    /// How many codes were given out.
    pub fn len(&self) -> usize {
        self.issued.len() + self.uids.len() + self.inventions.len()
    }

    /// Whether no code was given out yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether a text is a code of this crosswalk, with or without its prefix.
    pub fn has_issued(&self, text: &str) -> bool {
        self.issued(text.rsplit('-').next().unwrap_or(text))
            .is_some()
    }

    /// The code that these characters are, if this crosswalk gave it out.
    pub(crate) fn issued(&self, bare: &str) -> Option<Drawn> {
        Drawn::read(bare).filter(|drawn| self.issued.contains(&drawn.number()))
    }

    /// The characters of a value's code.
    pub(crate) fn bare_code(
        &mut self,
        kind: Label,
        original: &str,
        entropy: &mut dyn Entropy,
    ) -> Drawn {
        normalise(kind, original, &mut self.scratch);
        let codes = self.kinds.entry(kind).or_default();
        if let Some(known) = codes.find(&self.scratch) {
            return known;
        }
        let drawn = Drawn::fresh(&mut self.issued, &mut self.pool, entropy);
        codes.add(&self.scratch, drawn);
        drawn
    }

    /// The invented values.
    pub(crate) const fn inventions(&mut self) -> &mut Inventions {
        &mut self.inventions
    }

    /// The UID that stands for a UID: random, under 2.25; one of this crosswalk stays itself.
    pub(crate) fn uid(&mut self, original: &str, entropy: &mut dyn Entropy) -> String {
        self.uids.uid(original, entropy)
    }
}

impl Codes<'_> {
    /// The code of a person, such as `PERSON-7K3Q9DXM`: the same in every table and note.
    pub fn person_code(&mut self, person: &str) -> String {
        format!(
            "{PERSON}-{}",
            self.crosswalk.bare_person_code(person, self.entropy)
        )
    }
}

impl Codebook for Codes<'_> {
    fn code(&mut self, kind: Label, original: &Phi<String>) -> String {
        let code = self
            .crosswalk
            .bare_code(kind, original.expose(), self.entropy);
        format!("{}-{code}", prefix(kind))
    }
}

/// The prefix of a code: the label's word, and `ID` for keys of records, which FHIR allows.
pub(crate) const fn prefix(kind: Label) -> &'static str {
    match kind {
        Label::OtherId => "ID",
        Label::HealthPlan => "PLAN",
        other => other.word(),
    }
}

/// The prefix of a person's code.
pub(crate) const PERSON: &str = "PERSON";

/// Writes the form under which equal identifiers meet.
fn normalise(kind: Label, original: &str, key: &mut String) {
    key.clear();
    match kind {
        Label::Name => return normalise_name(original, key),
        // Keys of records are told apart by case and punctuation.
        Label::OtherId => return key.push_str(original.trim()),
        _ => {}
    }
    for letter in original.chars().filter(|letter| letter.is_alphanumeric()) {
        if letter.is_ascii() {
            key.push(letter.to_ascii_uppercase());
        } else {
            key.extend(letter.to_uppercase());
        }
    }
    if key.is_empty() {
        key.push_str(original.trim());
    }
}

fn normalise_name(original: &str, key: &mut String) {
    let mut words: Vec<&str> = original
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    if words.len() > 1 {
        words.sort_unstable_by_key(|word| word.to_lowercase());
    }
    for word in words {
        if !key.is_empty() {
            key.push(' ');
        }
        key.extend(word.chars().flat_map(char::to_lowercase));
    }
}

impl fmt::Debug for Crosswalk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Crosswalk")
            .field("codes", &self.len())
            .field("persons", &self.persons())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Codes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Codes").field(&self.crosswalk).finish()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    /// A counter that is stirred: enough for tests.
    pub(crate) struct Stirred(pub(crate) u64);

    impl Entropy for Stirred {
        fn fill(&mut self, buffer: &mut [u8]) {
            for byte in buffer {
                self.0 = self
                    .0
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                *byte = (self.0 >> 56) as u8;
            }
        }
    }

    struct Stuck;

    impl Entropy for Stuck {
        fn fill(&mut self, buffer: &mut [u8]) {
            buffer.fill(7);
        }
    }

    fn code(crosswalk: &mut Crosswalk, kind: Label, value: &str) -> String {
        crosswalk
            .codes(&mut Stirred(3))
            .code(kind, &Phi::new(value.to_owned()))
    }

    #[test]
    fn written_forms_of_one_value_share_a_code() {
        let mut book = Crosswalk::new();
        let ssn = code(&mut book, Label::Ssn, "219-09-9999");
        assert_eq!(ssn.len(), "SSN-".len() + 8);
        assert_eq!(code(&mut book, Label::Ssn, "219099999"), ssn);
        let name = code(&mut book, Label::Name, "Ada  Example");
        assert_eq!(code(&mut book, Label::Name, "EXAMPLE, ADA"), name);
        assert_ne!(code(&mut book, Label::Name, "Ada Other"), name);
        assert_eq!(book.len(), 3);
    }

    #[test]
    fn a_source_that_repeats_itself_still_gives_distinct_codes() {
        let mut book = Crosswalk::new();
        let mut stuck = Stuck;
        let mut codes = book.codes(&mut stuck);
        let given: HashSet<_> = (0..50)
            .map(|id| codes.person_code(&id.to_string()))
            .collect();
        assert_eq!(given.len(), 50);
    }

    #[test]
    fn a_crosswalk_reads_back_and_shows_no_value() {
        let mut book = Crosswalk::new();
        let mrn = code(&mut book, Label::Mrn, "A-77");
        let person = book.codes(&mut Stirred(9)).person_code("patient 4");
        let bytes = serde_json::to_vec(&book).unwrap();
        let mut back: Crosswalk = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(serde_json::to_vec(&back).unwrap(), bytes);
        assert_eq!(code(&mut back, Label::Mrn, "a77"), mrn);
        assert_eq!(*back.person_behind(&person).unwrap().expose(), "patient 4");
        assert!(back.has_issued(&mrn) && !back.has_issued("MRN-00000000"));
        assert_eq!(
            format!("{back:?}"),
            "Crosswalk { codes: 2, persons: 1, .. }"
        );
    }

    proptest! {
        #[test]
        fn a_code_tells_nothing_of_its_value(value in "[a-z]{5,12}") {
            let mut one = Crosswalk::new();
            let mut two = Crosswalk::new();
            let first = code(&mut one, Label::Mrn, &value);
            let other = code(&mut two, Label::Mrn, "something else");
            prop_assert_eq!(first, other, "the code depends on the draw alone");
        }
    }
}
