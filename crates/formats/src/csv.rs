//! CSV by RFC 4180, strictly: a stray quote or a ragged row is an error, not a guess.

mod dialect;
mod records;
mod scan;

use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch, RecordBatchOptions, builder::StringBuilder};
use arrow_schema::{DataType, Field, Schema, SchemaRef};

pub(crate) use self::dialect::Shape;
use self::records::{Record, Records};
use crate::{Input, Limits, ReadError, ReadErrorKind, TableReader, columns};

/// Reads the header and prepares the batches.
pub(crate) fn open<'a>(
    name: &str,
    input: Input<'a>,
    limits: &Limits,
    wanted: Option<&[String]>,
) -> Result<TableReader<'a>, ReadError> {
    let limits = limits.bounded();
    let mut records = Records::open(name, input.into_reader(), &limits)?;
    let names = header(name, &mut records)?;
    let selection =
        columns::select(name, &names, wanted, &limits).map_err(|error| error.in_row(1))?;
    let fields: Vec<Field> = selection
        .kept
        .iter()
        .filter_map(|index| names.get(*index))
        .map(|name| Field::new(name, DataType::Utf8, true))
        .collect();
    let schema: SchemaRef = Arc::new(Schema::new(fields));
    let batches = Batches {
        name: name.to_owned(),
        records,
        schema: SchemaRef::clone(&schema),
        width: names.len(),
        kept: selection.kept,
        limits,
    };
    Ok(TableReader::new(
        schema,
        selection.dropped,
        Box::new(batches),
    ))
}

/// The names of the columns; one without a name is called `column_` and its position from 1.
fn header(file: &str, records: &mut Records<'_>) -> Result<Vec<String>, ReadError> {
    let Some(record) = records.next()? else {
        return Err(ReadError::new(file, ReadErrorKind::Empty));
    };
    Ok((0..record.len())
        .map(|index| match unescaped(record.field(index)) {
            name if name.is_empty() => format!("column_{}", index + 1),
            name => name,
        })
        .collect())
}

struct Batches<'a> {
    name: String,
    records: Records<'a>,
    schema: SchemaRef,
    width: usize,
    kept: Vec<usize>,
    limits: Limits,
}

impl Iterator for Batches<'_> {
    type Item = Result<RecordBatch, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.batch().transpose()
    }
}

impl Batches<'_> {
    fn batch(&mut self) -> Result<Option<RecordBatch>, ReadError> {
        let mut builders: Vec<StringBuilder> =
            self.kept.iter().map(|_| StringBuilder::new()).collect();
        let (mut rows, mut bytes) = (0, 0);
        while rows < self.limits.rows_per_batch && bytes < self.limits.batch_bytes {
            let offset = self.records.offset();
            let Some(record) = self.records.next()? else {
                break;
            };
            let (found, length) = (record.len(), record.bytes());
            if found == self.width {
                append(&mut builders, &self.kept, record);
            } else {
                return Err(self.ragged(found, offset));
            }
            rows += 1;
            bytes += length;
        }
        (rows > 0).then(|| self.finish(builders, rows)).transpose()
    }

    fn ragged(&self, found: usize, offset: u64) -> ReadError {
        let kind = ReadErrorKind::Ragged {
            expected: self.width,
            found,
        };
        ReadError::new(&self.name, kind)
            .at(offset)
            .in_row(self.records.row())
    }

    fn finish(&self, builders: Vec<StringBuilder>, rows: usize) -> Result<RecordBatch, ReadError> {
        let arrays = builders
            .into_iter()
            .map(|mut builder| Arc::new(builder.finish()) as ArrayRef)
            .collect();
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        RecordBatch::try_new_with_options(SchemaRef::clone(&self.schema), arrays, &options)
            .map_err(|_| ReadError::new(&self.name, ReadErrorKind::NotATable))
    }
}

fn append(builders: &mut [StringBuilder], kept: &[usize], record: Record<'_>) {
    for (builder, index) in builders.iter_mut().zip(kept) {
        match record.field(*index) {
            ("", _) => builder.append_null(),
            (text, false) => builder.append_value(text),
            escaped => builder.append_value(unescaped(escaped)),
        }
    }
}

fn unescaped((text, escaped): (&str, bool)) -> String {
    if escaped {
        text.replace("\"\"", "\"")
    } else {
        text.to_owned()
    }
}
