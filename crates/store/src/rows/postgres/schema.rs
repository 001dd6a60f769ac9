//! The schema and its forward-only migrations, for PostgreSQL.

use sqlx::query;

use super::{Rows, column};
use crate::{StoreError, rows::Backup};

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
    Migration {
        version: 3,
        sql: include_str!("schema/0003_keys_by_dataset.sql"),
    },
];

/// Brings the database to the newest schema; refuses one that is newer, and one that holds
/// anything until a person says that there is a copy of it (`pg_dump`).
pub(crate) fn migrate(rows: &mut Rows, backup: Backup) -> Result<(), StoreError> {
    migrate_by(rows, backup, MIGRATIONS)
}

fn migrate_by(rows: &mut Rows, backup: Backup, migrations: &[Migration]) -> Result<(), StoreError> {
    rows.script("SET client_min_messages = warning")?;
    rows.script("CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL PRIMARY KEY)")?;
    let found = version(rows)?;
    let known = migrations.last().map_or(0, |migration| migration.version);
    if found > known {
        return Err(StoreError::SchemaNewer { found, known });
    }
    if found > 0 && found < known && backup == Backup::ByUs {
        return Err(StoreError::BackupFirst { found, known });
    }
    migrations
        .iter()
        .filter(|migration| migration.version > found)
        .try_for_each(|migration| step(rows, migration))
}

/// The schema that the database has.
pub(crate) fn version(rows: &mut Rows) -> Result<i64, StoreError> {
    let row = rows.one(query(
        "SELECT coalesce(max(version), 0) FROM schema_version",
    ))?;
    row.map_or(Ok(0), |row| column(&row, 0))
}

fn step(rows: &mut Rows, migration: &Migration) -> Result<(), StoreError> {
    rows.script("BEGIN")?;
    let done = rows.script(migration.sql).and_then(|()| {
        let noted = "INSERT INTO schema_version (version) VALUES ($1)";
        rows.run(query(noted).bind(migration.version))
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
pub(crate) mod tests {
    use super::*;

    /// The schema as the server's catalogue tells it: columns, constraints and indexes.
    pub(crate) fn told(rows: &mut Rows) -> String {
        const COLUMNS: &str = "SELECT format('%s.%s %s%s%s', c.relname, a.attname, \
             format_type(a.atttypid, a.atttypmod), \
             CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END, \
             CASE WHEN a.attidentity = 'a' THEN ' IDENTITY' ELSE '' END) \
             FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid \
             JOIN pg_namespace n ON n.oid = c.relnamespace \
             WHERE n.nspname = current_schema() AND c.relkind = 'r' AND a.attnum > 0 \
             AND NOT a.attisdropped ORDER BY c.relname, a.attnum";
        const CONSTRAINTS: &str = "SELECT format('%s %s', r.relname, pg_get_constraintdef(c.oid)) \
             FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid \
             JOIN pg_namespace n ON n.oid = r.relnamespace \
             WHERE n.nspname = current_schema() ORDER BY r.relname, c.conname";
        const INDEXES: &str = "SELECT replace(indexdef, schemaname || '.', '') FROM pg_indexes \
             WHERE schemaname = current_schema() ORDER BY tablename, indexname";
        let mut told = String::new();
        for sql in [COLUMNS, CONSTRAINTS, INDEXES] {
            for row in rows.all(query(sql)).unwrap() {
                told.push_str(&column::<String>(&row, 0).unwrap());
                told.push('\n');
            }
            told.push('\n');
        }
        told
    }

    /// A schema that holds something is changed only when somebody says that there is a copy.
    pub(crate) fn a_backup_is_asked_for_before_the_schema_changes(rows: &mut Rows) {
        const NEXT: &[Migration] = &[Migration {
            version: 99,
            sql: "ALTER TABLE objects ADD COLUMN note TEXT",
        }];
        assert!(matches!(
            migrate_by(rows, Backup::ByUs, NEXT),
            Err(StoreError::BackupFirst { known: 99, .. })
        ));
        migrate_by(rows, Backup::Confirmed, NEXT).unwrap();
        assert!(told(rows).contains("objects.note text"));
        assert!(matches!(
            migrate(rows, Backup::Confirmed),
            Err(StoreError::SchemaNewer { found: 99, .. })
        ));
    }
}
