use std::collections::BTreeSet;

use domain::Identifier;

use crate::{Family, Role, TruthSpan, draw::Draw};

/// What makes a piece of text identifying.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    pub(crate) category: Identifier,
    pub(crate) kind: &'static str,
    pub(crate) of: Role,
    pub(crate) rare: bool,
}

/// Text under construction, with the truth about it.
#[derive(Debug)]
pub(crate) struct Writer<'a> {
    pub(crate) draw: &'a mut Draw,
    text: String,
    truth: Vec<TruthSpan>,
    capitals: bool,
    careless: bool,
    used: BTreeSet<&'static str>,
}

impl<'a> Writer<'a> {
    /// One note in twenty is written in capitals throughout, a fifth of all by a careless typist;
    /// desks type worse than wards.
    pub(crate) fn new(draw: &'a mut Draw, family: Family) -> Self {
        let careless = draw.chance(if family == Family::Desk { 0.5 } else { 0.15 });
        let capitals = draw.chance(0.05);
        Self {
            draw,
            text: String::new(),
            truth: Vec::new(),
            capitals,
            careless,
            used: BTreeSet::new(),
        }
    }

    /// Adds text that identifies nobody.
    pub(crate) fn literal(&mut self, text: &str) {
        if !self.careless {
            return self.append(text);
        }
        for piece in text.split_inclusive(' ') {
            if self.draw.below(90) == 0 {
                let swapped = swap(self.draw, piece);
                self.append(&swapped);
            } else {
                self.append(piece);
            }
        }
    }

    /// Adds a computed word that identifies nobody and is never misspelt.
    pub(crate) fn plain(&mut self, text: &str) {
        self.append(text);
    }

    /// Adds an identifying piece and remembers where it stands.
    pub(crate) fn marked(&mut self, text: &str, mark: Mark) {
        let start = self.text.len();
        self.append(text);
        self.truth.push(TruthSpan {
            start,
            end: self.text.len(),
            category: mark.category,
            kind: mark.kind,
            of: mark.of,
            rare: mark.rare,
        });
    }

    /// A phrase of the pool that this note does not have yet, if there is one.
    pub(crate) fn phrase(&mut self, pool: &[&'static str]) -> &'static str {
        if pool.is_empty() {
            return "";
        }
        let mut phrase = self.draw.pick(pool);
        for _ in 0..8 {
            if self.used.insert(phrase) {
                break;
            }
            phrase = self.draw.pick(pool);
        }
        phrase
    }

    pub(crate) fn finish(self) -> (String, Vec<TruthSpan>) {
        (self.text, self.truth)
    }

    fn append(&mut self, text: &str) {
        if self.capitals {
            self.text.push_str(&text.to_uppercase());
        } else {
            self.text.push_str(text);
        }
    }
}

/// The same text with two neighbouring letters in the wrong order; short words stay as they are.
pub(crate) fn swap(draw: &mut Draw, text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let alphabetic = letters
        .iter()
        .filter(|letter| letter.is_alphabetic())
        .count();
    if alphabetic >= 4 {
        let at = 1 + draw.below(alphabetic as u32 - 2) as usize;
        if letters
            .iter()
            .take(at + 2)
            .all(|letter| letter.is_alphabetic())
        {
            letters.swap(at, at + 1);
        }
    }
    letters.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_swapped_word_keeps_its_letters_and_short_ones_stay() {
        let mut draw = Draw::new(5, 5);
        for word in ["troponin ", "Rosenkrantzer", "of ", "4.2 L", "Ünal-Öz"] {
            let swapped = swap(&mut draw, word);
            let sorted = |text: &str| {
                let mut letters: Vec<char> = text.chars().collect();
                letters.sort_unstable();
                letters
            };
            assert_eq!(sorted(&swapped), sorted(word));
        }
        assert_eq!(swap(&mut draw, "of "), "of ");
    }
}
