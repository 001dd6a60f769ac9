//! Dates moved by days, or drawn together to a month or quarter, in the form they were written.

use super::{
    DateParts, MONTHS, WEEKDAYS, abbreviates, compact, day_of, days_in, digits, is_weekday,
    month_named, parse, split_time, year_of,
};

/// The written date moved by a number of days, everything else as it was: order, separators,
/// leading zeros, time of day, zone, the case and length of month names.
///
/// A date without its day moves as its 15th would, a year alone as its 2nd of July would, so that
/// it keeps its precision. A date without its year (`3/14`, `March 14th`) moves as in a year of
/// 365 days; a day of the week becomes the one of the new date. Nothing where the text cannot be
/// read, so that the caller removes it.
///
/// Two dates of one person moved by the same number of days keep their distance.
///
/// ```
/// use cloister_phi::dates::shift;
/// assert_eq!(shift("3/14/2021", 49).as_deref(), Some("5/2/2021"));
/// assert_eq!(shift("March 14, 2021", 49).as_deref(), Some("May 2, 2021"));
/// assert_eq!(shift("20210314102233.5-0500", 49).as_deref(), Some("20210502102233.5-0500"));
/// assert_eq!(shift("soon", 49), None);
/// ```
pub fn shift(text: &str, days: i32) -> Option<String> {
    let start = text.len() - text.trim_start().len();
    let written = text.trim();
    if let Some(moved) = shift_compact(written, days) {
        return Some(put_back(text, start, written, &moved));
    }
    let (date, _) = split_time(written);
    let date = if is_iso_like(date) {
        date.get(..10)?
    } else {
        date.trim_end_matches([',', ' '])
    };
    let layout = Layout::of(date)?;
    let moved = layout.moved(days)?;
    let mut output = layout.write(date, moved);
    output.push_str(written.get(date.len()..)?);
    Some(put_back(text, start, written, &output))
}

fn put_back(text: &str, start: usize, written: &str, moved: &str) -> String {
    let end = start + written.len();
    [
        text.get(..start).unwrap_or(""),
        moved,
        text.get(end..).unwrap_or(""),
    ]
    .concat()
}

fn is_iso_like(date: &str) -> bool {
    date.len() > 10
        && parse(date.get(..10).unwrap_or("")).is_some()
        && date.as_bytes().get(4) == Some(&b'-')
}

/// HL7 and DICOM: digits without separators; four of them are a year, six a month.
fn shift_compact(text: &str, days: i32) -> Option<String> {
    let end = text
        .find(|mark: char| !mark.is_ascii_digit())
        .unwrap_or(text.len());
    let (stamp, rest) = text.split_at_checked(end)?;
    let is_stamp = rest.is_empty() || end >= 8 && rest.starts_with(['.', '+', '-', 'Z']);
    let parts = is_stamp.then(|| compact(stamp))??;
    let moved = Moved::of(parts, days)?;
    let digits = moved.digits();
    let kept = end.min(8);
    Some([digits.get(..kept)?, text.get(kept..)?].concat())
}

/// A day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Moved {
    year: i32,
    month: u32,
    day: u32,
    weekday: usize,
}

impl Moved {
    fn of(parts: DateParts, days: i32) -> Option<Self> {
        let (month, day) = match (parts.month, parts.day) {
            (None, _) => (7, 2),
            (Some(month), None) => (month, 15),
            (Some(month), Some(day)) => (month, day),
        };
        let number = day_number(parts.year, month.into(), day.into());
        Self::at(number.checked_add(i64::from(days))?)
    }

    /// The day with this number; nothing outside the years that are read.
    fn at(number: i64) -> Option<Self> {
        let (year, month, day) = civil(number)?;
        // 1 January 1970 was a Thursday, the fourth day of the list.
        let weekday = usize::try_from((number + 3).rem_euclid(7)).ok()?;
        (1800..2200).contains(&year).then_some(Self {
            year,
            month,
            day,
            weekday,
        })
    }

    fn digits(self) -> String {
        format!("{:04}{:02}{:02}", self.year, self.month, self.day)
    }
}

