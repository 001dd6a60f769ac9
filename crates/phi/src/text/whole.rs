//! Findings made whole: what a rule found of a value is widened over the rest of that value, and
//! what only stands for a value (`Dr. XYZ`, `ABC Hospital`) is let go.
//!
//! Rules look at words one by one; a company named after three partners, a hyphened name or a label
//! glued to its number is seen in parts. Here the parts are put together, so that nothing of a value
//! stays uncovered.

mod firm;
mod sibling;
mod stand_in;
mod town;

use crate::{dictionary::class::Class, finding::Finding, label::Label};

use super::{
    page::Page,
    token::{Gap, Kind, Token},
};

pub(crate) use town::{DIRECTIONS, built, directed};

/// Widens findings in place, adds the firms that they are parts of, and drops those that stand for
/// nobody. The findings are sorted and do not overlap; they may afterwards.
pub(crate) fn widen(page: &Page<'_>, found: &mut Vec<Finding>) {
    found.retain(|finding| !stand_in::stands_in(page, finding) && !owns_licence(page, finding));
    for finding in found.iter_mut() {
        match finding.label {
            Label::Name | Label::Geo | Label::Employer => named(page, finding),
            Label::Date => dated(page, finding),
            Label::Phone | Label::Fax | Label::Email | Label::Url | Label::Ip | Label::Age => {}
            _ => numbered(page, finding),
        }
    }
    for at in 0..found.len() {
        let age = found.get(at).and_then(|finding| aged(page, finding));
        found.extend(age);
    }
    firm::firms(page, found);
    sibling::siblings(page, found);
}

/// The age behind a name, `Rosa Pell, 94,` and `Sook-ja (91)`, from 90 on.
fn aged(page: &Page<'_>, finding: &Finding) -> Option<Finding> {
    let (_, end) = places(page, finding);
    let (sign, number, next) = (page.at(end), page.at(end + 1), page.at(end + 2));
    let opened = matches!(sign.kind, Kind::Sign(b',' | b'(')) && sign.gap <= Gap::Space
        || page.is_any(sign, &["aged", "turns", "turned", "is"]);
    let digits = page.slice(number);
    let old = matches!(digits, [b'9', b'0'..=b'9'] | [b'1', b'0', b'0'..=b'9']);
    let closed = matches!(next.kind, Kind::Sign(b',' | b')' | b';'))
        || next.is_sign(b'.') && page.at(end + 3).gap > Gap::None
        || next.gap >= Gap::Line
        || page.is_any(
            next,
            &[
                "and", "who", "m", "f", "yo", "male", "female", "was", "is", "on", "from", "lives",
            ],
        );
    let named = finding.label == Label::Name && number.kind == Kind::Number;
    (named && opened && old && closed)
        .then(|| page.finding(end + 1, end + 1, Label::Age, 0.7, "age-behind-name"))
}

/// `Driver's license`: no person called Driver.
fn owns_licence(page: &Page<'_>, finding: &Finding) -> bool {
    let (first, end) = places(page, finding);
    finding.label == Label::Name
        && end == first + 1
        && page.at(end).kind == Kind::Possessive
        && page.at(end + 1).class.has(Class::CUE_LICENSE)
        && page.is_any(page.at(first), &["driver", "nurse", "pilot"])
}

/// The first token of a finding and one past its last.
fn places(page: &Page<'_>, finding: &Finding) -> (usize, usize) {
    let first = page
        .tokens
        .partition_point(|token| (token.end as usize) <= finding.start);
    let end = page
        .tokens
        .partition_point(|token| (token.start as usize) < finding.end);
    (first, end.max(first))
}

/// The other halves of hyphened names, and the word before a town that belongs to it.
fn named(page: &Page<'_>, finding: &mut Finding) {
    let (first, end) = places(page, finding);
    let mut last = end.saturating_sub(1);
    while is_joint(page, last + 1) && is_half(page, last) && is_half(page, last + 2) {
        last += 2;
    }
    let mut start = first;
    while start > 1 && is_joint(page, start - 1) && is_half(page, start) && is_half(page, start - 2)
    {
        start -= 2;
    }
    if finding.label == Label::Geo {
        start = town::opening(page, start);
        start = house_before(page, start);
        start = street_before(page, start);
    }
    finding.end = finding.end.max(page.at(last).end as usize);
    finding.start = finding.start.min(page.at(start).start as usize);
}

