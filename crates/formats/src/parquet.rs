//! Apache Parquet, normalised to the four types.

mod nested;
mod normal;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use ::parquet::{
    arrow::{
        ProjectionMask,
        arrow_reader::{
            ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
        },
    },
    errors::ParquetError,
    file::metadata::ParquetMetaData,
};
use arrow_array::{RecordBatch, RecordBatchOptions};
use arrow_schema::{ArrowError, Field, Schema, SchemaRef};
use bytes::Bytes;

use self::normal::{Normal, plan};
use crate::{Input, Limits, ReadError, ReadErrorKind, TableReader, columns};

type Builder = ParquetRecordBatchReaderBuilder<Bytes>;

/// Reads the footer and prepares the batches.
///
/// The types are those that Parquet itself declares; an embedded Arrow schema is ignored.
pub(crate) fn open<'a>(
    name: &str,
    input: Input<'a>,
    limits: &Limits,
    wanted: Option<&[String]>,
) -> Result<TableReader<'a>, ReadError> {
    let limits = limits.bounded();
    let bytes = input.into_bytes(name, &limits)?;
    refuse_misshapen(name, &bytes)?;
    let length = bytes.len() as u64;
    let builder = footer(name, Bytes::from(bytes))?;
    refuse_implausible(name, builder.metadata(), length, &limits)?;

    let names: Vec<String> = builder
        .schema()
        .fields()
        .iter()
        .map(|field| field.name().clone())
        .collect();
    let selection = columns::select(name, &names, wanted, &limits)?;
    let plans = plans(name, builder.schema(), &selection.kept, &limits)?;
    let fields: Vec<Field> = plans
        .iter()
        .map(|(column, normal)| Field::new(column, normal.data_type(), true))
        .collect();
    let schema: SchemaRef = Arc::new(Schema::new(fields));
    let batches = Batches {
        name: name.to_owned(),
        reader: rows(name, builder, &selection.kept, &limits)?,
        plans,
        schema: SchemaRef::clone(&schema),
        row: 0,
    };
    Ok(TableReader::new(
        schema,
        selection.dropped,
        Box::new(batches),
    ))
}

fn refuse_misshapen(name: &str, bytes: &[u8]) -> Result<(), ReadError> {
    if bytes.is_empty() {
        return Err(ReadError::new(name, ReadErrorKind::Empty));
    }
    if bytes.starts_with(ENCRYPTED) || bytes.ends_with(ENCRYPTED) {
        return Err(ReadError::new(name, ReadErrorKind::Encrypted));
    }
    if !bytes.starts_with(MAGIC) {
        return Err(malformed(name, "magic at the beginning").at(0));
    }
    if bytes.len() >= SMALLEST && bytes.ends_with(MAGIC) {
        Ok(())
    } else {
        Err(malformed(name, "magic at the end").at(bytes.len() as u64))
    }
}

fn footer(name: &str, bytes: Bytes) -> Result<Builder, ReadError> {
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    guarded(|| Builder::try_new_with_options(bytes, options))
        .map_err(|fault| fault.explain(name, "footer"))
}

/// Refuses a footer whose figures the file cannot hold, before anything is allocated for them.
fn refuse_implausible(
    name: &str,
    metadata: &ParquetMetaData,
    length: u64,
    limits: &Limits,
) -> Result<(), ReadError> {
    let limit = limits.columns;
    if metadata.file_metadata().schema_descr().num_columns() > limit {
        return Err(ReadError::new(
            name,
            ReadErrorKind::TooManyColumns { limit },
        ));
    }
    for column in metadata
        .row_groups()
        .iter()
        .flat_map(parquet::file::metadata::RowGroupMetaData::columns)
    {
        let start = column.dictionary_page_offset().map_or_else(
            || column.data_page_offset(),
            |dictionary| dictionary.min(column.data_page_offset()),
        );
        let end = start.checked_add(column.compressed_size());
        let inside = end.and_then(|end| u64::try_from(end).ok());
        if start < 0 || column.compressed_size() < 0 || inside.is_none_or(|end| end > length) {
            return Err(malformed(name, "place of a column"));
        }
        let limit = limits.input_bytes;
        if u64::try_from(column.uncompressed_size()).map_or(true, |size| size > limit) {
            return Err(ReadError::new(name, ReadErrorKind::InputTooLarge { limit }));
        }
    }
    if metadata
        .row_groups()
        .iter()
        .any(|group| group.num_rows() < 0)
    {
        Err(malformed(name, "number of rows"))
    } else {
        Ok(())
    }
}

