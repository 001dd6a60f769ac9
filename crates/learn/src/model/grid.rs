//! Where a convolution looks: the number features as a grid of two channels.

use crate::{
    features::{Feature, FeatureSpec},
    train::ModelKind,
};

/// The geometry of a small convolutional network over the number features.
///
/// Numbers fill the grid line after line in the order of the feature list; each has two channels,
/// its value and whether it is missing. The kernel moves by one and stays inside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Grid {
    width: usize,
    kernel: (usize, usize),
    channels: usize,
    places: (usize, usize),
    /// Where the numbers stand in an encoded row.
    numbers: Vec<usize>,
    /// Where the rest stands.
    others: Vec<usize>,
}

impl Grid {
    /// The grid of a convolution; the reason when numbers do not fill it or the kernel is too large.
    pub(crate) fn new(spec: &FeatureSpec, kind: &ModelKind) -> Result<Self, &'static str> {
        let ModelKind::Cnn {
            height,
            kernel,
            channels,
        } = *kind
        else {
            return Err("the model is no convolution");
        };
        let (mut numbers, mut others, mut at) = (Vec::new(), Vec::new(), 0);
        for feature in &spec.features {
            match feature {
                Feature::Number { .. } => numbers.push(at),
                Feature::Category { .. } => others.extend(at..at + feature.width()),
            }
            at += feature.width();
        }
        if numbers.is_empty() || height == 0 || !numbers.len().is_multiple_of(height) {
            return Err("the number features do not fill the grid's lines");
        }
        let width = numbers.len() / height;
        let kernel = (if height == 1 { 1 } else { kernel }, kernel);
        if kernel.0 > height || kernel.1 > width {
            return Err("the kernel is larger than the grid");
        }
        Ok(Self {
            width,
            kernel,
            channels,
            places: (height - kernel.0 + 1, width - kernel.1 + 1),
            numbers,
            others,
        })
    }

    /// How many kernels.
    pub(crate) fn channels(&self) -> usize {
        self.channels
    }

    /// How many numbers a kernel sees.
    pub(crate) fn kernel_inputs(&self) -> usize {
        self.kernel.0 * self.kernel.1 * 2
    }

    /// How many places a kernel stands at.
    pub(crate) fn positions(&self) -> usize {
        self.places.0 * self.places.1
    }

    /// How many numbers the output sees: every kernel at every place, and the categories.
    pub(crate) fn output_inputs(&self) -> usize {
        self.positions() * self.channels + self.others.len()
    }

    /// The numbers that are not part of the grid.
    pub(crate) fn others<'a>(&'a self, row: &'a [f32]) -> impl Iterator<Item = f32> + 'a {
        let at = self.others.iter();
        at.map(|at| row.get(*at).copied().unwrap_or(0.0))
    }

    /// What the kernel sees at a place: value and flag, one number after the other.
    pub(crate) fn patch<'a>(
        &'a self,
        position: usize,
        row: &'a [f32],
    ) -> impl Iterator<Item = f32> + 'a {
        let (top, left) = (position / self.places.1, position % self.places.1);
        let lines = (0..self.kernel.0).flat_map(move |y| (0..self.kernel.1).map(move |x| (y, x)));
        lines.flat_map(move |(y, x)| {
            let number = self.numbers.get((top + y) * self.width + left + x);
            let cell = |flag: usize| {
                let at = number.map_or(usize::MAX, |at| at + flag);
                row.get(at).copied().unwrap_or(0.0)
            };
            [cell(0), cell(1)]
        })
    }

    /// The output for a row; `hidden` gets what the kernels say, place after place, rectified.
    pub(crate) fn forward(
        &self,
        (kernels, biases): (&[f32], &[f32]),
        (output, bias): (&[f32], f32),
        row: &[f32],
        hidden: &mut [f32],
    ) -> f32 {
        for (position, said) in hidden.chunks_mut(self.channels.max(1)).enumerate() {
            said.copy_from_slice(biases);
            for (line, input) in kernels
                .chunks(self.channels.max(1))
                .zip(self.patch(position, row))
            {
                for (sum, weight) in said.iter_mut().zip(line) {
                    *sum += input * weight;
                }
            }
            super::rectify(said);
        }
        let inputs = hidden.iter().copied().chain(self.others(row));
        let products = output.iter().zip(inputs);
        bias + products.map(|(weight, input)| weight * input).sum::<f32>()
    }
}
