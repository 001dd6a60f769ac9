//! Models that were trained elsewhere: weights from safetensors or ONNX, everything else declared.
//!
//! A file of weights says nothing about columns, bounds and words; the architecture does, and the
//! result is an ordinary [`Model`] that reads columns by public bounds, as every model here does.
//! Nothing in a file is executed: formats that can carry code (pickles) are refused by their first
//! bytes, and of ONNX only a chain of dense layers is read, operator by operator.

mod architecture;
mod fold;
mod onnx;
mod protobuf;
mod tensors;

use domain::{Code, Explain};
use thiserror::Error;

pub use architecture::{Architecture, Input, Layout, TensorNames};

use crate::{EncodeError, Model, ModelKind, codes, model::Layer};

/// Why a model from elsewhere is not taken.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum ImportError {
    /// The file can carry code.
    #[error("the file is {what}, which can carry code; it is not read")]
    CanCarryCode {
        /// What it looks like.
        what: &'static str,
    },
    /// The file is neither safetensors nor ONNX, or it is damaged.
    #[error("the weights cannot be read: {reason}")]
    Format {
        /// The rule it breaks.
        reason: &'static str,
    },
    /// An operator that is not read.
    #[error("the ONNX graph uses the operator `{name}`, which is not read")]
    Operator {
        /// Its name, letters and digits only.
        name: String,
    },
    /// An operator is used in a way that is not read.
    #[error("the ONNX graph uses `{operator}` in a way that is not read: {reason}")]
    Use {
        /// The operator.
        operator: &'static str,
        /// Which way.
        reason: &'static str,
    },
    /// The weights do not fit the declared architecture.
    #[error("the weights do not fit the architecture: {reason}")]
    Misfit {
        /// Which rule they break.
        reason: String,
    },
    /// The declared features cannot be used.
    #[error(transparent)]
    Features(#[from] EncodeError),
}

impl Explain for ImportError {
    fn code(&self) -> Code {
        match self {
            Self::CanCarryCode { .. } => codes::IMPORT_CODE,
            Self::Format { .. } => codes::IMPORT_FORMAT,
            Self::Operator { .. } | Self::Use { .. } => codes::IMPORT_OPERATOR,
            Self::Misfit { .. } => codes::IMPORT_MISFIT,
            Self::Features(error) => error.code(),
        }
    }

    fn help(&self) -> String {
        match self {
            Self::CanCarryCode { .. } => {
                "export the weights as safetensors or ONNX where the model was trained"
            }
            Self::Format { .. } => "name a safetensors or ONNX file, and check that it is whole",
            Self::Operator { .. } | Self::Use { .. } => {
                "export a chain of Gemm, MatMul, Add, Relu, Sigmoid, Flatten and Identity"
            }
            Self::Misfit { .. } => "correct the architecture file; see docs/stages/9-serve.md",
            Self::Features(error) => return error.help(),
        }
        .into()
    }
}

/// Reads weights by a declared architecture.
///
/// Refuses more than [`BYTES_MAX`] bytes, weights that are not finite, layers that do not chain from
/// the declared inputs over the declared widths to one output, and everything the error names.
/// Numbers are shifted and scaled in the first layer, so the model gives what the original gives, up
/// to single precision and to the grid of 2^-12 between public bounds; cells outside the bounds are
/// clamped, and a missing number counts as the middle of its bounds.
pub fn import(bytes: &[u8], architecture: &Architecture) -> Result<Model, ImportError> {
    if bytes.len() > BYTES_MAX {
        return Err(ImportError::Format {
            reason: "the file is larger than 256 MB",
        });
    }
    refuse_code(bytes)?;
    architecture.check()?;
    let dense = if tensors::looks_like(bytes) {
        tensors::read(bytes, architecture)?
    } else {
        onnx::read(bytes)?
    };
    fit(&dense, architecture)?;
    let layers = fold::fold(dense, architecture)?;
    let spec = architecture.spec();
    spec.check()?;
    let kind = match architecture.hidden.as_slice() {
        [] => ModelKind::Logistic,
        hidden => ModelKind::Mlp {
            hidden: hidden.to_vec(),
        },
    };
    Ok(Model::of_layers(spec, kind, layers))
}

/// The largest file that is read.
pub const BYTES_MAX: usize = 256 << 20;

fn refuse_code(bytes: &[u8]) -> Result<(), ImportError> {
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    let what = if starts(b"PK\x03\x04") {
        "a zip archive (PyTorch, Keras or NumPy)"
    } else if starts(b"\x80\x02")
        || starts(b"\x80\x03")
        || starts(b"\x80\x04")
        || starts(b"\x80\x05")
    {
        "a pickle"
    } else if starts(b"\x89HDF") {
        "an HDF5 file (Keras)"
    } else {
        return Ok(());
    };
    Err(ImportError::CanCarryCode { what })
}

/// The layers chain from the declared inputs over the declared widths to one output.
fn fit(layers: &[Layer], architecture: &Architecture) -> Result<(), ImportError> {
    let mut widths = vec![architecture.width()];
    widths.extend(&architecture.hidden);
    widths.push(1);
    if layers.len() + 1 != widths.len() {
        return Err(misfit(format!(
            "it declares {} layers, the file has {}",
            widths.len() - 1,
            layers.len()
        )));
    }
    let expected = widths.iter().zip(widths.iter().skip(1));
    for (number, (layer, (inputs, outputs))) in (1..).zip(layers.iter().zip(expected)) {
        if (layer.inputs, layer.outputs) != (*inputs, *outputs) {
            return Err(misfit(format!(
                "layer {number} should take {inputs} numbers to {outputs}, the file's takes {} to {}",
                layer.inputs, layer.outputs
            )));
        }
    }
    let mut numbers = layers
        .iter()
        .flat_map(|layer| layer.weights.iter().chain(&layer.bias));
    if numbers.all(|number| number.is_finite()) {
        Ok(())
    } else {
        Err(ImportError::Format {
            reason: "a weight is not a finite number",
        })
    }
}

fn misfit(reason: impl Into<String>) -> ImportError {
    ImportError::Misfit {
        reason: reason.into(),
    }
}

/// The most layers.
const LAYERS_MAX: usize = 9;

#[cfg(test)]
mod tests;
