//! Tables in and out of encrypted Parquet, batch by batch.

pub(crate) mod classes;
mod content;

use std::{collections::HashSet, io};

use arrow_array::{
    Array, ArrayRef, RecordBatch, StringArray,
    cast::AsArray,
    types::{Float64Type, Int64Type},
};
use arrow_schema::{DataType, SchemaRef};
use domain::Digest;
use formats::{
    Input, Limits, TableKeys, TableReader, TableSeal, TableWriter, read_encrypted_table,
};
use seal::SystemEntropy;
use store::{ObjectRef, Store};

use self::{
    classes::{Chest, KeyClass},
    content::Content,
};
use crate::{
    StageError,
    record::{Table, Version},
};

/// A table as it was written: encrypted object, its place, content digest, rows.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) object: ObjectRef,
    pub(crate) place: String,
    pub(crate) content: Digest,
    pub(crate) rows: u64,
    pub(crate) persons: u64,
    /// The ids of the persons, where a column says them.
    pub(crate) seen: HashSet<String>,
}

/// What a table is called and whose rows it holds.
#[derive(Clone, Copy)]
pub(crate) struct Heading<'a> {
    pub(crate) table: &'a str,
    pub(crate) person: Option<&'a str>,
    pub(crate) schema: &'a SchemaRef,
}

/// Encrypts batches as one Parquet object while they come; nothing unencrypted touches the disk.
///
/// The first batch tells the class of each column, and so its key.
pub(crate) fn write_table(
    store: &Store,
    chest: &Chest<'_>,
    heading: Heading<'_>,
    batches: impl Iterator<Item = Result<RecordBatch, StageError>>,
) -> Result<Written, StageError> {
    let mut batches = batches;
    let first = batches.next().transpose()?;
    let empty = RecordBatch::new_empty(SchemaRef::clone(heading.schema));
    let columns = classes::classes(heading.table, first.as_ref().unwrap_or(&empty));
    let place = chest.new_place(heading.table, &mut SystemEntropy::new());
    let seal = chest.seal(&place, &columns);
    let mut tally = Tally {
        census: Census::new(heading.person),
        content: Content::new(heading.schema),
    };
    let mut trouble = None;
    let object = store.write_encrypted_parquet(|out| {
        let batches = first.map(Ok).into_iter().chain(batches);
        match pour(out, heading.schema, &seal, batches, &mut tally) {
            Ok(()) => Ok(()),
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
    Ok(Written {
        object: object?,
        place,
        content: tally.content.finish(),
        rows: tally.census.rows,
        persons: tally.census.persons(),
        seen: tally.census.seen,
    })
}

/// What is counted while rows go by.
struct Tally {
    census: Census,
    content: Content,
}

fn pour(
    out: &mut dyn io::Write,
    schema: &SchemaRef,
    seal: &TableSeal,
    batches: impl Iterator<Item = Result<RecordBatch, StageError>>,
    tally: &mut Tally,
) -> Result<(), StageError> {
    let mut writer = TableWriter::create_encrypted(SchemaRef::clone(schema), out, seal)?;
    for batch in batches {
        let batch = batch?;
        tally.census.count(&batch)?;
        tally.content.push(&batch);
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
) -> Result<TableReader<'static>, StageError> {
    let key = store.data_key_by_id(&version.key)?;
    let chest = Chest {
        dataset: &version.dataset,
        key_id: &version.key,
        key: &key,
    };
    open(
        store,
        table,
        &chest.keys(&table.place, &KeyClass::ALL),
        columns,
    )
}

/// Opens a table with the keys at hand. The digest of the whole object is compared first, then
/// every part of it that is read is authenticated in its place.
pub(crate) fn open(
    store: &Store,
    table: &Table,
    keys: &TableKeys,
    columns: Option<&[String]>,
) -> Result<TableReader<'static>, StageError> {
    open_object(store, &table.name, &table.object, keys, columns)
}

/// Opens an object that is an encrypted table.
pub(crate) fn open_object(
    store: &Store,
    name: &str,
    object: &ObjectRef,
    keys: &TableKeys,
    columns: Option<&[String]>,
) -> Result<TableReader<'static>, StageError> {
    let bytes = store.read_sealed(object)?;
    let limits = Limits {
        input_bytes: u64::MAX,
        ..Limits::default()
    };
    Ok(read_encrypted_table(
        name,
        Input::Bytes(bytes),
        &limits,
        columns,
        keys,
    )?)
}

/// The digest of the content that a reader gives.
pub(crate) fn content(reader: TableReader<'_>) -> Result<Digest, StageError> {
    let mut content = Content::new(&reader.schema());
    for batch in reader {
        content.push(&batch?);
    }
    Ok(content.finish())
}

/// One column over all batches, as text or as numbers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cells {
    Text(Vec<Option<String>>),
    Number(Vec<Option<f64>>),
}

impl Cells {
    /// How many.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Text(cells) => cells.len(),
            Self::Number(cells) => cells.len(),
        }
    }

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
