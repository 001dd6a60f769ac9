//! The words before a place, and how firmly they announce one.

use crate::dictionary::class::Class;

use super::super::{
    page::Page,
    token::{Gap, Kind},
};

/// How firmly the words before a capitalised word announce a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Slot {
    /// They do not.
    None,
    /// A preposition.
    Weak,
    /// A preposition after a word for going, seeing or working: `transferred from`, `clinic in`.
    Likely,
    /// A word of residence or origin: `lives in`, `born in`, `hometown:`.
    Firm,
}

impl Slot {
    /// The slot that the words before `place` open.
    pub(crate) fn before(page: &Page<'_>, place: usize) -> Self {
        let previous = page.before(place, 1);
        if previous.kind == Kind::Lower && previous.class == Class::NONE {
            return Self::None;
        }
        let skipped = usize::from(page.is_any(previous, FILLERS));
        let link = place.saturating_sub(skipped);
        if page.is_any(page.before(link, 1), PREPOSITIONS) && page.at(link).gap <= Gap::Line {
            return Self::of_verb(page, link - 1);
        }
        let labelled = previous.is_sign(b':') && page.is_any(page.before(place, 2), LABELS)
            || page.is_any(previous, &["hometown", "visiting", "downtown"])
            || page.is(previous, "city")
                && page.is_any(page.before(place, 2), &["home", "birth", "native"])
            || previous.is_sign(b':') && page.is(page.before(place, 2), "where");
        if labelled { Self::Firm } else { Self::None }
    }

    /// By the words before the preposition at `link`.
    fn of_verb(page: &Page<'_>, link: usize) -> Self {
        let travel = |token: &super::super::token::Token| page.is_any(token, TRAVEL);
        let mut likely = false;
        for back in 1..=3 {
            let token = page.before(link, back);
            if !token.is_word() && token.kind != Kind::Number
                || page.at(link + 1 - back).gap > Gap::Line
            {
                break;
            }
            if token.class.has(Class::LIVES) && !page.is_any(token, NOT_HOME) {
                return Self::Firm;
            }
            let counted = back == 1
                || page.is_any(
                    page.before(link, 1),
                    &[
                        "here", "back", "up", "over", "out", "home", "down", "alone", "care",
                    ],
                )
                || back == 2;
            likely |= counted
                && (page.is_any(token, NOT_HOME)
                    || travel(token)
                    || page.is_any(token, SCENES)
                    || token.class.has(Class::RELATION.or(Class::WORKS)));
        }
        if likely { Self::Likely } else { Self::Weak }
    }
}

/// Words of residence or origin of a person, after which a country goes with the place.
pub(crate) fn is_origin(page: &Page<'_>, place: usize) -> bool {
    let skipped = usize::from(page.is_any(page.before(place, 1), FILLERS));
    let link = place.saturating_sub(skipped + 1);
    page.is_any(page.at(link), &["in", "from", "of", "to", "at"])
        && (1..=3).any(|back| page.is_any(page.before(link, back), ORIGIN))
}

const PREPOSITIONS: &[&str] = &[
    "in", "from", "near", "to", "at", "of", "outside", "around", "via", "through", "toward",
    "towards", "into", "leaving", "within", "between",
];

const FILLERS: &[&str] = &[
    "the",
    "downtown",
    "rural",
    "nearby",
    "inner",
    "northern",
    "southern",
    "eastern",
    "western",
    "central",
    "suburban",
    "upstate",
    "greater",
    "beautiful",
    "sunny",
];

const LABELS: &[&str] = &[
    "city",
    "town",
    "hometown",
    "birthplace",
    "municipality",
    "village",
    "suburb",
    "neighborhood",
    "borough",
];

/// Words of [`Class::LIVES`] that also take a department or a drug.
const NOT_HOME: &[&str] = &[
    "arrived",
    "resident",
    "transferred",
    "returned",
    "transported",
    "located",
    "based",
    "moved",
    "trip",
    "stationed",
];

const TRAVEL: &[&str] = &[
    "came",
    "comes",
    "come",
    "coming",
    "went",
    "goes",
    "going",
    "drove",
    "drives",
    "flown",
    "flight",
    "fly",
    "flying",
    "travels",
    "travel",
    "headed",
    "heading",
    "commutes",
    "commuting",
    "visit",
    "visits",
    "referred",
    "referral",
    "bus",
    "train",
    "taxi",
    "cab",
    "move",
    "moving",
    "back",
    "home",
    "family",
    "house",
    "apartment",
    "office",
    "clinic",
    "hospital",
    "shelter",
    "prison",
    "jail",
    "nursing",
    "facility",
    "school",
    "church",
    "college",
    "practice",
    "provider",
    "records",
    "ems",
    "pharmacy",
    "married",
    "wedding",
    "conference",
    "meeting",
    "deployed",
    "base",
    "lifeflighted",
    "flighted",
    "accident",
    "collision",
    "mvc",
    "injured",
    "works",
    "staying",
    "stays",
    "stayed",
    "traveled",
    "originally",
    "currently",
    "here",
];

const SCENES: &[&str] = &[
    "seen",
    "evaluated",
    "treated",
    "hospitalized",
    "found",
    "side",
    "part",
    "outskirts",
    "suburb",
    "suburbs",
    "streets",
    "neighborhood",
    "area",
    "town",
    "city",
    "village",
    "county",
    "people",
    "mayor",
];

const ORIGIN: &[&str] = &[
    "lives",
    "lived",
    "live",
    "living",
    "resides",
    "resided",
    "reside",
    "residing",
    "born",
    "raised",
    "native",
    "grew",
    "originally",
    "moved",
    "immigrated",
    "emigrated",
    "resident",
    "citizen",
    "refugee",
    "hails",
];
