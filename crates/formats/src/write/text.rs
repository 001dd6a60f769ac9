use std::io::Write;

use arrow_array::{RecordBatch, cast::AsArray};
use arrow_schema::{DataType, Schema};

use super::Sink;
use crate::WriteError;

/// Plain text: the documents as they are.
pub(super) struct Documents<'a> {
    out: &'a mut dyn Write,
    column: usize,
    first: bool,
}

impl<'a> Documents<'a> {
    pub(super) fn create(schema: &Schema, out: &'a mut dyn Write) -> Result<Self, WriteError> {
        let column = schema
            .fields()
            .iter()
            .position(|field| field.name() == TEXT && field.data_type() == &DataType::Utf8);
        match column {
            Some(column) => Ok(Self {
                out,
                column,
                first: true,
            }),
            None => Err(WriteError::ColumnType {
                column: TEXT.to_owned(),
            }),
        }
    }
}

impl Sink for Documents<'_> {
    fn write(&mut self, batch: &RecordBatch) -> Result<(), WriteError> {
        for text in batch.column(self.column).as_string::<i32>() {
            if !std::mem::take(&mut self.first) {
                self.out.write_all(b"\n")?;
            }
            self.out.write_all(text.unwrap_or_default().as_bytes())?;
        }
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<(), WriteError> {
        Ok(self.out.flush()?)
    }
}

const TEXT: &str = "text";
