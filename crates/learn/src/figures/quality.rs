//! How good a model is, from one noisy table of score by outcome.

use domain::Entropy;
use serde::{Deserialize, Serialize};

use super::{
    FigureError, Judged,
    cells::{Cells, around},
};
use crate::{
    metrics::Interval,
    unit::{noise, shares},
};

/// Quality of predictions; `None` where the noise hides it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quality {
    /// Persons, with noise.
    pub persons: u64,
    /// The deviation of the noise of each count, in persons.
    pub deviation: f64,
    /// The share of right decisions.
    pub accuracy: Option<Interval>,
    /// The share of positives.
    pub base_rate: Option<Interval>,
    /// The share of positives that the scores expect.
    pub expected_rate: Option<f64>,
    /// The area under the ROC curve; scores of one cell are ties, so it lies a little below that of
    /// the scores themselves.
    pub auc: Option<Interval>,
    /// The mean squared error of the middle of the score's cell (Brier 1950).
    pub brier: Option<f64>,
}

/// Judges predictions by counts with noise of `sigma` times the bound of one person.
pub fn quality(
    judged: &Judged<'_>,
    sigma: f64,
    entropy: &mut dyn Entropy,
) -> Result<Quality, FigureError> {
    judged.check()?;
    let noise = noise(sigma, 1).map_err(|_| FigureError::Noise)?;
    let mut units = vec![0_i64; 2 * CELLS];
    let shares = shares(judged.persons);
    for ((score, label), share) in judged.scores.iter().zip(judged.labels).zip(&shares) {
        let cell = cell_of(*score) + if *label == 1 { CELLS } else { 0 };
        if let Some(count) = units.get_mut(cell) {
            *count = count.saturating_add(*share);
        }
    }
    Ok(told(&Cells::of(units, &noise, entropy)))
}

fn told(cells: &Cells) -> Quality {
    let everybody = |_: usize| true;
    let positive = |cell: usize| cell >= CELLS;
    let right = |cell: usize| positive(cell) == (cell % CELLS >= CELLS / 2);
    let total = cells.sum(everybody);
    let mean = |of: fn(usize) -> f64| {
        let cell = |(cell, count): (usize, &f64)| of(cell) * count.max(0.0);
        let sum: f64 = cells.counts.iter().enumerate().map(cell).sum();
        let all: f64 = cells.counts.iter().map(|count| count.max(0.0)).sum();
        (all > 0.0).then(|| sum / all)
    };
    Quality {
        persons: rounded(cells.counts.iter().sum()),
        deviation: cells.deviation,
        accuracy: cells.share(right, everybody),
        base_rate: cells.share(positive, everybody),
        expected_rate: total.and_then(|_| mean(middle)),
        auc: auc(cells),
        brier: total.and_then(|_| mean(squared_error)),
    }
}

/// Mann and Whitney's statistic over the cells, ties counting half, with the delta method.
fn auc(cells: &Cells) -> Option<Interval> {
    let yes = cells.sum(|cell| cell >= CELLS)?;
    let no = cells.sum(|cell| cell < CELLS)?;
    let (negatives, positives) = cells.counts.split_at_checked(CELLS)?;
    let below = ranks(negatives, no);
    let above: Vec<f64> = ranks(positives, yes).into_iter().map(|r| 1.0 - r).collect();
    let value: f64 = positives
        .iter()
        .zip(&below)
        .map(|(c, r)| c * r)
        .sum::<f64>()
        / yes;
    let spread = |counts: &[f64], ranks: &[f64], all: f64| {
        let pulls = counts.iter().zip(ranks).map(|(count, rank)| {
            let pull = (rank - value) / all;
            cells.variance(*count) * pull * pull
        });
        pulls.sum::<f64>()
    };
    let variance = spread(positives, &below, yes) + spread(negatives, &above, no);
    Some(around(value.clamp(0.0, 1.0), libm::sqrt(variance)))
}

/// The share of all that lies below each cell, half of its own counted.
fn ranks(counts: &[f64], all: f64) -> Vec<f64> {
    let mut before = 0.0;
    let rank = |count: &f64| {
        let rank = (before + 0.5 * count) / all;
        before += count;
        rank
    };
    counts.iter().map(rank).collect()
}

/// Cells of scores, even in log-odds: rare outcomes have small scores, and half of one divides two
/// cells, as decisions do.
const CELLS: usize = 20;
const STEP: f64 = 0.5;

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the cells"
)]
fn cell_of(score: f64) -> usize {
    let log_odds = libm::log(score / (1.0 - score));
    // At one half exactly the decision is no.
    let place = libm::ceil(log_odds / STEP) - 1.0 + (CELLS / 2) as f64;
    place.clamp(0.0, (CELLS - 1) as f64) as usize
}

/// The probability in the middle of a cell.
fn middle(cell: usize) -> f64 {
    let log_odds = ((cell % CELLS) as f64 + 0.5 - (CELLS / 2) as f64) * STEP;
    1.0 / (1.0 + libm::exp(-log_odds))
}

fn squared_error(cell: usize) -> f64 {
    let label = f64::from(u8::from(cell >= CELLS));
    (middle(cell) - label) * (middle(cell) - label)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a count of persons, cut at zero"
)]
pub(super) fn rounded(persons: f64) -> u64 {
    libm::round(persons.max(0.0)) as u64
}
