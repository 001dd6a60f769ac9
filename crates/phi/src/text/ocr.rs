//! Numbers that a scanner or a spaced-out way of writing disfigured: `O3/l4/2O21`, `2 1 2 - 5 5 5`.

use crate::{finding::Finding, label::Label};

use super::{
    dates,
    formats::{Format, Formats, REACH_BYTES},
    labelled,
    page::Page,
    token::{Gap, Kind},
};

/// A stretch of the text in which letters that look like digits are digits, byte for byte.
struct Repaired {
    bytes: [u8; REACH_BYTES],
    length: usize,
    changed: usize,
}

/// Whether the token at `place` may be digits with a letter mistaken among them.
pub(crate) fn is_suspect(page: &Page<'_>, place: usize) -> bool {
    let token = page.at(place);
    matches!(
        token.kind,
        Kind::Code | Kind::Initial | Kind::Lower | Kind::Upper | Kind::Mixed
    ) && token.len() <= 5
        && page
            .bytes(place)
            .iter()
            .all(|&byte| digit_for(byte).is_some())
}

/// A date, telephone or social security number with mistaken letters, from byte `start`; gives
/// where it ends.
pub(crate) fn number(
    page: &Page<'_>,
    formats: &Formats,
    place: usize,
    found: &mut Vec<Finding>,
) -> Option<usize> {
    let start = page.at(place).start as usize;
    let repaired = repair(page, start, 0);
    let text = repaired.bytes.get(..repaired.length)?;
    let (format, length) = formats.number(text, 0)?;
    let matched = text.get(..length)?;
    let label = match format {
        Format::IsoDate | Format::YearFirst => Label::Date,
        Format::Slashed if dates::is_plausible(matched) => Label::Date,
        Format::Dotted if dates::is_plausible(matched) && matched.len() >= 8 => Label::Date,
        Format::Ssn => Label::Ssn,
        Format::Phone => labelled::phone_label(page, place),
        _ => return None,
    };
    if repaired.changed == 0 || repaired.changed * 2 > length {
        return None;
    }
    found.push(Finding {
        start,
        end: start + length,
        label,
        score: 0.7,
        detector: "misread-number",
    });
    Some(start + length)
}

/// Where the date ends that the month at `place` opens, with mistaken letters in its numbers.
pub(crate) fn month(page: &Page<'_>, formats: &Formats, place: usize) -> Option<usize> {
    let (start, end) = page.span(place, place);
    let repaired = repair(page, start, end - start);
    let length = formats.month(repaired.bytes.get(..repaired.length)?, 0)?;
    (repaired.changed > 0).then_some(start + length)
}

/// The text from `start`, the first `kept` bytes as they are, up to what no number contains.
fn repair(page: &Page<'_>, start: usize, kept: usize) -> Repaired {
    let mut repaired = Repaired {
        bytes: [0; REACH_BYTES],
        length: 0,
        changed: 0,
    };
    for (room, at) in repaired.bytes.iter_mut().zip(start..) {
        let byte = page.byte(at);
        let digit = if at < start + kept {
            None
        } else {
            digit_for(byte)
        };
        match digit {
            Some(digit) => {
                repaired.changed += usize::from(digit != byte);
                *room = digit;
            }
            None if at < start + kept || b"/-.() ,\n".contains(&byte) => *room = byte,
            None => break,
        }
        repaired.length += 1;
    }
    repaired
}

fn digit_for(byte: u8) -> Option<u8> {
    Some(match byte {
        b'0'..=b'9' => byte,
        b'O' | b'o' | b'Q' => b'0',
        b'l' | b'I' | b'|' => b'1',
        b'Z' => b'2',
        b'S' => b'5',
        b'B' => b'8',
        _ => return None,
    })
}

/// Single digits with blanks between them, `2 1 2 - 5 5 5 - 0 1 4 7`: together one number; gives
/// where it ends.
pub(crate) fn spaced(
    page: &Page<'_>,
    formats: &Formats,
    place: usize,
    found: &mut Vec<Finding>,
) -> Option<usize> {
    let mut joined = Vec::with_capacity(24);
    let mut digits = 0;
    let mut last = place;
    let mut at = place;
    while joined.len() < 40 {
        let token = page.at(at);
        let is_digit = token.kind == Kind::Number && token.len() == 1;
        let is_sign = matches!(token.kind, Kind::Sign(b'-' | b'/' | b'.' | b'(' | b')'));
        if !(is_digit || is_sign)
            || at > place && token.gap > Gap::Line
            || at > place && is_digit && token.gap == Gap::None
        {
            break;
        }
        joined.extend_from_slice(page.bytes(at));
        if is_digit {
            digits += 1;
            last = at;
        }
        at += 1;
    }
    let marked = matches!(page.before(place, 1).kind, Kind::Sign(b':' | b'#'));
    if digits < if marked { 5 } else { 7 } || is_scale(&joined) {
        return None;
    }
    let label = match formats.number(&joined, 0) {
        Some((Format::Ssn, _)) => Label::Ssn,
        Some((Format::Phone | Format::Local, _)) => labelled::phone_label(page, place),
        Some((Format::Slashed | Format::Dotted | Format::IsoDate, _)) => Label::Date,
        _ => Label::OtherId,
    };
    found.push(page.finding(place, last, label, 0.6, "spaced-digits"));
    Some(page.at(last).end as usize)
}

/// `0 1 2 3 4 5 6`: the steps of a scale.
fn is_scale(digits: &[u8]) -> bool {
    digits
        .windows(2)
        .all(|pair| matches!(pair, [low, high] if *high == low + 1 || low == high))
}
