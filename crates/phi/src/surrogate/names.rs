//! Names, word by word: the same word of the same person has one invented word everywhere.

use std::collections::BTreeSet;

use super::{
    Workshop,
    pool::{Culture, ENGLISH, Shelf},
};
use crate::{crosswalk::Drawn, known};

/// Which part of a name a value is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Part {
    /// A whole name, or nobody knows.
    #[default]
    Any,
    /// Given names.
    Given,
    /// Surnames.
    Family,
}

impl Part {
    /// The part that the name of a column tells.
    pub(crate) fn of_column(column: &str) -> Self {
        let column = column.to_ascii_lowercase();
        let has = |words: &[&str]| words.iter().any(|word| column.contains(word));
        match (
            has(&["first", "given", "middle", "forename", "fname"]),
            has(&["last", "family", "surname", "maiden", "lname"]),
        ) {
            (true, false) => Self::Given,
            (false, true) => Self::Family,
            _ => Self::Any,
        }
    }
}

/// The person in whose record or text a name stands.
#[derive(Clone, Copy)]
pub(crate) struct Whose<'s> {
    pub(crate) code: Drawn,
    /// The lower-case words of the person's own names.
    pub(crate) words: Option<&'s BTreeSet<String>>,
    /// The name is the person's, whatever its words are.
    pub(crate) is_own: bool,
}

