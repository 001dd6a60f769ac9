//! Places named by everyday words: `Maple Court`, `golden oaks`, `the larch unit`, `the red lion`,
//! and by a saint: `st lucy's`, `Our Lady of the Snows`.

use crate::{dictionary::class::Class, finding::Finding, label::Label};

use super::{
    super::{
        page::Page,
        token::{Gap, Kind},
    },
    naming::{is_ending, is_naming},
};

/// A naming word before the kind of place at `place`.
pub(crate) fn scenic(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let (token, previous) = (page.at(place), page.before(place, 1));
    if token.gap != Gap::Space
        || place == 0
        || !is_ending(page, token)
        || !is_naming(page, previous)
    {
        return;
    }
    let mut first = place - 1;
    while first > 0 && place - first < 4 && page.at(first).gap == Gap::Space {
        let before = page.before(first, 1);
        let named = is_naming(page, before)
            || before.is_capital()
                && !page.is_shouted
                && before.kind == Kind::Title
                && !before.class.has(
                    Class::STOP
                        .or(Class::MEDICAL)
                        .or(Class::TITLE)
                        .or(Class::PERSON)
                        .or(Class::STATE),
                );
        if !named {
            break;
        }
        first -= 1;
    }
    let titled =
        !page.is_shouted && token.kind == Kind::Title && page.at(first).kind == Kind::Title;
    if !(titled && !page.opens(first) || is_cued(page, first)) || is_garden(page, place) {
        return;
    }
    let mut last = place;
    while last < place + 4
        && page.at(last + 1).gap == Gap::Space
        && page.at(last + 1).is_word()
        && page.at(last + 1).kind != Kind::Initial
        && (is_ending(page, page.at(last + 1)) && page.at(last + 1).kind == token.kind
            || page.at(last + 1).kind == token.kind
                && page
                    .at(last + 1)
                    .class
                    .has(Class::FACILITY.or(Class::CARE).or(Class::STREET)))
    {
        last += 1;
    }
    found.push(page.finding(first, last, Label::Geo, 0.6, "scenic"));
}

/// `the olive grove`, `a rose garden`: no name, but a thing of every village.
fn is_garden(page: &Page<'_>, place: usize) -> bool {
    page.at(place).kind == Kind::Lower
        && page.is_any(
            page.at(place),
            &[
                "grove", "gardens", "hill", "hills", "green", "creek", "lake", "river", "bay",
                "view", "farm", "wood", "woods", "bed", "ridge", "fields", "road", "way", "run",
                "house", "home",
            ],
        )
        && page.is_any(
            page.before(place, 2),
            &["the", "a", "an", "their", "his", "her", "our", "this"],
        )
        && !page.is_clinical
}

/// A preposition, perhaps with an article, or a word for being there.
fn is_cued(page: &Page<'_>, first: usize) -> bool {
    let the = usize::from(page.is_any(page.before(first, 1), &["the", "is", "called"]));
    page.is_any(
        page.before(first, 1 + the),
        &[
            "at", "from", "to", "in", "on", "near", "behind", "by", "outside", "into", "of", "via",
            "is", "off", "visiting", "leave", "left", "leaving", "see",
        ],
    ) || the == 1
        && page.is(page.before(first, 1), "the")
        && !page.at(first).class.has(Class::COMMON)
}

/// A naming word and further words with capitals after a preposition: `from Desert Bloom`,
/// `the Silver Spur park`; gives the last token.
pub(crate) fn named(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) -> Option<usize> {
    const NEVER: Class = Class::STOP
        .or(Class::MEDICAL)
        .or(Class::CLINICAL)
        .or(Class::HEAD)
        .or(Class::GENERIC)
        .or(Class::MEASURE)
        .or(Class::PERSON)
        .or(Class::TITLE)
        .or(Class::MONTH)
        .or(Class::WEEKDAY)
        .or(Class::UNIT)
        .or(Class::STATE);
    let token = page.at(place);
    if page.is_shouted
        || token.kind != Kind::Title
        || page.at(place + 1).kind != Kind::Title
        || page.at(place + 1).gap != Gap::Space
        || token.class.has(Class::GIVEN)
        || !is_naming(page, token)
        || page
            .phrase(place, place + 2)
            .has(Class::STATE.or(Class::COUNTRY))
        || !is_cued(page, place)
    {
        return None;
    }
    let mut last = place;
    while last < place + 4 && page.at(last + 1).gap == Gap::Space {
        let next = page.at(last + 1);
        let care = last > place
            && next
                .class
                .has(Class::CARE.or(Class::FACILITY).or(Class::GENERIC))
            && !next.class.has(Class::STOP);
        let service = last > place
            && next.kind == Kind::Upper
            && next.len() <= 3
            && next.class.has(Class::MEDICAL);
        if !(next.kind == Kind::Title && (care || !next.class.has(NEVER)) || service) {
            break;
        }
        last += 1;
    }
    let hyphen = page.at(last + 1).is_sign(b'-')
        && page.at(last + 1).gap == Gap::None
        && page.at(last + 2).kind == Kind::Title;
    let post = page.is(page.at(last + 1), "post") && page.at(last + 2).is_sign(b'-');
    let kind = page.at(last + 1).gap == Gap::Space
        && page.at(last + 1).kind == Kind::Lower
        && is_ending(page, page.at(last + 1));
    if last == place {
        return None;
    }
    let end = last
        + if post {
            3
        } else if hyphen {
            2
        } else {
            usize::from(kind)
        };
    found.push(page.finding(place, end, Label::Geo, 0.6, "scenic"));
    Some(end)
}

