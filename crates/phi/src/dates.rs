//! Dates as people write them: read, moved, reduced to the month, quarter or year.

mod coarse;
mod shift;

pub(crate) use coarse::first_month;
pub use coarse::{to_month, to_quarter};
#[cfg(test)]
pub(crate) use shift::day_number;
pub use shift::shift;

/// The parts of a date or date-time that were written down.
///
/// Years run from 1800 to 2199. A part that was not written is absent: `1980` has no month,
/// `March 1980` no day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DateParts {
    /// The calendar year, 1800 to 2199.
    pub year: i32,
    /// The month, 1 to 12.
    pub month: Option<u8>,
    /// The day of the month, 1 to 31.
    pub day: Option<u8>,
    /// Whether a time of day was written too.
    pub timed: bool,
}

/// Reads a date or date-time in one of the usual written forms.
///
/// Taken are ISO 8601 (`1980-03-07`, `1980-03-07T10:22:33.5+01:00`), United States forms
/// (`3/7/1980`, `03-07-1980 10:22 AM`), day before month where the month would be impossible
/// (`27.3.1980`), names of months (`7 Mar 1980`, `March 7, 1980`, `07-MAR-1980`, `Mar 1980`),
/// HL7 (`198003071022`, `19800307`) and the year alone.
///
/// Refused (`None`) are impossible dates (`1980-02-30`), years of two digits, whose century
/// nobody wrote down, and everything else: the caller suppresses what it cannot read.
///
/// ```
/// use cloister_phi::dates::parse;
/// let date = parse("March 7, 1980").unwrap();
/// assert_eq!((date.year, date.month, date.day), (1980, Some(3), Some(7)));
/// assert_eq!(parse("02/30/1980"), None);
/// ```
pub fn parse(text: &str) -> Option<DateParts> {
    let text = text.trim();
    if text.len() > WRITTEN_MAX || !text.is_ascii() {
        return None;
    }
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return None; // no form is without a year
    }
    iso(text.as_bytes()).or_else(|| written(text))
}

/// The year of a written date, or nothing where it cannot be read: what Safe Harbor leaves.
///
/// Source: 45 CFR 164.514(b)(2)(i)(C).
///
/// ```
/// use cloister_phi::dates::to_year;
/// assert_eq!(to_year("19800307102233"), Some(1980));
/// assert_eq!(to_year("3/7/80"), None); // which century?
/// ```
pub fn to_year(text: &str) -> Option<i32> {
    parse(text).map(|date| date.year)
}

/// Whether the text shows more than a year.
pub fn is_finer_than_year(text: &str) -> bool {
    parse(text).is_some_and(|date| date.month.is_some())
}

/// The English name of a month, in lower case; empty for what is no month.
pub(crate) fn month_name(month: u8) -> &'static str {
    let index = usize::from(month).wrapping_sub(1);
    MONTHS.get(index).copied().unwrap_or("")
}

const WRITTEN_MAX: usize = 48;
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const WEEKDAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// The form nearly all machine-made columns have: `yyyy-mm-dd` with an optional time.
fn iso(bytes: &[u8]) -> Option<DateParts> {
    let (date, rest) = bytes.split_at_checked(10)?;
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *date else {
        return None;
    };
    let timed = match rest {
        [] => false,
        [b'T' | b't' | b' ', time @ ..] => is_time(time).then_some(true)?,
        _ => return None,
    };
    let year = i32::try_from(digits(&[y1, y2, y3, y4])?).ok()?;
    dated(year, digits(&[m1, m2])?, digits(&[d1, d2])?, timed)
}

/// Every other form, word by word.
fn written(text: &str) -> Option<DateParts> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return compact(text);
    }
    let (date, time) = split_time(text);
    let timed = match time {
        Some(time) => is_time(time.as_bytes()).then_some(true)?,
        None => false,
    };
    let words: Vec<&str> = date
        .split(|mark: char| !mark.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty() && !is_weekday(word))
        .collect();
    let parts = match *words.as_slice() {
        [only] if !timed && date.len() == only.len() => hl7_with_zone(only)?,
        [one, two] => month_and_year(one, two)?,
        // Fraction and zone of an HL7 time stamp.
        [stamp, _, _]
            if stamp.len() > 8 && stamp.starts_with(|mark: char| mark.is_ascii_digit()) =>
        {
            compact(stamp)?
        }
        [one, two, three] => three_parts(one, two, three)?,
        _ => return None,
    };
    Some(DateParts {
        timed: timed || parts.timed,
        ..parts
    })
}