/// Words of one name and what is between them.
#[derive(Debug, PartialEq, Eq)]
enum Piece<'n> {
    Word(&'n str),
    Number(&'n str),
    Between(&'n str),
}

/// The scope of words that belong to nobody known.
const ANYBODY: u64 = 0;

impl Workshop<'_> {
    /// A name with other words; nothing where the pools are spent.
    pub(super) fn name(
        &mut self,
        found: &str,
        whose: Option<&Whose<'_>>,
        part: Part,
    ) -> Option<String> {
        let pieces = pieces(found);
        let parts = parts(&pieces, part, |word| {
            self.pools.home(&folded(word)).given.is_some()
        });
        let culture = self.culture_of(&pieces);
        let mut name = String::with_capacity(found.len());
        let mut place = 0;
        for piece in &pieces {
            match piece {
                Piece::Between(text) => name.push_str(text),
                Piece::Number(digits) => name.push_str(&self.number_in_name(digits)),
                Piece::Word(word) => {
                    let part = parts.get(place).copied().flatten();
                    place += 1;
                    match part {
                        None => name.push_str(word),
                        Some(part) => name.push_str(&self.word(word, whose, part, culture)?),
                    }
                }
            }
        }
        Some(name)
    }

    /// One word, in the case of the original.
    fn word(
        &mut self,
        word: &str,
        whose: Option<&Whose<'_>>,
        part: Part,
        culture: Option<Culture>,
    ) -> Option<String> {
        let key = folded(word);
        if key.chars().count() == 1 {
            return Some(self.initial(word, &key, whose));
        }
        if let Some(initials) = self.initials(word, whose) {
            return Some(initials);
        }
        let (scope, key) = match whose.and_then(|whose| Some((whose, whose.key(&key)?))) {
            Some((whose, key)) => (whose.code.number(), key),
            None => (ANYBODY, key),
        };
        let invented = match self.book.name(scope, &key) {
            Some(known) => known.to_owned(),
            None => self.draw_name(scope, &key, part, culture)?,
        };
        Some(cased(&invented, word))
    }

    /// The initial of the invented word whose original begins with this letter, else a letter.
    fn initial(&mut self, letter: &str, key: &str, whose: Option<&Whose<'_>>) -> String {
        if let Some(known) = whose.and_then(|whose| self.initial_of(key, whose)) {
            return cased(&known, letter);
        }
        let scope = whose
            .filter(|whose| whose.is_own)
            .map_or(ANYBODY, |whose| whose.code.number());
        if let Some(known) = self.book.name(scope, key) {
            return cased(known, letter);
        }
        let mut drawn = letter_of(self.below(LETTERS.len()));
        if drawn == key {
            drawn = letter_of(self.below(LETTERS.len() - 1) + 1);
        }
        self.book.add_name(scope, key, drawn);
        cased(drawn, letter)
    }

    fn initial_of(&self, key: &str, whose: &Whose<'_>) -> Option<String> {
        let scope = whose.code.number();
        let word = whose.own().find(|word| word.starts_with(key))?;
        let invented = self.book.name(scope, &word)?;
        Some(invented.chars().take(1).collect())
    }

    /// `JS` for the person's initials.
    fn initials(&self, word: &str, whose: Option<&Whose<'_>>) -> Option<String> {
        let whose = whose.filter(|whose| whose.words.is_some())?;
        let is_short =
            (2..=3).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_uppercase());
        if !is_short || whose.key(&folded(word)).is_some() {
            return None;
        }
        let letters = word.chars().map(|letter| {
            let initial = self.initial_of(&folded(&letter.to_string()), whose)?;
            Some(initial.to_uppercase())
        });
        letters.collect()
    }

    fn draw_name(
        &mut self,
        scope: u64,
        key: &str,
        part: Part,
        culture: Option<Culture>,
    ) -> Option<String> {
        let home = self.pools.home(key);
        let (culture, shelf) = if part == Part::Family {
            (home.family.or(culture), Shelf::Families)
        } else {
            let given = home.given.map(|(culture, _)| culture);
            (
                given.or(culture),
                self.shelf(home.given.map(|(_, shelf)| shelf)),
            )
        };
        self.book.note_original(key);
        let drawn = self
            .draw_from(scope, key, culture.unwrap_or(ENGLISH), shelf)
            .or_else(|| self.draw_from(scope, key, ENGLISH, shelf))
            .or_else(|| self.draw_double(scope, shelf))?;
        self.book.add_name(scope, key, &drawn);
        Some(drawn)
    }

    /// Women's or men's names where the lists do not tell.
    fn shelf(&mut self, known: Option<Shelf>) -> Shelf {
        match known {
            Some(shelf @ (Shelf::Women | Shelf::Men)) => shelf,
            _ if self.below(2) == 0 => Shelf::Women,
            _ => Shelf::Men,
        }
    }

    /// A free name of about the length: first one that nobody has, then one that is free here.
    fn draw_from(
        &mut self,
        scope: u64,
        key: &str,
        culture: Culture,
        shelf: Shelf,
    ) -> Option<String> {
        let names = self.pools.names(culture, shelf);
        for draw in 0..NAME_DRAWS {
            let place = self.below(names.len());
            let name = *names.get(place)?;
            let is_near = name.len().abs_diff(key.len()) <= 1 + draw / 24;
            let is_free = if draw < NAME_DRAWS / 2 {
                !self.book.is_name_given(name)
            } else {
                !self.book.has_name(scope, name)
            };
            if is_near && is_free && self.is_nobodys(name) {
                return Some(name.to_owned());
            }
        }
        None
    }

    /// Two names in one, when every single one is somebody's.
    fn draw_double(&mut self, scope: u64, shelf: Shelf) -> Option<String> {
        let names = self.pools.names(ENGLISH, shelf);
        for _ in 0..NAME_DRAWS {
            let (first, last) = (self.below(names.len()), self.below(names.len()));
            let double = format!("{}-{}", names.get(first)?, names.get(last)?);
            if !self.book.has_name(scope, &double) && self.is_nobodys(&double) {
                return Some(double);
            }
        }
        None
    }

    /// Whether no original is called so, in the crosswalk or in the input.
    fn is_nobodys(&self, name: &str) -> bool {
        !self.book.is_original(name) && !self.seen.has(name)
    }

    fn culture_of(&self, pieces: &[Piece<'_>]) -> Option<Culture> {
        let homes: Vec<_> = pieces
            .iter()
            .filter_map(|piece| match piece {
                Piece::Word(word) => Some(self.pools.home(&folded(word))),
                _ => None,
            })
            .collect();
        let family = homes.iter().rev().find_map(|home| home.family);
        let given = || homes.iter().find_map(|home| home.given);
        family.or_else(|| given().map(|(culture, _)| culture))
    }

    fn number_in_name(&mut self, digits: &str) -> String {
        if let Some(known) = self.book.name(ANYBODY, digits) {
            return known.to_owned();
        }
        let mut drawn = String::new();
        for _ in 0..8 {
            drawn = (0..digits.len()).map(|_| self.digit(0)).collect();
            if drawn != digits {
                break;
            }
        }
        self.book.add_name(ANYBODY, digits, &drawn);
        drawn
    }
}

impl Whose<'_> {
    /// The person's own word that a word is: itself, its nickname, one slip away.
    fn key(&self, word: &str) -> Option<String> {
        let exact = self.own().find(|own| own == word);
        let like = || self.own().find(|own| known::is_form_of(word, own));
        exact
            .or_else(like)
            .or_else(|| self.is_own.then(|| word.to_owned()))
    }

    fn own(&self) -> impl Iterator<Item = String> {
        self.words.into_iter().flatten().map(|word| folded(word))
    }
}

