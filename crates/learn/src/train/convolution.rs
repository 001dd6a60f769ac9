//! The small convolutional network: one row forward, one row back.

use domain::Entropy;

use super::{FitError, ModelKind, network::Loss, rows::SparseRows};
use crate::{
    features::FeatureSpec,
    model::{Grid, Layer},
};

/// Weights in one block: kernels, their biases, the output's weights, its bias.
#[derive(Clone, Debug)]
pub(super) struct Convolution {
    grid: Grid,
    weights: Vec<f32>,
    row: Vec<f32>,
    hidden: Vec<f32>,
}

impl Convolution {
    /// Uniform weights within `1 / sqrt(inputs)`, biases of zero.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "weights are single precision"
    )]
    pub(super) fn new(
        spec: &FeatureSpec,
        kind: &ModelKind,
        entropy: &mut dyn Entropy,
    ) -> Result<Self, FitError> {
        let grid = Grid::new(spec, kind).map_err(|reason| FitError::Grid { reason })?;
        let mut weights = Vec::new();
        let mut scatter = |count: usize, inputs: usize| {
            let bound = 1.0 / libm::sqrt(inputs.max(1) as f64);
            weights.extend((0..count).map(|_| ((2.0 * entropy.unit() - 1.0) * bound) as f32));
        };
        scatter(grid.kernel_inputs() * grid.channels(), grid.kernel_inputs());
        let kernels = grid.kernel_inputs() * grid.channels();
        scatter(grid.channels(), 1);
        scatter(grid.output_inputs(), grid.output_inputs());
        weights.push(0.0);
        let biases = weights.get_mut(kernels..kernels + grid.channels());
        biases.unwrap_or_default().fill(0.0);
        Ok(Self {
            row: vec![0.0; spec.dimension()],
            hidden: vec![0.0; grid.positions() * grid.channels()],
            grid,
            weights,
        })
    }

    pub(super) fn weights(&self) -> &[f32] {
        &self.weights
    }

    pub(super) fn weights_mut(&mut self) -> &mut [f32] {
        &mut self.weights
    }

    /// Adds a row's gradient, laid out as the weights are, and gives its loss.
    pub(super) fn add_gradient(&mut self, rows: &SparseRows, row: u32, sums: &mut [f64]) -> f32 {
        self.row.fill(0.0);
        for (column, value) in rows.cells(row) {
            if let Some(slot) = self.row.get_mut(*column as usize) {
                *slot = *value;
            }
        }
        let grid = &self.grid;
        let channels = grid.channels();
        let (kernels, rest) = split(&self.weights, grid.kernel_inputs() * channels);
        let (biases, rest) = split(rest, channels);
        let (output, bias) = split(rest, grid.output_inputs());
        let bias = bias.first().copied().unwrap_or(0.0);
        let logit = grid.forward(
            (kernels, biases),
            (output, bias),
            &self.row,
            &mut self.hidden,
        );
        let (loss, slope) = Loss::Logistic.at(logit, rows.target(row));
        let delta = f64::from(slope);

        let (kernel_sums, rest) = split_mut(sums, kernels.len());
        let (bias_sums, rest) = split_mut(rest, channels);
        let (output_sums, last) = split_mut(rest, output.len());
        let inputs = self.hidden.iter().copied().chain(grid.others(&self.row));
        for (sum, input) in output_sums.iter_mut().zip(inputs) {
            *sum += delta * f64::from(input);
        }
        if let Some(last) = last.first_mut() {
            *last += delta;
        }
        let outputs = output.chunks(channels).zip(self.hidden.chunks(channels));
        for (position, (weights, values)) in outputs.take(grid.positions()).enumerate() {
            let back = || {
                let pairs = weights.iter().zip(values);
                pairs.map(|(weight, value)| {
                    if *value > 0.0 {
                        delta * f64::from(*weight)
                    } else {
                        0.0
                    }
                })
            };
            for (sum, back) in bias_sums.iter_mut().zip(back()) {
                *sum += back;
            }
            let lines = kernel_sums.chunks_mut(channels);
            for (line, input) in lines.zip(grid.patch(position, &self.row)) {
                for (sum, back) in line.iter_mut().zip(back()) {
                    *sum += back * f64::from(input);
                }
            }
        }
        loss
    }

    pub(super) fn into_layers(self) -> Vec<Layer> {
        let channels = self.grid.channels();
        let (kernels, rest) = split(&self.weights, self.grid.kernel_inputs() * channels);
        let (biases, rest) = split(rest, channels);
        let (output, bias) = split(rest, self.grid.output_inputs());
        vec![
            Layer {
                inputs: self.grid.kernel_inputs(),
                outputs: channels,
                weights: kernels.to_vec(),
                bias: biases.to_vec(),
            },
            Layer {
                inputs: self.grid.output_inputs(),
                outputs: 1,
                weights: output.to_vec(),
                bias: bias.to_vec(),
            },
        ]
    }
}

fn split<T>(items: &[T], at: usize) -> (&[T], &[T]) {
    items.split_at_checked(at).unwrap_or_default()
}

fn split_mut<T>(items: &mut [T], at: usize) -> (&mut [T], &mut [T]) {
    items.split_at_mut_checked(at).unwrap_or_default()
}
