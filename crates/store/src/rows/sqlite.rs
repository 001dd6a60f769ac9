//! SQLite, in a file of the instance's folder. The SQL of each noun stands in its own file below.

pub(crate) mod commits;
pub(crate) mod keys;
pub(crate) mod objects;
pub(crate) mod records;
pub(crate) mod schema;

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use sqlx::{
    ConnectOptions, Connection, Row, Sqlite, SqliteConnection, query, raw_sql,
    sqlite::{
        SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqliteRow, SqliteSynchronous,
    },
};
use tokio::runtime::{Builder, Runtime};

use crate::{FileRole, StoreError, rows::Portrait};

/// A statement with its bound values.
pub(crate) type Query<'q> = query::Query<'q, Sqlite, SqliteArguments>;

/// One connection and the runtime that drives it.
#[derive(Debug)]
pub(crate) struct Rows {
    path: PathBuf,
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
            path: path.to_path_buf(),
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

    /// The file.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Version, durability, and what `PRAGMA integrity_check` finds.
    pub(crate) fn describe(&mut self) -> Result<Portrait, StoreError> {
        let version = self.text(query("SELECT sqlite_version()"))?;
        let mut faults = Vec::new();
        for row in self.all(query("PRAGMA integrity_check"))? {
            let said: String = column(&row, 0)?;
            faults.extend((said != "ok").then_some(said));
        }
        let strays = self.all(query("PRAGMA foreign_key_check"))?.len();
        if strays > 0 {
            faults.push(format!("{strays} rows name a row that is not there"));
        }
        Ok(Portrait {
            engine: format!("SQLite {version}"),
            durability: "write-ahead log, synchronous=FULL".to_owned(),
            faults,
        })
    }

    /// The only column of the only row.
    pub(crate) fn text(&mut self, query: Query<'_>) -> Result<String, StoreError> {
        self.one(query)?
            .map_or(Ok(String::new()), |row| column(&row, 0))
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
