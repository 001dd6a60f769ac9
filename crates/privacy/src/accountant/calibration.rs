//! The noise that keeps a budget.

use domain::{Code, Delta, Epsilon, Explain};
use thiserror::Error;

use super::{ParameterError, RdpCurve};
use crate::codes;

/// Why no noise multiplier was found.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum CalibrationError {
    /// The plan itself is out of range.
    #[error(transparent)]
    Parameter(#[from] ParameterError),
    /// Even very large noise does not keep the budget.
    #[error("no noise multiplier that is allowed keeps the asked epsilon and delta")]
    Unreachable,
}

impl Explain for CalibrationError {
    fn code(&self) -> Code {
        match self {
            Self::Parameter(error) => error.code(),
            Self::Unreachable => codes::UNREACHABLE,
        }
    }

    fn help(&self) -> String {
        match self {
            Self::Parameter(error) => error.help(),
            Self::Unreachable => {
                "ask for a larger epsilon or delta, or train fewer steps on smaller batches".into()
            }
        }
    }
}

/// The noise multiplier with which `steps` Poisson-sampled steps keep (`epsilon`, `delta`).
///
/// # Guarantee
/// The returned sigma always keeps the budget under
/// [`RdpCurve::subsampled_grid_gaussian`]: bisection returns its upper end, at most 1e-6 (relative)
/// above the smallest.
///
/// ```
/// # use domain::{Delta, Epsilon};
/// let (epsilon, delta) = (Epsilon::new(3.0).unwrap(), Delta::new(1e-5).unwrap());
/// let sigma = cloister_privacy::calibrate_sigma(epsilon, delta, 1.0 / 64.0, 640).unwrap();
/// assert!((0.95..0.97).contains(&sigma));
/// ```
pub fn calibrate_sigma(
    epsilon: Epsilon,
    delta: Delta,
    sampling_rate: f64,
    steps: u64,
) -> Result<f64, CalibrationError> {
    let keeps = |sigma: f64| -> Result<bool, ParameterError> {
        let curve = RdpCurve::subsampled_grid_gaussian(sigma, sampling_rate, steps)?;
        Ok(curve.epsilon(delta).0 <= epsilon.value())
    };
    smallest_sigma(LARGEST, keeps)
}

const LARGEST: f64 = 131_072.0;

/// Less noise than this is never handed out, however large the budget: a noise multiplier, in
/// units of the clipping bound.
pub const SMALLEST_SIGMA: f64 = 0.05;

/// The smallest noise multiplier up to `largest` that `keeps` a budget, searched by bisection.
///
/// `keeps` must be monotone: what one noise keeps, every larger noise keeps. The upper end is
/// returned, for which `keeps` held: at most 1e-6 (relative) above the smallest, and never less
/// than about [`SMALLEST_SIGMA`].
///
/// # Errors
/// [`CalibrationError::Unreachable`] if no noise up to `largest` keeps the budget;
/// [`CalibrationError::Parameter`] if `keeps` refuses a noise multiplier.
pub fn smallest_sigma(
    largest: f64,
    keeps: impl Fn(f64) -> Result<bool, ParameterError>,
) -> Result<f64, CalibrationError> {
    let (mut low, mut high) = (0.0, 1.0);
    while !keeps(high)? {
        low = high;
        high *= 2.0;
        if high > largest {
            return Err(CalibrationError::Unreachable);
        }
    }
    while high - low > 1e-6 * high && high > SMALLEST_SIGMA {
        let middle = 0.5 * (low + high);
        if keeps(middle)? {
            high = middle;
        } else {
            low = middle;
        }
    }
    Ok(high)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn calibrated_noise_never_oversteps(
            epsilon in 0.05_f64..20.0, exponent in 3_i32..9, rate in 0.001_f64..1.0, steps in 1_u64..5000,
        ) {
            let delta = Delta::new(10_f64.powi(-exponent)).unwrap();
            let asked = Epsilon::new(epsilon).unwrap();
            let sigma = calibrate_sigma(asked, delta, rate, steps).unwrap();
            let curve = RdpCurve::subsampled_grid_gaussian(sigma, rate, steps).unwrap();
            prop_assert!(curve.epsilon(delta).0 <= epsilon);
        }
    }

    #[test]
    fn a_budget_below_reach_is_refused() {
        let found = calibrate_sigma(
            Epsilon::new(1e-9).unwrap(),
            Delta::new(1e-12).unwrap(),
            1.0,
            u64::MAX,
        );
        assert_eq!(found, Err(CalibrationError::Unreachable));
    }
}
