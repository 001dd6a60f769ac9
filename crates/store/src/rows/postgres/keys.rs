//! SQL of the wrapped keys, for PostgreSQL.

use sqlx::{postgres::PgRow, query};

use super::{Rows, column};
use crate::{StoreError, rows::StoredKey};

pub(crate) fn insert(rows: &mut Rows, key: &StoredKey) -> Result<(), StoreError> {
    rows.run(
        query(
            "INSERT INTO keys (id, dataset, state, wrapped, created_by) \
             VALUES ($1, $2, 'active', $3, $4)",
        )
        .bind(key.id.as_str())
        .bind(key.dataset.as_deref())
        .bind(key.wrapped.as_deref())
        .bind(key.created_by.as_deref()),
    )?;
    Ok(())
}

/// Takes the wrapped key away for good; `false` when there is no active key of that id.
pub(crate) fn destroy(rows: &mut Rows, id: &str, transaction: &str) -> Result<bool, StoreError> {
    let changed = rows.run(
        query(
            "UPDATE keys SET state = 'destroyed', wrapped = NULL, destroyed_by = $1 \
             WHERE id = $2 AND state = 'active' AND dataset IS NOT NULL",
        )
        .bind(transaction)
        .bind(id),
    )?;
    Ok(changed > 0)
}

/// The key of the records.
pub(crate) fn of_records(rows: &mut Rows) -> Result<Option<StoredKey>, StoreError> {
    let row = rows.one(query(
        "SELECT id, dataset, wrapped, created_by FROM keys WHERE dataset IS NULL",
    ))?;
    row.as_ref().map(stored_key).transpose()
}

/// The active key of a dataset, or else its newest destroyed one.
pub(crate) fn of_dataset(rows: &mut Rows, dataset: &str) -> Result<Option<StoredKey>, StoreError> {
    let row = rows.one(
        query(
            "SELECT id, dataset, wrapped, created_by FROM keys \
             WHERE dataset = $1 ORDER BY state, number DESC LIMIT 1",
        )
        .bind(dataset),
    )?;
    row.as_ref().map(stored_key).transpose()
}

/// A key by its id.
pub(crate) fn find(rows: &mut Rows, id: &str) -> Result<Option<StoredKey>, StoreError> {
    let row = rows
        .one(query("SELECT id, dataset, wrapped, created_by FROM keys WHERE id = $1").bind(id))?;
    row.as_ref().map(stored_key).transpose()
}

/// All keys, oldest first.
pub(crate) fn all(rows: &mut Rows) -> Result<Vec<StoredKey>, StoreError> {
    let rows = rows.all(query(
        "SELECT id, dataset, wrapped, created_by FROM keys ORDER BY number",
    ))?;
    rows.iter().map(stored_key).collect()
}

fn stored_key(row: &PgRow) -> Result<StoredKey, StoreError> {
    Ok(StoredKey {
        id: column(row, 0)?,
        dataset: column(row, 1)?,
        wrapped: column(row, 2)?,
        created_by: column(row, 3)?,
    })
}
