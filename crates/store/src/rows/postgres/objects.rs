//! SQL of the kept objects, for PostgreSQL.

use domain::Digest;
use sqlx::{postgres::PgRow, query};

use super::{Rows, column, count, integer};
use crate::{StoreError, rows::objects::KeptObject};

pub(crate) fn insert(rows: &mut Rows, object: &KeptObject) -> Result<(), StoreError> {
    rows.run(
        query(
            "INSERT INTO objects (digest, key, context, plain_len, sealed_len, segments, kept_by) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(object.digest.to_string())
        .bind(object.key.as_str())
        .bind(object.context.as_str())
        .bind(integer(object.plain_len))
        .bind(integer(object.sealed_len))
        .bind(object.segments.as_slice())
        .bind(object.kept_by.as_str()),
    )?;
    Ok(())
}

pub(crate) fn find(rows: &mut Rows, digest: &Digest) -> Result<Option<KeptObject>, StoreError> {
    let row = rows.one(
        query(
            "SELECT digest, key, context, plain_len, sealed_len, segments, kept_by \
             FROM objects WHERE digest = $1",
        )
        .bind(digest.to_string()),
    )?;
    row.as_ref().map(kept_object).transpose()
}

/// All kept objects by digest.
pub(crate) fn all(rows: &mut Rows) -> Result<Vec<KeptObject>, StoreError> {
    let rows = rows.all(query(
        "SELECT digest, key, context, plain_len, sealed_len, segments, kept_by \
         FROM objects ORDER BY digest",
    ))?;
    rows.iter().map(kept_object).collect()
}

fn kept_object(row: &PgRow) -> Result<KeptObject, StoreError> {
    let digest: String = column(row, 0)?;
    Ok(KeptObject {
        digest: digest.parse().map_err(|_| StoreError::RowsAltered {
            what: "the name of an object is not a digest".to_owned(),
        })?,
        key: column(row, 1)?,
        context: column(row, 2)?,
        plain_len: count(row, 3)?,
        sealed_len: count(row, 4)?,
        segments: column(row, 5)?,
        kept_by: column(row, 6)?,
    })
}
