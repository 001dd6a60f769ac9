//! Facilities in small letters: `st. dale hospital`, `lake toddbury va medical center`.

use crate::{dictionary::class::Class, finding::Finding, label::Label};

use super::super::{
    page::Page,
    token::{Gap, Kind},
    whole,
};

/// The facility whose kind closes at `place`, behind `at`, `from`, `to`, `in`: words of every house
/// before it, and before these a name that is no everyday word.
pub(crate) fn facility(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let next = page.at(place + 1);
    let goes_on = next.gap == Gap::Space
        && next.kind == Kind::Lower
        && next.class.has(Class::FACILITY)
        && !next.class.has(Class::STOP);
    if goes_on {
        return;
    }
    let mut first = place;
    while first > 0
        && place - first < 4
        && page.at(first).gap == Gap::Space
        && is_plain(page, first - 1)
    {
        first -= 1;
    }
    let name = first.saturating_sub(1);
    if first == 0 || page.at(first).gap != Gap::Space || !is_own(page, name) {
        return;
    }
    let mut start = name;
    while start > 0
        && name - start < 3
        && page.at(start).gap == Gap::Space
        && leads(page, start - 1)
    {
        start -= 1;
    }
    if page.before(start, 1).is_sign(b'.')
        && page.is_any(page.before(start, 2), &["st", "mt", "ft"])
    {
        start -= 2;
    }
    let cued = page.is_any(
        page.before(start, 1),
        &[
            "at", "from", "to", "in", "of", "by", "via", "with", "the", "leaving",
        ],
    );
    if cued && page.at(start).gap <= Gap::Line {
        found.push(page.finding(start, place, Label::Geo, 0.6, "small-facility"));
    }
}

/// A firm in small letters that closes at `place`: `tucker group`, `glover and sons`, `acme llc`.
pub(crate) fn firm(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let sons = page.is(page.at(place), "sons") && page.is(page.before(place, 1), "and");
    let formal = page.is_any(
        page.at(place),
        &["group", "inc", "llc", "ltd", "plc", "gmbh", "corp"],
    );
    let name = place.saturating_sub(1 + usize::from(sons));
    if !(sons || formal) || name == 0 || page.at(place).gap != Gap::Space || !is_own(page, name) {
        return;
    }
    let cued = page.is_any(
        page.before(name, 1),
        &["at", "for", "from", "to", "by", "with", "of"],
    );
    if cued && page.at(name).gap == Gap::Space {
        found.push(page.finding(name, place, Label::Employer, 0.6, "small-firm"));
    }
}

/// A word of every house before its kind: `medical`, `community health`.
fn is_plain(page: &Page<'_>, at: usize) -> bool {
    page.at(at).kind == Kind::Lower && page.is_any(page.at(at), PLAIN)
}

/// A name that is no everyday word: a town, a surname, a word no list has.
fn is_own(page: &Page<'_>, at: usize) -> bool {
    const ELSE: Class = Class::COMMON
        .or(Class::STOP)
        .or(Class::MEDICAL)
        .or(Class::CLINICAL)
        .or(Class::EPONYM)
        .or(Class::PERSON)
        .or(Class::RELATION)
        .or(Class::HEAD)
        .or(Class::UNIT)
        .or(Class::GENERIC);
    let token = page.at(at);
    let saint = page.before(at, 1).is_sign(b'.') && page.is_any(page.before(at, 2), &["st", "mt"])
        || page.is_any(page.before(at, 1), &["st", "saint", "mount"]);
    token.kind == Kind::Lower
        && token.len() > 3
        && (!token.class.has(ELSE)
            && (token
                .class
                .has(Class::CITY.or(Class::SURNAME).or(Class::GIVEN))
                || token.class == Class::NONE)
            || saint && !token.class.has(Class::STOP))
}

/// A word that stands before the name and belongs to it: `lake`, `new`, `st`, a given name.
fn leads(page: &Page<'_>, at: usize) -> bool {
    let token = page.at(at);
    token.kind == Kind::Lower
        && (page.is_any(token, whole::DIRECTIONS)
            || page.is_any(token, &["st", "saint", "mount", "mt"])
            || is_own(page, at) && token.class.has(Class::CITY.or(Class::SURNAME)))
}

const PLAIN: &[&str] = &[
    "medical",
    "community",
    "health",
    "general",
    "regional",
    "memorial",
    "va",
    "family",
    "cancer",
    "urgent",
    "care",
    "rehabilitation",
    "rehab",
    "children's",
    "childrens",
    "nursing",
    "heart",
    "eye",
    "women's",
    "veterans",
    "county",
    "dental",
    "surgical",
    "surgery",
    "dialysis",
    "university",
    "district",
    "mental",
    "behavioral",
    "primary",
    "clinic",
    "living",
    "assisted",
    "retirement",
    "treatment",
    "imaging",
];

#[cfg(test)]
mod tests {
    use crate::text::TextEngine;

    fn places(text: &str) -> Vec<&str> {
        let findings = TextEngine::without_tagger().scan(text, None);
        let places = findings.iter().filter(|one| one.label.word() == "GEO");
        places.map(|one| text.get(one.range()).unwrap()).collect()
    }

    #[test]
    fn houses_in_small_letters_are_found_with_their_name() {
        assert_eq!(
            places("pt came from st. dale hospital w/ sob"),
            ["st. dale hospital"]
        );
        assert_eq!(
            places("saw him at lake toddbury va medical center in may"),
            ["lake toddbury va medical center"]
        );
        assert!(places("discharged to home health from the hospital").is_empty());
        let text = "filled at tucker group, then glover and sons";
        let findings = TextEngine::without_tagger().scan(text, None);
        assert_eq!(
            findings.first().map(|one| one.label),
            Some(crate::label::Label::Employer)
        );
        assert!(places("seen at the pain clinic in the morning").is_empty());
    }
}
