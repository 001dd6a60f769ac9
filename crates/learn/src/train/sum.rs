//! The sum over a batch, of which one person can move at most [`CLIP_UNITS`].
//!
//! A layer's gradient for one row is the outer product of the layer's input and the derivative at
//! its output. Both factors are rounded to integers, so the gradient is a vector of integers whose
//! norm is the product of the factors' norms: no gradient of a single person is ever laid out
//! (ghost clipping, Li et al. 2022, here in integers).
#![expect(
    clippy::indexing_slicing,
    reason = "inner loops over lengths fixed at construction; rows are checked before training"
)]
#![expect(
    clippy::inline_always,
    reason = "a person's share is compiled for the machine's vectors: see vectors.rs"
)]

use super::{
    network::{Network, Shape, Trace},
    rows::SparseRows,
    vectors::{Vectors, Work, add_whole, double_dot},
    whole::WholeGradient,
};

/// How many integer units the clip has: 2^30.
pub const CLIP_UNITS: f64 = 1_073_741_824.0;

/// What a person's gradient may have of the clip. The rest is the loss's, so that a noisy loss can be
/// shown and is paid for with the step: 0.995^2 + 0.0998^2 < 1.
pub(super) const GRADIENT_UNITS: f64 = 1_068_373_114.0;
/// What a person's mean loss may have of the clip.
const LOSS_UNITS: f64 = 107_159_434.0;
/// Losses above this count as this.
const LOSS_LIMIT: f64 = 4.0;

/// A loss in units, 0 for what is no number.
#[expect(
    clippy::cast_possible_truncation,
    reason = "between 0 and a constant below 2^27"
)]
pub(super) fn loss_units(loss: f64) -> i64 {
    (loss.clamp(0.0, LOSS_LIMIT) / LOSS_LIMIT * LOSS_UNITS) as i64
}

/// The mean loss that a noisy sum of [`loss_units`] stands for.
pub(super) fn loss_of(units: i64, batch: u32) -> f64 {
    units as f64 / LOSS_UNITS * LOSS_LIMIT / f64::from(batch.max(1))
}

/// Units of a layer's input: 2^12 to 1. Inputs of the first layer are multiples of it already.
const INPUT_UNITS: f32 = 4096.0;
/// Inputs of later layers are cut at 128, for the gradient only.
const INPUT_LIMIT: f32 = 524_288.0;
/// Units of a derivative, in clips.
const DELTA_UNITS: f64 = CLIP_UNITS / 4096.0;
/// What the rows of a person may add up to before they cancel: keeps 2^14 persons below 2^53.
const ROWS_LIMIT: f64 = 256.0 * CLIP_UNITS;
/// Above this many rows a person's gradient is laid out whole, which then costs less than comparing
/// all pairs of rows.
const PAIRED_ROWS: usize = 32;
const FLUSH_AFTER: u32 = 1 << 14;

/// The running sum of a step.
#[derive(Clone, Debug)]
pub(super) struct ClippedSum {
    vectors: Vectors,
    shapes: Vec<Shape>,
    clip: Option<f64>,
    /// Integers below 2^53 in doubles: exact, and faster than 64-bit integers.
    recent: Vec<f64>,
    recent_persons: u32,
    /// The gradient's sums, then the loss's.
    total: Vec<i64>,
    whole: Option<WholeGradient>,
    traces: Vec<Trace>,
    deltas: Vec<RowDeltas>,
}

/// A person's share of a sum, still to be added.
struct Share<'a> {
    sum: &'a mut ClippedSum,
    network: &'a Network,
    rows: &'a SparseRows,
    own: &'a [u32],
}

impl Work for Share<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        self.sum.add_paired(self.network, self.rows, self.own);
    }
}

/// A row's derivatives in units, with its squared input norms.
#[derive(Clone, Debug, Default)]
struct RowDeltas {
    /// For each layer, whole numbers once rounded.
    layers: Vec<Vec<f64>>,
    /// For each layer the squared norm of the input in units, the constant 1 of the bias included.
    inputs: Vec<f64>,
}