/// Cuts a name into words, numbers and what is between them. `O'Brien` is one word.
fn pieces(name: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = name;
    while let Some(first) = rest.chars().next() {
        let length = if first.is_alphabetic() {
            word_length(rest)
        } else {
            let same = |letter: char| {
                !letter.is_alphabetic() && letter.is_ascii_digit() == first.is_ascii_digit()
            };
            rest.find(|letter| !same(letter)).unwrap_or(rest.len())
        };
        let (piece, tail) = rest.split_at(length);
        pieces.push(match first {
            first if first.is_alphabetic() => Piece::Word(piece),
            first if first.is_ascii_digit() => Piece::Number(piece),
            _ => Piece::Between(piece),
        });
        rest = tail;
    }
    pieces
}

fn word_length(text: &str) -> usize {
    let run = |text: &str| {
        text.find(|letter: char| !is_letter(letter))
            .unwrap_or(text.len())
    };
    let first = run(text);
    let after = text.get(first..).unwrap_or("");
    let mark = after
        .chars()
        .next()
        .filter(|mark| first <= 2 && matches!(mark, '\'' | '’'));
    match mark.map(|mark| first + mark.len_utf8()) {
        Some(from) if run(text.get(from..).unwrap_or("")) > 2 => {
            from + run(text.get(from..).unwrap_or(""))
        }
        _ => first,
    }
}

/// Letters and the marks that combine with them.
fn is_letter(letter: char) -> bool {
    letter.is_alphabetic() || ('\u{300}'..='\u{36f}').contains(&letter)
}

/// What each word is; nothing for titles and particles, which stay.
fn parts(pieces: &[Piece<'_>], part: Part, is_given: impl Fn(&str) -> bool) -> Vec<Option<Part>> {
    let last = pieces
        .iter()
        .rposition(|piece| matches!(piece, Piece::Word(word) if !is_title(word)));
    let mark = pieces
        .iter()
        .position(|piece| matches!(piece, Piece::Between(text) if text.contains([',', '^'])));
    let whole = pieces
        .iter()
        .filter(|piece| matches!(piece, Piece::Word(word) if !is_title(word) && word.chars().count() > 1))
        .count();
    let titled = pieces
        .iter()
        .any(|piece| matches!(piece, Piece::Word(word) if is_title(word)));
    let mut parts = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        let Piece::Word(word) = piece else { continue };
        let is_particle = PARTICLES.contains(&folded(word).as_str());
        parts.push(if is_title(word) || is_particle && Some(at) != last {
            None
        } else if part != Part::Any {
            Some(part)
        } else if let Some(mark) = mark {
            Some(if at < mark { Part::Family } else { Part::Given })
        } else if whole == 1 {
            Some(if is_given(word) && !titled {
                Part::Given
            } else {
                Part::Family
            })
        } else {
            Some(if Some(at) == last {
                Part::Family
            } else {
                Part::Given
            })
        });
    }
    parts
}

fn is_title(word: &str) -> bool {
    TITLES.contains(&word.to_ascii_lowercase().as_str())
        && (word.len() > 2 || word.chars().next().is_some_and(char::is_uppercase))
}

