//! What a mechanism costs: Rényi curves, their sum, and their epsilon at a delta.
//!
//! Adjacency is add/remove of one person; every curve bounds both directions (the neighbour with
//! the person on the left and on the right of the divergence).
//! Rényi curves serve the ledger, whose filter must hold for plans chosen after seeing results; they
//! overstate epsilon. [`loss`] holds the tighter accountant for a plan that is declared beforehand.

mod analytic;
mod calibration;
mod curve;
mod laplace;
pub mod loss;
mod selection;
mod subsampled;

use domain::{Code, Explain};
use thiserror::Error;

use crate::codes;

pub use analytic::{gaussian_delta, gaussian_epsilon, gaussian_mu};
pub use calibration::{CalibrationError, SMALLEST_SIGMA, calibrate_sigma, smallest_sigma};
pub use curve::{ORDERS, RdpCurve};
pub use loss::{Bracket, DeclaredPlan, Grid, LossError, calibrate_sigma_declared};

/// A parameter that no mechanism can have.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParameterError {
    /// The noise multiplier is not a finite number above zero.
    #[error("sigma must be a finite number above 0")]
    Sigma,
    /// The sampling rate is outside `[0, 1]`.
    #[error("the sampling rate must lie between 0 and 1")]
    SamplingRate,
    /// Fewer than one category.
    #[error("randomised response needs at least 2 categories")]
    Categories,
    /// The epsilon is not a finite number above zero.
    #[error("epsilon must be a finite number above 0 and at most 1000")]
    Epsilon,
    /// The scale of Laplace noise, or its sensitivity, is not a number above zero.
    #[error("the scale and the sensitivity of Laplace noise must be finite numbers above 0")]
    Scale,
    /// The law of the number of trials of a private selection is none.
    #[error("private selection needs a shape above -1 and at most 100, and gamma between 0 and 1")]
    Selection,
}

impl Explain for ParameterError {
    fn code(&self) -> Code {
        codes::PARAMETER
    }

    fn help(&self) -> String {
        "correct the training plan or the recorded event".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use domain::Delta;

    use super::RdpCurve;

    /// dp-accounting 0.6.0, `RdpAccountant`, add/remove: sigma, sampling rate, steps, delta, epsilon.
    const REFERENCE: [(f64, f64, u64, f64, f64); 12] = [
        (1.1, 256.0 / 60000.0, 3510, 1e-5, 1.280_365_575_153_059_6),
        (0.6, 256.0 / 60000.0, 14040, 1e-5, 12.016_497_486_098_176),
        (1.0, 0.016, 625, 1e-5, 2.757_512_319_167_674),
        (2.0, 0.016, 625, 1e-5, 0.894_343_372_809_036_3),
        (1.0, 0.001, 10000, 1e-6, 0.979_541_625_510_575_8),
        (10.0, 0.1, 1000, 1e-6, 1.486_004_767_328_224_8),
        (20.0, 1.0, 100, 1e-5, 2.165_715_659_029_443),
        (4.0, 1.0, 1, 1e-5, 1.012_550_627_752_643_3),
        (0.5, 0.01, 1000, 1e-5, 15.472_133_418_195_6),
        (1.3, 0.01, 100_000, 1e-7, 19.309_849_369_583_148),
        (1.5, 0.032, 310, 1e-4, 1.696_209_917_924_270_4),
        (3.0, 0.5, 100, 1e-5, 9.152_967_456_154_892),
    ];

    /// The true epsilons' lower neighbours: privacy-loss distributions at interval 1e-5.
    const TRUE_EPSILON: [f64; 12] = [
        1.132_863, 10.756_934, 2.425_687, 0.811_161, 0.555_142, 1.379_450, 1.993_091, 0.926_341,
        13.360_824, 18.324_188, 1.501_295, 8.387_476,
    ];

    #[test]
    fn the_twelve_reference_plans_agree_to_a_billionth() {
        for (sigma, rate, steps, delta, expected) in REFERENCE {
            let curve = RdpCurve::subsampled_gaussian(sigma, rate, steps).unwrap();
            let (epsilon, order) = curve.epsilon(Delta::new(delta).unwrap());
            let ratio = epsilon / expected - 1.0;
            assert!(ratio.abs() < 1e-9, "{sigma} {rate}: {ratio:e} at {order}");
        }
    }

    #[test]
    fn the_charged_curve_never_understates_and_stays_close() {
        for ((sigma, rate, steps, delta, smooth), truth) in REFERENCE.into_iter().zip(TRUE_EPSILON)
        {
            let curve = RdpCurve::subsampled_grid_gaussian(sigma, rate, steps).unwrap();
            let charged = curve.epsilon(Delta::new(delta).unwrap()).0;
            assert!(charged >= smooth * (1.0 - 1e-9) && charged > truth);
            assert!(
                charged < 1.07 * smooth,
                "{sigma} {rate}: {charged} for {smooth}"
            );
        }
    }
}
