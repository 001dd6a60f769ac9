//! The schema and its forward-only migrations.

use sqlx::query;

use super::{Rows, column};
use crate::StoreError;

/// One step of the schema, never changed after a release.
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

/// Brings the database to the newest schema; refuses one that is newer.
pub(crate) fn migrate(rows: &mut Rows) -> Result<(), StoreError> {
    rows.script(
        "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL PRIMARY KEY) STRICT",
    )?;
    let found = version(rows)?;
    let known = MIGRATIONS.last().map_or(0, |migration| migration.version);
    if found > known {
        return Err(StoreError::SchemaNewer { found, known });
    }
    MIGRATIONS
        .iter()
        .filter(|migration| migration.version > found)
        .try_for_each(|migration| step(rows, migration))
}

fn version(rows: &mut Rows) -> Result<i64, StoreError> {
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
        drop(tempfile::Builder::new().make_in(folder.path(), |_| std::fs::File::create_new(&path)));
        let mut rows = Rows::connect(&path).unwrap();
        migrate(&mut rows).unwrap();
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
        migrate(&mut rows).unwrap();

        rows.run(query("INSERT INTO schema_version (version) VALUES (99)"))
            .unwrap();
        assert!(matches!(
            migrate(&mut rows),
            Err(StoreError::SchemaNewer { found: 99, .. })
        ));
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
