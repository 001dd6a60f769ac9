//! Whether new data still look like the training data: population stability and Kolmogorov-Smirnov.

mod baseline;
mod compare;
mod noisy;
mod performance;
mod shannon;
mod stream;

use domain::{Code, Explain};
use thiserror::Error;

use crate::{codes, features::EncodeError};

pub use baseline::{Baseline, ColumnBaseline};
pub use compare::{ColumnDrift, DriftVerdict, Kolmogorov, Stability};
pub use noisy::{Counting, NoisyDrift};
pub use performance::{Calibration, Estimated, estimate};
pub use shannon::Divergence;
pub use stream::{Adwin, Changes, Cusum};

/// Why a table could not be compared.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum DriftError {
    /// The table does not fit the baseline's columns.
    #[error(transparent)]
    Table(#[from] EncodeError),
    /// Too few rows to say anything.
    #[error("the comparison needs at least {needed} rows, found {found}")]
    TooFew {
        /// The least.
        needed: u64,
        /// What there was.
        found: u64,
    },
    /// The noise multiplier is out of range.
    #[error("the noise of the counts is out of range for so many columns")]
    Noise,
}

impl Explain for DriftError {
    fn code(&self) -> Code {
        match self {
            Self::Table(error) => error.code(),
            Self::TooFew { .. } | Self::Noise => codes::DRIFT,
        }
    }

    fn help(&self) -> String {
        match self {
            Self::Table(error) => error.help(),
            Self::TooFew { .. } => "collect more rows before comparing".into(),
            Self::Noise => "ask for a larger epsilon".into(),
        }
    }
}
