//! What was done to the data, as a mechanism: stored instead of an epsilon, so that old spend can be
//! recomputed by a better accountant.

use serde::{Deserialize, Serialize};

use crate::accountant::{ParameterError, RdpCurve};

/// One use of the data.
///
/// Every `sigma` is a noise multiplier: the standard deviation over the L2 sensitivity of one
/// person's whole contribution. Every `scale` is that of Laplace noise over the L1 sensitivity.
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
    /// `releases` sums of integers with discrete Gaussian noise, where one person moves a sum by at
    /// most one step.
    DiscreteGaussian {
        /// The noise in steps.
        sigma: f64,
        /// How many releases.
        releases: u64,
    },
    /// `releases` sums with Laplace noise.
    Laplace {
        /// The scale of the noise over the sensitivity.
        scale: f64,
        /// How many releases.
        releases: u64,
    },
    /// `releases` sums of integers with Laplace noise on the integers.
    DiscreteLaplace {
        /// The scale of the noise in steps.
        scale: f64,
        /// By how many steps one person moves a sum at most.
        sensitivity: u32,
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
    /// A mechanism is run a random number of times, and only the best result is shown: hyper-parameter
    /// search (Papernot, Steinke 2022, Theorem 2).
    ///
    /// The number of runs follows the truncated negative binomial law; it must be drawn in secret,
    /// and what makes a result the best must come from the run itself.
    PrivateSelection {
        /// One run, the scoring of its result included.
        run: Box<MechanismEvent>,
        /// The law's shape: 0 logarithmic, 1 geometric.
        shape: f64,
        /// The law's gamma: small for many runs.
        gamma: f64,
    },
}

impl MechanismEvent {
    /// The Rényi curve that the event is charged with; it holds for noise on an integer grid too.
    pub fn curve(&self) -> Result<RdpCurve, ParameterError> {
        self.curve_with(RdpCurve::subsampled_grid_gaussian)
    }

    /// The Rényi curve of the mechanism with continuous noise, as other accountants reckon it.
    pub fn smooth_curve(&self) -> Result<RdpCurve, ParameterError> {
        self.curve_with(RdpCurve::subsampled_gaussian)
    }

    fn curve_with(&self, subsampled: Subsampled) -> Result<RdpCurve, ParameterError> {
        match self {
            Self::SubsampledGaussian {
                sigma,
                sampling_rate,
                steps,
            } => subsampled(*sigma, *sampling_rate, *steps),
            Self::Gaussian { sigma, releases } | Self::DiscreteGaussian { sigma, releases } => {
                Ok(RdpCurve::gaussian(*sigma)?.times(*releases))
            }
            Self::Laplace { scale, releases } => Ok(RdpCurve::laplace(*scale)?.times(*releases)),
            Self::DiscreteLaplace {
                scale,
                sensitivity,
                releases,
            } => Ok(RdpCurve::discrete_laplace(*scale, *sensitivity)?.times(*releases)),
            Self::RandomizedResponse {
                categories,
                epsilon,
                releases,
            } => Ok(RdpCurve::randomized_response(*categories, *epsilon)?.times(*releases)),
            Self::Pure { epsilon } => RdpCurve::pure(*epsilon),
            Self::PrivateSelection { run, shape, gamma } => run
                .curve_with(subsampled)?
                .private_selection(*shape, *gamma),
        }
    }
}

type Subsampled = fn(f64, f64, u64) -> Result<RdpCurve, ParameterError>;

/// Noise on the integers is reckoned loss by loss up to this sensitivity, and as any private
/// mechanism beyond.
pub(crate) const MOST_ATOMS: u32 = 4096;