/// `8598-A` before a street that was found without it.
fn house_before(page: &Page<'_>, start: usize) -> usize {
    let lettered = start > 2
        && page.at(start).gap == Gap::Space
        && matches!(page.before(start, 1).kind, Kind::Initial | Kind::Number)
        && is_joint(page, start - 2)
        && page.before(start, 3).kind == Kind::Number;
    if lettered { start - 3 } else { start }
}

/// `974 brooks park` before an apartment or suite that was found without it.
fn street_before(page: &Page<'_>, start: usize) -> usize {
    if !page.is_any(
        page.at(start),
        &["apt", "apartment", "suite", "ste", "unit"],
    ) || page.at(start).gap > Gap::Space
    {
        return start;
    }
    let mut at = start;
    while at > 0 && start - at < 5 {
        let token = page.before(at, 1);
        if token.kind == Kind::Number && at < start && token.len() <= 6 {
            return at - 1;
        }
        let fits = token.is_word() && !token.class.has(Class::STOP) || token.is_sign(b',');
        if !fits || token.gap > Gap::Space {
            return start;
        }
        at -= 1;
    }
    start
}

/// A hyphen that joins without a gap.
fn is_joint(page: &Page<'_>, place: usize) -> bool {
    page.at(place).is_sign(b'-')
        && page.at(place).gap == Gap::None
        && page.at(place + 1).gap == Gap::None
}

/// A word with a capital that may be half of a name: no credential, no term of medicine.
fn is_half(page: &Page<'_>, place: usize) -> bool {
    const NEVER: Class = Class::CREDENTIAL
        .or(Class::MEDICAL)
        .or(Class::STOP)
        .or(Class::HEAD)
        .or(Class::UNIT)
        .or(Class::CLINICAL)
        .or(Class::DEMONYM);
    let token = page.at(place);
    matches!(token.kind, Kind::Title | Kind::Mixed) && token.len() > 2 && !token.class.has(NEVER)
}

/// The year behind a day, `03/02` and `/20`, and the words that count from a feast: `the day after`.
fn dated(page: &Page<'_>, finding: &mut Finding) {
    let (first, end) = places(page, finding);
    let (sign, year) = (page.at(end), page.at(end + 1));
    let open = matches!(sign.kind, Kind::Sign(b'/' | b'-'))
        && sign.gap == Gap::None
        && year.gap == Gap::None
        && year.kind == Kind::Number
        && matches!(year.len(), 2 | 4)
        && !matches!(page.at(end + 2).kind, Kind::Sign(b'/' | b'-'))
        && page.at(end.saturating_sub(1)).kind == Kind::Number;
    if open {
        finding.end = year.end as usize;
    }
    let (article, unit, side) = (
        page.before(first, 3),
        page.before(first, 2),
        page.before(first, 1),
    );
    let counted = finding.detector == "holiday"
        && page.is_any(side, &["after", "before", "of", "following", "preceding"])
        && page.is_any(unit, &["day", "week", "weekend", "night", "morning", "eve"])
        && page.is_any(article, &["the", "a", "one", "this"]);
    if counted {
        finding.start = article.start as usize;
    }
    let start = counted_from(page, weekday_before(page, first));
    finding.start = finding.start.min(page.at(start).start as usize);
}

/// The short day of the week before a date: `SAT 11/14`, but not `O2 sat 11/14`.
fn weekday_before(page: &Page<'_>, first: usize) -> usize {
    let day = page.before(first, 1);
    let measured = page.is_any(page.before(first, 2), &["o2", "spo2", "room"]);
    let is_day = page.is_any(day, SHORT_DAYS) && !measured && page.at(first).gap == Gap::Space;
    first - usize::from(is_day && first > 0)
}

/// What counts from a date: `wk of 12/8`, `the last Friday of January`, `two mondays before`.
fn counted_from(page: &Page<'_>, first: usize) -> usize {
    let (side, unit) = (page.before(first, 1), page.before(first, 2));
    let counts = page.is_any(side, &["of", "after", "before", "following", "preceding"]);
    let is_unit = page.is_any(
        unit,
        &[
            "day",
            "week",
            "wk",
            "weekend",
            "night",
            "eve",
            "morning",
            "afternoon",
        ],
    ) || unit.class.has(Class::WEEKDAY)
        || is_plural_day(page, unit);
    if first < 2 || !counts || !is_unit || unit.gap > Gap::Line || side.gap > Gap::Line {
        return first;
    }
    let mut start = first - 2;
    let number = page.before(start, 1);
    if page.is_any(number, COUNTS) && page.at(start).gap <= Gap::Line && start > 0 {
        start -= 1;
    }
    let article = page.is_any(page.before(start, 1), &["the", "a"]) && start > 0;
    start - usize::from(article && page.at(start).gap <= Gap::Line)
}

