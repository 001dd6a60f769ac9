//! From resources to rows.

use std::{collections::BTreeMap, sync::Arc};

use arrow_array::{ArrayRef, RecordBatch, StringArray, cast::AsArray};
use arrow_schema::SchemaRef;
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;

use super::{
    Tables,
    map::{Column, Map, Reading},
    maps::MAPS,
    reference::{conditional, target},
    schema,
    trie::Node,
};
use crate::{
    Limits, ReadError, ReadErrorKind,
    cells::{Cells, Kind},
};

/// The tables under construction.
pub(super) struct Flattener {
    sheets: Vec<Sheet>,
    unmapped: BTreeMap<String, u64>,
    /// Ids by `Type?system|value`, for conditional references.
    by_identifier: BTreeMap<String, String>,
    conditional: bool,
    limits: Limits,
}

/// One table under construction.
struct Sheet {
    map: &'static Map,
    columns: Vec<&'static Column>,
    root: Node,
    cells: Vec<Cells>,
    rows: usize,
    bytes: usize,
    batches: Vec<RecordBatch>,
}

impl Flattener {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            sheets: MAPS.iter().map(|map| Sheet::new(map)).collect(),
            unmapped: BTreeMap::new(),
            by_identifier: BTreeMap::new(),
            conditional: false,
            limits: *limits,
        }
    }

    /// Takes one resource in.
    pub(super) fn push(&mut self, resource: &Value) -> Result<(), ReadError> {
        let Some(kind) = resource.get("resourceType").and_then(Value::as_str) else {
            return Err(malformed("it has no resourceType"));
        };
        let sheet = self
            .sheets
            .iter_mut()
            .find(|sheet| sheet.map.resource == kind);
        let Some(sheet) = sheet else {
            count(&mut self.unmapped, kind);
            return Ok(());
        };
        let mut walk = Walk {
            columns: &sheet.columns,
            path: kind.to_owned(),
            row: vec![None; sheet.columns.len()],
            unmapped: &mut self.unmapped,
            conditional: false,
        };
        let rows = walk.rows(&sheet.root, sheet.map, resource);
        self.conditional |= walk.conditional;
        for row in rows {
            sheet.push(&row, &self.limits)?;
        }
        self.note_identifiers(kind, resource);
        Ok(())
    }

    fn note_identifiers(&mut self, kind: &str, resource: &Value) {
        let (Some(id), Some(Value::Array(identifiers))) = (
            resource.get("id").and_then(Value::as_str),
            resource.get("identifier"),
        ) else {
            return;
        };
        for identifier in identifiers {
            if let Some(value) = identifier.get("value").and_then(Value::as_str) {
                let system = identifier.get("system").and_then(Value::as_str);
                let key = format!("{kind}?{}|{value}", system.unwrap_or_default());
                self.by_identifier.insert(key, id.to_owned());
            }
        }
    }

    /// The tables that have rows.
    pub(super) fn finish(self) -> Result<Tables, ReadError> {
        let mut tables = Vec::new();
        for mut sheet in self.sheets {
            sheet.close()?;
            if self.conditional {
                sheet.resolve(&self.by_identifier)?;
            }
            if !sheet.batches.is_empty() {
                tables.push((sheet.map.table.to_owned(), sheet.batches));
            }
        }
        Ok(Tables {
            tables,
            unmapped: self.unmapped,
        })
    }
}

impl Sheet {
    fn new(map: &'static Map) -> Self {
        let columns: Vec<&Column> = map.columns().collect();
        Self {
            map,
            cells: fresh(&columns),
            columns,
            root: Node::of(map),
            rows: 0,
            bytes: 0,
            batches: Vec::new(),
        }
    }

    fn push(&mut self, row: &[Option<Value>], limits: &Limits) -> Result<(), ReadError> {
        for (cells, value) in self.cells.iter_mut().zip(row) {
            self.bytes += value.as_ref().and_then(Value::as_str).map_or(8, str::len);
            cells.push(value.as_ref());
        }
        self.rows += 1;
        if self.rows >= limits.rows_per_batch || self.bytes >= limits.batch_bytes {
            self.close()?;
        }
        Ok(())
    }

