//! Dates drawn together to their month or quarter.

use super::{DateParts, parse};

/// A date without its day, as `2021-03`; nothing for what cannot be read.
///
/// ```
/// use cloister_phi::dates::to_month;
/// assert_eq!(to_month("March 14, 2021").as_deref(), Some("2021-03"));
/// assert_eq!(to_month("2021").as_deref(), Some("2021"));
/// ```
pub fn to_month(text: &str) -> Option<String> {
    parse(text).map(|date| match date.month {
        Some(month) => format!("{}-{month:02}", date.year),
        None => date.year.to_string(),
    })
}

/// A date as its quarter, `2021-Q1`; nothing for what cannot be read.
///
/// ```
/// use cloister_phi::dates::to_quarter;
/// assert_eq!(to_quarter("3/14/2021").as_deref(), Some("2021-Q1"));
/// assert_eq!(to_quarter("2021-Q1").as_deref(), Some("2021-Q1"));
/// ```
pub fn to_quarter(text: &str) -> Option<String> {
    let text = text.trim();
    if is_quarter(text) {
        return Some(text.to_owned());
    }
    parse(text).map(|date| match first_month(date) {
        Some(first) => format!("{}-Q{}", date.year, first / 3 + 1),
        None => date.year.to_string(),
    })
}

/// The first month of the quarter of a date.
pub(crate) fn first_month(date: DateParts) -> Option<u8> {
    date.month.map(|month| month.saturating_sub(1) / 3 * 3 + 1)
}

fn is_quarter(text: &str) -> bool {
    let Some((year, quarter)) = text.split_once("-Q") else {
        return false;
    };
    year.len() == 4
        && year.bytes().all(|byte| byte.is_ascii_digit())
        && matches!(quarter, "1" | "2" | "3" | "4")
}
