//! What the structured record already knows about a person, to be found again in their notes.

mod distance;
mod find;
mod index;
mod nickname;
mod variants;

use std::fmt;

use domain::Phi;

use crate::label::Label;

/// The identifiers of one person and of those around them, made ready for searching.
///
/// Built from the structured record (a table row, FHIR `Patient` and `RelatedPerson`, `PID`,
/// `NK1`, `GT1`, `recordTarget`) and handed to [`crate::text::TextEngine::scan`] with that
/// person's documents. Every occurrence is found whatever its case and order (`Last, First`),
/// as initials with the surname, under a common nickname, with one wrong letter in words of five
/// or more, and with dates and phone numbers written another way.
///
/// A word of the name that is also everyday language (`will`, `young`) is left alone in lower case
/// unless it stands beside another word of the name.
///
/// The values stay inside [`Phi`]: `Debug` shows counts, never a value.
///
/// ```
/// use cloister_phi::{known::KnownPerson, text::TextEngine};
/// let person = KnownPerson::builder().name("Ada Quillfeather").date("1931-04-05").build();
/// assert!(!format!("{person:?}").contains("uill"));
/// let text = "quilfeather came back on Apr 5th";
/// let findings = TextEngine::new().scan(text, Some(&person));
/// assert_eq!(&text[findings[0].range()], "quilfeather");
/// ```
#[derive(Clone, Default)]
pub struct KnownPerson {
    words: Vec<KnownWord>,
    initials: Vec<Phi<String>>,
    /// `van`, `de la`, `Jr` of a name, which count beside its other words only.
    particles: Vec<Phi<String>>,
    values: Vec<KnownValue>,
    index: index::Index,
}

/// Collects the identifiers of one person; see [`KnownPerson::builder`].
#[derive(Clone, Debug, Default)]
pub struct KnownPersonBuilder {
    person: KnownPerson,
}

/// One word of a name, lower case, without diacritics.
#[derive(Clone, PartialEq, Eq)]
struct KnownWord {
    word: Phi<String>,
    /// A nickname, which must be met exactly.
    is_nickname: bool,
    /// Its letters as a set: see [`letters`].
    letters: u32,
}

/// A number, date or part of an address, reduced to its lower-case letters and digits.
#[derive(Clone, PartialEq, Eq)]
struct KnownValue {
    label: Label,
    bare: Phi<String>,
}

/// Whether a word is another form of a name, both lower case: its nickname, or one slip away.
pub(crate) fn is_form_of(word: &str, name: &str) -> bool {
    nickname::of(word).any(|other| other == name)
        || word.len() >= SLIP_MIN
            && name.len() >= SLIP_MIN
            && distance::is_one_slip(word.as_bytes(), name.as_bytes())
}

/// Shorter words are one slip away from too many others.
const SLIP_MIN: usize = 4;

impl KnownPerson {
    /// Starts with nothing known.
    pub fn builder() -> KnownPersonBuilder {
        KnownPersonBuilder::default()
    }

    /// Whether nothing is known, so that a scan has nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty() && self.values.is_empty()
    }
}

impl KnownPersonBuilder {
    /// The person's own name, in any order: `Ada B. Example`, `Example, Ada`.
    #[must_use]
    pub fn name(mut self, name: &str) -> Self {
        self.person.add_name(name);
        self
    }

    /// The name of a relative, guarantor or household member.
    #[must_use]
    pub fn relative_name(self, name: &str) -> Self {
        self.name(name)
    }

    /// A date of the person: birth, admission, discharge, death. ISO (`1931-04-05`, also
    /// `19310405`) or US order (`4/5/1931`); anything else is looked for as it stands.
    #[must_use]
    pub fn date(mut self, date: &str) -> Self {
        for variant in variants::date(date) {
            self.person.add_value(Label::Date, &variant);
        }
        self
    }

    /// A telephone number in any layout.
    #[must_use]
    pub fn phone(mut self, phone: &str) -> Self {
        for variant in variants::phone(phone) {
            self.person.add_value(Label::Phone, &variant);
        }
        self
    }

