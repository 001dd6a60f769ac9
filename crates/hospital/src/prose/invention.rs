use std::collections::BTreeMap;

use crate::draw::Draw;

/// How the words of a list are spelled: which letter follows three others, and how often.
/// It invents words that look like the list's and are mostly not in it.
#[derive(Debug, Default)]
pub(super) struct Invention(BTreeMap<[char; 3], Vec<char>>);

impl Invention {
    pub(super) fn learn(words: &[&str]) -> Self {
        let mut next: BTreeMap<[char; 3], Vec<char>> = BTreeMap::new();
        for word in words {
            let mut state = ['^'; 3];
            for letter in word.chars().chain(['$']) {
                next.entry(state).or_default().push(letter);
                state = [state[1], state[2], letter];
            }
        }
        Self(next)
    }

    /// A word of three to twelve letters in lower case.
    pub(super) fn invent(&self, draw: &mut Draw) -> String {
        for _ in 0..20 {
            let word = self.one(draw);
            if (3..=12).contains(&word.chars().count()) {
                return word;
            }
        }
        "oridane".to_owned()
    }

    fn one(&self, draw: &mut Draw) -> String {
        let mut word = String::new();
        let mut state = ['^'; 3];
        while let Some(letters) = self.0.get(&state) {
            let letter = draw.pick(letters);
            if letter == '$' || word.len() > 40 {
                break;
            }
            word.push(letter);
            state = [state[1], state[2], letter];
        }
        word
    }
}
