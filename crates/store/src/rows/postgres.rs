//! PostgreSQL, in one schema of a server. The SQL of each noun stands in its own file below.
//!
//! The connection that writes holds an advisory lock, so that two processes with copies of one
//! folder do not write into one schema.

pub(crate) mod commits;
pub(crate) mod dump;
pub(crate) mod keys;
pub(crate) mod objects;
pub(crate) mod records;
pub(crate) mod schema;

use std::str::FromStr;

use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, PgConnection, Postgres, Row,
    postgres::{PgArguments, PgConnectOptions, PgRow, PgSslMode},
    query, raw_sql,
};
use tokio::runtime::{Builder, Runtime};

use crate::{
    FileRole, StoreError,
    places::PostgresPlace,
    rows::{Portrait, Seat},
};

/// A statement with its bound values.
pub(crate) type Query<'q> = query::Query<'q, Postgres, PgArguments>;

/// One connection and the runtime that drives it.
#[derive(Debug)]
pub(crate) struct Rows {
    runtime: Runtime,
    /// Gone only while the connection is being closed.
    connection: Option<PgConnection>,
}

impl Rows {
    /// Connects to the schema of an instance.
    pub(crate) fn connect(place: &PostgresPlace, seat: Seat) -> Result<Self, StoreError> {
        let mut rows = Self::reach(place)?;
        if !rows.schema_exists(place)? {
            return Err(StoreError::RowsMissing);
        }
        if seat == Seat::Writer {
            rows.take_lock(place)?;
        }
        rows.require_durability()?;
        Ok(rows)
    }

    /// Makes the schema of a new instance. One that is there is taken only when no transaction
    /// was ever saved in it: it is what a killed `init` left.
    pub(crate) fn found(place: &PostgresPlace) -> Result<Self, StoreError> {
        let mut rows = Self::reach(place)?;
        rows.take_lock(place)?;
        rows.require_durability()?;
        rows.clear(place, Made::Nothing)?;
        rows.any_script(format!("CREATE SCHEMA {}", place.schema()))?;
        Ok(rows)
    }

    /// Takes away a schema in which nothing but the making of its instance was saved.
    pub(crate) fn abandon(place: &PostgresPlace) -> Result<(), StoreError> {
        let mut rows = Self::reach(place)?;
        rows.take_lock(place)?;
        rows.clear(place, Made::Instance)
    }

    fn clear(&mut self, place: &PostgresPlace, at_most: Made) -> Result<(), StoreError> {
        if !self.schema_exists(place)? {
            return Ok(());
        }
        let tables = "SELECT count(*) FROM information_schema.tables WHERE table_schema = $1";
        let tables = self.one(query(tables).bind(place.schema().to_owned()))?;
        let tables: i64 = tables.map_or(Ok(0), |row| column(&row, 0))?;
        let ours = "SELECT to_regclass('commits') IS NOT NULL";
        let ours: bool = self
            .one(query(ours))?
            .map_or(Ok(false), |row| column(&row, 0))?;
        let saved = if ours { commits::all(self)?.len() } else { 0 };
        if tables > 0 && (!ours || saved > at_most as usize) {
            return Err(StoreError::RowsTaken);
        }
        self.any_script(format!("DROP SCHEMA {} CASCADE", place.schema()))
    }

    fn reach(place: &PostgresPlace) -> Result<Self, StoreError> {
        let runtime = Builder::new_current_thread()
            .enable_time()
            .enable_io()
            .build()
            .map_err(|source| StoreError::file(FileRole::Rows, source))?;
        let connection = runtime.block_on(options(place)?.connect())?;
        Ok(Self {
            runtime,
            connection: Some(connection),
        })
    }

    fn schema_exists(&mut self, place: &PostgresPlace) -> Result<bool, StoreError> {
        let known = "SELECT 1 FROM pg_namespace WHERE nspname = $1";
        let row = self.one(query(known).bind(place.schema().to_owned()))?;
        Ok(row.is_some())
    }

    /// The lock of the instance. A process that was killed may hold it a moment longer, until the
    /// server sees that it is gone.
    fn take_lock(&mut self, place: &PostgresPlace) -> Result<(), StoreError> {
        self.script("SET lock_timeout = '3s'")?;
        let name = format!("cloister|{}", place.schema());
        let taken = self.one(query("SELECT pg_advisory_lock(hashtextextended($1, 0))").bind(name));
        match taken {
            Ok(_) => self.script("SET lock_timeout = 0"),
            Err(StoreError::Rows(error)) if is(&error, LOCK_NOT_AVAILABLE) => {
                Err(StoreError::InUse)
            }
            Err(other) => Err(other),
        }
    }

    /// Refuses a server that says "committed" before the medium has it.
    fn require_durability(&mut self) -> Result<(), StoreError> {
        self.script("SET synchronous_commit = on")?;
        match self.setting("fsync")?.as_str() {
            "on" => Ok(()),
            _ => Err(StoreError::RowsNotDurable),
        }
    }

