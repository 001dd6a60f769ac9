//! How well a model does, for everybody and for each group, without showing small cells.

mod groups;

use domain::{Code, Explain};
use privacy::{ranking::Auc, special::normal_quantile};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{codes, features::Design, model::loss};

pub use groups::{Gaps, SMALLEST_CELL, Subgroup, Subgroups, subgroups};

/// Why predictions could not be judged.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum ScoreError {
    /// No predictions.
    #[error("there are no predictions to judge")]
    Empty,
    /// Predictions, labels or groups differ in number.
    #[error("predictions, labels and groups differ in number")]
    Length,
    /// A prediction is no probability.
    #[error("the prediction of row {row} is not a probability")]
    Probability {
        /// The row, counted from 0.
        row: usize,
    },
}

impl Explain for ScoreError {
    fn code(&self) -> Code {
        codes::SCORES
    }

    fn help(&self) -> String {
        "predict the rows of the labelled table with the model first".into()
    }
}

/// A number with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// The estimate.
    pub value: f64,
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// Right and wrong decisions at probability 0.5.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confusion {
    /// Positive, called positive.
    pub true_positives: u64,
    /// Negative, called positive.
    pub false_positives: u64,
    /// Negative, called negative.
    pub true_negatives: u64,
    /// Positive, called negative.
    pub false_negatives: u64,
}

/// Predicted and observed rate among rows with similar predictions.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CalibrationBin {
    /// Predictions from here,
    pub from: f64,
    /// up to here.
    pub to: f64,
    /// How many rows; `None` when there are 1 to 10, and then nothing else is shown.
    pub rows: Option<u64>,
    /// The mean prediction.
    pub predicted: Option<f64>,
    /// The share of positives; `None` also when 1 to 10 rows stand behind it or its complement.
    pub observed: Option<f64>,
}

/// The quality of predictions against labels.
///
/// Counts of [`Confusion`] are exact: before they are printed, ask [`Confusion::is_showable`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Metrics {
    /// How many rows.
    pub rows: u64,
    /// How many positives.
    pub positives: u64,
    /// The share of right decisions, with Wilson's interval (Wilson 1927).
    pub accuracy: Interval,
    /// The area under the ROC curve with DeLong's interval; `None` with one class only.
    pub auc: Option<Interval>,
    /// The mean logistic loss in nats.
    pub log_loss: f64,
    /// The mean squared error of the probability (Brier 1950).
    pub brier: f64,
    /// Ten bins of equal width.
    pub calibration: Vec<CalibrationBin>,
    /// Decisions at probability 0.5.
    pub confusion: Confusion,
}

impl Metrics {
    /// Judges probabilities of the positive class against labels 0 and 1.
    pub fn of(probabilities: &[f64], labels: &[u8]) -> Result<Self, ScoreError> {
        check(probabilities, labels)?;
        let rows = probabilities.len() as u64;
        let pairs = || probabilities.iter().copied().zip(labels.iter().copied());
        let confusion = Confusion::of(pairs());
        let mean = |value: fn(f64, u8) -> f64| {
            pairs().map(|(p, label)| value(p, label)).sum::<f64>() / rows as f64
        };
        Ok(Self {
            rows,
            positives: confusion.true_positives + confusion.false_negatives,
            accuracy: wilson(confusion.true_positives + confusion.true_negatives, rows),
            auc: auc(probabilities, labels),
            log_loss: mean(loss),
            brier: mean(|p, label| (p - f64::from(label)) * (p - f64::from(label))),
            calibration: (0..10).map(|bin| calibration(bin, pairs())).collect(),
            confusion,
        })
    }
}

impl Confusion {
    fn of(pairs: impl Iterator<Item = (f64, u8)>) -> Self {
        let mut confusion = Self::default();
        for (probability, label) in pairs {
            match (probability > 0.5, label == 1) {
                (true, true) => confusion.true_positives += 1,
                (true, false) => confusion.false_positives += 1,
                (false, false) => confusion.true_negatives += 1,
                (false, true) => confusion.false_negatives += 1,
            }
        }
        confusion
    }

    /// Whether no cell is 1 to 10.
    pub fn is_showable(&self) -> bool {
        let cells = [
            self.true_positives,
            self.false_positives,
            self.true_negatives,
            self.false_negatives,
        ];
        cells.into_iter().all(is_showable)
    }
}

/// Wilson's 95 % interval for a share (Wilson 1927); the whole unit interval without rows.
pub fn wilson(hits: u64, rows: u64) -> Interval {
    if rows == 0 {
        return Interval {
            value: 0.0,
            low: 0.0,
            high: 1.0,
        };
    }
    let (n, share) = (rows as f64, hits as f64 / rows as f64);
    let z = normal_quantile(0.975);
    let scale = 1.0 + z * z / n;
    let centre = (share + z * z / (2.0 * n)) / scale;
    let half = z / scale * libm::sqrt(share * (1.0 - share) / n + z * z / (4.0 * n * n));
    Interval {
        value: share,
        low: (centre - half).max(0.0),
        high: (centre + half).min(1.0),
    }
}

