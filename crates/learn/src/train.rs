//! Differentially private stochastic gradient descent, and the same without privacy.
//!
//! # Guarantee
//! With `privacy` set, a training run is `steps` Poisson-subsampled Gaussian mechanisms with noise
//! multiplier `sigma` in the sense of [`privacy::RdpCurve::subsampled_grid_gaussian`], for add/remove
//! of one person, the number of persons being public:
//! - each step draws every person independently with the same probability;
//! - a person's gradient, over all rows of that person, and the person's mean loss are together an
//!   integer vector whose L2 norm is at most 2^30 units, checked after rounding ([`CLIP_UNITS`] units
//!   are one clip);
//! - sums of integers are exact, so that nobody else's rows can change what a person adds;
//! - discrete Gaussian noise is added to every coordinate of every step, also when nobody was drawn;
//! - the denominator is the planned batch, a public constant.
//!
//! The losses that [`fit_watched`] reports are the noised ones: they are part of what the event pays
//! for. Boosted trees have a guarantee of their own, see [`ModelKind::Gbdt`]; a forest is `trees`
//! Gaussian mechanisms over everybody, one for each tree.
//!
//! Not covered: the time a step takes, the refusal [`FitError::OneClass`], and what the caller does
//! with seeds or hyper-parameters chosen by looking at results.

mod boost;
mod convolution;
mod descent;
mod network;
mod plan;
mod rows;
mod sampling;
mod sum;
mod vectors;
mod whole;

use domain::{Code, Entropy, Explain};
use thiserror::Error;

use crate::{codes, features::Design, model::Model};

pub use plan::{MAX_KNOTS, ModelKind, Privacy, TrainingPlan};
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
    /// Every row has the same label.
    #[error("every row has the same label, so there is nothing to learn")]
    OneClass,
    /// The convolution does not fit the number features.
    #[error("the convolution does not fit: {reason}")]
    Grid {
        /// Why.
        reason: &'static str,
    },
    /// The weights left the range of numbers.
    #[error("training diverged: a weight is no longer a number")]
    Diverged,
}

impl Explain for FitError {
    fn code(&self) -> Code {
        match self {
            Self::OneClass => codes::ONE_CLASS,
            Self::Grid { .. } => codes::GRID,
            Self::Diverged => codes::DIVERGED,
            _ => codes::PLAN,
        }
    }

    fn help(&self) -> String {
        match self {
            Self::Plan { .. } => "correct the training plan of the study",
            Self::Empty | Self::Shape => "check the table and the split into training and test",
            Self::OneClass => {
                "check the target's column and the word that counts as yes; nothing was spent"
            }
            Self::Grid { .. } => {
                "choose height and kernel so that the number features fill the grid"
            }
            Self::Diverged => "use a smaller learning rate; the privacy spend stays spent",
        }
        .into()
    }
}

/// How far training has come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// Steps done.
    pub step: u64,
    /// Steps in all.
    pub steps: u64,
    /// The mean loss over the last steps, noised where training is private (then it is part of what
    /// the step costs); `None` where there is none yet.
    pub loss: Option<f64>,
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
    let mut watch = |now: Progress| progress(now.step, now.steps);
    fit_watched(design, plan, entropy, &mut watch)
}

/// [`fit`], with the loss beside the steps.
pub fn fit_watched(
    design: &Design,
    plan: &TrainingPlan,
    entropy: &mut dyn Entropy,
    watch: &mut dyn FnMut(Progress),
) -> Result<Model, FitError> {
    refuse(design, plan)?;
    match &plan.model {
        ModelKind::Gbdt { trees, depth } => {
            boost::fit(design, plan, (*trees, *depth), entropy, watch)
        }
        _ => descent::fit(design, plan, entropy, watch),
    }
}

/// Refuses what cannot be trained, or teaches nothing: call it before budget is set aside, so that
/// such a plan costs nothing.
///
/// Beside the plan it looks at the rows: an empty table, rows that are no numbers, and labels that
/// are all the same. That last refusal is a fact about the data that no epsilon covers.
///
/// [`fit`] itself takes labels that are all the same: what tests a trainer feeds it such tables.
pub fn check(design: &Design, plan: &TrainingPlan) -> Result<(), FitError> {
    refuse(design, plan)?;
    let first = design.y.first();
    let same = design.y.iter().all(|label| Some(label) == first);
    if !plan.model.is_regression() && design.rows > 1 && same {
        return Err(FitError::OneClass);
    }
    Ok(())
}

/// What no trainer can work with.
fn refuse(design: &Design, plan: &TrainingPlan) -> Result<(), FitError> {
    plan.check()?;
    rows::check(design)?;
    if let ModelKind::Cnn { .. } = plan.model {
        crate::model::Grid::new(&design.spec, &plan.model)
            .map_err(|reason| FitError::Grid { reason })?;
    }
    if plan.model.is_regression() && design.targets.is_empty() {
        return Err(FitError::Shape);
    }
    Ok(())
}

#[cfg(test)]
mod gradients;
#[cfg(test)]
mod kinds;
#[cfg(test)]
pub(crate) mod tests;