impl ClippedSum {
    /// A sum that clips to `clip`, or not at all.
    pub(super) fn new(network: &Network, clip: Option<f64>) -> Self {
        let parameters = network.parameters();
        Self {
            vectors: Vectors::of_this_machine(),
            shapes: network.shapes.clone(),
            clip,
            recent: vec![0.0; parameters],
            recent_persons: 0,
            total: vec![0; parameters + 1],
            whole: None,
            traces: Vec::new(),
            deltas: Vec::new(),
        }
    }

    pub(super) fn clear(&mut self) {
        self.recent.fill(0.0);
        self.recent_persons = 0;
        self.total.fill(0);
    }

    /// The sum so far; the last place is the loss's.
    pub(super) fn total(&mut self) -> &mut [i64] {
        self.flush();
        &mut self.total
    }

    /// Adds the gradient of all rows of one person, clipped as one.
    pub(super) fn add_person(&mut self, network: &Network, rows: &SparseRows, person: u32) {
        let own = rows.of_person(person);
        if own.len() > PAIRED_ROWS {
            return self.add_whole(network, rows, own);
        }
        while self.traces.len() < own.len() {
            self.traces.push(network.trace());
            self.deltas.push(RowDeltas::default());
        }
        self.vectors.run(Share {
            sum: self,
            network,
            rows,
            own,
        });
    }

    #[inline(always)]
    fn add_paired(&mut self, network: &Network, rows: &SparseRows, own: &[u32]) {
        for (trace, row) in self.traces.iter_mut().zip(own) {
            network.run(rows, *row, trace);
            trace.round_inputs();
        }
        if self.round_deltas(rows, own) {
            self.add_rows(rows, own);
            let losses = self.traces.iter().take(own.len());
            let loss: f64 = losses.map(|trace| f64::from(trace.loss)).sum();
            if let Some(last) = self.total.last_mut() {
                *last += loss_units(loss / own.len().max(1) as f64);
            }
        }
    }

    fn add_whole(&mut self, network: &Network, rows: &SparseRows, own: &[u32]) {
        if self.traces.is_empty() {
            self.traces.push(network.trace());
            self.deltas.push(RowDeltas::default());
        }
        let parameters = network.parameters();
        let whole = self
            .whole
            .get_or_insert_with(|| WholeGradient::new(parameters));
        whole.clear();
        if let Some(trace) = self.traces.first_mut() {
            for row in own {
                whole.add_row(|gradient| network.add_gradient(rows, *row, trace, gradient));
            }
        }
        whole.add_to(self.clip, &mut self.total);
    }

    /// Scales and rounds the derivatives; false when the person must be left out.
    #[inline(always)]
    fn round_deltas(&mut self, rows: &SparseRows, own: &[u32]) -> bool {
        for ((deltas, trace), row) in self.deltas.iter_mut().zip(&self.traces).zip(own) {
            deltas.inputs_of(trace, rows.cells(*row));
        }
        let unit = DELTA_UNITS / self.clip.unwrap_or(1.0);
        let mut factor = 1.0;
        if self.clip.is_some() {
            self.set_deltas(own.len(), |delta| f64::from(delta) * unit);
            factor = self.shrinkage(rows, own);
        }
        for _ in 0..4 {
            let scale = unit * factor;
            self.set_deltas(own.len(), |delta| (f64::from(delta) * scale).trunc());
            if self.clip.is_none() {
                return self.is_finite(own.len());
            }
            // NaN is never within the bound, so a row that is no number is left out.
            let shrinkage = self.shrinkage(rows, own);
            if shrinkage >= 1.0 {
                return true;
            }
            factor *= shrinkage * (1.0 - 1e-6);
        }
        false
    }

    #[inline(always)]
    fn set_deltas(&mut self, count: usize, to_units: impl Fn(f32) -> f64) {
        for (deltas, trace) in self.deltas.iter_mut().zip(&self.traces).take(count) {
            deltas.layers.resize(trace.deltas.len(), Vec::new());
            for (units, delta) in deltas.layers.iter_mut().zip(&trace.deltas) {
                units.clear();
                units.extend(delta.iter().map(|delta| to_units(*delta)));
            }
        }
    }

    fn is_finite(&self, count: usize) -> bool {
        let mut units = self
            .deltas
            .iter()
            .take(count)
            .flat_map(|deltas| deltas.layers.iter().flatten());
        units.all(|unit| unit.is_finite())
    }

