//! One record of CSV: where it ends and where its fields stand.

use std::ops::Range;

use memchr::{memchr, memchr3};

use super::dialect::Dialect;
use crate::{Limits, ReadErrorKind};

/// Where a field stands in its record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Field {
    start: usize,
    end: usize,
    /// Quotes inside stand twice.
    pub(crate) escaped: bool,
}

impl Field {
    pub(crate) fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

/// How far the bytes go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scan {
    /// A whole record of `length` bytes; the next one begins at `next`.
    Whole { length: usize, next: usize },
    /// The record goes on after the last byte.
    Partial,
}

/// What is wrong, and at which byte.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) kind: ReadErrorKind,
    pub(crate) at: usize,
}

/// Splits the record at the beginning of `bytes` (RFC 4180, strictly) into `fields`; `ended` says
/// that no bytes follow.
pub(crate) fn scan(
    bytes: &[u8],
    ended: bool,
    dialect: Dialect,
    limits: &Limits,
    fields: &mut Vec<Field>,
) -> Result<Scan, Fault> {
    fields.clear();
    let mut at = 0;
    loop {
        if dialect.spaced && !fields.is_empty() && bytes.get(at) == Some(&b' ') {
            at += 1;
        }
        let (field, end) = match bytes.get(at) {
            Some(b'"') => quoted(bytes, at, ended, dialect.delimiter)?,
            _ => bare(bytes, at, ended, dialect.delimiter)?,
        };
        refuse_long(&field, limits)?;
        if fields.len() == limits.columns {
            let limit = limits.columns;
            let kind = ReadErrorKind::TooManyColumns { limit };
            return Err(Fault { kind, at });
        }
        fields.push(field);
        match end {
            End::Field(next) => at = next,
            End::Record { length, next } => return Ok(Scan::Whole { length, next }),
            End::Open => return Ok(Scan::Partial),
        }
    }
}

/// What follows a field.
enum End {
    Field(usize),
    Record { length: usize, next: usize },
    Open,
}

fn bare(bytes: &[u8], start: usize, ended: bool, delimiter: u8) -> Result<(Field, End), Fault> {
    let rest = bytes.get(start..).unwrap_or_default();
    let end = start + plain_length(rest, delimiter);
    let next = match bytes.get(end..).unwrap_or_default() {
        [b'"', ..] => return Err(fault(ReadErrorKind::StrayQuote, end)),
        [b'\n', ..] => record(end, end + 1),
        [b'\r', b'\n', ..] => record(end, end + 2),
        [b'\r'] if ended => record(end, end + 1),
        [b'\r', _, ..] => return Err(fault(ReadErrorKind::StrayReturn, end)),
        [] if ended => record(end, end),
        [] | [b'\r'] => End::Open,
        _ => End::Field(end + 1),
    };
    Ok((field(start, end, false), next))
}

/// Bytes before the next delimiter, quote or line end; most fields are short, so the first few
/// bytes are looked at one by one.
fn plain_length(bytes: &[u8], delimiter: u8) -> usize {
    let (near, far) = bytes.split_at_checked(SHORT).unwrap_or((bytes, &[]));
    let special = |byte: &u8| matches!(*byte, b'\n' | b'"' | b'\r') || *byte == delimiter;
    near.iter().position(special).unwrap_or_else(|| {
        let length = memchr3(delimiter, b'\n', b'"', far).unwrap_or(far.len());
        let far = far.get(..length).unwrap_or_default();
        near.len() + memchr(b'\r', far).unwrap_or(length)
    })
}

fn record(length: usize, next: usize) -> End {
    End::Record { length, next }
}

fn quoted(bytes: &[u8], open: usize, ended: bool, delimiter: u8) -> Result<(Field, End), Fault> {
    let start = open + 1;
    let (mut from, mut escaped) = (start, false);
    loop {
        let rest = bytes.get(from..).unwrap_or_default();
        let Some(length) = memchr(b'"', rest) else {
            return if ended {
                Err(fault(ReadErrorKind::OpenQuote, open))
            } else {
                Ok((field(start, bytes.len(), escaped), End::Open))
            };
        };
        let close = from + length;
        if bytes.get(close + 1) == Some(&b'"') {
            (from, escaped) = (close + 2, true);
            continue;
        }
        let end = after_quote(bytes, close + 1, ended, delimiter)
            .ok_or_else(|| fault(ReadErrorKind::StrayQuote, close))?;
        return Ok((field(start, close, escaped), end));
    }
}

/// What stands at `at`, right after a closing quote; none if it is text.
fn after_quote(bytes: &[u8], at: usize, ended: bool, delimiter: u8) -> Option<End> {
    match bytes.get(at..).unwrap_or_default() {
        [] if ended => Some(record(at, at)),
        [b'\r'] if ended => Some(record(at, at + 1)),
        [] | [b'\r'] => Some(End::Open),
        [b'\n', ..] => Some(record(at, at + 1)),
        [b'\r', b'\n', ..] => Some(record(at, at + 2)),
        [byte, ..] if *byte == delimiter => Some(End::Field(at + 1)),
        _ => None,
    }
}

fn refuse_long(field: &Field, limits: &Limits) -> Result<(), Fault> {
    let limit = limits.field_bytes;
    if field.end - field.start > limit {
        Err(fault(ReadErrorKind::FieldTooLong { limit }, field.start))
    } else {
        Ok(())
    }
}

fn field(start: usize, end: usize, escaped: bool) -> Field {
    Field {
        start,
        end,
        escaped,
    }
}

fn fault(kind: ReadErrorKind, at: usize) -> Fault {
    Fault { kind, at }
}

/// Bytes after which a vector search pays.
const SHORT: usize = 24;
