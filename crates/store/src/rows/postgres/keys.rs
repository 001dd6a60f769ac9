//! SQL of the wrapped keys, for PostgreSQL.

use sqlx::{postgres::PgRow, query};

use super::{Rows, column, count};
use crate::{
    StoreError,
    rows::{Anew, Outdated, StoredKey},
};

pub(crate) fn insert(rows: &mut Rows, key: &StoredKey) -> Result<(), StoreError> {
    rows.run(
        query(
            "INSERT INTO keys (id, dataset, class, version, state, stage, wrapped, kek, \
             fingerprint, since, until, created_by) \
             VALUES ($1, $2, $3, $4, 'active', $5, $6, $7, $8, $9, $10, $11)",
        )
        .bind(key.id.as_str())
        .bind(key.dataset.as_deref())
        .bind(key.class.as_deref())
        .bind(i64::from(key.version))
        .bind(key.stage.as_str())
        .bind(key.wrapped.as_deref())
        .bind(key.kek.as_deref())
        .bind(key.fingerprint.as_deref())
        .bind(key.since)
        .bind(key.until)
        .bind(key.created_by.as_deref()),
    )?;
    Ok(())
}

/// Takes a wrapped key away for good, and with a data key those of its classes; says whose.
pub(crate) fn destroy(
    rows: &mut Rows,
    id: &str,
    transaction: &str,
) -> Result<Vec<String>, StoreError> {
    let destroyed = rows.all(
        query(
            "UPDATE keys SET state = 'destroyed', stage = 'destroyed', wrapped = NULL, \
             destroyed_by = $1 \
             WHERE state = 'active' AND dataset IS NOT NULL AND (id = $2 OR class IS NOT NULL \
               AND dataset = (SELECT d.dataset FROM keys d WHERE d.id = $2 AND d.class IS NULL)) \
             RETURNING id",
        )
        .bind(transaction)
        .bind(id),
    )?;
    destroyed.iter().map(|row| column(row, 0)).collect()
}

/// Saves another state, period and wrapped form of a key that is there.
pub(crate) fn change(
    rows: &mut Rows,
    key: &StoredKey,
    transaction: &str,
) -> Result<(), StoreError> {
    rows.run(
        query(
            "UPDATE keys SET stage = $1, wrapped = $2, kek = $3, fingerprint = $4, since = $5, \
             until = $6, changed_by = $7 WHERE id = $8 AND state = 'active'",
        )
        .bind(key.stage.as_str())
        .bind(key.wrapped.as_deref())
        .bind(key.kek.as_deref())
        .bind(key.fingerprint.as_deref())
        .bind(key.since)
        .bind(key.until)
        .bind(transaction)
        .bind(key.id.as_str()),
    )?;
    Ok(())
}

/// The key of the records.
pub(crate) fn of_records(rows: &mut Rows) -> Result<Option<StoredKey>, StoreError> {
    let row = rows.one(query(SELECT_OF_RECORDS))?;
    row.as_ref().map(stored_key).transpose()
}

/// The data key of a dataset, or else its newest destroyed one.
pub(crate) fn of_dataset(rows: &mut Rows, dataset: &str) -> Result<Option<StoredKey>, StoreError> {
    let row = rows.one(query(SELECT_OF_DATASET).bind(dataset))?;
    row.as_ref().map(stored_key).transpose()
}

/// The keys of a dataset's classes that are there.
pub(crate) fn of_classes(rows: &mut Rows, dataset: &str) -> Result<Vec<StoredKey>, StoreError> {
    let rows = rows.all(query(SELECT_OF_CLASSES).bind(dataset))?;
    rows.iter().map(stored_key).collect()
}

/// A key by its id.
pub(crate) fn find(rows: &mut Rows, id: &str) -> Result<Option<StoredKey>, StoreError> {
    let row = rows.one(query(SELECT_BY_ID).bind(id))?;
    row.as_ref().map(stored_key).transpose()
}

/// All keys, oldest first.
pub(crate) fn all(rows: &mut Rows) -> Result<Vec<StoredKey>, StoreError> {
    let rows = rows.all(query(SELECT_ALL))?;
    rows.iter().map(stored_key).collect()
}

