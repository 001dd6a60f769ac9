//! Noisy statistics: counts, sums, means, quantiles and tables of counts that leave with a guarantee.
//!
//! # Guarantee
//! The answer of [`Statistic::answer`] is private as [`Statistic::event`] says, for neighbours that
//! differ by everything of one person: of each person at most `rows_max` rows count (the first ones
//! in the order of the table, which does not depend on other persons), each number is clamped to
//! public bounds on a public grid, sums are integers, and the noise is opendp's discrete Laplace or
//! discrete Gaussian (Canonne, Kamath, Steinke 2020), or its private selection for quantiles
//! (McKenna, Sheldon 2020). The privacy that opendp proves for its own noise is compared with what
//! is charged, before the noise is drawn.
//!
//! Sums of the rows of one table only; joins, and bounds taken from the data, are not here.

mod bounds;
mod contribution;
mod error;
mod noise;

use domain::{Delta, Entropy, Epsilon};
use serde::Serialize;

pub use bounds::Bounds;
pub use contribution::Contribution;
pub use error::StatisticError;

use self::noise::Noise;
use crate::{budget::MechanismEvent, calibrate_sigma, special::normal_quantile};

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Question {
    /// How many rows.
    Count,
    /// The sum of a column of numbers.
    Sum(Bounds),
    /// The mean of a column of numbers: a noisy sum over a noisy count, half the budget each.
    Mean(Bounds),
    /// The number below which a share `alpha` of the rows lies, one of `candidates` that are evenly
    /// spread between the bounds.
    Quantile {
        /// Public bounds of the answer.
        bounds: Bounds,
        /// The share, 0 to 1.
        alpha: f64,
        /// How many candidates, 2 to 10,000.
        candidates: u32,
    },
    /// How many rows in each of so many cells: a histogram or a cross table.
    Cells(usize),
}

/// What may be spent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Spend {
    /// Pure differential privacy: Laplace noise, private selection.
    Pure(Epsilon),
    /// Approximate differential privacy: Gaussian noise.
    Approximate(Epsilon, Delta),
}

/// A statistic that was planned, before any data is looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Statistic {
    question: Question,
    rows_max: u32,
    spend: Spend,
    /// The noise multiplier of Gaussian noise.
    sigma: Option<f64>,
}

/// The rows as the statistic reads them, of one person after the other or mixed.
#[derive(Clone, Copy, Debug)]
pub enum Rows<'a> {
    /// Rows without a value.
    Bare(usize),
    /// Numbers; a row without one is left out.
    Numbers(&'a [Option<f64>]),
    /// The cell of each row; rows outside every cell are left out.
    Cells(&'a [Option<usize>]),
}

/// One released number.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Figure {
    /// The number with its noise; `None` where noise left nothing to divide by.
    pub value: Option<f64>,
    /// The scale of the noise: Laplace's, or the standard deviation of a Gaussian.
    pub scale: f64,
    /// 95 % of answers have the true (bounded) number in here.
    pub interval: Option<(f64, f64)>,
}

/// A released statistic.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answer {
    /// The number, or one for each cell.
    pub figures: Vec<Figure>,
    /// For a quantile: with 95 % probability at most so many rows lie between the answer and the
    /// rank that was asked for.
    pub rank_error: Option<f64>,
    /// The noise in words.
    pub noise: &'static str,
}

impl Statistic {
    /// Plans a statistic and its noise.
    ///
    /// Refuses no rows for a person, an `alpha` outside 0 to 1, too few or too many candidates or
    /// cells, a quantile with a delta, and an epsilon that no noise within reach keeps.
    pub fn plan(question: Question, rows_max: u32, spend: Spend) -> Result<Self, StatisticError> {
        if !(1..=ROWS_MOST).contains(&rows_max) {
            return Err(StatisticError::Rows);
        }
        match &question {
            Question::Quantile {
                alpha, candidates, ..
            } if !(0.0..=1.0).contains(alpha) || !(2..=10_000).contains(candidates) => {
                return Err(StatisticError::Quantile);
            }
            Question::Quantile { .. } if matches!(spend, Spend::Approximate(..)) => {
                return Err(StatisticError::PureOnly);
            }
            Question::Cells(cells) if !(1..=CELLS_MOST).contains(cells) => {
                return Err(StatisticError::Cells);
            }
            _ => {}
        }
        let sigma = match spend {
            Spend::Pure(_) => None,
            Spend::Approximate(epsilon, delta) => {
                Some(calibrate_sigma(epsilon, delta, 1.0, releases(&question))?)
            }
        };
        Ok(Self {
            question,
            rows_max,
            spend,
            sigma,
        })
    }

    /// What the ledger is charged.
    pub fn event(&self) -> MechanismEvent {
        match (self.spend, self.sigma) {
            (Spend::Approximate(..), Some(sigma)) => MechanismEvent::Gaussian {
                sigma,
                releases: releases(&self.question),
            },
            (Spend::Pure(epsilon) | Spend::Approximate(epsilon, _), _) => MechanismEvent::Pure {
                epsilon: epsilon.value(),
            },
        }
    }

    /// The most rows of a person that count.
    pub const fn rows_max(&self) -> u32 {
        self.rows_max
    }

