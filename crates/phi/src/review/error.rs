use domain::{Code, Explain};
use thiserror::Error;

use crate::codes;

/// Why a sheet is refused. Rows count from 1, the heading included; no message shows a value.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReviewError {
    /// A row is not as it was written, or has a verdict that there is not.
    #[error("`{file}` row {row}: {reason}")]
    Row {
        /// The name of the file.
        file: String,
        /// The row.
        row: usize,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The heading lacks a column.
    #[error("`{file}` has no column `{column}`")]
    Column {
        /// The name of the file.
        file: String,
        /// The column.
        column: &'static str,
    },
}

impl Explain for ReviewError {
    fn code(&self) -> Code {
        codes::REVIEW
    }

    fn help(&self) -> String {
        match self {
            Self::Row { .. } => {
                "fill in `verdict`, `true_start`, `true_end` and `true_label` only, and add rows of \
                 the kind `miss`; see docs/stages/4-deidentify.md"
            }
            Self::Column { .. } => "keep the heading that `cloister deid review` wrote",
        }
        .to_owned()
    }
}
