//! Reads sources and seals them while they are read.

use std::{
    cell::RefCell,
    collections::{BTreeMap, HashSet},
    rc::Rc,
};

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use formats::{DuplicateFinder, Format, Input, Limits, fhir};

use crate::{
    Desk, SourceFiles, StageError,
    files::{Seen, Witness, short_name},
    record::{Origin, Table},
    study::Source,
    tables::{self, Heading, classes::Chest, missing},
};

/// Reads sources and seals them.
pub(super) struct Sealer<'a> {
    pub(super) desk: &'a Desk<'a>,
    pub(super) chest: Chest<'a>,
    /// The ids of all persons that were taken in.
    pub(super) persons: RefCell<HashSet<String>>,
}

impl Sealer<'_> {
    /// The tables that a source becomes.
    pub(super) fn take_in(
        &self,
        source: &Source,
        files: &dyn SourceFiles,
    ) -> Result<Vec<Table>, StageError> {
        let mut paths = Vec::new();
        for path in source.path.iter() {
            paths.extend(files.list(path).map_err(|cause| unopened(path, cause))?);
        }
        if source.tables.is_empty() {
            Ok(vec![self.take_table(source, &paths, files)?])
        } else {
            self.take_fhir(source, &paths, files)
        }
    }

    /// Files of one shape, one after the other, as one table.
    fn take_table(
        &self,
        source: &Source,
        paths: &[String],
        files: &dyn SourceFiles,
    ) -> Result<Table, StageError> {
        let name = source.table.clone().unwrap_or_default();
        let intake = Rc::new(RefCell::new(Intake::default()));
        let schema = Self::first_schema(source, paths, files)?;
        let batches = paths.iter().flat_map(|path| {
            let rows = open(source, path, files, &intake);
            let rows: Box<dyn Iterator<Item = Result<RecordBatch, StageError>>> = match rows {
                Ok(rows) => Box::new(rows),
                Err(error) => Box::new(std::iter::once(Err(error))),
            };
            rows
        });
        let wanted = source.columns.clone();
        let mut finders: Vec<(String, DuplicateFinder)> = source
            .unique
            .iter()
            .map(|column| (column.clone(), DuplicateFinder::new(&name, 1)))
            .collect();
        let aligned = batches.map(|batch| {
            let batch = align(&batch?, &wanted, &name)?;
            for (column, finder) in &mut finders {
                let array = batch
                    .column_by_name(column)
                    .ok_or_else(|| missing(&name, column))?;
                finder.push_column(array)?;
            }
            Ok(batch)
        });
        let heading = Heading {
            table: &name,
            person: source.person.as_deref(),
            schema: &schema,
        };
        let written = tables::write_table(self.desk.store, &self.chest, heading, aligned)?;
        self.persons.borrow_mut().extend(written.seen);
        let intake = intake.borrow();
        Ok(Table {
            name,
            person: source.person.clone(),
            rows: written.rows,
            persons: written.persons,
            columns: names(&schema),
            object: written.object,
            place: written.place,
            content: written.content,
            origins: intake.origins(),
            dropped: intake.dropped.clone(),
        })
    }

    /// The declared columns with the types of the first file.
    fn first_schema(
        source: &Source,
        paths: &[String],
        files: &dyn SourceFiles,
    ) -> Result<SchemaRef, StageError> {
        let path = paths
            .first()
            .ok_or(StageError::Stored("a source without files"))?;
        let intake = Rc::new(RefCell::new(Intake::default()));
        let reader = open(source, path, files, &intake)?;
        let empty = align(
            &RecordBatch::new_empty(reader.schema),
            &source.columns,
            source.table.as_deref().unwrap_or_default(),
        )?;
        Ok(empty.schema())
    }

    /// FHIR files, flattened into the declared tables.
    fn take_fhir(
        &self,
        source: &Source,
        paths: &[String],
        files: &dyn SourceFiles,
    ) -> Result<Vec<Table>, StageError> {
        let intake = Rc::new(RefCell::new(Intake::default()));
        let mut resources = Vec::new();
        for path in paths {
            let (format, input) = sniff(path, files, &intake)?;
            intake.borrow_mut().formats.push(format.name().to_owned());
            resources.extend(fhir::resources(
                short_name(path),
                format,
                input,
                &Limits::default(),
            )?);
        }
        let whole = fhir::flatten(resources, &Limits::default())?;
        let dropped = whole.unmapped.clone();
        let mut made = Vec::new();
        for (name, batches) in whole.tables {
            let Some(columns) = source.tables.get(&name) else {
                continue;
            };
            made.push(self.seal_flat(&name, columns, batches, &intake.borrow(), &dropped)?);
        }
        match source
            .tables
            .keys()
            .find(|name| !made.iter().any(|table| table.name == **name))
        {
            Some(name) => Err(missing(name, "resource_id")),
            None => Ok(made),
        }
    }

    fn seal_flat(
        &self,
        name: &str,
        columns: &[String],
        batches: Vec<RecordBatch>,
        intake: &Intake,
        unmapped: &BTreeMap<String, u64>,
    ) -> Result<Table, StageError> {
        let first = batches
            .first()
            .ok_or_else(|| missing(name, "resource_id"))?;
        let mut dropped = unmapped.clone();
        for field in first.schema().fields() {
            if !columns.contains(field.name()) {
                dropped.insert(format!("{name}.{}", field.name()), first.num_rows() as u64);
            }
        }
        let schema = align(first, columns, name)?.schema();
        let person = columns
            .iter()
            .any(|column| column == PATIENT)
            .then_some(PATIENT);
        let rows = batches
            .into_iter()
            .map(|batch| align(&batch, columns, name));
        let heading = Heading {
            table: name,
            person,
            schema: &schema,
        };
        let written = tables::write_table(self.desk.store, &self.chest, heading, rows)?;
        self.persons.borrow_mut().extend(written.seen);
        Ok(Table {
            name: name.to_owned(),
            person: person.map(str::to_owned),
            rows: written.rows,
            persons: written.persons,
            columns: names(&schema),
            object: written.object,
            place: written.place,
            content: written.content,
            origins: intake.origins(),
            dropped,
        })
    }
}

