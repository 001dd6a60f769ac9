use domain::{Code, Explain};
use thiserror::Error;

use crate::{accountant::CalibrationError, codes};

/// Why a statistic cannot be planned or released.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum StatisticError {
    /// The bound on a person's rows is missing or too large.
    #[error("the most rows of a person must lie between 1 and 10000")]
    Rows,
    /// The bounds are no interval.
    #[error("the bounds must be finite numbers, the smaller one first")]
    Bounds,
    /// The rank or the number of candidates is out of range.
    #[error("a quantile needs a share between 0 and 1 and 2 to 10000 candidates")]
    Quantile,
    /// A quantile with a delta.
    #[error("a quantile is released with a pure epsilon; it takes no delta")]
    PureOnly,
    /// No cells, or too many.
    #[error("a table of counts needs 1 to 100000 cells")]
    Cells,
    /// Numbers were expected.
    #[error("this statistic reads numbers")]
    Numbers,
    /// No noise reaches the asked privacy.
    #[error(transparent)]
    Calibration(#[from] CalibrationError),
    /// The library cannot make the noise.
    #[error("the noise could not be made: {0}")]
    Noise(&'static str),
    /// The library proves less than is charged.
    #[error("the noise is not proven to keep what would be charged")]
    Unproven,
}

impl Explain for StatisticError {
    fn code(&self) -> Code {
        match self {
            Self::Calibration(error) => error.code(),
            Self::Noise(_) | Self::Unproven => codes::STATISTIC_NOISE,
            _ => codes::STATISTIC,
        }
    }

    fn help(&self) -> String {
        match self {
            Self::Rows => "say how many rows of one person may count, without looking at the data",
            Self::Bounds => "give bounds that are known without looking at the data",
            Self::Quantile => "use a share such as 0.5 for the median",
            Self::PureOnly => "leave the delta out",
            Self::Cells => "name fewer categories or edges",
            Self::Numbers => "name a column of numbers",
            Self::Calibration(error) => return error.help(),
            Self::Noise(_) | Self::Unproven => {
                "nothing was released; this is a bug worth reporting"
            }
        }
        .into()
    }
}