    /// The factor that brings the person's gradient within the clip; 1 when it is within.
    ///
    /// # Guarantee
    /// When it returns 1 for whole numbers, the L2 norm of the integer gradient is at most
    /// [`GRADIENT_UNITS`], so that with its loss it is at most [`CLIP_UNITS`]: the doubles carry a relative error below 2^-35 against the sum of the rows'
    /// norms, and the comparison keeps a distance of 2^-30 of its square.
    #[inline(always)]
    fn shrinkage(&self, rows: &SparseRows, own: &[u32]) -> f64 {
        let norms: f64 = self
            .deltas
            .iter()
            .take(own.len())
            .map(RowDeltas::norm)
            .sum();
        let squared = if own.len() > 1 {
            self.paired_norm_squared(rows, own)
        } else {
            norms * norms
        };
        let margin = norms * norms * 1e-9;
        let norm = libm::sqrt(squared.max(0.0) + margin);
        let factor = (GRADIENT_UNITS / norm).min(ROWS_LIMIT / norms);
        if norm.is_nan() {
            f64::NAN
        } else {
            factor.min(1.0)
        }
    }

    /// The squared norm of the sum of the rows' gradients, by the inner products of all pairs.
    fn paired_norm_squared(&self, rows: &SparseRows, own: &[u32]) -> f64 {
        let mut squared = 0.0;
        for i in 0..own.len() {
            squared += self.deltas[i].norm_squared();
            for j in 0..i {
                squared += 2.0 * self.pair(rows, own, i, j);
            }
        }
        squared
    }

    fn pair(&self, rows: &SparseRows, own: &[u32], i: usize, j: usize) -> f64 {
        let constant = f64::from(INPUT_UNITS) * f64::from(INPUT_UNITS);
        let mut product = 0.0;
        for layer in 0..self.shapes.len() {
            let inputs = if layer == 0 {
                sparse_dot(rows.cells(own[i]), rows.cells(own[j])) * constant
            } else {
                double_dot(
                    &self.traces[i].inputs[layer - 1],
                    &self.traces[j].inputs[layer - 1],
                )
            };
            let deltas = double_dot(&self.deltas[i].layers[layer], &self.deltas[j].layers[layer]);
            product += deltas * (inputs + constant);
        }
        product
    }

    #[inline(always)]
    fn add_rows(&mut self, rows: &SparseRows, own: &[u32]) {
        for ((deltas, trace), row) in self.deltas.iter().zip(&self.traces).zip(own) {
            for (layer, shape) in self.shapes.iter().enumerate() {
                let delta = &deltas.layers[layer];
                let sums = &mut self.recent[shape.start..shape.bias() + shape.outputs];
                if layer == 0 {
                    for (column, value) in rows.cells(*row) {
                        add_at(sums, *column as usize, value * INPUT_UNITS, delta);
                    }
                } else {
                    let inputs = &trace.inputs[layer - 1];
                    for input in trace.active[layer - 1].places() {
                        add_at(sums, input, inputs[input], delta);
                    }
                }
                add_at(sums, shape.inputs, INPUT_UNITS, delta);
            }
        }
        self.recent_persons += 1;
        if self.recent_persons >= FLUSH_AFTER {
            self.flush();
        }
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "whole numbers; the cast saturates"
    )]
    fn flush(&mut self) {
        for (total, recent) in self.total.iter_mut().zip(&mut self.recent) {
            *total = total.saturating_add(*recent as i64);
            *recent = 0.0;
        }
        self.recent_persons = 0;
    }
}

impl RowDeltas {
    #[inline(always)]
    fn inputs_of(&mut self, trace: &Trace, cells: &[(u32, f32)]) {
        let constant = f64::from(INPUT_UNITS) * f64::from(INPUT_UNITS);
        self.inputs.clear();
        let first: f64 = cells.iter().map(|(_, value)| square(*value)).sum();
        self.inputs.push((first + 1.0) * constant);
        let later = trace.inputs.iter();
        let later = later.map(|input| double_dot(input, input) + constant);
        self.inputs.extend(later);
    }

