//! Every row of every table, out of the database and into it: for backups.

use sqlx::{AssertSqlSafe, Row as _, TypeInfo as _, ValueRef as _, query, sqlite::SqliteRow};

use super::{Rows, column};
use crate::{
    StoreError,
    rows::dump::{Table, Value},
};

/// All tables, in the order in which they were made; the schema's version is not among them.
pub(crate) fn tables(rows: &mut Rows) -> Result<Vec<Table>, StoreError> {
    let names = rows.all(query(
        "SELECT name FROM sqlite_schema \
         WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'schema_version' \
         ORDER BY rowid",
    ))?;
    let mut tables = Vec::new();
    for name in &names {
        let name: String = column(name, 0)?;
        let columns = rows
            .all(query("SELECT name FROM pragma_table_info(?) ORDER BY cid").bind(name.clone()))?;
        tables.push(Table {
            columns: columns
                .iter()
                .map(|row| column(row, 0))
                .collect::<Result<_, _>>()?,
            name,
        });
    }
    Ok(tables)
}

/// Gives every row of a table to `take`, in the order of insertion, a page at a time.
pub(crate) fn each<E: From<StoreError>>(
    rows: &mut Rows,
    table: &Table,
    mut take: impl FnMut(Vec<Value>) -> Result<(), E>,
) -> Result<(), E> {
    let sql = format!(
        "SELECT rowid, {} FROM {} WHERE rowid > ? ORDER BY rowid LIMIT {PAGE}",
        list(&table.columns),
        quoted(&table.name)
    );
    let mut after = i64::MIN;
    loop {
        let page = rows.all(query(AssertSqlSafe(sql.clone())).bind(after))?;
        for row in &page {
            after = column(row, 0)?;
            let values: Result<Vec<Value>, StoreError> =
                (1..=table.columns.len()).map(|at| value(row, at)).collect();
            take(values?)?;
        }
        if page.len() < PAGE {
            return Ok(());
        }
    }
}

/// Puts one row into a table.
pub(crate) fn load(rows: &mut Rows, table: &Table, values: &[Value]) -> Result<(), StoreError> {
    let marks = vec!["?"; table.columns.len()].join(", ");
    let sql = format!(
        "INSERT INTO {} ({}) VALUES ({marks})",
        quoted(&table.name),
        list(&table.columns)
    );
    let mut insert = query(AssertSqlSafe(sql));
    for value in values {
        insert = match value {
            Value::Null => insert.bind(None::<String>),
            Value::Integer(number) => insert.bind(*number),
            Value::Real(number) => insert.bind(*number),
            Value::Text(text) => insert.bind(text.clone()),
            Value::Blob(bytes) => insert.bind(bytes.clone()),
        };
    }
    rows.run(insert)?;
    Ok(())
}

fn value(row: &SqliteRow, at: usize) -> Result<Value, StoreError> {
    let raw = row.try_get_raw(at)?;
    if raw.is_null() {
        return Ok(Value::Null);
    }
    let kind = raw.type_info().name().to_owned();
    Ok(match kind.as_str() {
        "INTEGER" => Value::Integer(column(row, at)?),
        "REAL" => Value::Real(column(row, at)?),
        "TEXT" => Value::Text(column(row, at)?),
        _ => Value::Blob(column(row, at)?),
    })
}

fn list(columns: &[String]) -> String {
    let names: Vec<String> = columns.iter().map(|column| quoted(column)).collect();
    names.join(", ")
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

const PAGE: usize = 1_000;
