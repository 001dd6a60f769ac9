//! Trees without privacy: splits chosen by gain over histograms, level by level.

use super::State;
use crate::{
    model::{Split, Tree},
    train::rows::SparseRows,
};

/// Bins of a number between its public bounds; bin 0 is the value 0.
const BINS: usize = 128;
/// Added to the curvature of a leaf (the usual L2 term of boosting).
const DAMPING: f64 = 1.0;
/// The least curvature on either side of a split.
const LEAST: f64 = 1.0;

/// Sums of gradients and curvatures.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    gradient: f64,
    curvature: f64,
}

impl Sums {
    fn add(&mut self, (gradient, curvature): (f64, f64)) {
        self.gradient += gradient;
        self.curvature += curvature;
    }

    fn without(self, other: Self) -> Self {
        Self {
            gradient: self.gradient - other.gradient,
            curvature: self.curvature - other.curvature,
        }
    }

    fn score(self) -> f64 {
        self.gradient * self.gradient / (self.curvature + DAMPING)
    }
}

/// Grows one tree on the present slopes.
pub(super) fn grow(state: &State<'_>, rows: &SparseRows, depth: u32, rate: f64) -> Tree {
    let count = state.design.rows;
    let slopes: Vec<(f64, f64)> = (0..count).map(|row| state.slopes(row)).collect();
    let mut node_of: Vec<usize> = vec![0; count];
    let mut splits = Vec::new();
    for level in 0..depth {
        let nodes = 1_usize << level;
        let chosen = level_splits(rows, &slopes, &node_of, nodes);
        for (row, node) in node_of.iter_mut().enumerate() {
            let right = chosen
                .get(*node)
                .is_some_and(|split| split.goes_right(state.design.row(row)));
            *node = 2 * *node + usize::from(right);
        }
        splits.extend(chosen);
    }
    let mut leaves = vec![Sums::default(); 1 << depth];
    for (node, slope) in node_of.iter().zip(&slopes) {
        if let Some(leaf) = leaves.get_mut(*node) {
            leaf.add(*slope);
        }
    }
    Tree {
        splits,
        leaves: leaves.into_iter().map(|sums| leaf(sums, rate)).collect(),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "leaves are single precision"
)]
fn leaf(sums: Sums, rate: f64) -> f32 {
    (-sums.gradient / (sums.curvature + DAMPING) * rate) as f32
}

/// The best split of every node of a level.
fn level_splits(
    rows: &SparseRows,
    slopes: &[(f64, f64)],
    node_of: &[usize],
    nodes: usize,
) -> Vec<Split> {
    let dim = rows.dim();
    let mut bins = vec![Sums::default(); nodes * dim * BINS];
    let mut totals = vec![Sums::default(); nodes];
    for ((row, slope), node) in (0_u32..).zip(slopes).zip(node_of) {
        if let Some(total) = totals.get_mut(*node) {
            total.add(*slope);
        }
        for (column, value) in rows.cells(row) {
            let at = (node * dim + *column as usize) * BINS + bin(*value);
            if let Some(bin) = bins.get_mut(at) {
                bin.add(*slope);
            }
        }
    }
    let histograms = bins.chunks_exact(dim.max(1) * BINS);
    let pairs = totals.iter().zip(histograms);
    pairs.map(|(total, bins)| best(*total, bins)).collect()
}

/// The bin of a value that is not zero.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a value between 0 and 1"
)]
fn bin(value: f32) -> usize {
    ((value.clamp(0.0, 1.0) * (BINS - 1) as f32) as usize).clamp(1, BINS - 1)
}

/// The split with the largest gain; one that sends every row left where none gains.
fn best(total: Sums, bins: &[Sums]) -> Split {
    let mut chosen = Split {
        feature: 0,
        width: 1,
        seed: 0,
        threshold: 2.0,
    };
    let mut gain = 1e-9;
    for (feature, bins) in (0_u32..).zip(bins.chunks_exact(BINS)) {
        let mut right = Sums::default();
        for (at, sums) in bins.iter().enumerate().skip(1).rev() {
            right.add((sums.gradient, sums.curvature));
            let left = total.without(right);
            let found = right.score() + left.score() - total.score();
            if found > gain && right.curvature >= LEAST && left.curvature >= LEAST {
                gain = found;
                chosen.feature = feature;
                chosen.threshold = threshold(at);
            }
        }
    }
    chosen
}

/// The smallest value of a bin; bin 1 begins above zero.
fn threshold(bin: usize) -> f32 {
    if bin <= 1 {
        1.0 / 8192.0
    } else {
        bin as f32 / (BINS - 1) as f32
    }
}
