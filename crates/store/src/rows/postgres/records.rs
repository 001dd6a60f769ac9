//! SQL of the records, for PostgreSQL.

use sqlx::{postgres::PgRow, query};

use super::{Rows, column, count, integer};
use crate::{
    Noun, Position, StoreError,
    record::Place,
    rows::records::{AnyRecord, SealedRecord},
};

/// The newest revision's number, 0 when there is none.
pub(crate) fn newest(rows: &mut Rows, noun: Noun, id: &str) -> Result<u64, StoreError> {
    let row = rows.one(
        query("SELECT coalesce(max(revision), 0) FROM records WHERE noun = $1 AND id = $2")
            .bind(noun.word())
            .bind(id),
    )?;
    row.map_or(Ok(0), |row| count(&row, 0))
}

pub(crate) fn insert(
    rows: &mut Rows,
    place: Place<'_>,
    sealed: &[u8],
    transaction: &str,
) -> Result<(), StoreError> {
    rows.run(
        query("INSERT INTO records (noun, id, revision, sealed, saved_by) VALUES ($1, $2, $3, $4, $5)")
            .bind(place.noun.word())
            .bind(place.id)
            .bind(integer(place.revision))
            .bind(sealed)
            .bind(transaction),
    )?;
    Ok(())
}

/// The newest revision of one record.
pub(crate) fn find(
    rows: &mut Rows,
    noun: Noun,
    id: &str,
) -> Result<Option<SealedRecord>, StoreError> {
    let row = rows.one(
        query(
            "SELECT r.id, r.revision, r.sealed, c.position \
             FROM records r LEFT JOIN commits c ON c.transaction_id = r.saved_by \
             WHERE r.noun = $1 AND r.id = $2 ORDER BY r.revision DESC LIMIT 1",
        )
        .bind(noun.word())
        .bind(id),
    )?;
    row.as_ref().map(sealed_record).transpose()
}

/// The newest revision of every record of a noun, by id.
pub(crate) fn list(rows: &mut Rows, noun: Noun) -> Result<Vec<SealedRecord>, StoreError> {
    let rows = rows.all(
        query(
            "SELECT DISTINCT ON (r.id) r.id, r.revision, r.sealed, c.position \
             FROM records r LEFT JOIN commits c ON c.transaction_id = r.saved_by \
             WHERE r.noun = $1 ORDER BY r.id, r.revision DESC",
        )
        .bind(noun.word()),
    )?;
    rows.iter().map(sealed_record).collect()
}

/// All revisions of one record, oldest first.
pub(crate) fn history(
    rows: &mut Rows,
    noun: Noun,
    id: &str,
) -> Result<Vec<SealedRecord>, StoreError> {
    let rows = rows.all(
        query(
            "SELECT r.id, r.revision, r.sealed, c.position \
             FROM records r LEFT JOIN commits c ON c.transaction_id = r.saved_by \
             WHERE r.noun = $1 AND r.id = $2 ORDER BY r.revision",
        )
        .bind(noun.word())
        .bind(id),
    )?;
    rows.iter().map(sealed_record).collect()
}

/// Every revision of every record.
pub(crate) fn every(rows: &mut Rows) -> Result<Vec<AnyRecord>, StoreError> {
    let rows = rows.all(query("SELECT noun, id, revision, sealed FROM records"))?;
    rows.iter()
        .map(|row| {
            Ok(AnyRecord {
                noun: column(row, 0)?,
                id: column(row, 1)?,
                revision: count(row, 2)?,
                sealed: column(row, 3)?,
            })
        })
        .collect()
}

fn sealed_record(row: &PgRow) -> Result<SealedRecord, StoreError> {
    let position: Option<i64> = column(row, 3)?;
    Ok(SealedRecord {
        id: column(row, 0)?,
        revision: count(row, 1)?,
        sealed: column(row, 2)?,
        position: position
            .and_then(|position| u64::try_from(position).ok())
            .map(Position),
    })
}
