use std::fmt;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;

use crate::{
    Format, Input, Limits, ReadError, ReadErrorKind, csv, jsonl, parquet, parquet::keys::TableKeys,
    text,
};

/// Opens one table: `name` stands in messages, `wanted` are the columns to take in (all, if `None`).
///
/// Columns come in the order of the file and have only four types:
/// - CSV: every column is `Utf8`, so that ZIP codes keep their zeros. An empty field is null. A
///   UTF-8 byte order mark and blank lines are skipped. The delimiter is the one among `,` `;` tab
///   `|` that splits the first lines evenly.
/// - JSON lines: see the rule of widening in the module `jsonl`.
/// - Parquet: integers are `Int64`, floats and decimals `Float64` (a decimal without fraction that
///   fits is `Int64`), dates, times and timestamps ISO 8601 text in UTC, nested values JSON text.
/// - Plain text: one row, `document_id` (the `name`) and `text`.
///
/// FHIR holds many tables: [`fhir::flatten`](crate::fhir::flatten) reads it. HL7 v2 holds messages:
/// [`hl7v2::messages`](crate::hl7v2::messages) reads them.
pub fn read_table<'a>(
    name: &str,
    format: Format,
    input: Input<'a>,
    limits: &Limits,
    wanted: Option<&[String]>,
) -> Result<TableReader<'a>, ReadError> {
    match format {
        Format::Csv => csv::open(name, input, limits, wanted),
        Format::Jsonl => jsonl::open(name, input, limits, wanted),
        Format::Parquet => parquet::open(name, input, limits, wanted, None),
        Format::Text => text::open(name, input, limits, wanted),
        Format::FhirBundle | Format::FhirNdjson | Format::Dicom | Format::Ccda => {
            Err(ReadError::new(name, ReadErrorKind::NotATable))
        }
        Format::Hl7v2 => Err(ReadError::new(name, ReadErrorKind::Messages)),
    }
}

/// Opens a Parquet table with modular encryption (AES-GCM, encrypted footer, a key for every
/// column). Wanted columns whose key is not among `keys` are refused; what does not authenticate,
/// in this place, ends the reading with an error.
pub fn read_encrypted_table<'a>(
    name: &str,
    input: Input<'a>,
    limits: &Limits,
    wanted: Option<&[String]>,
    keys: &TableKeys,
) -> Result<TableReader<'a>, ReadError> {
    parquet::open(name, input, limits, wanted, Some(keys))
}

/// The batches of one table; all have [`schema`](Self::schema). After an error there is no more.
pub struct TableReader<'a> {
    schema: SchemaRef,
    dropped: Vec<String>,
    batches: Batches<'a>,
    failed: bool,
}

/// Where batches come from.
pub(crate) type Batches<'a> = Box<dyn Iterator<Item = Result<RecordBatch, ReadError>> + 'a>;

impl<'a> TableReader<'a> {
    pub(crate) fn new(schema: SchemaRef, dropped: Vec<String>, batches: Batches<'a>) -> Self {
        Self {
            schema,
            dropped,
            batches,
            failed: false,
        }
    }

    /// The columns of every batch.
    pub fn schema(&self) -> SchemaRef {
        SchemaRef::clone(&self.schema)
    }

    /// The columns of the file that were not wanted and never materialised, in file order.
    pub fn dropped(&self) -> &[String] {
        &self.dropped
    }
}

impl Iterator for TableReader<'_> {
    type Item = Result<RecordBatch, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let batch = self.batches.next();
        self.failed = matches!(batch, Some(Err(_)));
        batch
    }
}

impl fmt::Debug for TableReader<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TableReader")
            .field("columns", &self.schema.fields().len())
            .field("dropped", &self.dropped.len())
            .finish_non_exhaustive()
    }
}