/// Days since 1 January 1970 in the Gregorian calendar.
///
/// Source: the reckoning by eras of 400 years, each of 146,097 days, the year beginning in March.
pub(crate) fn day_number(year: i32, month: u32, day: u32) -> i64 {
    let year = i64::from(year) - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_of_year = (i64::from(month) + 9) % 12;
    let day_of_year = (153 * month_of_year + 2) / 5 + i64::from(day) - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The year, month and day of a day number.
fn civil(number: i64) -> Option<(i32, u32, u32)> {
    let number = number.checked_add(719_468)?;
    let (era, day_of_era) = (number.div_euclid(146_097), number.rem_euclid(146_097));
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_of_year = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_of_year + 2) / 5 + 1;
    let month = if month_of_year < 10 {
        month_of_year + 3
    } else {
        month_of_year - 9
    };
    let year = year_of_era + era.checked_mul(400)? + i64::from(month <= 2);
    Some((
        i32::try_from(year).ok()?,
        u32::try_from(month).ok()?,
        u32::try_from(day).ok()?,
    ))
}

/// What a word of a written date says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Year,
    /// The last two digits of the year.
    ShortYear,
    Month,
    MonthName,
    Day,
    Weekday,
    /// `of`, `the`: stays.
    Filler,
}

/// The words of a written date with their places.
#[derive(Debug, Default)]
struct Layout {
    parts: Vec<(Part, usize, usize)>,
    year: Option<i32>,
    month: Option<u32>,
    day: Option<u32>,
}

impl Layout {
    fn of(date: &str) -> Option<Self> {
        let mut words = words(date);
        if words.len() > WORDS_MAX {
            return None;
        }
        let mut layout = Self::default();
        words.retain(|&(word, start)| {
            let part = match word {
                _ if is_weekday(word) => Part::Weekday,
                "of" | "the" | "The" => Part::Filler,
                _ => return true,
            };
            layout.parts.push((part, start, start + word.len()));
            false
        });
        layout.read(&words)?;
        layout.is_sound().then_some(layout)
    }

    /// Says what each word is, in the orders that [`parse`] takes.
    fn read(&mut self, words: &[(&str, usize)]) -> Option<()> {
        let roles: &[Part] = match *words {
            [] if self.parts.iter().any(|part| part.0 == Part::Weekday) => &[],
            [(one, _), (two, _), (three, _)] => Self::roles_of_three(one, two, three)?,
            [(one, _), (two, _)] => Self::roles_of_two(one, two)?,
            [(one, _)] => {
                year_of(one)?;
                &[Part::Year]
            }
            _ => return None,
        };
        for (&(word, start), &part) in words.iter().zip(roles) {
            match part {
                Part::Year => self.year = Some(year_of(word)?),
                Part::ShortYear => self.year = Some(2000 + number(word)?),
                Part::Month => self.month = Some(digits(word.as_bytes())?),
                Part::MonthName => self.month = Some(month_named(word)?),
                Part::Day => self.day = Some(day_of(word)?),
                Part::Weekday | Part::Filler => {}
            }
            self.parts.push((part, start, start + word.len()));
        }
        Some(())
    }

