//! Which numbers and dates a tagger may call somebody's: what their company cannot make an
//! identifier is refused here.

use std::ops::Range;

use crate::{
    dictionary::class::Class,
    label::Label,
    tagger::sentence,
    text::{
        Page, dates, rules, serial,
        token::{Gap, Kind, Token},
    },
};

/// Numbers and codes, letters and short words at most beside them: `412-B`, `rm 7`, `4 West`.
pub(super) fn is_numbered(page: &Page<'_>, places: &Range<usize>) -> bool {
    let mut tokens = places.clone().map(|place| page.at(place));
    tokens.any(|token| matches!(token.kind, Kind::Number | Kind::Code))
        && !places
            .clone()
            .any(|place| super::tells(page, place) && page.at(place).len() > 2)
}

/// A range (`110-120/70-80`, `100-2000`), a number behind what is measured or before what it counts:
/// `viral load 1200000`, `the 5th ray`.
fn is_counted(page: &Page<'_>, places: &Range<usize>) -> bool {
    const MEASURED: Class = Class::MEASURE.or(Class::MEDICAL).or(Class::UNIT);
    let numbers = || {
        places
            .clone()
            .filter(|place| page.at(*place).kind == Kind::Number)
    };
    let plain = places
        .clone()
        .all(|place| matches!(page.at(place).kind, Kind::Number | Kind::Sign(b'-' | b'/')));
    let rises = places.clone().any(|place| is_rising(page, place)) && !has_code(page, places);
    let round =
        numbers().count() == 1 && numbers().all(|place| page.bytes(place).ends_with(b"000"));
    let measured = plain && page.before(places.start, 1).class.has(MEASURED);
    let last = page.bytes(places.end.saturating_sub(1));
    let behind = page.at(places.end);
    let ordinal = page.at(places.end.saturating_sub(1)).kind == Kind::Code
        && [&b"st"[..], b"nd", b"rd", b"th"]
            .iter()
            .any(|ending| last.ends_with(ending));
    let counts = ordinal
        && behind.kind == Kind::Lower
        && behind.gap == Gap::Space
        && !behind.class.has(Class::STOP.or(Class::PERSON_VERB));
    rises || round || measured || counts
}

/// `90-110`, `135-145`: the sign between the ends of a range, the second the larger.
fn is_rising(page: &Page<'_>, place: usize) -> bool {
    let (low, high) = (page.before(place, 1), page.at(place + 1));
    let number = |token: &Token| token.kind == Kind::Number;
    let (from, to) = (page.slice(low), page.slice(high));
    page.at(place).is_sign(b'-')
        && number(low)
        && number(high)
        && (from.len() < to.len() || from.len() == to.len() && from < to)
        && (to.ends_with(b"0") || from.len() == 3 && to.len() == 3)
}

fn has_code(page: &Page<'_>, places: &Range<usize>) -> bool {
    places
        .clone()
        .any(|place| page.at(place).kind == Kind::Code)
}

/// The number of a trial or a variant, which everybody can look up.
fn is_published(page: &Page<'_>, places: &Range<usize>) -> bool {
    places.clone().any(|place| {
        page.at(place).kind == Kind::Code && rules::is_published(page, place, page.bytes(place))
    })
}

/// `0700-1900`: from one time of the day to another.
fn is_hours(page: &Page<'_>, places: &Range<usize>) -> bool {
    let time = |place: usize| serial::is_time(page.bytes(place));
    places.len() == 3
        && page.at(places.start + 1).is_sign(b'-')
        && time(places.start)
        && time(places.start + 2)
}

/// A number that measures nothing, or a date with its month or day.
pub(super) fn tells(page: &Page<'_>, places: &Range<usize>, label: Label) -> bool {
    let measured = places.clone().any(|place| {
        matches!(page.at(place).kind, Kind::Number | Kind::Code)
            && sentence::is_measured(page, place)
    }) || is_hours(page, places)
        || is_counted(page, places)
        || is_published(page, places)
        || label == Label::Date && dates::is_share(page, places.start, places.end);
    let told = places.clone().any(|place| {
        let token = page.at(place);
        matches!(token.kind, Kind::Number | Kind::Code)
            || label == Label::Date && token.class.has(Class::MONTH)
            || token.kind == Kind::Upper && token.len() > 3
    });
    told && !measured && !(label == Label::Date && holds_things(page, places))
}

/// `5th ray`: a word in small letters that belongs to no date.
fn holds_things(page: &Page<'_>, places: &Range<usize>) -> bool {
    const OF_A_DATE: Class = Class::MONTH
        .or(Class::WEEKDAY)
        .or(Class::HOLIDAY)
        .or(Class::STOP)
        .or(Class::NUMBER_WORD);
    places.clone().any(|place| {
        let token = page.at(place);
        token.kind == Kind::Lower && token.len() > 2 && !token.class.has(OF_A_DATE)
    })
}

#[cfg(test)]
mod tests {
    use crate::{tagger::gate::tests::by_tagger, text::TextEngine};

    #[test]
    fn amounts_ranges_shares_and_blanks_stay() {
        for text in [
            "Log BS 110-260 and QRS 90-110, ref range 135-145.",
            "PSA 4.1, ratio 12/25, viral load 1200000.",
            "The 4th metatarsal on the 5th ray, length on the 55th centile.",
            "Nursing shift 0700-1900, G3P1011, trial NCT01234567.",
            "NIHSS items 1a __ 1b __ 1c __ 2 __ 3 __ 4 __ Total __",
        ] {
            assert!(by_tagger(text).is_empty(), "{text}: {:?}", by_tagger(text));
        }
    }

    #[test]
    fn numbers_that_only_their_company_tells_are_found() {
        let engine = TextEngine::new();
        for (text, number) in [
            ("k 6.2 on the lady moved to 512-A, recheck when", "512-A"),
            (
                "keys for locker tag 88-4417 were returned by the family",
                "88-4417",
            ),
        ] {
            let findings = engine.scan(text, None);
            let covers = |at: usize| findings.iter().any(|one| one.range().contains(&at));
            let start = text.find(number).unwrap();
            assert!(
                (start..start + number.len())
                    .filter(|at| text.as_bytes()[*at] != b'-')
                    .all(covers),
                "{text}"
            );
        }
    }
}
