//! Findings made whole: what a rule found of a value is widened over the rest of that value, and
//! what only stands for a value (`Dr. XYZ`, `ABC Hospital`) is let go.
//!
//! Rules look at words one by one; a company named after three partners, a hyphened name or a label
//! glued to its number is seen in parts. Here the parts are put together, so that nothing of a value
//! stays uncovered.

mod firm;
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
    firm::firms(page, found);
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
}

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
    if token.start as usize != finding.start || first == 0 || token.gap != Gap::None {
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
