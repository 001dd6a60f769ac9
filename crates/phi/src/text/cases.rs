//! Tables of sentences with what must be found in them: one case a line, see `cases/*.txt`.

use std::{fmt::Write as _, sync::LazyLock};

use super::TextEngine;
use crate::label::Label;

static ENGINE: LazyLock<TextEngine> = LazyLock::new(TextEngine::new);

/// A case without its marks: the text, what must be covered, and what may be.
#[derive(Default)]
struct Case {
    text: String,
    wanted: Vec<std::ops::Range<usize>>,
    allowed: Vec<std::ops::Range<usize>>,
}

fn read(line: &str) -> Case {
    let mut case = Case::default();
    let mut open: Option<(usize, bool)> = None;
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('n') => case.text.push('\n'),
                Some('u') => {
                    let hex: String = letters.by_ref().skip(1).take_while(|c| *c != '}').collect();
                    let point = u32::from_str_radix(&hex, 16).unwrap();
                    case.text.push(char::from_u32(point).unwrap());
                }
                other => panic!("escape {other:?}"),
            },
            '{' => {
                let kind = letters.next().unwrap();
                assert_eq!(letters.next(), Some(' '), "{line}");
                open = Some((case.text.len(), kind != '?'));
            }
            '}' => {
                let (start, is_wanted) = open.take().unwrap();
                let range = start..case.text.len();
                if is_wanted {
                    case.wanted.push(range.clone());
                }
                case.allowed.push(range);
            }
            letter => case.text.push(letter),
        }
    }
    case
}

/// What is wrong with the findings of a case, if anything. A time beside a date, and a name or
/// place, belong to other tables and count neither way.
fn fault(line: &str) -> Option<String> {
    let case = read(line);
    let found = ENGINE.scan(&case.text, None);
    let covered = |at: usize| found.iter().any(|finding| finding.range().contains(&at));
    for wanted in &case.wanted {
        let text = case.text.get(wanted.clone()).unwrap_or_default();
        let bare = text
            .char_indices()
            .find(|(at, letter)| letter.is_alphanumeric() && !covered(wanted.start + at));
        if bare.is_some() {
            return Some(format!("missed {text:?} in {:?}", case.text));
        }
    }
    let other = |label| matches!(label, Label::Name | Label::Geo | Label::Employer);
    found
        .iter()
        .filter(|finding| !other(finding.label))
        .find(|finding| {
            let meets = |range: &std::ops::Range<usize>| {
                finding.start < range.end && range.start < finding.end
            };
            !case.allowed.iter().any(meets)
        })
        .map(|finding| {
            format!(
                "alarm {:?} ({}, {}) in {:?}",
                case.text.get(finding.range()).unwrap_or_default(),
                finding.label.word(),
                finding.detector,
                case.text
            )
        })
}

fn check(table: &str) {
    let mut report = String::new();
    let mut faults = 0;
    for line in table
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with("# "))
    {
        if let Some(fault) = fault(line) {
            faults += 1;
            writeln!(report, "{fault}").unwrap();
        }
    }
    assert!(faults == 0, "{faults} faults\n{report}");
}

#[test]
fn dates_are_found_in_every_written_form_and_numbers_like_them_stay() {
    check(include_str!("cases/dates.txt"));
}

#[test]
fn ages_over_89_are_found_and_younger_ones_stay() {
    check(include_str!("cases/ages.txt"));
}

#[test]
fn phones_mail_and_addresses_of_machines_are_found_and_amounts_stay() {
    check(include_str!("cases/formats.txt"));
}

#[test]
fn numbers_that_a_word_announces_are_found_and_quantities_stay() {
    check(include_str!("cases/labelled.txt"));
}
