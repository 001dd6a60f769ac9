//! The output filter: rounding, randomised response, noisy margins.

use std::num::NonZeroU32;

use domain::{Entropy, Epsilon};
use privacy::{NoisyMargin, RandomizedResponse};
use serde::Serialize;

use crate::{StageError, study::Serve};

/// One answer as it leaves.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Answer {
    /// Whether the model says yes at probability one half, randomised where asked for.
    pub label: bool,
    /// The probability, rounded; withheld under noise.
    pub score: Option<f64>,
    /// The log-odds with noise, where asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub margin: Option<f64>,
}

/// The noise that a caller asks for, on top of what the study wants.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Noise {
    /// Randomised response on the label with this epsilon an answer; scores are withheld.
    pub randomize: Option<Epsilon>,
    /// The log-odds, clipped, with Laplace noise of this epsilon an answer.
    pub margin: Option<Margin>,
}

/// A noisy log-odds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Margin {
    /// Its epsilon.
    pub epsilon: Epsilon,
    /// Where the log-odds are clipped.
    pub bound: f64,
}

/// What is done to scores before they leave.
#[derive(Clone, Debug)]
pub(super) enum Filter {
    Round(u32),
    Randomize(Epsilon),
    Margin(Epsilon, NoisyMargin),
}

impl Filter {
    /// The study's filter, made stricter where the caller asks for more protection: of two epsilons
    /// the smaller one counts.
    pub(super) fn of(serve: Serve, asked: Noise) -> Result<Self, StageError> {
        let stricter = |asked: Epsilon| match serve.randomize_epsilon {
            Some(own) if own.value() < asked.value() => own,
            _ => asked,
        };
        match (asked.margin, asked.randomize.or(serve.randomize_epsilon)) {
            (Some(margin), _) => {
                let epsilon = stricter(margin.epsilon);
                let noise =
                    NoisyMargin::new(margin.bound, epsilon).map_err(|_| StageError::MarginBound)?;
                Ok(Self::Margin(epsilon, noise))
            }
            (None, Some(epsilon)) => Ok(Self::Randomize(stricter(epsilon))),
            (None, None) => Ok(Self::Round(serve.decimals)),
        }
    }

    /// What one answer costs; nothing is promised without noise.
    pub(super) fn epsilon(&self) -> Option<f64> {
        match self {
            Self::Round(_) => None,
            Self::Randomize(epsilon) | Self::Margin(epsilon, _) => Some(epsilon.value()),
        }
    }

    /// The answers for probabilities.
    pub(super) fn apply(
        &self,
        scores: &[f64],
        entropy: &mut dyn Entropy,
    ) -> Result<Vec<Answer>, StageError> {
        match self {
            Self::Round(decimals) => Ok(scores
                .iter()
                .map(|score| rounded(*score, *decimals))
                .collect()),
            Self::Randomize(epsilon) => randomized(scores, *epsilon, entropy),
            Self::Margin(_, noise) => {
                let answer = |score: &f64| {
                    let margin = noise.release((score / (1.0 - score)).ln(), entropy);
                    Answer {
                        label: margin > 0.0,
                        score: None,
                        margin: Some(margin),
                    }
                };
                Ok(scores.iter().map(answer).collect())
            }
        }
    }

    pub(super) fn words(&self) -> String {
        match self {
            Self::Round(decimals) => format!("scores rounded to {decimals} decimals"),
            Self::Randomize(epsilon) => {
                format!("labels by randomised response, epsilon {epsilon} an answer")
            }
            Self::Margin(epsilon, _) => format!("noisy log-odds, epsilon {epsilon} an answer"),
        }
    }
}

fn rounded(score: f64, decimals: u32) -> Answer {
    let scale = 10_f64.powi(i32::try_from(decimals.min(6)).unwrap_or(6));
    Answer {
        label: score > 0.5,
        score: Some((score * scale).round() / scale),
        margin: None,
    }
}

fn randomized(
    scores: &[f64],
    epsilon: Epsilon,
    entropy: &mut dyn Entropy,
) -> Result<Vec<Answer>, StageError> {
    let categories = NonZeroU32::new(2).ok_or(StageError::Stored("two categories"))?;
    let response = RandomizedResponse::new(categories, epsilon)?;
    let answer = |score: &f64| Answer {
        label: response.respond(u32::from(*score > 0.5), entropy) == 1,
        score: None,
        margin: None,
    };
    Ok(scores.iter().map(answer).collect())
}