    fn roles_of_three(one: &str, two: &str, three: &str) -> Option<&'static [Part]> {
        let last = if year_of(three).is_some() {
            Part::Year
        } else {
            Part::ShortYear
        };
        if month_named(one).is_some() {
            return Some(match last {
                Part::Year => &[Part::MonthName, Part::Day, Part::Year],
                _ => &[Part::MonthName, Part::Day, Part::ShortYear],
            });
        }
        if month_named(two).is_some() {
            return Some(match (year_of(one), last) {
                (Some(_), _) => &[Part::Year, Part::MonthName, Part::Day],
                (None, Part::Year) => &[Part::Day, Part::MonthName, Part::Year],
                (None, _) => &[Part::Day, Part::MonthName, Part::ShortYear],
            });
        }
        if year_of(one).is_some() {
            return Some(&[Part::Year, Part::Month, Part::Day]);
        }
        let day_first = digits(one.as_bytes())? > 12;
        Some(match (day_first, last) {
            (false, Part::Year) => &[Part::Month, Part::Day, Part::Year],
            (false, _) => &[Part::Month, Part::Day, Part::ShortYear],
            (true, Part::Year) => &[Part::Day, Part::Month, Part::Year],
            (true, _) => &[Part::Day, Part::Month, Part::ShortYear],
        })
    }

    fn roles_of_two(one: &str, two: &str) -> Option<&'static [Part]> {
        let [named_first, named_second] = [one, two].map(|word| month_named(word).is_some());
        Some(match (year_of(one).is_some(), year_of(two).is_some()) {
            (true, false) if named_second => &[Part::Year, Part::MonthName],
            (true, false) => &[Part::Year, Part::Month],
            (false, true) if named_first => &[Part::MonthName, Part::Year],
            (false, true) => &[Part::Month, Part::Year],
            (false, false) if named_first => &[Part::MonthName, Part::Day],
            (false, false) if named_second => &[Part::Day, Part::MonthName],
            (false, false) if digits(one.as_bytes())? > 12 => &[Part::Day, Part::Month],
            (false, false) => &[Part::Month, Part::Day],
            (true, true) => return None,
        })
    }

    fn is_sound(&self) -> bool {
        let year = self.year.unwrap_or(COMMON_YEAR);
        let days = self.month.map_or(Some(31), |month| days_in(year, month));
        (1800..2200).contains(&year)
            && days.is_some_and(|days| self.day.is_none_or(|day| (1..=days).contains(&day)))
    }

    fn moved(&self, days: i32) -> Option<Moved> {
        let part = |part: Option<u32>| part.and_then(|part| u8::try_from(part).ok());
        if self.year.is_none() && self.month.is_none() {
            return self.moved_weekday(days);
        }
        let parts = DateParts {
            year: self.year.unwrap_or(COMMON_YEAR),
            month: part(self.month),
            day: part(self.day),
            timed: false,
        };
        Moved::of(parts, days)
    }

    /// A day of the week alone: [`Layout::write`] counts on from the word itself.
    fn moved_weekday(&self, days: i32) -> Option<Moved> {
        self.parts
            .iter()
            .any(|part| part.0 == Part::Weekday)
            .then_some(())?;
        Some(Moved {
            year: 0,
            month: 0,
            day: 0,
            weekday: usize::try_from(days.rem_euclid(7)).ok()?,
        })
    }

    fn write(mut self, date: &str, moved: Moved) -> String {
        self.parts.sort_unstable_by_key(|part| part.1);
        let padded = self.is_padded(date);
        let mut output = String::with_capacity(date.len() + 8);
        let mut done = 0;
        for &(part, start, end) in &self.parts {
            output.push_str(date.get(done..start).unwrap_or(""));
            let word = date.get(start..end).unwrap_or("");
            let is_short = matches!(date.as_bytes().get(end), Some(b'.' | b'-'))
                || start > 0
                    && end - start == 3
                    && date
                        .as_bytes()
                        .get(start - 1)
                        .is_some_and(|mark| *mark == b'-' || mark.is_ascii_digit());
            match part {
                Part::Year => output.push_str(&moved.year.to_string()),
                Part::ShortYear => output.push_str(moved.digits().get(2..4).unwrap_or("")),
                Part::Month => push_padded(moved.month, padded, &mut output),
                Part::MonthName => {
                    let name = MONTHS.get(moved.month as usize - 1).copied().unwrap_or("");
                    push_name(name, word, is_short, &mut output);
                }
                Part::Day => push_day(moved.day, word, padded, &mut output),
                Part::Weekday => {
                    let place = if moved.month == 0 {
                        (weekday_of(word) + moved.weekday) % 7
                    } else {
                        moved.weekday
                    };
                    let is_known = self.year.is_some() && self.day.is_some() || moved.month == 0;
                    match WEEKDAYS.get(place).filter(|_| is_known) {
                        Some(name) => push_name(name, word, false, &mut output),
                        // The year that would tell is not written.
                        None => output.push_str(word),
                    }
                }
                Part::Filler => output.push_str(word),
            }
            done = end;
        }
        output.push_str(date.get(done..).unwrap_or(""));
        output
    }

    /// Whether numbers below ten have a leading zero: some number shows it, or none could.
    fn is_padded(&self, date: &str) -> bool {
        let named = self.parts.iter().any(|part| part.0 == Part::MonthName);
        let mut numbers = self
            .parts
            .iter()
            .filter(|part| matches!(part.0, Part::Month | Part::Day))
            .filter_map(|&(_, start, end)| date.get(start..end));
        if named {
            return numbers.any(|number| number.starts_with('0')) || date.contains('-');
        }
        numbers.all(|number| number.len() == 2)
    }
}