    #[inline(always)]
    fn norm_squared(&self) -> f64 {
        let layers = self.layers.iter().zip(&self.inputs);
        layers
            .map(|(delta, input)| double_dot(delta, delta) * input)
            .sum()
    }

    #[inline(always)]
    fn norm(&self) -> f64 {
        libm::sqrt(self.norm_squared())
    }
}

impl Trace {
    /// The inputs of later layers in whole units.
    #[inline(always)]
    fn round_inputs(&mut self) {
        for input in &mut self.inputs {
            for value in input {
                *value = (*value * INPUT_UNITS).round_ties_even().min(INPUT_LIMIT);
            }
        }
    }
}

#[inline(always)]
fn add_at(sums: &mut [f64], line: usize, factor: f32, delta: &[f64]) {
    let at = line * delta.len();
    add_whole(&mut sums[at..at + delta.len()], factor, delta);
}

fn square(value: f32) -> f64 {
    f64::from(value) * f64::from(value)
}

fn sparse_dot(one: &[(u32, f32)], two: &[(u32, f32)]) -> f64 {
    let (mut i, mut j, mut sum) = (0, 0, 0.0);
    while let (Some((left, a)), Some((right, b))) = (one.get(i), two.get(j)) {
        match left.cmp(right) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                sum += f64::from(*a) * f64::from(*b);
                (i, j) = (i + 1, j + 1);
            }
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use domain::Entropy as _;
    use proptest::prelude::*;

    use super::*;
    use crate::train::{
        ModelKind,
        tests::{Stream, design},
    };

    fn kind(hidden: &[usize]) -> ModelKind {
        if hidden.is_empty() {
            return ModelKind::Logistic;
        }
        ModelKind::Mlp {
            hidden: hidden.to_vec(),
        }
    }

    /// The exact squared norm of what the last person of the design adds, in integers.
    fn exact_norm_squared(hidden: &[usize], rows_of_person: usize, clip: f64, seed: u64) -> i128 {
        let mut entropy = Stream::new(seed);
        let design = design(rows_of_person, 6, |_| 0, &mut entropy);
        let rows = SparseRows::of(&design, 0).unwrap();
        let mut network = Network::new(design.dim, &kind(hidden), &mut entropy);
        for weight in network.weights_mut().iter_mut() {
            *weight += (entropy.below(4096) as f32 - 2048.0) / 1024.0;
        }
        let mut sum = ClippedSum::new(&network, Some(clip));
        sum.add_person(&network, &rows, 0);
        sum.total()
            .iter()
            .map(|unit| i128::from(*unit) * i128::from(*unit))
            .sum()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]
        #[test]
        fn a_person_never_adds_more_than_the_clip(
            rows in prop::sample::select(vec![1_usize, 2, 7, 32, 33, 200]), clip in 0.001_f64..4.0,
            hidden in prop::sample::select(vec![vec![], vec![5], vec![8, 4]]), seed in any::<u64>(),
        ) {
            let bound = 1_i128 << 60;
            prop_assert!(exact_norm_squared(&hidden, rows, clip, seed) <= bound);
        }
    }

    #[test]
    fn a_clipped_person_uses_nearly_the_whole_clip() {
        for rows in [1, 7, 32, 33, 500] {
            let norm = libm::sqrt(exact_norm_squared(&[5], rows, 0.01, 3) as f64);
            assert!(norm > 0.994 * CLIP_UNITS, "{rows}: {norm}");
        }
    }

    #[test]
    fn what_others_add_does_not_change_what_a_person_adds() {
        let mut entropy = Stream::new(9);
        let design = design(60, 5, |row| row / 3, &mut entropy);
        let rows = SparseRows::of(&design, 0).unwrap();
        let network = Network::new(design.dim, &kind(&[4]), &mut entropy);
        let sum_of = |persons: &[u32]| {
            let mut sum = ClippedSum::new(&network, Some(0.5));
            for person in persons {
                sum.add_person(&network, &rows, *person);
            }
            sum.total().to_vec()
        };
        let (alone, without, with) = (sum_of(&[3]), sum_of(&[1, 2, 7]), sum_of(&[1, 2, 3, 7]));
        for ((alone, without), with) in alone.iter().zip(&without).zip(&with) {
            assert_eq!(alone + without, *with);
        }
    }
}