/// Tables from FHIR say whose row it is in this column.
const PATIENT: &str = "patient_id";

/// What was seen of the files of one source.
#[derive(Default)]
struct Intake {
    names: Vec<String>,
    formats: Vec<String>,
    seen: Vec<Rc<RefCell<Seen>>>,
    dropped: BTreeMap<String, u64>,
}

impl Intake {
    fn origins(&self) -> Vec<Origin> {
        let files = self.names.iter().zip(&self.formats).zip(&self.seen);
        files
            .map(|((name, format), seen)| {
                let seen = seen.borrow();
                Origin {
                    name: name.clone(),
                    format: format.clone(),
                    bytes: seen.bytes,
                    digest: seen.hasher.clone().finish(),
                }
            })
            .collect()
    }
}

/// The rows of one file with its schema.
struct Rows {
    schema: SchemaRef,
    reader: formats::TableReader<'static>,
}

impl Iterator for Rows {
    type Item = Result<RecordBatch, StageError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.reader
            .next()
            .map(|batch| batch.map_err(StageError::from))
    }
}

fn open(
    source: &Source,
    path: &str,
    files: &dyn SourceFiles,
    intake: &Rc<RefCell<Intake>>,
) -> Result<Rows, StageError> {
    let (found, input) = sniff(path, files, intake)?;
    let format = match source.format.as_deref() {
        Some(word) => word.parse().map_err(|_| StageError::Format {
            word: word.to_owned(),
        })?,
        None => found,
    };
    let reader = formats::read_table(
        short_name(path),
        format,
        input,
        &Limits::default(),
        Some(&source.columns),
    )?;
    let mut intake = intake.borrow_mut();
    intake.formats.push(format.name().to_owned());
    for column in reader.dropped() {
        *intake.dropped.entry(column.clone()).or_default() += 1;
    }
    Ok(Rows {
        schema: reader.schema(),
        reader,
    })
}

/// Finds the format by the first bytes and hands the rest on through a witness.
fn sniff(
    path: &str,
    files: &dyn SourceFiles,
    intake: &Rc<RefCell<Intake>>,
) -> Result<(Format, Input<'static>), StageError> {
    let file = files.open(path).map_err(|cause| unopened(path, cause))?;
    let (mut witness, seen) = Witness::new(file);
    let head = read_head(&mut witness).map_err(|cause| unopened(path, cause))?;
    let format = Format::detect(short_name(path), &head)?;
    let mut intake = intake.borrow_mut();
    intake.names.push(short_name(path).to_owned());
    intake.seen.push(seen);
    let whole = std::io::Read::chain(std::io::Cursor::new(head), witness);
    Ok((format, Input::Stream(Box::new(whole))))
}

fn read_head(from: &mut impl std::io::Read) -> std::io::Result<Vec<u8>> {
    let mut head = Vec::new();
    let mut start = std::io::Read::take(from, 65_536);
    std::io::Read::read_to_end(&mut start, &mut head)?;
    Ok(head)
}

/// The wanted columns in the declared order.
fn align(batch: &RecordBatch, wanted: &[String], table: &str) -> Result<RecordBatch, StageError> {
    let schema = batch.schema();
    let places: Result<Vec<usize>, StageError> = wanted
        .iter()
        .map(|name| schema.index_of(name).map_err(|_| missing(table, name)))
        .collect();
    batch
        .project(&places?)
        .map_err(|_| StageError::Stored("columns that do not fit their table"))
}

fn names(schema: &SchemaRef) -> Vec<String> {
    schema
        .fields()
        .iter()
        .map(|field| field.name().clone())
        .collect()
}

fn unopened(path: &str, cause: std::io::Error) -> StageError {
    StageError::Source {
        name: short_name(path).to_owned(),
        cause,
    }
}