/// Whether a count may be shown: none, or at least [`SMALLEST_CELL`].
pub fn is_showable(count: u64) -> bool {
    count == 0 || count >= SMALLEST_CELL
}

/// The mean of a row's value over the rows of each person.
pub(crate) fn mean_by_person(values: &[f64], design: &Design) -> Vec<f64> {
    let persons = design.rows_of_persons();
    let own = persons.iter().filter(|rows| !rows.is_empty());
    own.map(|rows| {
        let values = rows.iter().filter_map(|row| values.get(*row as usize));
        values.sum::<f64>() / rows.len() as f64
    })
    .collect()
}

fn check(probabilities: &[f64], labels: &[u8]) -> Result<(), ScoreError> {
    if probabilities.len() != labels.len() {
        return Err(ScoreError::Length);
    }
    if probabilities.is_empty() {
        return Err(ScoreError::Empty);
    }
    match probabilities.iter().position(|p| !(0.0..=1.0).contains(p)) {
        Some(row) => Err(ScoreError::Probability { row }),
        None => Ok(()),
    }
}

/// Refuses what [`Metrics::of`] refuses.
pub(crate) fn check_scores(probabilities: &[f64], labels: &[u8]) -> Result<(), ScoreError> {
    check(probabilities, labels)
}

fn auc(probabilities: &[f64], labels: &[u8]) -> Option<Interval> {
    let of = |class: bool| -> Vec<f64> {
        let pairs = probabilities.iter().zip(labels);
        pairs
            .filter(|(_, label)| (**label == 1) == class)
            .map(|(p, _)| *p)
            .collect()
    };
    let auc = Auc::of(&of(true), &of(false))?;
    let (low, high) = auc.interval(0.95);
    Some(Interval {
        value: auc.value,
        low,
        high,
    })
}

fn calibration(bin: u32, pairs: impl Iterator<Item = (f64, u8)>) -> CalibrationBin {
    let (from, to) = (f64::from(bin) / 10.0, f64::from(bin + 1) / 10.0);
    let (mut rows, mut positives, mut sum) = (0_u64, 0_u64, 0.0);
    for (probability, label) in pairs {
        if probability >= from && (probability < to || bin == 9) {
            rows += 1;
            positives += u64::from(label == 1);
            sum += probability;
        }
    }
    let enough = rows >= SMALLEST_CELL;
    let clear = enough && is_showable(positives) && is_showable(rows - positives);
    CalibrationBin {
        from,
        to,
        rows: is_showable(rows).then_some(rows),
        predicted: enough.then(|| sum / rows as f64),
        observed: clear.then(|| positives as f64 / rows as f64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_worked_by_hand() {
        let metrics = Metrics::of(&[0.9, 0.6, 0.4, 0.2], &[1, 0, 1, 0]).unwrap();
        assert_eq!(metrics.accuracy.value, 0.5);
        assert_eq!(metrics.auc.unwrap().value, 0.75);
        assert!((metrics.brier - (0.01 + 0.36 + 0.36 + 0.04) / 4.0).abs() < 1e-12);
        let expected = -(libm::log(0.9) + libm::log(0.4) + libm::log(0.4) + libm::log(0.8)) / 4.0;
        assert!((metrics.log_loss - expected).abs() < 1e-12);
        assert!(!metrics.confusion.is_showable());
    }

    #[test]
    fn wilsons_interval_matches_the_printed_one() {
        // Newcombe 1998, table I: 81 of 263.
        let interval = wilson(81, 263);
        assert!((interval.low - 0.2553).abs() < 1e-4 && (interval.high - 0.3662).abs() < 1e-4);
        assert_eq!(wilson(0, 0).high, 1.0);
    }

    #[test]
    fn calibration_hides_small_cells() {
        let mut probabilities = vec![0.05; 5];
        probabilities.extend(vec![0.55; 40]);
        let labels: Vec<u8> = (0..45).map(|row| u8::from(row % 2 == 0)).collect();
        let bins = Metrics::of(&probabilities, &labels).unwrap().calibration;
        assert_eq!(
            (bins[0].rows, bins[0].predicted, bins[0].observed),
            (None, None, None)
        );
        assert_eq!((bins[1].rows, bins[1].predicted), (Some(0), None));
        assert_eq!((bins[5].rows, bins[5].observed), (Some(40), Some(0.5)));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert_eq!(Metrics::of(&[], &[]), Err(ScoreError::Empty));
        assert_eq!(Metrics::of(&[0.5], &[]), Err(ScoreError::Length));
        assert_eq!(
            Metrics::of(&[0.5, f64::NAN], &[0, 1]),
            Err(ScoreError::Probability { row: 1 })
        );
        assert_eq!(Metrics::of(&[0.5], &[1]).unwrap().auc, None);
    }
}
