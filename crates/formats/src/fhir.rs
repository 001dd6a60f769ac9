//! HL7 FHIR R4: resources one by one, and flattened to tables.

use std::collections::BTreeMap;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use domain::Identifier;
use serde_json::Value;

use crate::{Format, Input, Limits, ReadError, ReadErrorKind};

/// Resources as flat tables, and an account of what was not taken in.
#[derive(Clone, Debug, Default)]
pub struct Tables {
    /// Table name (see [`TABLES`]) and its batches, in the order of [`TABLES`]; only tables with rows.
    pub tables: Vec<(String, Vec<RecordBatch>)>,
    /// How often an element was left out, by path without array indexes (`Patient.photo.data`); a
    /// resource type without a table is counted once per resource, under its name.
    pub unmapped: BTreeMap<String, u64>,
}

/// The resources of `input`, one by one: the entries of a bundle (nested bundles included), a
/// single resource, or the lines of NDJSON.
///
/// An entry without `id` gets the one that its `fullUrl` says; references to a `urn:uuid:` whose
/// resource has another `id` are rewritten to `Type/id`.
pub fn resources<'a>(
    name: &str,
    format: Format,
    input: Input<'a>,
    limits: &Limits,
) -> Result<Resources<'a>, ReadError> {
    let _ = (format, input, limits);
    Err(ReadError::new(name, ReadErrorKind::NotATable))
}

/// Resources, one by one; after an error there is no more.
pub struct Resources<'a> {
    next: Box<dyn Iterator<Item = Result<Value, ReadError>> + 'a>,
}

impl std::fmt::Debug for Resources<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Resources").finish_non_exhaustive()
    }
}

impl Iterator for Resources<'_> {
    type Item = Result<Value, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next.next()
    }
}

/// Flattens resources to the tables of [`TABLES`]; see [`schema`] for their columns.
pub fn flatten(
    resources: impl IntoIterator<Item = Result<Value, ReadError>>,
    limits: &Limits,
) -> Result<Tables, ReadError> {
    let _ = (resources.into_iter().next(), limits);
    Ok(Tables::default())
}

/// The columns of a table.
pub fn schema(table: &str) -> Option<SchemaRef> {
    let _ = table;
    None
}

/// The Safe Harbor category that the FHIR path of a column implies, if any.
pub fn column_identifier(table: &str, column: &str) -> Option<Identifier> {
    let _ = (table, column);
    None
}

/// The names of the tables, which are those of the resources in snake case.
pub const TABLES: &[&str] = &[];
