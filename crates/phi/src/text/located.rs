//! Words that open a rule of places: by a letter, a class, or their spelling.

use crate::{dictionary::class::Class, finding::Finding};

use super::{
    page::Page,
    places, streets,
    token::{Kind, Token},
};

/// Calls the rules of places that the word at `place` may close or open.
pub(crate) fn word(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let token = page.at(place);
    if token.len() == 1 && page.before(place, 1).is_word() {
        streets::berth::value(page, place, found);
    }
    if token.class.has(ENDINGS) && !page.before(place, 1).class.has(Class::STOP) {
        places::scenic(page, place, found);
    }
    if matches!(token.kind, Kind::Lower | Kind::Upper)
        && token.len() > 1
        && may_name_a_kind(page, place)
    {
        places::plain_kind(page, place, found);
    }
    if token.kind == Kind::Lower && token.class.has(Class::FACILITY.or(Class::CARE)) {
        places::small_facility(page, place, found);
    }
    if token.kind == Kind::Lower && token.class.has(Class::COMPANY) {
        places::small_firm(page, place, found);
    }
    if page.at(place + 1).is_sign(b'-') && page.at(place + 3).is_sign(b'-') {
        places::hyphened(page, place, found);
    }
    spelled(page, place, found);
}

/// Words that open a rule by their spelling alone.
fn spelled(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let token = page.at(place);
    let lower = page.byte(token.start as usize) | 0x20;
    match (lower, token.len()) {
        (b'o' | b't' | b'f' | b's' | b'e' | b'n', 3..=6)
            if page.is_any(token, streets::berth::NUMBERS) =>
        {
            streets::berth::value(page, place, found);
            if page.at(place + 1).class.has(Class::DIRECTION) {
                streets::berth::wing(page, place, found);
            }
        }
        (b'p' | b'm' | b't' | b'b' | b'o' | b'n' | b's', 4..=9)
            if page.at(place + 1).class.has(Class::DIRECTION)
                && page.is_any(
                    token,
                    &[
                        "psych",
                        "peds",
                        "medsurg",
                        "tele",
                        "telemetry",
                        "burn",
                        "ortho",
                        "neuro",
                        "stepdown",
                        "postpartum",
                        "oncology",
                    ],
                ) =>
        {
            streets::berth::wing(page, place, found);
        }
        (b'a', 3) if page.is(token, "and") => streets::roads::crossing(page, place, found),
        (b's' | b'a' | b'r', 2..=6)
            if token.kind == Kind::Lower
                && page.is_any(token, &["street", "avenue", "ave", "road", "st", "rd"]) =>
        {
            streets::roads::small(page, place, found);
            if token.len() == 2 {
                places::saint(page, place, found);
            }
        }
        (b's', 2 | 5) if page.is_any(token, &["st", "saint"]) => places::saint(page, place, found),
        (b'b' | b's', 5) | (b'g', 5 | 6) | (b'c', 7)
            if page.is_any(token, &["basin", "state", "gables", "green", "cottage"]) =>
        {
            places::scenic(page, place, found);
        }
        (b'p', 2) if page.is(token, "ps") => places::school(page, place, found),
        (b'l', 4) if page.is(token, "lady") => places::lady(page, place, found),
        (b'h' | b'a', 4 | 5) | (b'o', 4) | (b't' | b'm', 6)
            if page.is_any(
                token,
                &[
                    "house", "arms", "acres", "oaks", "trails", "middle", "hill", "hills", "hall",
                ],
            ) =>
        {
            places::scenic(page, place, found);
        }
        (b'w' | b't' | b'a' | b'c', 4..=6)
            if page.before(place, 1).class.has(Class::DIRECTION)
                && page.is_any(token, &["wing", "tower", "campus", "annex"]) =>
        {
            places::side(page, place, found);
        }
        _ => {}
    }
}

/// Whether a kind of place may follow: a capital, a town, or a kind of kind (`nursing home`).
fn may_name_a_kind(page: &Page<'_>, place: usize) -> bool {
    const TOWN: Class = Class::CITY.or(Class::SURNAME);
    let names = |token: &Token| {
        token.is_capital()
            || token.kind == Kind::Lower
                && !token.class.has(Class::COMMON)
                && (token.class.has(TOWN) || token.class == Class::NONE)
    };
    let previous = page.before(place, 1);
    !previous.class.has(Class::STOP)
        && (names(previous)
            || previous.class.has(Class::DENOMINATION)
            || names(page.before(place, 2)))
}

/// Words that may close the name of a place.
const ENDINGS: Class = Class::STREET
    .or(Class::LANDMARK)
    .or(Class::FACILITY)
    .or(Class::CARE)
    .or(Class::ROOM);
