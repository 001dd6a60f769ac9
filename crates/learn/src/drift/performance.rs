//! How well a model probably does while the outcomes are not known yet.

use serde::{Deserialize, Serialize};

use crate::metrics::{Interval, ScoreError, check_scores};

/// Probabilities mended so that they say how often the outcome comes: isotonic regression (pool
/// adjacent violators, Ayer et al. 1955), fitted on rows whose outcome is known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// Scores up to which a rate holds, and the rate; rates never fall.
    steps: Vec<(f64, f64)>,
}

impl Calibration {
    /// Fits rates to scores.
    pub fn fit(scores: &[f64], labels: &[u8]) -> Result<Self, ScoreError> {
        check_scores(scores, labels)?;
        let mut rows: Vec<(f64, f64)> = scores
            .iter()
            .zip(labels)
            .map(|(score, label)| (*score, f64::from(*label)))
            .collect();
        rows.sort_by(|one, two| one.0.total_cmp(&two.0));
        // Blocks of (last score, sum of labels, rows).
        let mut blocks: Vec<(f64, f64, f64)> = Vec::new();
        for (score, label) in rows {
            match blocks.last_mut() {
                Some(last) if last.0 >= score => {
                    last.1 += label;
                    last.2 += 1.0;
                }
                _ => blocks.push((score, label, 1.0)),
            }
        }
        let mut merged: Vec<(f64, f64, f64)> = Vec::new();
        for block in blocks {
            merged.push(block);
            while let [.., one, two] = merged.as_slice() {
                if one.1 / one.2 < two.1 / two.2 {
                    break;
                }
                let both = (two.0, one.1 + two.1, one.2 + two.2);
                merged.truncate(merged.len() - 2);
                merged.push(both);
            }
        }
        let steps = merged.iter().map(|block| (block.0, block.1 / block.2));
        Ok(Self {
            steps: steps.collect(),
        })
    }

    /// The rate at a score.
    pub fn rate(&self, score: f64) -> f64 {
        let at = self.steps.partition_point(|(last, _)| *last < score);
        let step = self.steps.get(at).or(self.steps.last());
        step.map_or(score, |(_, rate)| *rate)
    }
}

/// An estimate from scores alone (CBPE, confidence-based performance estimation, as NannyML
/// describes it).
///
/// It is right as long as the probabilities are calibrated on the new rows too, that is while only
/// the inputs move and not what follows from them: a change of the disease or of the coding is not
/// seen by it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimated {
    /// Rows.
    pub rows: u64,
    /// The expected share of right decisions at 0.5, with the spread that outcomes drawn from the
    /// probabilities would have.
    pub accuracy: Interval,
    /// The expected area under the ROC curve, with Hanley and McNeil's spread (1982).
    pub auc: Option<Interval>,
    /// The expected share of positives.
    pub base_rate: f64,
}

/// Estimates the performance of a model on rows without labels, from its scores and, where rows
/// with known outcomes are at hand, a calibration.
pub fn estimate(
    scores: &[f64],
    calibration: Option<&Calibration>,
) -> Result<Estimated, ScoreError> {
    check_scores(scores, &vec![0; scores.len()])?;
    let chance = |score: f64| calibration.map_or(score, |calibration| calibration.rate(score));
    let rows: Vec<(f64, f64)> = scores
        .iter()
        .map(|score| (*score, chance(*score)))
        .collect();
    let count = rows.len() as f64;
    let right = |(score, chance): &(f64, f64)| if *score > 0.5 { *chance } else { 1.0 - chance };
    let accuracy = rows.iter().map(right).sum::<f64>() / count;
    let variance: f64 = rows.iter().map(|(_, chance)| chance * (1.0 - chance)).sum();
    let half = 1.96 * libm::sqrt(variance) / count;
    let positives: f64 = rows.iter().map(|(_, chance)| chance).sum();
    Ok(Estimated {
        rows: rows.len() as u64,
        accuracy: within(accuracy, half),
        auc: expected_auc(rows, positives, count - positives),
        base_rate: positives / count,
    })
}

fn within(value: f64, half: f64) -> Interval {
    Interval {
        value,
        low: (value - half).max(0.0),
        high: (value + half).min(1.0),
    }
}

