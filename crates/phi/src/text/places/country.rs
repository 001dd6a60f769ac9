//! Countries: where they belong to a person, and where they only end a place.

use crate::{dictionary::class::Class, finding::Finding, label::Label};

use super::{
    super::{
        page::Page,
        streets,
        token::{Gap, Kind},
    },
    slot,
};

/// A country at `place` that tells of a person: after a word of residence or origin, and anywhere
/// in a text that does not speak of medicine. Travel history stays: a country is larger than a
/// State (45 CFR 164.514(b)(2)(i)(B) speaks of subdivisions smaller than one).
pub(crate) fn country(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) -> Option<usize> {
    let last = streets::named_country(page, place)?;
    if page
        .phrase(place.saturating_sub(1), last + 1)
        .has(Class::STATE)
        && place > 0
    {
        return None;
    }
    let class = if last == place {
        page.at(place).class
    } else {
        page.phrase(place, last + 1)
    };
    if !class.has(Class::COUNTRY) || class.has(Class::STATE) || page.is_shouted {
        return None;
    }
    if page.is_clinical && !slot::is_origin(page, place) {
        return None;
    }
    let bracketed = page.at(last + 1).is_sign(b'(') && page.at(last + 3).is_sign(b')');
    let last = last + if bracketed { 3 } else { 0 };
    let first = line_above(page, place, last).unwrap_or(place);
    found.push(page.finding(first, last, Label::Geo, 0.55, "country"));
    Some(last)
}

/// The first token of the town alone on the line above a country that is alone on its own.
fn line_above(page: &Page<'_>, place: usize, last: usize) -> Option<usize> {
    if page.at(place).gap != Gap::Line || page.at(last + 1).gap < Gap::Line {
        return None;
    }
    let mut first = place;
    while first > 0 && place - first < 5 {
        let token = page.before(first, 1);
        let town = token.is_capital() && token.len() > 1
            || token.kind == Kind::Lower && token.class.has(Class::PARTICLE);
        if !town {
            return None;
        }
        first -= 1;
        if token.gap >= Gap::Line {
            return Some(first);
        }
    }
    None
}

/// The last token of what goes with a town that ends at `last`: a quarter's letter, a postal code,
/// a country: `Bjert 6091`, `Toronto, Canada`.
pub(super) fn behind(page: &Page<'_>, last: usize) -> usize {
    let quarter = page.at(last + 1);
    let last = last
        + usize::from(
            quarter.kind == Kind::Initial
                && quarter.gap == Gap::Space
                && !page.is_clinical
                && !page.at(last + 2).is_sign(b'.')
                && !page.is_any(quarter, &["i", "a"]),
        );
    let last = streets::code_behind(page, last).unwrap_or(last);
    if !page.at(last + 1).is_sign(b',') || page.at(last + 2).gap > Gap::Line {
        return last;
    }
    streets::named_country(page, last + 2).unwrap_or(last)
}
