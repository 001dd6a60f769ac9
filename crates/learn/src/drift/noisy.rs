//! Drift between noisy counts of persons: what may be shown beyond the instance.
//!
//! # Guarantee
//! [`Baseline::noisy`] and [`Baseline::compare_noisy`] are one Gaussian mechanism each, with the
//! noise multiplier `sigma`, for neighbours that differ by one person of the table they count: each
//! person counts once in each column, spread over at most 64 rows, and the cells are public.
//! Merging cells, the index and its interval are post-processing.
//!
//! Only the stability index is computed: the p-values of the other measures know no noise.

use std::collections::BTreeMap;

use domain::Entropy;
use serde::{Deserialize, Serialize};

use super::{
    Baseline, ColumnBaseline, DriftError, Stability,
    baseline::{Counted, count_all},
    compare::stability,
};
use crate::{
    features::{FeatureSpec, Values},
    metrics::SMALLEST_CELL,
    unit::{in_persons, noise, shares},
};

/// One column's comparison.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NoisyDrift {
    /// The column, or `prediction`.
    pub column: String,
    /// How many cells were compared.
    pub cells: u64,
    /// The stability index; its interval and its expected noise hold the noise of both counts.
    pub stability: Stability,
}

/// Columns, and the predictions for them.
pub type Counting<'a> = (&'a BTreeMap<&'a str, Values<'a>>, Option<&'a [f64]>);

impl Baseline {
    /// The baseline of training data with noise of `sigma` times the bound of one person; `persons`
    /// says whose row each row is, and how many persons there are.
    pub fn noisy(
        spec: &FeatureSpec,
        counting: Counting<'_>,
        persons: (&[u32], u32),
        sigma: f64,
        entropy: &mut dyn Entropy,
    ) -> Result<Self, DriftError> {
        spec.check()?;
        let (counted, deviation) = noised(spec, counting, persons, sigma, entropy)?;
        let least = |cells: usize| {
            f64::max(
                SMALLEST_CELL as f64,
                CLEAR * deviation * libm::sqrt(cells as f64),
            )
        };
        Ok(Self {
            spec: spec.clone(),
            rows: u64::from(persons.1),
            columns: counted.into_iter().map(|it| it.merged(&least)).collect(),
            deviation,
        })
    }

    /// Compares new rows, counted with noise, with the baseline, which should be noisy itself.
    pub fn compare_noisy(
        &self,
        counting: Counting<'_>,
        persons: (&[u32], u32),
        sigma: f64,
        entropy: &mut dyn Entropy,
    ) -> Result<Vec<NoisyDrift>, DriftError> {
        let (counted, deviation) = noised(&self.spec, counting, persons, sigma, entropy)?;
        let pairs = self.columns.iter().zip(&counted);
        Ok(pairs
            .map(|(base, new)| compared(base, &new.counts, self.deviation, deviation))
            .collect())
    }
}

fn compared(base: &ColumnBaseline, new: &[u64], on_old: f64, on_new: f64) -> NoisyDrift {
    let merged = |cell: usize| {
        let own = base.cell_of.iter().filter(|it| **it as usize == cell);
        own.count() as f64
    };
    let variances: Vec<(f64, f64)> = (0..base.counts.len())
        .map(merged)
        .map(|cells| (cells * on_old * on_old, cells * on_new * on_new))
        .collect();
    NoisyDrift {
        column: base.column.clone(),
        cells: base.counts.len() as u64,
        stability: stability(&base.counts, &base.gather(new), &variances),
    }
}

/// Counts of persons with noise, cut at nothing, and the deviation of the noise.
fn noised(
    spec: &FeatureSpec,
    (columns, predictions): Counting<'_>,
    persons: (&[u32], u32),
    sigma: f64,
    entropy: &mut dyn Entropy,
) -> Result<(Vec<Counted>, f64), DriftError> {
    let shares = shares(persons);
    let weigh = |row: usize| {
        let share = shares.get(row).copied().unwrap_or(0);
        u64::try_from(share).unwrap_or(0)
    };
    let mut counted = count_all(spec, columns, predictions, &weigh)?;
    let noise = noise(sigma, counted.len()).map_err(|_| DriftError::Noise)?;
    for column in &mut counted {
        let mut units: Vec<i64> = column
            .counts
            .iter()
            .map(|units| i64::try_from(*units).unwrap_or(i64::MAX))
            .collect();
        noise.add_to(&mut units, entropy);
        column.counts = units.into_iter().map(rounded).collect();
    }
    let deviation = i64::try_from(noise.sigma()).unwrap_or(i64::MAX);
    Ok((counted, in_persons(deviation)))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a count of persons, cut at zero"
)]
fn rounded(units: i64) -> u64 {
    libm::round(in_persons(units).max(0.0)) as u64
}