/// The highest version of a dataset's data key, 0 when there was none.
pub(crate) fn newest_version(rows: &mut Rows, dataset: &str) -> Result<u32, StoreError> {
    let row = rows.one(
        query("SELECT coalesce(max(version), 0) FROM keys WHERE dataset = $1 AND class IS NULL")
            .bind(dataset),
    )?;
    let newest = row.map_or(Ok(0), |row| count(&row, 0))?;
    Ok(u32::try_from(newest).unwrap_or(u32::MAX))
}

/// How many keys are wrapped under another key-encryption key than this.
pub(crate) fn count_outdated(rows: &mut Rows, kek: &str) -> Result<u64, StoreError> {
    let row = rows.one(query(COUNT_OUTDATED).bind(kek))?;
    row.map_or(Ok(0), |row| count(&row, 0))
}

/// The next keys behind `after` that are wrapped under another key-encryption key than this.
pub(crate) fn outdated(
    rows: &mut Rows,
    kek: &str,
    after: i64,
    limit: u32,
) -> Result<Vec<Outdated>, StoreError> {
    let rows = rows.all(
        query(SELECT_OUTDATED)
            .bind(kek)
            .bind(after)
            .bind(i64::from(limit)),
    )?;
    rows.iter()
        .map(|row| {
            Ok(Outdated {
                key: stored_key(row)?,
                row: column(row, 11)?,
            })
        })
        .collect()
}

/// Saves what keys are wrapped in from now on, all with one statement.
pub(crate) fn rewrap(rows: &mut Rows, kek: &str, anew: &[Anew]) -> Result<u64, StoreError> {
    let numbers: Vec<i64> = anew.iter().map(|one| one.row).collect();
    let wrapped: Vec<String> = anew.iter().map(|one| one.wrapped.clone()).collect();
    let fingerprints: Vec<String> = anew.iter().map(|one| one.fingerprint.clone()).collect();
    rows.run(
        query(
            "UPDATE keys SET wrapped = anew.wrapped, fingerprint = anew.fingerprint, kek = $4 \
             FROM unnest($1::bigint[], $2::text[], $3::text[]) \
               AS anew (number, wrapped, fingerprint) \
             WHERE keys.number = anew.number",
        )
        .bind(numbers)
        .bind(wrapped)
        .bind(fingerprints)
        .bind(kek),
    )
}

fn stored_key(row: &PgRow) -> Result<StoredKey, StoreError> {
    Ok(StoredKey {
        id: column(row, 0)?,
        dataset: column(row, 1)?,
        class: column(row, 2)?,
        version: u32::try_from(count(row, 3)?).unwrap_or(u32::MAX),
        stage: column(row, 4)?,
        wrapped: column(row, 5)?,
        kek: column(row, 6)?,
        fingerprint: column(row, 7)?,
        since: column(row, 8)?,
        until: column(row, 9)?,
        created_by: column(row, 10)?,
    })
}

macro_rules! select {
    ($($rest:literal)+) => {
        concat!(
            "SELECT id, dataset, class, version, stage, wrapped, kek, fingerprint, since, until, \
             created_by, number FROM keys ",
            $($rest),+
        )
    };
}

const SELECT_OF_RECORDS: &str = select!("WHERE dataset IS NULL");
const SELECT_OF_DATASET: &str =
    select!("WHERE dataset = $1 AND class IS NULL ORDER BY state, number DESC LIMIT 1");
const SELECT_OF_CLASSES: &str =
    select!("WHERE dataset = $1 AND class IS NOT NULL AND state = 'active' ORDER BY class");
const SELECT_BY_ID: &str = select!("WHERE id = $1");
const SELECT_ALL: &str = select!("ORDER BY number");
const SELECT_OUTDATED: &str = select!(
    "WHERE state = 'active' AND class IS NULL AND kek IS DISTINCT FROM $1 AND number > $2 \
     ORDER BY number LIMIT $3"
);
const COUNT_OUTDATED: &str = "SELECT count(*) FROM keys \
     WHERE state = 'active' AND class IS NULL AND kek IS DISTINCT FROM $1";
