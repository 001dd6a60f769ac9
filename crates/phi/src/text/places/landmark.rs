//! Landmarks, and places named by what they are: `Lincoln Park`, `Tobin Bridge`, `Fort Bragg`.

use crate::{dictionary::class::Class, finding::Finding, label::Label};

use super::super::{
    page::Page,
    token::{Gap, Kind},
};

/// A landmark whose kind stands at `place`, after words with capitals.
pub(crate) fn kind(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let token = page.at(place);
    if token.kind != Kind::Title
        || token.gap != Gap::Space
        || page.at(place + 1).is_capital()
            && page.at(place + 1).gap == Gap::Space
            && page.at(place + 1).class.has(Class::HEAD)
    {
        return;
    }
    let mut first = place;
    while first > 0
        && place - first < 4
        && page.at(first).gap <= Gap::Space
        && fits(page, first - 1)
    {
        first -= 1;
    }
    while first < place && !page.at(first).is_capital() {
        first += 1;
    }
    let proper = (first..place).any(|at| is_own(page, at));
    if page.before(first, 1).is_sign(b'.') && page.is_any(page.before(first, 2), &["st", "mt"]) {
        first -= 2;
    }
    let state = place == first + 1 && page.at(first).class.has(Class::STATE);
    let opens =
        state || page.opens(first) && place - first == 1 && page.at(first).class.has(Class::COMMON);
    if first < place && proper && !opens {
        let mut last = place;
        while page.at(last + 1).gap == Gap::Space
            && page.at(last + 1).kind == Kind::Title
            && page
                .at(last + 1)
                .class
                .has(Class::LANDMARK.or(Class::FACILITY))
        {
            last += 1;
        }
        found.push(page.finding(first, last, Label::Geo, 0.65, "landmark"));
    }
}

/// `Mount Washington`, `Fort Bragg`, `Camp Lejeune`, `Lake Champlain` after a preposition.
pub(crate) fn opener(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let token = page.at(place);
    let cued = page.is_any(
        page.before(place, 1),
        &[
            "on", "at", "in", "near", "from", "to", "the", "of", "around", "aboard", "outside",
        ],
    );
    let dot = usize::from(page.at(place + 1).is_sign(b'.') && page.at(place + 1).gap == Gap::None);
    let name = place + 1 + dot;
    if token.kind != Kind::Title
        || !cued
        || !page.at(name).is_capital()
        || page.at(name).gap != Gap::Space
        || !is_own(page, name)
        || page.is(token, "joint") && !page.is(page.at(name), "base")
        || super::guard::is_eponym(page, name, false)
    {
        return;
    }
    let mut last = name;
    while last < name + 3
        && page.at(last + 1).gap == Gap::Space
        && page.at(last + 1).kind == Kind::Title
        && !page.at(last + 1).class.has(Class::STOP.or(Class::MEDICAL))
    {
        last += 1;
    }
    found.push(page.finding(place, last, Label::Geo, 0.65, "landmark"));
}

/// Words that open the name of a place.
pub(crate) const OPENERS: &[&str] = &[
    "mount", "mt", "fort", "ft", "camp", "lake", "cape", "port", "isle", "glacier", "joint",
    "naval", "temple",
];

fn fits(page: &Page<'_>, at: usize) -> bool {
    let token = page.at(at);
    let sign =
        token.gap == Gap::None && matches!(token.kind, Kind::Possessive | Kind::Sign(b'-' | b'\''));
    sign || token.is_capital()
        && token.kind != Kind::Initial
        && !token.class.has(
            Class::STOP
                .or(Class::MEDICAL)
                .or(Class::MONTH)
                .or(Class::TITLE)
                .or(Class::CLINICAL)
                .or(Class::PERSON),
        )
}

fn is_own(page: &Page<'_>, at: usize) -> bool {
    let token = page.at(at);
    token.is_capital()
        && token.len() > 2
        && !token.class.has(
            Class::GENERIC
                .or(Class::MEDICAL)
                .or(Class::HEAD)
                .or(Class::CLINICAL)
                .or(Class::STOP),
        )
        && (!token.class.has(Class::COMMON)
            || token.class.has(Class::SURNAME.or(Class::CITY))
            || !page.opens(at))
}