/// `mondays`, `Fridays`.
fn is_plural_day(page: &Page<'_>, token: &Token) -> bool {
    token.is_word() && {
        let word = page.slice(token).to_ascii_lowercase();
        word.ends_with(b"days") && word.len() > 6 && !word.starts_with(b"holi")
    }
}

/// Days of the week, cut short.
const SHORT_DAYS: &[&str] = &[
    "mon", "tue", "tues", "wed", "weds", "thu", "thur", "thurs", "fri", "sat", "sun",
];

/// Words that say which one.
const COUNTS: &[&str] = &[
    "first", "second", "third", "fourth", "fifth", "last", "next", "one", "two", "three", "1st",
    "2nd", "3rd", "4th", "eighth",
];

/// The label that is glued to its number: `MRN` in `MRN448213` and `MRN-448213`.
fn numbered(page: &Page<'_>, finding: &mut Finding) {
    let (first, _) = places(page, finding);
    let token = page.at(first);
    let abroad = page.before(first, 1).is_sign(b')')
        && page.before(first, 2).kind == Kind::Number
        && page.before(first, 3).is_sign(b'+')
        && page.before(first, 4).is_sign(b'(');
    if abroad && token.gap <= Gap::Space && finding.label == Label::OtherId {
        finding.start = page.before(first, 4).start as usize;
        finding.label = Label::Phone;
        finding.detector = "phone-abroad";
        return;
    }
    if token.start as usize != finding.start {
        return;
    }
    lettered_behind(page, finding);
    if first > 0 && token.gap == Gap::Space {
        finding.start = lettered_before(page, first).unwrap_or(finding.start);
    }
    if first == 0 || token.gap != Gap::None {
        return;
    }
    let hash = page.before(first, 1).is_sign(b'#') && page.before(first, 1).gap == Gap::None;
    if hash && page.before(first, 2).kind == Kind::Upper {
        finding.start = page.before(first, 2).start as usize;
        return;
    }
    let hyphen = usize::from(
        page.before(first, 1).is_sign(b'-') && page.before(first, 1).gap == Gap::None && first > 1,
    );
    let label = page.before(first, 1 + hyphen);
    let glued = is_code_word(label)
        && matches!(token.kind, Kind::Number | Kind::Code)
        && matches!(
            page.before(first, 2 + hyphen).kind,
            Kind::Edge | Kind::Sign(_) | Kind::Lower | Kind::Title | Kind::Upper | Kind::Mixed
        );
    if glued {
        finding.start = label.start as usize;
    }
}

/// The letters that open a number, a blank between: `QX 2290417`, `CC 10-9077`.
fn lettered_before(page: &Page<'_>, first: usize) -> Option<usize> {
    let (letters, cue) = (page.before(first, 1), page.before(first, 2));
    let shaped = matches!(letters.kind, Kind::Upper | Kind::Initial)
        && letters.len() <= 3
        && (letters.kind == Kind::Initial || letters.class.without(SAID) == Class::NONE)
        && !page.is_shouted;
    let told = matches!(cue.kind, Kind::Sign(b':' | b'#'))
        || cue.class.has(CUES)
        || page.is_any(cue, &["passport", "tracking", "no", "number", "card", "id"]);
    (shaped && told && letters.gap <= Gap::Space).then_some(letters.start as usize)
}

/// The letters that close a number in groups: `448 201 993 SE`, `6718 827 003 VK`.
fn lettered_behind(page: &Page<'_>, finding: &mut Finding) {
    let (first, end) = places(page, finding);
    let groups = (first..end)
        .filter(|place| page.at(*place).kind == Kind::Number)
        .count();
    let blanks = (first + 1..end).any(|place| page.at(place).gap == Gap::Space);
    let (letters, next) = (page.at(end), page.at(end + 1));
    let shaped = matches!(letters.kind, Kind::Upper | Kind::Initial)
        && letters.len() <= 2
        && letters.gap == Gap::Space
        && letters.class.without(SAID) == Class::NONE;
    let closes = !next.is_word() || next.gap > Gap::Space || next.kind == Kind::Lower;
    if groups > 1 && blanks && shaped && closes && !page.is_shouted {
        finding.end = letters.end as usize;
    }
}

