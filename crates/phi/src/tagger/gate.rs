//! Which decisions a tagger may take: what it has learned of capitals and lists says little of a run
//! of abbreviations, numbers and makers in lower case.

mod numbers;

use std::ops::Range;

use crate::{
    dictionary::class::Class,
    label::Label,
    text::{
        Page,
        likeness::likeness,
        token::{Gap, Kind, Token},
    },
};

/// Whether the tagger may call these tokens so, as sure as it is, from 0 to 1.
pub(super) fn permits(page: &Page<'_>, places: Range<usize>, label: Label, sure: f32) -> bool {
    if is_form(page, &places) {
        return false;
    }
    if !matches!(label, Label::Name | Label::Geo | Label::Employer)
        || numbers::is_numbered(page, &places)
    {
        return sure >= NUMBERED && numbers::tells(page, &places, label);
    }
    if label == Label::Name && is_initials(page, &places) {
        return sure >= CERTAIN;
    }
    if label == Label::Name && !is_possible_name(page, places.clone())
        || label != Label::Name && is_only_land(page, places.clone())
    {
        return false;
    }
    if is_clause(page, places.clone())
        || label != Label::Name && opens_plainly(page.at(places.start), page)
    {
        return false;
    }
    if !places.clone().any(|place| tells(page, place)) {
        return is_listed(page, places, label, sure);
    }
    if !is_only_upper(page, places.clone()) {
        return label != Label::Name || sure >= CAPITAL;
    }
    if label == Label::Name {
        return is_loud_name(page, places, sure);
    }
    places.into_iter().any(|place| {
        let token = page.at(place);
        token.class.has(LAND.or(BUILT).or(Class::COMPANY)) || token.len() > 5
    })
}

/// Blanks to be filled in, or more of a line than any identifier takes: `1a __ 1b __`.
fn is_form(page: &Page<'_>, places: &Range<usize>) -> bool {
    let blank = |place: usize| page.at(place).is_sign(b'_') && page.at(place + 1).is_sign(b'_');
    places.clone().any(blank) || places.len() > LONGEST
}

/// `J.R.`, `KRW`, `A.-M. L.`: single letters with their dots, or up to three capitals that no list
/// has, in a text that has small letters.
fn is_initials(page: &Page<'_>, places: &Range<usize>) -> bool {
    let lettered = |token: &Token| match token.kind {
        Kind::Initial | Kind::Sign(b'.' | b'-') => true,
        Kind::Lower => token.len() == 1,
        Kind::Upper => token.len() <= 3 && token.class == Class::NONE,
        _ => false,
    };
    let letters = places
        .clone()
        .filter(|place| page.at(*place).is_word())
        .count();
    let solid = places.len() == 1 && page.at(places.start).kind == Kind::Upper;
    !page.is_shouted
        && (letters > 1 || solid)
        && places.clone().all(|place| lettered(page.at(place)))
}

/// A word of grammar other than an article, which opens no place: `But Secretly Love`.
fn opens_plainly(token: &Token, page: &Page<'_>) -> bool {
    const PLACE: Class = LAND.or(Class::PARTICLE).or(Class::SURNAME);
    token.class.has(Class::STOP) && !token.class.has(PLACE) && !page.is(token, "the")
}

/// Too long for a name, or cut inside brackets: the title of a song, a sentence in capitals.
fn is_clause(page: &Page<'_>, places: Range<usize>) -> bool {
    let words = places.clone().filter(|place| page.at(*place).is_word());
    let count = |sign| {
        places
            .clone()
            .filter(|place| page.at(*place).is_sign(sign))
            .count()
    };
    words.count() > 8 || count(b'(') != count(b')')
}

/// One word at least that a list of names has or no list at all; no eponym alone where medicine is
/// spoken of, no phrase of medicine at the front.
fn is_possible_name(page: &Page<'_>, places: Range<usize>) -> bool {
    const WORD: Class = Class::COMMON.or(Class::RARE).or(NEVER);
    let words = || places.clone().filter(|place| page.at(*place).is_word());
    let possible = words().any(|place| {
        let token = page.at(place);
        token.class.has(Class::GIVEN.or(Class::SURNAME))
            || letters(page, token) > 1 && !token.class.has(WORD)
    });
    let term = page
        .phrase(places.start, places.start + 2)
        .has(Class::MEDICAL.or(Class::EPONYM));
    let class = page.at(places.start).class;
    let eponym = words().count() == 1
        && page.is_clinical
        && class.has(Class::EPONYM)
        && !class.has(Class::GIVEN.or(Class::FREQUENT))
        && !is_told(page, &places);
    possible && !term && !eponym
}

/// How many letters a word has, whatever each takes of bytes.
fn letters(page: &Page<'_>, token: &Token) -> usize {
    str::from_utf8(page.slice(token)).map_or(0, |word| word.chars().count())
}

