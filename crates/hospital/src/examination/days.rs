use super::Half;
use crate::{date::Date, draw::Draw};

/// A whole date in a form of the half.
pub(super) fn whole(draw: &mut Draw, half: Half, date: Date) -> (String, &'static str) {
    let form = draw.weighted(match half {
        Half::Development => WHOLE_DEVELOPMENT,
        Half::HeldOut => WHOLE_HELD_OUT,
    });
    (write(form, date), form)
}

/// A date without its year in a form of the half.
pub(super) fn part(draw: &mut Draw, half: Half, date: Date) -> (String, &'static str) {
    let form = draw.weighted(match half {
        Half::Development => PART_DEVELOPMENT,
        Half::HeldOut => PART_HELD_OUT,
    });
    (write(form, date), form)
}

/// A date as people of other countries write it.
pub(super) fn abroad(draw: &mut Draw, date: Date) -> (String, &'static str) {
    let form = draw.pick(&["day-month-year", "dotted", "slash-day-first", "iso", "long"]);
    (write(form, date), form)
}

/// Month and year.
pub(super) fn month(draw: &mut Draw, date: Date) -> (String, &'static str) {
    let form = draw.pick(&["month-year", "brief-month-year", "numeric-month-year"]);
    (write(form, date), form)
}

pub(super) fn weekday(date: Date) -> &'static str {
    at(&WEEKDAYS, date.weekday())
}

pub(super) fn write(form: &str, date: Date) -> String {
    let (year, m, d) = date.civil();
    let yy = year.rem_euclid(100);
    let long = at(&MONTHS, m - 1);
    let brief = long.get(..3).unwrap_or(long);
    let th = ordinal(d);
    let weekday = weekday(date);
    let weekday_brief = weekday.get(..3).unwrap_or(weekday);
    match form {
        "us" => format!("{m:02}/{d:02}/{year}"),
        "us-short" => format!("{m}/{d}/{yy:02}"),
        "us-dash" => format!("{m}-{d}-{year}"),
        "us-dot" => format!("{m:02}.{d:02}.{yy:02}"),
        "iso" => date.to_string(),
        "iso-slash" => format!("{year}/{m:02}/{d:02}"),
        "long" => format!("{long} {d}, {year}"),
        "long-ordinal" => format!("{long} {d}{th}, {year}"),
        "long-bare" => format!("{long} {d} {year}"),
        "brief" => format!("{brief} {d}, {year}"),
        "brief-dot" => format!("{brief}. {d}, {year}"),
        "military" => format!("{d:02}-{brief}-{year}"),
        "military-caps" => format!("{d:02} {} {yy:02}", brief.to_uppercase()),
        "solid" => format!("{d:02}{}{year}", brief.to_uppercase()),
        "compact" => format!("{year}{m:02}{d:02}"),
        "day-month-year" => format!("{d} {long} {year}"),
        "the-of" => format!("the {d}{th} of {long}, {year}"),
        "weekday-long" => format!("{weekday}, {long} {d}, {year}"),
        "apostrophe" => format!("{brief} {d} '{yy:02}"),
        "dotted" => format!("{d:02}.{m:02}.{year}"),
        "slash-day-first" => format!("{d:02}/{m:02}/{year}"),
        "p-slash" => format!("{m}/{d}"),
        "p-slash-zero" => format!("{m:02}/{d:02}"),
        "p-long" => format!("{long} {d}"),
        "p-ordinal" => format!("{long} {d}{th}"),
        "p-brief" => format!("{brief} {d}"),
        "p-brief-ordinal" => format!("{brief} {d}{th}"),
        "p-the" => format!("the {d}{th}"),
        "p-the-of" => format!("the {d}{th} of {long}"),
        "p-day-first" => format!("{d} {long}"),
        "p-day-brief" => format!("{d}-{brief}"),
        "p-weekday" => format!("{weekday} {m}/{d}"),
        "p-weekday-long" => format!("{weekday}, {long} {d}"),
        "p-weekday-brief" => format!("{weekday_brief} {brief} {d}{th}"),
        "p-weekday-the" => format!("{weekday} the {d}{th}"),
        "p-range" => format!("{m}/{d}-{}", write("p-slash", date.plus(4))),
        "month-year" => format!("{long} {year}"),
        "brief-month-year" => format!("{brief} {year}"),
        _ => format!("{m:02}/{year}"),
    }
}

fn ordinal(day: u32) -> &'static str {
    match day {
        1 | 21 | 31 => "st",
        2 | 22 => "nd",
        3 | 23 => "rd",
        _ => "th",
    }
}

fn at(names: &[&'static str], index: u32) -> &'static str {
    names.get(index as usize).copied().unwrap_or_default()
}

const WHOLE_DEVELOPMENT: &[(u32, &str)] = &[
    (30, "us"),
    (20, "us-short"),
    (10, "iso"),
    (10, "long"),
    (6, "brief"),
    (6, "military"),
    (5, "us-dash"),
    (5, "long-ordinal"),
    (4, "weekday-long"),
    (2, "compact"),
    (2, "the-of"),
];
const WHOLE_HELD_OUT: &[(u32, &str)] = &[
    (24, "us"),
    (18, "us-short"),
    (10, "iso"),
    (8, "long-bare"),
    (8, "brief-dot"),
    (6, "military-caps"),
    (6, "us-dot"),
    (6, "day-month-year"),
    (4, "solid"),
    (4, "iso-slash"),
    (3, "apostrophe"),
    (3, "the-of"),
];
const PART_DEVELOPMENT: &[(u32, &str)] = &[
    (30, "p-slash"),
    (20, "p-long"),
    (15, "p-ordinal"),
    (10, "p-brief"),
    (8, "p-weekday-long"),
    (6, "p-the-of"),
    (5, "p-weekday"),
    (4, "p-the"),
];
const PART_HELD_OUT: &[(u32, &str)] = &[
    (25, "p-slash"),
    (15, "p-slash-zero"),
    (14, "p-long"),
    (10, "p-brief-ordinal"),
    (8, "p-day-first"),
    (8, "p-weekday-brief"),
    (6, "p-day-brief"),
    (6, "p-weekday-the"),
    (5, "p-range"),
    (4, "p-the"),
];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WEEKDAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];