/// The time begins at the `T` of ISO or at the blank before the first colon.
fn split_time(text: &str) -> (&str, Option<&str>) {
    let Some(colon) = text.find(':') else {
        return (text, None);
    };
    let Some(before) = text.get(..colon) else {
        return (text, None);
    };
    match before.rfind([' ', 'T', ',']) {
        Some(blank) => (before.get(..blank).unwrap_or(""), text.get(blank + 1..)),
        None => (text, None),
    }
}

/// HL7 v2 DTM and plain digits: year, then month, day, hour, minute, second.
fn compact(text: &str) -> Option<DateParts> {
    let bytes = text.as_bytes();
    let number = |from: usize, to: usize| digits(bytes.get(from..to)?);
    let year = i32::try_from(number(0, 4)?).ok()?;
    match bytes.len() {
        4 => bounded(year, None, None, false),
        6 => bounded(year, Some(number(4, 6)?), None, false),
        8 => dated(year, number(4, 6)?, number(6, 8)?, false),
        10 | 12 | 14 => {
            let sound = number(8, 10)? < 24
                && number(10, 12).unwrap_or(0) < 60
                && number(12, 14).unwrap_or(0) <= 60;
            sound.then(|| dated(year, number(4, 6)?, number(6, 8)?, true))?
        }
        _ => None,
    }
}

/// One word that is not all digits: `7MAR1980`.
fn hl7_with_zone(word: &str) -> Option<DateParts> {
    let month_from = word.find(|mark: char| mark.is_ascii_alphabetic())?;
    let month_to = word.rfind(|mark: char| mark.is_ascii_alphabetic())? + 1;
    three_parts(
        word.get(..month_from)?,
        word.get(month_from..month_to)?,
        word.get(month_to..)?,
    )
}

fn month_and_year(one: &str, two: &str) -> Option<DateParts> {
    if let Some(stamp) = compact(one).filter(|stamp| stamp.timed) {
        return Some(stamp); // fraction or zone of an HL7 time stamp
    }
    if let Some(month) = month_named(one) {
        return bounded(year_of(two)?, Some(month), None, false);
    }
    match (one.len(), two.len()) {
        (4, 1 | 2) => bounded(year_of(one)?, Some(digits(two.as_bytes())?), None, false),
        (1 | 2, 4) => bounded(year_of(two)?, Some(digits(one.as_bytes())?), None, false),
        _ => None,
    }
}

fn three_parts(one: &str, two: &str, three: &str) -> Option<DateParts> {
    if let Some(month) = month_named(one) {
        return dated(year_of(three)?, month, day_of(two)?, false);
    }
    if let Some(month) = month_named(two) {
        return match year_of(three) {
            Some(year) => dated(year, month, day_of(one)?, false),
            None => dated(year_of(one)?, month, day_of(three)?, false),
        };
    }
    let [first, second, third] = [one, two, three].map(|part| digits(part.as_bytes()));
    if let Some(year) = year_of(one) {
        return dated(year, second?, third?, false);
    }
    let (year, first, second) = (year_of(three)?, first?, second?);
    dated(year, first, second, false).or_else(|| dated(year, second, first, false))
}

fn dated(year: i32, month: u32, day: u32, timed: bool) -> Option<DateParts> {
    (1..=days_in(year, month)?).contains(&day).then_some(())?;
    bounded(year, Some(month), Some(day), timed)
}

fn bounded(year: i32, month: Option<u32>, day: Option<u32>, timed: bool) -> Option<DateParts> {
    let sound = (1800..2200).contains(&year) && month.is_none_or(|month| (1..=12).contains(&month));
    sound.then_some(())?;
    Some(DateParts {
        year,
        month: month.and_then(|month| u8::try_from(month).ok()),
        day: day.and_then(|day| u8::try_from(day).ok()),
        timed,
    })
}

const fn days_in(year: i32, month: u32) -> Option<u32> {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => Some(29),
        2 => Some(28),
        _ => None,
    }
}

/// `hh:mm[:ss[.f]]` with an optional `AM`, `PM`, `Z` or offset.
fn is_time(time: &[u8]) -> bool {
    let mut parts = time.splitn(3, |byte| *byte == b':');
    let hour = parts.next().and_then(digits).is_some_and(|hour| hour < 24);
    let minute = parts
        .next()
        .and_then(|part| digits(part.get(..2)?))
        .is_some_and(|minute| minute < 60);
    hour && minute
        && time.iter().all(|byte| {
            byte.is_ascii_digit()
                || matches!(byte, b':' | b'.' | b',' | b'+' | b'-' | b' ')
                || byte.is_ascii_alphabetic()
        })
}

