//! A trained model: predict with it, write it, read it.

mod safetensors;

use domain::{Code, Explain};
use thiserror::Error;

use crate::{
    codes,
    features::{Design, FeatureSpec},
    train::ModelKind,
};

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
    /// From the input to the single output.
    pub layers: Vec<Layer>,
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
    /// How many numbers a row has.
    pub fn dimension(&self) -> usize {
        self.layers.first().map_or(0, |layer| layer.inputs)
    }

    /// How many weights it has, biases included.
    pub fn parameters(&self) -> usize {
        self.layers
            .iter()
            .map(|layer| layer.weights.len() + layer.bias.len())
            .sum()
    }

    /// The probability of the positive class for one encoded row.
    pub fn predict_row(&self, row: &[f32]) -> Result<f64, ModelError> {
        Ok(1.0 / (1.0 + libm::exp(-self.logit(row)?)))
    }

    /// The log-odds of the positive class for one encoded row.
    fn logit(&self, row: &[f32]) -> Result<f64, ModelError> {
        if row.len() != self.dimension() {
            return Err(ModelError::Width {
                found: row.len(),
                expected: self.dimension(),
            });
        }
        let mut values = row.to_vec();
        for (index, layer) in self.layers.iter().enumerate() {
            values = layer.apply(&values);
            if index + 1 < self.layers.len() {
                rectify(&mut values);
            }
        }
        Ok(values.first().copied().map_or(0.0, f64::from))
    }

    /// The probabilities for encoded rows, one after the other.
    pub fn predict_rows(&self, rows: &[f32]) -> Result<Vec<f64>, ModelError> {
        let chunks = rows.chunks(self.dimension().max(1));
        chunks.map(|row| self.predict_row(row)).collect()
    }

    /// The probabilities for all rows of a table.
    pub fn predict(&self, design: &Design) -> Result<Vec<f64>, ModelError> {
        if design.dim != self.dimension() {
            return Err(ModelError::Width {
                found: design.dim,
                expected: self.dimension(),
            });
        }
        self.predict_rows(&design.x)
    }

    /// The logistic loss of each row in nats, from the log-odds, so that confident rows still differ:
    /// what a membership attack looks at.
    pub fn losses(&self, design: &Design) -> Result<Vec<f64>, ModelError> {
        if design.dim != self.dimension() {
            return Err(ModelError::Width {
                found: design.dim,
                expected: self.dimension(),
            });
        }
        let rows = design.x.chunks(self.dimension().max(1)).zip(&design.y);
        rows.map(|(row, label)| Ok(logistic_loss(self.logit(row)?, *label)))
            .collect()
    }

    /// The model as a safetensors file: F32 tensors `layer.N.weight` and `layer.N.bias`, with kind
    /// and feature list as JSON under `__metadata__`. The same model gives the same bytes.
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

impl Layer {
    fn apply(&self, input: &[f32]) -> Vec<f32> {
        let mut output = self.bias.clone();
        let lines = self.weights.chunks_exact(self.outputs.max(1));
        for (value, line) in input.iter().zip(lines).filter(|(value, _)| **value != 0.0) {
            for (sum, weight) in output.iter_mut().zip(line) {
                *sum += value * weight;
            }
        }
        output
    }
}

/// Zero for what is below zero.
pub(crate) fn rectify(values: &mut [f32]) {
    for value in values {
        *value = value.max(0.0);
    }
}

/// `ln(1 + e^-z)` for a positive row with log-odds `z`, `ln(1 + e^z)` for a negative one.
fn logistic_loss(logit: f64, label: u8) -> f64 {
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
        Model {
            spec: spec(3),
            kind: ModelKind::Mlp { hidden: vec![2] },
            layers: vec![first, last],
        }
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
