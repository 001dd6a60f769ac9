//! `cloister scan --spans`: every finding of every record, as one JSON object a line.
//!
//! JSON lines are read as a stream and scanned on all cores, a batch of lines at a time; what is
//! printed keeps the order of the input.

use std::{
    io::{self, Write},
    path::Path,
    thread,
};

use formats::{Format, Limits, StreamLine, StreamLines, read_table, read_text};
use phi::{
    finding::Finding,
    text::{Scratch, TextEngine},
};
use serde::Serialize;
use serde_json::Value;

use crate::{
    arguments::{Offsets, Scan},
    codes,
    failure::Failure,
    files,
};

pub(super) fn run(
    scan: &Scan,
    engine: &TextEngine,
    paths: &[impl AsRef<Path>],
) -> Result<(), Failure> {
    let mut out = io::BufWriter::with_capacity(1 << 20, io::stdout().lock());
    let mut records = Records {
        scan,
        engine,
        number: 0,
    };
    for path in paths {
        records.file(path.as_ref(), &mut out)?;
    }
    // A reader who closes the pipe has seen enough.
    drop(out.flush());
    Ok(())
}

/// The records of all files, numbered on.
struct Records<'a> {
    scan: &'a Scan,
    engine: &'a TextEngine,
    number: u64,
}

/// One line of JSON with its place.
struct Line {
    bytes: Vec<u8>,
    offset: u64,
    row: u64,
    number: u64,
}

impl Records<'_> {
    fn file(&mut self, path: &Path, out: &mut dyn Write) -> Result<(), Failure> {
        let name = files::name_of(path);
        match self.format(path, &name)? {
            Format::Jsonl => self.lines(path, &name, out),
            Format::Text => self.document(path, out),
            format @ (Format::Csv | Format::Parquet) => self.table(path, &name, format, out),
            format => Err(Failure::new(
                codes::WORDS,
                format!("`{name}` is {format}: `--spans` reads records with a field of text"),
                "give JSON lines, CSV, Parquet or text, or leave `--spans` out",
            )),
        }
    }

    fn format(&self, path: &Path, name: &str) -> Result<Format, Failure> {
        match &self.scan.input_format {
            Some(word) => Ok(word.parse()?),
            None => Ok(Format::detect(name, &files::head(path)?)?),
        }
    }

    fn lines(&mut self, path: &Path, name: &str, out: &mut dyn Write) -> Result<(), Failure> {
        let limits = Limits::default();
        let mut lines = StreamLines::open(name, files::stream(path)?, &limits)?;
        let mut batch = Vec::new();
        let mut bytes = 0;
        while let Some(line) = lines.next()? {
            self.number += 1;
            bytes += line.bytes.len();
            batch.push(Line {
                bytes: line.bytes.to_vec(),
                offset: line.offset,
                row: line.row,
                number: self.number,
            });
            if bytes >= BATCH_BYTES {
                self.scan_lines(name, &batch, out)?;
                batch.clear();
                bytes = 0;
            }
        }
        self.scan_lines(name, &batch, out)
    }

    /// Scans a batch on all cores and prints it in order.
    fn scan_lines(&self, name: &str, batch: &[Line], out: &mut dyn Write) -> Result<(), Failure> {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let share = batch.len().div_ceil(cores).max(1);
        let printed: Vec<Result<Vec<u8>, Failure>> = thread::scope(|scope| {
            let workers: Vec<_> = batch
                .chunks(share)
                .map(|lines| scope.spawn(move || self.print_lines(name, lines)))
                .collect();
            workers
                .into_iter()
                .map(|worker| worker.join().unwrap_or_else(|_| Err(crashed())))
                .collect()
        });
        for printed in printed {
            // A reader who closes the pipe has seen enough.
            drop(out.write_all(&printed?));
        }
        Ok(())
    }

    fn print_lines(&self, name: &str, lines: &[Line]) -> Result<Vec<u8>, Failure> {
        let mut printer = Printer::new(self.engine, self.scan.offsets);
        for line in lines {
            let (id, text) = self.record(name, line)?;
            printer.record(&id, &text);
        }
        Ok(printer.out)
    }

    /// The id and the text of a line; a record without text has none, which is no fault.
    fn record(&self, name: &str, line: &Line) -> Result<(Value, String), Failure> {
        let place = StreamLine {
            bytes: &line.bytes,
            offset: line.offset,
            row: line.row,
        };
        let mut fields = place.object(name)?;
        let text = match fields.get_mut(&self.scan.text_field).map(Value::take) {
            Some(Value::String(text)) => text,
            Some(Value::Null) => String::new(),
            Some(_) => return Err(self.field_missing(name, line, "holds no text")),
            None => return Err(self.field_missing(name, line, "is missing")),
        };
        let id = match &self.scan.id_field {
            None => Value::from(line.number),
            Some(field) => match fields.get_mut(field) {
                Some(id) => id.take(),
                None => return Err(id_missing(name, field, line.row)),
            },
        };
        Ok((id, text))
    }

    fn field_missing(&self, name: &str, line: &Line, what: &str) -> Failure {
        Failure::new(
            codes::WORDS,
            format!(
                "`{name}`, row {}: the field `{}` {what}",
                line.row, self.scan.text_field
            ),
            "name the field that holds the text with `--text-field`",
        )
    }

    /// A whole file as one record, named by its path.
    fn document(&mut self, path: &Path, out: &mut dyn Write) -> Result<(), Failure> {
        let name = files::name_of(path);
        let text = read_text(&name, files::stream(path)?, &Limits::default())?;
        let mut printer = Printer::new(self.engine, self.scan.offsets);
        printer.record(&Value::from(path.display().to_string()), &text);
        drop(out.write_all(&printer.out));
        Ok(())
    }

    fn table(
        &mut self,
        path: &Path,
        name: &str,
        format: Format,
        out: &mut dyn Write,
    ) -> Result<(), Failure> {
        let mut wanted = vec![self.scan.text_field.clone()];
        wanted.extend(self.scan.id_field.clone());
        let limits = Limits::default();
        for batch in read_table(name, format, files::stream(path)?, &limits, Some(&wanted))? {
            let batch = batch?;
            let mut printer = Printer::new(self.engine, self.scan.offsets);
            let column = |field: &str| batch.column_by_name(field).map(flow::record::text_cells);
            let texts = column(&self.scan.text_field).unwrap_or_default();
            let ids = self.scan.id_field.as_deref().and_then(column);
            for (row, text) in texts.into_iter().enumerate() {
                self.number += 1;
                let id = match &ids {
                    None => Value::from(self.number),
                    Some(ids) => Value::from(ids.get(row).cloned().flatten()),
                };
                printer.record(&id, &text.unwrap_or_default());
            }
            drop(out.write_all(&printer.out));
        }
        Ok(())
    }
}

