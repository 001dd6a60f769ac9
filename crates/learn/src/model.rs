//! A trained model: predict with it, write it, read it.

mod grid;
mod safetensors;
mod tree;

use domain::{Code, Explain};
use thiserror::Error;

use crate::{
    codes,
    features::{Design, Expansion, FeatureSpec},
    train::ModelKind,
};

pub(crate) use grid::Grid;
pub use tree::{Split, Tree};

/// One dense layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// How many numbers come in.
    pub inputs: usize,
    /// How many numbers go out.
    pub outputs: usize,
    /// `inputs x outputs`, one line for each input.
    pub weights: Vec<f32>,
    /// One for each output.
    pub bias: Vec<f32>,
}

/// A trained model with the feature list it reads by.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// How rows are encoded.
    pub spec: FeatureSpec,
    /// The kind.
    pub kind: ModelKind,
    /// From the input to the single output; of a convolution its kernels and its output; empty for
    /// trees.
    pub layers: Vec<Layer>,
    /// Over how many public knots numbers are spread before the first layer; 0 for none.
    pub knots: u32,
    /// The trees; empty for everything else.
    pub trees: Vec<Tree>,
}

/// Why a model cannot be read or used.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum ModelError {
    /// The bytes are not a safetensors file as this program writes it.
    #[error("the model file is damaged or not ours: {reason}, at byte {offset}")]
    Format {
        /// The rule it breaks.
        reason: &'static str,
        /// Where.
        offset: usize,
    },
    /// The rows were encoded by another feature list.
    #[error("a row has {found} numbers, the model reads {expected}")]
    Width {
        /// What was given.
        found: usize,
        /// What is needed.
        expected: usize,
    },
}

impl Explain for ModelError {
    fn code(&self) -> Code {
        codes::MODEL
    }

    fn help(&self) -> String {
        match self {
            Self::Format { .. } => "take the file from the registry again and verify its signature",
            Self::Width { .. } => "encode the rows with the model's own feature list",
        }
        .into()
    }
}

impl Model {
    /// A model of layers without knots and trees.
    pub fn of_layers(spec: FeatureSpec, kind: ModelKind, layers: Vec<Layer>) -> Self {
        Self {
            spec,
            kind,
            layers,
            knots: 0,
            trees: Vec::new(),
        }
    }

    /// How many numbers an encoded row has.
    pub fn dimension(&self) -> usize {
        self.spec.dimension()
    }

    /// How many weights it has, biases included; of trees the leaves.
    pub fn parameters(&self) -> usize {
        let layers = self.layers.iter();
        let weights: usize = layers
            .map(|layer| layer.weights.len() + layer.bias.len())
            .sum();
        weights
            + self
                .trees
                .iter()
                .map(|tree| tree.leaves.len())
                .sum::<usize>()
    }

    /// The probability of the positive class for one encoded row; of a regression the predicted
    /// share of the public range.
    pub fn predict_row(&self, row: &[f32]) -> Result<f64, ModelError> {
        self.check_width(row.len())?;
        Ok(self.answer(self.reader().output(row)))
    }

    fn answer(&self, output: f64) -> f64 {
        if self.kind.is_regression() {
            output.clamp(0.0, 1.0)
        } else {
            1.0 / (1.0 + libm::exp(-output))
        }
    }

    /// What a prediction stands for: the number itself for a regression, else the probability.
    pub fn in_units(&self, prediction: f64) -> f64 {
        match self.kind {
            ModelKind::Linear { min, max } => min + prediction * (max - min),
            _ => prediction,
        }
    }

    /// The probabilities for encoded rows, one after the other.
    pub fn predict_rows(&self, rows: &[f32]) -> Result<Vec<f64>, ModelError> {
        let chunks = rows.chunks(self.dimension().max(1));
        let mut reader = self.reader();
        chunks
            .map(|row| {
                self.check_width(row.len())?;
                Ok(self.answer(reader.output(row)))
            })
            .collect()
    }

    /// The probabilities for all rows of a table.
    pub fn predict(&self, design: &Design) -> Result<Vec<f64>, ModelError> {
        self.check_width(design.dim)?;
        self.predict_rows(&design.x)
    }

    /// The loss of each row, from the output itself, so that confident rows still differ: what a
    /// membership attack looks at. Logistic loss in nats; for a regression half the squared error
    /// of the share.
    pub fn losses(&self, design: &Design) -> Result<Vec<f64>, ModelError> {
        self.check_width(design.dim)?;
        let mut reader = self.reader();
        let rows = design.x.chunks(self.dimension().max(1));
        let losses = rows.enumerate().zip(&design.y).map(|((at, row), label)| {
            let output = reader.output(row);
            match design.targets.get(at) {
                Some(target) if self.kind.is_regression() => {
                    let error = output - f64::from(*target);
                    0.5 * error * error
                }
                _ => logistic_loss(output, *label),
            }
        });
        Ok(losses.collect())
    }

    fn check_width(&self, found: usize) -> Result<(), ModelError> {
        let expected = self.dimension();
        if found == expected {
            Ok(())
        } else {
            Err(ModelError::Width { found, expected })
        }
    }

