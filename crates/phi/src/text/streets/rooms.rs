//! Rooms, beds and wards: where in a building somebody lies.

use crate::{dictionary::class::Class, finding::Finding, label::Label};

use super::{
    super::{
        page::Page,
        token::{Gap, Kind},
    },
    unit_end,
};

/// `Room 412`, `Apt. 3B`, `Ward C7`, `moved to bed 12`.
pub(crate) fn room(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let token = page.at(place);
    let lower = !token.is_capital();
    let placed = page.is_any(
        page.before(place, 1),
        &[
            "to", "in", "from", "ed", "icu", "er", "micu", "sicu", "ccu", "pacu",
        ],
    );
    if lower
        && (page.is_any(token, &["no", "flat", "floor", "unit"])
            || page.is(token, "bay") && !page.is(page.before(place, 1), "trauma")
            || page.is(token, "bed") && !placed)
    {
        return;
    }
    let Some(end) = unit_end(page, place) else {
        return;
    };
    let value = page.at(end);
    let next = page.at(end + 1);
    let counts = next.class.has(Class::UNIT) && next.gap <= Gap::Space
        || next.is_sign(b'.')
            && page.at(end + 2).gap == Gap::None
            && page.at(end + 2).kind == Kind::Number;
    let numbered = value.kind != Kind::Initial
        || page.is_any(token, &["apt", "apartment", "suite", "ward"]) && token.is_capital();
    if !counts && numbered && !page.is_any(token, &["no", "floor", "flat"]) {
        let care = page.before(place, 1);
        let first = place - usize::from(placed && care.kind == Kind::Upper);
        found.push(page.finding(first, end, Label::Geo, 0.7, "room"));
    }
}

/// `3W-21`: a wing by storey and direction, and the bed in it, from the code on; `7E-22` is a small
/// number.
pub(crate) fn wing_bed(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let (hyphen, bed) = (page.at(place + 1), page.at(place + 2));
    let wing = matches!(
        page.bytes(place),
        [b'1'..=b'9', b'N' | b'S' | b'E' | b'W']
            | [b'1'..=b'9', b'0'..=b'9', b'N' | b'S' | b'E' | b'W']
    );
    let numbered = matches!(bed.kind, Kind::Number | Kind::Code) && bed.len() <= 4;
    let small = page.bytes(place).ends_with(b"E") && bed.len() < 3;
    if wing
        && !small
        && hyphen.is_sign(b'-')
        && hyphen.gap == Gap::None
        && bed.gap == Gap::None
        && numbered
    {
        found.push(page.finding(place, place + 2, Label::Geo, 0.7, "wing-bed"));
    }
}

/// `Location: Ellison 16`, `Unit: MICU-6`.
pub(crate) fn location(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    if !page.at(place + 1).is_sign(b':') {
        return;
    }
    let first = place + 2;
    let (token, next) = (page.at(first), page.at(first + 1));
    if !token.is_capital() || token.gap > Gap::Space || token.len() < 3 {
        return;
    }
    let hyphen = usize::from(next.is_sign(b'-') && next.gap == Gap::None);
    let number = page.at(first + 1 + hyphen);
    let numbered = matches!(number.kind, Kind::Number | Kind::Code)
        && number.gap <= Gap::Space
        && number.len() <= 4
        && !page.at(first + 2 + hyphen).class.has(Class::UNIT);
    let plain = token.class.has(Class::COMMON.or(Class::RARE)) && !token.class.has(Class::SURNAME);
    if numbered && !plain {
        found.push(page.finding(first, first + 1 + hyphen, Label::Geo, 0.65, "location"));
    }
}

/// `3W-21`, `4W 418-B`: a floor's wing and a room of three digits, or of one to three behind a hyphen.
pub(crate) fn wing_room(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let wing = matches!(
        page.bytes(place),
        [b'1'..=b'9', b'N' | b'S' | b'E' | b'W']
            | [b'1'..=b'2', b'0'..=b'9', b'N' | b'S' | b'E' | b'W']
    );
    let (next, behind) = (page.at(place + 1), page.at(place + 2));
    if !wing
        || matches!(
            page.before(place, 1).kind,
            Kind::Sign(b'-' | b'/' | b'.' | b'=' | b'<' | b'>' | b'~' | b'*' | b'+')
        )
    {
        return;
    }
    let joined = next.is_sign(b'-')
        && next.gap == Gap::None
        && behind.gap == Gap::None
        && behind.kind == Kind::Number
        && behind.len() <= 3;
    let spaced = next.kind == Kind::Number && next.len() == 3 && next.gap == Gap::Space;
    let mut last = match (joined, spaced) {
        (true, _) => place + 2,
        (_, true) => place + 1,
        _ => return,
    };
    if page.at(last + 1).class.has(Class::UNIT) && page.at(last + 1).gap <= Gap::Space {
        return;
    }
    let bed = page.at(last + 2);
    if page.at(last + 1).is_sign(b'-')
        && page.at(last + 1).gap == Gap::None
        && bed.gap == Gap::None
        && bed.len() <= 2
    {
        last += 2;
    }
    found.push(page.finding(place, last, Label::Geo, 0.65, "wing-room"));
}

#[cfg(test)]
mod tests {
    use crate::text::TextEngine;

    #[test]
    fn a_bed_in_a_wing_is_found_and_a_spinal_level_is_not() {
        let engine = TextEngine::without_tagger();
        let text = "vanc trough for 3W-21 is 24, L4-5 fused";

        let findings = engine.scan(text, None);

        let words: Vec<_> = findings.iter().map(|one| text.get(one.range())).collect();
        assert_eq!(words, [Some("3W-21")]);
    }
}
