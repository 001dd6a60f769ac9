//! Persons in the crosswalk: their keys, birth dates and days of moving.

use std::collections::BTreeSet;

use domain::{Entropy, Phi};

use super::{Crosswalk, Drawn};
use crate::dates::{self, DateParts};

impl Crosswalk {
    /// How many persons have a code.
    pub fn persons(&self) -> usize {
        let of_today = self
            .persons
            .iter()
            .filter(|(key, _)| !key.ends_with(FORMER));
        let codes: BTreeSet<Drawn> = of_today.map(|(_, code)| code).collect();
        codes.len()
    }

    /// The person a code stands for, by the first of their keys: the re-identification that
    /// 45 CFR 164.514(c) allows the covered entity. Give the eight characters, or the whole code.
    /// The caller keeps the record of who asked.
    pub fn person_behind(&self, code: &str) -> Option<Phi<&str>> {
        self.keys_behind(code).next()
    }

    /// Every key under which the person behind a code is known.
    pub fn keys_behind(&self, code: &str) -> impl Iterator<Item = Phi<&str>> {
        let drawn = Drawn::read(code.rsplit('-').next().unwrap_or(code));
        self.persons
            .iter()
            .filter(move |(_, given)| Some(*given) == drawn)
            .map(|(person, _)| Phi::new(person.strip_suffix(FORMER).unwrap_or(person)))
    }

    /// The characters of a person's code.
    pub(crate) fn bare_person_code(&mut self, person: &str, entropy: &mut dyn Entropy) -> Drawn {
        let person = person.trim();
        if let Some(known) = self.persons.find(person) {
            return known;
        }
        let drawn = Drawn::fresh(&mut self.issued, &mut self.pool, entropy);
        self.persons.add(person, drawn);
        drawn
    }

    /// The code behind a key, if it is known.
    pub(crate) fn person_with(&self, key: &str) -> Option<Drawn> {
        self.persons.find(key.trim())
    }

    /// Lets a key lead to a person; false if it leads to somebody else already.
    pub(crate) fn name_person(&mut self, key: &str, code: Drawn) -> bool {
        if let Some(known) = self.persons.find(key) {
            return known == code;
        }
        self.persons.add(key, code);
        true
    }

    /// Lets a key lead to another person, since two records turned out to be of one. The code
    /// that it led to may stand in earlier output and keeps leading back to the key.
    pub(crate) fn merge_person(&mut self, key: &str, code: Drawn) {
        match self.persons.find(key) {
            Some(former) if former != code => {
                self.persons.rebind(key, code);
                self.persons.add(&format!("{key}{FORMER}"), former);
            }
            Some(_) => {}
            None => self.persons.add(key, code),
        }
    }

    /// Whether a birth date speaks against this being the person: both are known to the day and
    /// they differ.
    pub(crate) fn is_born_otherwise(&self, code: Drawn, birth_date: Option<DateParts>) -> bool {
        let known = self.births.get(&code.number()).copied();
        matches!((known, birth_date.and_then(packed)), (Some(known), Some(other)) if known != other)
    }

    /// Notes the birth date of a person; the first one stays.
    pub(crate) fn note_birth(&mut self, code: Drawn, birth_date: Option<DateParts>) {
        if let Some(birth) = birth_date.and_then(packed) {
            self.births.entry(code.number()).or_insert(birth);
        }
    }

    /// The days by which the dates of a person move: drawn once, evenly from one to `days_max`
    /// in either direction, and the same in every later run.
    pub(crate) fn shift_of(
        &mut self,
        code: Drawn,
        days_max: u16,
        entropy: &mut dyn Entropy,
    ) -> i32 {
        let days = *self.shifts.entry(code.number()).or_insert_with(|| {
            let days_max = days_max.clamp(1, SHIFT_MAX);
            let draw = entropy.below(2 * u64::from(days_max));
            let days = i16::try_from(draw % u64::from(days_max)).unwrap_or(0) + 1;
            if draw >= u64::from(days_max) {
                -days
            } else {
                days
            }
        });
        i32::from(days)
    }
}

/// The end of a key that led to another person once.
const FORMER: &str = "\u{1f}former";

/// Ten years either way: more would make other lives of them.
const SHIFT_MAX: u16 = 3_650;

/// A date to the day as one number, `19800307`.
fn packed(date: DateParts) -> Option<u32> {
    let year = u32::try_from(date.year).ok()?;
    Some(year * 10_000 + u32::from(date.month?) * 100 + u32::from(date.day?))
}

/// The key under which a person is kept whose own key belongs to somebody born on another day.
pub(crate) fn key_with_birth(key: &str, birth_date: &str) -> Option<String> {
    let birth = dates::parse(birth_date).and_then(packed)?;
    Some(format!("{key}\u{1f}{birth}"))
}
