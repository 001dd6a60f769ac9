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
    let mut start = front(page, first);
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
        if !(is_own(page, next)
            || is_rare_surname(page, first, next)
            || next == end + 1 && is_plain_surname(page, first, end))
            || page.at(next).gap != Gap::Space
        {
            break;
        }
        end = next;
    }
    (start, particle_tail(page, end))
}

/// Small particles, an initial, a given name that is a word as well: what may stand before a name
/// and belongs to it.
fn front(page: &Page<'_>, first: usize) -> usize {
    let mut start = first;
    while start > 0
        && start + 3 > first
        && page.at(start).gap == Gap::Space
        && is_small_particle(page, start - 1)
    {
        start -= 1;
    }
    if start > 0 && page.at(start).gap == Gap::Space && is_lone_initial(page, start - 1)
        || start > 0 && is_plain_given(page, start - 1) && page.at(start).gap == Gap::Space
    {
        start -= 1;
    }
    start
}

/// `B` in `for B Sandoval`: no article, no grade, type or vitamin.
fn is_lone_initial(page: &Page<'_>, place: usize) -> bool {
    const GRADED: Class = Class::HEAD
        .or(Class::MEDICAL)
        .or(Class::ROOM)
        .or(Class::MEASURE);
    let (token, previous) = (page.at(place), page.before(place, 1));
    let lone = token.kind == Kind::Initial && !page.is_any(token, &["i", "a", "x"]);
    let graded = previous.class.has(GRADED)
        || page.is_any(
            previous,
            &[
                "type",
                "class",
                "grade",
                "group",
                "stage",
                "vitamin",
                "hepatitis",
                "part",
                "plan",
                "arm",
                "option",
                "phase",
            ],
        );
    lone && token.gap <= Gap::Line && !graded && previous.kind == Kind::Lower
}

/// `Ivy`, `Hyacinth` before a surname: a word with a capital where none opens a sentence, or one that
/// is seldom met as a word.
fn is_plain_given(page: &Page<'_>, place: usize) -> bool {
    let token = page.at(place);
    let shaped = token.kind == Kind::Title && token.len() > 2 && !token.class.has(NO_NAME);
    let inside = !page.opens(place) && page.before(place, 1).kind == Kind::Lower;
    let given = token.class.has(Class::GIVEN);
    let seldom = token.class.has(Class::RARE) && !token.class.has(Class::COMMON);
    let word = inside && token.class.has(Class::COMMON.or(Class::RARE));
    shaped && (given || seldom || word)
}

/// `Long` in `Muriel Long has`: a frequent surname behind a given name, no other capital behind it.
fn is_plain_surname(page: &Page<'_>, given: usize, last: usize) -> bool {
    let (before, token, next) = (page.at(given), page.at(last + 1), page.at(last + 2));
    let goes_on = next.is_capital() && next.gap == Gap::Space;
    given == last
        && before.class.has(Class::GIVEN)
        && token.kind == Kind::Title
        && token.len() > 2
        && token.class.has(Class::SURNAME)
        && !token
            .class
            .has(NO_NAME.or(Class::STREET).or(Class::LANDMARK))
        && !goes_on
}

/// `ap Rhys`, `de la Vega` behind a given name.
fn particle_tail(page: &Page<'_>, last: usize) -> usize {
    let mut head = last + 1;
    while head < last + 4 && is_small_particle(page, head) {
        head += 1;
    }
    let token = page.at(head);
    let named = head > last + 1
        && matches!(token.kind, Kind::Title | Kind::Mixed)
        && token.gap == Gap::Space
        && token.len() > 2
        && !token.class.has(Class::MEDICAL.or(Class::STOP));
    if named { head } else { last }
}

/// A particle in small letters that is no word of English.
pub(super) fn is_small_particle(page: &Page<'_>, place: usize) -> bool {
    let token = page.at(place);
    token.kind == Kind::Lower
        && token.len() < 4
        && page.is_any(
            token,
            &[
                "de", "la", "del", "van", "von", "der", "den", "di", "du", "da", "dos", "das",
                "bin", "ibn", "ter", "ap", "wa", "abu", "ben", "le", "zu",
            ],
        )
}

/// Words whose capital has another reason than a name.
const NO_NAME: Class = Class::MEDICAL
    .or(Class::STOP)
    .or(Class::HEAD)
    .or(Class::CREDENTIAL)
    .or(Class::TITLE)
    .or(Class::FACILITY)
    .or(Class::COMPANY)
    .or(Class::MONTH)
    .or(Class::WEEKDAY)
    .or(Class::PERSON)
    .or(Class::RELATION)
    .or(Class::NAME_LABEL)
    .or(Class::GREETING)
    .or(Class::SIGNER)
    .or(Class::CONTACT)
    .or(Class::EPONYM)
    .or(Class::DEMONYM)
    .or(Class::CITY)
    .or(Class::STATE)
    .or(Class::COUNTRY)
    .or(Class::UNIT)
    .or(Class::CARE)
    .or(Class::DENOMINATION)
    .or(Class::PERSON_VERB);

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