/// More words than this are no date.
const WORDS_MAX: usize = 6;
/// Stands for a year that is not written; it has 365 days.
const COMMON_YEAR: i32 = 2021;

/// Runs of letters or of digits with their places; `14th` is one word, `7MAR1980` three.
fn words(date: &str) -> Vec<(&str, usize)> {
    let mut words = Vec::new();
    let bytes = date.as_bytes();
    let mut at = 0;
    while let Some(first) = bytes.get(at) {
        let start = at;
        if !first.is_ascii_alphanumeric() {
            at += 1;
            continue;
        }
        while bytes.get(at).is_some_and(|byte| {
            byte.is_ascii_alphanumeric() && byte.is_ascii_digit() == first.is_ascii_digit()
        }) {
            at += 1;
        }
        let ending = date.get(at..at + 2).unwrap_or("").to_ascii_lowercase();
        let ends = !bytes.get(at + 2).is_some_and(u8::is_ascii_alphanumeric);
        if first.is_ascii_digit() && ORDINALS.contains(&ending.as_str()) && ends {
            at += 2;
        }
        words.extend(date.get(start..at).map(|word| (word, start)));
    }
    words
}

const ORDINALS: [&str; 4] = ["st", "nd", "rd", "th"];

fn number(word: &str) -> Option<i32> {
    (word.len() == 2).then(|| i32::try_from(digits(word.as_bytes())?).ok())?
}

fn weekday_of(word: &str) -> usize {
    WEEKDAYS
        .iter()
        .position(|day| abbreviates(word, day, 3))
        .unwrap_or(0)
}

fn push_padded(number: u32, padded: bool, output: &mut String) {
    if padded && number < 10 {
        output.push('0');
    }
    output.push_str(&number.to_string());
}

fn push_day(day: u32, word: &str, padded: bool, output: &mut String) {
    let ordinal = word.bytes().any(|byte| byte.is_ascii_alphabetic());
    push_padded(day, padded && !ordinal, output);
    if ordinal {
        output.push_str(match (day % 10, day) {
            (1, 1 | 21 | 31) => "st",
            (2, 2 | 22) => "nd",
            (3, 3 | 23) => "rd",
            _ => "th",
        });
    }
}

