//! Somebody's initials: `patient R.K.`, `signed J.S.`, `initials on the vial were RK`.

use crate::{dictionary::class::Class, finding::Finding, label::Label};

use super::{
    super::{
        page::Page,
        token::{Gap, Kind},
    },
    context::Context,
    weight::{Weight, weigh},
};

/// `patient R.K.`, `J.S.` after a label; gives the last token.
pub(super) fn dotted(
    page: &Page<'_>,
    place: usize,
    context: Context,
    found: &mut Vec<Finding>,
) -> Option<usize> {
    let letter = |at: usize| {
        page.at(at).kind == Kind::Initial
            && page.at(at + 1).is_sign(b'.')
            && page.at(at + 1).gap == Gap::None
    };
    let stop = usize::from(matches!(
        page.before(place, 1).kind,
        Kind::Sign(b'.' | b':')
    ));
    let cue = page.before(place, 1 + stop);
    let person = cue.class.has(Class::PERSON.or(Class::RELATION))
        || page.is_any(cue, &["initials", "pt", "pts"])
        || is_set_off(page, place)
        || is_nobodys_abbreviation(page, place)
            && (page.is_any(cue, BEFORE_INITIALS) || acts_behind(page, place));
    if !(context == Context::Strong || person)
        || !letter(place)
        || !letter(place + 2)
        || page.at(place + 2).gap > Gap::Space
    {
        return None;
    }
    let mut last = place + 3;
    while letter(last + 1) && page.at(last + 1).gap <= Gap::Space {
        last += 2;
    }
    let next = page.at(last + 1);
    if next.is_capital() && next.gap == Gap::Space && weigh(page, last + 1) >= Weight::Unknown {
        return None;
    }
    found.push(page.finding(place, last, Label::Name, 0.7, "initials"));
    Some(last)
}

/// `initials RK`, `initials on the vial were RK`, `Patient JD in 4`: capitals without stops, where a
/// word says what they are or somebody does something.
pub(super) fn solid(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) -> Option<usize> {
    const NAMED: Class = Class::GIVEN.or(Class::SURNAME).or(Class::FREQUENT);
    let token = page.at(place);
    let shaped = token.kind == Kind::Upper
        && (2..=3).contains(&token.len())
        && token.gap == Gap::Space
        && token.class.without(NAMED) == Class::NONE
        && !page.is_shouted;
    if !shaped {
        return None;
    }
    let called = (1..=6)
        .take_while(|&back| {
            !matches!(
                page.before(place, back).kind,
                Kind::Edge | Kind::Upper | Kind::Sign(b'.' | b';' | b'?')
            )
        })
        .any(|back| page.is(page.before(place, back), "initials"));
    let next = page.at(place + 1);
    let acts = next.class.has(Class::PERSON_VERB) && !page.is_any(next, &["and", "used", "noted"])
        || page.is(next, "in") && matches!(page.at(place + 2).kind, Kind::Number | Kind::Code);
    let letters = page.bytes(place);
    let patient = page.is_any(page.before(place, 1), &["patient", "pt"])
        && letters.len() == 2
        && !ABBREVIATIONS.iter().any(|known| known == letters)
        && acts
        && next.gap == Gap::Space;
    if !(called || patient) {
        return None;
    }
    found.push(page.finding(place, place, Label::Name, 0.65, "initials"));
    Some(place)
}

/// What is done with somebody whose initials follow.
const BEFORE_INITIALS: &[&str] = &[
    "with", "of", "by", "for", "signed", "re", "from", "saw", "called", "texted", "paged", "told",
    "asked", "per", "attn",
];

/// `R.L. c/o pain`, `M.K., RN`: somebody complains, or has a profession.
fn acts_behind(page: &Page<'_>, place: usize) -> bool {
    let comma = usize::from(page.at(place + 4).is_sign(b','));
    let behind = page.at(place + 4 + comma);
    behind.class.has(Class::CREDENTIAL) && comma == 1
        || page.is(behind, "c") && page.at(place + 5).is_sign(b'/') && comma == 0
        || behind.class.has(Class::PERSON_VERB) && !behind.class.has(Class::STOP) && comma == 0
}

/// Two letters with stops that abbreviate nothing of medicine and no land.
fn is_nobodys_abbreviation(page: &Page<'_>, place: usize) -> bool {
    !ABBREVIATIONS.contains(&[
        page.byte(page.at(place).start as usize),
        page.byte(page.at(place + 2).start as usize),
    ])
}

/// Two letters with stops that are no initials.
const ABBREVIATIONS: &[[u8; 2]] = &[
    *b"MD", *b"DO", *b"RN", *b"PA", *b"NP", *b"PM", *b"AM", *b"IV", *b"PO", *b"IM", *b"US", *b"ER",
    *b"ED", *b"OR", *b"DC", *b"IE", *b"EG", *b"PT", *b"OT", *b"GI", *b"GU", *b"BM", *b"UK", *b"NY",
    *b"LA", *b"BP", *b"HR", *b"RR", *b"QD", *b"SC", *b"SQ", *b"CT", *b"MR", *b"ID", *b"VA", *b"TB",
    *b"CF", *b"MS", *b"DM", *b"PR", *b"EU", *b"UN", *b"TV", *b"AD", *b"BC", *b"CC", *b"CV", *b"PE",
];

/// `subject 90250644, M.G., had`: initials between commas behind a number or a word for a person; no
/// credential and no abbreviation of medicine.
fn is_set_off(page: &Page<'_>, place: usize) -> bool {
    let (comma, whom) = (page.before(place, 1), page.before(place, 2));
    let behind = page.at(place + 4);
    matches!(comma.kind, Kind::Sign(b',' | b'('))
        && (matches!(whom.kind, Kind::Number | Kind::Code) && whom.len() > 4
            || whom.class.has(Class::PERSON.or(Class::RELATION)))
        && matches!(behind.kind, Kind::Sign(b',' | b')'))
        && is_nobodys_abbreviation(page, place)
}

#[cfg(test)]
mod tests {
    use crate::text::TextEngine;

    fn names(text: &str) -> Vec<&str> {
        let findings = TextEngine::without_tagger().scan(text, None);
        let own = findings.iter().filter(|one| one.detector == "initials");
        own.map(|one| text.get(one.range()).unwrap()).collect()
    }

    #[test]
    fn initials_with_and_without_stops_are_found_where_a_word_tells() {
        assert_eq!(names("initials on the vial were RK, redraw"), ["RK"]);
        assert_eq!(names("Patient JD in 4 wants water"), ["JD"]);
        assert_eq!(names("report to patient R.K. today"), ["R.K."]);
    }

    #[test]
    fn abbreviations_stay() {
        for text in [
            "Patient PT in 4 days",
            "the initials of CABG are known. EF was 40",
            "pt DC in 2 days",
        ] {
            assert!(names(text).is_empty(), "{text}: {:?}", names(text));
        }
    }
}
