//! Differentially private stochastic gradient descent, and the same without privacy.
//!
//! # Guarantee
//! With `privacy` set, a training run is `steps` Poisson-subsampled Gaussian mechanisms with noise
//! multiplier `sigma` in the sense of [`privacy::RdpCurve::subsampled_grid_gaussian`], for add/remove
//! of one person, the number of persons being public:
//! - each step draws every person independently with the same probability;
//! - a person's gradient, over all rows of that person, is an integer vector whose L2 norm is at
//!   most 2^30 units, checked after rounding ([`CLIP_UNITS`] units are one clip);
//! - sums of integers are exact, so that nobody else's rows can change what a person adds;
//! - discrete Gaussian noise is added to every coordinate of every step, also when nobody was drawn;
//! - the denominator is the planned batch, a public constant.
//!
//! Not covered: the time a step takes, and what the caller does with losses, seeds or
//! hyper-parameters chosen by looking at results.

mod network;
mod plan;
mod rows;
mod sampling;
mod sum;

use domain::{Code, Entropy, Explain};
use privacy::DiscreteGaussian;
use thiserror::Error;

use crate::{codes, features::Design, model::Model};
use network::Network;
use rows::SparseRows;
use sampling::PoissonSample;
use sum::ClippedSum;

pub use plan::{ModelKind, Privacy, TrainingPlan};
pub use sum::CLIP_UNITS;

/// Why nothing was trained.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum FitError {
    /// A number of the plan is out of range.
    #[error("the training plan's `{field}` must be {expected}")]
    Plan {
        /// The field.
        field: &'static str,
        /// What it must be.
        expected: &'static str,
    },
    /// Nobody to learn from.
    #[error("the table has no rows to train on")]
    Empty,
    /// The rows and their labels or persons do not fit each other.
    #[error("the encoded table does not fit itself")]
    Shape,
    /// The weights left the range of numbers.
    #[error("training diverged: a weight is no longer a number")]
    Diverged,
}

impl Explain for FitError {
    fn code(&self) -> Code {
        codes::PLAN
    }

    fn help(&self) -> String {
        match self {
            Self::Plan { .. } => "correct the training plan of the study",
            Self::Empty | Self::Shape => "check the table and the split into training and test",
            Self::Diverged => "use a smaller learning rate; the privacy spend stays spent",
        }
        .into()
    }
}

/// Trains a model. `progress` is called after each step with the steps done and the steps in all.
///
/// Reserve [`TrainingPlan::event`] in the ledger first: everything from the first step on is spent.
pub fn fit(
    design: &Design,
    plan: &TrainingPlan,
    entropy: &mut dyn Entropy,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Model, FitError> {
    plan.check()?;
    let rows = SparseRows::of(design)?;
    let noise = plan.noise()?;
    let mut network = Network::new(design.dim, plan.model.hidden(), entropy);
    let mut sum = ClippedSum::new(&network, plan.privacy.is_some().then_some(plan.clip));
    let mut velocity = vec![0.0_f32; network.parameters()];
    let steps = plan.steps(design.persons);
    let sample = PoissonSample::new(design.persons, plan.sampling_rate(design.persons));
    for step in 1..=steps {
        let gradient = noisy_sum(&sample, &rows, &network, &mut sum, noise.as_ref(), entropy);
        descend(&mut network, &mut velocity, gradient, plan);
        progress(step, steps);
    }
    if network.is_finite() {
        Ok(network.into_model(design.spec.clone(), plan))
    } else {
        Err(FitError::Diverged)
    }
}

/// One step's sum in units, noise included, also for an empty sample.
fn noisy_sum<'a>(
    sample: &PoissonSample,
    rows: &SparseRows,
    network: &Network,
    sum: &'a mut ClippedSum,
    noise: Option<&DiscreteGaussian>,
    entropy: &mut dyn Entropy,
) -> &'a [i64] {
    sum.clear();
    sample.draw(entropy, |person| sum.add_person(network, rows, person));
    let total = sum.total();
    if let Some(noise) = noise {
        noise.add_to(total, entropy);
    }
    total
}

/// Momentum descent on the noisy mean; post-processing, so floats are fine from here on.
#[expect(
    clippy::cast_possible_truncation,
    reason = "weights are single precision"
)]
fn descend(network: &mut Network, velocity: &mut [f32], gradient: &[i64], plan: &TrainingPlan) {
    let unit = (plan.unit_clip() / CLIP_UNITS / f64::from(plan.batch)) as f32;
    let (momentum, rate) = (plan.momentum as f32, plan.learning_rate as f32);
    let moves = velocity.iter_mut().zip(gradient);
    for (weight, (speed, sum)) in network.weights_mut().zip(moves) {
        *speed = momentum * *speed + *sum as f32 * unit;
        *weight -= rate * *speed;
    }
}

#[cfg(test)]
pub(crate) mod tests;