fn id_missing(name: &str, field: &str, row: u64) -> Failure {
    Failure::new(
        codes::WORDS,
        format!("`{name}`, row {row}: the field `{field}` is missing"),
        "name the field that identifies the record with `--id-field`, or leave it out",
    )
}

fn crashed() -> Failure {
    Failure::new(
        codes::CRASH,
        "the scan stopped",
        "report this with the version of the program",
    )
}

/// Turns records into lines of output, with buffers that are kept.
struct Printer<'a> {
    engine: &'a TextEngine,
    offsets: Offsets,
    scratch: Scratch,
    findings: Vec<Finding>,
    out: Vec<u8>,
}

/// One record as it is printed.
#[derive(Serialize)]
struct Record<'r> {
    id: &'r Value,
    spans: Vec<Span>,
}

/// One finding as it is printed.
#[derive(Serialize)]
struct Span {
    start: usize,
    end: usize,
    category: char,
    label: &'static str,
    score: f32,
    detector: &'static str,
}

impl<'a> Printer<'a> {
    fn new(engine: &'a TextEngine, offsets: Offsets) -> Self {
        Self {
            engine,
            offsets,
            scratch: Scratch::default(),
            findings: Vec::new(),
            out: Vec::new(),
        }
    }

    fn record(&mut self, id: &Value, text: &str) {
        self.engine
            .scan_into(text, None, &mut self.scratch, &mut self.findings);
        let mut places = Places::of(text, self.offsets);
        let spans = self.findings.iter().map(|finding| Span {
            start: places.at(finding.start),
            end: places.at(finding.end),
            category: finding.label.identifier().letter(),
            label: finding.label.word(),
            score: finding.score,
            detector: finding.detector,
        });
        let record = Record {
            id,
            spans: spans.collect(),
        };
        // Numbers and texts always serialise, and a vector takes every byte.
        drop(serde_json::to_writer(&mut self.out, &record));
        self.out.push(b'\n');
    }
}

/// Turns offsets in bytes, which come in order, into what was asked for.
struct Places<'t> {
    text: &'t str,
    unit: Offsets,
    bytes: usize,
    points: usize,
}

impl<'t> Places<'t> {
    const fn of(text: &'t str, unit: Offsets) -> Self {
        Self {
            text,
            unit,
            bytes: 0,
            points: 0,
        }
    }

    fn at(&mut self, byte: usize) -> usize {
        if self.unit == Offsets::Bytes {
            return byte;
        }
        let passed = self.text.get(self.bytes..byte).unwrap_or("");
        self.points += passed.chars().count();
        self.bytes = byte;
        self.points
    }
}

const BATCH_BYTES: usize = 8 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_count_code_points_or_bytes() {
        let text = "né à 𝒳 b";
        let at = text.find('b').unwrap();
        assert_eq!(Places::of(text, Offsets::Codepoints).at(at), 7);
        assert_eq!(Places::of(text, Offsets::Bytes).at(at), at);
    }

    #[test]
    fn a_record_is_one_line_with_category_and_detector() {
        let engine = TextEngine::new();
        let mut printer = Printer::new(&engine, Offsets::Codepoints);
        printer.record(&Value::from("n1"), "Reach é: ada@example.org.");
        let line: Value = serde_json::from_slice(&printer.out).unwrap();
        let span = line.pointer("/spans/0").unwrap();
        assert_eq!(span["start"], 9);
        assert_eq!(span["end"], 24);
        assert_eq!(span["category"], "F");
        assert_eq!(span["label"], "EMAIL");
        assert!(span["detector"].is_string());
    }
}
