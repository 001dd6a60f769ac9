//! Inequality of benefits over persons, and whether like rows are treated alike.

use serde::{Deserialize, Serialize};

use super::counts::{Counts, Table};

/// Generalised entropy of the benefit `decision - label + 1` (Speicher et al. 2018); 0 is equality.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Individual {
    /// With alpha 2: half the squared coefficient of variation.
    pub generalized_entropy_index: f64,
    /// With alpha 1.
    pub theil_index: f64,
    /// The root of twice the index with alpha 2: deviation over mean.
    pub coefficient_of_variation: f64,
    /// The part of the index with alpha 2 that lies between the groups.
    pub between_group_generalized_entropy_index: f64,
}

impl Individual {
    pub(super) fn of(decisions: &[u8], labels: &[u8], table: &Table<'_>) -> Self {
        let pairs = decisions.iter().zip(labels);
        let benefits: Vec<f64> = pairs
            .map(|(decision, label)| f64::from(*decision) - f64::from(*label) + 1.0)
            .collect();
        let index = squared(&benefits, &vec![1.0; benefits.len()]);
        let benefit = |counts: &Counts| {
            let sum = counts.selected() as f64 - counts.positives() as f64 + counts.rows() as f64;
            (sum / counts.rows() as f64, counts.rows() as f64)
        };
        let (means, weights): (Vec<f64>, Vec<f64>) = table.values().map(benefit).unzip();
        Self {
            generalized_entropy_index: index,
            theil_index: theil(&benefits),
            coefficient_of_variation: libm::sqrt(2.0 * index),
            between_group_generalized_entropy_index: squared(&means, &weights),
        }
    }
}

/// The index with alpha 2 of weighted values.
fn squared(values: &[f64], weights: &[f64]) -> f64 {
    let total: f64 = weights.iter().sum();
    let mean = weighted(values, weights, total);
    if mean <= 0.0 {
        return 0.0;
    }
    let shares: Vec<f64> = values
        .iter()
        .map(|value| (value / mean) * (value / mean) - 1.0)
        .collect();
    weighted(&shares, weights, total) / 2.0
}

fn weighted(values: &[f64], weights: &[f64], total: f64) -> f64 {
    let sum: f64 = values
        .iter()
        .zip(weights)
        .map(|(value, weight)| value * weight)
        .sum();
    sum / total
}

fn theil(benefits: &[f64]) -> f64 {
    let count = benefits.len() as f64;
    let mean = benefits.iter().sum::<f64>() / count;
    let part = |benefit: &f64| {
        let share = benefit / mean;
        if share > 0.0 {
            share * libm::log(share)
        } else {
            0.0
        }
    };
    benefits.iter().map(part).sum::<f64>() / count
}

/// One less the mean distance of a decision from the mean decision of the `neighbours` nearest rows,
/// the row itself among them (Zemel et al. 2013, as AIF360 computes it).
///
/// `rows` hold `width` numbers each. Ties in distance go to the earlier row. Quadratic in the rows.
pub fn consistency(rows: &[f64], width: usize, decisions: &[u8], neighbours: usize) -> f64 {
    let rows: Vec<&[f64]> = rows.chunks_exact(width.max(1)).collect();
    let mut sum = 0.0;
    for (row, decision) in rows.iter().zip(decisions) {
        let mut near: Vec<(f64, usize)> = rows
            .iter()
            .enumerate()
            .map(|(at, other)| (distance(row, other), at))
            .collect();
        let last = neighbours.clamp(1, near.len()) - 1;
        near.select_nth_unstable_by(last, |one, two| {
            one.0.total_cmp(&two.0).then(one.1.cmp(&two.1))
        });
        let own = near.iter().take(last + 1);
        let alike: f64 = own
            .filter_map(|(_, at)| decisions.get(*at))
            .map(|decision| f64::from(*decision))
            .sum();
        sum += (f64::from(*decision) - alike / (last + 1) as f64).abs();
    }
    1.0 - sum / (rows.len().max(1)) as f64
}

fn distance(one: &[f64], two: &[f64]) -> f64 {
    one.iter().zip(two).map(|(a, b)| (a - b) * (a - b)).sum()
}
