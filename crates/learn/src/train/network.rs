//! The network: one row forward, one row back. Per row, so that a person's share of a sum is known.
#![expect(
    clippy::indexing_slicing,
    reason = "inner loops over lengths fixed at construction; rows are checked before training"
)]
#![expect(
    clippy::inline_always,
    reason = "a row's way is compiled for the machine's vectors: see vectors.rs"
)]

use domain::Entropy;

use super::{
    ModelKind,
    rows::SparseRows,
    vectors::{Active, add_lines, dot},
};
use crate::model::{Layer, rectify};

/// Weights in one block: for each layer `(inputs + 1) x outputs`, the last line being the bias.
#[derive(Clone, Debug)]
pub(super) struct Network {
    pub(super) shapes: Vec<Shape>,
    weights: Vec<f32>,
    loss: Loss,
}

/// What is minimised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Loss {
    /// Cross-entropy of the sigmoid, in nats.
    Logistic,
    /// Half the squared error.
    Squared,
}

impl Loss {
    pub(super) const fn of(kind: &ModelKind) -> Self {
        if kind.is_regression() {
            Self::Squared
        } else {
            Self::Logistic
        }
    }

    /// The loss of one row and its derivative at the output; one exponential serves both.
    #[inline]
    pub(super) fn at(self, output: f32, target: f32) -> (f32, f32) {
        match self {
            Self::Logistic => {
                let small = libm::expf(-output.abs());
                let share = 1.0 / (1.0 + small);
                let share = if output < 0.0 { small * share } else { share };
                let wrong = if target > 0.5 { -output } else { output };
                (wrong.max(0.0) + libm::log1pf(small), share - target)
            }
            Self::Squared => (0.5 * (output - target) * (output - target), output - target),
        }
    }
}

/// One layer and where its weights begin.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    pub(super) inputs: usize,
    pub(super) outputs: usize,
    pub(super) start: usize,
}

impl Shape {
    pub(super) fn bias(&self) -> usize {
        self.start + self.inputs * self.outputs
    }
}

/// What a row leaves behind on its way: inputs of the layers after the first, and the derivative of
/// the loss at each layer's output.
#[derive(Clone, Debug, Default)]
pub(super) struct Trace {
    pub(super) inputs: Vec<Vec<f32>>,
    /// Of each of them what is above zero, as it was before any rounding.
    pub(super) active: Vec<Active>,
    pub(super) deltas: Vec<Vec<f32>>,
    /// The loss of the row.
    pub(super) loss: f32,
}

impl Network {
    /// Zero weights without hidden layers, otherwise uniform within `1 / sqrt(inputs)`.
    pub(super) fn new(dim: usize, kind: &ModelKind, entropy: &mut dyn Entropy) -> Self {
        let hidden = kind.hidden();
        let mut shapes = Vec::new();
        let (mut inputs, mut start) = (dim, 0);
        for outputs in hidden.iter().copied().chain([1]) {
            shapes.push(Shape {
                inputs,
                outputs,
                start,
            });
            start += (inputs + 1) * outputs;
            inputs = outputs;
        }
        let mut network = Self {
            shapes,
            weights: vec![0.0; start],
            loss: Loss::of(kind),
        };
        if !hidden.is_empty() {
            network.scatter(entropy);
        }
        network
    }

    pub(super) fn parameters(&self) -> usize {
        self.weights.len()
    }

    pub(super) fn weights(&self) -> &[f32] {
        &self.weights
    }

    pub(super) fn weights_mut(&mut self) -> &mut [f32] {
        &mut self.weights
    }

    /// Adds a row's gradient, laid out as the weights are, and gives its loss.
    pub(super) fn add_gradient(
        &self,
        rows: &SparseRows,
        row: u32,
        trace: &mut Trace,
        gradient: &mut [f64],
    ) -> f32 {
        self.run(rows, row, trace);
        for (layer, shape) in self.shapes.iter().enumerate() {
            let delta = &trace.deltas[layer];
            let own = &mut gradient[shape.start..shape.bias() + shape.outputs];
            if layer == 0 {
                for (column, value) in rows.cells(row) {
                    add_outer(own, *column as usize, *value, delta);
                }
            } else {
                let inputs = &trace.inputs[layer - 1];
                for input in trace.active[layer - 1].places() {
                    add_outer(own, input, inputs[input], delta);
                }
            }
            add_outer(own, shape.inputs, 1.0, delta);
        }
        trace.loss
    }

