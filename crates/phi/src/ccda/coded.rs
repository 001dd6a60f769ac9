//! What looks like a code, and whose codes they are.

use crate::dates;

/// A word of a vocabulary, a number or a short list of words: no blanks at the ends, no mail
/// address, no long number.
pub(super) fn is_token(text: &str) -> bool {
    text.len() <= 64
        && text
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'@' || byte == b' ')
        && longest_digits(text) <= 5
        && !looks_personal(text)
}

/// One word that may be a code of a vocabulary, however many digits, but no day.
pub(super) fn is_code(text: &str) -> bool {
    text.len() <= 64
        && text
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'@')
        && !looks_personal(text)
        && !(text.len() >= 8 && dates::is_finer_than_year(text))
}

/// The unit of a quantity (UCUM, or words).
pub(super) fn is_unit(text: &str) -> bool {
    text.chars().count() <= 40 && !text.contains('@') && longest_digits(text) <= 5
}

/// A number that measures something: no day, no number of somebody.
pub(super) fn is_measure(text: &str) -> bool {
    let text = text.trim();
    text.len() <= 24
        && text.parse::<f64>().is_ok()
        && (text.contains('.') || longest_digits(text) <= 9)
        && !is_day(text)
}

/// Whether a run of digits is a day or a time stamp.
pub(super) fn is_day(text: &str) -> bool {
    text.len() >= 8 && dates::is_finer_than_year(text)
}

/// An object identifier that says who gave a number out, and is no number itself.
pub(super) fn is_authority(root: &str) -> bool {
    root.len() <= 64
        && !root.starts_with("2.25.")
        && root.split('.').count() > 1
        && root
            .split('.')
            .all(|arc| !arc.is_empty() && arc.len() <= 8 && arc.bytes().all(|b| b.is_ascii_digit()))
}

/// An authority of the whole country or the world: its number alone says nothing of anybody.
pub(super) fn is_national(root: &str) -> bool {
    root.strip_prefix("2.16.840.1.113883.4.")
        .is_some_and(|rest| rest.len() < 8)
        || root == "2.16.840.1.113883.3.3719"
        || is_standard(root)
}

/// A coding system that everybody shares, so that its display names are nobody's.
pub(super) fn is_standard(system: &str) -> bool {
    STANDARD
        .iter()
        .any(|(prefix, is_whole)| match system.strip_prefix(prefix) {
            Some("") => true,
            Some(rest) => !is_whole && rest.starts_with('.'),
            None => false,
        })
}

/// Codes of places smaller than a state: ZIP, county and the like.
pub(super) fn is_geographic(system: &str) -> bool {
    matches!(
        system,
        "2.16.840.1.113883.6.231" | "2.16.840.1.113883.6.93" | "2.16.840.1.113883.6.94"
    )
}

/// A name of an anchor, without a number or a word of somebody in it.
pub(super) fn is_anchor(text: &str) -> bool {
    text.len() <= 80
        && longest_digits(text) <= 5
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b':'))
}

/// Addresses of schemas that lead nowhere: names of this standard, and files beside the document.
pub(super) fn is_local_schema(text: &str) -> bool {
    text.split_ascii_whitespace().all(|part| {
        part.starts_with("urn:hl7-org:")
            || part.starts_with("http://www.w3.org/")
            || part.rsplit('.').next() == Some("xsd")
                && !part.contains([':', '\\', '@', '%'])
                && longest_digits(part) <= 4
    })
}

/// Enough words to be a sentence of running text.
pub(super) fn is_running(text: &str) -> bool {
    text.split_ascii_whitespace().take(6).count() == 6
}

/// Bytes written as letters: hardly a blank.
pub(super) fn is_encoded(text: &str) -> bool {
    text.split_ascii_whitespace().any(|word| word.len() > 200)
        || (text.len() > 400 && text.split_ascii_whitespace().all(|word| word.len() >= 60))
}

pub(super) fn longest_digits(text: &str) -> usize {
    text.split(|letter: char| !letter.is_ascii_digit())
        .map(str::len)
        .max()
        .unwrap_or(0)
}

/// The layout of a social security number, a telephone number or a day of the year.
fn looks_personal(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if !(6..=11).contains(&digits) {
        return false;
    }
    let separated = text.bytes().all(|byte| {
        byte.is_ascii_digit() || matches!(byte, b'-' | b'/' | b'(' | b')' | b' ' | b'+')
    });
    let runs = text
        .split(|mark: char| !mark.is_ascii_digit())
        .filter(|run| !run.is_empty());
    let shape: Vec<usize> = runs.map(str::len).collect();
    separated
        && matches!(
            shape.as_slice(),
            [3, 2 | 3, 4] | [1, 3, 3, 4] | [4, 2, 2] | [1 | 2, 1 | 2, 4] | [3, 7]
        )
}

/// Roots of shared coding systems, and whether only the root itself is meant.
const STANDARD: &[(&str, bool)] = &[
    ("2.16.840.1.113883.6", false),
    ("2.16.840.1.113883.5", false),
    ("2.16.840.1.113883.12", false),
    ("2.16.840.1.113883.1.11", false),
    ("2.16.840.1.113883.10", false),
    ("2.16.840.1.113883.4.642", false),
    ("2.16.840.1.113883.4.9", true),
    ("2.16.840.1.113883.3.26.1", false),
    ("2.16.840.1.113883.3.88.12", false),
    ("2.16.840.1.113883.3.221.5", true),
    ("2.16.840.1.113883.13", false),
    ("2.16.840.1.113883.15", false),
    ("1.0.3166", false),
    ("1.3.6.1.4.1.12009.10", false),
    ("1.2.840.10008", false),
];
