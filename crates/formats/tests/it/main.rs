//! The formats as a caller sees them.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test binary: a panic is a failed test"
)]

mod csv;
mod encrypted;
mod fuzzed;
mod jsonl;
mod parquet;
mod round_trip;
mod text;

use std::{
    io::{self, Read},
    sync::Arc,
};

use arrow_array::{RecordBatch, cast::AsArray};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use cloister_formats::{Format, Input, Limits, ReadError, read_table};

/// All batches of `bytes`.
fn batches(format: Format, bytes: &[u8]) -> Result<Vec<RecordBatch>, ReadError> {
    read_table(
        "x",
        format,
        Input::Bytes(bytes.to_vec()),
        &Limits::default(),
        None,
    )?
    .collect()
}

/// Every text cell, row by row; null is `None`.
fn cells(batches: &[RecordBatch]) -> Vec<Vec<Option<String>>> {
    let mut rows = Vec::new();
    for batch in batches {
        for row in 0..batch.num_rows() {
            let cell = |column: &arrow_array::ArrayRef| {
                let column = column.as_string::<i32>();
                column.iter().nth(row).flatten().map(str::to_owned)
            };
            rows.push(batch.columns().iter().map(cell).collect());
        }
    }
    rows
}

fn columns(batch: &RecordBatch) -> Vec<(String, DataType)> {
    let schema = batch.schema();
    let fields = schema.fields().iter();
    fields
        .map(|field| (field.name().clone(), field.data_type().clone()))
        .collect()
}

fn schema(columns: &[(&str, DataType)]) -> SchemaRef {
    let fields: Vec<Field> = columns
        .iter()
        .map(|(name, kind)| Field::new(*name, kind.clone(), true))
        .collect();
    Arc::new(Schema::new(fields))
}

/// A reader that gives one byte pattern for ever.
struct Endless(u8);

impl Read for Endless {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        out.fill(self.0);
        Ok(out.len())
    }
}
