//! Roads without a house number: corners, bare streets after a word of place, highways.

use crate::{dictionary::class::Class, finding::Finding, label::Label};

use super::{
    super::{
        page::Page,
        places::is_naming,
        token::{Gap, Kind},
    },
    tail::Tail,
};

/// `the corner of Maple and 14th`, `intersection of Route 9 and Lake Avenue`.
pub(crate) fn corner(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    if !page.is_any(page.at(place + 1), &["of"]) {
        return;
    }
    let Some(first) = side(page, place + 2) else {
        return;
    };
    let mut link = first + 1;
    link += usize::from(page.at(link).is_sign(b'.'));
    if !page.is_any(page.at(link), &["and", "at", "y", "und", "et"]) && !page.at(link).is_sign(b'&')
    {
        return;
    }
    if let Some(second) = side(page, link + 1) {
        let start = place - usize::from(page.is(page.before(place, 1), "the"));
        let last = Tail::from(page, second).last;
        found.push(page.finding(start, last, Label::Geo, 0.8, "corner"));
    }
}

/// `at Shattuck and Ashby`, `on beechnut & hillcroft`, `Pine & 3rd`: two roads around the sign or
/// word at `link`, after a preposition.
pub(crate) fn crossing(page: &Page<'_>, link: usize, found: &mut Vec<Finding>) {
    let Some(first) = link.checked_sub(1) else {
        return;
    };
    let Some(last) = road(page, link + 1) else {
        return;
    };
    let mut start = first;
    while start > 0
        && first - start < 2
        && is_side(page, start - 1)
        && page.at(start).gap == Gap::Space
    {
        start -= 1;
    }
    let before = page.before(start, 1);
    let the = usize::from(page.is(before, "the"));
    let cued = page.is_any(
        page.before(start, 1 + the),
        &["at", "on", "near", "by", "behind", "off", "around", "to"],
    );
    let word = page.at(link).is_word();
    let ordinal = |at: usize| page.at(at).kind == Kind::Code && super::is_ordinal(page.bytes(at));
    let narrow = !word
        || ordinal(first)
        || ordinal(last)
        || page.is_any(page.before(start, 1), &["at", "near", "on"]);
    if is_side(page, first) && cued && narrow {
        found.push(page.finding(start, last, Label::Geo, 0.65, "crossing"));
    }
}

/// The last token of the road that begins at `at`, of one to three words.
fn road(page: &Page<'_>, at: usize) -> Option<usize> {
    let mut last = None;
    for at in at..at + 3 {
        if !is_side(page, at) || page.at(at).gap > Gap::Space {
            break;
        }
        last = Some(at);
    }
    last
}

/// A word that may be a road's by itself: with a capital, or in small letters in no list of plain
/// words; or an ordinal.
fn is_side(page: &Page<'_>, at: usize) -> bool {
    const NEVER: Class = Class::STOP
        .or(Class::MEDICAL)
        .or(Class::CLINICAL)
        .or(Class::GENERIC)
        .or(Class::CARE)
        .or(Class::FACILITY)
        .or(Class::HEAD)
        .or(Class::TITLE)
        .or(Class::PERSON)
        .or(Class::MONTH)
        .or(Class::WEEKDAY)
        .or(Class::UNIT)
        .or(Class::EPONYM)
        .or(Class::COUNTRY)
        .or(Class::STATE)
        .or(Class::RELATION)
        .or(Class::BIG)
        .or(Class::COMPANY);
    let token = page.at(at);
    if token.kind == Kind::Code {
        return super::is_ordinal(page.bytes(at));
    }
    let scenic = is_naming(page, token);
    let street = token.class.has(Class::STREET) && token.is_capital();
    let plain = token.class.has(Class::COMMON)
        && !scenic
        && !token.class.has(Class::SURNAME.or(Class::CITY));
    let shaped = token.kind == Kind::Title && !page.is_shouted
        || matches!(token.kind, Kind::Lower | Kind::Upper)
            && token.len() > 3
            && (page.is_shouted || token.kind == Kind::Lower)
            && (scenic || !token.class.has(Class::COMMON.or(Class::GIVEN)));
    token.len() > 2 && (street || shaped && !plain && !token.class.has(NEVER))
}