    /// Ends the batch, if it has rows.
    fn close(&mut self) -> Result<(), ReadError> {
        if self.rows == 0 {
            return Ok(());
        }
        let cells = std::mem::replace(&mut self.cells, fresh(&self.columns));
        let arrays = cells.into_iter().map(Cells::finish).collect();
        self.batches.push(batch(self.map.table, arrays)?);
        (self.rows, self.bytes) = (0, 0);
        Ok(())
    }

    /// Replaces conditional references by the id of the resource with that identifier, or, where
    /// there is none, by the value of the identifier.
    fn resolve(&mut self, by_identifier: &BTreeMap<String, String>) -> Result<(), ReadError> {
        for done in &mut self.batches {
            let arrays = self
                .columns
                .iter()
                .zip(done.columns())
                .map(|(column, array)| match column.reading {
                    Reading::Reference | Reading::Patient => resolved(array, by_identifier),
                    _ => ArrayRef::clone(array),
                })
                .collect();
            *done = batch(self.map.table, arrays)?;
        }
        Ok(())
    }
}

/// Walks one resource together with its map.
struct Walk<'w> {
    columns: &'w [&'static Column],
    path: String,
    row: Vec<Option<Value>>,
    unmapped: &'w mut BTreeMap<String, u64>,
    conditional: bool,
}

impl Walk<'_> {
    /// The row of the resource, then one for each repetition of the exploded element.
    fn rows(&mut self, root: &Node, map: &Map, resource: &Value) -> Vec<Vec<Option<Value>>> {
        let parts = self.members(Some(root), resource, map.explode);
        let mut rows = vec![self.row.clone()];
        let Some(key) = map.explode else { return rows };
        self.number(0, &mut rows);
        let before = self.path.len();
        self.step(key);
        for (index, part) in parts.iter().enumerate() {
            self.row
                .clone_from_slice(rows.first().map_or(&[], Vec::as_slice));
            self.clear(key);
            self.members(root.child(key), part, None);
            rows.push(self.row.clone());
            self.number(index + 1, &mut rows);
        }
        self.path.truncate(before);
        rows
    }

    /// Writes the number of the last row into the counter column.
    fn number(&self, number: usize, rows: &mut [Vec<Option<Value>>]) {
        let counter = self
            .columns
            .iter()
            .position(|column| column.reading == Reading::Counter && column.kind == Kind::Integer);
        if let (Some(counter), Some(row)) = (counter, rows.last_mut())
            && let Some(cell) = row.get_mut(counter)
        {
            *cell = Some(number.into());
        }
    }

    /// Empties the columns that the exploded element fills itself.
    fn clear(&mut self, key: &str) {
        for (column, cell) in self.columns.iter().zip(&mut self.row) {
            let own = |path: &&str| {
                path.strip_prefix(key)
                    .is_some_and(|rest| rest.starts_with('.'))
            };
            if column.paths.iter().any(own) {
                *cell = None;
            }
        }
    }

    /// Goes through the members of an object; gives back the elements under `set_aside`.
    fn members<'v>(
        &mut self,
        node: Option<&Node>,
        object: &'v Value,
        set_aside: Option<&str>,
    ) -> Vec<&'v Value> {
        let mut aside = Vec::new();
        let Value::Object(members) = object else {
            self.value(node, object);
            return aside;
        };
        for (key, member) in members {
            if self.is_known(node, key, member) {
                continue;
            }
            if set_aside == Some(key.as_str()) {
                aside.extend(elements(member));
                continue;
            }
            let before = self.path.len();
            self.step(key);
            for (index, element) in elements(member).enumerate() {
                let child = node.and_then(|node| node.choose(key, element, index));
                self.value(child, element);
            }
            self.path.truncate(before);
        }
        aside
    }

    /// The type at the root, and the plain value by which a node was chosen, say nothing new.
    fn is_known(&self, node: Option<&Node>, key: &str, member: &Value) -> bool {
        let root = !self.path.contains('.') && key == "resourceType";
        root || member.is_string() && node.is_some_and(|node| node.chosen_by(key))
    }

    fn value(&mut self, node: Option<&Node>, value: &Value) {
        match value {
            Value::Null => {}
            Value::Object(_) => {
                self.members(node, value, None);
            }
            Value::Array(items) => items.iter().for_each(|item| self.value(None, item)),
            leaf => {
                let columns = node.map(|node| node.columns.as_slice()).unwrap_or_default();
                let taken = columns
                    .iter()
                    .filter(|column| self.take(**column, leaf))
                    .count();
                if taken == 0 {
                    count(self.unmapped, &self.path);
                }
            }
        }
    }

    /// Puts a leaf into a column; false if the column cannot take it.
    fn take(&mut self, index: usize, leaf: &Value) -> bool {
        let (Some(column), Some(cell)) = (self.columns.get(index), self.row.get_mut(index)) else {
            return false;
        };
        let Some(value) = read(column, leaf) else {
            return false;
        };
        self.conditional |= matches!(column.reading, Reading::Reference | Reading::Patient)
            && value.as_str().is_some_and(|text| text.contains('?'));
        match (cell, value) {
            (Some(Value::String(text)), Value::String(more)) => {
                text.push_str(column.separator);
                text.push_str(&more);
            }
            (Some(_), _) => return false,
            (cell @ None, value) => *cell = Some(value),
        }
        true
    }

    fn step(&mut self, key: &str) {
        self.path.push('.');
        self.path.push_str(key);
    }
}

