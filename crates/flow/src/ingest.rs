//! Stage 1: files come in with a declared purpose and legal basis, and only the declared columns.

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use access::{DataState, Permit, Resource};
use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use domain::{Action, DatasetId, VersionId};
use formats::{DuplicateFinder, Format, Input, Limits, fhir};
use seal::DataKey;
use serde::{Deserialize, Serialize};
use store::Noun;

use crate::{
    Desk, SourceFiles, StageError, Watch,
    desk::Cause,
    files::{Seen, Witness, short_name},
    record::{Dataset, Origin, Table, Version},
    run::{Task, Told, grouped, short},
    study::{Source, Study},
    tables::{self, missing},
};

/// What came in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ingested {
    /// The new version.
    pub version: VersionId,
    /// Rows taken in.
    pub rows: u64,
    /// Persons behind them.
    pub persons: u64,
    /// Columns or elements left outside.
    pub dropped: u64,
}

impl Told for Ingested {
    fn produced(&self) -> String {
        format!(
            "{} rows of {} persons",
            grouped(self.rows),
            grouped(self.persons)
        )
    }

    fn proved(&self) -> String {
        format!(
            "version {}; {} undeclared columns left out",
            short(self.version.as_str()),
            self.dropped
        )
    }
}

/// What a run would act on. Data from outside counts as identified whatever it is declared to be:
/// classification tests the claim.
pub(crate) fn resource(study: &Study) -> Result<Resource, StageError> {
    let dataset = study.dataset()?;
    Ok(Resource::dataset(&dataset, DataState::Identified).within(study.study.name.clone()))
}

/// Takes the study's files in as one immutable version.
///
/// Columns that the study does not declare are never materialised; their names are recorded. The
/// rows are sealed while they are read. Nothing is visible before the transaction that holds the
/// version, its objects, its key and the line of the log.
///
/// Source: 45 CFR 164.502(b), 164.514(d).
pub fn ingest(
    permit: &Permit,
    desk: &Desk<'_>,
    task: &Task<'_>,
    files: &dyn SourceFiles,
    watch: &mut dyn Watch,
) -> Result<Ingested, StageError> {
    let study = task.study;
    let dataset = study.dataset()?;
    let mut transaction = desk.store.begin()?;
    let (key_id, key) = key_of(&mut transaction, &dataset)?;
    let sealer = Sealer {
        desk,
        dataset: &dataset,
        key: &key,
    };
    let mut made = Vec::new();
    for (at, source) in study.source.iter().enumerate() {
        watch.advance(at as u64, study.source.len() as u64);
        made.extend(sealer.take_in(source, files)?);
    }
    let version = Version {
        id: content_address(DataState::Identified, &made),
        dataset: dataset.clone(),
        state: DataState::Identified,
        parents: Vec::new(),
        purpose: study.study.purpose,
        basis: study.study.legal_basis,
        key: key_id,
        created: desk.now(),
        tables: made,
    };
    let product = Ingested {
        version: version.id.clone(),
        rows: version.rows(),
        persons: version.persons(),
        dropped: version
            .tables
            .iter()
            .map(|table| table.dropped.len() as u64)
            .sum(),
    };
    keep_dataset(
        &mut transaction,
        desk,
        &dataset,
        &dataset,
        &study.study.owner,
    )?;
    keep_version(&mut transaction, &version)?;
    task.keep_step(&mut transaction, desk, domain::Stage::Ingest, &product)?;
    let mut event = desk.event(permit, Some(&task.cause))?;
    event.rows = Some(version.rows());
    event.persons = Some(version.persons());
    event.digest = version.id.as_str().parse().ok();
    transaction.commit(event)?;
    Ok(product)
}

/// The permit that ingestion needs.
pub(crate) fn permit(desk: &Desk<'_>, study: &Study, cause: &Cause) -> Result<Permit, StageError> {
    desk.permit(Action::Ingest, resource(study)?, Some(cause))
}

/// SHA-256 over the state and the names, columns and contents of the tables, in order of name.
pub(crate) fn content_address(state: DataState, tables: &[Table]) -> VersionId {
    let mut lines: Vec<String> = tables
        .iter()
        .map(|table| {
            format!(
                "{}\n{}\n{}\n",
                table.name,
                table.columns.join("\t"),
                table.content
            )
        })
        .collect();
    lines.sort();
    VersionId::from(seal::digest(
        format!("{state}\n{}", lines.concat()).as_bytes(),
    ))
}

/// The active data key of a dataset, made when there is none.
pub(crate) fn key_of(
    transaction: &mut store::Transaction<'_>,
    dataset: &DatasetId,
) -> Result<(domain::KeyId, DataKey), StageError> {
    match transaction.data_key(dataset) {
        Err(store::StoreError::KeyMissing { .. }) => Ok(transaction.create_key(dataset)?),
        found => Ok(found?),
    }
}

/// Records the dataset when it is new.
pub(crate) fn keep_dataset(
    transaction: &mut store::Transaction<'_>,
    desk: &Desk<'_>,
    dataset: &DatasetId,
    root: &DatasetId,
    owner: &str,
) -> Result<(), StageError> {
    if transaction
        .find::<Dataset>(Noun::Dataset, dataset.as_str())?
        .is_none()
    {
        let record = Dataset {
            id: dataset.clone(),
            root: root.clone(),
            owner: owner.to_owned(),
            created: desk.now(),
        };
        transaction.insert(Noun::Dataset, dataset.as_str(), &record)?;
    }
    Ok(())
}

/// Keeps a version and its objects; the same content taken in again is the same version.
pub(crate) fn keep_version(
    transaction: &mut store::Transaction<'_>,
    version: &Version,
) -> Result<(), StageError> {
    let known = transaction.find::<Version>(Noun::Version, &version_key(version))?;
    if known.is_some() {
        return Ok(());
    }
    for table in &version.tables {
        transaction.keep_object(
            &table.object,
            &version.key,
            &tables::context(&version.dataset, &table.name),
        )?;
    }
    transaction.insert(Noun::Version, &version_key(version), version)?;
    Ok(())
}

/// Versions are found by dataset and content.
pub(crate) fn version_key(version: &Version) -> String {
    format!("{}/{}", version.dataset, version.id)
}

/// Reads sources and seals them.
struct Sealer<'a> {
    desk: &'a Desk<'a>,
    dataset: &'a DatasetId,
    key: &'a DataKey,
}

impl Sealer<'_> {
    fn take_in(&self, source: &Source, files: &dyn SourceFiles) -> Result<Vec<Table>, StageError> {
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
        let context = tables::context(self.dataset, &name);
        let written = tables::write_table(
            self.desk.store,
            self.key,
            &context,
            &schema,
            source.person.as_deref(),
            aligned,
        )?;
        let intake = intake.borrow();
        Ok(Table {
            name,
            person: source.person.clone(),
            rows: written.rows,
            persons: written.persons,
            columns: names(&schema),
            object: written.object,
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
        let context = tables::context(self.dataset, name);
        let written =
            tables::write_table(self.desk.store, self.key, &context, &schema, person, rows)?;
        Ok(Table {
            name: name.to_owned(),
            person: person.map(str::to_owned),
            rows: written.rows,
            persons: written.persons,
            columns: names(&schema),
            object: written.object,
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
