//! What looks like a code.

use crate::dates;

/// A number as HL7 writes it, with a comparator, a ratio or a range.
pub(super) fn is_number(text: &str) -> bool {
    text.len() <= 24
        && text.bytes().all(|byte| {
            byte.is_ascii_digit()
                || matches!(
                    byte,
                    b'.' | b'+'
                        | b'-'
                        | b'<'
                        | b'>'
                        | b'='
                        | b':'
                        | b'/'
                        | b','
                        | b' '
                        | b'e'
                        | b'E'
                )
        })
        && !looks_personal(text)
        && !(text.len() >= 8 && dates::is_finer_than_year(text))
}

/// A short word of a table: `MR`, `ISO`, `M10`, `Base64`, `octet-stream`.
pub(super) fn is_type(text: &str) -> bool {
    text.len() <= 12
        && text.bytes().all(|byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/' | b'+')
        })
        && text.bytes().filter(u8::is_ascii_digit).count() <= 4
}

/// One word that may be a code of a table: no blanks, not long, no long run of digits.
pub(super) fn is_token(text: &str) -> bool {
    text.len() <= 24
        && text
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'@')
        && longest_digits(text) <= 5
        && !looks_personal(text)
}

/// One word that a vocabulary may have as its code, however many digits.
pub(super) fn is_code(text: &str) -> bool {
    text.len() <= 40
        && !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'@')
        && !looks_personal(text)
}

/// A code that is not a day: a bare date in a coded field is one in the wrong place.
pub(super) fn is_undated_code(text: &str) -> bool {
    is_code(text) && !(text.len() >= 8 && dates::is_finer_than_year(text))
}

/// A range of normal values: short, and no word of it a name with its title.
pub(super) fn is_range(text: &str) -> bool {
    text.len() <= 60 && longest_digits(text) <= 7 && !text.contains('@') && !looks_personal(text)
}

/// A short key: a sequence number, or one of a few letters and dots.
pub(super) fn is_key(text: &str) -> bool {
    text.len() <= 8
        && longest_digits(text) <= 5
        && text.bytes().all(|byte| byte.is_ascii_graphic())
        && !looks_personal(text)
}

/// Whether six digits or more stand together.
pub(super) fn has_long_number(text: &str) -> bool {
    longest_digits(text) > 5
}

/// The name of a coding system: one word or an object identifier.
pub(super) fn is_system(text: &str) -> bool {
    (2..=64).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'@')
}

/// The layout of a social security number, a telephone number or a day of the year.
fn looks_personal(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if !(6..=10).contains(&digits) {
        return false;
    }
    let shape: Vec<usize> = text
        .split(|mark: char| !mark.is_ascii_digit())
        .filter(|run| !run.is_empty())
        .map(str::len)
        .collect();
    let separated = text.bytes().all(|byte| {
        byte.is_ascii_digit() || matches!(byte, b'-' | b'/' | b'(' | b')' | b' ' | b'+')
    });
    separated
        && matches!(
            shape.as_slice(),
            [3, 2 | 3, 4] | [4, 2, 2] | [1 | 2, 1 | 2, 4] | [3, 7]
        )
}

fn longest_digits(text: &str) -> usize {
    text.split(|letter: char| !letter.is_ascii_digit())
        .map(str::len)
        .max()
        .unwrap_or(0)
}

/// A state, province or country, by name or by code of two or three letters.
pub(super) fn is_state(text: &str) -> bool {
    let letters = text.bytes().all(|byte| byte.is_ascii_alphabetic());
    if letters && text.len() <= 3 {
        return true;
    }
    let text = text.trim();
    STATES.iter().any(|state| state.eq_ignore_ascii_case(text))
}

const STATES: &[&str] = &[
    "Alabama",
    "Alaska",
    "Arizona",
    "Arkansas",
    "California",
    "Colorado",
    "Connecticut",
    "Delaware",
    "District of Columbia",
    "Florida",
    "Georgia",
    "Hawaii",
    "Idaho",
    "Illinois",
    "Indiana",
    "Iowa",
    "Kansas",
    "Kentucky",
    "Louisiana",
    "Maine",
    "Maryland",
    "Massachusetts",
    "Michigan",
    "Minnesota",
    "Mississippi",
    "Missouri",
    "Montana",
    "Nebraska",
    "Nevada",
    "New Hampshire",
    "New Jersey",
    "New Mexico",
    "New York",
    "North Carolina",
    "North Dakota",
    "Ohio",
    "Oklahoma",
    "Oregon",
    "Pennsylvania",
    "Puerto Rico",
    "Rhode Island",
    "South Carolina",
    "South Dakota",
    "Tennessee",
    "Texas",
    "Utah",
    "Vermont",
    "Virginia",
    "Washington",
    "West Virginia",
    "Wisconsin",
    "Wyoming",
    "United States",
    "United States of America",
    "Canada",
    "Mexico",
    "Germany",
    "France",
    "United Kingdom",
    "England",
    "Scotland",
    "Wales",
    "Ireland",
    "Australia",
    "New Zealand",
    "India",
    "China",
    "Japan",
    "Spain",
    "Italy",
    "Netherlands",
    "Belgium",
    "Switzerland",
    "Austria",
    "Brazil",
    "Ontario",
    "Quebec",
    "British Columbia",
    "Alberta",
    "Manitoba",
    "Saskatchewan",
    "Nova Scotia",
    "New Brunswick",
];
