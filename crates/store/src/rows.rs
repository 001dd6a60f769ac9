//! The database behind the store: SQLite in the folder of the instance, or PostgreSQL.
//!
//! Each is written natively in a module of its own, with the same functions for the same nouns;
//! here stands the choice between them and nothing else. Callers see plain functions: every
//! connection is driven by a current-thread runtime of its own.

pub(crate) mod commits;
pub(crate) mod dump;
pub(crate) mod objects;
mod postgres;
pub(crate) mod records;
pub(crate) mod sqlite;
#[cfg(test)]
pub(crate) use postgres::schema::tests as postgres_schema;

use std::path::PathBuf;

pub(crate) use sqlite::keys::{Anew, Outdated, StoredKey};

use crate::{StoreError, places::PostgresPlace};

/// One function of a noun, on both databases.
macro_rules! on_both {
    ($noun:ident: $(
        $(#[$doc:meta])*
        fn $name:ident($($argument:ident: $type:ty),*) -> $out:ty;
    )*) => {
        $(
            $(#[$doc])*
            pub(crate) fn $name(
                rows: &mut $crate::rows::Rows,
                $($argument: $type),*
            ) -> Result<$out, $crate::StoreError> {
                match rows {
                    $crate::rows::Rows::Sqlite(rows) => {
                        $crate::rows::sqlite::$noun::$name(rows, $($argument),*)
                    }
                    $crate::rows::Rows::Postgres(rows) => {
                        $crate::rows::postgres::$noun::$name(rows, $($argument),*)
                    }
                }
            }
        )*
    };
}
pub(crate) use on_both;

/// Wrapped keys.
pub(crate) mod keys {
    pub(crate) use super::{Anew, Outdated, StoredKey};

    super::on_both! { keys:
        fn insert(key: &StoredKey) -> ();
        /// Takes a wrapped key away for good, and with a data key those of its classes; says whose.
        fn destroy(id: &str, transaction: &str) -> Vec<String>;
        /// Saves another state, period and wrapped form of a key that is there.
        fn change(key: &StoredKey, transaction: &str) -> ();
        /// The key of the records.
        fn of_records() -> Option<StoredKey>;
        /// The data key of a dataset, or else its newest destroyed one.
        fn of_dataset(dataset: &str) -> Option<StoredKey>;
        /// The keys of a dataset's classes that are there.
        fn of_classes(dataset: &str) -> Vec<StoredKey>;
        /// A key by its id.
        fn find(id: &str) -> Option<StoredKey>;
        /// All keys, oldest first.
        fn all() -> Vec<StoredKey>;
        /// The highest version of a dataset's data key, 0 when there was none.
        fn newest_version(dataset: &str) -> u32;
        /// How many keys are wrapped under another key-encryption key than this.
        fn count_outdated(kek: &str) -> u64;
        /// The next keys behind `after` that are wrapped under another key-encryption key.
        fn outdated(kek: &str, after: i64, limit: u32) -> Vec<Outdated>;
        /// Saves what keys are wrapped in from now on, all with one statement.
        fn rewrap(kek: &str, anew: &[Anew]) -> u64;
    }
}

/// The schema.
pub(crate) mod schema {
    super::on_both! { schema:
        /// Brings the database to the newest schema; refuses one that is newer.
        ///
        /// A database that holds anything is copied first: SQLite into a file beside it,
        /// PostgreSQL by the person who runs it, who says so.
        fn migrate(backup: super::Backup) -> ();
        /// The schema that the database has.
        fn version() -> i64;
    }
}

/// Where rows are.
#[derive(Clone, Debug)]
pub(crate) enum RowsPlace {
    /// A SQLite file in the instance's folder.
    File(PathBuf),
    /// A schema of a PostgreSQL server.
    Server(PostgresPlace),
}

/// Whether a copy of the database was made before its schema changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Backup {
    /// The store makes it where it can, and refuses where it cannot.
    ByUs,
    /// A person says that there is one.
    Confirmed,
}

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seat {
    /// The one that changes rows; on a server it holds the lock of the instance.
    Writer,
    /// One that reads.
    Reader,
}

/// One connection.
#[derive(Debug)]
pub(crate) enum Rows {
    Sqlite(sqlite::Rows),
    Postgres(postgres::Rows),
}

/// What a database says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Portrait {
    /// Program and version.
    pub(crate) engine: String,
    /// How it waits for the medium.
    pub(crate) durability: String,
    /// What its own check of its pages found; empty when nothing.
    pub(crate) faults: Vec<String>,
}

