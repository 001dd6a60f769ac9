//! HL7 FHIR R4: resources one by one, and flattened to tables.
//!
//! Flattening denies by default: only the elements named in a table's map are taken in, everything
//! else is counted in [`Tables::unmapped`] by its path. One resource is one row; an Observation
//! gives one more row for each of its components (column `component`, 0 for the observation
//! itself). Where an element repeats, text is joined with the column's separator; of several
//! codings, names or addresses the first fills the named columns.

mod document;
mod flatten;
mod map;
mod maps;
mod reference;
mod resources;
mod trie;

use std::{collections::BTreeMap, sync::Arc};

use arrow_array::RecordBatch;
use arrow_schema::{Field, Schema, SchemaRef};
use domain::Identifier;
use serde_json::Value;

pub use self::{
    document::{Document, Documents, Element, Items, Member, Members, Shape, Tape, documents},
    resources::{Resources, resources},
};
use self::{flatten::Flattener, map::Column, maps::MAPS};
use crate::{Limits, ReadError};

/// Resources as flat tables, and an account of what was not taken in.
#[derive(Clone, Debug, Default)]
pub struct Tables {
    /// Name and batches of each table that has rows, in the order of [`tables`].
    pub tables: Vec<(String, Vec<RecordBatch>)>,
    /// How often an element was left out, by path without array indexes (`Patient.photo.data`); a
    /// resource whose type has no table is counted once, under its type.
    pub unmapped: BTreeMap<String, u64>,
}

impl Tables {
    /// The batches of one table; none if it has no rows.
    pub fn table(&self, name: &str) -> Option<&[RecordBatch]> {
        self.tables
            .iter()
            .find(|(table, _)| table == name)
            .map(|(_, batches)| batches.as_slice())
    }

    /// Rows of one table.
    pub fn rows(&self, name: &str) -> usize {
        let batches = self.table(name).unwrap_or_default();
        batches.iter().map(RecordBatch::num_rows).sum()
    }
}

/// Flattens resources to tables.
///
/// ```
/// use cloister_formats::{Format, Input, Limits, fhir};
///
/// let line = br#"{"resourceType":"Patient","id":"p1","gender":"female","photo":[{"title":"x"}]}"#;
/// let limits = Limits::default();
/// let input = Input::Bytes(line.to_vec());
/// let resources = fhir::resources("p.ndjson", Format::FhirNdjson, input, &limits)?;
/// let tables = fhir::flatten(resources, &limits)?;
/// assert_eq!(tables.rows("patient"), 1);
/// assert_eq!(tables.unmapped["Patient.photo.title"], 1);
/// # Ok::<(), cloister_formats::ReadError>(())
/// ```
pub fn flatten(
    resources: impl IntoIterator<Item = Result<Value, ReadError>>,
    limits: &Limits,
) -> Result<Tables, ReadError> {
    let mut flattener = Flattener::new(&limits.bounded());
    for resource in resources {
        flattener.push(&resource?)?;
    }
    flattener.finish()
}

/// The names of the tables: those of the resource types, in snake case.
pub fn tables() -> impl Iterator<Item = &'static str> {
    MAPS.iter().map(|map| map.table)
}

/// The columns of a table; the same for every input.
pub fn schema(table: &str) -> Option<SchemaRef> {
    let map = MAPS.iter().find(|map| map.table == table)?;
    let fields: Vec<Field> = map
        .columns()
        .map(|column| Field::new(column.name, column.kind.data_type(), true))
        .collect();
    Some(Arc::new(Schema::new(fields)))
}

/// The Safe Harbor category that the path of a column implies, if any.
///
/// Names of organisations and of places of care count as geography, since they tell where below a
/// state; ids of resources count as other unique codes; ages count as dates.
///
/// ```
/// use domain::Identifier;
/// use cloister_formats::fhir;
/// assert_eq!(fhir::column_identifier("patient", "ssn"), Some(Identifier::SocialSecurity));
/// assert_eq!(fhir::column_identifier("observation", "value"), None);
/// ```
pub fn column_identifier(table: &str, column: &str) -> Option<Identifier> {
    find(table, column).and_then(|column| column.identifier)
}

/// The FHIR paths that fill a column, for the documentation of a dataset.
pub fn column_paths(table: &str, column: &str) -> Option<&'static [&'static str]> {
    find(table, column).map(|column| column.paths)
}

fn find(table: &str, column: &str) -> Option<&'static Column> {
    MAPS.iter()
        .find(|map| map.table == table)?
        .columns()
        .find(|known| known.name == column)
}

#[cfg(test)]
mod tests;
