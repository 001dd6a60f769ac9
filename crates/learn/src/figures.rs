//! Figures of a model from noisy counts of persons: quality, and fairness between groups.
//!
//! # Guarantee
//! [`quality`] and [`groups`] are one Gaussian mechanism each, with the noise multiplier `sigma`,
//! for neighbours that differ by one person among those judged. Each person counts once, spread
//! over at most 64 of that person's rows, so rates are shares of persons. The cells of a table are
//! public (score and outcome, decision and outcome); groups are the words of the column, and a
//! group shows only when its noisy count lies ten deviations above one person, so that a word of
//! one person alone shows with a probability below [`FIGURES_DELTA`], which the caller takes off
//! delta (Korolova et al. 2009). Everything after the counts is post-processing, intervals included.
//!
//! The scores must come from a model that is private for everybody else: the counts protect the
//! persons who are judged, not those the model was learnt from.
//!
//! Source: Dwork, Roth 2014, section 3.5; Canonne, Kamath, Steinke 2020.

mod cells;
mod groups;
mod quality;

use domain::{Code, Explain};
use thiserror::Error;

use crate::{codes, metrics::ScoreError};

pub use groups::{Columns, GroupFigures, groups};
pub use quality::{Quality, quality};

/// What the figures of groups may add to delta: 2^-60.
pub const FIGURES_DELTA: f64 = crate::features::survey::SURVEY_DELTA;

/// Predictions beside what came true.
#[derive(Clone, Copy, Debug)]
pub struct Judged<'a> {
    /// The probability that the model gives each row.
    pub scores: &'a [f64],
    /// The label of each row, 0 or 1.
    pub labels: &'a [u8],
    /// The person of each row, numbered from 0, and how many persons there are.
    pub persons: (&'a [u32], u32),
}

/// Why there are no figures.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum FigureError {
    /// The noise multiplier is out of range.
    #[error("the noise of the figures is out of range")]
    Noise,
    /// Scores, labels and persons do not fit each other.
    #[error(transparent)]
    Score(#[from] ScoreError),
}

impl Explain for FigureError {
    fn code(&self) -> Code {
        match self {
            Self::Noise => codes::PLAN,
            Self::Score(error) => error.code(),
        }
    }

    fn help(&self) -> String {
        match self {
            Self::Noise => {
                "ask for a larger `figures_epsilon`, or for figures of fewer columns".into()
            }
            Self::Score(error) => error.help(),
        }
    }
}

impl Judged<'_> {
    fn check(&self) -> Result<(), FigureError> {
        crate::metrics::check_scores(self.scores, self.labels)?;
        if self.persons.0.len() == self.labels.len() {
            Ok(())
        } else {
            Err(ScoreError::Length.into())
        }
    }
}

#[cfg(test)]
mod tests;
