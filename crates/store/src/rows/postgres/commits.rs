//! SQL of the saved transactions, for PostgreSQL.

use sqlx::query;

use super::{Rows, column, count, integer};
use crate::{Position, StoreError, rows::commits::SavedCommit};

pub(crate) fn insert(rows: &mut Rows, commit: &SavedCommit) -> Result<(), StoreError> {
    rows.run(
        query("INSERT INTO commits (transaction_id, position, changes) VALUES ($1, $2, $3)")
            .bind(commit.transaction.as_str())
            .bind(integer(commit.position.index()))
            .bind(commit.changes.as_slice()),
    )?;
    Ok(())
}

/// Whether the transaction was saved at that log entry.
pub(crate) fn knows(
    rows: &mut Rows,
    transaction: &str,
    position: Position,
) -> Result<bool, StoreError> {
    let row = rows.one(
        query("SELECT 1 FROM commits WHERE transaction_id = $1 AND position = $2")
            .bind(transaction)
            .bind(integer(position.index())),
    )?;
    Ok(row.is_some())
}

/// The newest log entry that the database knows.
pub(crate) fn newest(rows: &mut Rows) -> Result<Option<Position>, StoreError> {
    let row = rows.one(query(
        "SELECT position FROM commits ORDER BY position DESC LIMIT 1",
    ))?;
    row.map(|row| Ok(Position(count(&row, 0)?))).transpose()
}

/// All saved transactions in the order of the log.
pub(crate) fn all(rows: &mut Rows) -> Result<Vec<SavedCommit>, StoreError> {
    let rows = rows.all(query(
        "SELECT transaction_id, position, changes FROM commits ORDER BY position",
    ))?;
    rows.iter()
        .map(|row| {
            Ok(SavedCommit {
                transaction: column(row, 0)?,
                position: Position(count(row, 1)?),
                changes: column(row, 2)?,
            })
        })
        .collect()
}
