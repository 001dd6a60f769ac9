//! Names whose parts touch: `JohnSmith`, `SMITH^JOHN^A`.

use crate::{
    dictionary::{class::Class, hash},
    finding::Finding,
    label::Label,
};

use super::super::{
    page::Page,
    token::{Gap, Kind},
};

/// The glued name that begins at `place`; gives its last token.
pub(super) fn glued(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) -> Option<usize> {
    let last = careted(page, place).or_else(|| camel(page, place).then_some(place))?;
    found.push(page.finding(place, last, Label::Name, 0.85, "glued-name"));
    Some(last)
}

/// `SMITH^JOHN^A`: the form of HL7 and DICOM, at least two parts of letters.
fn careted(page: &Page<'_>, place: usize) -> Option<usize> {
    if page.before(place, 1).is_sign(b'^') && page.at(place).gap == Gap::None
        || page.at(place).len() < 2
    {
        return None;
    }
    let mut last = place;
    while page.at(last + 1).is_sign(b'^')
        && page.at(last + 1).gap == Gap::None
        && page.at(last + 2).gap == Gap::None
        && page.at(last + 2).is_word()
    {
        last += 2;
    }
    let plain = |at: usize| !page.at(at).class.has(Class::MEDICAL.or(Class::STOP));
    (last > place && plain(place) && plain(place + 2)).then_some(last)
}

/// `JohnSmith`: a given name and a surname, each with its capital and no everyday word.
fn camel(page: &Page<'_>, place: usize) -> bool {
    const ELSE: Class = Class::COMMON
        .or(Class::RARE)
        .or(Class::MEDICAL)
        .or(Class::EPONYM)
        .or(Class::PARTICLE);
    let token = page.at(place);
    if token.kind != Kind::Mixed || token.class.has(Class::GIVEN.or(Class::SURNAME)) {
        return false;
    }
    let word = page.bytes(place);
    let mut capitals =
        (1..word.len()).filter(|at| word.get(*at).is_some_and(u8::is_ascii_uppercase));
    let (Some(cut), None) = (capitals.next(), capitals.next()) else {
        return false;
    };
    let Some((given, surname)) = word.split_at_checked(cut) else {
        return false;
    };
    let class = |part: &[u8]| page.dictionary.class(hash(part));
    let (first, second) = (class(given), class(surname));
    given.len() > 2
        && surname.len() > 2
        && first.has(Class::GIVEN)
        && first.has(Class::FREQUENT)
        && second.has(Class::SURNAME)
        && !first.has(ELSE)
        && !second.has(ELSE)
}
