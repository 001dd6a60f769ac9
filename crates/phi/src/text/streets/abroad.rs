//! Streets of many languages: the house number before, after, or on both sides, told by the words
//! of streets, by endings, and by the address around them.

use crate::{dictionary::class::Class, finding::Finding, label::Label};

use super::{
    super::{
        page::Page,
        token::{Gap, Kind},
    },
    head,
    tail::Tail,
};

/// An address that the number at `place` opens and no English word closes:
/// `6750 Koskikatu 25 Apt. 864`, `12 rue de la Paix`.
pub(super) fn house(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) -> bool {
    let second = page.at(place + 1);
    let mut first = place
        + 1
        + usize::from(
            second.gap == Gap::Space
                && matches!(second.kind, Kind::Number | Kind::Code)
                && second.len() <= 6,
        );
    while page.at(first).is_sign(b'-')
        && page.at(first).gap == Gap::None
        && page.at(first + 1).kind == Kind::Number
        && first < place + 6
    {
        first += 2;
    }
    let Some(run) = Run::from(page, first) else {
        return false;
    };
    let number = number_after(page, run.last);
    let street = number.unwrap_or(run.last);
    let tail = Tail::from(page, street);
    let long = page.at(place).len() >= 3 && run.is_unlisted;
    let points = if run.is_street { 2 } else { 0 }
        + u8::from(number.is_some())
        + if tail.has_unit { 2 } else { 0 }
        + u8::from(tail.has_region)
        + u8::from(long)
        + u8::from(first > place + 1)
        + cue(page, place);
    let wanted = if page.is_clinical { 3 } else { 2 };
    if points < wanted + u8::from(!run.is_street && !run.is_unlisted) {
        return false;
    }
    let start = head(page, place);
    found.push(page.finding(start, tail.last, Label::Geo, 0.8, "street-abroad"));
    true
}

/// A street that ends in the number at `place`: `Mellemvej 32`, `Calle Mayor 5, 2o B`.
pub(crate) fn numbered(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let dot =
        usize::from(page.before(place, 1).is_sign(b'.') && page.before(place, 1).gap == Gap::None);
    let comma = usize::from(page.before(place, 1).is_sign(b','));
    let Some(word) = place.checked_sub(1 + dot + comma) else {
        return;
    };
    let previous = page.at(word);
    if page.at(place).gap != Gap::Space
        || page.at(place).len() > 5
        || !previous.is_word()
        || is_measured(page, place)
    {
        return;
    }
    let street = is_street_word(page, word) && (comma == 0);
    let Some(first) = start(page, word, street).or_else(|| cued_start(page, place, word)) else {
        return;
    };
    let tail = Tail::from(page, suffix(page, place));
    found.push(page.finding(first, tail.last, Label::Geo, 0.8, "street-number"));
}

/// The first of the words with capitals after `lives on`, `is at`, before a house number.
fn cued_start(page: &Page<'_>, place: usize, word: usize) -> Option<usize> {
    let mut first = word;
    let plain = |at: usize| {
        page.at(at).class.has(
            Class::COMMON
                .or(Class::RARE)
                .or(Class::CLINICAL)
                .or(Class::HEAD),
        )
    };
    while first > 0
        && word - first < 4
        && page.at(first).gap <= Gap::Space
        && (is_name_word(page, first - 1)
            || page.before(first, 1).kind == Kind::Lower
                && page.before(first, 1).class.has(Class::PARTICLE)
                && is_name_word(page, first.saturating_sub(2)))
    {
        first -= 1;
    }
    let firm = cue(page, first) == 2;
    let on = page.is_any(page.before(first, 1), &["on", "at", "of", "to", "in"])
        || page.before(first, 1).is_sign(b':') && firm;
    let number = page.bytes(place);
    let next = page.at(place + 1);
    let joined = next.gap == Gap::None && matches!(next.kind, Kind::Sign(b'-' | b'/'));
    let short = number.len() <= 3 || firm && !is_year(page, place);
    let house = short && !joined && number.first() != Some(&b'0');
    let named =
        is_name_word(page, word) && (first..=word).any(|at| page.at(at).is_capital() && !plain(at));
    let enough = firm && !plain(first) || !page.is_clinical;
    (named && on && house && page.at(word).len() > 2 && enough).then_some(first)
}

/// A year of the last or this century.
fn is_year(page: &Page<'_>, place: usize) -> bool {
    let text = page.bytes(place);
    text.len() == 4 && (text.starts_with(b"19") || text.starts_with(b"20"))
}

