//! What was done to the data, as a mechanism: stored instead of an epsilon, so that old spend can be
//! recomputed by a better accountant.

use serde::{Deserialize, Serialize};

use crate::accountant::{ParameterError, RdpCurve};

/// One use of the data.
///
/// Every `sigma` is a noise multiplier: the standard deviation over the L2 sensitivity of one
/// person's whole contribution.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
#[non_exhaustive]
pub enum MechanismEvent {
    /// `steps` Gaussian sums, each over a fresh Poisson sample of the persons: training.
    SubsampledGaussian {
        /// The noise multiplier.
        sigma: f64,
        /// The probability of each person to be in a step's sample.
        sampling_rate: f64,
        /// How many steps, empty samples included.
        steps: u64,
    },
    /// `releases` Gaussian sums over everybody.
    Gaussian {
        /// The noise multiplier.
        sigma: f64,
        /// How many releases.
        releases: u64,
    },
    /// `releases` answers by randomised response about the same person.
    RandomizedResponse {
        /// The number of possible answers.
        categories: u32,
        /// The epsilon of one answer.
        epsilon: f64,
        /// How many answers.
        releases: u64,
    },
    /// Any mechanism known to be `epsilon`-differentially private.
    Pure {
        /// The epsilon.
        epsilon: f64,
    },
}

impl MechanismEvent {
    /// The Rényi curve that the event is charged with.
    pub fn curve(&self) -> Result<RdpCurve, ParameterError> {
        match *self {
            Self::SubsampledGaussian {
                sigma,
                sampling_rate,
                steps,
            } => RdpCurve::subsampled_grid_gaussian(sigma, sampling_rate, steps),
            Self::Gaussian { sigma, releases } => Ok(RdpCurve::gaussian(sigma)?.times(releases)),
            Self::RandomizedResponse {
                categories,
                epsilon,
                releases,
            } => Ok(RdpCurve::randomized_response(categories, epsilon)?.times(releases)),
            Self::Pure { epsilon } => RdpCurve::pure(epsilon),
        }
    }
}