    fn setting(&mut self, name: &'static str) -> Result<String, StoreError> {
        let row = self.one(query("SELECT current_setting($1)").bind(name))?;
        row.map_or(Ok(String::new()), |row| column(&row, 0))
    }

    /// Version and durability. A server's pages are checked by its own `pg_amcheck`.
    pub(crate) fn describe(&mut self) -> Result<Portrait, StoreError> {
        let version = self.setting("server_version")?;
        let mut told = Vec::new();
        for name in ["fsync", "synchronous_commit", "full_page_writes"] {
            told.push(format!("{name}={}", self.setting(name)?));
        }
        Ok(Portrait {
            engine: format!("PostgreSQL {version}"),
            durability: told.join(", "),
            faults: Vec::new(),
        })
    }

    /// Runs a statement; says how many rows it changed.
    pub(crate) fn run(&mut self, query: Query<'_>) -> Result<u64, StoreError> {
        let (runtime, connection) = self.parts()?;
        Ok(runtime.block_on(query.execute(connection))?.rows_affected())
    }

    /// Runs statements without values.
    pub(crate) fn script(&mut self, sql: &'static str) -> Result<(), StoreError> {
        let (runtime, connection) = self.parts()?;
        runtime.block_on(raw_sql(sql).execute(connection))?;
        Ok(())
    }

    /// A statement with the name of a schema in it, which [`PostgresPlace`] has checked.
    fn any_script(&mut self, sql: String) -> Result<(), StoreError> {
        let (runtime, connection) = self.parts()?;
        runtime.block_on(raw_sql(AssertSqlSafe(sql)).execute(connection))?;
        Ok(())
    }

    /// The first row, if any.
    pub(crate) fn one(&mut self, query: Query<'_>) -> Result<Option<PgRow>, StoreError> {
        let (runtime, connection) = self.parts()?;
        Ok(runtime.block_on(query.fetch_optional(connection))?)
    }

    /// All rows.
    pub(crate) fn all(&mut self, query: Query<'_>) -> Result<Vec<PgRow>, StoreError> {
        let (runtime, connection) = self.parts()?;
        Ok(runtime.block_on(query.fetch_all(connection))?)
    }

    fn parts(&mut self) -> Result<(&Runtime, &mut PgConnection), StoreError> {
        match &mut self.connection {
            Some(connection) => Ok((&self.runtime, connection)),
            None => Err(StoreError::Rows(sqlx::Error::WorkerCrashed)),
        }
    }
}

/// How many saved transactions there may be in a schema that is taken away.
#[derive(Clone, Copy)]
enum Made {
    Nothing = 0,
    /// The transaction that names the first operator.
    Instance = 1,
}

impl Drop for Rows {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            // A connection that cannot say good-bye is seen by the server.
            drop(self.runtime.block_on(connection.close()));
        }
    }
}

/// A column of a row, by number.
pub(crate) fn column<'r, T>(row: &'r PgRow, index: usize) -> Result<T, StoreError>
where
    T: sqlx::Decode<'r, Postgres> + sqlx::Type<Postgres>,
{
    Ok(row.try_get(index)?)
}

/// A column that counts something.
pub(crate) fn count(row: &PgRow, index: usize) -> Result<u64, StoreError> {
    let number: i64 = column(row, index)?;
    u64::try_from(number).map_err(|_| StoreError::RowsAltered {
        what: "a count is negative".to_owned(),
    })
}

/// A count as PostgreSQL stores it; its integers end at 2^63.
pub(crate) fn integer(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The password comes from `PGPASSWORD` or the password file, as for every PostgreSQL program. A
/// server that is reached over a network must show a certificate for its name.
fn options(place: &PostgresPlace) -> Result<PgConnectOptions, StoreError> {
    let options = PgConnectOptions::from_str(place.url())
        .map_err(|_| StoreError::PlaceRefused { what: URL })?;
    let near = options.get_socket().is_some() || is_loopback(options.get_host());
    let safe = matches!(options.get_ssl_mode(), PgSslMode::VerifyFull);
    if !near && !safe {
        return Err(StoreError::PlaceRefused { what: TLS });
    }
    Ok(options
        .application_name("cloister")
        .options([("search_path", place.schema())])
        .disable_statement_logging())
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || address
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

fn is(error: &sqlx::Error, code: &str) -> bool {
    error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code)
        .is_some_and(|found| found == code)
}

/// SQLSTATE of a lock that was not given in time.
const LOCK_NOT_AVAILABLE: &str = "55P03";
const URL: &str = "the address of the PostgreSQL server is not a `postgres://` URL";
const TLS: &str =
    "a PostgreSQL server on another machine needs `sslmode=verify-full` in its address";
