use std::ops::Range;

use crate::{
    dictionary::class::Class,
    label::Label,
    text::{
        Page,
        token::{Gap, Kind, Token},
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
    (0..page.tokens.len())
        .any(|place| looks_like_a_name(page, place) || looks_like_a_number(page, place))
}

/// Whether the rules left a candidate of these tokens open.
pub(super) fn is_undecided(page: &Page<'_>, places: Range<usize>, cover: &[Cover]) -> bool {
    places.into_iter().any(|place| {
        is_open(cover, place)
            && (looks_like_a_name(page, place) || looks_like_a_number(page, place))
    })
}

/// A code that counts nothing, a number of three digits and more without a unit, or a day written
/// as `3rd` or `3/4`: what may stand for a room, a date or a record.
pub(super) fn looks_like_a_number(page: &Page<'_>, place: usize) -> bool {
    let (token, next) = (page.at(place), page.at(place + 1));
    match token.kind {
        Kind::Code => !is_amount(page.slice(token)) && !is_measured(page, place),
        Kind::Number if token.len() > 2 => !is_measured(page, place),
        Kind::Number => {
            next.is_sign(b'/')
                && next.gap == Gap::None
                && page.at(place + 2).kind == Kind::Number
                && page.at(place + 2).gap == Gap::None
                && !is_measured(page, place)
        }
        _ => false,
    }
}

/// `10mg`, `72h`, `x3`: digits with a unit of small letters, or a factor.
fn is_amount(text: &[u8]) -> bool {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let tail = text.get(digits..).unwrap_or_default();
    let ordinal = [&b"st"[..], b"nd", b"rd", b"th"].contains(&tail);
    digits > 0 && !ordinal && tail.len() <= 4 && tail.iter().all(u8::is_ascii_lowercase)
        || text.first().is_some_and(|byte| byte | 0x20 == b'x')
}

/// A unit, a share or a decimal part follows, or a sign of comparison stands before.
pub(super) fn is_measured(page: &Page<'_>, place: usize) -> bool {
    let (token, next, previous) = (page.at(place), page.at(place + 1), page.before(place, 1));
    let decimal = |sign: &Token, number: &Token| {
        sign.is_sign(b'.')
            && sign.gap == Gap::None
            && number.kind == Kind::Number
            && number.gap == Gap::None
    };
    next.gap <= Gap::Space && next.class.has(Class::UNIT) && !page.is(next, "in")
        || next.gap <= Gap::Space && next.is_sign(b'%')
        || decimal(next, page.at(place + 2))
        || previous.is_sign(b'.')
            && token.gap == Gap::None
            && page.before(place, 2).kind == Kind::Number
        || matches!(
            previous.kind,
            Kind::Sign(b'<' | b'>' | b'=' | b'~' | b'$' | b'+')
        )
        || previous.class.has(Class::CODE)
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

/// Whether a span is what a rule found under the same label and some words beside it that the rules
/// left open.
pub(super) fn widens(page: &Page<'_>, places: Range<usize>, cover: &[Cover], label: Label) -> bool {
    let own = Cover::of(label);
    let found = |place: usize| cover.get(place) == Some(&own);
    let fits = |place: usize| found(place) || is_open(cover, place);
    let more = |place: usize| is_open(cover, place) && page.at(place).is_word();
    own != Cover::Other
        && places.clone().any(found)
        && places.clone().any(more)
        && places.clone().all(fits)
        && places.filter(|place| is_open(cover, *place)).count() <= 4
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
        Kind::Initial => {
            page.at(place + 1).is_sign(b'.') && page.at(place + 2).kind == Kind::Initial
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
