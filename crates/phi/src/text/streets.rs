//! Street addresses, post boxes, rooms and postal codes (45 CFR 164.514(b)(2)(i)(B)).

use crate::{dictionary::class::Class, finding::Finding, label::Label};

use super::{
    page::Page,
    token::{Gap, Kind},
};

/// An address that the house number at `place` opens: `12 N. Oak Street Apt 4, Troy, NY 12180`.
pub(crate) fn house(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let token = page.at(place);
    if token.len() > 6 || page.before(place, 1).is_sign(b'.') && token.gap == Gap::None {
        return;
    }
    let Some(street) = street_end(page, place + 1) else {
        return;
    };
    let last = tail(page, street);
    found.push(page.finding(place, last, Label::Geo, 0.9, "street-address"));
}

/// The last token of the street's name and kind, from the token after the house number.
fn street_end(page: &Page<'_>, first: usize) -> Option<usize> {
    let mut at = first;
    let mut words = 0;
    while at < first + 7 {
        let token = page.at(at);
        if token.gap > Gap::Line {
            return None;
        }
        let closes = token.class.has(Class::STREET) && words > 0 && token.kind != Kind::Lower
            || words > 0 && words < 3 && page.is_any(token, FULL_STREETS);
        if closes && !goes_on(page, at) {
            let dot = usize::from(
                page.at(at + 1).is_sign(b'.')
                    && page.at(at + 1).gap == Gap::None
                    && token.len() < 5,
            );
            let direction = page.at(at + dot + 1);
            let turned = direction.class.has(Class::DIRECTION)
                && direction.kind == Kind::Upper
                && direction.gap == Gap::Space;
            return Some(at + dot + usize::from(turned));
        }
        match token.kind {
            Kind::Sign(b'.' | b'\'' | b'-') if token.gap == Gap::None && words > 0 => {}
            Kind::Possessive => {}
            Kind::Code if is_ordinal(page.bytes(at)) => words += 1,
            Kind::Number
                if page.is_any(
                    page.before(at, 1),
                    &["highway", "route", "hwy", "rte", "road"],
                ) =>
            {
                return Some(at);
            }
            Kind::Title | Kind::Upper | Kind::Mixed | Kind::Initial => {
                if token.class.has(Class::UNIT)
                    && matches!(token.kind, Kind::Upper | Kind::Mixed)
                    && !token.class.has(Class::DIRECTION)
                {
                    return None;
                }
                words += 1;
            }
            Kind::Lower
                if !token
                    .class
                    .has(Class::STOP.or(Class::UNIT).or(Class::MEASURE))
                    && words < 2 =>
            {
                words += 1;
            }
            _ => return None,
        }
        at += 1;
    }
    None
}

/// `12 Park Street`: a later word is the kind of street.
fn goes_on(page: &Page<'_>, at: usize) -> bool {
    let next = page.at(at + 1);
    let after = page.at(at + 2);
    next.gap == Gap::Space
        && next.is_capital()
        && (next.class.has(Class::STREET) && !next.class.has(Class::STATE_CODE)
            || after.gap == Gap::Space && after.is_capital() && page.is_any(after, FULL_STREETS))
}

fn is_ordinal(bytes: &[u8]) -> bool {
    bytes.first().is_some_and(u8::is_ascii_digit)
        && bytes.len() < 7
        && [b"st", b"nd", b"rd", b"th"]
            .iter()
            .any(|ending| bytes.to_ascii_lowercase().ends_with(*ending))
}

/// Carries on from the street's last token over unit, town, state and postal code.
pub(crate) fn tail(page: &Page<'_>, street: usize) -> usize {
    let mut last = street;
    if let Some(unit) = unit_end(page, skip_comma(page, last + 1)) {
        last = unit;
    }
    let town = skip_comma(page, last + 1);
    if let Some(end) = town_end(page, town, true) {
        return end;
    }
    zip_end(page, town)
        .or_else(|| bare_town(page, last + 1))
        .unwrap_or(last)
}

