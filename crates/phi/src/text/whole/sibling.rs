//! Values beside one that was found and shaped like it: `mrn 4471-20 vs 4471-02`, `ids CJ-01 to CJ-06`.

use crate::{finding::Finding, label::Label};

use super::super::page::Page;

/// Adds the neighbours of each number, bed or day that have its shape.
pub(super) fn siblings(page: &Page<'_>, found: &mut Vec<Finding>) {
    let count = found.len();
    for at in 0..count {
        let Some(mut own) = found.get(at).copied().filter(|own| may_have(page, own)) else {
            continue;
        };
        for _ in 0..SIBLINGS_MAX {
            let Some(next) = behind(page, &own) else {
                break;
            };
            if found
                .iter()
                .any(|one| one.start < next.end && next.start < one.end)
            {
                break;
            }
            found.push(next);
            own = next;
        }
    }
}

/// A value with three digits or with letters and digits: a shape that says something.
fn may_have(page: &Page<'_>, finding: &Finding) -> bool {
    let numbered = matches!(
        finding.label,
        Label::Mrn
            | Label::Account
            | Label::HealthPlan
            | Label::License
            | Label::Vehicle
            | Label::Device
            | Label::OtherId
    );
    let text = slice(page, finding.start, finding.end);
    let digits = text.iter().filter(|byte| byte.is_ascii_digit()).count();
    let joined = text.iter().any(|byte| matches!(byte, b'-' | b'.' | b'/'));
    numbered && (digits > 3 || digits > 1 && joined) && !text.contains(&b' ')
}

/// The value behind a joining word, if it has the same shape and ends where a word ends.
fn behind(page: &Page<'_>, own: &Finding) -> Option<Finding> {
    let rest = page.text.get(own.end..)?;
    let joint = JOINTS.iter().find(|joint| {
        rest.get(..joint.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(joint.as_bytes()))
    })?;
    let mut start = own.end + joint.len();
    // The label said again: `ord 99120, ord 99121`.
    let label = label_before(page, own.start);
    let again = slice(page, start, start + label.len());
    if !label.is_empty() && again.eq_ignore_ascii_case(label) {
        start += label.len();
    }
    let value = slice(page, own.start, own.end);
    let end = start + value.len();
    let other = slice(page, start, end);
    let alike = value.len() == other.len()
        && value
            .iter()
            .zip(other)
            .all(|(one, two)| shape(*one) == shape(*two));
    let goes_on = page.byte(end).is_ascii_alphanumeric()
        || matches!(page.byte(end), b'.' | b'/' | b'-' | b'%')
            && page.byte(end + 1).is_ascii_digit();
    (alike && !goes_on).then_some(Finding {
        start,
        end,
        score: 0.5,
        detector: "sibling",
        ..*own
    })
}

/// The word before a value with its blank, or nothing.
fn label_before<'a>(page: &'a Page<'_>, start: usize) -> &'a [u8] {
    let head = page.text.get(..start).unwrap_or_default();
    let Some((b' ', word)) = head.split_last() else {
        return &[];
    };
    let letters = word
        .iter()
        .rev()
        .take_while(|byte| byte.is_ascii_alphabetic())
        .count();
    if letters == 0 || letters > 10 {
        return &[];
    }
    head.get(word.len() - letters..).unwrap_or_default()
}

fn slice<'a>(page: &'a Page<'_>, start: usize, end: usize) -> &'a [u8] {
    page.text.get(start..end).unwrap_or_default()
}

/// What kind of sign a byte is; other signs stand for themselves.
const fn shape(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => b'9',
        b'A'..=b'Z' => b'A',
        b'a'..=b'z' => b'a',
        other => other,
    }
}

/// What joins values of a list.
const JOINTS: &[&str] = &[
    ", and ", ", or ", " and ", " or ", " to ", " vs. ", " vs ", " not ", " / ", " & ", ", ", "; ",
    "/", "\n",
];

/// No list is followed further than this.
const SIBLINGS_MAX: usize = 12;
