//! Stage 2: each column and text field is mapped to an identifier category, without a value.

use access::{DataState, Permit};
use arrow_array::RecordBatch;
use domain::{Identifier, Stage};
use phi::{columns::FieldMap, text::TextEngine};
use serde::{Deserialize, Serialize};

use crate::{
    Desk, StageError, Watch,
    record::{Table, Version},
    run::{Task, Told},
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
/// Data that was declared de-identified and yet carries direct identifiers is refused here.
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
    check_declared(&version, &classified)?;
    let mut transaction = desk.store.begin()?;
    task.keep_step(&mut transaction, desk, Stage::Classify, &classified)?;
    let mut event = desk.event(permit, Some(&task.cause))?;
    event.rows = Some(version.rows());
    event.digest = version.id.as_str().parse().ok();
    transaction.commit(event)?;
    Ok(classified)
}

/// The first rows: enough to tell what a column holds.
fn sample(desk: &Desk<'_>, version: &Version, table: &Table) -> Result<RecordBatch, StageError> {
    let mut reader = tables::read(desk.store, version, table, None)?;
    let schema = reader.schema();
    match reader.next() {
        Some(batch) => {
            let batch = batch?;
            Ok(batch.slice(0, batch.num_rows().min(SAMPLE_ROWS)))
        }
        None => Ok(RecordBatch::new_empty(schema)),
    }
}

fn check_declared(version: &Version, classified: &Classified) -> Result<(), StageError> {
    let found = classified.categories();
    let direct = found
        .iter()
        .filter(|category| !matches!(category, Identifier::Geography | Identifier::Date));
    if version.state == DataState::DeIdentified && direct.count() > 0 {
        return Err(StageError::Basis {
            categories: found.len(),
        });
    }
    Ok(())
}

const SAMPLE_ROWS: usize = 20_000;
