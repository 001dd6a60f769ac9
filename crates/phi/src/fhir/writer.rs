//! The document written again, with other values in some places.

/// Copies what is not replaced, as late as it can.
pub(super) struct Writer<'d, 'o> {
    source: &'d str,
    out: &'o mut Vec<u8>,
    /// Up to here the source was copied or left out.
    done: usize,
}

/// A state to go back to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    written: usize,
    done: usize,
}

/// The parts of one object or list: takes out those that go, with the commas and blanks that
/// stood between them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parts {
    first: Option<usize>,
    last_kept: Option<usize>,
    mark: Mark,
}

impl<'d, 'o> Writer<'d, 'o> {
    pub(super) const fn new(source: &'d str, out: &'o mut Vec<u8>, start: usize) -> Self {
        Self {
            source,
            out,
            done: start,
        }
    }

    /// Copies everything up to here.
    pub(super) fn finish(self, end: usize) {
        let rest = self.source.get(self.done..end).unwrap_or_default();
        self.out.extend_from_slice(rest.as_bytes());
    }

    /// Writes a text, with its quotation marks, in place of a piece of the source.
    pub(super) fn replace_with_text(&mut self, start: usize, end: usize, text: &str) {
        self.skip(start, end);
        self.push_text(text);
    }

    /// Writes JSON in place of a piece of the source.
    pub(super) fn replace(&mut self, start: usize, end: usize, json: &str) {
        self.skip(start, end);
        self.out.extend_from_slice(json.as_bytes());
    }

    /// Adds JSON after what was written.
    pub(super) fn push(&mut self, json: &str) {
        self.out.extend_from_slice(json.as_bytes());
    }

    /// Adds a text with its quotation marks.
    pub(super) fn push_text(&mut self, text: &str) {
        // A text always serialises, and a vector takes every byte.
        let _written = serde_json::to_writer(&mut *self.out, text);
    }

    /// The parts of an object or list that come next.
    pub(super) const fn parts(&self) -> Parts {
        Parts {
            first: None,
            last_kept: None,
            mark: self.mark(),
        }
    }

    /// Leaves out a piece of the source; what was left out already stays out.
    fn skip(&mut self, start: usize, end: usize) {
        if let Some(before) = self.source.get(self.done..start) {
            self.out.extend_from_slice(before.as_bytes());
        }
        self.done = self.done.max(end);
    }

    const fn mark(&self) -> Mark {
        Mark {
            written: self.out.len(),
            done: self.done,
        }
    }

    fn go_back(&mut self, mark: Mark) {
        self.out.truncate(mark.written);
        self.done = mark.done;
    }
}

impl Parts {
    /// Before a part is walked that begins here.
    pub(super) fn before(&mut self, writer: &mut Writer<'_, '_>, start: usize) {
        match (self.first, self.last_kept) {
            (None, _) => self.first = Some(start),
            (Some(first), None) => writer.skip(first, start),
            _ => {}
        }
        self.mark = writer.mark();
    }

    /// After it was walked, and whether it stays.
    pub(super) fn after(&mut self, writer: &mut Writer<'_, '_>, is_kept: bool, end: usize) {
        if is_kept {
            self.last_kept = Some(end);
            return;
        }
        writer.go_back(self.mark);
        if let Some(last_kept) = self.last_kept {
            writer.skip(last_kept, end);
        }
    }

    /// Whether any part stays.
    pub(super) const fn any(&self) -> bool {
        self.last_kept.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Keeps the numbers of a list that are not under ten.
    fn without_small(source: &str) -> String {
        let mut out = Vec::new();
        let mut writer = Writer::new(source, &mut out, 0);
        let mut parts = writer.parts();
        let mut at = 1;
        for word in source.get(1..source.len() - 1).unwrap().split(',') {
            let start = at + word.len() - word.trim_start().len();
            parts.before(&mut writer, start);
            writer.replace(start, start, "");
            let is_kept = word.trim().len() > 1;
            parts.after(&mut writer, is_kept, start + word.trim().len());
            at += word.len() + 1;
        }
        writer.finish(source.len());
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn commas_go_with_the_parts_they_stand_between() {
        for (source, expected) in [
            ("[10, 2, 30]", "[10, 30]"),
            ("[ 1, 20, 30 ]", "[ 20, 30 ]"),
            ("[1, 2, 30]", "[30]"),
            ("[10, 2, 3]", "[10]"),
            ("[1, 20, 3, 4, 50, 6]", "[20, 50]"),
            ("[10,20]", "[10,20]"),
        ] {
            assert_eq!(without_small(source), expected);
        }
    }
}
