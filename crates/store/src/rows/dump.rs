//! Every row of every table, as values without meaning: what a backup copies.

use super::{Rows, postgres, sqlite};
use crate::StoreError;

/// A table and its columns, in the order of its definition; columns that the database numbers by
/// itself are not among them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) columns: Vec<String>,
}

/// A value as a database keeps it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Null,
    Integer(i64),
    Real(f64),
    Text(String),
    Blob(Vec<u8>),
}

/// All tables; the schema's version is not among them.
pub(crate) fn tables(rows: &mut Rows) -> Result<Vec<Table>, StoreError> {
    match rows {
        Rows::Sqlite(rows) => sqlite::dump::tables(rows),
        Rows::Postgres(rows) => postgres::dump::tables(rows),
    }
}

/// Gives every row of a table to `take`, in the order of insertion.
pub(crate) fn each<E: From<StoreError>>(
    rows: &mut Rows,
    table: &Table,
    take: impl FnMut(Vec<Value>) -> Result<(), E>,
) -> Result<(), E> {
    match rows {
        Rows::Sqlite(rows) => sqlite::dump::each(rows, table, take),
        Rows::Postgres(rows) => postgres::dump::each(rows, table, take),
    }
}
