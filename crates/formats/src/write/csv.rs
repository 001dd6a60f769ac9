use std::io::Write;

use arrow_array::{
    Array, ArrayRef, RecordBatch,
    cast::AsArray,
    types::{Float64Type, Int64Type},
};
use arrow_schema::{DataType, Schema};

use super::Sink;
use crate::WriteError;

/// A CSV file: comma, line feed, quotes where needed.
pub(super) struct Sheet<'a> {
    out: ::csv::Writer<&'a mut dyn Write>,
}

impl<'a> Sheet<'a> {
    pub(super) fn create(schema: &Schema, out: &'a mut dyn Write) -> Result<Self, WriteError> {
        out.write_all(&header(schema)?)?;
        let out = ::csv::WriterBuilder::new()
            .has_headers(false)
            .from_writer(out);
        Ok(Self { out })
    }
}

impl Sink for Sheet<'_> {
    fn write(&mut self, batch: &RecordBatch) -> Result<(), WriteError> {
        let mut number = String::new();
        for row in 0..batch.num_rows() {
            for column in batch.columns() {
                let cell = cell(column, row, &mut number);
                self.out.write_field(cell).map_err(failure)?;
            }
            self.out.write_record(None::<&[u8]>).map_err(failure)?;
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<(), WriteError> {
        Ok(self.out.flush()?)
    }
}

/// The header; where a name could be taken for a delimiter or for spacing, all are quoted.
fn header(schema: &Schema) -> Result<Vec<u8>, WriteError> {
    let plain = schema.fields().iter().all(|field| {
        field
            .name()
            .chars()
            .all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.'))
    });
    let style = if plain {
        ::csv::QuoteStyle::Necessary
    } else {
        ::csv::QuoteStyle::Always
    };
    let mut line = ::csv::WriterBuilder::new()
        .quote_style(style)
        .from_writer(Vec::new());
    line.write_record(schema.fields().iter().map(|field| field.name()))
        .map_err(failure)?;
    line.into_inner()
        .map_err(|cause| WriteError::Io(cause.into_error()))
}

fn cell<'c>(column: &'c ArrayRef, row: usize, number: &'c mut String) -> &'c str {
    if column.is_null(row) {
        return "";
    }
    match column.data_type() {
        DataType::Int64 => *number = column.as_primitive::<Int64Type>().value(row).to_string(),
        DataType::Float64 => *number = column.as_primitive::<Float64Type>().value(row).to_string(),
        DataType::Boolean => *number = column.as_boolean().value(row).to_string(),
        _ => return column.as_string::<i32>().value(row),
    }
    number
}

fn failure(cause: ::csv::Error) -> WriteError {
    match cause.into_kind() {
        ::csv::ErrorKind::Io(cause) => WriteError::Io(cause),
        _ => WriteError::Schema,
    }
}
