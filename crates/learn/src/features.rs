//! From columns of text or numbers to rows of features, by public bounds and lists only.
//!
//! Means, deviations and category lists taken from the data would themselves reveal the data; here
//! the plan states bounds and lists, and nothing is learnt from the rows.

mod design;
mod encoding;
mod expansion;
mod spec;
pub mod survey;

use domain::{Code, Explain};
use thiserror::Error;

use crate::codes;

pub use design::Design;
pub use encoding::{Values, encode, encode_features, encode_target, number_persons};
pub use expansion::Expansion;
pub use spec::{Feature, FeatureSpec, MAX_DIMENSION, Scale, Target};

/// Why a table could not be encoded.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum EncodeError {
    /// The feature list names nothing, or the same column twice, or too much.
    #[error("the feature list is not usable: {reason}")]
    Spec {
        /// Which rule it breaks.
        reason: &'static str,
    },
    /// The bounds of a number are not finite or not in order.
    #[error("the bounds of column `{column}` must be finite numbers, the smaller one first")]
    Bounds {
        /// The column.
        column: String,
    },
    /// The table has no such column.
    #[error("the table has no column `{column}`")]
    Missing {
        /// The column.
        column: String,
    },
    /// A column is longer or shorter than the others.
    #[error("column `{column}` has {found} rows, expected {expected}")]
    Length {
        /// The column.
        column: String,
        /// Its rows.
        found: usize,
        /// The rows of the first column.
        expected: usize,
    },
    /// A cell of a number column is not a finite number.
    #[error("column `{column}` holds something other than a number in row {row}")]
    NotANumber {
        /// The column.
        column: String,
        /// The row, counted from 0.
        row: usize,
    },
    /// A row has no label.
    #[error("the target column is empty in row {row}")]
    NoTarget {
        /// The row, counted from 0.
        row: usize,
    },
    /// A row belongs to nobody.
    #[error("the person column is empty in row {row}")]
    NoPerson {
        /// The row, counted from 0.
        row: usize,
    },
    /// More rows than a 32-bit index can name.
    #[error("the table has more rows than can be trained on at once")]
    TooManyRows,
}

impl Explain for EncodeError {
    fn code(&self) -> Code {
        match self {
            Self::Spec { .. } | Self::Bounds { .. } => codes::SPEC,
            _ => codes::COLUMNS,
        }
    }

    fn help(&self) -> String {
        match self {
            Self::Spec { .. } | Self::Bounds { .. } => "correct the feature list of the study",
            Self::NoPerson { .. } => "give every row a person, or train without a person column",
            _ => "correct the table, or leave the column out of the feature list",
        }
        .into()
    }
}
