//! The training plan: everything that decides the privacy cost, before any row is read.

use privacy::{DiscreteGaussian, MechanismEvent};
use serde::{Deserialize, Serialize};

use super::{CLIP_UNITS, FitError};

/// The kind of model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum ModelKind {
    /// Logistic regression.
    Logistic,
    /// A multilayer perceptron with rectified hidden layers and one logistic output.
    Mlp {
        /// The widths of the hidden layers, from the input on.
        hidden: Vec<usize>,
    },
}

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
    /// How often each person is drawn on average.
    pub epochs: f64,
    /// How many persons a step draws on average; also the fixed denominator of each step.
    pub batch: u32,
    /// The L2 norm to which a person's gradient is clipped; unused without privacy.
    pub clip: f64,
    /// The learning rate.
    pub learning_rate: f64,
    /// The momentum, 0 to below 1.
    pub momentum: f64,
    /// The noise; none trains without clipping and noise.
    pub privacy: Option<Privacy>,
}

impl ModelKind {
    /// The widths of the hidden layers.
    pub fn hidden(&self) -> &[usize] {
        match self {
            Self::Logistic => &[],
            Self::Mlp { hidden } => hidden,
        }
    }
}

impl TrainingPlan {
    /// The probability with which a step draws each person: batch over persons, at most 1.
    pub fn sampling_rate(&self, persons: u32) -> f64 {
        (f64::from(self.batch) / f64::from(persons.max(1))).min(1.0)
    }

    /// The number of steps: epochs over the sampling rate, rounded, at least 1.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a positive number; the cast saturates"
    )]
    pub fn steps(&self, persons: u32) -> u64 {
        (libm::round(self.epochs / self.sampling_rate(persons)) as u64).max(1)
    }

    /// What the ledger is charged for; `None` without privacy.
    pub fn event(&self, persons: u32) -> Option<MechanismEvent> {
        let privacy = self.privacy?;
        Some(MechanismEvent::SubsampledGaussian {
            sigma: privacy.sigma,
            sampling_rate: self.sampling_rate(persons),
            steps: self.steps(persons),
        })
    }

    /// Refuses what cannot be trained; see the fields.
    pub fn check(&self) -> Result<(), FitError> {
        let hidden = self.model.hidden();
        let widths = hidden.len() <= 8 && hidden.iter().all(|width| (1..=4096).contains(width));
        need(
            widths,
            "model",
            "at most 8 hidden layers of 1 to 4096 units",
        )?;
        need(
            (0.0..=1e4).contains(&self.epochs),
            "epochs",
            "between 0 and 10000",
        )?;
        need(self.batch > 0, "batch", "at least 1")?;
        need(
            self.clip.is_finite() && self.clip > 0.0,
            "clip",
            "a number above 0",
        )?;
        need(
            self.learning_rate.is_finite() && self.learning_rate > 0.0,
            "learning_rate",
            "a number above 0",
        )?;
        need(
            (0.0..1.0).contains(&self.momentum),
            "momentum",
            "at least 0 and below 1",
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
        need(
            sigma > 0.0 && sigma <= 1000.0,
            "sigma",
            "above 0 and at most 1000",
        )?;
        let units = libm::ceil(sigma * CLIP_UNITS) as u64;
        match DiscreteGaussian::new(units) {
            Ok(noise) => Ok(Some(noise)),
            Err(_) => Err(FitError::Plan {
                field: "sigma",
                expected: "above 0 and at most 1000",
            }),
        }
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

fn need(holds: bool, field: &'static str, expected: &'static str) -> Result<(), FitError> {
    if holds {
        Ok(())
    } else {
        Err(FitError::Plan { field, expected })
    }
}
