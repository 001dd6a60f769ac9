//! Population stability index and Kolmogorov-Smirnov distance with their intervals.

use std::collections::BTreeMap;

use privacy::special::normal_quantile;
use serde::{Deserialize, Serialize};

use super::{Baseline, ColumnBaseline, Divergence, DriftError, baseline::count_all};
use crate::{
    features::Values,
    metrics::{Interval, SMALLEST_CELL},
};

/// What a column's comparison says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DriftVerdict {
    /// Below 0.1 after noise.
    Stable,
    /// From 0.1 on.
    Watch,
    /// From 0.25 on.
    Drifted,
}

/// The population stability index.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stability {
    /// The index, `sum (p - q) ln(p / q)`, half a row added to every cell, with its 95 % interval by
    /// the delta method and the spread of the noise.
    pub psi: Interval,
    /// What the index would be on average without any drift: `(cells - 1) (1/n + 1/m)`
    /// (Yurdakul, Naranjo 2020). The verdict is on what exceeds it.
    pub noise: f64,
}

/// The Kolmogorov-Smirnov distance over the baseline's cells.
///
/// Between the edges nothing is kept, so the distance is at most the true one and the p-value is at
/// least the true one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Kolmogorov {
    /// The distance with the 95 % band of Dvoretzky, Kiefer, Wolfowitz (Massart 1990).
    pub distance: Interval,
    /// The asymptotic two-sided p-value (Stephens 1970).
    pub p_value: f64,
}

/// One column's comparison.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnDrift {
    /// The column, or `prediction`.
    pub column: String,
    /// How many cells were compared.
    pub cells: u64,
    /// The stability index.
    pub stability: Stability,
    /// The distance, for numbers.
    pub kolmogorov: Option<Kolmogorov>,
    /// The Jensen-Shannon distance, and whether the change is beyond chance.
    pub divergence: Divergence,
    /// What follows.
    pub verdict: DriftVerdict,
}

impl Baseline {
    /// Compares new rows, and the model's predictions on them if given, with the baseline.
    ///
    /// Refuses fewer than 11 rows.
    pub fn compare(
        &self,
        columns: &BTreeMap<&str, Values<'_>>,
        predictions: Option<&[f64]>,
    ) -> Result<Vec<ColumnDrift>, DriftError> {
        let counted = count_all(&self.spec, columns, predictions, &|_| 1)?;
        let rows = counted
            .first()
            .map_or(0, |column| column.counts.iter().sum());
        if rows < SMALLEST_CELL {
            return Err(DriftError::TooFew {
                needed: SMALLEST_CELL,
                found: rows,
            });
        }
        let pairs = self.columns.iter().zip(&counted);
        Ok(pairs
            .map(|(base, new)| drift(base, &base.gather(&new.counts)))
            .collect())
    }
}

fn drift(base: &ColumnBaseline, new: &[u64]) -> ColumnDrift {
    let stability = stability(&base.counts, new, &[]);
    let excess = stability.psi.value - stability.noise;
    ColumnDrift {
        column: base.column.clone(),
        cells: base.counts.len() as u64,
        stability,
        kolmogorov: base.ordered.then(|| kolmogorov(&base.counts, new)),
        divergence: Divergence::of(&base.counts, new),
        verdict: verdict(excess),
    }
}

fn verdict(excess: f64) -> DriftVerdict {
    if excess >= 0.25 {
        DriftVerdict::Drifted
    } else if excess >= 0.1 {
        DriftVerdict::Watch
    } else {
        DriftVerdict::Stable
    }
}

