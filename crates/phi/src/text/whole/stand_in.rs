//! Words that stand where a name was taken out before: `Dr. X`, `XYZ`, `ABCD General Hospital`.

use crate::{dictionary::class::Class, finding::Finding, label::Label};

use super::{
    super::{page::Page, token::Kind},
    places,
};

/// Whether a finding of a name or place holds nothing but stand-ins and the words of every house.
pub(super) fn stands_in(page: &Page<'_>, finding: &Finding) -> bool {
    if !matches!(finding.label, Label::Name | Label::Geo | Label::Employer) {
        return false;
    }
    let (first, end) = places(page, finding);
    let mut stand_ins = 0;
    for place in first..end {
        let token = page.at(place);
        if is_stand_in(page, place) {
            stand_ins += 1;
        } else if token.is_word() && !is_of_every_house(page, place)
            || matches!(token.kind, Kind::Number | Kind::Code)
        {
            return false;
        }
    }
    stand_ins > 0
}

fn is_stand_in(page: &Page<'_>, place: usize) -> bool {
    let token = page.at(place);
    match token.kind {
        Kind::Initial => matches!(page.bytes(place), b"X" | b"Y" | b"Z"),
        Kind::Upper => page.is_any(
            token,
            &["xx", "xxx", "xxxx", "xxxxx", "xyz", "abc", "abcd", "abcde"],
        ),
        _ => false,
    }
}

fn is_of_every_house(page: &Page<'_>, place: usize) -> bool {
    const PLAIN: Class = Class::FACILITY
        .or(Class::GENERIC)
        .or(Class::CARE)
        .or(Class::COMPANY)
        .or(Class::MEDICAL)
        .or(Class::STOP)
        .or(Class::CLINICAL)
        .or(Class::TITLE);
    page.at(place).class.has(PLAIN)
}

#[cfg(test)]
mod tests {
    use crate::text::TextEngine;

    #[test]
    fn stand_ins_are_nobody() {
        let engine = TextEngine::without_tagger();
        for text in [
            "She was seen by Dr. X in the office.",
            "Mr. XYZ was referred by Dr. ABC for this.",
            "The patient presents to ABCD General Hospital with pain.",
            "Transferred from XYZ Medical Center for dialysis.",
        ] {
            assert!(engine.scan(text, None).is_empty(), "{text}");
        }
        assert_eq!(
            engine.scan("Seen by Dr. Xu at XYZ Hospital.", None).len(),
            1
        );
    }
}
