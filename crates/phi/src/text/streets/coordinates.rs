//! Geocodes: degrees of latitude and longitude, three-word addresses, geohashes.

use crate::{finding::Finding, label::Label};

use super::super::{
    page::Page,
    token::{Gap, Kind},
};

/// A pair of degrees that the number at `place` opens: `42.36011, -71.05889`.
pub(crate) fn pair(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let Some((latitude, lettered)) = degrees(page, place) else {
        return;
    };
    let mut second = latitude + 1;
    second += usize::from(page.at(second).is_sign(b','));
    second += usize::from(page.at(second).is_sign(b'-'));
    let Some((last, _)) = degrees(page, second) else {
        return;
    };
    let comma = page.at(latitude + 1).is_sign(b',');
    let fine = page.at(place + 2).len() >= 4 && page.at(second + 2).len() >= 4;
    if page.at(second).gap <= Gap::Space && (lettered || comma && fine) {
        let first = place
            - usize::from(page.before(place, 1).is_sign(b'-') && page.at(place).gap == Gap::None);
        found.push(page.finding(first, last, Label::Geo, 0.85, "coordinates"));
    }
}

/// The last token of `42.3601`, with its hemisphere, and whether one was given.
fn degrees(page: &Page<'_>, at: usize) -> Option<(usize, bool)> {
    let (whole, point, part) = (page.at(at), page.at(at + 1), page.at(at + 2));
    let shaped = whole.kind == Kind::Number
        && whole.len() <= 3
        && point.is_sign(b'.')
        && point.gap == Gap::None
        && part.kind == Kind::Number
        && part.gap == Gap::None
        && part.len() >= 3;
    if !shaped {
        return None;
    }
    let letter = page.at(at + 3);
    let lettered = letter.kind == Kind::Initial
        && letter.gap <= Gap::Space
        && page.is_any(letter, &["n", "s", "e", "w"]);
    Some((at + 2 + usize::from(lettered), lettered))
}

/// `///filled.count.soap`, from its first stroke.
pub(crate) fn three_words(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let strokes = (0..3).all(|step| page.at(place + step).is_sign(b'/'));
    let shaped = strokes
        && [3, 5, 7].iter().all(|step| page.at(place + step).is_word())
        && [4, 6]
            .iter()
            .all(|step| page.at(place + step).is_sign(b'.'))
        && (4..8).all(|step| page.at(place + step).gap == Gap::None);
    if shaped {
        found.push(page.finding(place, place + 7, Label::Geo, 0.9, "three-words"));
    }
}

/// `geohash drt2zp2mr`.
pub(crate) fn geohash(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let mut at = place + 1;
    while at < place + 3 && (page.at(at).is_sign(b':') || page.is(page.at(at), "is")) {
        at += 1;
    }
    if page.at(at).kind == Kind::Code && page.at(at).gap <= Gap::Space {
        found.push(page.finding(at, at, Label::Geo, 0.9, "geohash"));
    }
}