/// What letters may be besides and still belong to a number: a state, a surname as short as that.
const SAID: Class = Class::STATE_CODE
    .or(Class::SURNAME)
    .or(Class::GIVEN)
    .or(Class::FREQUENT)
    .or(Class::PHRASE_START)
    .or(Class::DOMAIN);

/// Words that announce a number.
const CUES: Class = Class::CUE_RECORD
    .or(Class::CUE_ACCOUNT)
    .or(Class::CUE_PLAN)
    .or(Class::CUE_LICENSE)
    .or(Class::CUE_DEVICE)
    .or(Class::CUE_VEHICLE)
    .or(Class::CUE_ID)
    .or(Class::NUMBER_WORD);

/// Two to six capitals, as the prefix of a number has them.
fn is_code_word(token: &Token) -> bool {
    matches!(token.kind, Kind::Upper | Kind::Lower) && (2..=6).contains(&token.len())
}

#[cfg(test)]
mod tests {
    use crate::text::TextEngine;

    fn found(text: &str) -> Vec<(&'static str, &str)> {
        let findings = TextEngine::without_tagger().scan(text, None);
        findings
            .iter()
            .map(|one| (one.label.word(), text.get(one.range()).unwrap()))
            .collect()
    }

    #[test]
    fn a_label_glued_to_its_number_is_part_of_it() {
        assert_eq!(found("MRN: MRN448213 today"), [("MRN", "MRN448213")]);
        assert_eq!(found("chart MRN-448213 today"), [("MRN", "MRN-448213")]);
    }

    #[test]
    fn an_age_from_ninety_on_behind_a_name_is_found() {
        let ages = |text| {
            let all = found(text);
            all.into_iter()
                .filter(|(label, _)| *label == "AGE")
                .map(|(_, words)| words)
                .collect::<Vec<_>>()
        };
        assert_eq!(ages("Rosa Pellman, 94, fell at home."), ["94"]);
        assert_eq!(ages("Seen with Rosa Pellman (91)."), ["91"]);
        assert!(ages("Rosa Pellman, 84, fell at home.").is_empty());
    }

    #[test]
    fn letters_around_a_number_belong_to_it() {
        let words = |text| -> Vec<String> {
            found(text)
                .iter()
                .map(|(_, words)| (*words).to_owned())
                .collect()
        };
        assert_eq!(words("passport: QX 2290417 kept"), ["QX 2290417"]);
        assert_eq!(words("order: ORD#7741902 sent"), ["ORD#7741902"]);
    }

    #[test]
    fn values_beside_one_and_shaped_like_it_are_found() {
        assert_eq!(
            found("Is MRN 118-0042 / 118-9931 one person?"),
            [("MRN", "118-0042"), ("MRN", "118-9931")]
        );
    }

    #[test]
    fn what_counts_from_a_date_belongs_to_it() {
        assert_eq!(
            found("paid on the last Friday of January, as ever"),
            [("DATE", "the last Friday of January")]
        );
        assert_eq!(
            found("her depo is due wk of 12/8 or so"),
            [("DATE", "wk of 12/8")]
        );
    }

    #[test]
    fn halves_of_hyphened_names_go_together() {
        assert_eq!(
            found("Seen by Dr. Quill-Featherby today."),
            [("NAME", "Quill-Featherby")]
        );
        let employer = found("She works at Jackson-Anderson now.");
        let words: Vec<&str> = employer.iter().map(|(_, words)| *words).collect();
        assert_eq!(words, ["Jackson-Anderson"]);
    }

    #[test]
    fn a_year_behind_a_day_and_the_words_before_a_feast_belong_to_them() {
        assert_eq!(
            found("Interval between Aug 30 and 03/02/20 is fine."),
            [("DATE", "Aug 30 and 03/02/20")]
        );
        assert_eq!(
            found("Discharged the day after Christmas, readmitted later."),
            [("DATE", "the day after Christmas")]
        );
    }
}
