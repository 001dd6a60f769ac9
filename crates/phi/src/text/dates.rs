//! Dates: every element more precise than the year (45 CFR 164.514(b)(2)(i)(C)).

mod cues;
mod lead;
mod written;

use crate::dictionary::class::Class;

use super::{
    formats::Format,
    page::Page,
    token::{Gap, Kind, Token},
};
use cues::{COUNTED, DAY_CUES, SCORED, STRICT};

pub(crate) use lead::lead_start;
pub(crate) use written::{
    glued_day, holiday, holiday_day, month, new_year, ordinal_day, ordinal_in_words, quarter,
    season, weekday, year,
};

/// Whether the digits of a numeric date can be one: one of the two leading numbers a month. A day
/// that somebody masked (`06-XX-2019`) is taken as it stands.
pub(crate) fn is_plausible(text: &[u8]) -> bool {
    let mut numbers = text
        .split(|byte| !byte.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .map(|part| {
            part.iter()
                .take(4)
                .fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'))
        })
        .filter(|&number| !(number == 0 && text.starts_with(b"0 ")));
    let (Some(first), Some(second)) = (numbers.next(), numbers.next()) else {
        return false;
    };
    if text
        .get(3..5)
        .is_some_and(|day| !day.iter().any(u8::is_ascii_digit))
        && second > 31
    {
        return true;
    }
    (1..=31).contains(&first)
        && (1..=31).contains(&second)
        && first.min(second) <= 12
        && numbers.next().is_some()
}

/// Whether `1.8.26` is the number of a version or section, or of anything else that nobody calls a
/// day: only after a word, a bracket or a comma that a day may follow is it one.
pub(crate) fn is_version(page: &Page<'_>, place: usize) -> bool {
    let previous = page.before(place, opening(page, place));
    let closes = matches!(previous.kind, Kind::Number | Kind::Code | Kind::Edge);
    previous.class.has(Class::MEASURE) && !previous.class.has(Class::DATE_CUE) || closes
}

/// A word for software or a document stands before, so that a dotted number is its version.
pub(crate) fn is_software(page: &Page<'_>, place: usize) -> bool {
    (1..=3).any(|back| page.is_any(page.before(place, back), VERSIONED))
}

/// Whether `03 14 1950` is a date: a word for one stands before.
pub(crate) fn is_spaced(page: &Page<'_>, place: usize, text: &[u8]) -> bool {
    let parts: Vec<&[u8]> = text.split(|byte| !byte.is_ascii_digit()).collect();
    let ordered = match parts.as_slice() {
        [_, _, _] if parts.first().is_some_and(|year| year.len() == 4) => true,
        [_, _, _] => is_plausible(text),
        _ => false,
    };
    ordered && has_date_word(page, place)
}

/// `dob`, `birth`, `date` among the three tokens before.
pub(crate) fn has_date_word(page: &Page<'_>, place: usize) -> bool {
    (1..=3).any(|back| page.is_any(page.before(place, back), DATE_WORDS))
}

/// Whether a word may be a month in another language: in the table of the formats it is.
pub(crate) fn is_foreign_month(page: &Page<'_>, token: &Token) -> bool {
    token.len() > 2
        && !token.class.has(Class::UNIT.or(Class::STOP))
        && (!token.class.has(Class::COMMON) || page.is_any(token, &["mars", "mai", "mei", "mayo"]))
}

/// Whether `3/3-3/7` is a stretch of days rather than a pair of scores or fractions.
pub(crate) fn is_day_range(page: &Page<'_>, place: usize, end: usize) -> bool {
    let text = page
        .text
        .get(page.at(place).start as usize..end)
        .unwrap_or_default();
    let numbers: Vec<&[u8]> = text
        .split(|byte| !byte.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .collect();
    if numbers.len() > 4 {
        return true;
    }
    let [_, low, _, high] = numbers.as_slice() else {
        return false;
    };
    low != high
        && !counts_behind(page, page.place_from(place, end))
        && !measures_before(page, place, opening(page, place))
}

/// Whether `11-19` or `11-02` at a place is a day: padded with a zero as only days are, or after a
/// word that days follow.
pub(crate) fn is_hyphen_day(page: &Page<'_>, place: usize, end: usize) -> bool {
    let next_place = page.place_from(place, end);
    let next = page.at(next_place);
    let goes_on = next.gap == Gap::None
        && (next.is_sign(b'-')
            || next.is_sign(b'/')
            || next.is_sign(b'%')
            || next.is_word()
            || next.kind == Kind::Code)
        || next.is_sign(b'.')
            && page.at(next_place + 1).gap == Gap::None
            && page.at(next_place + 1).kind == Kind::Number;
    let bytes = page
        .text
        .get(page.at(place).start as usize..end)
        .unwrap_or_default();
    let padded = bytes.starts_with(b"0")
        || bytes
            .split(|&byte| byte == b'-')
            .nth(1)
            .is_some_and(|day| day.starts_with(b"0"));
    let previous = page.before(place, opening(page, place));
    let joined = page.at(place).gap == Gap::None
        && !matches!(page.before(place, 1).kind, Kind::Edge | Kind::Sign(b'('));
    let told = page.is_any(
        previous,
        &[
            "on",
            "since",
            "dated",
            "seen",
            "admitted",
            "discharged",
            "started",
        ],
    ) || is_happening(page, previous) && !previous.class.has(Class::MEASURE)
        || page.slice(previous).ends_with(b"'d");
    !goes_on
        && !joined
        && (padded || told)
        && !counts_behind(page, next_place)
        && !measures_right_before(page, place, 1)
}

/// Whether `21/09` at a place is a day before its month: a word that days follow stands before.
pub(crate) fn is_day_first(page: &Page<'_>, place: usize, end: usize) -> bool {
    let next_place = page.place_from(place, end);
    let next = page.at(next_place);
    let goes_on = next.gap == Gap::None
        && (matches!(page.byte(end), b'/' | b'%' | b'+' | b'-') || next.is_word());
    let previous = page.before(place, opening(page, place));
    let bytes = page
        .text
        .get(page.at(place).start as usize..end)
        .unwrap_or_default();
    let firm = matches!(bytes.get(3..), Some(b"10" | b"11" | [b'0', _]));
    !goes_on
        && (firm || page.is_any(previous, STRICT))
        && !counts_behind(page, next_place)
        && !measures_before(page, place, opening(page, place))
}

/// Whether `3/14` at a place is a day rather than a score, a pulse or a fraction.
///
/// Any month and day count unless what stands around them measures or counts something. The few
/// shapes that are scores more often than days (`4/10`, `2/6`, `1/2`) need a sign of a day.
pub(crate) fn is_month_day(page: &Page<'_>, place: usize, end: usize) -> bool {
    let next_place = page.place_from(place, end);
    let next = page.at(next_place);
    if next.gap == Gap::None && (matches!(page.byte(end), b'/' | b'%' | b'+') || next.is_word())
        || counts_behind(page, next_place)
    {
        return false;
    }
    let back = opening(page, place);
    let previous = page.before(place, back);
    let is_strict = page.is_any(previous, STRICT);
    let bytes = page
        .text
        .get(page.at(place).start as usize..end)
        .unwrap_or_default();
    if is_short_year(bytes) {
        return (is_strict || previous.class.has(Class::DATE_CUE) || is_event(page, place))
            && !measures_before(page, place, back);
    }
    let happened = is_happening(page, previous) || is_part_of_day(page, place);
    if is_no_share(bytes) && !page.is(previous, "vs") {
        return is_strict || !measures_right_before(page, place, back);
    }
    if is_score(bytes) && !is_strict {
        return (happened || is_day_here(page, place, next_place))
            && !measures_before(page, place, back);
    }
    is_strict
        || happened
        || page.is_any(previous, DAY_CUES)
        || previous.class.has(Class::WEEKDAY)
        || previous.class.has(Class::DATE_CUE) && !previous.class.has(Class::MEASURE)
        || !measures_before(page, place, back)
}

/// Whether two numbers with a stroke between them are a share, a score or a ratio: something is
/// measured before, or what they count stands behind.
pub(crate) fn is_share(page: &Page<'_>, first: usize, end: usize) -> bool {
    counts_behind(page, end) || measures_before(page, first, opening(page, first))
}

/// A verb of the past that tells what was done on a day: `missed 1/8`, `recalled 11/14`.
fn is_happening(page: &Page<'_>, token: &Token) -> bool {
    token.kind == Kind::Lower
        && token.len() > 4
        && page.slice(token).ends_with(b"ed")
        && !page.is_any(token, GRADED)
}

/// Words in `-ed` before scores and shares.
const GRADED: &[&str] = &[
    "scored",
    "rated",
    "graded",
    "dilated",
    "effaced",
    "decreased",
    "increased",
    "reduced",
    "remained",
    "improved",
    "worsened",
    "estimated",
    "calculated",
    "measured",
    "reported",
    "diluted",
    "speed",
    "weighed",
    "oriented",
    "answered",
    "remembered",
    "completed",
    "identified",
    "recommended",
    "combined",
    "mixed",
    "need",
    "titrated",
    "averaged",
];

/// `night of 5/5`, `week of 12/8`.
fn is_part_of_day(page: &Page<'_>, place: usize) -> bool {
    page.is(page.before(place, 1), "of")
        && page.is_any(
            page.before(place, 2),
            &[
                "night", "morning", "evening", "day", "week", "wk", "weekend", "date",
            ],
        )
}

/// `11/3`: more than the whole, so no score.
fn is_no_share(bytes: &[u8]) -> bool {
    let mut parts = bytes.split(|&byte| byte == b'/').map(|part| {
        part.iter().fold(0_u32, |sum, digit| {
            sum * 10 + u32::from(digit.wrapping_sub(b'0'))
        })
    });
    let (Some(month), Some(day)) = (parts.next(), parts.next()) else {
        return false;
    };
    month > day || matches!(day, 11 | 13 | 14 | 16..=19 | 21..=23 | 26 | 28 | 29 | 31)
}

/// A word for a measurement stands directly before: `BP 12/8`.
fn measures_right_before(page: &Page<'_>, place: usize, back: usize) -> bool {
    let token = page.before(place, back);
    token.class.has(Class::MEASURE) && !page.is_any(token, &["od", "level", "levels"])
        || page.is_any(token, SCORED)
            && !page.is_any(
                token,
                &[
                    "recalled",
                    "dilated",
                    "oxycodone",
                    "hydrocodone",
                    "level",
                    "levels",
                ],
            )
        || token.class.has(Class::CODE)
        || matches!(token.kind, Kind::Sign(b'/' | b'+' | b'<' | b'>' | b'='))
            && !is_range_sign(page, place)
            && token.gap == Gap::None
}

/// `11/98`: the second number is no day.
fn is_short_year(bytes: &[u8]) -> bool {
    bytes
        .split(|&byte| byte == b'/')
        .nth(1)
        .is_some_and(|second| matches!(second, [b'4'..=b'9', _] | [b'3', b'2'..=b'9']))
}

/// A month after what was done then: `s/p hysterectomy 11/98`, `(CABG 5/94)`.
fn is_event(page: &Page<'_>, place: usize) -> bool {
    (1..=3).any(|back| {
        let token = page.before(place, back);
        token.class.has(Class::MEDICAL) && token.len() > 3
            || token.is_sign(b'/')
                && page.is(page.before(place, back + 1), "s")
                && page.is_any(page.before(place, back.saturating_sub(1)), &["p"])
            || token.len() > 6
                && [&b"ectomy"[..], b"otomy", b"plasty", b"oscopy", b"graphy"]
                    .iter()
                    .any(|ending| page.slice(token).to_ascii_lowercase().ends_with(ending))
    })
}

/// Steps back over the brackets and points between a number and the word before it.
fn opening(page: &Page<'_>, place: usize) -> usize {
    let mut back = 1;
    while matches!(
        page.before(place, back).kind,
        Kind::Sign(b'(' | b':' | b',' | b'~' | b'.')
    ) && back < 3
    {
        back += 1;
    }
    back
}

/// Something counted or measured follows: `1/12 nodes`, `1/2 tablet`, `3/7 days`, `8/30 points`.
fn counts_behind(page: &Page<'_>, next_place: usize) -> bool {
    let next = page.at(next_place);
    let hyphen = usize::from(next.is_sign(b'-') && next.gap == Gap::None);
    let word = page.at(next_place + hyphen);
    let unit = word.class.has(Class::MEASURE.or(Class::UNIT))
        && !page.is(word, "in")
        && !(word.kind == Kind::Upper && word.len() == 1);
    (word.gap <= Gap::Space && unit || word.gap <= Gap::Line && page.is_any(word, COUNTED))
        && !(page.is_any(word, &["time", "times"]) && page.at(next_place + 1).kind == Kind::Number)
}

/// A word for a measurement in the few words before, within the same sentence.
fn measures_before(page: &Page<'_>, place: usize, back: usize) -> bool {
    let mut step = 1;
    while step <= back + 3 {
        let token = page.before(place, step);
        let ends = matches!(
            token.kind,
            Kind::Edge | Kind::Sign(b'.' | b';' | b'!' | b'?')
        );
        if ends && step >= back
            || page.before(place, step.saturating_sub(1)).gap >= Gap::Line && step > 1
        {
            return false;
        }
        let sight = page.is_any(token, &["od", "os", "ou", "vision", "visual", "acuity"])
            && page.bytes(place) != b"6";
        if token.class.has(Class::MEASURE)
            && !sight
            && !page.is_any(token, &["type", "class", "stage", "o2"])
            || page.is_any(token, SCORED)
            || token.class.has(Class::CODE) && step == 1
        {
            return true;
        }
        let whole_date = page.before(place, step + 2).is_sign(b'/')
            || page.before(place, step.saturating_sub(2)).is_sign(b'/');
        let ratio =
            token.is_sign(b'/') && page.before(place, step + 1).kind == Kind::Number && !whole_date;
        if ratio && step <= 3 && !is_range_sign(page, place) {
            return true;
        }
        step += 1;
    }
    matches!(
        page.before(place, 1).kind,
        Kind::Sign(b'+' | b'<' | b'>' | b'=' | b'~')
    )
}

/// `3/14 - 3/20`, `3/14 and 3/20`.
fn is_range_sign(page: &Page<'_>, place: usize) -> bool {
    let previous = page.before(place, 1);
    matches!(previous.kind, Kind::Sign(b'-' | b',' | b'&'))
        || page.is_any(previous, &["to", "and", "through", "or", "thru", "until"])
}

/// What makes a day of a shape that is a score more often: it opens a line or stands between bars,
/// a time follows, or a word that days follow stands before.
fn is_day_here(page: &Page<'_>, place: usize, next_place: usize) -> bool {
    let token = page.at(place);
    let next = page.at(next_place);
    let previous = page.before(place, 1);
    let clock = |at: usize| {
        page.at(at).kind == Kind::Number
            && page.at(at).len() <= 2
            && page.at(at + 1).is_sign(b':')
            && page.at(at + 1).gap == Gap::None
            && page.at(at + 2).len() == 2
    };
    let at = next_place + usize::from(page.is_any(next, &["at", "time"]) || next.is_sign(b'@'));
    let timed =
        clock(at) || page.at(at).kind == Kind::Number && page.at(at).len() == 4 && at > next_place;
    let opens_line = token.gap >= Gap::Line
        && (next.is_sign(b':') || next.is_sign(b'-') || next.is_capital() || next.gap >= Gap::Line);
    let closes_line = next.gap >= Gap::Line
        && (previous.is_capital() && page.at(place).gap == Gap::Space
            || previous.class.has(Class::CREDENTIAL));
    let shortened = previous.is_word()
        && previous.gap == Gap::None
        && page.before(place, 2).is_sign(b'/')
        && page.before(place, 3).len() == 1
        && page.before(place, 3).is_word();
    let joined = is_range_sign(page, place)
        && page.before(place, 2).kind == Kind::Number
        && (page.before(place, 3).is_sign(b'/') || page.before(place, 3).is_word());
    let word = page.before(place, opening(page, place));
    timed
        || opens_line
        || closes_line
        || shortened
        || joined
        || previous.is_sign(b'|')
        || word.class.has(Class::WEEKDAY)
        || page.is_any(word, DAY_CUES)
        || page.is_any(word, &["with", "to"]) && page.is(page.before(place, 2), "compared")
        || word.class.has(Class::DATE_CUE)
            && !word.class.has(Class::MEASURE)
            && !page.is_any(
                word,
                &["to", "of", "and", "about", "between", "around", "through"],
            )
}

/// The shapes in which scores and pulses are written: x/10, x/5 and x/6, halves and quarters.
fn is_score(bytes: &[u8]) -> bool {
    matches!(
        bytes.split(|&byte| byte == b'/').nth(1),
        Some(b"10" | b"4" | b"5" | b"6" | b"2" | b"3")
    ) || bytes.starts_with(b"1/")
}

/// Whether a format is a date that needs no context.
pub(crate) const fn is_date(format: Format) -> bool {
    matches!(
        format,
        Format::IsoDate
            | Format::YearFirst
            | Format::Slashed
            | Format::Dotted
            | Format::DayMonthYear
            | Format::MonthYear
            | Format::Foreign
    )
}

/// What has versions, sections or errors with dotted numbers.
const VERSIONED: &[&str] = &[
    "v", "ver", "version", "versions", "sw", "software", "firmware", "fw", "release", "build",
    "rev", "revision", "section", "chapter", "update", "upgrade", "upgraded", "patch", "figure",
    "table", "step", "error", "code", "kernel", "driver", "ios", "android", "windows", "java",
];

const DATE_WORDS: &[&str] = &[
    "dob",
    "birth",
    "born",
    "birthdate",
    "birthday",
    "date",
    "dated",
    "dos",
    "admitted",
    "b",
];
