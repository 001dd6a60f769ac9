//! The database: SQLite through sqlx, driven by a current-thread runtime so that callers see
//! plain functions. The SQL of each noun stands in its own file below.

pub(crate) mod commits;
pub(crate) mod dump;
pub(crate) mod keys;
pub(crate) mod objects;
pub(crate) mod records;
pub(crate) mod schema;

use std::{path::Path, time::Duration};

use sqlx::{
    ConnectOptions, Connection, Row, Sqlite, SqliteConnection, raw_sql,
    sqlite::{
        SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqliteRow, SqliteSynchronous,
    },
};
use tokio::runtime::{Builder, Runtime};

use crate::{FileRole, StoreError};

/// A statement with its bound values.
pub(crate) type Query<'q> = sqlx::query::Query<'q, Sqlite, SqliteArguments>;

/// One connection and the runtime that drives it.
#[derive(Debug)]
pub(crate) struct Rows {
    runtime: Runtime,
    /// Gone only while the connection is being closed.
    connection: Option<SqliteConnection>,
}

impl Rows {
    /// Connects to an existing, possibly empty, database file.
    pub(crate) fn connect(path: &Path) -> Result<Self, StoreError> {
        let runtime = Builder::new_current_thread()
            .enable_time()
            .build()
            .map_err(|source| StoreError::file(FileRole::Rows, source))?;
        let connection = runtime.block_on(options(path).connect())?;
        Ok(Self {
            runtime,
            connection: Some(connection),
        })
    }

    /// Runs a statement; says how many rows it changed.
    pub(crate) fn run(&mut self, query: Query<'_>) -> Result<u64, StoreError> {
        let (runtime, connection) = self.parts()?;
        Ok(runtime.block_on(query.execute(connection))?.rows_affected())
    }

    /// Runs several statements without values.
    pub(crate) fn script(&mut self, sql: &'static str) -> Result<(), StoreError> {
        let (runtime, connection) = self.parts()?;
        runtime.block_on(raw_sql(sql).execute(connection))?;
        Ok(())
    }

    /// The first row, if any.
    pub(crate) fn one(&mut self, query: Query<'_>) -> Result<Option<SqliteRow>, StoreError> {
        let (runtime, connection) = self.parts()?;
        Ok(runtime.block_on(query.fetch_optional(connection))?)
    }

    /// All rows.
    pub(crate) fn all(&mut self, query: Query<'_>) -> Result<Vec<SqliteRow>, StoreError> {
        let (runtime, connection) = self.parts()?;
        Ok(runtime.block_on(query.fetch_all(connection))?)
    }

    /// Closes the connection and waits until its files are at rest.
    fn close(&mut self) -> Result<(), StoreError> {
        match self.connection.take() {
            Some(connection) => Ok(self.runtime.block_on(connection.close())?),
            None => Ok(()),
        }
    }

    fn parts(&mut self) -> Result<(&Runtime, &mut SqliteConnection), StoreError> {
        match &mut self.connection {
            Some(connection) => Ok((&self.runtime, connection)),
            None => Err(StoreError::Rows(sqlx::Error::WorkerCrashed)),
        }
    }
}

impl Drop for Rows {
    fn drop(&mut self) {
        // A failure to close leaves a write-ahead log that the next start takes up.
        drop(self.close());
    }
}

/// A column of a row, by number.
pub(crate) fn column<'r, T>(row: &'r SqliteRow, index: usize) -> Result<T, StoreError>
where
    T: sqlx::Decode<'r, Sqlite> + sqlx::Type<Sqlite>,
{
    Ok(row.try_get(index)?)
}

/// A column that counts something.
pub(crate) fn count(row: &SqliteRow, index: usize) -> Result<u64, StoreError> {
    let number: i64 = column(row, index)?;
    u64::try_from(number).map_err(|_| StoreError::RowsAltered {
        what: "a count is negative".to_owned(),
    })
}

/// A count as SQLite stores it; SQLite's integers end at 2^63.
pub(crate) fn integer(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        .pragma("secure_delete", "ON")
        // Temporary tables and sorts stay in memory: nothing of them reaches the disk.
        .pragma("temp_store", "MEMORY")
        .disable_statement_logging()
}