/// A state or country and nothing smaller.
fn is_only_land(page: &Page<'_>, places: Range<usize>) -> bool {
    const WIDE: Class = Class::STATE.or(Class::COUNTRY);
    page.phrase(places.start, places.end).has(WIDE)
        || places.len() == 1 && page.at(places.start).class.has(WIDE)
}

/// A word whose capital says something: not in a text all in capitals, no abbreviation of medicine.
fn tells(page: &Page<'_>, place: usize) -> bool {
    let token = page.at(place);
    token.is_capital() && !page.is_shouted && !token.class.has(NEVER)
}

/// Without a telling capital a place or employer needs a listed word, a name one that looks like a
/// name, and the words around it.
fn is_listed(page: &Page<'_>, places: Range<usize>, label: Label, sure: f32) -> bool {
    if label == Label::Name {
        return is_quiet_name(page, places, sure);
    }
    if places.clone().any(|place| is_measured(page, place)) {
        return false;
    }
    let cue = is_cued(page, places.start);
    let certain = cue && sure >= CERTAIN && page.is_small;
    places.into_iter().any(|place| {
        let token = page.at(place);
        let class = token.class;
        let plain = class.has(Class::COMMON.or(Class::RARE).or(NEVER));
        let unknown = certain && class == Class::NONE && token.is_word() && token.len() > 4;
        class.has(LAND) && !plain || cue && class.has(BUILT) || unknown
    })
}

/// A number, a unit or a term of medicine: `300 psi`, `mcv 71 rdw 19`.
fn is_measured(page: &Page<'_>, place: usize) -> bool {
    let token = page.at(place);
    token.class.has(Class::UNIT.or(Class::MEDICAL))
        && !token.class.has(LAND.or(BUILT))
        && !page.is_any(token, BUILT_MEDICAL)
        || matches!(token.kind, Kind::Sign(b'+' | b'%' | b'<' | b'>' | b'='))
}

/// Words of medicine in the names of the houses where it is practised.
const BUILT_MEDICAL: &[&str] = &[
    "medical",
    "medicine",
    "family",
    "memorial",
    "regional",
    "general",
    "health",
    "care",
    "rehab",
    "dialysis",
    "surgical",
    "cancer",
    "heart",
    "eye",
    "dental",
    "women",
    "children",
    "nursing",
    "pharmacy",
    "hospital",
    "clinic",
    "center",
    "centre",
    "hospice",
    "infirmary",
];

/// A name in lower case, or in a text all in capitals.
fn is_quiet_name(page: &Page<'_>, places: Range<usize>, sure: f32) -> bool {
    let spoiled = places.clone().any(|place| {
        let token = page.at(place);
        token.class.has(Class::MEDICAL.or(Class::UNIT))
            || matches!(token.kind, Kind::Number | Kind::Code)
            || is_measured(page, place)
    });
    let looks = places.clone().any(|place| looks_like_a_name(page, place));
    let around = is_told(page, &places);
    let apart = !is_before_code(page, places.end);
    let brought =
        sure >= LIKELY && (is_introduced(page, &places) || is_registered(page, places.end));
    !spoiled && looks && (around || brought || sure >= CERTAIN && apart)
}

/// `appt for`, `this is`, `results of`, `bed 12:` stand right before.
fn is_introduced(page: &Page<'_>, places: &Range<usize>) -> bool {
    let before = page.before(places.start, 1);
    let near = page.at(places.start).gap <= Gap::Space;
    let listed = matches!(before.kind, Kind::Sign(b':' | b'>' | b'"' | b'('))
        && !page.before(places.start, 2).class.has(Class::MEDICAL);
    near && (listed || page.is_any(before, INTRODUCING))
}

/// An age with the sex, a date of birth or a number of a record follows: `43f`, `, 93yo`, `dob`.
fn is_registered(page: &Page<'_>, end: usize) -> bool {
    let comma = usize::from(matches!(page.at(end).kind, Kind::Sign(b',' | b'(')));
    let next = page.at(end + comma);
    let bytes = page.bytes(end + comma);
    let digits = bytes
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let aged = (1..=3).contains(&digits)
        && bytes
            .get(digits..)
            .is_some_and(|rest| [&b"f"[..], b"m", b"yo", b"yom", b"yof", b"y"].contains(&rest));
    next.gap <= Gap::Space && (aged || page.is_any(next, REGISTERING))
}

const INTRODUCING: &[&str] = &[
    "for", "is", "per", "attn", "meet", "move", "why", "specimen", "driver", "caller", "visits",
];

const REGISTERING: &[&str] = &[
    "dob", "mrn", "acct", "account", "rm", "room", "ph", "phone", "member", "dea", "npi", "email",
    "date", "born", "record", "comma", "early", "late", "mid", "at", "age", "aged",
];

