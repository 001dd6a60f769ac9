//! Running text across the repetitions and lines of one report.

use formats::hl7v2::Unescaped;

use super::{learn, walk::Walk};
use crate::plan::Action;

/// The pieces of text that belong together, in the order of the message.
#[derive(Debug, Default)]
pub(super) struct Report {
    pieces: Vec<(usize, usize)>,
    /// OBX-3 of the report; nothing for notes.
    about: Option<String>,
    plain: Unescaped,
}

impl Report {
    /// The report is that of an observation.
    pub(super) fn begin(&mut self, observation: &str) {
        if self.about.is_none() && self.pieces.is_empty() {
            self.about = Some(observation.to_owned());
        }
    }

    pub(super) fn push(&mut self, start: usize, end: usize) {
        self.pieces.push((start, end));
    }

    /// Whether a segment goes on with the report: a line of the same observation, or a note after
    /// a note.
    pub(super) fn is_continued_by(&self, id: &str, observation: &str) -> bool {
        match (&self.about, id) {
            (Some(about), "OBX") => about == observation,
            (None, "NTE") => true,
            _ => self.pieces.is_empty(),
        }
    }
}

impl<'m> Walk<'_, '_, 'm> {
    /// Reads a text that stands alone.
    pub(super) fn read(&mut self, text: &'m str, at: usize) {
        let waiting = std::mem::take(&mut self.report.pieces);
        self.report.push(at, at + text.len());
        self.rewrite();
        self.report.pieces = waiting;
    }

    /// Reads the report that is complete.
    pub(super) fn flush(&mut self) {
        if !self.report.pieces.is_empty() {
            if let Some(ledger) = self.work.rewriter.ledger() {
                let is_note = self.report.about.is_none();
                ledger.step(if is_note { "NTE-3" } else { "OBX-5" });
            }
            self.rewrite();
            self.report.pieces.clear();
        }
        self.report.about = None;
    }

    fn rewrite(&mut self) {
        match self.work.action(crate::kind::Kind::Text) {
            Action::Keep => self.record.kept += 1,
            Action::Text => self.search(),
            _ => {
                *self.record.suppressed.entry('-').or_default() += 1;
                for (start, end) in &self.report.pieces {
                    self.edits.push(*start, *end, "");
                }
            }
        }
    }

    fn search(&mut self) {
        if !self.has_learnt {
            self.has_learnt = true;
            learn::learn(self.work, self.message);
        }
        let mut plain = std::mem::take(&mut self.report.plain);
        plain.clear();
        for (index, (start, end)) in self.report.pieces.iter().enumerate() {
            if index > 0 {
                plain.push_break(*start);
            }
            let piece = self.text.get(*start..*end).unwrap_or("");
            plain.push(piece, *start, self.delimiters);
        }
        self.work.people.make_ready();
        let subject = self
            .person
            .and_then(|person| self.work.people.subject(person));
        let texts = &mut self.work.manifest.text;
        let edits = self.work.rewriter.edits(plain.text(), subject, texts);
        if edits.is_empty() && plain.foreign().is_empty() {
            self.record.kept += 1;
        }
        for (range, new) in &edits {
            let start = plain.start_in_source(range.start);
            let end = plain.end_in_source(range.end);
            self.replace(start, end, new);
        }
        for (start, end) in plain.foreign() {
            self.edits.push(*start, *end, "");
        }
        self.report.plain = plain;
    }

    /// The replacement stands in the first piece it touches; the others lose their share.
    fn replace(&mut self, start: usize, end: usize, new: &str) {
        let mut new = new;
        for (from, to) in &self.report.pieces {
            let (from, to) = (start.max(*from), end.min(*to));
            if from < to {
                self.edits.push_escaped(from, to, new, self.delimiters);
                new = "";
            }
        }
    }
}
