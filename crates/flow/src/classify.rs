//! Stage 2: each column and text field is mapped to an identifier category, without a value.

use access::{DataState, Permit};
use arrow_array::RecordBatch;
use domain::{Identifier, LegalBasis, Sensitivity, Stage};
use formats::fhir;
use phi::{
    columns::FieldMap, crosswalk::Crosswalk, kind::Kind, text::TextEngine, transform::Deidentifier,
};
use serde::{Deserialize, Serialize};

use store::{Noun, Transaction};

use crate::{
    Desk, StageError, Watch,
    ingest::version_key,
    record::{Table, Version},
    run::{Task, Told},
    study::safe_harbor,
    tables,
};

/// What each column was found to be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Classified {
    /// Tables, columns, categories, confidence.
    pub map: FieldMap,
}

impl Told for Classified {
    fn produced(&self) -> String {
        let columns: usize = self.map.tables.values().map(Vec::len).sum();
        format!(
            "field map of {columns} columns in {} tables",
            self.map.tables.len()
        )
    }

    fn proved(&self) -> String {
        format!(
            "{} of 18 identifier categories found; no value in the map",
            self.categories().len()
        )
    }
}

impl Classified {
    /// The categories that were found in columns.
    pub fn categories(&self) -> std::collections::BTreeSet<Identifier> {
        self.map
            .tables
            .values()
            .flatten()
            .filter_map(|column| column.category)
            .collect()
    }
}

/// Classifies every table of the ingested version.
///
/// A legal basis that claims something about the data is tested here: data declared de-identified
/// must be such that the Safe Harbor plan, applied to every row, changes nothing but codes; a
/// limited data set may still hold ZIP codes, dates and ages. A false claim is refused, a true one
/// raises the state of the version.
///
/// Source: 45 CFR 164.514(b)(2)(i), 160.103.
pub fn classify(
    permit: &Permit,
    desk: &Desk<'_>,
    task: &Task<'_>,
    watch: &mut dyn Watch,
) -> Result<Classified, StageError> {
    let version = task.raw_version(desk)?;
    let engine = TextEngine::new();
    let mut map = FieldMap::default();
    for (at, table) in version.tables.iter().enumerate() {
        watch.advance(at as u64, version.tables.len() as u64);
        let sample = sample(desk, &version, table)?;
        map.add_table(&table.name, &sample, &engine);
        if table
            .origins
            .iter()
            .any(|origin| origin.format.starts_with("fhir"))
        {
            settle_codes(&mut map, &table.name);
        }
    }
    let overrides = task
        .study
        .deidentify
        .as_ref()
        .map(|section| section.columns.clone())
        .unwrap_or_default();
    let classified = Classified {
        map: map.declared(&overrides)?,
    };
    let state = tested_state(desk, &version, &classified.map)?;
    let mut transaction = desk.store.begin()?;
    raise(&mut transaction, &version, state)?;
    task.keep_step(&mut transaction, desk, Stage::Classify, &classified)?;
    let mut event = desk.event(permit, Some(&task.cause))?;
    event.rows = Some(version.rows());
    event.digest = version.id.as_str().parse().ok();
    transaction.commit(crate::govern::persons::about(desk, &version, event)?)?;
    Ok(classified)
}

/// A coded element of FHIR is clinical by its path, whatever its digits look like.
fn settle_codes(map: &mut FieldMap, table: &str) {
    for finding in map.tables.get_mut(table).into_iter().flatten() {
        let paths = fhir::column_paths(table, &finding.column).unwrap_or_default();
        let coded = |path: &&str| {
            let element = path.rsplit('.').next();
            element.is_some_and(|element| element == "code" || element == "system")
        };
        if !paths.is_empty() && paths.iter().all(coded) {
            finding.kind = Kind::Clinical;
            finding.category = None;
            finding.label = None;
            finding.sensitivity = Sensitivity::Clinical;
        }
    }
}

/// Rows of every part of the table: enough to tell what a column holds.
fn sample(desk: &Desk<'_>, version: &Version, table: &Table) -> Result<RecordBatch, StageError> {
    let reader = tables::read(desk.store, version, table, None)?;
    let schema = reader.schema();
    let mut slices = Vec::new();
    for batch in reader {
        let batch = batch?;
        slices.push(batch.slice(0, batch.num_rows().min(SAMPLE_ROWS)));
    }
    arrow_select::concat::concat_batches(&schema, &slices)
        .map_err(|_| StageError::Stored("parts of a table that do not fit each other"))
}

/// What may be said about the data, after testing what its legal basis claims.
fn tested_state(
    desk: &Desk<'_>,
    version: &Version,
    map: &FieldMap,
) -> Result<DataState, StageError> {
    let (state, allowed): (_, &[Kind]) = match version.basis {
        LegalBasis::DeIdentified => (DataState::DeIdentified, &[]),
        LegalBasis::LimitedDataSet => (
            DataState::LimitedDataSet,
            &[Kind::Zip, Kind::Date, Kind::BirthDate, Kind::Age],
        ),
        LegalBasis::Authorization | LegalBasis::Waiver | LegalBasis::Operations => {
            return Ok(DataState::Identified);
        }
    };
    let columns = identifying_columns(desk, version, map, allowed)?;
    if columns.is_empty() {
        Ok(state)
    } else {
        Err(StageError::Basis {
            claim: version.basis,
            columns: columns.join(", "),
        })
    }
}

/// Columns of which the Safe Harbor plan would change a cell; codes of records and persons may
/// stand (164.514(c)).
fn identifying_columns(
    desk: &Desk<'_>,
    version: &Version,
    map: &FieldMap,
    allowed: &[Kind],
) -> Result<Vec<String>, StageError> {
    let engine = TextEngine::new();
    let plan = safe_harbor();
    let mut entropy = desk.entropy();
    let year = i32::from(desk.now().year());
    let mut trial = Deidentifier::new(&plan, map, &engine, Crosswalk::new(), &mut entropy, year)?;
    for table in &version.tables {
        for batch in tables::read(desk.store, version, table, None)? {
            trial.table(&table.name, &batch?, table.person.as_deref())?;
        }
    }
    let (manifest, _) = trial.finish();
    let mut found = Vec::new();
    for (table, record) in &manifest.tables {
        let changed = record.columns.iter().filter(|column| {
            let code = matches!(column.kind, Kind::PersonId | Kind::RecordId);
            column.changed + column.suppressed > 0 && !code && !allowed.contains(&column.kind)
        });
        found.extend(changed.map(|column| format!("{table}.{}", column.column)));
    }
    Ok(found)
}

/// Notes the tested state on the version; its content stays what it is.
fn raise(
    transaction: &mut Transaction<'_>,
    version: &Version,
    state: DataState,
) -> Result<(), StageError> {
    if state == version.state {
        return Ok(());
    }
    let key = version_key(version);
    let kept = transaction.find::<Version>(Noun::Version, &key)?;
    let kept = kept.ok_or(StageError::Stored("a version that a run made is gone"))?;
    let raised = Version {
        state,
        ..version.clone()
    };
    transaction.replace(Noun::Version, &key, kept.revision, &raised)?;
    Ok(())
}

/// Rows looked at in each part of a table (65,536 rows).
const SAMPLE_ROWS: usize = 4_000;
