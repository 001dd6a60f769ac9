//! One person under all their keys, in every format and in every run.

use super::{Individual, People, Person};
use crate::{
    crosswalk::key_with_birth,
    dates::{self, DateParts},
    rewrite::{Rewriter, Subject},
};

impl People {
    /// The person behind any of the keys; the first one known decides, the others are theirs from
    /// now on unless they are somebody else's. Nothing if all keys are blank.
    ///
    /// A key whose person was born on another day leads to nobody: two persons of two hospitals
    /// with one number stay two persons.
    pub(crate) fn known_by(
        &mut self,
        keys: &[&str],
        birth_date: Option<&str>,
        rewriter: &mut Rewriter<'_>,
    ) -> Option<Individual> {
        let keys: Vec<&str> = keys
            .iter()
            .map(|key| key.trim())
            .filter(|key| !key.is_empty())
            .collect();
        let birth = birth_date.and_then(dates::parse);
        let person = match self.first_known(&keys, birth, rewriter) {
            Some(person) => person,
            None => self.newcomer(keys.first()?, birth_date, rewriter)?,
        };
        self.adopt(person, &keys, birth, rewriter);
        Some(person)
    }

    /// The person of a row of a table. Two values of the person column are two persons, whatever
    /// else their rows share: their other numbers are theirs only where nobody else has them.
    pub(super) fn of_row(
        &mut self,
        key: &str,
        others: &[&str],
        birth_date: Option<&str>,
        rewriter: &mut Rewriter<'_>,
    ) -> Option<Individual> {
        let key = key.trim();
        let birth = birth_date.and_then(dates::parse);
        let own = self
            .keys
            .get(key)
            .copied()
            .filter(|person| self.may_be_row(*person, key));
        let linked = || {
            let mut keys = vec![key];
            keys.extend(others.iter().filter(|other| other.len() >= LINKING_MIN));
            keys
        };
        let known = own.or_else(|| {
            self.first_known(&linked(), birth, rewriter)
                .filter(|person| self.may_be_row(*person, key))
        });
        let person = match known {
            Some(person) => person,
            None => self.newcomer(key, birth_date, rewriter)?,
        };
        if let Some(known) = self.persons.get_mut(person.place())
            && known.row_key.is_none()
        {
            known.row_key = Some(key.into());
            self.keys.insert(key.into(), person);
            self.adopt(person, &linked(), birth, rewriter);
        }
        Some(person)
    }

    /// Whether no other value of a person column leads to the person.
    fn may_be_row(&self, person: Individual, key: &str) -> bool {
        self.persons
            .get(person.place())
            .and_then(|person| person.row_key.as_deref())
            .is_none_or(|known| known == key)
    }

    fn first_known(
        &mut self,
        keys: &[&str],
        birth: Option<DateParts>,
        rewriter: &mut Rewriter<'_>,
    ) -> Option<Individual> {
        for key in keys {
            if let Some(person) = self.keys.get(*key).copied() {
                let code = self.code(person, rewriter);
                if !rewriter.crosswalk().is_born_otherwise(code, birth) {
                    return Some(person);
                }
            } else if let Some(code) = rewriter.crosswalk().person_with(key)
                && !rewriter.crosswalk().is_born_otherwise(code, birth)
            {
                return match self.codes.get(&code) {
                    Some(person) => Some(*person),
                    None => self.enter(key, key, rewriter),
                };
            }
        }
        None
    }

    /// Somebody of whom no key is known, or only keys of persons born on other days.
    fn newcomer(
        &mut self,
        key: &str,
        birth_date: Option<&str>,
        rewriter: &mut Rewriter<'_>,
    ) -> Option<Individual> {
        let taken = self.keys.contains_key(key) || rewriter.crosswalk().person_with(key).is_some();
        if !taken {
            return self.enter(key, key, rewriter);
        }
        let own_key = birth_date
            .and_then(|birth_date| key_with_birth(key, birth_date))
            .unwrap_or_else(|| format!("{key}\u{1f}row"));
        if let Some(person) = self.keys.get(own_key.as_str()) {
            return Some(*person);
        }
        self.kept_apart += 1;
        let person = self.enter(&own_key, key, rewriter)?;
        self.keys.insert(own_key.into(), person);
        Some(person)
    }

    /// Adds a person under the key that the crosswalk has, called by another in this run unless
    /// that is taken.
    fn enter(
        &mut self,
        crosswalk_key: &str,
        key: &str,
        rewriter: &mut Rewriter<'_>,
    ) -> Option<Individual> {
        let person = Individual(u32::try_from(self.persons.len()).ok()?);
        let code = rewriter.bare_person_code(crosswalk_key);
        self.persons.push(Person {
            subject: Subject {
                id: crosswalk_key.to_owned(),
                ..Subject::default()
            },
            code: Some(code),
            ..Person::default()
        });
        self.codes.entry(code).or_insert(person);
        if !self.keys.contains_key(key) {
            self.keys.insert(key.into(), person);
        }
        Some(person)
    }

    fn adopt(
        &mut self,
        person: Individual,
        keys: &[&str],
        birth: Option<DateParts>,
        rewriter: &mut Rewriter<'_>,
    ) {
        let code = self.code(person, rewriter);
        rewriter.crosswalk().note_birth(code, birth);
        for key in keys {
            if !self.keys.contains_key(*key) {
                self.keys.insert((*key).into(), person);
            }
            if !rewriter.is_own_code(key) {
                rewriter.crosswalk().name_person(key, code);
            }
        }
    }
}

/// A record number shorter than this is too common to link a row to a person of another table.
const LINKING_MIN: usize = 5;
