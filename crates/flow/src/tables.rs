//! Tables in and out of sealed objects, batch by batch.

use std::{collections::HashSet, io};

use arrow_array::{
    Array, ArrayRef, RecordBatch, StringArray,
    cast::AsArray,
    types::{Float64Type, Int64Type},
};
use arrow_schema::{DataType, SchemaRef};
use domain::{DatasetId, Digest};
use formats::{Format, Input, Limits, TableWriter, read_table};
use seal::DataKey;
use store::{ObjectRef, Store};

use crate::{
    StageError,
    record::{Table, Version},
};

/// A table as it was written: sealed object, content digest, rows.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) object: ObjectRef,
    pub(crate) content: Digest,
    pub(crate) rows: u64,
    pub(crate) persons: u64,
    /// The ids of the persons, where a column says them.
    pub(crate) seen: HashSet<String>,
}

/// The context that a table's object is bound to: an object in another place does not open.
pub(crate) fn context(dataset: &DatasetId, table: &str) -> String {
    format!("dataset/{dataset}/table/{table}")
}

/// Seals batches as one Parquet object while they come; nothing unencrypted touches the disk.
pub(crate) fn write_table(
    store: &Store,
    key: &DataKey,
    context: &str,
    schema: &SchemaRef,
    person: Option<&str>,
    batches: impl Iterator<Item = Result<RecordBatch, StageError>>,
) -> Result<Written, StageError> {
    let mut census = Census::new(person);
    let mut content = None;
    let mut trouble = None;
    let object = store.write_object(key, context, |out| {
        let mut digesting = Digesting {
            out,
            hasher: seal::Hasher::new(),
        };
        match pour(&mut digesting, schema, batches, &mut census) {
            Ok(()) => {
                content = Some(digesting.hasher.finish());
                Ok(())
            }
            Err(StageError::Output(cause)) => Err(cause),
            Err(error) => {
                trouble = Some(error);
                Err(io::Error::other("the rows could not be made"))
            }
        }
    });
    if let Some(error) = trouble {
        return Err(error);
    }
    let content = content.ok_or(StageError::Stored("an object was written without content"));
    let object = object?;
    Ok(Written {
        object,
        content: content?,
        rows: census.rows,
        persons: census.persons(),
        seen: census.seen,
    })
}

fn pour(
    out: &mut Digesting<'_>,
    schema: &SchemaRef,
    batches: impl Iterator<Item = Result<RecordBatch, StageError>>,
    census: &mut Census,
) -> Result<(), StageError> {
    let mut writer = TableWriter::create(Format::Parquet, SchemaRef::clone(schema), out)?;
    for batch in batches {
        let batch = batch?;
        census.count(&batch)?;
        writer.write(&batch)?;
    }
    writer.finish()?;
    Ok(())
}

/// Opens a table of a version, batch by batch; `columns` are the ones wanted (all, if `None`).
pub(crate) fn read(
    store: &Store,
    version: &Version,
    table: &Table,
    columns: Option<&[String]>,
) -> Result<formats::TableReader<'static>, StageError> {
    let (_, key) = store.data_key(&version.dataset)?;
    let bytes = store.read_object(&table.object, &key, &context(&version.dataset, &table.name))?;
    let limits = Limits {
        input_bytes: u64::MAX,
        ..Limits::default()
    };
    Ok(read_table(
        &table.name,
        Format::Parquet,
        Input::Bytes(bytes),
        &limits,
        columns,
    )?)
}

/// One column over all batches, as text or as numbers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cells {
    Text(Vec<Option<String>>),
    Number(Vec<Option<f64>>),
}

impl Cells {
    /// The cells as text; numbers in their shortest form.
    pub(crate) fn to_text(&self) -> Vec<Option<String>> {
        match self {
            Self::Text(cells) => cells.clone(),
            Self::Number(cells) => cells
                .iter()
                .map(|cell| cell.map(|number| number.to_string()))
                .collect(),
        }
    }
}