/// The town without a state after the street's comma: `12 Oak Street, Lebanon 03766`.
fn bare_town(page: &Page<'_>, comma: usize) -> Option<usize> {
    const NEVER: Class = Class::STOP
        .or(Class::TITLE)
        .or(Class::WEEKDAY)
        .or(Class::MONTH)
        .or(Class::RELATION)
        .or(Class::PERSON)
        .or(Class::MEDICAL);
    if !page.at(comma).is_sign(b',') || page.at(comma).gap != Gap::None {
        return None;
    }
    let mut last = comma;
    while last < comma + 4 {
        let token = page.at(last + 1);
        let near = token.gap <= if last == comma { Gap::Line } else { Gap::Space };
        if !near || !token.is_capital() || token.len() < 2 || token.class.has(NEVER) {
            break;
        }
        last += 1;
    }
    if last == comma {
        return None;
    }
    let zip = zip_end(page, last + 1).filter(|_| page.at(last + 1).kind == Kind::Number);
    let next = page.at(last + 1);
    let closed =
        next.gap >= Gap::Line || matches!(next.kind, Kind::Sign(b'.' | b',' | b';' | b')'));
    let listed = page.phrase(comma + 1, last + 1).has(Class::CITY) || !page.is_shouted;
    zip.or((closed && listed).then_some(last))
}

fn skip_comma(page: &Page<'_>, at: usize) -> usize {
    at + usize::from(matches!(page.at(at).kind, Kind::Sign(b',' | b';')))
}

/// `Apt 4B`, `# 12`.
fn unit_end(page: &Page<'_>, at: usize) -> Option<usize> {
    let token = page.at(at);
    if token.gap > Gap::Line
        || !(token.class.has(Class::ROOM) && token.is_word() || token.is_sign(b'#'))
    {
        return None;
    }
    let dot = usize::from(matches!(page.at(at + 1).kind, Kind::Sign(b'.' | b'#')));
    let value = page.at(at + 1 + dot);
    let fits =
        matches!(value.kind, Kind::Number | Kind::Code | Kind::Initial) && value.gap <= Gap::Space;
    fits.then_some(at + 1 + dot)
}

/// `Troy, NY 12180`, from the town's first word on.
pub(crate) fn town_end(page: &Page<'_>, first: usize, is_cued: bool) -> Option<usize> {
    let mut at = first;
    while at < first + 4
        && page.at(at).is_capital()
        && page.at(at).kind != Kind::Initial
        && page.at(at).gap <= Gap::Line
    {
        at += 1;
        at += usize::from(
            page.at(at).is_sign(b'.') && page.is_any(page.before(at, 1), &["st", "ft", "mt"]),
        );
        let state_at = skip_comma(page, at);
        if let Some(end) = state_end(page, state_at, state_at > at, is_cued) {
            return Some(zip_end(page, end + 1).unwrap_or(end));
        }
    }
    None
}

/// The last token of a state's name or two letters.
fn state_end(page: &Page<'_>, at: usize, after_comma: bool, is_cued: bool) -> Option<usize> {
    let token = page.at(at);
    if token.gap > Gap::Line || !token.is_capital() {
        return None;
    }
    let followed_by_zip = page.at(at + 1).kind == Kind::Number && page.at(at + 1).len() == 5;
    if token.kind == Kind::Upper
        && token.len() == 2
        && token.class.has(Class::STATE_CODE)
        && (after_comma && (is_cued || !token.class.has(Class::CREDENTIAL))
            || followed_by_zip
            || after_comma && !page.is_shouted && !token.class.has(Class::MEDICAL))
    {
        return Some(at);
    }
    let long = page.at(at + 1).is_capital() && page.phrase(at, at + 2).has(Class::STATE);
    if long && (after_comma || followed_by_zip) {
        return Some(at + 1);
    }
    (token.class.has(Class::STATE) && (after_comma || followed_by_zip)).then_some(at)
}

