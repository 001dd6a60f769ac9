//! Private trees: splits that do not look, leaves that are noised.

use domain::Entropy;
use privacy::DiscreteGaussian;

use super::{State, UNIT};
use crate::{
    features::{Feature, FeatureSpec},
    model::{Split, Tree},
    train::{TrainingPlan, rows::SparseRows, sum::CLIP_UNITS},
};

/// Splits of one tree, level after level: a column drawn evenly, then a threshold drawn evenly
/// between its public bounds, or a side for each of its words.
pub(super) fn splits(spec: &FeatureSpec, depth: u32, entropy: &mut dyn Entropy) -> Vec<Split> {
    let mut starts = Vec::with_capacity(spec.features.len());
    let mut at = 0;
    for feature in &spec.features {
        starts.push((at, feature));
        at += feature.width();
    }
    let count = (1_usize << depth) - 1;
    let draws = (0..count).filter_map(|_| {
        let column = usize::try_from(entropy.below(starts.len() as u64)).ok()?;
        starts
            .get(column)
            .map(|(at, feature)| split(*at, feature, entropy))
    });
    draws.collect()
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a threshold is a number between 0 and 1, a seed is below 2^24"
)]
fn split(at: usize, feature: &Feature, entropy: &mut dyn Entropy) -> Split {
    let feature_at = u32::try_from(at).unwrap_or(u32::MAX);
    let width = u32::try_from(feature.width()).unwrap_or(u32::MAX);
    match feature {
        Feature::Category { .. } if width > 1 => Split {
            feature: feature_at,
            width,
            seed: entropy.below(1 << 24) as u32,
            threshold: 0.5,
        },
        _ => Split {
            feature: feature_at,
            width: 1,
            seed: 0,
            threshold: (1.0 - entropy.unit()) as f32,
        },
    }
}

/// Sums every leaf's gradients and curvatures, noises them, and takes Newton's step.
pub(super) fn grow(
    splits: Vec<Split>,
    state: &State<'_>,
    persons: &SparseRows,
    noise: &DiscreteGaussian,
    plan: &TrainingPlan,
    entropy: &mut dyn Entropy,
) -> Tree {
    let mut tree = Tree {
        leaves: vec![0.0; splits.len() + 1],
        splits,
    };
    let mut sums = vec![0_i64; 2 * tree.leaves.len()];
    let mut own = vec![0.0_f64; sums.len()];
    for person in 0..state.design.persons {
        add_person(&tree, state, persons.of_person(person), &mut own, &mut sums);
    }
    noise.add_to(&mut sums, entropy);
    let deviation = noise.sigma() as f64 * UNIT;
    for (leaf, sum) in tree.leaves.iter_mut().zip(sums.chunks_exact(2)) {
        *leaf = step(sum, deviation, plan.learning_rate);
    }
    tree
}

/// Adds what a person's rows give, held to a norm of [`CLIP_UNITS`] after cutting to integers.
#[expect(
    clippy::cast_possible_truncation,
    reason = "cut towards zero on purpose; the norm is at most 2^30"
)]
fn add_person(tree: &Tree, state: &State<'_>, rows: &[u32], own: &mut [f64], sums: &mut [i64]) {
    let mut touched = Vec::with_capacity(rows.len());
    for row in rows {
        let row = *row as usize;
        let leaf = tree.leaf(state.design.row(row));
        let (slope, curve) = state.slopes(row);
        if let Some([gradient, curvature]) = own.get_mut(2 * leaf..2 * leaf + 2) {
            *gradient += slope;
            *curvature += 2.0 * curve;
        }
        touched.push(leaf);
    }
    touched.sort_unstable();
    touched.dedup();
    let places = || touched.iter().flat_map(|leaf| [2 * leaf, 2 * leaf + 1]);
    let value = |own: &[f64], at: usize| own.get(at).copied().unwrap_or(0.0);
    let norm = libm::sqrt(places().map(|at| value(own, at) * value(own, at)).sum());
    // The margin is far above the rounding of the doubles, so that the integers hold the bound.
    let scale = CLIP_UNITS * (1.0 - 1e-9) / norm.max(1.0);
    let units = |at: usize| (value(own, at) * scale) as i64;
    let squares = places().map(|at| i128::from(units(at)) * i128::from(units(at)));
    if squares.sum::<i128>() <= LIMIT {
        for at in places() {
            if let Some(sum) = sums.get_mut(at) {
                *sum = sum.saturating_add(units(at));
            }
        }
    }
    for at in places() {
        if let Some(own) = own.get_mut(at) {
            *own = 0.0;
        }
    }
}

/// [`CLIP_UNITS`] squared.
const LIMIT: i128 = 1 << 60;

/// Newton's step of a noisy leaf; a leaf that the noise drowns moves little.
#[expect(
    clippy::cast_possible_truncation,
    reason = "leaves are single precision"
)]
fn step(sum: &[i64], deviation: f64, rate: f64) -> f32 {
    let [gradient, curvature] = sum else {
        return 0.0;
    };
    let gradient = *gradient as f64 * UNIT;
    let curvature = (*curvature as f64 * UNIT / 2.0).max(0.0);
    let damped = curvature + 1.0 + deviation;
    ((-gradient / damped).clamp(-STEP, STEP) * rate) as f32
}

/// The longest step of a leaf before the learning rate.
const STEP: f64 = 2.0;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::tests::{Stream, design};

    /// The squared norm of what one person adds to the sums of a tree.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "scores are single precision"
    )]
    fn added(rows: usize, seed: u64) -> i128 {
        let mut entropy = Stream::new(seed);
        let design = design(rows, 6, |_| 0, &mut entropy);
        let scores = (0..rows)
            .map(|_| (entropy.unit() * 8.0 - 4.0) as f32)
            .collect();
        let state = State {
            design: &design,
            scores,
        };
        let persons = SparseRows::of(&design, 0).unwrap();
        let splits = splits(&design.spec, 3, &mut entropy);
        let tree = Tree {
            leaves: vec![0.0; 8],
            splits,
        };
        let (mut own, mut sums) = (vec![0.0; 16], vec![0; 16]);
        add_person(&tree, &state, persons.of_person(0), &mut own, &mut sums);
        assert!(own.iter().all(|value| *value == 0.0));
        sums.iter()
            .map(|unit| i128::from(*unit) * i128::from(*unit))
            .sum()
    }

    #[test]
    fn a_person_never_adds_more_than_one_to_a_tree() {
        for seed in 0..50 {
            for rows in [1, 2, 40] {
                assert!(added(rows, seed) <= LIMIT);
            }
        }
        assert!(added(40, 1) > LIMIT / 10 * 9, "forty rows fill the bound");
    }

    #[test]
    fn the_pair_of_a_row_never_exceeds_one() {
        for step in 0..=10_000_u32 {
            let p = f64::from(step) / 10_000.0;
            let (slope, curve) = (1.0 - p, 2.0 * p * (1.0 - p));
            assert!(slope * slope + curve * curve <= 1.0);
        }
    }
}
