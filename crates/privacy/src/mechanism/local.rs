//! Local differential privacy: each record is perturbed before anybody else sees it.

use std::num::NonZeroU32;

use domain::{Code, Entropy, Epsilon, Explain};
use thiserror::Error;

use super::{DiscreteLaplace, RandomizedResponse, gaussian::SigmaError};
use crate::{accountant::ParameterError, codes, special::normal_quantile};

/// Why a column cannot be perturbed.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum PerturbError {
    /// A cell is none of the public categories.
    #[error("row {row} holds none of the {categories} public categories")]
    Category {
        /// The row, counted from 1.
        row: u64,
        /// How many categories were given.
        categories: usize,
    },
    /// A cell is not a finite number.
    #[error("row {row} holds something other than a number")]
    Number {
        /// The row, counted from 1.
        row: u64,
    },
    /// The bounds are no interval.
    #[error("the public bounds must be finite numbers, the smaller one first")]
    Bounds,
    /// The same category twice, or fewer than two.
    #[error("the public categories must be at least two, each one once")]
    Categories,
    /// The noise is out of reach.
    #[error("the noise for this epsilon is out of reach")]
    Noise,
    /// No row to estimate from.
    #[error("there is no row to estimate from")]
    Empty,
}

impl Explain for PerturbError {
    fn code(&self) -> Code {
        codes::PERTURB
    }

    fn help(&self) -> String {
        match self {
            Self::Category { .. } => {
                "add the missing word to the public list, or an \"other\" that you map it to beforehand"
            }
            Self::Number { .. } => "fill or remove the cells that are no numbers beforehand",
            Self::Bounds => "give bounds that are known without looking at the data",
            Self::Categories => "give the words that are possible, known without looking at the data",
            Self::Noise => "use a larger epsilon",
            Self::Empty => "give a file with rows",
        }
        .into()
    }
}

impl From<SigmaError> for PerturbError {
    fn from(_: SigmaError) -> Self {
        Self::Noise
    }
}

impl From<ParameterError> for PerturbError {
    fn from(_: ParameterError) -> Self {
        Self::Categories
    }
}

/// A column of words that each row answers by randomised response over a public list.
#[derive(Clone, Debug)]
pub struct LocalCategory {
    words: Vec<String>,
    response: RandomizedResponse,
}

/// A column of numbers to which each row adds discrete Laplace noise, on a grid of 4096 steps
/// between public bounds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LocalNumber {
    min: f64,
    step: f64,
    noise: DiscreteLaplace,
}

/// An estimate with its standard error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The unbiased estimate; a share may fall below 0 or above 1.
    pub value: f64,
    /// Its standard error.
    pub error: f64,
    /// The 95 % interval by the normal approximation.
    pub interval: (f64, f64),
}

impl LocalCategory {
    /// Refuses fewer than two words and words that stand twice.
    pub fn new(words: Vec<String>, epsilon: Epsilon) -> Result<Self, PerturbError> {
        let mut sorted = words.clone();
        sorted.sort();
        sorted.dedup();
        let count = u32::try_from(words.len()).ok().and_then(NonZeroU32::new);
        let count = count.filter(|count| sorted.len() == words.len() && count.get() >= 2);
        let response = RandomizedResponse::new(count.ok_or(PerturbError::Categories)?, epsilon)?;
        Ok(Self { words, response })
    }

    /// One answer for the cell of a row (counted from 1, for messages): `epsilon`-differentially
    /// private in the cell, whatever else is known.
    pub fn perturb(
        &self,
        cell: &str,
        row: u64,
        entropy: &mut dyn Entropy,
    ) -> Result<&str, PerturbError> {
        let truth = self.position(cell, row)?;
        let answer = self.response.respond(truth, entropy) as usize;
        let unknown = PerturbError::Category {
            row,
            categories: self.words.len(),
        };
        self.words.get(answer).map(String::as_str).ok_or(unknown)
    }

    /// The share of each word before perturbation, from perturbed cells: `(f - q) / (p - q)` with
    /// the observed share `f`, the probability `p` of the truth and `q` of each other word
    /// (Kairouz, Bonawitz, Ramage 2016, section 2).
    pub fn estimate<'a>(
        &self,
        cells: impl Iterator<Item = &'a str>,
    ) -> Result<Vec<(&str, Estimate)>, PerturbError> {
        let mut counts = vec![0_u64; self.words.len()];
        let mut rows = 0_u64;
        for cell in cells {
            rows += 1;
            if let Some(count) = counts.get_mut(self.position(cell, rows)? as usize) {
                *count += 1;
            }
        }
        if rows == 0 {
            return Err(PerturbError::Empty);
        }
        let (truth, lie) = (
            self.response.truth_probability(),
            self.response.lie_probability(),
        );
        let estimate = |count: u64| {
            let share = count as f64 / rows as f64;
            let error = libm::sqrt(share * (1.0 - share) / rows as f64) / (truth - lie);
            Estimate::new((share - lie) / (truth - lie), error)
        };
        let words = self.words.iter().map(String::as_str);
        Ok(words.zip(counts.into_iter().map(estimate)).collect())
    }

    fn position(&self, cell: &str, row: u64) -> Result<u32, PerturbError> {
        let found = self.words.iter().position(|word| word == cell.trim());
        found
            .and_then(|found| u32::try_from(found).ok())
            .ok_or(PerturbError::Category {
                row,
                categories: self.words.len(),
            })
    }
}