    /// The statistic of rows with noise from `entropy`, which is used up.
    ///
    /// `counted` says which rows count; see [`Contribution`].
    pub fn answer(
        &self,
        rows: Rows<'_>,
        counted: &Contribution,
        entropy: Box<dyn Entropy>,
    ) -> Result<Answer, StatisticError> {
        if counted.rows_max() != self.rows_max {
            return Err(StatisticError::Rows);
        }
        let mut noise = Noise::new(entropy);
        let once = u64::from(self.rows_max);
        match &self.question {
            Question::Count => {
                let law = self.law(1)?;
                let count = count(rows, counted);
                let figure = noise.add(&[count], once, law)?.figure(0, 1.0, 0.0);
                Ok(self.told(vec![figure]))
            }
            Question::Cells(cells) => {
                let law = self.law(1)?;
                let counts = counts(rows, counted, *cells)?;
                let noisy = noise.add(&counts, once, law)?;
                let figures = (0..*cells).map(|cell| noisy.figure(cell, 1.0, 0.0));
                Ok(self.told(figures.collect()))
            }
            Question::Sum(bounds) => {
                let law = self.law(1)?;
                let (sum, _) = bounds.sum(numbers(rows)?, counted, 0);
                let sensitivity = once.saturating_mul(bounds.reach(0));
                let noisy = noise.add(&[sum], sensitivity, law)?;
                Ok(self.told(vec![noisy.figure(0, bounds.step(), 0.0)]))
            }
            Question::Mean(bounds) => self.mean(bounds, numbers(rows)?, counted, &mut noise),
            Question::Quantile {
                bounds,
                alpha,
                candidates,
            } => self.quantile(
                bounds,
                *alpha,
                *candidates,
                numbers(rows)?,
                counted,
                &mut noise,
            ),
        }
    }

    fn mean(
        &self,
        bounds: &Bounds,
        numbers: &[Option<f64>],
        counted: &Contribution,
        noise: &mut Noise,
    ) -> Result<Answer, StatisticError> {
        let law = self.law(2)?;
        let once = u64::from(self.rows_max);
        let middle = bounds.middle();
        let (sum, count) = bounds.sum(numbers, counted, middle);
        let sensitivity = once.saturating_mul(bounds.reach(middle));
        let sum = noise.add(&[sum], sensitivity, law)?;
        let count = noise.add(&[count], once, law)?;
        Ok(self.told(vec![bounds.ratio(&sum, &count, middle)]))
    }

    fn quantile(
        &self,
        bounds: &Bounds,
        alpha: f64,
        candidates: u32,
        numbers: &[Option<f64>],
        counted: &Contribution,
        noise: &mut Noise,
    ) -> Result<Answer, StatisticError> {
        let Spend::Pure(epsilon) = self.spend else {
            return Err(StatisticError::PureOnly);
        };
        let inside = bounds.on_grid(numbers, counted);
        let grid = bounds.candidates(candidates);
        let (chosen, scale) = noise.select(&inside, &grid, alpha, self.rows_max, epsilon)?;
        let figure = Figure {
            value: Some(bounds.number(chosen)),
            scale,
            interval: None,
        };
        Ok(Answer {
            figures: vec![figure],
            rank_error: Some(scale * libm::log(f64::from(candidates) / 0.05)),
            noise: "private selection (permute and flip)",
        })
    }

    /// The law of the noise of one of so many equal releases.
    fn law(&self, releases: u32) -> Result<noise::Law, StatisticError> {
        match (self.spend, self.sigma) {
            (Spend::Pure(epsilon), _) => Ok(noise::Law::Laplace {
                epsilon: epsilon.value() / f64::from(releases),
            }),
            (Spend::Approximate(..), Some(sigma)) => Ok(noise::Law::Gaussian { sigma }),
            (Spend::Approximate(..), None) => Err(StatisticError::Rows),
        }
    }

    fn told(&self, figures: Vec<Figure>) -> Answer {
        Answer {
            figures,
            rank_error: None,
            noise: match self.spend {
                Spend::Pure(_) => "discrete Laplace",
                Spend::Approximate(..) => "discrete Gaussian",
            },
        }
    }
}

/// How many noisy numbers about the same person leave.
const fn releases(question: &Question) -> u64 {
    match question {
        Question::Mean(_) => 2,
        _ => 1,
    }
}

fn count(rows: Rows<'_>, counted: &Contribution) -> i64 {
    let rows = match rows {
        Rows::Bare(rows) => rows,
        Rows::Numbers(numbers) => numbers.len(),
        Rows::Cells(cells) => cells.len(),
    };
    (0..rows).map(|row| i64::from(counted.counts(row))).sum()
}

fn counts(
    rows: Rows<'_>,
    counted: &Contribution,
    cells: usize,
) -> Result<Vec<i64>, StatisticError> {
    let Rows::Cells(of_rows) = rows else {
        return Err(StatisticError::Cells);
    };
    let mut counts = vec![0_i64; cells];
    let counting = of_rows
        .iter()
        .enumerate()
        .filter(|(row, _)| counted.counts(*row));
    for (_, cell) in counting {
        if let Some(count) = cell.and_then(|cell| counts.get_mut(cell)) {
            *count += 1;
        }
    }
    Ok(counts)
}

const fn numbers(rows: Rows<'_>) -> Result<&[Option<f64>], StatisticError> {
    match rows {
        Rows::Numbers(numbers) => Ok(numbers),
        _ => Err(StatisticError::Numbers),
    }
}

/// How far from zero a Gaussian stays with this confidence.
fn gaussian_half(sigma: f64, confidence: f64) -> f64 {
    normal_quantile(0.5 + confidence / 2.0) * sigma
}

const ROWS_MOST: u32 = 10_000;
const CELLS_MOST: usize = 100_000;

#[cfg(test)]
mod tests;
