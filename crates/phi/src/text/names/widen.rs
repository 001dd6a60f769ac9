//! A name found is widened over the neighbours that can be nothing else: the unlisted word beside a
//! listed name.

use crate::dictionary::class::Class;

use super::super::{
    page::Page,
    token::{Gap, Kind},
};

/// The first and last token of the name from `first` to `last` with its unlisted neighbours.
pub(super) fn widened(page: &Page<'_>, first: usize, last: usize) -> (usize, usize) {
    if page.is_shouted {
        return (first, last);
    }
    let mut start = first;
    let dotted = page.before(start, 1).is_sign(b'.') && page.before(start, 2).kind == Kind::Initial;
    let initial = if dotted {
        2
    } else {
        usize::from(page.before(start, 1).kind == Kind::Initial && page.at(start).gap == Gap::Space)
    };
    if is_own(page, start.wrapping_sub(initial + 1)) && page.at(start).gap == Gap::Space {
        start -= initial + 1;
    }
    let mut end = last;
    for _ in 0..2 {
        let initial = page.at(end + 1).kind == Kind::Initial
            && page.at(end + 1).gap == Gap::Space
            && !page.is_any(page.at(end + 1), &["i", "a"]);
        let dot = usize::from(initial && page.at(end + 2).is_sign(b'.'));
        let next = end + 1 + usize::from(initial) + dot;
        if !(is_own(page, next) || is_rare_surname(page, first, next))
            || page.at(next).gap != Gap::Space
        {
            break;
        }
        end = next;
    }
    (start, end)
}

/// A word with a capital that no list knows.
fn is_own(page: &Page<'_>, place: usize) -> bool {
    let token = page.at(place);
    matches!(token.kind, Kind::Title | Kind::Mixed) && token.len() > 2 && token.class == Class::NONE
}

/// A seldom word with a capital behind a given name: `Rebecca Capon`.
fn is_rare_surname(page: &Page<'_>, given: usize, place: usize) -> bool {
    const ELSE: Class = Class::MEDICAL
        .or(Class::STOP)
        .or(Class::HEAD)
        .or(Class::CREDENTIAL)
        .or(Class::PERSON_VERB)
        .or(Class::FACILITY)
        .or(Class::COMPANY)
        .or(Class::STREET)
        .or(Class::MONTH)
        .or(Class::WEEKDAY)
        .or(Class::PERSON)
        .or(Class::RELATION);
    let (before, token) = (page.at(given), page.at(place));
    before.class.has(Class::GIVEN)
        && before.class.has(Class::FREQUENT)
        && !before
            .class
            .has(Class::SURNAME.or(Class::COMMON).or(Class::RARE))
        && token.kind == Kind::Title
        && token.len() > 2
        && token.class.has(Class::RARE.or(Class::SURNAME))
        && !token.class.has(ELSE)
}
