use std::io::Write;

use arrow_array::{
    Array, ArrayRef, RecordBatch,
    cast::AsArray,
    types::{Float64Type, Int64Type},
};
use arrow_schema::{DataType, Schema};
use serde::Serialize;

use super::Sink;
use crate::WriteError;

/// A JSON lines file: every line has every key, in the order of the columns.
pub(super) struct Lines<'a> {
    out: &'a mut dyn Write,
    /// The key of each column with its colon, as JSON.
    keys: Vec<String>,
    row: u64,
}

impl<'a> Lines<'a> {
    pub(super) fn create(schema: &Schema, out: &'a mut dyn Write) -> Self {
        let keys = schema
            .fields()
            .iter()
            .map(|field| format!("{}:", serde_json::Value::from(field.name().as_str())))
            .collect();
        Self { out, keys, row: 0 }
    }
}

impl Sink for Lines<'_> {
    fn write(&mut self, batch: &RecordBatch) -> Result<(), WriteError> {
        let schema = batch.schema();
        let mut lines = Vec::with_capacity(FLUSH * 2);
        for row in 0..batch.num_rows() {
            self.row += 1;
            for (index, (key, column)) in self.keys.iter().zip(batch.columns()).enumerate() {
                lines.push(if index == 0 { b'{' } else { b',' });
                lines.extend_from_slice(key.as_bytes());
                if !cell(column, row, &mut lines)? {
                    return Err(WriteError::NotFinite {
                        column: schema.field(index).name().clone(),
                        row: self.row,
                    });
                }
            }
            let end: &[u8] = if self.keys.is_empty() {
                b"{}\n"
            } else {
                b"}\n"
            };
            lines.extend_from_slice(end);
            if lines.len() >= FLUSH {
                self.out.write_all(&lines)?;
                lines.clear();
            }
        }
        Ok(self.out.write_all(&lines)?)
    }

    fn finish(self: Box<Self>) -> Result<(), WriteError> {
        Ok(self.out.flush()?)
    }
}

/// Appends one value; false if JSON cannot say it.
fn cell(column: &ArrayRef, row: usize, line: &mut Vec<u8>) -> Result<bool, WriteError> {
    if column.is_null(row) {
        return json(&(), line);
    }
    match column.data_type() {
        DataType::Int64 => json(&column.as_primitive::<Int64Type>().value(row), line),
        DataType::Boolean => json(&column.as_boolean().value(row), line),
        DataType::Float64 => {
            let value = column.as_primitive::<Float64Type>().value(row);
            Ok(value.is_finite() && json(&value, line)?)
        }
        _ => json(column.as_string::<i32>().value(row), line),
    }
}

fn json<T: Serialize + ?Sized>(value: &T, line: &mut Vec<u8>) -> Result<bool, WriteError> {
    serde_json::to_writer(line, value)
        .map(|()| true)
        .map_err(|cause| WriteError::Io(cause.into()))
}

const FLUSH: usize = 64 << 10;