/// The named columns of a table, whole.
pub(crate) fn columns(
    store: &Store,
    version: &Version,
    table: &Table,
    names: &[String],
) -> Result<Vec<(String, Cells)>, StageError> {
    let mut found: Vec<(String, Option<Cells>)> =
        names.iter().map(|name| (name.clone(), None)).collect();
    for batch in read(store, version, table, Some(names))? {
        let batch = batch?;
        for (name, cells) in &mut found {
            let array = batch
                .column_by_name(name)
                .ok_or_else(|| missing(&table.name, name))?;
            append(cells, array);
        }
    }
    Ok(found
        .into_iter()
        .map(|(name, cells)| (name, cells.unwrap_or(Cells::Text(Vec::new()))))
        .collect())
}

fn append(cells: &mut Option<Cells>, array: &ArrayRef) {
    match cells.get_or_insert_with(|| empty_like(array)) {
        Cells::Text(cells) => cells.extend(texts(array)),
        Cells::Number(cells) => cells.extend(numbers(array)),
    }
}

fn empty_like(array: &ArrayRef) -> Cells {
    match array.data_type() {
        DataType::Int64 | DataType::Float64 => Cells::Number(Vec::new()),
        _ => Cells::Text(Vec::new()),
    }
}

/// The cells of an array of one of the four types as text.
pub(crate) fn texts(array: &ArrayRef) -> Vec<Option<String>> {
    if let Some(strings) = array.as_string_opt::<i32>() {
        return strings.iter().map(|cell| cell.map(str::to_owned)).collect();
    }
    if let Some(flags) = array.as_boolean_opt() {
        return flags
            .iter()
            .map(|cell| cell.map(|flag| flag.to_string()))
            .collect();
    }
    if let Some(whole) = array.as_primitive_opt::<Int64Type>() {
        return whole
            .iter()
            .map(|cell| cell.map(|number| number.to_string()))
            .collect();
    }
    numbers(array)
        .into_iter()
        .map(|cell| cell.map(|number| number.to_string()))
        .collect()
}

fn numbers(array: &ArrayRef) -> Vec<Option<f64>> {
    if let Some(whole) = array.as_primitive_opt::<Int64Type>() {
        return whole
            .iter()
            .map(|cell| cell.map(|number| number as f64))
            .collect();
    }
    match array.as_primitive_opt::<Float64Type>() {
        Some(floats) => floats.iter().collect(),
        None => vec![None; array.len()],
    }
}

/// Text cells as a column.
pub(crate) fn text_array(cells: impl Iterator<Item = Option<String>>) -> ArrayRef {
    std::sync::Arc::new(cells.collect::<StringArray>())
}

pub(crate) fn missing(table: &str, column: &str) -> StageError {
    StageError::ColumnMissing {
        table: table.to_owned(),
        column: column.to_owned(),
    }
}

/// Counts rows and distinct persons.
struct Census {
    person: Option<String>,
    rows: u64,
    seen: HashSet<String>,
}

impl Census {
    fn new(person: Option<&str>) -> Self {
        Self {
            person: person.map(str::to_owned),
            rows: 0,
            seen: HashSet::new(),
        }
    }

    fn count(&mut self, batch: &RecordBatch) -> Result<(), StageError> {
        self.rows += batch.num_rows() as u64;
        if let Some(person) = &self.person {
            let column = batch
                .column_by_name(person)
                .ok_or_else(|| missing("this table", person))?;
            for cell in texts(column).into_iter().flatten() {
                self.seen.insert(cell);
            }
        }
        Ok(())
    }

    fn persons(&self) -> u64 {
        if self.person.is_some() {
            self.seen.len() as u64
        } else {
            self.rows
        }
    }
}

/// Digests what is written on its way to the cipher.
struct Digesting<'a> {
    out: &'a mut dyn io::Write,
    hasher: seal::Hasher,
}

impl io::Write for Digesting<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.out.write(bytes)?;
        self.hasher.update(bytes.get(..count).unwrap_or_default());
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