/// `Ronald House on 16th`, `the kwik trip on 14th`: a street by its number behind a house.
pub(crate) fn numbered(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let Some(house) = place.checked_sub(2) else {
        return;
    };
    let next = page.at(place + 1);
    let closed = next.gap >= Gap::Line || matches!(next.kind, Kind::Sign(_) | Kind::Edge);
    if super::is_ordinal(page.bytes(place))
        && page.is(page.before(place, 1), "on")
        && closed
        && (page.at(house).is_capital() || !page.at(house).class.has(Class::STOP.or(Class::PERSON)))
        && page.at(house).is_word()
    {
        found.push(page.finding(place, place, Label::Geo, 0.5, "numbered-street"));
    }
}

/// A street in one word behind a preposition: `on Götgatan`, `in der Lindenstrasse`.
pub(crate) fn compound(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let token = page.at(place);
    if token.kind == Kind::Title
        && token.len() > 6
        && !token.class.has(
            Class::COMMON
                .or(Class::RARE)
                .or(Class::MEDICAL)
                .or(Class::SURNAME)
                .or(Class::GIVEN),
        )
        && page.is_any(
            page.before(place, 1),
            &[
                "on", "in", "at", "near", "to", "from", "der", "along", "off",
            ],
        )
        && STRONG
            .iter()
            .any(|ending| page.bytes(place).ends_with(ending.as_bytes()))
    {
        found.push(page.finding(place, place, Label::Geo, 0.6, "compound-street"));
    }
}

/// Endings that hardly any other word has.
const STRONG: &[&str] = &[
    "strasse", "straße", "gasse", "platz", "allee", "straat", "gracht", "gatan", "vägen", "gata",
    "stræde", "katu", "utca", "ufer", "plein", "laan",
];

/// A bare street in small letters: `living alone on pigeon street`, `off union ave`.
pub(crate) fn small(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let name = page.before(place, 1);
    if name.kind != Kind::Lower
        || page.at(place).gap != Gap::Space
        || name.class.has(Class::STOP.or(Class::MEDICAL))
        || page.is_any(
            name,
            &[
                "side", "cross", "city", "busy", "same", "wall", "high", "one", "way", "ring",
                "main", "back",
            ],
        )
    {
        return;
    }
    let the = usize::from(page.is(page.before(place, 2), "the"));
    if page.is_any(
        page.before(place, 2 + the),
        &["on", "off", "at", "near", "by", "from", "along", "behind"],
    ) {
        found.push(page.finding(place - 1, place, Label::Geo, 0.55, "small-street"));
    }
}

/// One of two roads that meet: words and numbers up to the next lower-case word.
fn side(page: &Page<'_>, first: usize) -> Option<usize> {
    let mut last = None;
    let mut at = first + usize::from(page.is(page.at(first), "the"));
    let limit = at + 9;
    while at < limit {
        let token = page.at(at);
        let road = token.class.has(Class::ROAD.or(Class::STREET))
            && token.kind == Kind::Lower
            && last.is_some();
        let part = token.is_capital() || matches!(token.kind, Kind::Number | Kind::Code) || road;
        let particle = token.kind == Kind::Lower
            && (token.class.has(Class::PARTICLE.or(Class::ROAD))
                || token.class == Class::NONE && last.is_some())
            && !page.is_any(token, &["y"]);
        let sign = token.gap == Gap::None
            && matches!(
                token.kind,
                Kind::Sign(b'.' | b'-' | b'\'') | Kind::Possessive
            );
        let near = token.gap <= Gap::Space || last.is_none();
        if !near || !(part || particle || sign) {
            break;
        }
        if part {
            last = Some(at);
        }
        at += 1;
    }
    last
}

/// A bare street after a word of place: `lives on Chestnut Street`, `off Old Mill Road`.
pub(crate) fn bare(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let token = page.at(place);
    let next = page.at(place + 1);
    if token.gap != Gap::Space
        || !page.is_any(token, KINDS)
        || next.gap == Gap::Space && next.is_capital() && next.class.has(Class::STREET)
    {
        return;
    }
    let mut first = place;
    while first > 0
        && place - first < 4
        && fits(page, first - 1)
        && page.at(first).gap == Gap::Space
    {
        first -= 1;
    }
    if first == place {
        return;
    }
    let cue = page.before(first, 1);
    let the = usize::from(page.is(cue, "the"));
    let cued = page.is_any(
        page.before(first, 1 + the),
        &[
            "on", "off", "at", "near", "along", "down", "of", "and", "to", "from", "via", "in",
            "by", "onto",
        ],
    );
    let cued = cued
        || cue.is_sign(b',')
            && matches!(page.before(first, 2).kind, Kind::Number | Kind::Code)
            && page.before(first, 3).class.has(Class::ROOM);
    let long = token.len() > 4 && !page.opens(first) && !page.is_shouted;
    let proper = (first..place).any(|at| {
        !page.at(at).class.has(Class::COMMON)
            || page.at(at).class.has(Class::SURNAME.or(Class::CITY))
    });
    if cued && (proper || token.len() > 2) || long && proper {
        found.push(page.finding(
            first,
            Tail::from(page, place).last,
            Label::Geo,
            0.7,
            "street",
        ));
    }
}

