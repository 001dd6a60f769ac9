//! The rows of a set: one JSON line a row, the wrapped keys taken out.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Read, Write},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::Digest;
use serde::{Deserialize, Serialize};

use super::BackupError;
use crate::{
    StoreError,
    rows::{
        Rows,
        dump::{self, Table, Value},
        sqlite,
    },
};

/// Wrapped keys by table and key id.
pub(super) type WrappedKeys = BTreeMap<String, String>;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Line {
    Table { name: String, columns: Vec<String> },
    Row(Vec<Cell>),
    End { rows: u64 },
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Cell {
    N,
    I(i64),
    R(f64),
    T(String),
    B(String),
}

/// Writes all rows; returns the wrapped keys, which are not among them.
pub(super) fn write(rows: &mut Rows, out: &mut dyn Write) -> Result<WrappedKeys, BackupError> {
    let mut wrapped = WrappedKeys::new();
    let mut count = 0;
    for table in dump::tables(rows)? {
        let line = Line::Table {
            name: table.name.clone(),
            columns: table.columns.clone(),
        };
        put(out, &line)?;
        let place = KeyPlace::of(&table);
        dump::each(rows, &table, |mut values| {
            if let Some(place) = &place {
                wrapped.extend(place.take_out(&mut values));
            }
            count += 1;
            put(out, &Line::Row(values.into_iter().map(cell).collect()))
        })?;
    }
    put(out, &Line::End { rows: count })?;
    Ok(wrapped)
}

/// Reads all rows into an empty database; returns the ids of keys whose wrapped form is gone.
pub(super) fn read(
    rows: &mut sqlite::Rows,
    from: impl Read,
    wrapped: &WrappedKeys,
) -> Result<Vec<String>, BackupError> {
    let mut purged = Vec::new();
    let mut state = Reading::default();
    for line in BufReader::new(from).lines() {
        let line = line.map_err(|_| BackupError::damaged("the rows do not open"))?;
        let line: Line = serde_json::from_str(&line)
            .map_err(|_| BackupError::damaged("the rows are not readable"))?;
        match line {
            Line::Table { name, columns } => state.table = Some(known(rows, name, columns)?),
            Line::Row(cells) => state.row(rows, cells, wrapped, &mut purged)?,
            Line::End { rows } if rows == state.count => return Ok(purged),
            Line::End { .. } => break,
        }
    }
    Err(BackupError::damaged("the rows end too early"))
}

/// The digests of the objects that stand in the rows.
pub(super) fn object_names(from: impl Read) -> Result<Vec<Digest>, BackupError> {
    let unreadable = || BackupError::damaged("the rows are not readable");
    let mut names = Vec::new();
    let mut at = None;
    for line in BufReader::new(from).lines() {
        let line = line.map_err(|_| BackupError::damaged("the rows do not open"))?;
        match serde_json::from_str(&line).map_err(|_| unreadable())? {
            Line::Table { name, columns } => {
                at = (name == "objects")
                    .then(|| columns.iter().position(|column| column == "digest"))
                    .flatten();
            }
            Line::Row(cells) => {
                if let Some(cell) = at.and_then(|at| cells.into_iter().nth(at)) {
                    let Cell::T(text) = cell else {
                        return Err(unreadable());
                    };
                    names.push(text.parse().map_err(|_| unreadable())?);
                }
            }
            Line::End { .. } => return Ok(names),
        }
    }
    Err(BackupError::damaged("the rows end too early"))
}

#[derive(Default)]
struct Reading {
    table: Option<Table>,
    count: u64,
}

impl Reading {
    fn row(
        &mut self,
        rows: &mut sqlite::Rows,
        cells: Vec<Cell>,
        wrapped: &WrappedKeys,
        purged: &mut Vec<String>,
    ) -> Result<(), BackupError> {
        let unreadable = || BackupError::damaged("the rows are not readable");
        let table = self.table.as_ref().ok_or_else(unreadable)?;
        let mut values: Vec<Value> = cells
            .into_iter()
            .map(value)
            .collect::<Option<_>>()
            .ok_or_else(unreadable)?;
        if values.len() != table.columns.len() {
            return Err(unreadable());
        }
        if let Some(place) = KeyPlace::of(table) {
            purged.extend(place.put_in(&mut values, wrapped));
        }
        sqlite::dump::load(rows, table, &values)?;
        self.count += 1;
        Ok(())
    }
}

/// A table of the set as this program has it; columns that it does not know are refused.
fn known(
    rows: &mut sqlite::Rows,
    name: String,
    columns: Vec<String>,
) -> Result<Table, BackupError> {
    let tables = sqlite::dump::tables(rows)?;
    let ours = tables.iter().find(|table| table.name == name);
    if ours.is_some_and(|ours| columns.iter().all(|column| ours.columns.contains(column))) {
        Ok(Table { name, columns })
    } else {
        Err(StoreError::RowsAltered {
            what: "the set has a table or column that this program does not know".to_owned(),
        }
        .into())
    }
}

/// Where a table keeps wrapped keys: every table with the columns `id` and `wrapped`.
struct KeyPlace {
    table: String,
    id: usize,
    wrapped: usize,
}

impl KeyPlace {
    fn of(table: &Table) -> Option<Self> {
        let at = |name: &str| table.columns.iter().position(|column| column == name);
        Some(Self {
            table: table.name.clone(),
            id: at("id")?,
            wrapped: at("wrapped")?,
        })
    }

    /// Takes the wrapped key out of a row; a destroyed key has none.
    fn take_out(&self, values: &mut [Value]) -> Option<(String, String)> {
        let id = text(values.get(self.id)?)?;
        let name = format!("{}|{id}", self.table);
        let place = values.get_mut(self.wrapped)?;
        let wrapped = text(place)?;
        *place = Value::Text(TAKEN_OUT.to_owned());
        Some((name, wrapped))
    }

    /// Puts it back; the id of a key that had one and has none any more is returned.
    fn put_in(&self, values: &mut [Value], wrapped: &WrappedKeys) -> Option<String> {
        let id = text(values.get(self.id)?)?;
        let place = values.get_mut(self.wrapped)?;
        if !matches!(place, Value::Text(text) if text == TAKEN_OUT) {
            return None;
        }
        if let Some(wrapped) = wrapped.get(&format!("{}|{id}", self.table)) {
            *place = Value::Text(wrapped.clone());
            return None;
        }
        Some(id)
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.clone()),
        _ => None,
    }
}

fn cell(value: Value) -> Cell {
    match value {
        Value::Null => Cell::N,
        Value::Integer(number) => Cell::I(number),
        Value::Real(number) => Cell::R(number),
        Value::Text(text) => Cell::T(text),
        Value::Blob(bytes) => Cell::B(STANDARD.encode(bytes)),
    }
}

fn value(cell: Cell) -> Option<Value> {
    Some(match cell {
        Cell::N => Value::Null,
        Cell::I(number) => Value::Integer(number),
        Cell::R(number) => Value::Real(number),
        Cell::T(text) => Value::Text(text),
        Cell::B(text) => Value::Blob(STANDARD.decode(text).ok()?),
    })
}

fn put(out: &mut dyn Write, line: &Line) -> Result<(), BackupError> {
    let mut text =
        serde_json::to_vec(line).map_err(|_| BackupError::damaged("a row cannot be written"))?;
    text.push(b'\n');
    out.write_all(&text).map_err(BackupError::file)
}

/// Stands where a wrapped key stood; no wrapped key reads like this.
const TAKEN_OUT: &str = "in the file of keys";
