//! Ages over 89 and the years that reveal them.

/// The highest age that may be shown, in years.
pub const SHOWN_MAX: i32 = 89;
/// What stands for every age above it, and for the years that reveal one.
pub const NINETY_OR_OVER: &str = "90+";

/// Whether an age in years may not be shown.
///
/// ```
/// use cloister_phi::age;
/// assert!(!age::is_over_89(89.9));
/// assert!(age::is_over_89(90.0));
/// ```
///
/// Source: 45 CFR 164.514(b)(2)(i)(C), "all ages over 89".
pub fn is_over_89(years: f64) -> bool {
    years >= f64::from(SHOWN_MAX + 1)
}

/// Whether a year in a person's record tells, in the reference year, that the person is over 89.
///
/// A person born, admitted or merely seen in a year that lies more than 89 years back is, if
/// alive, over 89; the difference of the years is the highest age it can mean, so a birthday
/// still to come does not let anyone through.
///
/// ```
/// use cloister_phi::age;
/// assert!(age::year_reveals(1936, 2026)); // 90 at the end of the year
/// assert!(!age::year_reveals(1937, 2026));
/// ```
///
/// Source: 45 CFR 164.514(b)(2)(i)(C), "all elements of dates (including year) indicative of such
/// age".
pub const fn year_reveals(year: i32, reference_year: i32) -> bool {
    reference_year.saturating_sub(year) > SHOWN_MAX
}

/// The band of some years that an age lies in, `45-49`; `90+` over 89.
///
/// Bands begin at multiples of their length; the last one ends at 89.
///
/// ```
/// use cloister_phi::age;
/// assert_eq!(age::band(47.5, 5), "45-49");
/// assert_eq!(age::band(89.0, 20), "80-89");
/// assert_eq!(age::band(91.0, 5), "90+");
/// ```
pub fn band(years: f64, length: u8) -> String {
    if is_over_89(years) || years.is_nan() {
        return NINETY_OR_OVER.to_owned();
    }
    let first = band_start(years, length);
    let last = first
        .saturating_add(i32::from(length.max(1)) - 1)
        .min(SHOWN_MAX);
    format!("{first}-{last}")
}

/// The first year of the band that an age up to 89 lies in.
pub(crate) fn band_start(years: f64, length: u8) -> i32 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "saturates; ages are small numbers"
    )]
    let years = years.max(0.0) as i32;
    years - years % i32::from(length.max(1))
}

/// The age in whole years that a written age means: `92`, `92.5`, `92 y`, `92-year-old`, `90+`.
///
/// Months, weeks and days are read as their years (`18 months` is 1). Nothing for what is no age
/// between 0 and 150 years.
pub fn parse(text: &str) -> Option<f64> {
    let text = text.trim();
    if text.len() <= 3 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // The form nearly all columns have.
        return text
            .parse::<u8>()
            .ok()
            .filter(|years| *years <= 150)
            .map(f64::from);
    }
    let end = text
        .find(|mark: char| !mark.is_ascii_digit() && mark != '.')
        .unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(end)?;
    let years = number.parse::<f64>().ok()? * unit_in_years(unit)?;
    (0.0..=150.0).contains(&years).then_some(years)
}

/// The highest age in a cell: `92`, `85-94`, `90+`.
pub(crate) fn oldest(age: &str) -> Option<f64> {
    if let Some(years) = parse(age).filter(|_| age.len() <= 3) {
        return Some(years);
    }
    let numbers = age.split(['-', '–', ' ']).filter_map(parse);
    parse(age).into_iter().chain(numbers).reduce(f64::max)
}

fn unit_in_years(unit: &str) -> Option<f64> {
    let word: String = unit
        .chars()
        .skip_while(|mark| !mark.is_alphabetic() && *mark != '+')
        .take_while(|mark| mark.is_alphabetic() || *mark == '+')
        .flat_map(char::to_lowercase)
        .collect();
    match word.as_str() {
        "" | "+" | "y" | "yr" | "yrs" | "year" | "years" | "yo" | "a" => Some(1.0),
        "m" | "mo" | "mos" | "month" | "months" => Some(1.0 / 12.0),
        "w" | "wk" | "wks" | "week" | "weeks" => Some(1.0 / 52.0),
        "d" | "day" | "days" => Some(1.0 / 365.0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_read_with_their_units() {
        assert_eq!(parse("92"), Some(92.0));
        assert_eq!(parse("92-year-old"), Some(92.0));
        assert_eq!(parse("90+"), Some(90.0));
        assert_eq!(parse("92yo"), Some(92.0));
        assert_eq!(parse("18 months"), Some(1.5));
        assert_eq!(parse("ninety"), None);
        assert_eq!(parse("1000"), None);
        assert_eq!(parse(""), None);
    }

    #[test]
    fn the_border_lies_between_89_and_90() {
        assert!(!is_over_89(89.0));
        assert!(is_over_89(90.0));
        assert!(year_reveals(1931, 2026));
        assert!(!year_reveals(i32::MAX, 2026));
        assert!(year_reveals(i32::MIN, 2026));
    }
}
