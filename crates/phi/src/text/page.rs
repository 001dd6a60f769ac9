//! A tokenised stretch of text as the rules see it.

use crate::{
    dictionary::{Dictionary, class::Class, hash},
    finding::Finding,
    label::Label,
};

use super::token::{Gap, Kind, Token};

/// A text, its tokens and the dictionary; looking beyond either end finds [`Token::EDGE`].
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one answer to one question about the text"
)]
pub(crate) struct Page<'a> {
    pub(crate) text: &'a [u8],
    pub(crate) tokens: &'a [Token],
    pub(crate) dictionary: &'a Dictionary,
    /// Hardly any letter is in lower case, so that capitals tell nothing.
    pub(crate) is_shouted: bool,
    /// Hardly any word has a capital, so that names have none either.
    pub(crate) is_small: bool,
    /// It speaks of medicine, so that a country is travel history and an unknown word a drug.
    pub(crate) is_clinical: bool,
    /// It says more than a line and nothing of medicine, so that a year is a date like others.
    pub(crate) is_prose: bool,
}

impl Page<'_> {
    /// The token at a place.
    #[inline]
    pub(crate) fn at(&self, place: usize) -> &Token {
        self.tokens.get(place).unwrap_or(&Token::EDGE)
    }

    /// The token some steps before a place.
    #[inline]
    pub(crate) fn before(&self, place: usize, steps: usize) -> &Token {
        place
            .checked_sub(steps)
            .and_then(|place| self.tokens.get(place))
            .unwrap_or(&Token::EDGE)
    }

    /// The bytes of the token at a place.
    pub(crate) fn bytes(&self, place: usize) -> &[u8] {
        self.slice(self.at(place))
    }

    /// The bytes of a token.
    pub(crate) fn slice(&self, token: &Token) -> &[u8] {
        self.text.get(token.range()).unwrap_or_default()
    }

    /// One byte of the text; 0 beyond it.
    pub(crate) fn byte(&self, at: usize) -> u8 {
        self.text.get(at).copied().unwrap_or(0)
    }

    /// Whether a token is this word in any case.
    pub(crate) fn is(&self, token: &Token, word: &str) -> bool {
        self.slice(token).eq_ignore_ascii_case(word.as_bytes())
    }

    /// Whether a token is one of these words in any case.
    #[inline]
    pub(crate) fn is_any(&self, token: &Token, words: &[&str]) -> bool {
        if !token.is_word() {
            return false;
        }
        let bytes = self.slice(token);
        let first = bytes.first().map_or(0, |byte| byte | 0x20);
        words.iter().any(|word| {
            let word = word.as_bytes();
            word.len() == bytes.len()
                && word.first() == Some(&first)
                && word.eq_ignore_ascii_case(bytes)
        })
    }

    /// What the dictionary says of the phrase made of the tokens from `first` to before `end`.
    pub(crate) fn phrase(&self, first: usize, end: usize) -> Class {
        let mut phrase = [0_u8; 48];
        let mut length = 0;
        for place in first..end {
            let word = self.bytes(place);
            let gap = usize::from(place > first);
            let Some(room) = phrase.get_mut(length..length + gap + word.len()) else {
                return Class::NONE;
            };
            if let Some((space, letters)) = room.split_at_mut_checked(gap) {
                space.fill(b' ');
                letters.copy_from_slice(word);
            }
            length += gap + word.len();
        }
        phrase
            .get(..length)
            .map_or(Class::NONE, |phrase| self.dictionary.class(hash(phrase)))
    }

    /// Whether the token at a place opens a sentence, line or field.
    pub(crate) fn opens(&self, place: usize) -> bool {
        let token = self.at(place);
        let previous = self.before(place, 1);
        token.gap >= Gap::Blank
            || matches!(
                previous.kind,
                Kind::Edge
                    | Kind::Sign(
                        b'.' | b'!'
                            | b'?'
                            | b':'
                            | b';'
                            | b'-'
                            | b'*'
                            | b'#'
                            | b'"'
                            | b'('
                            | b'|'
                            | b'>'
                    )
            )
            || token.gap == Gap::Line && !(previous.kind == Kind::Lower || previous.is_sign(b','))
    }

    /// The first byte of a token and one past the last of another.
    pub(crate) fn span(&self, first: usize, last: usize) -> (usize, usize) {
        (self.at(first).start as usize, self.at(last).end as usize)
    }

    /// A finding over the tokens from `first` to `last`, both included.
    pub(crate) fn finding(
        &self,
        first: usize,
        last: usize,
        label: Label,
        score: f32,
        detector: &'static str,
    ) -> Finding {
        let (start, end) = self.span(first, last);
        Finding {
            start,
            end,
            label,
            score,
            detector,
        }
    }

    /// The first place at or after `place` whose token begins at or after `at`.
    pub(crate) fn place_from(&self, place: usize, at: usize) -> usize {
        let mut place = place;
        while place < self.tokens.len() && (self.at(place).start as usize) < at {
            place += 1;
        }
        place
    }
}