/// The first word of the street that ends at `word`; nothing if it is none.
fn start(page: &Page<'_>, word: usize, closes: bool) -> Option<usize> {
    let mut first = word;
    let mut opener = None;
    if page.at(word).is_capital()
        && closes
        && page.at(word).len() > 4
        && !page.at(word).class.has(Class::ROAD)
    {
        opener = Some(word);
    }
    while word - first < 5 {
        let token = page.at(first);
        if token.class.has(Class::ROAD) && first < word && is_opener(page, first) {
            return Some(first);
        }
        let before = page.before(first, 1);
        let dot = before.is_sign(b'.')
            && before.gap == Gap::None
            && page.before(first, 2).class.has(Class::ROAD);
        if first == 0 || token.gap > Gap::Space && !dot {
            break;
        }
        let joins = token.gap == Gap::None && (before.is_sign(b'-') || token.is_sign(b'-'));
        let fits = is_name_word(page, first - 1)
            || before.is_capital() && before.class.has(Class::ROAD)
            || before.kind == Kind::Lower
                && (before.class.has(Class::PARTICLE.or(Class::ROAD))
                    || page.is_any(before, LINKS))
            || dot
            || joins;
        if !fits {
            break;
        }
        first -= 1;
    }
    if closes && opener.is_none() && first < word {
        // `Villacher Strasse`: the words before the kind of street.
        while first < word && !page.at(first).is_capital() {
            first += 1;
        }
        opener = (first < word && word - first < 4).then_some(first);
    }
    opener
}

/// A kind of street before its name: `Rua Augusta`, `ul. Dluga`, not `via`.
fn is_opener(page: &Page<'_>, at: usize) -> bool {
    let token = page.at(at);
    let next = page.at(at + 1);
    let dotted = next.is_sign(b'.') && next.gap == Gap::None;
    let name = page.at(at + 1 + usize::from(dotted));
    let named = name.is_capital() || name.class.has(Class::PARTICLE);
    let lower = token.kind == Kind::Lower;
    named
        && (dotted || !lower || token.len() > 3 || page.is_any(token, &["rue", "rua", "ul"]))
        && (!lower || !page.is_any(token, NO_OPENERS))
        && !name.class.has(Class::MEDICAL)
}

/// Small words inside the names of streets.
const LINKS: &[&str] = &[
    "dei", "degli", "delle", "dello", "des", "aux", "au", "sur", "sous", "z", "ze", "v", "u", "na",
    "im", "am", "zum", "zur", "op", "den", "het", "ton", "til", "og",
];

/// Everyday words in lower case that open a street elsewhere.
const NO_OPENERS: &[&str] = &["via", "plaza", "ring", "sector", "cours", "weg", "gate"];

/// The words of a street's name after a house number.
struct Run {
    last: usize,
    /// A word of it is a kind of street.
    is_street: bool,
    /// Its first word is no everyday word.
    is_unlisted: bool,
}

impl Run {
    fn from(page: &Page<'_>, first: usize) -> Option<Self> {
        const NEVER: Class = Class::MEDICAL
            .or(Class::UNIT)
            .or(Class::MONTH)
            .or(Class::WEEKDAY)
            .or(Class::ROOM)
            .or(Class::HEAD)
            .or(Class::PERSON)
            .or(Class::CLINICAL);
        let mut at = first;
        let mut run = Self {
            last: first,
            is_street: false,
            is_unlisted: !page
                .at(first)
                .class
                .has(Class::COMMON.or(Class::RARE).or(Class::STOP)),
        };
        let mut words = 0;
        while at < first + 8 {
            let token = page.at(at);
            if token.gap > Gap::Space {
                break;
            }
            let road = token.class.has(Class::ROAD) || token.is_capital() && has_ending(page, at);
            let particle = token.kind == Kind::Lower
                && (token.class.has(Class::PARTICLE) || words > 0 && page.is_any(token, LINKS))
                && (page.at(at + 1).is_word() || page.at(at + 1).is_sign(b'\''));
            let sign = words > 0
                && token.gap == Gap::None
                && matches!(
                    token.kind,
                    Kind::Sign(b'.' | b'-' | b'\'') | Kind::Possessive
                );
            let numbered = words > 0
                && token.kind == Kind::Number
                && token.len() <= 3
                && page.at(at + 1).is_capital()
                && page.at(at + 1).class.has(Class::STREET);
            let word = token.is_capital() && (road || !token.class.has(NEVER));
            let lower = token.kind == Kind::Lower && (road || words > 0 && run.is_street);
            let fits =
                word || particle || sign || numbered || lower && !token.class.has(Class::STOP);
            if !fits || word && token.kind == Kind::Initial && words == 0 {
                break;
            }
            run.is_street |= road || words > 0 && token.class.has(Class::STREET);
            run.is_unlisted |= token.is_capital()
                && !token
                    .class
                    .has(Class::COMMON.or(Class::RARE).or(Class::STOP));
            if word || lower && road {
                words += 1;
                run.last = at;
            }
            at += 1;
        }
        let dot = page.at(run.last + 1).is_sign(b'.')
            && page.at(run.last + 1).gap == Gap::None
            && page.at(run.last + 2).gap == Gap::Space
            && (page.at(run.last).len() < 5 && page.at(run.last + 2).kind == Kind::Number);
        run.last += usize::from(dot);
        (words > 0).then_some(run)
    }
}

