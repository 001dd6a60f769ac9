//! Review by people: a sheet of what was found, with room for verdicts, and what the verdicts say.
//!
//! Whoever judges reads each document of a sample whole and says of every finding whether it is an
//! identifier, and adds what was missed. From that follow precision, misses, how many documents
//! leak, and gold for [`crate::evaluate`].
//!
//! | kind of row | what it is | verdicts |
//! |---|---|---|
//! | `document` | the whole text | `read`: somebody has read all of it |
//! | `finding` | what was found, in `[[ ]]` between the words around it | `right`; `short`: not all of it was found, `true_start` and `true_end` say what; `wrong`: no identifier; `may`: may stay or go |
//! | `undecided` | a word that nothing decided | `identifier`, with `true_label`; `nothing`, or empty |
//! | `miss` | added by whoever judges: `id`, `label`, and `start` and `end` or the words in `text` | `identifier`, or empty |
//!
//! The sheet holds the texts themselves: it is as sensitive as its source.

mod error;
mod form;
mod judge;
mod report;

use std::{collections::BTreeSet, ops::Range};

use domain::Entropy;

pub use error::ReviewError;
pub use judge::{Judged, Review};

use crate::{
    evaluate::{Document, Mark},
    hashed::stable,
};

/// How a sheet is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SheetForm {
    /// Comma-separated values, RFC 4180, for spreadsheets. A cell that a spreadsheet could take for
    /// a formula begins with `> `.
    Csv,
    /// One JSON object a line.
    Jsonl,
}

/// The rows of a review, in the order in which they are written.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    rows: Vec<Row>,
}

/// One row, every cell as text.
#[derive(Clone, Default, PartialEq, Eq)]
struct Row {
    kind: String,
    id: String,
    start: String,
    end: String,
    label: String,
    detector: String,
    score: String,
    text: String,
    verdict: String,
    true_start: String,
    true_end: String,
    true_label: String,
    check: String,
}

impl Sheet {
    /// Adds a document: a row for itself, one for each finding and one for each undecided word, all
    /// in code points.
    pub fn add(&mut self, document: &Document, found: &[Mark], undecided: &[Range<usize>]) {
        let letters: Vec<char> = document.text.chars().collect();
        self.push(Row {
            kind: DOCUMENT.to_owned(),
            id: document.id.clone(),
            text: document.text.clone(),
            ..Row::default()
        });
        for mark in found {
            self.push(Row {
                kind: FINDING.to_owned(),
                id: document.id.clone(),
                label: mark.label.clone(),
                detector: mark.detector.clone().unwrap_or_default(),
                score: mark.score.clone().unwrap_or_default(),
                ..Row::at(mark.start..mark.end, &letters)
            });
        }
        for range in undecided {
            self.push(Row {
                kind: UNDECIDED.to_owned(),
                id: document.id.clone(),
                ..Row::at(range.clone(), &letters)
            });
        }
    }

    /// How many rows it has.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether it has no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    fn push(&mut self, mut row: Row) {
        row.check = row.checked();
        self.rows.push(row);
    }
}

impl Row {
    fn at(range: Range<usize>, letters: &[char]) -> Self {
        Self {
            start: range.start.to_string(),
            end: range.end.to_string(),
            text: around(range, letters),
            ..Self::default()
        }
    }

    /// What shows that nobody changed the id, the place or the label of a row, or a text: letters
    /// that no spreadsheet takes for a number.
    fn checked(&self) -> String {
        let text = if self.kind == DOCUMENT {
            &self.text
        } else {
            ""
        };
        let cells = [&self.kind, &self.id, &self.start, &self.end, &self.label];
        let cells = cells.map(|cell| format!("{}:{cell}", cell.len()));
        let hash = stable(&format!("{}{text}", cells.concat()));
        (0..12)
            .map(|place| char::from(b'a' + u8::try_from(hash >> (5 * place) & 15).unwrap_or(0)))
            .collect()
    }
}

/// The words around a finding, on one line.
fn around(range: Range<usize>, letters: &[char]) -> String {
    let part = |range: Range<usize>| -> String {
        let letters = letters.get(range).unwrap_or_default();
        let plain = |letter: &char| if letter.is_control() { ' ' } else { *letter };
        letters.iter().map(plain).collect()
    };
    let from = range.start.saturating_sub(CONTEXT);
    let to = range.end.saturating_add(CONTEXT).min(letters.len());
    format!(
        "{}[[{}]]{}",
        part(from..range.start),
        part(range.clone()),
        part(range.end..to)
    )
}

/// Which of `all` documents are drawn: `wanted` of them, evenly, in order; all if there are fewer.
///
/// Floyd's method (Bentley and Floyd, Communications of the ACM 30, 1987).
pub fn drawn(wanted: usize, all: usize, entropy: &mut dyn Entropy) -> BTreeSet<usize> {
    let mut chosen = BTreeSet::new();
    for last in all.saturating_sub(wanted)..all {
        let place = usize::try_from(entropy.below(last as u64 + 1)).unwrap_or(last);
        if !chosen.insert(place) {
            chosen.insert(last);
        }
    }
    chosen
}

const DOCUMENT: &str = "document";
const FINDING: &str = "finding";
const UNDECIDED: &str = "undecided";
const MISS: &str = "miss";
const CONTEXT: usize = 40;

impl std::fmt::Debug for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Row")
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