/// The value of a leaf as the column wants it.
fn read(column: &Column, leaf: &Value) -> Option<Value> {
    match (column.reading, column.kind) {
        (Reading::Plain, Kind::Text) => Some(match leaf {
            Value::String(text) => Value::String(text.clone()),
            other => Value::String(other.to_string()),
        }),
        (Reading::Plain, Kind::Integer) => leaf.as_i64().map(Value::from),
        (Reading::Plain, Kind::Number) => leaf.as_f64().map(Value::from),
        (Reading::Plain, Kind::Flag) => leaf.as_bool().map(Value::from),
        (Reading::Present, _) => Some(Value::from(leaf.as_bool().unwrap_or(true))),
        (Reading::Reference, _) => leaf.as_str().map(|text| Value::from(target(text).id)),
        (Reading::Patient, _) => {
            let target = target(leaf.as_str()?);
            let patient = target.resource.is_none_or(|resource| resource == "Patient");
            patient.then(|| Value::from(target.id))
        }
        (Reading::Base64, _) => {
            let packed: String = leaf.as_str()?.split_ascii_whitespace().collect();
            let bytes = STANDARD.decode(packed).ok()?;
            String::from_utf8(bytes).ok().map(Value::String)
        }
        (Reading::Counter, _) => None,
    }
}

fn elements(member: &Value) -> impl Iterator<Item = &Value> {
    match member {
        Value::Array(items) => items.as_slice(),
        one => std::slice::from_ref(one),
    }
    .iter()
}

fn resolved(array: &ArrayRef, by_identifier: &BTreeMap<String, String>) -> ArrayRef {
    let texts: StringArray = array
        .as_string::<i32>()
        .iter()
        .map(|text| {
            text.map(|text| match conditional(text) {
                Some((kind, token)) => match by_identifier.get(&format!("{kind}?{token}")) {
                    Some(id) => id.as_str(),
                    None => token.rsplit('|').next().unwrap_or(token),
                },
                None => text,
            })
        })
        .collect();
    Arc::new(texts)
}

fn fresh(columns: &[&Column]) -> Vec<Cells> {
    columns
        .iter()
        .map(|column| Cells::new(column.kind))
        .collect()
}

fn batch(table: &str, arrays: Vec<ArrayRef>) -> Result<RecordBatch, ReadError> {
    let schema: Option<SchemaRef> = schema(table);
    schema
        .and_then(|schema| RecordBatch::try_new(schema, arrays).ok())
        .ok_or_else(|| malformed("its rows do not fit its table"))
}

fn count(unmapped: &mut BTreeMap<String, u64>, path: &str) {
    match unmapped.get_mut(path) {
        Some(count) => *count += 1,
        None => {
            unmapped.insert(path.to_owned(), 1);
        }
    }
}

fn malformed(why: &'static str) -> ReadError {
    ReadError::new("FHIR", ReadErrorKind::Resource { why })
}
