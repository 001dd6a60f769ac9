//! What belongs to a date and stands before it: `Monday, the` 3rd of May.

use crate::{
    dictionary::class::Class,
    text::{
        page::Page,
        token::{Gap, Kind},
    },
};

use super::cues::ORDINALS;

/// Where the words before a date begin that belong to it: an article before an ordinal, `early`
/// before a month, the day of the week.
pub(crate) fn lead_start(page: &Page<'_>, start: usize) -> usize {
    let place = page
        .tokens
        .partition_point(|token| (token.start as usize) < start);
    weekday_before(page, part_before(page, article_before(page, place)), start)
}

fn article_before(page: &Page<'_>, place: usize) -> usize {
    let is_ordinal = page.at(place).kind == Kind::Code || page.is_any(page.at(place), ORDINALS);
    let tens = page.is_any(page.at(place), &["twenty", "thirty"]);
    let has_article = page.at(place).gap <= Gap::Line && page.is(page.before(place, 1), "the");
    place - usize::from((is_ordinal || tens) && has_article)
}

/// `early March`, `mid-March`.
fn part_before(page: &Page<'_>, place: usize) -> usize {
    if !page.at(place).class.has(Class::MONTH) {
        return place;
    }
    let hyphen = usize::from(page.before(place, 1).is_sign(b'-'));
    let is_part = page.is_any(
        page.before(place, 1 + hyphen),
        &["early", "mid", "late", "middle"],
    );
    if is_part { place - 1 - hyphen } else { place }
}

/// `Monday, March 3`; the byte where it begins.
fn weekday_before(page: &Page<'_>, place: usize, start: usize) -> usize {
    let own = (page.at(place).start as usize).min(start);
    let comma = usize::from(matches!(
        page.before(place, 1).kind,
        Kind::Sign(b',' | b'.')
    ));
    let day = page.before(place, 1 + comma);
    let is_day = day.class.has(Class::WEEKDAY)
        && (day.is_capital()
            || !page.is(day, "sat")
            || !page.is_any(page.before(place, 2 + comma), &["o2", "spo2", "room"]));
    if is_day && page.at(place).gap <= Gap::Line {
        day.start as usize
    } else {
        own
    }
}
