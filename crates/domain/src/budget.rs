use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A number that cannot be a privacy parameter.
#[derive(Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum BudgetError {
    /// Epsilon outside `(0, 1000]`.
    #[error("epsilon must be a finite number above 0 and at most 1000")]
    Epsilon,
    /// Delta outside `(0, 1)`.
    #[error("delta must be a number above 0 and below 1")]
    Delta,
}

/// The epsilon of (epsilon, delta)-differential privacy: finite, above 0, at most 1000.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Epsilon(f64);

/// The delta of (epsilon, delta)-differential privacy: above 0, below 1.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Delta(f64);

impl Epsilon {
    /// Refuses what is not a finite number in `(0, 1000]`.
    pub fn new(value: f64) -> Result<Self, BudgetError> {
        if value.is_finite() && value > 0.0 && value <= 1000.0 {
            Ok(Self(value))
        } else {
            Err(BudgetError::Epsilon)
        }
    }

    /// The number.
    pub const fn value(self) -> f64 {
        self.0
    }
}

impl Delta {
    /// Refuses what is not a number in `(0, 1)`.
    pub fn new(value: f64) -> Result<Self, BudgetError> {
        if value > 0.0 && value < 1.0 {
            Ok(Self(value))
        } else {
            Err(BudgetError::Delta)
        }
    }

    /// The number.
    pub const fn value(self) -> f64 {
        self.0
    }
}

macro_rules! number {
    ($name:ident) => {
        impl TryFrom<f64> for $name {
            type Error = BudgetError;
            fn try_from(value: f64) -> Result<Self, BudgetError> {
                Self::new(value)
            }
        }
        impl From<$name> for f64 {
            fn from(number: $name) -> Self {
                number.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }
    };
}

number!(Epsilon);
number!(Delta);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonsense_is_refused() {
        for refused in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e9] {
            assert_eq!(Epsilon::new(refused), Err(BudgetError::Epsilon));
        }
        for refused in [0.0, 1.0, -0.5, f64::NAN] {
            assert_eq!(Delta::new(refused), Err(BudgetError::Delta));
        }
    }
}
