//! Every row of every table, for backups.

use sqlx::{AssertSqlSafe, query};

use super::{Rows, column};
use crate::{
    StoreError,
    rows::dump::{Table, Value},
};

pub(crate) fn tables(rows: &mut Rows) -> Result<Vec<Table>, StoreError> {
    let names = rows.all(query(
        "SELECT c.relname::text FROM pg_class c \
         WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' \
         AND c.relname <> 'schema_version' ORDER BY c.oid",
    ))?;
    let mut tables = Vec::new();
    for name in &names {
        let name: String = column(name, 0)?;
        tables.push(Table {
            columns: columns(rows, &name)?
                .into_iter()
                .map(|(name, _)| name)
                .collect(),
            name,
        });
    }
    Ok(tables)
}

/// Reads the whole table at once: rows of a table are few beside the objects they name.
pub(crate) fn each<E: From<StoreError>>(
    rows: &mut Rows,
    table: &Table,
    mut take: impl FnMut(Vec<Value>) -> Result<(), E>,
) -> Result<(), E> {
    let columns = columns(rows, &table.name)?;
    let names: Vec<String> = columns.iter().map(|(name, _)| quoted(name)).collect();
    let sql = format!(
        "SELECT {} FROM {} ORDER BY {}",
        names.join(", "),
        quoted(&table.name),
        order(rows, &table.name)?
    );
    for row in &rows.all(query(AssertSqlSafe(sql)))? {
        let mut values = Vec::new();
        for (at, (_, kind)) in columns.iter().enumerate() {
            values.push(match kind.as_str() {
                "bigint" => column::<Option<i64>>(row, at)?.map(Value::Integer),
                "double precision" => column::<Option<f64>>(row, at)?.map(Value::Real),
                "bytea" => column::<Option<Vec<u8>>>(row, at)?.map(Value::Blob),
                _ => column::<Option<String>>(row, at)?.map(Value::Text),
            });
        }
        take(
            values
                .into_iter()
                .map(|value| value.unwrap_or(Value::Null))
                .collect(),
        )?;
    }
    Ok(())
}

/// Columns and their types, without those that the server numbers.
fn columns(rows: &mut Rows, table: &str) -> Result<Vec<(String, String)>, StoreError> {
    let found = rows.all(
        query(
            "SELECT column_name::text, data_type::text FROM information_schema.columns \
             WHERE table_schema = current_schema() AND table_name = $1 AND is_identity = 'NO' \
             ORDER BY ordinal_position",
        )
        .bind(table.to_owned()),
    )?;
    found
        .iter()
        .map(|row| Ok((column(row, 0)?, column(row, 1)?)))
        .collect()
}

/// By the number that the server gave, where it gives one.
fn order(rows: &mut Rows, table: &str) -> Result<String, StoreError> {
    let numbered = rows.one(
        query(
            "SELECT column_name::text FROM information_schema.columns \
             WHERE table_schema = current_schema() AND table_name = $1 AND is_identity = 'YES'",
        )
        .bind(table.to_owned()),
    )?;
    match numbered {
        Some(row) => Ok(quoted(&column::<String>(&row, 0)?)),
        None => Ok("1".to_owned()),
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