/// A five-digit postal code, with its four more digits.
fn zip_end(page: &Page<'_>, at: usize) -> Option<usize> {
    let at = skip_comma(page, at);
    let token = page.at(at);
    if token.kind != Kind::Number || token.len() != 5 || token.gap > Gap::Line {
        return None;
    }
    let plus = page.at(at + 1).is_sign(b'-')
        && page.at(at + 1).gap == Gap::None
        && page.at(at + 2).len() == 4
        && page.at(at + 2).kind == Kind::Number;
    Some(at + if plus { 2 } else { 0 })
}

/// `zip 12180`, `NY 12180`, `postal code: 12180`.
pub(crate) fn zip(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let mut at = place + 1;
    while at < place + 5
        && (matches!(page.at(at).kind, Kind::Sign(b':' | b'#' | b'-'))
            || page.is_any(page.at(at), &["code", "is", "of"]))
    {
        at += 1;
    }
    if let Some(end) = zip_end(page, at) {
        found.push(page.finding(at, end, Label::Geo, 0.9, "zip"));
    }
}

/// `Room 412`, `Apt. 3B`, `Ward C7`.
pub(crate) fn room(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let token = page.at(place);
    if page.is_any(token, &["no", "bay", "flat", "floor", "unit", "bed"]) && !token.is_capital() {
        return;
    }
    let Some(end) = unit_end(page, place) else {
        return;
    };
    let value = page.at(end);
    let opens_count = page.at(end + 1).class.has(Class::UNIT) && page.at(end + 1).gap <= Gap::Space
        || page.at(end + 1).is_sign(b'.')
            && page.at(end + 2).gap == Gap::None
            && page.at(end + 2).kind == Kind::Number;
    let numbered = value.kind != Kind::Initial
        || page.is_any(token, &["apt", "apartment", "suite", "ward"]) && token.is_capital();
    if !opens_count && numbered && !page.is_any(token, &["no", "floor", "flat"]) {
        found.push(page.finding(place, end, Label::Geo, 0.7, "room"));
    }
}

/// `P.O. Box 1187`.
pub(crate) fn post_box(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let value = page.at(place + 1);
    let mut first = place;
    while first > 0
        && place - first < 4
        && (page.before(first, 1).is_sign(b'.')
            || page.is_any(page.before(first, 1), &["p", "o", "po", "post", "office"]))
    {
        first -= 1;
    }
    if first < place && matches!(value.kind, Kind::Number | Kind::Code) {
        found.push(page.finding(first, tail(page, place + 1), Label::Geo, 0.9, "post-box"));
    }
}

/// `Calle Mayor 12`, `Rue de la Paix 5`, `Lindenstraße 7`: the number last.
pub(crate) fn street_first(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let mut at = place + 1;
    while at < place + 6
        && page.at(at).gap == Gap::Space
        && (page.at(at).is_capital() || page.at(at).class.has(Class::PARTICLE))
    {
        at += 1;
    }
    let at = skip_comma(page, at);
    if (at > place + 1 || is_compound_street(page.bytes(place)))
        && matches!(page.at(at).kind, Kind::Number | Kind::Code)
        && page.at(at).len() < 6
        && page.at(at).gap == Gap::Space
        && !page.at(at + 1).class.has(Class::UNIT)
    {
        found.push(page.finding(place, at, Label::Geo, 0.8, "street-first"));
    }
}

/// A German or Dutch street in one word.
pub(crate) fn is_compound_street(word: &[u8]) -> bool {
    const ENDINGS: &[&[u8]] = &[
        b"strasse",
        "straße".as_bytes(),
        b"gasse",
        b"platz",
        b"allee",
        b"straat",
        b"gracht",
        b"katu",
        b"vej",
        b"gatan",
    ];
    word.len() > 8 && ENDINGS.iter().any(|ending| word.ends_with(ending))
}

const FULL_STREETS: &[&str] = &[
    "street",
    "avenue",
    "boulevard",
    "road",
    "drive",
    "lane",
    "court",
    "highway",
    "parkway",
    "terrace",
    "ave",
    "blvd",
    "rd",
];