fn year_of(text: &str) -> Option<i32> {
    (text.len() == 4).then_some(())?;
    i32::try_from(digits(text.as_bytes())?).ok()
}

/// A day of the month, its ordinal ending included: `7`, `07`, `7th`.
fn day_of(text: &str) -> Option<u32> {
    let end = text
        .find(|mark: char| !mark.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, ending) = text.split_at_checked(end)?;
    let known = ["", "st", "nd", "rd", "th"]
        .iter()
        .any(|known| ending.eq_ignore_ascii_case(known));
    known.then(|| digits(number.as_bytes()))?
}

fn month_named(word: &str) -> Option<u32> {
    let found = MONTHS
        .iter()
        .position(|month| abbreviates(word, month, 3))?;
    u32::try_from(found + 1).ok()
}

fn is_weekday(word: &str) -> bool {
    WEEKDAYS.iter().any(|day| abbreviates(word, day, 3))
}

fn abbreviates(word: &str, whole: &str, letters_min: usize) -> bool {
    let sept = whole == "september" && word.eq_ignore_ascii_case("sept");
    let short = word.len() == letters_min
        && whole
            .get(..letters_min)
            .is_some_and(|short| word.eq_ignore_ascii_case(short));
    sept || short || word.eq_ignore_ascii_case(whole)
}

fn digits(bytes: &[u8]) -> Option<u32> {
    if bytes.is_empty() || bytes.len() > 9 {
        return None;
    }
    bytes.iter().try_fold(0_u32, |number, byte| {
        byte.is_ascii_digit()
            .then(|| number * 10 + u32::from(byte - b'0'))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_day_in_all_its_forms() {
        for form in [
            "1980-03-07",
            "1980-03-07T10:22:33.5+01:00",
            "1980-03-07 10:22",
            "3/7/1980",
            "03/07/1980 10:22 AM",
            "03-07-1980",
            "1980/3/7",
            "7 Mar 1980",
            "07-MAR-1980",
            "March 7, 1980",
            "Mar. 7th, 1980",
            "Friday, March 7, 1980",
            "19800307",
            "19800307102233",
            "198003071022",
            "19800307102233.123-0500",
            "7MAR1980",
        ] {
            let date = parse(form).unwrap_or_else(|| panic!("{form}"));
            assert_eq!(
                (date.year, date.month, date.day),
                (1980, Some(3), Some(7)),
                "{form}"
            );
        }
    }

    #[test]
    fn the_longest_month_is_no_time_stamp() {
        assert_eq!(to_year("September 15, 2013"), Some(2013));
        assert_eq!(to_year("September 10, 2012 11:45am"), Some(2012));
    }

    #[test]
    fn unwritten_parts_stay_absent() {
        assert_eq!(parse("1980").unwrap().month, None);
        for form in ["1980-03", "03/1980", "March 1980", "198003"] {
            let date = parse(form).unwrap_or_else(|| panic!("{form}"));
            assert_eq!((date.month, date.day), (Some(3), None), "{form}");
        }
    }

    #[test]
    fn impossible_and_doubtful_dates_are_refused() {
        for form in [
            "",
            "1980-02-30",
            "02/29/1981",
            "13/13/1980",
            "3/7/80",
            "1799-01-01",
            "2200",
            "19801307",
            "1980-03-07T25:00",
            "unknown",
            "1980-03-07x",
            "7 Foo 1980",
            "318211200000",
            "٣/٧/١٩٨٠",
            "120/80",
            "98.6",
        ] {
            assert_eq!(parse(form), None, "{form}");
        }
        assert_eq!(to_year("September 9, 1980"), Some(1980));
        assert_eq!(to_year("27.3.1980"), Some(1980));
        assert_eq!(to_year("2000-02-29"), Some(2000));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,40}|[0-9TZ:./ -]{0,40}") {
            let _parts = parse(&text);
        }

        #[test]
        fn the_year_of_a_year_is_itself(text in "[0-9a-zA-Z:/. -]{0,20}") {
            if let Some(year) = to_year(&text) {
                prop_assert_eq!(to_year(&year.to_string()), Some(year));
            }
        }
    }
}