/// Each row is a positive by its chance and a negative by the rest; ties count half.
fn expected_auc(mut rows: Vec<(f64, f64)>, positives: f64, negatives: f64) -> Option<Interval> {
    if positives <= 0.0 || negatives <= 0.0 {
        return None;
    }
    rows.sort_by(|one, two| one.0.total_cmp(&two.0));
    let (mut below, mut area) = (0.0, 0.0);
    let ties = |one: &(f64, f64), two: &(f64, f64)| one.0.total_cmp(&two.0).is_eq();
    for tied in rows.chunk_by(ties) {
        let yes: f64 = tied.iter().map(|(_, chance)| chance).sum();
        let no = tied.len() as f64 - yes;
        area += yes * (below + 0.5 * no);
        below += no;
    }
    let auc = area / (positives * negatives);
    let (one, two) = (auc / (2.0 - auc), 2.0 * auc * auc / (1.0 + auc));
    let variance = auc * (1.0 - auc)
        + (positives - 1.0).max(0.0) * (one - auc * auc)
        + (negatives - 1.0).max(0.0) * (two - auc * auc);
    let error = libm::sqrt((variance / (positives * negatives)).max(0.0));
    Some(within(auc, 1.96 * error))
}

#[cfg(test)]
mod tests {
    use domain::Entropy as _;

    use super::*;
    use crate::{metrics::Metrics, train::tests::Stream};

    #[test]
    fn the_estimate_is_the_one_worked_by_hand() {
        // 0.9 and 0.6 called yes, 0.2 called no: (0.9 + 0.6 + 0.8) / 3.
        let found = estimate(&[0.9, 0.6, 0.2], None).unwrap();
        assert!((found.accuracy.value - 2.3 / 3.0).abs() < 1e-12);
        assert!((found.base_rate - 1.7 / 3.0).abs() < 1e-12);
        // Positive weights 0.9, 0.6, 0.2 over negative ones below, own row half:
        let area = 0.9 * (0.8 + 0.4 + 0.05) + 0.6 * (0.8 + 0.2) + 0.2 * 0.4;
        assert!((found.auc.unwrap().value - area / (1.7 * 1.3)).abs() < 1e-12);
    }

    /// Scores of a model that is calibrated where `shift` is 0, with outcomes.
    fn rows(count: usize, shift: f64, entropy: &mut Stream) -> (Vec<f64>, Vec<u8>) {
        let mut one = || {
            let spread = entropy.unit() + entropy.unit() - 1.0 + shift;
            let score = 1.0 / (1.0 + libm::exp(-3.0 * spread));
            (score, u8::from(entropy.unit() < score))
        };
        (0..count).map(|_| one()).unzip()
    }

    #[test]
    fn while_only_inputs_move_the_estimate_follows_the_truth() {
        let mut entropy = Stream::new(1);
        for shift in [0.0, 0.4, -0.6] {
            let (scores, labels) = rows(20_000, shift, &mut entropy);
            let found = estimate(&scores, None).unwrap();
            let truth = Metrics::of(&scores, &labels).unwrap();
            assert!((found.accuracy.value - truth.accuracy.value).abs() < 0.01);
            assert!((found.auc.unwrap().value - truth.auc.unwrap().value).abs() < 0.01);
        }
    }

    #[test]
    fn a_calibration_mends_scores_that_boast() {
        let mut entropy = Stream::new(2);
        let boast = |score: f64| {
            if score > 0.5 {
                libm::sqrt(score)
            } else {
                score * score
            }
        };
        let (honest, labels) = rows(20_000, 0.0, &mut entropy);
        let scores: Vec<f64> = honest.iter().map(|score| boast(*score)).collect();
        let calibration = Calibration::fit(&scores, &labels).unwrap();
        let (honest, labels) = rows(20_000, 0.3, &mut entropy);
        let scores: Vec<f64> = honest.iter().map(|score| boast(*score)).collect();
        let truth = Metrics::of(&scores, &labels).unwrap().accuracy.value;
        let plain = estimate(&scores, None).unwrap().accuracy.value;
        let mended = estimate(&scores, Some(&calibration))
            .unwrap()
            .accuracy
            .value;
        assert!((mended - truth).abs() < 0.01, "{mended} {truth}");
        assert!((plain - truth).abs() > 2.0 * (mended - truth).abs());
    }

    #[test]
    fn isotonic_rates_never_fall_and_match_a_worked_case() {
        let fitted = Calibration::fit(&[0.1, 0.2, 0.3, 0.4], &[0, 1, 0, 1]).unwrap();
        let rates: Vec<f64> = [0.1, 0.2, 0.3, 0.4]
            .iter()
            .map(|score| fitted.rate(*score))
            .collect();
        assert_eq!(rates, [0.0, 0.5, 0.5, 1.0]);
        assert!(estimate(&[], None).is_err());
    }
}
