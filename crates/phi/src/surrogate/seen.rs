//! What the input holds, as hashes: no such value is invented.

use super::{bare, pool::Pools};
use crate::hashed::{HashedSet, stable};

/// Hashes of the words of an input that could be invented: names and towns of the pools, and words
/// with digits.
#[derive(Default)]
pub(crate) struct Seen {
    words: HashedSet,
}

impl Seen {
    /// Takes in every word of a text, and every number, in however many groups it is written.
    pub(super) fn see(&mut self, text: &str, pools: &Pools) {
        for word in words(text) {
            if !word.bytes().any(|byte| byte.is_ascii_digit()) {
                self.see_word(word, pools);
            } else if word.len() >= NUMBER_MIN {
                self.words.insert(stable(&bare(word)));
                // `Sunny31` is Sunny.
                self.see_letters(word, pools);
            }
        }
        self.see_joined(text, |letter| {
            letter.is_ascii_digit() || matches!(letter, '-' | '.' | '(' | ')' | ' ' | '+' | '/')
        });
        self.see_joined(text, |letter| letter.is_alphanumeric() || letter == '-');
    }

    /// Takes in what some letters and marks make together.
    fn see_joined(&mut self, text: &str, belongs: impl Fn(char) -> bool) {
        for phrase in text.split(|letter| !belongs(letter)) {
            let phrase = phrase.trim_matches(|mark: char| !mark.is_alphanumeric());
            let digits = phrase.bytes().filter(u8::is_ascii_digit).count();
            let is_joined = phrase.bytes().any(|byte| !byte.is_ascii_alphanumeric());
            if is_joined && (JOINED_MIN..=JOINED_MAX).contains(&digits) {
                self.words.insert(stable(&bare(phrase)));
            }
        }
    }

    fn see_letters(&mut self, word: &str, pools: &Pools) {
        for letters in word.split(|letter: char| !letter.is_alphabetic()) {
            self.see_word(letters, pools);
        }
    }

    fn see_word(&mut self, word: &str, pools: &Pools) {
        if word.len() < 2 || word.len() > WORD_MAX {
            return;
        }
        let folded = super::names::folded(word);
        if pools.has(&folded) {
            self.words.insert(stable(&folded));
        }
    }

    /// Whether the input has a word, as [`folded`](super::names::folded) writes it.
    pub(super) fn has(&self, word: &str) -> bool {
        self.words.contains(&stable(word))
    }

    /// Takes in a number that was found.
    pub(super) fn note_number(&mut self, number: &str) {
        self.words.insert(stable(&bare(number)));
    }

    /// Whether the input has a number, however it is written.
    pub(super) fn has_number(&self, number: &str) -> bool {
        self.has(&bare(number))
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
}

/// Shorter numbers are measurements before they are identifiers.
const NUMBER_MIN: usize = 3;
const JOINED_MIN: usize = 5;
const JOINED_MAX: usize = 24;
const WORD_MAX: usize = 40;
