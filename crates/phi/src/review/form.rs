//! Sheets as CSV and as JSON lines, both ways.

use serde_json::{Map, Value};

use super::{ReviewError, Row, Sheet, SheetForm};

type Cell = (&'static str, fn(&mut Row) -> &mut String);

impl Sheet {
    /// The sheet as a file.
    pub fn write(&self, form: SheetForm) -> String {
        match form {
            SheetForm::Csv => self.csv(),
            SheetForm::Jsonl => self.jsonl(),
        }
    }

    fn csv(&self) -> String {
        let mut out = String::new();
        for (place, (name, _)) in CELLS.iter().enumerate() {
            out.push_str(if place > 0 { "," } else { "" });
            out.push_str(name);
        }
        out.push_str("\r\n");
        for row in &self.rows {
            let mut row = row.clone();
            for (place, (_, cell)) in CELLS.iter().enumerate() {
                out.push_str(if place > 0 { "," } else { "" });
                push_cell(cell(&mut row), &mut out);
            }
            out.push_str("\r\n");
        }
        out
    }

    fn jsonl(&self) -> String {
        let mut out = String::new();
        for row in &self.rows {
            let mut row = row.clone();
            let mut fields = Map::new();
            for (name, cell) in CELLS {
                let value = std::mem::take(cell(&mut row));
                fields.insert((*name).to_owned(), Value::String(value));
            }
            out.push_str(&Value::Object(fields).to_string());
            out.push('\n');
        }
        out
    }
}

/// The rows of a file with their numbers; the form is told by the first character.
pub(super) fn read(file: &str, text: &str) -> Result<Vec<(usize, Row)>, ReviewError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim_start().starts_with('{') {
        read_jsonl(file, text)
    } else {
        read_csv(file, text)
    }
}

fn read_jsonl(file: &str, text: &str) -> Result<Vec<(usize, Row)>, ReviewError> {
    let mut rows = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim().is_empty() {
            continue;
        }
        let fields: Map<String, Value> =
            serde_json::from_str(line).map_err(|_| bad(file, number, "it is no JSON object"))?;
        let mut row = Row::default();
        for (name, value) in fields {
            let known = CELLS.iter().find(|(known, _)| *known == name);
            let (_, cell) = known.ok_or_else(|| bad(file, number, "it has an unknown field"))?;
            *cell(&mut row) = match value {
                Value::String(text) => text,
                Value::Number(count) => count.to_string(),
                Value::Null => String::new(),
                _ => return Err(bad(file, number, "a field is neither text nor number")),
            };
        }
        rows.push((number, row));
    }
    Ok(rows)
}

fn read_csv(file: &str, text: &str) -> Result<Vec<(usize, Row)>, ReviewError> {
    let mut records = Records { rest: text };
    let heading = records
        .next()
        .unwrap_or(Ok(Vec::new()))
        .map_err(|reason| bad(file, 1, reason))?;
    let mut columns = Vec::new();
    for (name, cell) in CELLS {
        let place = heading.iter().position(|word| word.trim() == *name);
        let place = place.ok_or_else(|| ReviewError::Column {
            file: file.to_owned(),
            column: name,
        })?;
        columns.push((place, cell));
    }
    let mut rows = Vec::new();
    for (number, record) in (2..).zip(records) {
        let record = record.map_err(|reason| bad(file, number, reason))?;
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if record.len() > heading.len() {
            return Err(bad(file, number, "it has more cells than the heading"));
        }
        let mut row = Row::default();
        for (place, cell) in &columns {
            let value = record.get(*place).map_or("", String::as_str);
            value
                .strip_prefix(GUARD)
                .unwrap_or(value)
                .clone_into(cell(&mut row));
        }
        rows.push((number, row));
    }
    Ok(rows)
}

/// The records of RFC 4180, with either end of line.
struct Records<'t> {
    rest: &'t str,
}

impl Iterator for Records<'_> {
    type Item = Result<Vec<String>, &'static str>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let mut record = Vec::new();
        loop {
            match self.cell() {
                Ok((cell, is_last)) => {
                    record.push(cell);
                    if is_last {
                        return Some(Ok(record));
                    }
                }
                Err(reason) => {
                    self.rest = "";
                    return Some(Err(reason));
                }
            }
        }
    }
}

impl Records<'_> {
    /// One cell, and whether the record ends with it.
    fn cell(&mut self) -> Result<(String, bool), &'static str> {
        let cell = if let Some(quoted) = self.rest.strip_prefix('"') {
            self.quoted(quoted)?
        } else {
            let end = self.rest.find([',', '\n']).unwrap_or(self.rest.len());
            let (cell, rest) = self.rest.split_at(end);
            self.rest = rest;
            let is_end = rest.is_empty() || rest.starts_with('\n');
            let plain = cell.strip_suffix('\r').filter(|_| is_end);
            plain.unwrap_or(cell).to_owned()
        };
        if let Some(rest) = self.rest.strip_prefix(',') {
            self.rest = rest;
            return Ok((cell, false));
        }
        let rest = self.rest.strip_prefix('\r').unwrap_or(self.rest);
        match rest.strip_prefix('\n') {
            Some(rest) => self.rest = rest,
            None if rest.is_empty() => self.rest = "",
            None => return Err("letters follow a closing quotation mark"),
        }
        Ok((cell, true))
    }
}

impl<'t> Records<'t> {
    fn quoted(&mut self, mut rest: &'t str) -> Result<String, &'static str> {
        let mut cell = String::new();
        loop {
            let (part, after) = rest
                .split_once('"')
                .ok_or("a quotation mark is not closed")?;
            cell.push_str(part);
            let Some(after) = after.strip_prefix('"') else {
                self.rest = after;
                return Ok(cell);
            };
            cell.push('"');
            rest = after;
        }
    }
}

fn push_cell(cell: &str, out: &mut String) {
    let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    let guard = if is_formula || cell.starts_with(GUARD) {
        GUARD
    } else {
        ""
    };
    if !guard.is_empty() || cell.contains([',', '"', '\r', '\n']) || cell.starts_with(' ') {
        out.push('"');
        out.push_str(guard);
        out.push_str(&cell.replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(cell);
    }
}

pub(super) fn bad(file: &str, row: usize, reason: &'static str) -> ReviewError {
    ReviewError::Row {
        file: file.to_owned(),
        row,
        reason,
    }
}

/// Before what a spreadsheet could take for a formula.
const GUARD: &str = "> ";

/// The columns in their order.
const CELLS: &[Cell] = &[
    ("kind", |row| &mut row.kind),
    ("id", |row| &mut row.id),
    ("start", |row| &mut row.start),
    ("end", |row| &mut row.end),
    ("label", |row| &mut row.label),
    ("detector", |row| &mut row.detector),
    ("score", |row| &mut row.score),
    ("text", |row| &mut row.text),
    ("verdict", |row| &mut row.verdict),
    ("true_start", |row| &mut row.true_start),
    ("true_end", |row| &mut row.true_end),
    ("true_label", |row| &mut row.true_label),
    ("check", |row| &mut row.check),
];
