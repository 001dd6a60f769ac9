use std::ops::Range;

use crate::{
    dictionary::class::Class,
    label::Label,
    text::{
        Page,
        token::{Gap, Kind},
    },
};

use super::Cover;

/// One past the last token of the sentence that begins at `place`.
pub(super) fn end(page: &Page<'_>, place: usize) -> usize {
    let mut at = place + 1;
    while at < page.tokens.len() && !begins(page, at, at - place) {
        at += 1;
    }
    at.min(page.tokens.len())
}

/// Whether a sentence begins at `at`, when `length` tokens of one stand before it.
fn begins(page: &Page<'_>, at: usize, length: usize) -> bool {
    let token = page.at(at);
    if token.gap == Gap::Blank || length >= LONGEST || token.gap == Gap::Line && length >= LONG {
        return true;
    }
    let previous = page.before(at, 1);
    let stopped = matches!(previous.kind, Kind::Sign(b'.' | b'!' | b'?'));
    if !stopped || token.gap == Gap::None || token.kind == Kind::Lower {
        return false;
    }
    let word = page.before(at, 2);
    !(previous.is_sign(b'.')
        && previous.gap == Gap::None
        && (word.kind == Kind::Initial || word.class.has(Class::TITLE) || word.len() < 3))
}

/// Whether any token of the page could be a candidate: a quick look, before anything is computed.
pub(super) fn has_candidate(page: &Page<'_>) -> bool {
    (0..page.tokens.len()).any(|place| looks_like_a_name(page, place))
}

/// Whether the rules left a candidate of these tokens open.
pub(super) fn is_undecided(page: &Page<'_>, places: Range<usize>, cover: &[Cover]) -> bool {
    places
        .into_iter()
        .any(|place| is_open(cover, place) && looks_like_a_name(page, place))
}

/// Whether a span has a token that the rules left open and that may be part of an identifier.
pub(crate) fn holds_candidate(page: &Page<'_>, places: Range<usize>, cover: &[Cover]) -> bool {
    places.into_iter().any(|place| {
        let token = page.at(place);
        is_open(cover, place)
            && (token.is_capital() && !token.class.has(NEVER) && !is_contraction(page.slice(token))
                || matches!(token.kind, Kind::Number | Kind::Code)
                || looks_like_a_name(page, place))
    })
}

/// Whether a span says nothing but terms of medicine, `McBurney point`, `Jardiance`: drugs, tests and
/// eponyms with everyday words between. A name that is also an eponym may still be a name.
pub(crate) fn is_term(page: &Page<'_>, places: Range<usize>, label: Label) -> bool {
    const TERM: Class = Class::MEDICAL.or(Class::EPONYM).or(Class::CLINICAL);
    const NAMED: Class = Class::GIVEN.or(Class::SURNAME);
    let mut holds_term = page
        .phrase(places.start, places.end)
        .has(Class::MEDICAL.or(Class::EPONYM));
    if holds_term && places.len() > 1 {
        return true;
    }
    holds_term = false;
    for place in places {
        let token = page.at(place);
        let class = token.class;
        let could_name = label == Label::Name && class.has(NAMED) && !class.has(Class::MEDICAL);
        if matches!(token.kind, Kind::Sign(_)) {
            continue;
        }
        if could_name || !class.has(TERM.or(Class::COMMON)) && token.kind != Kind::Number {
            return false;
        }
        holds_term |= class.has(TERM);
    }
    holds_term
}

fn is_open(cover: &[Cover], place: usize) -> bool {
    cover.get(place).is_none_or(|cover| *cover == Cover::Open)
}

/// A capitalised word that is not just an everyday word, or a word of the lists of names.
fn looks_like_a_name(page: &Page<'_>, place: usize) -> bool {
    let token = page.at(place);
    let class = token.class;
    match token.kind {
        Kind::Title | Kind::Mixed | Kind::Upper => {
            !class.has(NEVER)
                && !is_contraction(page.slice(token))
                && (class.has(NAMES) || !class.has(WORD) || !page.opens(place))
        }
        Kind::Lower => {
            token.len() > 2
                && !class.has(WORD.or(NEVER))
                && (class.has(NAMES) || page.tokens.len() < SHORT || page.is_small)
        }
        _ => false,
    }
}

/// `They're`, `Don't`: never a name.
fn is_contraction(word: &[u8]) -> bool {
    let apostrophe = word.iter().position(|byte| *byte == b'\'');
    let ending = apostrophe.and_then(|at| word.get(at + 1..));
    ending.is_some_and(|ending| {
        ["re", "ve", "ll", "t", "d", "m"]
            .iter()
            .any(|short| ending.eq_ignore_ascii_case(short.as_bytes()))
    })
}

const NAMES: Class = Class::GIVEN
    .or(Class::SURNAME)
    .or(Class::CITY)
    .or(Class::COUNTY);

const WORD: Class = Class::COMMON.or(Class::RARE).or(Class::MEDICAL);

const NEVER: Class = Class::STOP
    .or(Class::UNIT)
    .or(Class::MONTH)
    .or(Class::WEEKDAY)
    .or(Class::TITLE)
    .or(Class::CREDENTIAL)
    .or(Class::CUE_RECORD)
    .or(Class::CUE_ACCOUNT)
    .or(Class::CUE_PLAN)
    .or(Class::CUE_SSN)
    .or(Class::CUE_PHONE)
    .or(Class::CUE_FAX)
    .or(Class::CUE_ZIP)
    .or(Class::CODE);

/// In a text of fewer tokens, as in a search box, or all in small letters, any unknown word may be a
/// name.
const SHORT: usize = 40;

/// A sentence is cut at a line's end from here on.
const LONG: usize = 40;

/// A sentence is cut anywhere from here on.
const LONGEST: usize = 80;