/// `school is PS 88`: a public school by its number.
pub(crate) fn school(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    const CUES: &[&str] = &[
        "school",
        "attends",
        "teacher",
        "teaches",
        "grade",
        "grader",
        "student",
        "principal",
        "counselor",
        "kindergarten",
        "nurse",
        "goes",
    ];
    let number = page.at(place + 1);
    if number.kind == Kind::Number
        && number.len() <= 3
        && number.gap == Gap::Space
        && (1..=7).any(|back| page.is_any(page.before(place, back), CUES))
        && !page.at(place + 2).class.has(Class::UNIT)
        && !page.at(place + 2).is_sign(b'/')
    {
        found.push(page.finding(place, place + 1, Label::Employer, 0.65, "school"));
    }
}

/// `St Lucy's`, `ST. ALBAN'S PREP`, `st brigid's primary`: a saint's house from `st` on.
pub(crate) fn saint(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let dot = usize::from(page.at(place + 1).is_sign(b'.') && page.at(place + 1).gap == Gap::None);
    let name = place + 1 + dot;
    let owned = page.at(name + 1).kind == Kind::Possessive;
    if !page.at(name).is_word()
        || !owned
        || page.at(name).gap != Gap::Space
        || page.at(name).len() < 3
    {
        return;
    }
    let head = page.at(name + 2);
    if head.gap == Gap::Space
        && (head.class.has(Class::HEAD) || page.is_any(head, &["wort", "dance", "fire"]))
    {
        return;
    }
    let last = house_end(page, name + 1);
    found.push(page.finding(place, last, Label::Geo, 0.65, "saint"));
}

/// `Our Lady of the Snows`, from `lady` on.
pub(crate) fn lady(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    if !page.is(page.before(place, 1), "our") || !page.is(page.at(place + 1), "of") {
        return;
    }
    let mut last = place + 2;
    while last < place + 5
        && page.is_any(
            page.at(last),
            &["the", "la", "las", "los", "good", "perpetual", "mount"],
        )
    {
        last += 1;
    }
    if !page.at(last).is_word() || page.at(last).gap != Gap::Space {
        return;
    }
    let title = page.at(last).kind;
    while last < place + 7
        && title != Kind::Lower
        && !page.is_shouted
        && page.at(last + 1).gap == Gap::Space
        && page.at(last + 1).kind == title
    {
        last += 1;
    }
    found.push(page.finding(place - 1, house_end(page, last), Label::Geo, 0.75, "saint"));
}

/// The last of the words that say what house it is: `primary school`, `parish`, `nursing home`.
fn house_end(page: &Page<'_>, last: usize) -> usize {
    let mut end = last;
    while end < last + 3 {
        let next = page.at(end + 1);
        let house = next.gap == Gap::Space
            && page.is_any(
                next,
                &[
                    "school",
                    "primary",
                    "prep",
                    "parish",
                    "church",
                    "hospital",
                    "home",
                    "nursing",
                    "high",
                    "academy",
                    "hospice",
                    "care",
                    "medical",
                    "center",
                    "clinic",
                    "college",
                    "elementary",
                    "middle",
                    "chapel",
                    "house",
                    "er",
                    "ed",
                    "infirmary",
                    "shelter",
                ],
            );
        if !house {
            break;
        }
        end += 1;
    }
    end
}
