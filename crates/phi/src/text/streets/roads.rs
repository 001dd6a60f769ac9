//! Roads without a house number: corners, bare streets after a word of place, highways.

use crate::{dictionary::class::Class, finding::Finding, label::Label};

use super::{
    super::{
        page::Page,
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
    if page.at(place).is_capital()
        && matches!(number.kind, Kind::Number | Kind::Code)
        && number.gap == Gap::Space
        && number.len() <= 4
    {
        found.push(page.finding(place, place + 1, Label::Geo, 0.75, "highway"));
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
