//! The network: one row forward, one row back. Per row, so that a person's share of a sum is known.
#![expect(
    clippy::indexing_slicing,
    reason = "inner loops over lengths fixed at construction; rows are checked before training"
)]

use domain::Entropy;

use super::{ModelKind, rows::SparseRows};
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

    /// The derivative at the output.
    #[inline]
    pub(super) fn slope(self, output: f32, target: f32) -> f32 {
        match self {
            Self::Logistic => sigmoid(output) - target,
            Self::Squared => output - target,
        }
    }

    /// The loss of one row.
    #[inline]
    pub(super) fn value(self, output: f32, target: f32) -> f32 {
        match self {
            Self::Logistic => {
                let wrong = if target > 0.5 { -output } else { output };
                wrong.max(0.0) + libm::log1pf(libm::expf(-wrong.abs()))
            }
            Self::Squared => 0.5 * (output - target) * (output - target),
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
                for (input, value) in trace.inputs[layer - 1].iter().enumerate() {
                    if *value > 0.0 {
                        add_outer(own, input, *value, delta);
                    }
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
            deltas: widths().map(zeros).collect(),
            loss: 0.0,
        }
    }

    /// Runs a row through the network and the derivative of its loss back.
    pub(super) fn run(&self, rows: &SparseRows, row: u32, trace: &mut Trace) {
        let logit = self.forward(rows.cells(row), trace);
        let last = self.shapes.len() - 1;
        let target = rows.target(row);
        trace.loss = self.loss.value(logit, target);
        trace.deltas[last][0] = self.loss.slope(logit, target);
        for layer in (1..=last).rev() {
            let shape = self.shapes[layer];
            let (before, after) = trace.deltas.split_at_mut(layer);
            let (delta, target) = (&after[0], &mut before[layer - 1]);
            for (input, value) in trace.inputs[layer - 1].iter().enumerate() {
                let at = shape.start + input * shape.outputs;
                target[input] = if *value > 0.0 {
                    dot(&self.weights[at..at + shape.outputs], delta)
                } else {
                    0.0
                };
            }
        }
    }

    fn forward(&self, cells: &[(u32, f32)], trace: &mut Trace) -> f32 {
        let mut logit = [0.0];
        for (layer, shape) in self.shapes.iter().enumerate() {
            let (before, after) = trace.inputs.split_at_mut(layer);
            let output = after.first_mut().map_or(&mut logit[..], Vec::as_mut_slice);
            output.copy_from_slice(&self.weights[shape.bias()..shape.bias() + shape.outputs]);
            match before.last() {
                None => self.add_sparse(shape, cells, output),
                Some(input) => self.add_dense(shape, input, output),
            }
            if layer + 1 < self.shapes.len() {
                rectify(output);
            }
        }
        logit[0]
    }

    fn add_sparse(&self, shape: &Shape, cells: &[(u32, f32)], output: &mut [f32]) {
        for (column, value) in cells {
            let at = shape.start + *column as usize * shape.outputs;
            add_scaled(output, *value, &self.weights[at..at + shape.outputs]);
        }
    }

    fn add_dense(&self, shape: &Shape, input: &[f32], output: &mut [f32]) {
        for (index, value) in input.iter().enumerate() {
            if *value > 0.0 {
                let at = shape.start + index * shape.outputs;
                add_scaled(output, *value, &self.weights[at..at + shape.outputs]);
            }
        }
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

pub(super) fn sigmoid(logit: f32) -> f32 {
    1.0 / (1.0 + libm::expf(-logit))
}

fn add_outer(gradient: &mut [f64], line: usize, input: f32, delta: &[f32]) {
    let at = line * delta.len();
    for (sum, delta) in gradient[at..at + delta.len()].iter_mut().zip(delta) {
        *sum += f64::from(input) * f64::from(*delta);
    }
}

#[inline]
fn add_scaled(sums: &mut [f32], factor: f32, values: &[f32]) {
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum += factor * value;
    }
}

/// Eight running sums, so that the compiler may use vectors.
#[inline]
fn dot(one: &[f32], two: &[f32]) -> f32 {
    let (ones, one_rest) = one.as_chunks::<8>();
    let (twos, two_rest) = two.as_chunks::<8>();
    let mut sums = [0.0; 8];
    for (one, two) in ones.iter().zip(twos) {
        for lane in 0..8 {
            sums[lane] += one[lane] * two[lane];
        }
    }
    let rest: f32 = one_rest
        .iter()
        .zip(two_rest)
        .map(|(one, two)| one * two)
        .sum();
    sums.iter().sum::<f32>() + rest
}
