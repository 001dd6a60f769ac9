use crate::{Date, Family, draw::Draw};

/// A day in one of the forms of the family, with the name of the form.
pub(crate) fn spell(draw: &mut Draw, family: Family, date: Date) -> (String, &'static str) {
    let forms = match family {
        Family::Ward => WARD,
        Family::Letter => LETTER,
        Family::Desk => DESK,
        Family::Field => FIELD,
    };
    let form = draw.weighted(forms);
    (write(form, date), form)
}

/// A day in a form that shows its year.
pub(crate) fn spell_with_year(
    draw: &mut Draw,
    family: Family,
    date: Date,
) -> (String, &'static str) {
    let form = draw.pick(match family {
        Family::Ward => &["date-us", "date-us-short", "date-iso", "date-military"][..],
        Family::Letter => &["date-long", "date-long-day-first", "date-long-brief"],
        Family::Desk => &["date-us", "date-us-short", "date-us-dash"],
        Family::Field => &[
            "date-dotted",
            "date-solid",
            "date-of-the-month-year",
            "date-compact",
        ],
    });
    (write(form, date), form)
}

/// Month and year only.
pub(crate) fn spell_month(date: Date) -> String {
    let (year, month, _) = date.civil();
    format!("{} {year}", name(MONTHS, month - 1))
}

/// A number of years below 110 in words.
pub(crate) fn in_words(age: u32) -> String {
    const ONES: [&str; 20] = [
        "",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    const TENS: [&str; 10] = [
        "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
    ];
    match age {
        0..20 => name(&ONES, age).to_owned(),
        20..100 if age.is_multiple_of(10) => name(&TENS, age / 10).to_owned(),
        20..100 => format!("{}-{}", name(&TENS, age / 10), name(&ONES, age % 10)),
        100 => "a hundred".to_owned(),
        _ => format!("a hundred and {}", in_words(age - 100)),
    }
}

fn write(form: &str, date: Date) -> String {
    let (year, month, day) = date.civil();
    let short_year = year.rem_euclid(100);
    let long = name(MONTHS, month - 1);
    let brief = name(BRIEF, month - 1);
    match form {
        "date-us" => format!("{month:02}/{day:02}/{year}"),
        "date-us-short" => format!("{month}/{day}/{short_year:02}"),
        "date-us-dash" => format!("{month:02}-{day:02}-{short_year:02}"),
        "date-month-day" => format!("{month}/{day}"),
        "date-iso" => date.to_string(),
        "date-military" => format!("{day:02}-{brief}-{year}"),
        "date-long" => format!("{long} {day}, {year}"),
        "date-long-brief" => format!("{brief} {day}, {year}"),
        "date-long-day-first" => format!("{day} {long} {year}"),
        "date-ordinal" => format!("{long} {day}{}", ordinal(day)),
        "date-ordinal-year" => format!("{long} {day}{}, {year}", ordinal(day)),
        "date-brief-day" => format!("{brief} {day}"),
        "date-dotted" => format!("{day:02}.{month:02}.{year}"),
        "date-solid" => format!("{day:02}{}{year}", brief.to_uppercase()),
        "date-of-the-month" => format!("the {day}{} of {long}", ordinal(day)),
        "date-of-the-month-year" => format!("the {day}{} of {long} {year}", ordinal(day)),
        "date-weekday" => format!("{}, {long} {day}", name(WEEKDAYS, date.weekday())),
        "date-weekday-brief" => {
            format!(
                "{} {day} {brief} {short_year:02}",
                name(WEEKDAYS, date.weekday())
            )
        }
        _ => format!("{year}{month:02}{day:02}"),
    }
}

const fn ordinal(day: u32) -> &'static str {
    match day {
        1 | 21 | 31 => "st",
        2 | 22 => "nd",
        3 | 23 => "rd",
        _ => "th",
    }
}

fn name(names: &[&'static str], index: u32) -> &'static str {
    names.get(index as usize).copied().unwrap_or_default()
}

const WARD: &[(u32, &str)] = &[
    (50, "date-us"),
    (20, "date-us-short"),
    (10, "date-iso"),
    (10, "date-military"),
    (10, "date-month-day"),
];
const LETTER: &[(u32, &str)] = &[
    (40, "date-long"),
    (15, "date-long-day-first"),
    (15, "date-ordinal"),
    (15, "date-long-brief"),
    (15, "date-ordinal-year"),
];
const DESK: &[(u32, &str)] = &[
    (40, "date-month-day"),
    (25, "date-us-short"),
    (20, "date-us-dash"),
    (15, "date-brief-day"),
];
const FIELD: &[(u32, &str)] = &[
    (25, "date-dotted"),
    (15, "date-solid"),
    (20, "date-of-the-month"),
    (15, "date-weekday"),
    (15, "date-weekday-brief"),
    (10, "date-compact"),
];
const MONTHS: &[&str] = &[
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
const BRIEF: &[&str] = &[
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];
const WEEKDAYS: &[&str] = &[
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_in_every_form() {
        let day = Date::new(2024, 3, 14);
        let expected = [
            ("date-us", "03/14/2024"),
            ("date-us-short", "3/14/24"),
            ("date-ordinal", "March 14th"),
            ("date-solid", "14MAR2024"),
            ("date-of-the-month", "the 14th of March"),
            ("date-weekday", "Thursday, March 14"),
            ("date-compact", "20240314"),
        ];
        for (form, text) in expected {
            assert_eq!(write(form, day), text);
        }
    }

    #[test]
    fn ages_are_written_in_words() {
        assert_eq!(in_words(90), "ninety");
        assert_eq!(in_words(93), "ninety-three");
        assert_eq!(in_words(101), "a hundred and one");
    }
}