    fn reader(&self) -> Reader<'_> {
        Reader {
            model: self,
            expansion: Expansion::new(&self.spec, self.knots),
            grid: Grid::new(&self.spec, &self.kind).ok(),
        }
    }

    /// The model as a safetensors file: F32 tensors `layer.N.weight` and `layer.N.bias`, with kind,
    /// knots and feature list as JSON under `__metadata__`. The same model gives the same bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        safetensors::write(self)
    }

    /// Reads what [`Self::to_bytes`] wrote.
    ///
    /// Refuses headers above 8 MB, tensors that overlap or leave gaps, other types than F32,
    /// duplicate or unknown names, shapes that do not chain, weights that are not finite. Nothing in
    /// the file is ever executed.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ModelError> {
        safetensors::read(bytes)
    }
}

/// What a model needs beside its weights to read rows, made once for many.
struct Reader<'a> {
    model: &'a Model,
    expansion: Expansion,
    grid: Option<Grid>,
}

impl Reader<'_> {
    /// The log-odds of the positive class, or of a regression the share; for a row of the right
    /// width.
    fn output(&mut self, row: &[f32]) -> f64 {
        if let ModelKind::Gbdt { .. } = self.model.kind {
            let trees = self.model.trees.iter();
            return trees.map(|tree| f64::from(tree.value(row))).sum();
        }
        if let (Some(grid), [kernels, output]) = (&self.grid, self.model.layers.as_slice()) {
            let mut hidden = vec![0.0; grid.positions() * grid.channels()];
            let bias = output.bias.first().copied().unwrap_or(0.0);
            let kernels = (kernels.weights.as_slice(), kernels.bias.as_slice());
            return f64::from(grid.forward(kernels, (&output.weights, bias), row, &mut hidden));
        }
        self.dense(row)
    }

    fn dense(&self, row: &[f32]) -> f64 {
        let mut layers = self.model.layers.iter();
        let Some(first) = layers.next() else {
            return 0.0;
        };
        let mut values = first.bias.clone();
        self.expansion.each(row, |column, value| {
            first.add(column as usize, value, &mut values);
        });
        for layer in layers {
            rectify(&mut values);
            let mut output = layer.bias.clone();
            for (input, value) in values.iter().enumerate() {
                layer.add(input, *value, &mut output);
            }
            values = output;
        }
        values.first().copied().map_or(0.0, f64::from)
    }
}

impl Layer {
    fn add(&self, input: usize, value: f32, output: &mut [f32]) {
        let start = input.saturating_mul(self.outputs);
        let line = self
            .weights
            .get(start..start.saturating_add(self.outputs))
            .unwrap_or_default();
        for (sum, weight) in output.iter_mut().zip(line) {
            *sum += value * weight;
        }
    }
}

/// Zero for what is below zero.
pub(crate) fn rectify(values: &mut [f32]) {
    for value in values {
        *value = value.max(0.0);
    }
}

/// `ln(1 + e^-z)` for a positive row with log-odds `z`, `ln(1 + e^z)` for a negative one.
pub(crate) fn logistic_loss(logit: f64, label: u8) -> f64 {
    let wrong = if label == 1 { -logit } else { logit };
    wrong.max(0.0) + libm::log1p(libm::exp(-wrong.abs()))
}

/// The logistic loss of a probability, which is kept off 0 and 1 by 1e-7.
pub(crate) fn loss(probability: f64, label: u8) -> f64 {
    let right = if label == 1 {
        probability
    } else {
        1.0 - probability
    };
    -libm::log(right.clamp(1e-7, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::tests::spec;

    pub(crate) fn model() -> Model {
        let first = Layer {
            inputs: 3,
            outputs: 2,
            weights: vec![1.0, -1.0, 0.5, 0.0, 0.0, 2.0],
            bias: vec![0.0, 0.25],
        };
        let last = Layer {
            inputs: 2,
            outputs: 1,
            weights: vec![1.0, -1.0],
            bias: vec![0.5],
        };
        Model::of_layers(
            spec(3),
            ModelKind::Mlp { hidden: vec![2] },
            vec![first, last],
        )
    }

    #[test]
    fn a_row_worked_by_hand_gives_its_probability() {
        // Hidden: (1, -1 + 0.25) rectified to (1, 0); logit 1.5.
        let probability = model().predict_row(&[1.0, 0.0, 0.0]).unwrap();
        assert!((probability - 1.0 / (1.0 + libm::exp(-1.5))).abs() < 1e-12);
        assert_eq!(
            model().predict_row(&[1.0]),
            Err(ModelError::Width {
                found: 1,
                expected: 3
            })
        );
    }

    #[test]
    fn a_model_survives_its_file() {
        let bytes = model().to_bytes();
        assert_eq!(Model::from_bytes(&bytes).unwrap(), model());
        assert_eq!(bytes, model().to_bytes());
    }

    #[test]
    fn every_truncation_and_most_flips_are_refused_and_none_panics() {
        let bytes = model().to_bytes();
        for length in 0..bytes.len() {
            assert!(Model::from_bytes(&bytes[..length]).is_err(), "{length}");
        }
        for position in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[position] ^= 0x80;
            if let Ok(read) = Model::from_bytes(&damaged) {
                assert_ne!(read.to_bytes(), bytes);
            }
        }
        let mut longer = bytes;
        longer.push(0);
        assert!(Model::from_bytes(&longer).is_err());
    }

    #[test]
    fn a_header_that_claims_terabytes_is_refused() {
        let mut bytes = u64::MAX.to_le_bytes().to_vec();
        bytes.extend(b"{}");
        let expected = ModelError::Format {
            reason: "the header is too long",
            offset: 0,
        };
        assert_eq!(Model::from_bytes(&bytes), Err(expected));
    }
}
