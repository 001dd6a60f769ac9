//! JSON lines: one object per line.
//!
//! The columns are the union of the keys in the order in which they first appear, found in a first
//! pass over the whole input; so every batch has the same columns. A column is
//! - `Boolean` where all its values are booleans,
//! - `Int64` where all are integers of 64 bits, `Float64` where all are numbers,
//! - `Utf8` otherwise: strings as they are, everything else (nested values, or the numbers of a
//!   mixed column) as the JSON text that stands in the file.
//!
//! An absent key and `null` are null. An integer beyond 64 bits makes its column `Utf8`, so that no
//! digit is lost.

mod line;
mod survey;

use std::sync::Arc;

use arrow_array::{RecordBatch, RecordBatchOptions};
use arrow_schema::{Field, Schema, SchemaRef};

use self::{
    line::{Line, Lines, Members, unquoted},
    survey::{Survey, survey},
};
use crate::{
    Input, Limits, ReadError, ReadErrorKind, TableReader,
    cells::{Cells, Kind},
    columns, encoding,
};

/// Surveys the columns and prepares the batches.
pub(crate) fn open<'a>(
    name: &str,
    input: Input<'a>,
    limits: &Limits,
    wanted: Option<&[String]>,
) -> Result<TableReader<'a>, ReadError> {
    let limits = limits.bounded();
    let bytes = input.into_bytes(name, &limits)?;
    encoding::refuse_binary(name, &bytes, 0)?;
    let survey = survey(name, &bytes, &limits)?;
    let selection = columns::select(name, survey.names(), wanted, &limits)?;
    let kinds = survey.kinds();
    let mut kept = vec![None; kinds.len()];
    let mut fields = Vec::new();
    for index in &selection.kept {
        if let (Some(place), Some(kind), Some(column)) = (
            kept.get_mut(*index),
            kinds.get(*index),
            survey.names().get(*index),
        ) {
            *place = Some(*kind);
            fields.push(Field::new(column, kind.data_type(), true));
        }
    }
    let schema: SchemaRef = Arc::new(Schema::new(fields));
    let batches = Batches {
        name: name.to_owned(),
        bytes,
        at: 0,
        row: 0,
        survey,
        kept,
        schema: SchemaRef::clone(&schema),
        limits,
    };
    Ok(TableReader::new(
        schema,
        selection.dropped,
        Box::new(batches),
    ))
}

struct Batches {
    name: String,
    bytes: Vec<u8>,
    at: usize,
    row: u64,
    survey: Survey,
    /// The kind of each column of the file that is taken in.
    kept: Vec<Option<Kind>>,
    schema: SchemaRef,
    limits: Limits,
}

impl Iterator for Batches {
    type Item = Result<RecordBatch, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.batch().transpose()
    }
}

impl Batches {
    fn batch(&mut self) -> Result<Option<RecordBatch>, ReadError> {
        let mut cells: Vec<Option<Cells>> =
            self.kept.iter().map(|kind| kind.map(Cells::new)).collect();
        let mut lines = Lines::resume(&self.bytes, self.at, self.row);
        let (start, mut rows) = (self.at, 0);
        while rows < self.limits.rows_per_batch && self.at - start < self.limits.batch_bytes {
            let Some(line) = lines.next() else { break };
            fill(line, &self.survey, &mut cells);
            (self.at, self.row) = (lines.at(), line.row);
            rows += 1;
        }
        if rows == 0 {
            return Ok(None);
        }
        let arrays = cells.into_iter().flatten().map(Cells::finish).collect();
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        RecordBatch::try_new_with_options(SchemaRef::clone(&self.schema), arrays, &options)
            .map(Some)
            .map_err(|_| ReadError::new(&self.name, ReadErrorKind::Json))
    }
}

/// Appends one line, which the survey has seen, to the columns that are taken in.
fn fill(line: Line<'_>, survey: &Survey, cells: &mut [Option<Cells>]) {
    let mut row = vec![None; cells.len()];
    let text = std::str::from_utf8(line.bytes).unwrap_or_default();
    let mut hint = 0;
    for (key, value) in Members::of(text) {
        let place = unquoted(key).and_then(|key| survey.place(&key, hint));
        if let Some(place) = place {
            if let Some(cell) = row.get_mut(place) {
                *cell = Some(value);
            }
            hint = place + 1;
        }
    }
    for (cells, value) in cells.iter_mut().zip(row) {
        if let Some(cells) = cells {
            append(cells, value.filter(|value| *value != "null"));
        }
    }
}

fn append(cells: &mut Cells, raw: Option<&str>) {
    match (cells, raw) {
        (Cells::Text(cells), Some(raw)) if raw.starts_with('"') => {
            cells.append_option(unquoted(raw));
        }
        (Cells::Text(cells), raw) => cells.append_option(raw),
        (Cells::Integer(cells), raw) => {
            cells.append_option(raw.and_then(|raw| raw.parse().ok()));
        }
        (Cells::Number(cells), raw) => {
            cells.append_option(raw.and_then(|raw| raw.parse().ok()));
        }
        (Cells::Flag(cells), raw) => cells.append_option(raw.map(|raw| raw == "true")),
    }
}
