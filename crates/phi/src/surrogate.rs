//! Invented values in place of real ones: of the same kind and form, and nobody's.
//!
//! Every invented value is drawn at random and kept in the crosswalk; nothing of it is computed
//! from the value it stands for, as 45 CFR 164.514(c)(1) asks. What is known of the value decides
//! only from which pool is drawn: part of a name, culture and gender as far as lists of names tell
//! them, length, letters and digits.
//!
//! | what | becomes |
//! |---|---|
//! | names | names word by word, in the order and case of the original; initials follow their words |
//! | telephones | numbers 555-0100 to 555-0199, which are set aside for fiction (NANPA); others with a 0 where none begins |
//! | social security numbers | areas 900 to 999 with groups 01 to 49, which were never issued |
//! | other numbers | letters and digits of the same shape whose check digits fail |
//! | e-mail and web addresses | example.com, example.org, example.net (RFC 2606) |
//! | internet addresses | the ranges for documentation (RFC 5737, RFC 3849, RFC 7042) |
//! | places, facilities, employers | towns that do not exist; kinds of streets and houses stay |
//!
//! Dates and ages are not invented: a false day is not distinguishable from a true one.

mod internet;
mod names;
mod numbers;
mod places;
mod pool;
mod seen;

use domain::Entropy;
use serde::{Deserialize, Serialize};

pub(crate) use names::{Part, Whose};
use pool::Pools;
pub(crate) use seen::Seen;

use crate::{crosswalk::Inventions, label::Label, text::TextEngine};

/// What stands in place of an identifier whose kind the plan writes as a code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Surrogates {
    /// Codes in tables, tags such as `[NAME-7K3Q9DXM]` in text: everybody sees what was taken out.
    #[default]
    Tags,
    /// Invented values of the same kind and form: what the engine missed is hidden among them.
    Realistic,
}

impl Surrogates {
    /// The word of plans and of the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Tags => "tags",
            Self::Realistic => "realistic",
        }
    }

    /// The surrogates of a word; nothing if there are none.
    ///
    /// ```
    /// use cloister_phi::surrogate::Surrogates;
    /// assert_eq!(Surrogates::named("realistic"), Some(Surrogates::Realistic));
    /// assert_eq!(Surrogates::named("fake"), None);
    /// ```
    pub fn named(word: &str) -> Option<Self> {
        [Self::Tags, Self::Realistic]
            .into_iter()
            .find(|known| known.word() == word)
    }

    /// What it means, for the comparison of plans.
    pub(crate) const fn meaning(self) -> &'static str {
        match self {
            Self::Tags => "codes and tags",
            Self::Realistic => "invented values of the same form",
        }
    }
}

/// The pools of a run, and what its input holds.
pub(crate) struct Inventor {
    pools: Pools,
    seen: Seen,
}

impl Inventor {
    pub(crate) fn new() -> Self {
        Self {
            pools: Pools::new(),
            seen: Seen::default(),
        }
    }

    /// Takes note of what a text holds: no value of it is invented from now on.
    pub(crate) fn see(&mut self, text: &str) {
        self.seen.see(text, &self.pools);
    }

    /// The inventor at work.
    pub(crate) fn at_work<'w>(
        &'w mut self,
        book: &'w mut Inventions,
        entropy: &'w mut dyn Entropy,
        engine: &'w TextEngine,
    ) -> Workshop<'w> {
        Workshop {
            pools: &self.pools,
            seen: &mut self.seen,
            book,
            entropy,
            engine,
        }
    }
}

/// Everything that inventing takes.
pub(crate) struct Workshop<'w> {
    pools: &'w Pools,
    seen: &'w mut Seen,
    book: &'w mut Inventions,
    entropy: &'w mut dyn Entropy,
    engine: &'w TextEngine,
}

impl Workshop<'_> {
    /// An invented value for a found one; nothing where only a tag or code will do.
    pub(crate) fn invent(
        &mut self,
        label: Label,
        found: &str,
        whose: Option<&Whose<'_>>,
        part: Part,
    ) -> Option<String> {
        match label {
            Label::Name => self.name(found, whose, part),
            Label::Geo | Label::Employer => self.place(label, found),
            Label::Email => self.email(found, whose),
            Label::Url => self.url(found),
            Label::Ip => self.internet_address(found),
            Label::Phone | Label::Fax => self.phone(label, found),
            Label::Date | Label::Age | Label::Photo | Label::Biometric => None,
            _ => self.number(label, found),
        }
    }

    /// The invented value of a key, drawn until one is free: not given out, not an original, and
    /// nowhere in the input.
    fn kept_or_drawn(
        &mut self,
        label: Label,
        key: &str,
        original: &str,
        mut draw: impl FnMut(&mut Self) -> String,
    ) -> Option<String> {
        if let Some(known) = self.book.find(label, key) {
            return Some(known.to_owned());
        }
        self.seen.note_number(original);
        for _ in 0..DRAWS {
            let drawn = draw(self);
            if drawn == key {
                continue;
            }
            if !self.book.is_taken(label, &drawn) && !self.seen.has_number(&drawn) {
                self.book.add(label, key, &drawn);
                return Some(drawn);
            }
        }
        None
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.entropy.below(bound as u64)).unwrap_or(0)
    }

    fn digit(&mut self, least: u8) -> char {
        let span = 10 - u64::from(least.min(9));
        let drawn = u8::try_from(self.entropy.below(span)).unwrap_or(0);
        char::from(b'0' + least + drawn)
    }

    fn pick<'l, T: ?Sized>(&mut self, list: &[&'l T]) -> Option<&'l T> {
        let place = self.below(list.len());
        list.get(place).copied()
    }
}

/// More draws than this that hit what is taken mean that the pool is spent.
const DRAWS: usize = 64;

/// Writes letters and digits over those of a value, whose punctuation and case stay.
fn over(original: &str, letters: &str) -> String {
    let mut fresh = letters.chars();
    original
        .chars()
        .map(|old| match old {
            old if !old.is_alphanumeric() => old,
            old if old.is_lowercase() => fresh.next().map_or('x', |new| new.to_ascii_lowercase()),
            _ => fresh.next().unwrap_or('0'),
        })
        .collect()
}

/// The letters and digits of a value, upper case: the form under which equal numbers meet.
fn bare(value: &str) -> String {
    value
        .chars()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_uppercase)
        .collect()
}

impl std::fmt::Debug for Inventor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inventor").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