/// Lower case, without the accents of Latin letters and apostrophes: the form of the lists.
pub(super) fn folded(word: &str) -> String {
    let mut folded = String::with_capacity(word.len());
    for letter in word.chars().flat_map(char::to_lowercase) {
        match letter {
            'à'..='å' | 'ā' | 'ă' | 'ą' | 'ǎ' => folded.push('a'),
            'ç' | 'ć' | 'č' | 'ĉ' | 'ċ' => folded.push('c'),
            'ď' | 'đ' | 'ð' => folded.push('d'),
            'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => folded.push('e'),
            'ğ' | 'ģ' | 'ĝ' | 'ġ' => folded.push('g'),
            'ì'..='ï' | 'ī' | 'ĭ' | 'į' | 'ı' => folded.push('i'),
            'ķ' => folded.push('k'),
            'ł' | 'ľ' | 'ĺ' | 'ļ' => folded.push('l'),
            'ñ' | 'ń' | 'ň' | 'ņ' => folded.push('n'),
            'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' => folded.push('o'),
            'ř' | 'ŕ' => folded.push('r'),
            'ś' | 'š' | 'ş' | 'ș' | 'ŝ' => folded.push('s'),
            'ť' | 'ţ' | 'ț' => folded.push('t'),
            'ù'..='ü' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => folded.push('u'),
            'ý' | 'ÿ' => folded.push('y'),
            'ź' | 'ż' | 'ž' => folded.push('z'),
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'þ' => folded.push_str("th"),
            letter if letter.is_alphabetic() => folded.push(letter),
            _ => {}
        }
    }
    folded
}

/// A lower-case word in the case of another.
fn cased(word: &str, like: &str) -> String {
    let mut letters = like.chars().filter(|letter| letter.is_alphabetic());
    let first_is_upper = letters.next().is_some_and(|letter| !letter.is_lowercase());
    let mut others = letters.peekable();
    let all_upper = others.peek().is_some() && others.all(|letter| !letter.is_lowercase());
    if first_is_upper && all_upper {
        return word.to_uppercase();
    }
    if !first_is_upper {
        return word.to_owned();
    }
    let mut capital = true;
    word.chars()
        .map(|letter| {
            let written = if capital {
                letter.to_ascii_uppercase()
            } else {
                letter
            };
            capital = letter == '-';
            written
        })
        .collect()
}

const NAME_DRAWS: usize = 120;

const LETTERS: &str = "abcdefghijklmnoprstuvwyz";

fn letter_of(place: usize) -> &'static str {
    LETTERS.get(place..=place).unwrap_or("m")
}

const TITLES: &[&str] = &[
    "mr", "mrs", "ms", "miss", "dr", "prof", "jr", "sr", "ii", "iii", "iv", "md", "rn", "mx", "np",
    "pa", "phd", "do", "dds", "esq", "sir", "rev",
];
const PARTICLES: &[&str] = &[
    "van", "von", "der", "den", "de", "la", "le", "los", "las", "del", "di", "da", "dos", "das",
    "du", "bin", "ibn", "al", "el", "ter", "ten", "zu", "y", "e",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_cut_into_its_words() {
        assert_eq!(
            pieces("O'Brien, Zoë K."),
            [
                Piece::Word("O'Brien"),
                Piece::Between(", "),
                Piece::Word("Zoë"),
                Piece::Between(" "),
                Piece::Word("K"),
                Piece::Between("."),
            ]
        );
        assert_eq!(pieces("Ada31"), [Piece::Word("Ada"), Piece::Number("31")]);
    }

    #[test]
    fn the_place_of_a_word_tells_its_part() {
        let of = |name: &str| parts(&pieces(name), Part::Any, |word| word == "Ada");
        let (given, family) = (Some(Part::Given), Some(Part::Family));
        assert_eq!(of("Ada B. Quill"), [given, given, family]);
        assert_eq!(of("QUILL, ADA"), [family, given]);
        assert_eq!(of("Mr. Quill"), [None, family]);
        assert_eq!(of("Ada"), [given]);
        assert_eq!(of("Jan van der Berg"), [given, None, None, family]);
    }

    #[test]
    fn case_follows_the_original() {
        assert_eq!(cased("keller", "SMITH"), "KELLER");
        assert_eq!(cased("keller", "smith"), "keller");
        assert_eq!(cased("keller-marsh", "McDonald"), "Keller-Marsh");
        assert_eq!(cased("k", "J"), "K");
        assert_eq!(folded("Élodie Ñ"), "elodien");
    }
}
