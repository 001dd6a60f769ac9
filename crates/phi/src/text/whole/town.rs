//! Towns by their build: a name and an ending of towns (`Jasonburgh`), a direction and a name
//! (`Port Joshua`).

use crate::{
    dictionary::{class::Class, hash},
    finding::Finding,
    label::Label,
};

use super::super::{
    page::Page,
    token::{Gap, Kind, plain_letters},
};

/// Adds the unlisted word at `place`, in any case, when it is a listed name with an ending of towns.
pub(crate) fn built(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    if is_built(page, place) {
        let first = opening(page, place);
        found.push(page.finding(first, place, Label::Geo, 0.7, "built-town"));
    }
}

/// `Spencerfurt`, `jasonburgh`: in no list, a listed name before an ending of towns.
fn is_built(page: &Page<'_>, place: usize) -> bool {
    let token = page.at(place);
    if token.class != Class::NONE
        || !(6..=24).contains(&token.len())
        || !matches!(token.kind, Kind::Title | Kind::Lower | Kind::Upper)
        || token.kind == Kind::Upper && !page.is_shouted
        || page.at(place + 1).is_sign(b'@')
        || page.at(place + 1).is_sign(b'.') && page.at(place + 2).gap == Gap::None
        || token.gap == Gap::None && !matches!(page.before(place, 1).kind, Kind::Sign(b'(' | b'"'))
    {
        return false;
    }
    let mut room = [0; 64];
    let Some(word) = str::from_utf8(page.slice(token))
        .ok()
        .and_then(|word| plain_letters(word, &mut room))
    else {
        return false;
    };
    ENDINGS.iter().any(|ending| {
        word.strip_suffix(ending.as_bytes()).is_some_and(|head| {
            head.len() > 2
                && page
                    .dictionary
                    .class(hash(head))
                    .has(Class::GIVEN.or(Class::SURNAME))
        })
    })
}

/// `Port Joshua`, `New Cynthia`, `lives in west james`: a direction and a name that is a person's
/// elsewhere. Gives the last token.
pub(crate) fn directed(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) -> Option<usize> {
    const ELSE: Class = Class::STOP
        .or(Class::MEDICAL)
        .or(Class::STREET)
        .or(Class::FACILITY)
        .or(Class::CARE)
        .or(Class::COMPANY)
        .or(Class::HEAD)
        .or(Class::COMMON)
        .or(Class::STATE)
        .or(Class::COUNTRY)
        .or(Class::PERSON)
        .or(Class::TITLE)
        .or(Class::GENERIC)
        .or(Class::DEMONYM)
        .or(Class::MONTH)
        .or(Class::WEEKDAY);
    let (token, next) = (page.at(place), page.at(place + 1));
    let previous = page.before(place, 1);
    let named = next.gap == Gap::Space
        && next.len() > 2
        && next.kind == token.kind
        && next.class.has(Class::GIVEN.or(Class::SURNAME))
        && !next.class.has(ELSE);
    if !named || previous.class.has(Class::TITLE) || !page.is_any(token, DIRECTIONS) {
        return None;
    }
    let land = page.phrase(place, place + 2).has(
        Class::STATE
            .or(Class::COUNTRY)
            .or(Class::CITY)
            .or(Class::MEDICAL),
    );
    if land {
        return None;
    }
    let cued = page.is_any(
        previous,
        &["in", "from", "to", "near", "at", "of", "outside"],
    );
    let fits = match token.kind {
        Kind::Title => {
            cued || matches!(previous.kind, Kind::Sign(b',' | b'('))
                || page.at(place + 2).is_sign(b',')
        }
        Kind::Lower => cued && page.is_any(page.before(place, 2), HOMES),
        Kind::Upper => page.is_shouted && cued,
        _ => false,
    };
    if !fits {
        return None;
    }
    found.push(page.finding(place, place + 1, Label::Geo, 0.7, "directed-town"));
    Some(place + 1)
}

/// The first token of a town whose other words begin at `first`: `New Sherylmouth`, `port anna`.
pub(super) fn opening(page: &Page<'_>, first: usize) -> usize {
    let (token, previous) = (page.at(first), page.before(first, 1));
    let fits = token.gap == Gap::Space
        && first > 0
        && page.is_any(previous, DIRECTIONS)
        && token.is_word()
        && (previous.kind == token.kind
            || previous.kind == Kind::Title && token.kind == Kind::Mixed)
        && (token.kind != Kind::Lower
            || page.before(first, 2).is_sign(b',')
            || page.is_any(
                page.before(first, 2),
                &["in", "from", "to", "near", "at", "of"],
            ));
    first - usize::from(fits)
}

pub(crate) const DIRECTIONS: &[&str] = &[
    "new", "north", "south", "east", "west", "port", "lake", "fort", "mount", "upper", "lower",
    "saint", "san", "santa", "vieja", "nueva", "nuevo",
];

/// Words before a preposition of residence or travel.
const HOMES: &[&str] = &[
    "lives", "lived", "live", "living", "born", "raised", "resides", "moved", "came", "drove",
    "from", "is", "family", "home", "staying", "works", "back", "flew", "grew", "up", "clinic",
    "house",
];

/// Endings of towns; what ends like a word of English or a device is left out.
const ENDINGS: &[&str] = &[
    "ville", "burgh", "borough", "bury", "view", "furt", "fort", "mouth", "town", "stad",
    "chester", "haven", "berg", "shire", "land", "side", "ton", "port",
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
    fn towns_are_told_by_their_build() {
        assert_eq!(places("lives in jasonburgh with her mom"), ["jasonburgh"]);
        assert_eq!(places("He was arrested (Spencerfurt)."), ["Spencerfurt"]);
        assert_eq!(places("flew in from New Jessicaland"), ["New Jessicaland"]);
        assert_eq!(
            places("The passport and the interview, no support"),
            [""; 0]
        );
    }

    #[test]
    fn a_direction_and_a_name_are_a_town() {
        assert_eq!(places("He lives in Port Joshua now."), ["Port Joshua"]);
        assert_eq!(places("pt lives in new james w/ wife"), ["new james"]);
        assert_eq!(places("a new james joined"), [""; 0]);
    }
}
