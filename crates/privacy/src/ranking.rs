//! How well a score ranks one group above another: the area under the ROC curve.

use serde::{Deserialize, Serialize};

use crate::special::normal_quantile;

/// The area under the ROC curve with its standard error.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Auc {
    /// The chance that a random positive scores above a random negative, ties counted half.
    pub value: f64,
    /// DeLong's standard error.
    pub standard_error: f64,
}

impl Auc {
    /// The area by midranks and its error by placement values (DeLong, DeLong, Clarke-Pearson 1988;
    /// Sun, Xu 2014 for the ranks). `None` when a group is empty or a score is not a number.
    ///
    /// ```
    /// let auc = cloister_privacy::ranking::Auc::of(&[3.0, 2.0], &[1.0, 2.0]).unwrap();
    /// assert_eq!(auc.value, 0.875);
    /// ```
    pub fn of(positives: &[f64], negatives: &[f64]) -> Option<Self> {
        let unclear = |score: &f64| score.is_nan();
        if positives.is_empty() || negatives.is_empty() {
            return None;
        }
        if positives.iter().chain(negatives).any(unclear) {
            return None;
        }
        let above = placements(positives, negatives);
        let below = placements(negatives, positives);
        let value = mean(&above);
        let variance =
            variance(&above) / above.len() as f64 + variance(&below) / below.len() as f64;
        Some(Self {
            value,
            standard_error: libm::sqrt(variance),
        })
    }

    /// The two-sided normal interval, kept within 0 and 1.
    pub fn interval(&self, confidence: f64) -> (f64, f64) {
        let half = normal_quantile(0.5 + confidence / 2.0) * self.standard_error;
        ((self.value - half).max(0.0), (self.value + half).min(1.0))
    }
}

/// For each score the share of `others` below it, ties counted half.
fn placements(scores: &[f64], others: &[f64]) -> Vec<f64> {
    let mut sorted = others.to_vec();
    sorted.sort_by(f64::total_cmp);
    let share = |score: &f64| {
        let below = sorted.partition_point(|other| other < score);
        let up_to = sorted.partition_point(|other| other <= score);
        (below + up_to) as f64 / (2 * sorted.len()) as f64
    };
    scores.iter().map(share).collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn variance(values: &[f64]) -> f64 {
    if values.len() < 2 {
        return 0.25;
    }
    let mean = mean(values);
    let squares: f64 = values
        .iter()
        .map(|value| (value - mean) * (value - mean))
        .sum();
    squares / (values.len() - 1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn perfect_and_useless_scores_have_the_areas_one_and_a_half() {
        assert_eq!(Auc::of(&[2.0, 3.0], &[0.0, 1.0]).unwrap().value, 1.0);
        assert_eq!(Auc::of(&[1.0, 1.0], &[1.0, 1.0]).unwrap().value, 0.5);
        assert_eq!(Auc::of(&[], &[1.0]), None);
        assert_eq!(Auc::of(&[f64::NAN], &[1.0]), None);
    }

    #[test]
    fn the_error_is_the_one_worked_by_hand() {
        // Positives 1, 3; negatives 0, 2: placements (1/2, 1) and (1, 1/2)-complement (0, 1/2).
        let auc = Auc::of(&[1.0, 3.0], &[0.0, 2.0]).unwrap();
        assert_eq!(auc.value, 0.75);
        assert!((auc.standard_error - libm::sqrt(0.125 / 2.0 + 0.125 / 2.0)).abs() < 1e-15);
    }
}
