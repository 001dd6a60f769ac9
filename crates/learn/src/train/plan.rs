//! The training plan: everything that decides the privacy cost, before any row is read.

mod defaults;
mod kind;

use privacy::{DiscreteGaussian, MechanismEvent};
use serde::{Deserialize, Serialize};

use super::{CLIP_UNITS, FitError};

pub use kind::ModelKind;

/// The most knots a number may be spread over.
pub const MAX_KNOTS: u32 = 64;

/// The noise of private training.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Privacy {
    /// The standard deviation of the noise over the clip; see [`privacy::calibrate_sigma`].
    pub sigma: f64,
}

/// How to train.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainingPlan {
    /// The kind of model.
    pub model: ModelKind,
    /// How often each person is drawn on average; boosted trees see everybody in every round.
    pub epochs: f64,
    /// How many persons a step draws on average; also the fixed denominator of each step.
    pub batch: u32,
    /// The L2 norm to which a person's gradient is clipped; unused without privacy and by trees,
    /// whose sums are bounded by 1.
    pub clip: f64,
    /// The learning rate; of boosted trees the share of each tree's step that is taken.
    pub learning_rate: f64,
    /// The momentum, 0 to below 1.
    pub momentum: f64,
    /// The noise; none trains without clipping and noise.
    pub privacy: Option<Privacy>,
    /// Over how many even, public knots a number is spread before it enters the model (see
    /// [`crate::features::Expansion`]); 0 leaves it as it is.
    #[serde(default)]
    pub knots: u32,
    /// Whether the model is the mean of the weights over the second half of the steps. The weights
    /// are already noised, so this costs nothing (post-processing).
    #[serde(default)]
    pub averaging: bool,
}

impl TrainingPlan {
    /// The probability with which a step draws each person: batch over persons, at most 1; for
    /// trees 1.
    pub fn sampling_rate(&self, persons: u32) -> f64 {
        if self.model.trees().is_some() {
            return 1.0;
        }
        (f64::from(self.batch) / f64::from(persons.max(1))).min(1.0)
    }

    /// The number of steps: epochs over the sampling rate, rounded, at least 1; for trees their
    /// number.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a positive number; the cast saturates"
    )]
    pub fn steps(&self, persons: u32) -> u64 {
        if let Some((trees, _)) = self.model.trees() {
            return u64::from(trees);
        }
        (libm::round(self.epochs / self.sampling_rate(persons)) as u64).max(1)
    }

    /// What the ledger is charged for; `None` without privacy.
    pub fn event(&self, persons: u32) -> Option<MechanismEvent> {
        let privacy = self.privacy?;
        let steps = self.steps(persons);
        if self.model.trees().is_some() {
            return Some(MechanismEvent::Gaussian {
                sigma: privacy.sigma,
                releases: steps,
            });
        }
        Some(MechanismEvent::SubsampledGaussian {
            sigma: privacy.sigma,
            sampling_rate: self.sampling_rate(persons),
            steps,
        })
    }

    /// Refuses what cannot be trained; see the fields.
    pub fn check(&self) -> Result<(), FitError> {
        self.model.check()?;
        need(
            (0.0..=1e4).contains(&self.epochs),
            "epochs",
            "between 0 and 10000",
        )?;
        need(self.batch > 0, "batch", "at least 1")?;
        need(positive(self.clip), "clip", "a number above 0")?;
        need(
            positive(self.learning_rate),
            "learning_rate",
            "a number above 0",
        )?;
        need(
            (0.0..1.0).contains(&self.momentum),
            "momentum",
            "at least 0 and below 1",
        )?;
        need(
            self.knots == 0 || (2..=MAX_KNOTS).contains(&self.knots),
            "knots",
            "0, or between 2 and 64",
        )?;
        need(
            self.knots == 0 || self.model.takes_knots(),
            "knots",
            "0 for convolutions and trees",
        )?;
        self.noise().map(drop)
    }

    /// The noise in units, rounded up.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked to lie between 0 and 2^40"
    )]
    pub(super) fn noise(&self) -> Result<Option<DiscreteGaussian>, FitError> {
        let Some(Privacy { sigma }) = self.privacy else {
            return Ok(None);
        };
        let expected = "above 0 and at most 1000";
        need(sigma > 0.0 && sigma <= 1000.0, "sigma", expected)?;
        let units = libm::ceil(sigma * CLIP_UNITS) as u64;
        let noise = DiscreteGaussian::new(units).map_err(|_| FitError::Plan {
            field: "sigma",
            expected,
        })?;
        Ok(Some(noise))
    }

    /// What [`CLIP_UNITS`] units stand for: the clip, or 1 without privacy.
    pub(super) fn unit_clip(&self) -> f64 {
        if self.privacy.is_some() {
            self.clip
        } else {
            1.0
        }
    }
}

fn positive(number: f64) -> bool {
    number.is_finite() && number > 0.0
}

fn need(holds: bool, field: &'static str, expected: &'static str) -> Result<(), FitError> {
    if holds {
        Ok(())
    } else {
        Err(FitError::Plan { field, expected })
    }
}
