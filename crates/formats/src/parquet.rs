//! Apache Parquet, normalised to the four types.

pub(crate) mod keys;
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
    file::{column_crypto_metadata::ColumnCryptoMetaData, metadata::ParquetMetaData},
};
use arrow_array::{RecordBatch, RecordBatchOptions};
use arrow_schema::{ArrowError, Field, Schema, SchemaRef};
use bytes::Bytes;

use self::{
    keys::TableKeys,
    normal::{Normal, plan},
};
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
    keys: Option<&TableKeys>,
) -> Result<TableReader<'a>, ReadError> {
    let limits = limits.bounded();
    let bytes = input.into_bytes(name, &limits)?;
    refuse_misshapen(name, &bytes, keys.is_some())?;
    let length = bytes.len() as u64;
    let builder = footer(name, Bytes::from(bytes), keys)?;
    refuse_implausible(name, builder.metadata(), length, &limits)?;

    let names: Vec<String> = builder
        .schema()
        .fields()
        .iter()
        .map(|field| field.name().clone())
        .collect();
    let selection = columns::select(name, &names, wanted, &limits)?;
    if let Some(keys) = keys {
        refuse_unreadable(name, builder.metadata(), &selection.kept, keys)?;
    }
    let plans = plans(name, builder.schema(), &selection.kept, &limits)?;
    let fields: Vec<Field> = plans
        .iter()
        .map(|(column, normal)| Field::new(column, normal.data_type(), true))
        .collect();
    let schema: SchemaRef = Arc::new(Schema::new(fields));
    let batches = Batches {
        name: name.to_owned(),
        reader: rows(name, builder, &selection.kept, &limits, keys.is_some())?,
        plans,
        schema: SchemaRef::clone(&schema),
        row: 0,
        sealed: keys.is_some(),
    };
    Ok(TableReader::new(
        schema,
        selection.dropped,
        Box::new(batches),
    ))
}

/// A file that is to be opened with keys must have an encrypted footer: one in plain text is signed
/// at best, and shows its columns to anybody.
fn refuse_misshapen(name: &str, bytes: &[u8], sealed: bool) -> Result<(), ReadError> {
    if bytes.is_empty() {
        return Err(ReadError::new(name, ReadErrorKind::Empty));
    }
    if sealed {
        let whole = bytes.len() >= SMALLEST;
        return if whole && bytes.starts_with(ENCRYPTED) && bytes.ends_with(ENCRYPTED) {
            Ok(())
        } else if bytes.starts_with(MAGIC) && bytes.ends_with(MAGIC) {
            let part = "footer".to_owned();
            Err(ReadError::new(name, ReadErrorKind::Unprotected { part }))
        } else {
            Err(ReadError::new(
                name,
                ReadErrorKind::NotAuthentic { part: "magic" },
            ))
        };
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

fn footer(name: &str, bytes: Bytes, keys: Option<&TableKeys>) -> Result<Builder, ReadError> {
    let mut options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    if let Some(keys) = keys {
        let properties =
            guarded(|| keys.properties()).map_err(|fault| fault.explain(name, "footer", true))?;
        options = options.with_file_decryption_properties(properties);
    }
    guarded(|| Builder::try_new_with_options(bytes, options))
        .map_err(|fault| fault.explain(name, "footer", keys.is_some()))
}

/// Refuses a wanted column whose key was not given, and any column that has no key at all: it is
/// in plain text, and nothing holds it against change.
fn refuse_unreadable(
    name: &str,
    metadata: &ParquetMetaData,
    kept: &[usize],
    keys: &TableKeys,
) -> Result<(), ReadError> {
    let schema = metadata.file_metadata().schema_descr();
    for (leaf, column) in metadata
        .row_groups()
        .iter()
        .flat_map(|group| group.columns().iter().enumerate())
    {
        let given = match column.crypto_metadata() {
            None => {
                let part = format!("column `{}`", schema.column(leaf).path().string());
                return Err(ReadError::new(name, ReadErrorKind::Unprotected { part }));
            }
            Some(ColumnCryptoMetaData::ENCRYPTION_WITH_FOOTER_KEY) => true,
            Some(ColumnCryptoMetaData::ENCRYPTION_WITH_COLUMN_KEY(column)) => {
                keys.holds(column.key_metadata.as_deref().unwrap_or_default())
            }
        };
        if !given && kept.contains(&schema.get_column_root_idx(leaf)) {
            let column = schema.get_column_root(leaf).name().to_owned();
            return Err(ReadError::new(name, ReadErrorKind::KeyNotGiven { column }));
        }
    }
    Ok(())
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
    sealed: bool,
) -> Result<ParquetRecordBatchReader, ReadError> {
    let mask = ProjectionMask::roots(builder.parquet_schema(), kept.iter().copied());
    let size = batch_rows(builder.metadata(), limits);
    guarded(|| builder.with_projection(mask).with_batch_size(size).build())
        .map_err(|fault| fault.explain(name, "first row group", sealed))
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
    /// Whether keys were given.
    sealed: bool,
}

impl Iterator for Batches {
    type Item = Result<RecordBatch, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        let reader = &mut self.reader;
        match guarded(|| reader.next().transpose()) {
            Ok(None) => None,
            Ok(Some(batch)) => Some(self.normalise(&batch)),
            Err(fault) => Some(Err(fault
                .explain(&self.name, "pages", self.sealed)
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
    ///
    /// With keys at hand nearly every failure means that a module does not authenticate, and the
    /// rest cannot be told from it.
    fn explain(self, name: &str, part: &'static str, sealed: bool) -> ReadError {
        match self {
            Self::Error(error) if sealed && mentions(&error, keys::NOT_GIVEN) => {
                let column = part.to_owned();
                ReadError::new(name, ReadErrorKind::KeyNotGiven { column })
            }
            Self::Error(error) if sealed && mentions(&error, "CTR") => {
                ReadError::new(name, ReadErrorKind::Cipher)
            }
            _ if sealed => ReadError::new(name, ReadErrorKind::NotAuthentic { part }),
            Self::Error(error) if mentions(&error, "ncrypt") => {
                ReadError::new(name, ReadErrorKind::Encrypted)
            }
            Self::Error(_) | Self::Panic => malformed(name, part),
        }
    }
}

fn mentions(error: &ParquetError, words: &str) -> bool {
    matches!(error, ParquetError::General(text) | ParquetError::NYI(text) if text.contains(words))
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