/// The index; `noise` holds the variances of the noise on each pair of cells, none where counts are
/// exact.
pub(super) fn stability(old: &[u64], new: &[u64], noise: &[(f64, f64)]) -> Stability {
    let (p, n) = shares(old);
    let (q, m) = shares(new);
    let (mut value, mut noisy, mut noisy_spread) = (0.0, 0.0, 0.0);
    let (mut old_moments, mut new_moments) = ((0.0, 0.0), (0.0, 0.0));
    let none = std::iter::repeat(&(0.0, 0.0));
    for ((p, q), (on_old, on_new)) in p.iter().zip(&q).zip(noise.iter().chain(none)) {
        let log = libm::log(p / q);
        value += (p - q) * log;
        let (by_p, by_q) = (log + 1.0 - q / p, -log + 1.0 - p / q);
        old_moments = (old_moments.0 + p * by_p, old_moments.1 + p * by_p * by_p);
        new_moments = (new_moments.0 + q * by_q, new_moments.1 + q * by_q * by_q);
        let (on_old, on_new) = (on_old / (n * n), on_new / (m * m));
        let average = 2.0 * (on_old + on_new) / (p + q);
        noisy += average;
        noisy_spread += on_old * by_p * by_p + on_new * by_q * by_q + 2.0 * average * average;
    }
    let spread = |(mean, square): (f64, f64), rows: f64| (square - mean * mean).max(0.0) / rows;
    let freedom = (p.len() as f64 - 1.0).max(0.0);
    let rate = 1.0 / n + 1.0 / m;
    let variance = spread(old_moments, n)
        + spread(new_moments, m)
        + 2.0 * freedom * rate * rate
        + noisy_spread;
    let half = normal_quantile(0.975) * libm::sqrt(variance);
    let low = (value - half).max(0.0);
    Stability {
        psi: Interval {
            value,
            low,
            high: value + half,
        },
        noise: freedom * rate + noisy,
    }
}

/// Shares with half a row added to each cell, and the rows.
fn shares(counts: &[u64]) -> (Vec<f64>, f64) {
    let rows = counts.iter().sum::<u64>() as f64;
    let total = rows + 0.5 * counts.len() as f64;
    let share = |count: &u64| (*count as f64 + 0.5) / total;
    (counts.iter().map(share).collect(), rows.max(1.0))
}

fn kolmogorov(old: &[u64], new: &[u64]) -> Kolmogorov {
    let (n, m) = (
        old.iter().sum::<u64>() as f64,
        new.iter().sum::<u64>() as f64,
    );
    let (mut below_old, mut below_new, mut value) = (0.0, 0.0, 0.0_f64);
    for (old, new) in old.iter().zip(new) {
        below_old += *old as f64 / n.max(1.0);
        below_new += *new as f64 / m.max(1.0);
        value = value.max((below_old - below_new).abs());
    }
    // Each of the two bands misses with probability 0.025.
    let band = |rows: f64| libm::sqrt(libm::log(2.0 / 0.025) / (2.0 * rows.max(1.0)));
    let half = band(n) + band(m);
    let distance = Interval {
        value,
        low: (value - half).max(0.0),
        high: (value + half).min(1.0),
    };
    let root = libm::sqrt(n * m / (n + m).max(1.0));
    Kolmogorov {
        distance,
        p_value: tail((root + 0.12 + 0.11 / root.max(1e-9)) * value),
    }
}