/// A cell of the baseline lies so many deviations above nothing.
const CLEAR: f64 = 5.0;

#[cfg(test)]
mod tests {
    use domain::Entropy as _;

    use super::*;
    use crate::{
        features::{Feature, Scale, Target},
        train::tests::Stream,
    };

    fn spec() -> FeatureSpec {
        FeatureSpec {
            features: vec![
                Feature::Number {
                    column: "age".into(),
                    min: 0.0,
                    max: 100.0,
                    scale: Scale::Linear,
                },
                Feature::Category {
                    column: "sex".into(),
                    values: vec!["F".into(), "M".into()],
                },
            ],
            target: Target {
                column: "ill".into(),
                positive: "yes".into(),
            },
        }
    }

    /// Ages of two dice, shifted, and as many women as men.
    fn table(rows: u32, shift: f64, seed: u64) -> (Vec<Option<f64>>, Vec<Option<&'static str>>) {
        let mut entropy = Stream::new(seed);
        let ages = (0..rows).map(|_| Some(shift + 50.0 * (entropy.unit() + entropy.unit())));
        let ages = ages.collect();
        let sexes = (0..rows).map(|row| Some(if row % 2 == 0 { "F" } else { "M" }));
        (ages, sexes.collect())
    }

    fn compared_with(shift: f64, seed: u64) -> Vec<NoisyDrift> {
        let persons: Vec<u32> = (0..4_000).collect();
        let (age, sex) = table(4_000, 0.0, seed);
        let old = BTreeMap::from([("age", Values::Number(&age)), ("sex", Values::Text(&sex))]);
        let mut entropy = Stream::new(seed + 10);
        let scores = vec![0.3; 4_000];
        let counting = (&old, Some(scores.as_slice()));
        let persons = (persons.as_slice(), 4_000);
        let base = Baseline::noisy(&spec(), counting, persons, 6.0, &mut entropy).unwrap();
        assert!(base.columns.iter().all(|column| column.counts.len() < 20));
        let (age, sex) = table(4_000, shift, seed + 1);
        let new = BTreeMap::from([("age", Values::Number(&age)), ("sex", Values::Text(&sex))]);
        base.compare_noisy((&new, Some(scores.as_slice())), persons, 6.0, &mut entropy)
            .unwrap()
    }

    #[test]
    fn the_same_law_is_within_its_noise_and_a_shift_beyond_it() {
        for seed in 0..20 {
            for column in compared_with(0.0, 100 * seed) {
                let excess = column.stability.psi.value - column.stability.noise;
                assert!(excess < 0.1, "{seed} {column:?}");
            }
        }
        let shifted = compared_with(15.0, 7);
        let excess = shifted[0].stability.psi.value - shifted[0].stability.noise;
        assert!(excess > 0.25, "{shifted:?}");
    }

    #[test]
    fn one_person_with_all_rows_leaves_nothing_to_see() {
        let (age, sex) = table(2_000, 0.0, 3);
        let old = BTreeMap::from([("age", Values::Number(&age)), ("sex", Values::Text(&sex))]);
        let persons = vec![0; 2_000];
        let base = Baseline::noisy(
            &spec(),
            (&old, None),
            (&persons, 1),
            4.0,
            &mut Stream::new(5),
        )
        .unwrap();
        for column in &base.columns {
            let most = column.counts.iter().max().copied().unwrap_or(0);
            assert!(most < 200, "{column:?}");
        }
    }

    #[test]
    fn noise_out_of_range_is_refused() {
        let (age, sex) = table(30, 0.0, 3);
        let old = BTreeMap::from([("age", Values::Number(&age)), ("sex", Values::Text(&sex))]);
        let persons: Vec<u32> = (0..30).collect();
        let refused = Baseline::noisy(
            &spec(),
            (&old, None),
            (&persons, 30),
            0.0,
            &mut Stream::new(5),
        );
        assert_eq!(refused, Err(DriftError::Noise));
    }
}
