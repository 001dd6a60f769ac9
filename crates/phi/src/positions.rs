//! Where identifiers were rewritten or removed, one by one, without a single value.

use std::{fmt, ops::Range};

use domain::Identifier;
use serde::Serialize;

use crate::{finding::Finding, kind::Kind, label::Label, plan::Action};

/// One place of the input where a value was rewritten or removed.
///
/// It serialises as one line of NDJSON. It names places, never values; keys of rows are numbers of
/// rows.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Position<'p> {
    /// The table or file, as the caller calls it.
    pub source: &'p str,
    /// The row of a table or the number of a record, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
    /// The column, or the path inside a document such as `PID-5.1`.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub path: &'p str,
    /// First byte inside a text; nothing where the whole value is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<usize>,
    /// One past the last byte inside a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<usize>,
    /// The letter of the category; nothing for what has none.
    pub category: Option<char>,
    /// What sort of identifier it is; nothing for what has no category.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<Label>,
    /// What was done.
    pub transform: Action,
    /// Who found it: a rule of the text engine, or `column` and `element` for whole values.
    pub detector: &'p str,
    /// How sure the detector is, over 0 and at most 1.
    pub score: f32,
}

/// Takes positions while a run goes on; there may be many millions of them.
pub trait PositionSink {
    /// Takes one position.
    fn take(&mut self, position: &Position<'_>);
}

/// Knows where the run is.
pub(crate) struct Ledger<'a> {
    sink: &'a mut dyn PositionSink,
    source: String,
    path: String,
    row: Option<u64>,
    /// The number of the first row of the batch at work.
    first_row: u64,
}

impl<'a> Ledger<'a> {
    pub(crate) fn new(sink: &'a mut dyn PositionSink) -> Self {
        Self {
            sink,
            source: String::new(),
            path: String::new(),
            row: None,
            first_row: 0,
        }
    }

    /// Goes to another place.
    pub(crate) fn go(&mut self, source: &str, row: Option<u64>, path: &str) {
        if self.source != source {
            source.clone_into(&mut self.source);
        }
        if self.path != path {
            path.clone_into(&mut self.path);
        }
        self.row = row;
    }

    /// Counts the rows of the next batch from here.
    pub(crate) const fn count_from(&mut self, first_row: u64) {
        self.first_row = first_row;
    }

    /// Goes to another path of the same record.
    pub(crate) fn step(&mut self, path: &str) {
        path.clone_into(&mut self.path);
    }

    /// Goes to another row of the same column.
    pub(crate) const fn go_to_row(&mut self, row: u64) {
        self.row = Some(self.first_row + row);
    }

    /// A finding in the text of this place.
    pub(crate) fn note(&mut self, range: Range<usize>, finding: &Finding, transform: Action) {
        self.sink.take(&Position {
            source: &self.source,
            row: self.row,
            path: &self.path,
            start: Some(range.start),
            end: Some(range.end),
            category: Some(finding.label.identifier().letter()),
            label: Some(finding.label),
            transform,
            detector: finding.detector,
            score: finding.score,
        });
    }

    /// The whole value of this place.
    pub(crate) fn note_value(&mut self, kind: Kind, transform: Action, detector: &str) {
        self.sink.take(&Position {
            source: &self.source,
            row: self.row,
            path: &self.path,
            start: None,
            end: None,
            category: kind.category().map(Identifier::letter),
            label: kind.label(),
            transform,
            detector,
            score: 1.0,
        });
    }

    /// Something of this place that went or changed under a category; `-` for what no rule knows.
    pub(crate) fn note_letter(&mut self, letter: char, transform: Action) {
        self.sink.take(&Position {
            source: &self.source,
            row: self.row,
            path: &self.path,
            start: None,
            end: None,
            category: Some(letter).filter(char::is_ascii_alphabetic),
            label: None,
            transform,
            detector: "element",
            score: 1.0,
        });
    }
}

impl fmt::Debug for Ledger<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ledger")
            .field("source", &self.source)
            .finish_non_exhaustive()
    }
}