/// The house number behind a street's name: `25`, `12-14`, `31a`, `98.`
fn number_after(page: &Page<'_>, last: usize) -> Option<usize> {
    let at = last + 1;
    let token = page.at(at);
    let shaped = token.gap == Gap::Space
        && matches!(token.kind, Kind::Number | Kind::Code)
        && token.len() <= 5;
    if !shaped || is_measured(page, at) {
        return None;
    }
    let second = page.at(at + 1);
    let more = second.kind == Kind::Number && second.gap == Gap::Space && second.len() <= 4;
    Some(suffix(
        page,
        at + usize::from(more && !is_measured(page, at + 1)),
    ))
}

/// The number at `place` counts, doses or dates something.
fn is_measured(page: &Page<'_>, place: usize) -> bool {
    let next = page.at(place + 1);
    next.gap <= Gap::Space
        && next.class.has(Class::UNIT)
        && !next.class.has(Class::STOP)
        && !next.is_capital()
        || next.gap <= Gap::Space && next.class.has(Class::MONTH)
        || next.gap == Gap::None
            && (matches!(next.kind, Kind::Sign(b'%' | b':' | b'/'))
                || next.is_sign(b'.')
                    && page.at(place + 2).gap == Gap::None
                    && page.at(place + 2).kind == Kind::Number)
}

/// Carries on over `-14`, `/3`, ` B` and a closing point.
fn suffix(page: &Page<'_>, at: usize) -> usize {
    let mut last = at;
    let next = page.at(last + 1);
    if next.is_sign(b'-')
        && next.gap == Gap::None
        && matches!(
            page.at(last + 2).kind,
            Kind::Number | Kind::Code | Kind::Initial
        )
        && page.at(last + 2).gap == Gap::None
    {
        last += 2;
    }
    let next = page.at(last + 1);
    let behind = page.at(last + 2);
    let pointed = next.is_sign(b'.')
        && next.gap == Gap::None
        && (behind.gap == Gap::Line
            || behind.gap == Gap::Space && behind.class.has(Class::ROOM)
            || page.is_any(behind, &["st", "street", "and"]));
    last + usize::from(pointed)
}

/// How firmly the words before announce an address: 0 to 2.
pub(super) fn cue(page: &Page<'_>, place: usize) -> u8 {
    let mut sum = 0;
    for back in 1..=4 {
        let token = page.before(place, back);
        if page.is_any(
            token,
            &[
                "address",
                "addresses",
                "adresse",
                "located",
                "residence",
                "mailing",
                "domicilio",
                "indirizzo",
                "adres",
                "wohnhaft",
                "user",
            ],
        ) || token.class.has(Class::LIVES)
        {
            return 2;
        }
        if back == 1
            && (token.is_sign(b':')
                || page.is_any(token, &["at", "to", "on", "in", "is", "of", "from", "near"]))
        {
            sum = 1;
        }
    }
    sum
}

/// A word that may stand in a street's name.
fn is_name_word(page: &Page<'_>, at: usize) -> bool {
    let token = page.at(at);
    token.is_capital()
        && token.len() > 1
        && !token.class.has(
            Class::STOP
                .or(Class::MEDICAL)
                .or(Class::MONTH)
                .or(Class::TITLE),
        )
}

/// A kind of street by itself or as the ending of the word.
pub(crate) fn is_street_word(page: &Page<'_>, at: usize) -> bool {
    let token = page.at(at);
    token.class.has(Class::ROAD) && (token.is_capital() || page.before(at, 1).is_capital())
        || token.is_capital() && has_ending(page, at)
}

/// A German, Dutch, Nordic, Finnish, Hungarian or Slavic street in one word.
fn has_ending(page: &Page<'_>, at: usize) -> bool {
    let token = page.at(at);
    token.len() > 6
        && !token
            .class
            .has(Class::COMMON.or(Class::RARE).or(Class::MEDICAL))
        && super::is_compound_street(page.bytes(at))
}