fn fits(page: &Page<'_>, at: usize) -> bool {
    const NEVER: Class = Class::STOP
        .or(Class::MEDICAL)
        .or(Class::MONTH)
        .or(Class::WEEKDAY)
        .or(Class::PERSON)
        .or(Class::CLINICAL);
    let token = page.at(at);
    let ordinal = token.kind == Kind::Code && super::is_ordinal(page.bytes(at));
    let old = token.kind == Kind::Title
        && page.is_any(
            token,
            &[
                "old", "new", "one", "two", "three", "four", "five", "ten", "first", "second",
            ],
        );
    ordinal || old || token.is_capital() && token.kind != Kind::Initial && !token.class.has(NEVER)
}

/// `Route 9`, `Highway 61`, `Interstate 70`.
pub(crate) fn highway(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let number = page.at(place + 1);
    let cued = page.is_any(
        page.before(place, 1),
        &[
            "on", "off", "along", "near", "from", "of", "to", "down", "at", "by", "past", "state",
            "county", "us",
        ],
    );
    if (page.at(place).is_capital() || cued)
        && matches!(number.kind, Kind::Number | Kind::Code)
        && number.gap == Gap::Space
        && number.len() <= 4
    {
        found.push(page.finding(place, place + 1, Label::Geo, 0.75, "highway"));
    }
}

/// `found wandering on the A57`: a road by its letter and number.
pub(crate) fn lettered(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let shaped = matches!(page.bytes(place), [b'A' | b'B' | b'M', digits @ ..] if digits.iter().all(u8::is_ascii_digit));
    if shaped
        && page.is(page.before(place, 1), "the")
        && page.is_any(
            page.before(place, 2),
            &["on", "off", "along", "near", "from", "down"],
        )
    {
        found.push(page.finding(place - 1, place, Label::Geo, 0.65, "highway"));
    }
}

/// `I-95`, `US-1`: not an isotope such as `I-131`.
pub(crate) fn interstate(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let (hyphen, number) = (page.at(place + 1), page.at(place + 2));
    let joined = hyphen.is_sign(b'-')
        && hyphen.gap == Gap::None
        && number.gap == Gap::None
        && number.kind == Kind::Number
        && number.len() <= 2;
    let cued = page.is_any(
        page.before(place, 1),
        &[
            "on", "off", "along", "from", "near", "to", "down", "onto", "via", "and", "of", "at",
        ],
    );
    if joined && cued {
        found.push(page.finding(place, place + 2, Label::Geo, 0.7, "highway"));
    }
}

/// `near exit 24`, `Precinct 14`, `census tract 7021.02`.
pub(crate) fn division(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let number = page.at(place + 1);
    if number.kind != Kind::Number || number.gap != Gap::Space || number.len() > 5 {
        return;
    }
    let previous = page.before(place, 1);
    let cued = match page.bytes(place).first() {
        Some(b'e' | b'E') => page.is_any(previous, &["near", "at", "off", "of", "past", "before"]),
        Some(b't' | b'T') => page.is_any(previous, &["census"]),
        _ => true,
    };
    if cued {
        let first = place - usize::from(page.is_any(previous, &["census", "police"]));
        let decimal = page.at(place + 2).is_sign(b'.')
            && page.at(place + 2).gap == Gap::None
            && page.at(place + 3).kind == Kind::Number
            && page.at(place + 3).gap == Gap::None;
        let last = place + 1 + if decimal { 2 } else { 0 };
        found.push(page.finding(first, last, Label::Geo, 0.7, "division"));
    }
}

const KINDS: &[&str] = &[
    "street",
    "avenue",
    "boulevard",
    "road",
    "lane",
    "drive",
    "court",
    "highway",
    "parkway",
    "terrace",
    "turnpike",
    "expressway",
    "freeway",
    "st",
    "ave",
    "blvd",
    "rd",
    "ln",
    "dr",
    "ct",
    "pkwy",
    "hwy",
    "pike",
    "way",
    "place",
    "circle",
    "square",
    "alley",
    "crescent",
    "strasse",
    "weg",
];
