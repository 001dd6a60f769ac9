use serde::Serialize;

use crate::{Hospital, Table};

impl Hospital {
    /// A table as CSV by RFC 4180: header, CRLF-free rows, quotes where needed.
    pub fn csv(&self, table: Table) -> String {
        match table {
            Table::Patients => rows(&self.patients),
            Table::Encounters => rows(&self.encounters),
            Table::Diagnoses => rows(&self.diagnoses),
            Table::Labs => rows(&self.labs),
        }
    }

    /// The notes as JSON lines: `note_id`, `patient_id`, `encounter_id`, `note_type`,
    /// `written_at`, `text`. The truth is not in it.
    pub fn notes_jsonl(&self) -> String {
        #[derive(Serialize)]
        struct Line<'a> {
            note_id: &'a str,
            patient_id: &'a str,
            encounter_id: &'a str,
            note_type: &'a str,
            written_at: &'a str,
            text: &'a str,
        }
        lines(self.notes.iter().map(|note| Line {
            note_id: &note.note_id,
            patient_id: &note.patient_id,
            encounter_id: &note.encounter_id,
            note_type: note.note_type,
            written_at: &note.written_at,
            text: &note.text,
        }))
    }

    /// The truth as JSON lines: `note_id`, `family`, `spans` (byte ranges).
    pub fn truth_jsonl(&self) -> String {
        #[derive(Serialize)]
        struct Line<'a> {
            note_id: &'a str,
            family: crate::Family,
            spans: &'a [crate::TruthSpan],
        }
        lines(self.notes.iter().map(|note| Line {
            note_id: &note.note_id,
            family: note.family,
            spans: &note.truth,
        }))
    }
}

fn lines<T: Serialize>(items: impl Iterator<Item = T>) -> String {
    let mut out = String::new();
    for item in items {
        out.push_str(&serde_json::to_string(&item).unwrap_or_default());
        out.push('\n');
    }
    out
}

/// Rows of flat records; the header is taken from the first one's field names.
fn rows<T: Serialize>(records: &[T]) -> String {
    let mut out = String::new();
    for (index, record) in records.iter().enumerate() {
        let Ok(serde_json::Value::Object(fields)) = serde_json::to_value(record) else {
            continue;
        };
        if index == 0 {
            row(&mut out, fields.keys().map(String::as_str));
        }
        let cells: Vec<String> = fields.values().map(cell).collect();
        row(&mut out, cells.iter().map(String::as_str));
    }
    out
}

fn row<'a>(out: &mut String, cells: impl Iterator<Item = &'a str>) {
    for (index, cell) in cells.enumerate() {
        if index > 0 {
            out.push(',');
        }
        out.push_str(&quoted(cell));
    }
    out.push('\n');
}

/// RFC 4180, rule 6 and 7: quotes around commas, quotes and line ends; quotes doubled.
fn quoted(cell: &str) -> std::borrow::Cow<'_, str> {
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\"")).into()
    } else {
        cell.into()
    }
}

fn cell(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