    /// A postal address on one line or several, parts separated by commas: number and street are
    /// looked for together, with the kind of street in full or short; town and postal code alone.
    #[must_use]
    pub fn address(mut self, address: &str) -> Self {
        for variant in variants::address(address) {
            self.person.add_value(Label::Geo, &variant);
        }
        self
    }

    /// Any other identifier: record number, account, e-mail, plate. Shorter than three letters or
    /// digits is too little to look for.
    #[must_use]
    pub fn identifier(mut self, label: Label, value: &str) -> Self {
        match label {
            Label::Name => return self.name(value),
            Label::Date => return self.date(value),
            Label::Phone => return self.phone(value),
            Label::Fax => {
                for variant in variants::phone(value) {
                    self.person.add_value(label, &variant);
                }
            }
            Label::Geo => return self.address(value),
            Label::Email | Label::Url => self.person.add_value(label, value),
            _ => {
                for variant in variants::identifier(value) {
                    self.person.add_value(label, &variant);
                }
            }
        }
        self
    }

    /// The person, ready for searching.
    pub fn build(mut self) -> KnownPerson {
        self.person.values.sort_by_key(KnownValue::first);
        self.person.index = index::Index::of(&self.person);
        self.person
    }
}

impl KnownValue {
    /// The byte by which values are sorted.
    fn first(&self) -> u8 {
        self.bare.expose().bytes().next().unwrap_or(0)
    }
}

/// The letters of a word as a set, whatever their case. A slip changes at most two of the bits, and
/// a part of a word has no bit that the word has not.
fn letters(word: &[u8]) -> u32 {
    word.iter().fold(0, |set, byte| set | 1 << (byte & 31))
}

impl KnownPerson {
    fn add_name(&mut self, name: &str) {
        let words: Vec<String> = name
            .split(|letter: char| !letter.is_alphanumeric() && letter != '\'')
            .filter(|word| !word.is_empty())
            .map(variants::plain)
            .collect();
        let initials: String = words
            .iter()
            .filter_map(|word| word.chars().next())
            .collect();
        self.initials.push(Phi::new(initials));
        for word in words.iter().filter(|word| is_affix(word)) {
            self.particles.push(Phi::new(word.clone()));
        }
        for word in variants::umlauts(name) {
            self.add_word(&word, true);
        }
        for word in words
            .iter()
            .filter(|word| word.len() > 1 && !is_affix(word))
        {
            self.add_word(word, false);
            if word.contains('\'') {
                self.add_word(&word.replace('\'', ""), false);
            }
            for nickname in nickname::of(word) {
                self.add_word(nickname, true);
            }
        }
    }

    fn add_word(&mut self, word: &str, is_nickname: bool) {
        let word = KnownWord {
            word: Phi::new(word.to_owned()),
            is_nickname,
            letters: letters(word.as_bytes()),
        };
        if !self.words.contains(&word) {
            self.words.push(word);
        }
    }

    fn add_value(&mut self, label: Label, value: &str) {
        let bare: String = variants::plain(value)
            .chars()
            .filter(|letter| letter.is_alphanumeric())
            .collect();
        let value = KnownValue {
            label,
            bare: Phi::new(bare),
        };
        if value.bare.expose().len() > 2 && !self.values.contains(&value) {
            self.values.push(value);
        }
    }
}

/// Titles, suffixes and particles that stand in name fields and are nobody's name.
fn is_affix(word: &str) -> bool {
    matches!(
        word,
        "mr" | "mrs"
            | "ms"
            | "miss"
            | "dr"
            | "jr"
            | "sr"
            | "ii"
            | "iii"
            | "iv"
            | "md"
            | "rn"
            | "de"
            | "la"
            | "van"
            | "von"
            | "der"
            | "del"
            | "da"
            | "di"
            | "dos"
            | "das"
            | "den"
            | "ter"
            | "ten"
            | "le"
            | "el"
            | "al"
            | "bin"
            | "ibn"
            | "y"
            | "e"
    )
}

impl fmt::Debug for KnownPerson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KnownPerson")
            .field("name_words", &self.words.len())
            .field("values", &self.values.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
