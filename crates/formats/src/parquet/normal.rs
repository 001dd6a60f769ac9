//! From any Parquet type to one of the four.

use std::sync::Arc;

use arrow_array::{
    Array, ArrayRef, BinaryArray, FixedSizeBinaryArray, StringArray, UInt64Array,
    builder::StringBuilder,
    cast::AsArray,
    types::{
        Int64Type, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
        TimestampSecondType, UInt64Type,
    },
};
use arrow_cast::{CastOptions, cast_with_options};
use arrow_schema::{DataType, TimeUnit};

use super::nested::{self, Shape};
use crate::cells::Kind;

/// How one column becomes one of the four types.
#[derive(Debug)]
pub(super) enum Normal {
    /// By the usual cast.
    Cast(Kind),
    /// Unsigned 64-bit integers that must fit a signed one.
    Unsigned,
    /// Bytes that must be UTF-8.
    Bytes,
    /// Lists, maps and groups, as JSON text.
    Json(Shape),
}

/// A value that does not fit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Misfit {
    pub(super) index: usize,
    pub(super) target: &'static str,
}

impl Normal {
    pub(super) fn data_type(&self) -> DataType {
        match self {
            Self::Cast(kind) => kind.data_type(),
            Self::Unsigned => DataType::Int64,
            Self::Bytes | Self::Json(_) => DataType::Utf8,
        }
    }

    pub(super) fn apply(&self, array: &ArrayRef) -> Result<ArrayRef, Misfit> {
        match self {
            Self::Cast(kind) => converted(array, *kind),
            Self::Unsigned => signed(array.as_primitive::<UInt64Type>()),
            Self::Bytes => text(array),
            Self::Json(shape) => nested::json_text(shape, array),
        }
    }
}

/// The way for a column of `data_type`, or the name of what has none.
pub(super) fn plan(data_type: &DataType, depth: usize) -> Result<Normal, &'static str> {
    Ok(match data_type {
        DataType::Boolean => Normal::Cast(Kind::Flag),
        DataType::Int8
        | DataType::Int16
        | DataType::Int32
        | DataType::Int64
        | DataType::UInt8
        | DataType::UInt16
        | DataType::UInt32 => Normal::Cast(Kind::Integer),
        DataType::UInt64 => Normal::Unsigned,
        DataType::Decimal32(digits, 0)
        | DataType::Decimal64(digits, 0)
        | DataType::Decimal128(digits, 0)
            if *digits <= 18 =>
        {
            Normal::Cast(Kind::Integer)
        }
        DataType::Float16
        | DataType::Float32
        | DataType::Float64
        | DataType::Decimal32(..)
        | DataType::Decimal64(..)
        | DataType::Decimal128(..)
        | DataType::Decimal256(..) => Normal::Cast(Kind::Number),
        DataType::Utf8
        | DataType::Date32
        | DataType::Date64
        | DataType::Time32(_)
        | DataType::Time64(_)
        | DataType::Timestamp(..)
        | DataType::Null => Normal::Cast(Kind::Text),
        DataType::Binary | DataType::FixedSizeBinary(_) => Normal::Bytes,
        nested => Normal::Json(Shape::of(nested, depth)?),
    })
}

/// A cast that refuses what does not fit instead of making it null.
fn converted(array: &ArrayRef, kind: Kind) -> Result<ArrayRef, Misfit> {
    let target = match kind {
        Kind::Text => "an ISO 8601 date and time",
        Kind::Integer => "64-bit integers",
        Kind::Number => "64-bit numbers",
        Kind::Flag => "booleans",
    };
    let options = CastOptions {
        safe: false,
        ..CastOptions::default()
    };
    cast_with_options(&in_utc(array), &kind.data_type(), &options)
        .map_err(|_| Misfit { index: 0, target })
}

/// The same instants in a time zone that needs no table of zones.
fn in_utc(array: &ArrayRef) -> ArrayRef {
    const UTC: &str = "+00:00";
    let DataType::Timestamp(unit, Some(_)) = array.data_type() else {
        return ArrayRef::clone(array);
    };
    macro_rules! tagged {
        ($unit:ty) => {
            Arc::new(array.as_primitive::<$unit>().clone().with_timezone(UTC))
        };
    }
    match unit {
        TimeUnit::Second => tagged!(TimestampSecondType),
        TimeUnit::Millisecond => tagged!(TimestampMillisecondType),
        TimeUnit::Microsecond => tagged!(TimestampMicrosecondType),
        TimeUnit::Nanosecond => tagged!(TimestampNanosecondType),
    }
}

fn signed(array: &UInt64Array) -> Result<ArrayRef, Misfit> {
    let misfit = array
        .iter()
        .position(|value| value.is_some_and(|value| i64::try_from(value).is_err()));
    match misfit {
        Some(index) => Err(Misfit {
            index,
            target: "64-bit integers",
        }),
        None => Ok(Arc::new(array.unary::<_, Int64Type>(u64::cast_signed))),
    }
}

fn text(array: &ArrayRef) -> Result<ArrayRef, Misfit> {
    if let Some(bytes) = array.as_any().downcast_ref::<BinaryArray>() {
        return strings(bytes.len(), bytes.iter());
    }
    match array.as_any().downcast_ref::<FixedSizeBinaryArray>() {
        Some(bytes) => strings(bytes.len(), bytes.iter()),
        None => Ok(Arc::new(StringArray::new_null(array.len()))),
    }
}

fn strings<'b>(
    length: usize,
    values: impl Iterator<Item = Option<&'b [u8]>>,
) -> Result<ArrayRef, Misfit> {
    let mut cells = StringBuilder::with_capacity(length, length);
    for (index, value) in values.enumerate() {
        let target = "UTF-8 text";
        let text = value.map(std::str::from_utf8).transpose();
        cells.append_option(text.map_err(|_| Misfit { index, target })?);
    }
    Ok(Arc::new(cells.finish()))
}
