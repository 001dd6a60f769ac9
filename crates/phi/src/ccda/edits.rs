//! What is written in place of which bytes of a document.

use formats::ccda::{Document, Place, escape};

/// Edits in any order; of two that overlap, the one that begins first counts.
#[derive(Debug, Default)]
pub(super) struct Edits {
    edits: Vec<Edit>,
    letters: String,
}

#[derive(Clone, Copy, Debug)]
struct Edit {
    start: usize,
    end: usize,
    from: usize,
    to: usize,
}

impl Edits {
    /// Removes a stretch.
    pub(super) fn remove(&mut self, start: usize, end: usize) {
        if start < end {
            self.push_raw(start, end, "");
        }
    }

    /// Writes markup in place of a stretch.
    pub(super) fn push_raw(&mut self, start: usize, end: usize, markup: &str) {
        let from = self.letters.len();
        self.letters.push_str(markup);
        self.add(start, end, from);
    }

    /// Writes text in place of a stretch, between tags or in an attribute.
    pub(super) fn push(&mut self, start: usize, end: usize, text: &str) {
        let from = self.letters.len();
        escape(text, &mut self.letters);
        self.add(start, end, from);
    }

    /// Writes text in place of several stretches: it stands in the first, the others go.
    pub(super) fn push_over(&mut self, places: &[Place], text: &str) {
        let mut text = text;
        for place in places {
            if place.is_cdata {
                // Nothing is escaped here; only the end of the section must not appear.
                self.push_raw(place.start, place.end, &text.replace("]]>", "]] >"));
            } else {
                self.push(place.start, place.end, text);
            }
            text = "";
        }
    }

    /// The document with its edits.
    pub(super) fn apply(mut self, document: &Document) -> Vec<u8> {
        let text = document.text();
        self.edits
            .sort_by_key(|edit| (edit.start, std::cmp::Reverse(edit.end)));
        let mut output = String::with_capacity(text.len());
        let mut done = 0;
        for edit in &self.edits {
            if edit.start < done {
                continue;
            }
            output.push_str(text.get(done..edit.start).unwrap_or(""));
            output.push_str(self.letters.get(edit.from..edit.to).unwrap_or(""));
            done = edit.end;
            // A tag in brackets before `]>` would end a section of CDATA.
            let rest = text.get(done..).unwrap_or("");
            if output.ends_with(']') && rest.starts_with("]>") {
                output.push(' ');
            }
        }
        output.push_str(text.get(done..).unwrap_or(""));
        let (lead, bytes) = document.encode(&output);
        [lead, &bytes].concat()
    }

    fn add(&mut self, start: usize, end: usize, from: usize) {
        let to = self.letters.len();
        self.edits.push(Edit {
            start,
            end,
            from,
            to,
        });
    }
}
