//! The schema and its forward-only migrations.

use std::{
    fs::{self, OpenOptions},
    os::unix::fs::OpenOptionsExt,
};

use sqlx::query;

use super::{Rows, column};
use crate::{FileRole, StoreError, rows::Backup};

/// One step of the schema, never changed after a release.
#[derive(Clone, Copy)]
struct Migration {
    version: i64,
    sql: &'static str,
}

const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        sql: include_str!("schema/0001_first.sql"),
    },
    Migration {
        version: 2,
        sql: include_str!("schema/0002_keys.sql"),
    },
];

/// Brings the database to the newest schema; refuses one that is newer. A database that holds
/// anything is copied first, into `rows.before-N.sqlite` beside it.
pub(crate) fn migrate(rows: &mut Rows, backup: Backup) -> Result<(), StoreError> {
    migrate_by(rows, backup, MIGRATIONS)
}

/// Brings an empty database to the schema of a backup; refuses one that is newer than ours.
pub(crate) fn migrate_to(rows: &mut Rows, wanted: i64) -> Result<(), StoreError> {
    let known = MIGRATIONS.last().map_or(0, |migration| migration.version);
    if wanted > known {
        let found = wanted;
        return Err(StoreError::SchemaNewer { found, known });
    }
    let steps = MIGRATIONS.iter().filter(|step| step.version <= wanted);
    migrate_by(rows, Backup::Confirmed, &steps.copied().collect::<Vec<_>>())
}

fn migrate_by(rows: &mut Rows, backup: Backup, migrations: &[Migration]) -> Result<(), StoreError> {
    rows.script(
        "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL PRIMARY KEY) STRICT",
    )?;
    let found = version(rows)?;
    let known = migrations.last().map_or(0, |migration| migration.version);
    if found > known {
        return Err(StoreError::SchemaNewer { found, known });
    }
    if found > 0 && found < known && backup == Backup::ByUs {
        copy(rows, known)?;
    }
    migrations
        .iter()
        .filter(|migration| migration.version > found)
        .try_for_each(|migration| step(rows, migration))
}

/// A whole copy of the database as it stands, for its owner only, on the medium before anything
/// changes; one that is there already is of an attempt that did not end, and is kept.
fn copy(rows: &mut Rows, known: i64) -> Result<(), StoreError> {
    let told = |source| StoreError::file(FileRole::Rows, source);
    let place = rows
        .path()
        .with_file_name(format!("rows.before-{known}.sqlite"));
    if place.exists() {
        return Ok(());
    }
    let unfinished = place.with_extension("unfinished");
    // An empty file is taken by VACUUM INTO as it is, with its rights.
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&unfinished)
        .map_err(told)?;
    let name = unfinished.to_string_lossy().into_owned();
    rows.run(query("VACUUM INTO ?").bind(name))?;
    file.sync_all()
        .and_then(|()| fs::rename(&unfinished, &place))
        .map_err(told)
}

/// The schema that the database has.
pub(crate) fn version(rows: &mut Rows) -> Result<i64, StoreError> {
    let row = rows.one(query(
        "SELECT coalesce(max(version), 0) FROM schema_version",
    ))?;
    row.map_or(Ok(0), |row| column(&row, 0))
}

fn step(rows: &mut Rows, migration: &Migration) -> Result<(), StoreError> {
    rows.script("BEGIN IMMEDIATE")?;
    let done = rows.script(migration.sql).and_then(|()| {
        rows.run(query("INSERT INTO schema_version (version) VALUES (?)").bind(migration.version))
    });
    match done {
        Ok(_) => rows.script("COMMIT"),
        Err(error) => {
            rows.script("ROLLBACK")?;
            Err(error)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn fresh() -> (tempfile::TempDir, Rows) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.sqlite");
        drop(tempfile::Builder::new().make_in(folder.path(), |_| fs::File::create_new(&path)));
        let mut rows = Rows::connect(&path).unwrap();
        migrate(&mut rows, Backup::ByUs).unwrap();
        (folder, rows)
    }

    /// Set `UPDATE_GOLDEN` to write the file anew.
    #[test]
    fn the_schema_is_the_golden_one() {
        let (_folder, mut rows) = fresh();
        let all = rows
            .all(query(
                "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type DESC, name",
            ))
            .unwrap();
        let schema: String = all
            .iter()
            .map(|row| column::<String>(row, 0).unwrap() + ";\n\n")
            .collect();

        let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../golden/schema.sqlite.sql");
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            crate::tests::write(&golden, schema.as_bytes());
        }
        assert_eq!(crate::tests::text(&golden), schema);
    }

    #[test]
    fn migrating_twice_changes_nothing_and_a_newer_schema_is_refused() {
        let (_folder, mut rows) = fresh();
        migrate(&mut rows, Backup::ByUs).unwrap();

        rows.run(query("INSERT INTO schema_version (version) VALUES (99)"))
            .unwrap();
        assert!(matches!(
            migrate(&mut rows, Backup::ByUs),
            Err(StoreError::SchemaNewer { found: 99, .. })
        ));
    }

    #[test]
    fn a_database_that_holds_something_is_copied_before_its_schema_changes() {
        use std::os::unix::fs::PermissionsExt;
        const NEXT: &[Migration] = &[Migration {
            version: 3,
            sql: "ALTER TABLE objects ADD COLUMN note TEXT",
        }];
        let (folder, mut rows) = fresh();
        rows.run(query(
            "INSERT INTO keys (id, state, wrapped) VALUES ('k', 'active', 'w')",
        ))
        .unwrap();
        migrate_by(&mut rows, Backup::ByUs, NEXT).unwrap();

        let copy = folder.path().join("rows.before-3.sqlite");
        let mode = fs::metadata(&copy).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let mut before = Rows::connect(&copy).unwrap();
        assert_eq!(version(&mut before).unwrap(), 2);
        assert_eq!(before.text(query("SELECT wrapped FROM keys")).unwrap(), "w");
        assert_eq!(version(&mut rows).unwrap(), 3);
        assert!(
            rows.describe().unwrap().faults.is_empty(),
            "and the database is whole"
        );
    }

    #[test]
    fn the_connection_is_as_durable_as_we_say() {
        let (_folder, mut rows) = fresh();
        for (pragma, expected) in [
            ("PRAGMA synchronous", 2),
            ("PRAGMA secure_delete", 1),
            ("PRAGMA foreign_keys", 1),
            ("PRAGMA temp_store", 2),
        ] {
            let row = rows.one(query(pragma)).unwrap().unwrap();
            assert_eq!(column::<i64>(&row, 0).unwrap(), expected, "{pragma}");
        }
        let row = rows.one(query("PRAGMA journal_mode")).unwrap().unwrap();
        assert_eq!(column::<String>(&row, 0).unwrap(), "wal");
    }
}