/// A name in the case and length of the word it replaces.
fn push_name(name: &str, word: &str, is_short: bool, output: &mut String) {
    // `May` is as long as its short form: what stands around it tells.
    let short = word.len() < 5
        && !matches!(word.to_ascii_lowercase().as_str(), "june" | "july" | "may")
        || is_short && word.len() == 3;
    let name = if short {
        name.get(..3).unwrap_or(name)
    } else {
        name
    };
    let upper = word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_uppercase());
    let title = word
        .bytes()
        .next()
        .is_some_and(|byte| byte.is_ascii_uppercase());
    for (place, letter) in name.char_indices() {
        output.push(if upper || title && place == 0 {
            letter.to_ascii_uppercase()
        } else {
            letter
        });
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_date_moves_in_the_form_it_was_written() {
        for (written, expected) in [
            ("3/14/2021", "5/2/2021"),
            ("03/14/2021", "05/02/2021"),
            ("12/14/2021", "02/01/2022"),
            ("3/14/21", "5/2/21"),
            ("3-14-2021", "5-2-2021"),
            ("27.3.2021", "15.5.2021"),
            ("2021-03-14", "2021-05-02"),
            ("2021-03-14T10:22:33.5+01:00", "2021-05-02T10:22:33.5+01:00"),
            ("2021-03-14 10:22", "2021-05-02 10:22"),
            ("03/14/2021 10:22 AM", "05/02/2021 10:22 AM"),
            ("March 14, 2021", "May 2, 2021"),
            ("MARCH 14, 2021", "MAY 2, 2021"),
            ("Mar. 14, 2021", "May. 2, 2021"),
            ("14 Mar 2021", "2 May 2021"),
            ("14-MAR-2021", "02-MAY-2021"),
            ("14MAR2021", "2MAY2021"),
            ("March 14th, 2021", "May 2nd, 2021"),
            ("Sunday, March 14, 2021", "Sunday, May 2, 2021"),
            ("May 2, 2021", "June 20, 2021"),
            ("20210314", "20210502"),
            ("20210314102233", "20210502102233"),
            ("20210314102233.123-0500", "20210502102233.123-0500"),
            ("202103", "202105"),
            ("2021-03", "2021-05"),
            ("March 2021", "May 2021"),
            ("03/2021", "05/2021"),
            ("2021", "2021"),
            ("3/14", "5/2"),
            ("March 14th", "May 2nd"),
            ("the 14th of March 2021", "the 2nd of May 2021"),
            ("Monday", "Monday"),
            (" 3/14/2021 ", " 5/2/2021 "),
        ] {
            assert_eq!(shift(written, 49).as_deref(), Some(expected), "{written}");
        }
        assert_eq!(
            shift("Friday, March 7, 1980", 1).as_deref(),
            Some("Saturday, March 8, 1980")
        );
        assert_eq!(shift("Mon", -1).as_deref(), Some("Sun"));
        assert_eq!(shift("12/31/2021", 1).as_deref(), Some("01/01/2022"));
        assert_eq!(shift("2020-02-28", 1).as_deref(), Some("2020-02-29"));
    }

    #[test]
    fn what_cannot_be_read_does_not_move() {
        for written in [
            "",
            "soon",
            "2021-02-30",
            "13/13/2021",
            "120/80/99/1",
            "Q1 2021",
            "the 3rd",
            "1799-12-31",
            "2/30",
            "3/14-3/16",
            "٣/٧/١٩٨٠",
        ] {
            assert_eq!(shift(written, 49), None, "{written}");
        }
        assert_eq!(shift("2199-12-31", 1), None);
    }

    proptest! {
        #[test]
        fn distances_stay_and_moving_back_gives_the_date_again(
            first in 0_i64..60_000, second in 0_i64..60_000, days in -365_i32..=365, form in 0_usize..6,
        ) {
            let written = |number: i64| {
                let moved = Moved::at(number - 30_000 + 5_000).unwrap();
                let Moved { year, month, day, .. } = moved;
                let name = MONTHS[month as usize - 1];
                match form {
                    0 => format!("{year}-{month:02}-{day:02}"),
                    1 => format!("{month}/{day}/{year}"),
                    2 => format!("{year}{month:02}{day:02}1022"),
                    3 => format!("{name} {day}, {year}"),
                    4 => format!("{day:02}-{}-{year}", name.get(..3).unwrap()),
                    _ => format!("{month:02}/{day:02}/{year} 10:22"),
                }
            };
            let number = |text: &str| {
                let date = parse(text).unwrap();
                day_number(date.year, date.month.unwrap().into(), date.day.unwrap().into())
            };
            let (one, two) = (written(first), written(second));
            let (one_moved, two_moved) = (shift(&one, days).unwrap(), shift(&two, days).unwrap());
            prop_assert_eq!(number(&one_moved) - number(&two_moved), first - second);
            prop_assert_eq!(number(&shift(&one_moved, -days).unwrap()), number(&one));
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,40}|[0-9TZ:./ ,a-z-]{0,30}", days in -4_000_i32..4_000) {
            let _moved = shift(&text, days);
        }
    }
}
