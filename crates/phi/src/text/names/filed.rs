//! Names as lists file them: `Mulligan, T.`, a nickname in quotes.

use crate::{dictionary::class::Class, finding::Finding, label::Label};

use super::{
    super::{
        page::Page,
        token::{Gap, Kind},
    },
    context::{Context, record_behind},
    weight::{Weight, weigh},
};

/// `Mulligan, T.`: a surname and the initial of a given name; gives the last token.
pub(super) fn initialled(
    page: &Page<'_>,
    place: usize,
    context: Context,
    found: &mut Vec<Finding>,
) -> Option<usize> {
    let (comma, initial, dot) = (page.at(place + 1), page.at(place + 2), page.at(place + 3));
    let shaped = comma.is_sign(b',')
        && comma.gap == Gap::None
        && initial.kind == Kind::Initial
        && initial.gap == Gap::Space;
    if !shaped {
        return None;
    }
    let dotted = dot.is_sign(b'.') && dot.gap == Gap::None;
    let weight = weigh(page, place);
    let surname = weight >= Weight::Likely
        || weight >= Weight::Unknown && context >= Context::Medium
        || weight == Weight::Ambiguous && page.at(place).class.has(Class::SURNAME) && dotted;
    let told = dotted || context >= Context::Medium || record_behind(page, place + 2);
    let land = page.at(place).class.has(Class::CITY) && !page.at(place).class.has(Class::SURNAME);
    if !surname || !told || land || page.is_shouted && !dotted {
        return None;
    }
    let mut last = place + 2 + usize::from(dotted);
    while dotted
        && page.at(last + 1).kind == Kind::Initial
        && page.at(last + 1).gap <= Gap::Space
        && page.at(last + 2).is_sign(b'.')
        && page.at(last + 2).gap == Gap::None
    {
        last += 2;
    }
    found.push(page.finding(place, last, Label::Name, 0.8, "last-first"));
    Some(last)
}

/// A nickname in quotes beside a name: `Paulo Vasconcelos "Linho"`, `Wm. "Buck" Tolliver`.
pub(super) fn quoted(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) -> Option<usize> {
    let (open, close) = (page.before(place, 1), page.at(place + 1));
    let token = page.at(place);
    let shaped = open.is_sign(b'"')
        && close.is_sign(b'"')
        && token.gap == Gap::None
        && close.gap == Gap::None
        && matches!(token.kind, Kind::Title | Kind::Mixed)
        && token.len() > 2;
    if !shaped || token.class.has(Class::MEDICAL.or(Class::STOP)) {
        return None;
    }
    let before = page.before(place, 2);
    let follows = found
        .iter()
        .rev()
        .take(4)
        .any(|name| name.label == Label::Name && name.end == before.end as usize);
    let alias = page.is_any(
        before,
        &["alias", "aka", "nickname", "nicknamed", "called", "by"],
    );
    let surname = page.at(place + 2).gap == Gap::Space
        && weigh(page, place + 2) >= Weight::Likely
        && (before.is_capital() || before.is_sign(b'.') && page.before(place, 3).is_capital());
    if surname {
        let first = place - 2 - usize::from(before.is_sign(b'.'));
        found.push(page.finding(first, place + 2, Label::Name, 0.8, "nickname"));
        return Some(place + 2);
    }
    if !(follows || alias) {
        return None;
    }
    found.push(page.finding(place, place, Label::Name, 0.7, "nickname"));
    Some(place)
}

#[cfg(test)]
mod tests {
    use crate::text::TextEngine;

    fn names(text: &str) -> Vec<&str> {
        let findings = TextEngine::without_tagger().scan(text, None);
        findings
            .iter()
            .map(|one| text.get(one.range()).unwrap())
            .collect()
    }

    #[test]
    fn filed_names_are_covered_with_their_initial() {
        assert_eq!(
            names("notified, pt Halvorsen, T., stable"),
            ["Halvorsen, T."]
        );
        assert_eq!(names("sent to Sandoval, B. and on"), ["Sandoval, B."]);
    }

    #[test]
    fn nicknames_in_quotes_beside_a_name_are_found() {
        assert_eq!(
            names("Name: Paulo Vasconcelos \"Linho\" was seen"),
            ["Paulo Vasconcelos", "Linho"]
        );
    }

    #[test]
    fn quoted_words_and_letters_of_grades_stay() {
        for text in [
            "He said \"Fine\" and left.",
            "Child-Pugh, B. Continue lactulose.",
            "Hepatitis, B. and C. negative",
        ] {
            assert!(names(text).is_empty(), "{text}: {:?}", names(text));
        }
    }
}