/// A model number, a code or a term follows: `siemens atellica`, `citrix 2203`.
fn is_before_code(page: &Page<'_>, end: usize) -> bool {
    let next = page.at(end);
    next.gap <= Gap::Space
        && (matches!(next.kind, Kind::Number | Kind::Code)
            || next
                .class
                .has(Class::MEDICAL.or(Class::HEAD).or(Class::CODE)))
}

fn looks_like_a_name(page: &Page<'_>, place: usize) -> bool {
    const ELSE: Class = Class::COMMON.or(Class::RARE).or(NEVER).or(Class::HEAD);
    let token = page.at(place);
    if !token.is_word() || token.len() < 4 {
        return token.class.has(Class::GIVEN)
            && token.class.has(Class::FREQUENT)
            && token.len() > 2;
    }
    let named = token.class.has(Class::GIVEN.or(Class::SURNAME)) && !token.class.has(ELSE);
    named || token.class == Class::NONE && likeness(page.slice(token)) > BUILT_LIKE
}

/// Somebody is spoken of right before or behind.
fn is_told(page: &Page<'_>, places: &Range<usize>) -> bool {
    const BEFORE: Class = Class::PERSON
        .or(Class::RELATION)
        .or(Class::TITLE)
        .or(Class::CONTACT)
        .or(Class::GREETING)
        .or(Class::NAME_LABEL);
    let (before, behind) = (page.before(places.start, 1), page.at(places.end));
    let says = |token: &Token, class| token.class.has(class) && token.gap <= Gap::Line;
    page.at(places.start).gap <= Gap::Line && says(before, BEFORE)
        || behind.kind == Kind::Possessive
        || says(behind, Class::PERSON_VERB) && !behind.class.has(Class::STOP)
}

/// A preposition of place stands right before.
fn is_cued(page: &Page<'_>, first: usize) -> bool {
    page.at(first).gap == Gap::Space
        && page.is_any(
            page.before(first, 1),
            &["in", "at", "from", "near", "on", "to", "outside"],
        )
}

/// Nothing but capitals in a text that is not: an abbreviation more often than a name.
fn is_only_upper(page: &Page<'_>, mut places: Range<usize>) -> bool {
    places.all(|place| {
        let token = page.at(place);
        !token.is_word()
            || matches!(token.kind, Kind::Upper | Kind::Initial)
            || token.kind == Kind::Lower && token.len() < 3
    })
}

fn is_loud_name(page: &Page<'_>, places: Range<usize>, sure: f32) -> bool {
    let built = places.clone().any(|place| {
        let token = page.at(place);
        let named = token.class.has(Class::GIVEN.or(Class::SURNAME));
        token.len() > 3
            && !token.class.has(Class::MEDICAL)
            && (named || likeness(page.slice(token)) > BUILT_LIKE)
    });
    built && (sure >= CERTAIN || is_told(page, &places))
}

/// A listed town, county or country.
const LAND: Class = Class::CITY
    .or(Class::COUNTY)
    .or(Class::COUNTRY)
    .or(Class::STATE);

/// Words of buildings and roads.
const BUILT: Class = Class::FACILITY
    .or(Class::LANDMARK)
    .or(Class::STREET)
    .or(Class::ROAD)
    .or(Class::DENOMINATION);

/// Words that are no identifier whatever their case.
const NEVER: Class = Class::MEDICAL.or(Class::UNIT).or(Class::STOP);

/// How sure a tagger must be of a name that no capital and no neighbour gives away.
const CERTAIN: f32 = 0.97;

/// No identifier has more tokens.
const LONGEST: usize = 24;

/// How sure it must be of a number.
const NUMBERED: f32 = 0.7;

/// How sure a tagger must be of a name with a capital.
const CAPITAL: f32 = 0.7;

/// How sure it must be where the words around tell of somebody.
const LIKELY: f32 = 0.5;

/// Above it, six names in seven and one word in eleven that no list holds.
const BUILT_LIKE: i32 = -20;

#[cfg(test)]
mod tests {
    use crate::text::TextEngine;

    pub(super) fn by_tagger(text: &str) -> Vec<String> {
        let findings = TextEngine::new().scan(text, None);
        let own = findings.iter().filter(|one| one.detector == "tagger");
        own.map(|one| text.get(one.range()).unwrap().to_owned())
            .collect()
    }

    #[test]
    fn runs_of_abbreviations_and_makers_stay() {
        for text in [
            "sysmex plt 88 with giant plts, smear or blue top redraw",
            "ferritin 12 hgb 9.8 mcv 70 rdw 18, ida or thal",
            "beckman dxi 600 tsh vs roche cobas 6000 which calibrator lot",
            "citrix session timeout 45 min vs hyperspace 20 min",
            "what bp cuff size for arm 44 cm, error on 180 mmhg",
        ] {
            assert!(by_tagger(text).is_empty(), "{text}: {:?}", by_tagger(text));
        }
    }
}
