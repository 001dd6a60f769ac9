//! A column under construction, of one of the four types.

use std::sync::Arc;

use arrow_array::{
    ArrayRef,
    builder::{BooleanBuilder, Float64Builder, Int64Builder, StringBuilder},
};
use arrow_schema::DataType;
use serde_json::Value;

/// Which of the four types a column has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Text,
    Integer,
    Number,
    Flag,
}

impl Kind {
    pub(crate) fn data_type(self) -> DataType {
        match self {
            Self::Text => DataType::Utf8,
            Self::Integer => DataType::Int64,
            Self::Number => DataType::Float64,
            Self::Flag => DataType::Boolean,
        }
    }
}

/// The cells of one column.
#[derive(Debug)]
pub(crate) enum Cells {
    Text(StringBuilder),
    Integer(Int64Builder),
    Number(Float64Builder),
    Flag(BooleanBuilder),
}

impl Cells {
    pub(crate) fn new(kind: Kind) -> Self {
        match kind {
            Kind::Text => Self::Text(StringBuilder::new()),
            Kind::Integer => Self::Integer(Int64Builder::new()),
            Kind::Number => Self::Number(Float64Builder::new()),
            Kind::Flag => Self::Flag(BooleanBuilder::new()),
        }
    }

    /// Appends `value`; in a text column whatever is not a string becomes its JSON text, in the
    /// others what does not fit becomes null.
    pub(crate) fn push(&mut self, value: Option<&Value>) {
        match (self, value) {
            (Self::Text(cells), Some(Value::String(text))) => cells.append_value(text),
            (Self::Text(cells), None | Some(Value::Null)) => cells.append_null(),
            (Self::Text(cells), Some(other)) => cells.append_value(other.to_string()),
            (Self::Integer(cells), value) => cells.append_option(value.and_then(Value::as_i64)),
            (Self::Number(cells), value) => cells.append_option(value.and_then(Value::as_f64)),
            (Self::Flag(cells), value) => cells.append_option(value.and_then(Value::as_bool)),
        }
    }

    pub(crate) fn finish(self) -> ArrayRef {
        match self {
            Self::Text(mut cells) => Arc::new(cells.finish()),
            Self::Integer(mut cells) => Arc::new(cells.finish()),
            Self::Number(mut cells) => Arc::new(cells.finish()),
            Self::Flag(mut cells) => Arc::new(cells.finish()),
        }
    }
}
