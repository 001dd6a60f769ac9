//! Military addresses: `PSC 473 Box 88, FPO AP 96349`, `USS Mahler, FPO AA 70489`.

use crate::{finding::Finding, label::Label};

use super::super::{
    page::Page,
    token::{Gap, Kind},
};

/// The address whose post office (`APO`, `FPO`, `DPO`) stands at `place`.
pub(crate) fn post(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let region = page.at(place + 1);
    let zip = page.at(place + 2);
    if !page.is_any(region, &["aa", "ae", "ap"]) || region.gap > Gap::Line {
        return;
    }
    let last =
        place + 1 + usize::from(zip.kind == Kind::Number && zip.len() == 5 && zip.gap <= Gap::Line);
    let first = opening(page, place);
    found.push(page.finding(first, last, Label::Geo, 0.95, "military-address"));
}

/// The first token of the unit, box or ship before the post office.
fn opening(page: &Page<'_>, place: usize) -> usize {
    for back in 1..=12 {
        let Some(at) = place.checked_sub(back) else {
            break;
        };
        let token = page.at(at);
        let next = page.at(at + 1);
        let ship = token.is_word()
            && (2..=5).contains(&token.len())
            && page.slice(token).to_ascii_lowercase().starts_with(b"us")
            && next.is_word()
            && back <= 7;
        let numbered = next.kind == Kind::Number
            && page.is_any(token, &["psc", "unit", "cmr", "omc", "ssc", "opc", "box"])
            && !page.is_any(page.before(at, 2), &["psc", "unit", "cmr", "omc"])
            && !(page.before(at, 1).is_sign(b',')
                && page.is_any(page.before(at, 3), &["psc", "unit", "cmr"]));
        if ship || numbered {
            return at;
        }
        if token.is_sign(b':') || token.gap == Gap::Blank && back > 6 {
            break;
        }
    }
    place
}
