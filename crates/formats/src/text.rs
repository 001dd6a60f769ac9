//! Plain text: one document is one row.

use std::{io::Read, sync::Arc};

use arrow_array::{ArrayRef, RecordBatch, RecordBatchOptions, builder::StringBuilder};
use arrow_schema::{DataType, Field, Schema, SchemaRef};

use crate::{Input, Limits, ReadError, ReadErrorKind, TableReader, columns, encoding};

/// Documents as a table of `document_id` and `text`, in the order given.
///
/// A UTF-8 byte order mark is dropped; everything else, line ends included, is kept as it is.
/// Refused: an empty document, one that is not UTF-8, and one over
/// [`Limits::field_bytes`].
///
/// ```
/// use cloister_formats::{Input, Limits, read_documents};
/// let note = ("n-1".to_owned(), Input::Bytes(b"Seen today.".to_vec()));
/// let rows: usize = read_documents([note], &Limits::default())
///     .map(|batch| batch.unwrap().num_rows())
///     .sum();
/// assert_eq!(rows, 1);
/// ```
pub fn read_documents<'a>(
    documents: impl IntoIterator<Item = (String, Input<'a>), IntoIter: 'a>,
    limits: &Limits,
) -> TableReader<'a> {
    let kept = [0, 1].to_vec();
    reader(documents.into_iter(), limits, kept, Vec::new())
}

/// One document, whose id is `name`.
pub(crate) fn open<'a>(
    name: &str,
    input: Input<'a>,
    limits: &Limits,
    wanted: Option<&[String]>,
) -> Result<TableReader<'a>, ReadError> {
    let names = COLUMNS.map(str::to_owned);
    let selection = columns::select(name, &names, wanted, limits)?;
    let document = std::iter::once((name.to_owned(), input));
    Ok(reader(document, limits, selection.kept, selection.dropped))
}

fn reader<'a>(
    documents: impl Iterator<Item = (String, Input<'a>)> + 'a,
    limits: &Limits,
    kept: Vec<usize>,
    dropped: Vec<String>,
) -> TableReader<'a> {
    let fields: Vec<Field> = kept
        .iter()
        .filter_map(|index| COLUMNS.get(*index))
        .map(|name| Field::new(*name, DataType::Utf8, true))
        .collect();
    let schema: SchemaRef = Arc::new(Schema::new(fields));
    let batches = Batches {
        documents,
        schema: SchemaRef::clone(&schema),
        kept,
        limits: limits.bounded(),
    };
    TableReader::new(schema, dropped, Box::new(batches))
}

struct Batches<I> {
    documents: I,
    schema: SchemaRef,
    kept: Vec<usize>,
    limits: Limits,
}

impl<'a, I: Iterator<Item = (String, Input<'a>)>> Iterator for Batches<I> {
    type Item = Result<RecordBatch, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.batch().transpose()
    }
}

impl<'a, I: Iterator<Item = (String, Input<'a>)>> Batches<I> {
    fn batch(&mut self) -> Result<Option<RecordBatch>, ReadError> {
        let (mut ids, mut texts) = (StringBuilder::new(), StringBuilder::new());
        let (mut rows, mut bytes) = (0, 0);
        while rows < self.limits.rows_per_batch && bytes < self.limits.batch_bytes {
            let Some((id, input)) = self.documents.next() else {
                break;
            };
            let text = read_text(&id, input, &self.limits)?;
            ids.append_value(&id);
            texts.append_value(&text);
            rows += 1;
            bytes += text.len();
        }
        match rows {
            0 => Ok(None),
            _ => self.finish([ids, texts], rows).map(Some),
        }
    }

    fn finish(&self, builders: [StringBuilder; 2], rows: usize) -> Result<RecordBatch, ReadError> {
        let columns = builders.map(|mut cells| Arc::new(cells.finish()) as ArrayRef);
        let arrays = self
            .kept
            .iter()
            .filter_map(|index| columns.get(*index).map(ArrayRef::clone))
            .collect();
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        RecordBatch::try_new_with_options(SchemaRef::clone(&self.schema), arrays, &options)
            .map_err(|_| ReadError::new("", ReadErrorKind::NotATable))
    }
}

/// One document as text, whole; refused as by [`read_documents`].
pub fn read_text(name: &str, input: Input<'_>, limits: &Limits) -> Result<String, ReadError> {
    let limit = limits.field_bytes;
    let mut bytes = Vec::new();
    let ceiling = (limit as u64).saturating_add(1 + encoding::BOM.len() as u64);
    input
        .into_reader()
        .take(ceiling)
        .read_to_end(&mut bytes)
        .map_err(|cause| ReadError::new(name, ReadErrorKind::Io(cause)))?;
    encoding::refuse_binary(name, &bytes, 0)?;
    let (body, base) = match bytes.strip_prefix(encoding::BOM) {
        Some(body) => (body, encoding::BOM.len() as u64),
        None => (bytes.as_slice(), 0),
    };
    if body.len() > limit {
        return Err(ReadError::new(name, ReadErrorKind::FieldTooLong { limit }).at(base));
    }
    if body.trim_ascii().is_empty() {
        return Err(ReadError::new(name, ReadErrorKind::Empty));
    }
    encoding::text(name, body, base).map(str::to_owned)
}

const COLUMNS: [&str; 2] = ["document_id", "text"];
