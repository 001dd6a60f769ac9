//! SQL of the wrapped keys.

use sqlx::{query, sqlite::SqliteRow};

use super::{Rows, column, count};
use crate::StoreError;

/// A key as it stands in the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoredKey {
    pub(crate) id: String,
    /// `None` for the key of the records.
    pub(crate) dataset: Option<String>,
    /// `None` for the data key itself.
    pub(crate) class: Option<String>,
    pub(crate) version: u32,
    /// Its state under NIST SP 800-57.
    pub(crate) stage: String,
    /// The wrapped key as text; `None` when it was destroyed.
    pub(crate) wrapped: Option<String>,
    /// What it is wrapped under; `None` in rows of the first schema that were not wrapped anew.
    pub(crate) kek: Option<String>,
    /// 32 hexadecimal digits; `None` like `kek`.
    pub(crate) fingerprint: Option<String>,
    /// From when it may seal, in milliseconds.
    pub(crate) since: Option<i64>,
    /// Until when, in milliseconds.
    pub(crate) until: Option<i64>,
    pub(crate) created_by: Option<String>,
}

/// A key that is to be wrapped anew, with its place in the table.
#[derive(Debug)]
pub(crate) struct Outdated {
    pub(crate) row: i64,
    pub(crate) key: StoredKey,
}

/// What a key is wrapped in from now on.
#[derive(Debug)]
pub(crate) struct Anew {
    pub(crate) row: i64,
    pub(crate) wrapped: String,
    pub(crate) fingerprint: String,
}

pub(crate) fn insert(rows: &mut Rows, key: &StoredKey) -> Result<(), StoreError> {
    rows.run(
        query(
            "INSERT INTO keys (id, dataset, class, version, state, stage, wrapped, kek, \
             fingerprint, since, until, created_by) \
             VALUES (?, ?, ?, ?, 'active', ?, ?, ?, ?, ?, ?, ?)",
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
             destroyed_by = ?1 \
             WHERE state = 'active' AND dataset IS NOT NULL AND (id = ?2 OR class IS NOT NULL \
               AND dataset = (SELECT d.dataset FROM keys d WHERE d.id = ?2 AND d.class IS NULL)) \
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
            "UPDATE keys SET stage = ?, wrapped = ?, kek = ?, fingerprint = ?, since = ?, \
             until = ?, changed_by = ? WHERE id = ? AND state = 'active'",
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
        query("SELECT coalesce(max(version), 0) FROM keys WHERE dataset = ? AND class IS NULL")
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
///
/// They come as one document: handing each row from the database's thread to this one costs more
/// than all the rest of wrapping it anew.
pub(crate) fn outdated(
    rows: &mut Rows,
    kek: &str,
    after: i64,
    limit: u32,
) -> Result<Vec<Outdated>, StoreError> {
    let query = query(SELECT_OUTDATED)
        .bind(kek)
        .bind(after)
        .bind(i64::from(limit));
    let document = rows.text(query)?;
    let found: Vec<Listed> =
        serde_json::from_str(&document).map_err(|_| StoreError::RowsAltered {
            what: "a key is not in the form this program writes".to_owned(),
        })?;
    Ok(found.into_iter().map(Outdated::from).collect())
}

/// A key as a line of [`SELECT_OUTDATED`], column by column.
type Listed = (
    i64,
    String,
    Option<String>,
    u32,
    String,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<i64>,
    Option<i64>,
    Option<String>,
);

impl From<Listed> for Outdated {
    fn from(listed: Listed) -> Self {
        let (row, id, dataset, version, stage, wrapped, kek, fingerprint, since, until, made) =
            listed;
        Self {
            row,
            key: StoredKey {
                id,
                dataset,
                class: None,
                version,
                stage,
                wrapped,
                kek,
                fingerprint,
                since,
                until,
                created_by: made,
            },
        }
    }
}

/// Saves what keys are wrapped in from now on, all with one statement.
pub(crate) fn rewrap(rows: &mut Rows, kek: &str, anew: &[Anew]) -> Result<u64, StoreError> {
    let list: Vec<(i64, &str, &str)> = anew
        .iter()
        .map(|one| (one.row, one.wrapped.as_str(), one.fingerprint.as_str()))
        .collect();
    let list = serde_json::to_string(&list).unwrap_or_default();
    rows.run(
        query(
            "UPDATE keys SET wrapped = anew.wrapped, fingerprint = anew.fingerprint, kek = ?2 \
             FROM (SELECT value ->> 0 AS row, value ->> 1 AS wrapped, value ->> 2 AS fingerprint \
                   FROM json_each(?1)) AS anew \
             WHERE keys.rowid = anew.row",
        )
        .bind(list)
        .bind(kek),
    )
}

fn stored_key(row: &SqliteRow) -> Result<StoredKey, StoreError> {
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
             created_by FROM keys ",
            $($rest),+
        )
    };
}

const SELECT_OF_RECORDS: &str = select!("WHERE dataset IS NULL");
const SELECT_OF_DATASET: &str =
    select!("WHERE dataset = ? AND class IS NULL ORDER BY state, rowid DESC LIMIT 1");
const SELECT_OF_CLASSES: &str =
    select!("WHERE dataset = ? AND class IS NOT NULL AND state = 'active' ORDER BY class");
const SELECT_BY_ID: &str = select!("WHERE id = ?");
const SELECT_ALL: &str = select!("ORDER BY rowid");
const SELECT_OUTDATED: &str = "SELECT json_group_array(json_array(row, id, dataset, version, stage, \
     wrapped, kek, fingerprint, since, until, created_by)) \
     FROM (SELECT rowid AS row, * FROM keys \
       WHERE state = 'active' AND class IS NULL AND kek IS NOT ? AND rowid > ? \
       ORDER BY rowid LIMIT ?)";
const COUNT_OUTDATED: &str =
    "SELECT count(*) FROM keys WHERE state = 'active' AND class IS NULL AND kek IS NOT ?";