impl Rows {
    /// Connects to a database that is there; a SQLite file may be empty.
    pub(crate) fn connect(place: &RowsPlace, seat: Seat) -> Result<Self, StoreError> {
        Ok(match place {
            RowsPlace::File(path) => Self::Sqlite(sqlite::Rows::connect(path)?),
            RowsPlace::Server(place) => Self::Postgres(postgres::Rows::connect(place, seat)?),
        })
    }

    /// Makes room for a new instance: on a server its schema, which must be free.
    pub(crate) fn found(place: &RowsPlace) -> Result<Self, StoreError> {
        match place {
            RowsPlace::File(_) => Self::connect(place, Seat::Writer),
            RowsPlace::Server(place) => Ok(Self::Postgres(postgres::Rows::found(place)?)),
        }
    }

    /// Takes away what [`Rows::found`] made; an instance without a commit only.
    pub(crate) fn abandon(place: &RowsPlace) -> Result<(), StoreError> {
        match place {
            RowsPlace::File(_) => Ok(()),
            RowsPlace::Server(place) => postgres::Rows::abandon(place),
        }
    }

    /// Begins a transaction that nobody else's writing can come between.
    pub(crate) fn begin(&mut self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(rows) => rows.script("BEGIN IMMEDIATE"),
            Self::Postgres(rows) => rows.script("BEGIN ISOLATION LEVEL SERIALIZABLE"),
        }
    }

    /// Commits and waits for the medium.
    pub(crate) fn commit(&mut self) -> Result<(), StoreError> {
        self.script("COMMIT")
    }

    /// Undoes the open transaction.
    pub(crate) fn rollback(&mut self) -> Result<(), StoreError> {
        self.script("ROLLBACK")
    }

    /// Lets go of copies of deleted rows: SQLite empties its write-ahead log (the pages were
    /// overwritten by `secure_delete`), PostgreSQL writes the table of keys anew. Old segments of
    /// PostgreSQL's write-ahead log and its archive are out of reach.
    pub(crate) fn forget(&mut self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(rows) => rows.script("PRAGMA wal_checkpoint(TRUNCATE)"),
            Self::Postgres(rows) => rows.script("VACUUM FULL keys"),
        }
    }

    /// What the database says about itself, its own check of its pages included.
    pub(crate) fn describe(&mut self) -> Result<Portrait, StoreError> {
        match self {
            Self::Sqlite(rows) => rows.describe(),
            Self::Postgres(rows) => rows.describe(),
        }
    }

    /// Runs several statements without values.
    pub(crate) fn script(&mut self, sql: &'static str) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(rows) => rows.script(sql),
            Self::Postgres(rows) => rows.script(sql),
        }
    }

    /// Changes rows behind the store's back; says how many.
    #[cfg(test)]
    pub(crate) fn tamper(&mut self, sql: &'static str) -> u64 {
        match self {
            Self::Sqlite(rows) => {
                rows.script("PRAGMA foreign_keys = OFF").unwrap();
                rows.run(sqlx::query(sql)).unwrap()
            }
            Self::Postgres(rows) => {
                rows.script("SET session_replication_role = replica")
                    .unwrap();
                rows.run(sqlx::query(sql)).unwrap()
            }
        }
    }
}
