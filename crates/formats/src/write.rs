//! Batches out again, as bytes that depend on nothing but the batches.

mod csv;
mod jsonl;
mod parquet;
mod text;

use std::{fmt, io::Write};

use arrow_array::RecordBatch;
use arrow_schema::{DataType, Schema, SchemaRef};

use crate::{Format, TableSeal, WriteError};

/// Writes the batches of one table, one after the other.
///
/// The same batches give the same bytes. Formula-like cells (`=`, `+`, `-`, `@`) are data and are
/// not altered. A null is an empty CSV field, `null` in JSON.
///
/// ```
/// use std::sync::Arc;
/// use arrow_array::{RecordBatch, StringArray};
/// use arrow_schema::{DataType, Field, Schema};
/// use cloister_formats::{Format, TableWriter};
///
/// let schema = Arc::new(Schema::new(vec![Field::new("zip", DataType::Utf8, true)]));
/// let zips = Arc::new(StringArray::from(vec!["02139"]));
/// let batch = RecordBatch::try_new(schema.clone(), vec![zips])?;
///
/// let mut out = Vec::new();
/// let mut writer = TableWriter::create(Format::Csv, schema, &mut out)?;
/// writer.write(&batch)?;
/// writer.finish()?;
/// assert_eq!(out, b"zip\n02139\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct TableWriter<'a> {
    schema: SchemaRef,
    sink: Box<dyn Sink + 'a>,
}

impl<'a> TableWriter<'a> {
    /// Begins a table with the columns of `schema`; refuses FHIR formats, columns outside the four
    /// types and, for plain text, a table without a text column called `text`.
    pub fn create(
        format: Format,
        schema: SchemaRef,
        out: &'a mut dyn Write,
    ) -> Result<Self, WriteError> {
        refuse_columns(&schema)?;
        let sink: Box<dyn Sink + 'a> = match format {
            Format::Csv => Box::new(csv::Sheet::create(&schema, out)?),
            Format::Jsonl => Box::new(jsonl::Lines::create(&schema, out)),
            Format::Parquet => Box::new(parquet::File::create(&schema, out, None)?),
            Format::Text => Box::new(text::Documents::create(&schema, out)?),
            Format::FhirBundle
            | Format::FhirNdjson
            | Format::Hl7v2
            | Format::Dicom
            | Format::Ccda => {
                let format = format.name();
                return Err(WriteError::Format { format });
            }
        };
        Ok(Self { schema, sink })
    }

    /// Begins a Parquet file with modular encryption; refuses a column that `seal` has no key for.
    ///
    /// Each file has nonces and an identifier of its own: the same batches give other bytes.
    pub fn create_encrypted(
        schema: SchemaRef,
        out: &'a mut dyn Write,
        seal: &TableSeal,
    ) -> Result<Self, WriteError> {
        refuse_columns(&schema)?;
        let sink = Box::new(parquet::File::create(&schema, out, Some(seal))?);
        Ok(Self { schema, sink })
    }

    /// Appends the rows of `batch`, whose columns must be those of the writer.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<(), WriteError> {
        if same_columns(&self.schema, &batch.schema()) {
            self.sink.write(batch)
        } else {
            Err(WriteError::Schema)
        }
    }

    /// Writes what is left; a table is whole only after this.
    pub fn finish(self) -> Result<(), WriteError> {
        self.sink.finish()
    }
}

impl fmt::Debug for TableWriter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TableWriter")
            .field("columns", &self.schema.fields().len())
            .finish_non_exhaustive()
    }
}

/// Writes `batches` as CSV.
pub fn write_csv<'b>(
    out: &mut dyn Write,
    schema: SchemaRef,
    batches: impl IntoIterator<Item = &'b RecordBatch>,
) -> Result<(), WriteError> {
    write_all(Format::Csv, out, schema, batches)
}

/// Writes `batches` as JSON lines; refuses numbers that are not finite.
pub fn write_jsonl<'b>(
    out: &mut dyn Write,
    schema: SchemaRef,
    batches: impl IntoIterator<Item = &'b RecordBatch>,
) -> Result<(), WriteError> {
    write_all(Format::Jsonl, out, schema, batches)
}

/// Writes `batches` as Parquet, compressed by zstd level 1.
pub fn write_parquet<'b>(
    out: &mut dyn Write,
    schema: SchemaRef,
    batches: impl IntoIterator<Item = &'b RecordBatch>,
) -> Result<(), WriteError> {
    write_all(Format::Parquet, out, schema, batches)
}

/// Writes the column `text` of `batches` as plain text, a line feed between two documents.
pub fn write_text<'b>(
    out: &mut dyn Write,
    schema: SchemaRef,
    batches: impl IntoIterator<Item = &'b RecordBatch>,
) -> Result<(), WriteError> {
    write_all(Format::Text, out, schema, batches)
}

fn write_all<'b>(
    format: Format,
    out: &mut dyn Write,
    schema: SchemaRef,
    batches: impl IntoIterator<Item = &'b RecordBatch>,
) -> Result<(), WriteError> {
    let mut writer = TableWriter::create(format, schema, out)?;
    for batch in batches {
        writer.write(batch)?;
    }
    writer.finish()
}

/// One format's way to write.
trait Sink {
    fn write(&mut self, batch: &RecordBatch) -> Result<(), WriteError>;

    fn finish(self: Box<Self>) -> Result<(), WriteError>;
}

fn refuse_columns(schema: &Schema) -> Result<(), WriteError> {
    let strange = schema.fields().iter().find(|field| {
        !matches!(
            field.data_type(),
            DataType::Utf8 | DataType::Int64 | DataType::Float64 | DataType::Boolean
        )
    });
    match strange {
        Some(field) => Err(WriteError::ColumnType {
            column: field.name().clone(),
        }),
        None => Ok(()),
    }
}

fn same_columns(one: &Schema, other: &Schema) -> bool {
    one.fields().len() == other.fields().len()
        && one
            .fields()
            .iter()
            .zip(other.fields())
            .all(|(one, other)| one.name() == other.name() && one.data_type() == other.data_type())
}