    pub(super) fn trace(&self) -> Trace {
        let widths = || self.shapes.iter().map(|shape| shape.outputs);
        let zeros = |width| vec![0.0; width];
        Trace {
            inputs: widths().take(self.shapes.len() - 1).map(zeros).collect(),
            active: vec![Active::default(); self.shapes.len() - 1],
            deltas: widths().map(zeros).collect(),
            loss: 0.0,
        }
    }

    /// Runs a row through the network and the derivative of its loss back.
    #[inline(always)]
    pub(super) fn run(&self, rows: &SparseRows, row: u32, trace: &mut Trace) {
        let logit = self.forward(rows.cells(row), trace);
        let last = self.shapes.len() - 1;
        let target = rows.target(row);
        (trace.loss, trace.deltas[last][0]) = self.loss.at(logit, target);
        for layer in (1..=last).rev() {
            let shape = self.shapes[layer];
            let (before, after) = trace.deltas.split_at_mut(layer);
            let (delta, target) = (&after[0], &mut before[layer - 1]);
            target.fill(0.0);
            for input in trace.active[layer - 1].places() {
                let at = shape.start + input * shape.outputs;
                target[input] = dot(&self.weights[at..at + shape.outputs], delta);
            }
        }
    }

    #[inline(always)]
    fn forward(&self, cells: &[(u32, f32)], trace: &mut Trace) -> f32 {
        let mut logit = [0.0];
        for (layer, shape) in self.shapes.iter().enumerate() {
            let (before, after) = trace.inputs.split_at_mut(layer);
            let output = after.first_mut().map_or(&mut logit[..], Vec::as_mut_slice);
            output.copy_from_slice(&self.weights[shape.bias()..shape.bias() + shape.outputs]);
            match (before.last(), layer.checked_sub(1)) {
                (Some(input), Some(previous)) => {
                    self.add_dense(shape, input, &trace.active[previous], output);
                }
                _ => self.add_sparse(shape, cells, output),
            }
            if let Some(active) = trace.active.get_mut(layer) {
                rectify(output);
                active.note(output);
            }
        }
        logit[0]
    }

    #[inline(always)]
    fn add_sparse(&self, shape: &Shape, cells: &[(u32, f32)], output: &mut [f32]) {
        let lines = cells
            .iter()
            .map(|(column, value)| (*column as usize, *value));
        add_lines(output, &self.weights[shape.start..shape.bias()], lines);
    }

    #[inline(always)]
    fn add_dense(&self, shape: &Shape, input: &[f32], active: &Active, output: &mut [f32]) {
        let lines = active.places().map(|index| (index, input[index]));
        add_lines(output, &self.weights[shape.start..shape.bias()], lines);
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "weights are single precision"
    )]
    fn scatter(&mut self, entropy: &mut dyn Entropy) {
        for shape in &self.shapes {
            let bound = 1.0 / libm::sqrt(shape.inputs as f64);
            let end = shape.bias() + shape.outputs;
            for weight in &mut self.weights[shape.start..end] {
                *weight = ((2.0 * entropy.unit() - 1.0) * bound) as f32;
            }
        }
    }

    pub(super) fn into_layers(self) -> Vec<Layer> {
        let layer = |shape: &Shape| Layer {
            inputs: shape.inputs,
            outputs: shape.outputs,
            weights: self.weights[shape.start..shape.bias()].to_vec(),
            bias: self.weights[shape.bias()..shape.bias() + shape.outputs].to_vec(),
        };
        self.shapes.iter().map(layer).collect()
    }
}

fn add_outer(gradient: &mut [f64], line: usize, input: f32, delta: &[f32]) {
    let at = line * delta.len();
    for (sum, delta) in gradient[at..at + delta.len()].iter_mut().zip(delta) {
        *sum += f64::from(input) * f64::from(*delta);
    }
}