impl LocalNumber {
    /// Refuses bounds that are no interval.
    pub fn new(min: f64, max: f64, epsilon: Epsilon) -> Result<Self, PerturbError> {
        let step = (max - min) / GRID as f64;
        if !(min.is_finite() && max.is_finite() && step.is_finite() && step > 0.0) {
            return Err(PerturbError::Bounds);
        }
        Ok(Self {
            min,
            step,
            noise: DiscreteLaplace::hiding(GRID, epsilon)?,
        })
    }

    /// The number clamped to the bounds, on the grid, with noise; and whether it was clamped.
    ///
    /// The result is `epsilon`-differentially private in the number; it may lie outside the bounds,
    /// and on average it is the clamped number.
    pub fn perturb(
        &self,
        number: f64,
        row: u64,
        entropy: &mut dyn Entropy,
    ) -> Result<(f64, bool), PerturbError> {
        if !number.is_finite() {
            return Err(PerturbError::Number { row });
        }
        let place = libm::round((number - self.min) / self.step);
        let inside = place.clamp(0.0, GRID as f64);
        let noisy = whole(inside).saturating_add(self.noise.sample(entropy));
        let clamped = number < self.min || number > self.max();
        Ok((self.min + self.step * noisy as f64, clamped))
    }

    /// The mean before perturbation, from perturbed numbers: their mean, with its standard error.
    pub fn estimate(numbers: &[f64]) -> Result<Estimate, PerturbError> {
        if numbers.is_empty() {
            return Err(PerturbError::Empty);
        }
        let rows = numbers.len() as f64;
        let mean = numbers.iter().sum::<f64>() / rows;
        let spread: f64 = numbers.iter().map(|x| (x - mean) * (x - mean)).sum();
        let error = libm::sqrt(spread / (rows - 1.0).max(1.0) / rows);
        Ok(Estimate::new(mean, error))
    }

    /// The scale of the noise, in the unit of the column.
    pub fn scale(&self) -> f64 {
        self.noise.scale() as f64 * self.step
    }

    fn max(&self) -> f64 {
        self.min + self.step * GRID as f64
    }
}

impl Estimate {
    fn new(value: f64, error: f64) -> Self {
        let half = normal_quantile(0.975) * error;
        Self {
            value,
            error,
            interval: (value - half, value + half),
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the number lies between 0 and 4096"
)]
fn whole(number: f64) -> i64 {
    number as i64
}

/// Steps between the bounds.
const GRID: u64 = 4096;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mechanism::tests::Stream;

    fn sexes(epsilon: f64) -> LocalCategory {
        let words = vec!["F".to_owned(), "M".to_owned(), String::new()];
        LocalCategory::new(words, Epsilon::new(epsilon).unwrap()).unwrap()
    }

    #[test]
    fn shares_are_found_again_under_the_noise() {
        let column = sexes(1.0);
        let mut entropy = Stream::new(1);
        let truth = (0..60_000).map(|row| if row % 4 == 0 { "F" } else { "M" });
        let noisy: Vec<&str> = truth
            .map(|cell| column.perturb(cell, 1, &mut entropy).unwrap())
            .collect();
        let found = column.estimate(noisy.into_iter()).unwrap();
        for ((word, estimate), expected) in found.into_iter().zip([0.25, 0.75, 0.0]) {
            assert!(
                (estimate.value - expected).abs() < 4.0 * estimate.error,
                "{word}: {estimate:?}"
            );
            assert!(estimate.error < 0.01);
        }
    }

    #[test]
    fn a_word_outside_the_list_is_refused_without_being_shown() {
        let refused = sexes(1.0)
            .perturb("Jane Roe", 7, &mut Stream::new(1))
            .unwrap_err();
        assert_eq!(
            refused,
            PerturbError::Category {
                row: 7,
                categories: 3
            }
        );
        assert!(!refused.to_string().contains("Jane"));
        let twice = vec!["a".to_owned(), "a".to_owned()];
        assert!(LocalCategory::new(twice, Epsilon::new(1.0).unwrap()).is_err());
    }

    #[test]
    fn numbers_are_clamped_and_keep_their_mean() {
        let column = LocalNumber::new(0.0, 100.0, Epsilon::new(2.0).unwrap()).unwrap();
        let mut entropy = Stream::new(2);
        let mut noisy = Vec::new();
        for row in 0..40_000 {
            let (number, clamped) = column.perturb(130.0, row, &mut entropy).unwrap();
            assert!(clamped);
            noisy.push(number);
        }
        let estimate = LocalNumber::estimate(&noisy).unwrap();
        assert!((estimate.value - 100.0).abs() < 4.0 * estimate.error);
        let expected = libm::sqrt(2.0) * 50.0 / 200.0;
        assert!((estimate.error / expected - 1.0).abs() < 0.03);
        assert!((column.scale() - 50.0).abs() < 0.1);
        assert!(column.perturb(f64::NAN, 1, &mut entropy).is_err());
        assert!(!column.perturb(3.0, 1, &mut entropy).unwrap().1);
    }

    #[test]
    fn neighbouring_numbers_are_confused_as_the_epsilon_says() {
        let epsilon = 1.0;
        let column = LocalNumber::new(0.0, 1.0, Epsilon::new(epsilon).unwrap()).unwrap();
        let mut entropy = Stream::new(3);
        let mut above = |truth: f64| {
            (0..40_000)
                .filter(|_| column.perturb(truth, 1, &mut entropy).unwrap().0 > 1.0)
                .count() as f64
        };
        let ratio = above(1.0) / above(0.0);
        assert!(
            ratio < libm::exp(epsilon) * 1.05 && ratio > libm::exp(epsilon) * 0.93,
            "{ratio}"
        );
    }
}