/// Kolmogorov's distribution: the chance of a larger scaled distance.
fn tail(scaled: f64) -> f64 {
    if scaled < 0.2 {
        return 1.0;
    }
    let (mut sum, mut sign) = (0.0, 1.0);
    for k in 1..=100 {
        let k = f64::from(k);
        sum += sign * libm::exp(-2.0 * k * k * scaled * scaled);
        sign = -sign;
    }
    (2.0 * sum).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use domain::Entropy as _;

    use super::*;
    use crate::{
        features::{Feature, FeatureSpec, Scale, Target},
        train::tests::Stream,
    };

    fn spec() -> FeatureSpec {
        let number = Feature::Number {
            column: "age".into(),
            min: 0.0,
            max: 100.0,
            scale: Scale::Linear,
        };
        let word = Feature::Category {
            column: "sex".into(),
            values: vec!["F".into(), "M".into()],
        };
        let target = Target {
            column: "ill".into(),
            positive: "yes".into(),
        };
        FeatureSpec {
            features: vec![number, word],
            target,
        }
    }

    /// Ages of two dice, shifted, and a share of women.
    fn table(
        rows: usize,
        shift: f64,
        women: f64,
        seed: u64,
    ) -> (Vec<Option<f64>>, Vec<Option<&'static str>>) {
        let mut entropy = Stream::new(seed);
        let age = (0..rows)
            .map(|_| Some(shift + 50.0 * (entropy.unit() + entropy.unit())))
            .collect();
        let mut entropy = Stream::new(seed + 1000);
        let sex = (0..rows)
            .map(|_| Some(if entropy.unit() < women { "F" } else { "M" }))
            .collect();
        (age, sex)
    }

    fn compared(rows: usize, shift: f64, women: f64) -> Vec<ColumnDrift> {
        let (age, sex) = table(5000, 0.0, 0.5, 1);
        let old = BTreeMap::from([("age", Values::Number(&age)), ("sex", Values::Text(&sex))]);
        let baseline = Baseline::of(&spec(), &old, None).unwrap();
        let (age, sex) = table(rows, shift, women, 2);
        let new = BTreeMap::from([("age", Values::Number(&age)), ("sex", Values::Text(&sex))]);
        baseline.compare(&new, None).unwrap()
    }

    #[test]
    fn the_same_law_is_stable_also_on_few_rows() {
        for rows in [60, 300, 5000] {
            for column in compared(rows, 0.0, 0.5) {
                assert_eq!(
                    column.verdict,
                    DriftVerdict::Stable,
                    "{rows} {}",
                    column.column
                );
                assert!(column.kolmogorov.is_none_or(|ks| ks.p_value > 0.01));
            }
        }
    }

    #[test]
    fn a_shifted_law_is_caught_in_the_column_that_shifted() {
        let columns = compared(2000, 15.0, 0.5);
        assert_eq!(columns[0].verdict, DriftVerdict::Drifted);
        let distance = columns[0].kolmogorov.unwrap();
        assert!(distance.p_value < 1e-9 && distance.distance.low > 0.1);
        assert_eq!(columns[1].verdict, DriftVerdict::Stable);
        assert_eq!(compared(2000, 0.0, 0.72)[1].verdict, DriftVerdict::Watch);
    }

    #[test]
    fn the_index_matches_its_formula() {
        // Shares .5/.5 against .75/.25 (half rows vanish in a million): .25 ln 1.5 ... by hand.
        let found = stability(&[500_000, 500_000], &[750_000, 250_000], &[]).psi;
        let expected = -0.25 * libm::log(0.5 / 0.75) + 0.25 * libm::log(0.5 / 0.25);
        assert!((found.value - expected).abs() < 1e-5);
        assert!(found.low < expected && expected < found.high && found.high - found.low < 0.01);
    }

    #[test]
    fn kolmogorovs_tail_matches_the_printed_quantiles() {
        assert!((tail(1.3581) - 0.05).abs() < 1e-4);
        assert!((tail(1.6276) - 0.01).abs() < 1e-4);
    }

    #[test]
    fn no_cell_of_a_baseline_is_small() {
        for rows in [22, 100, 5000] {
            let (age, sex) = table(rows, 0.0, 0.9, 3);
            let old = BTreeMap::from([("age", Values::Number(&age)), ("sex", Values::Text(&sex))]);
            let scores = vec![0.03; rows];
            let baseline = Baseline::of(&spec(), &old, Some(&scores)).unwrap();
            for column in &baseline.columns {
                assert!(column.counts.iter().all(|count| *count >= SMALLEST_CELL));
                assert_eq!(column.counts.iter().sum::<u64>(), rows as u64);
            }
        }
    }

    #[test]
    fn too_few_rows_are_refused() {
        let (age, sex) = table(10, 0.0, 0.5, 3);
        let few = BTreeMap::from([("age", Values::Number(&age)), ("sex", Values::Text(&sex))]);
        let refused = Baseline::of(&spec(), &few, None).unwrap_err();
        assert_eq!(
            refused,
            DriftError::TooFew {
                needed: 22,
                found: 10
            }
        );
    }
}
