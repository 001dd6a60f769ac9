//! What a person or a program reads: results on stdout, messages on stderr.

use std::io::{self, IsTerminal, Write};

use serde_json::{Value, json};

use crate::failure::Failure;

/// The terminal, or the pipe in its place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Screen {
    json: bool,
}

impl Screen {
    /// A screen; with `json` stdout is one JSON document.
    pub(crate) const fn new(json: bool) -> Self {
        Self { json }
    }

    /// Whether progress bars make sense.
    pub(crate) fn shows_progress(self) -> bool {
        !self.json && io::stderr().is_terminal()
    }

    /// The result: text for people, or the document for programs.
    pub(crate) fn result(self, text: &str, document: &Value) {
        if self.json {
            let pretty = serde_json::to_string_pretty(document).unwrap_or_default();
            self.out(&pretty);
        } else {
            self.out(text);
        }
    }

    /// A message beside the result.
    #[expect(clippy::unused_self, reason = "what is shown goes through the screen")]
    pub(crate) fn message(self, text: &str) {
        // A closed stderr takes nothing and that is no reason to fail.
        drop(writeln!(io::stderr().lock(), "{text}"));
    }

    /// What went wrong, in three lines.
    pub(crate) fn failure(self, failure: &Failure) {
        if self.json {
            let document = json!({ "error": {
                "code": failure.code.to_string(), "exit": failure.exit as u8, "what": failure.what,
                "help": failure.help, "citation": failure.code.citation() } });
            self.message(&document.to_string());
            return;
        }
        let citation = failure
            .code
            .citation()
            .map_or_else(String::new, |source| format!("  ({source})"));
        self.message(&format!(
            "error: {}\n  help: {}\n  code: {}{citation}",
            failure.what, failure.help, failure.code
        ));
    }

    #[expect(clippy::unused_self, reason = "what is shown goes through the screen")]
    fn out(self, text: &str) {
        let text = text.trim_end_matches('\n');
        // A reader who closes the pipe has seen enough.
        drop(writeln!(io::stdout().lock(), "{text}"));
    }
}

/// Rows as aligned columns; the first row is the heading.
pub(crate) fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:<width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let rows = [
            vec!["a".to_owned(), "b".to_owned()],
            vec!["long".to_owned(), "x".to_owned()],
        ];
        assert_eq!(table(&rows), "a     b\nlong  x");
    }
}