fn plans(
    name: &str,
    schema: &Schema,
    kept: &[usize],
    limits: &Limits,
) -> Result<Vec<(String, Normal)>, ReadError> {
    kept.iter()
        .filter_map(|index| schema.fields().get(*index))
        .map(|field| match plan(field.data_type(), limits.json_depth) {
            Ok(normal) => Ok((field.name().clone(), normal)),
            Err(found) => {
                let column = field.name().clone();
                Err(ReadError::new(
                    name,
                    ReadErrorKind::ColumnType { column, found },
                ))
            }
        })
        .collect()
}

fn rows(
    name: &str,
    builder: Builder,
    kept: &[usize],
    limits: &Limits,
) -> Result<ParquetRecordBatchReader, ReadError> {
    let mask = ProjectionMask::roots(builder.parquet_schema(), kept.iter().copied());
    let size = batch_rows(builder.metadata(), limits);
    guarded(|| builder.with_projection(mask).with_batch_size(size).build())
        .map_err(|fault| fault.explain(name, "first row group"))
}

/// Rows per batch, so that an average batch keeps within the limits.
fn batch_rows(metadata: &ParquetMetaData, limits: &Limits) -> usize {
    let (mut rows, mut bytes) = (0_u64, 0_u64);
    for group in metadata.row_groups() {
        rows = rows.saturating_add(u64::try_from(group.num_rows()).unwrap_or(0));
        bytes = bytes.saturating_add(u64::try_from(group.total_byte_size()).unwrap_or(0));
    }
    let row_bytes = bytes.checked_div(rows).unwrap_or(0).max(1);
    let fitting = limits.batch_bytes as u64 / row_bytes;
    usize::try_from(fitting)
        .unwrap_or(usize::MAX)
        .clamp(1, limits.rows_per_batch)
}

struct Batches {
    name: String,
    reader: ParquetRecordBatchReader,
    plans: Vec<(String, Normal)>,
    schema: SchemaRef,
    row: u64,
}

impl Iterator for Batches {
    type Item = Result<RecordBatch, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        let reader = &mut self.reader;
        match guarded(|| reader.next().transpose()) {
            Ok(None) => None,
            Ok(Some(batch)) => Some(self.normalise(&batch)),
            Err(fault) => Some(Err(fault
                .explain(&self.name, "pages")
                .in_row(self.row.saturating_add(1)))),
        }
    }
}

impl Batches {
    fn normalise(&mut self, batch: &RecordBatch) -> Result<RecordBatch, ReadError> {
        let mut arrays = Vec::with_capacity(self.plans.len());
        for ((column, normal), array) in self.plans.iter().zip(batch.columns()) {
            let array = normal.apply(array).map_err(|fault| {
                let kind = ReadErrorKind::Range {
                    column: column.clone(),
                    target: fault.target,
                };
                let row = self.row.saturating_add(fault.index as u64 + 1);
                ReadError::new(&self.name, kind).in_row(row)
            })?;
            arrays.push(array);
        }
        self.row = self.row.saturating_add(batch.num_rows() as u64);
        let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
        RecordBatch::try_new_with_options(SchemaRef::clone(&self.schema), arrays, &options)
            .map_err(|_| malformed(&self.name, "pages"))
    }
}

/// Why the Parquet library gave up.
enum Fault {
    Error(ParquetError),
    Panic,
}

impl From<ParquetError> for Fault {
    fn from(error: ParquetError) -> Self {
        Self::Error(error)
    }
}

impl From<ArrowError> for Fault {
    fn from(error: ArrowError) -> Self {
        Self::Error(ParquetError::from(error))
    }
}

impl Fault {
    /// The library's text is dropped: it may quote a value.
    fn explain(self, name: &str, part: &'static str) -> ReadError {
        match self {
            Self::Error(error) if mentions_encryption(&error) => {
                ReadError::new(name, ReadErrorKind::Encrypted)
            }
            Self::Error(_) | Self::Panic => malformed(name, part),
        }
    }
}

fn mentions_encryption(error: &ParquetError) -> bool {
    matches!(error, ParquetError::General(text) | ParquetError::NYI(text) if text.contains("ncrypt"))
}

/// Runs the Parquet library, which may panic on malformed bytes; nothing it touched is used after.
fn guarded<T, E: Into<Fault>>(work: impl FnOnce() -> Result<T, E>) -> Result<T, Fault> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(outcome) => outcome.map_err(Into::into),
        Err(_) => Err(Fault::Panic),
    }
}

fn malformed(name: &str, part: &'static str) -> ReadError {
    ReadError::new(name, ReadErrorKind::Parquet { part })
}

const MAGIC: &[u8] = b"PAR1";
const ENCRYPTED: &[u8] = b"PARE";
const SMALLEST: usize = 12;
