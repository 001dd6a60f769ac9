//! What a file of weights does not say: columns, bounds, words, widths, names.

use serde::Deserialize;

use super::{ImportError, LAYERS_MAX, misfit};
use crate::{Feature, FeatureSpec, Scale, Target};

/// The declared architecture of a model from elsewhere, usually a TOML file.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Architecture {
    /// What is predicted.
    pub target: Target,
    /// The inputs, in the order in which the model takes them.
    pub inputs: Vec<Input>,
    /// The widths of the hidden layers, each with ReLU behind it; none for logistic regression.
    #[serde(default)]
    pub hidden: Vec<usize>,
    /// How the weights of a safetensors file lie.
    #[serde(default)]
    pub layout: Layout,
    /// The names of weights and biases in a safetensors file, from input to output.
    #[serde(default)]
    pub layers: Vec<TensorNames>,
}

/// One column and how the model takes it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Input {
    /// One number: `(value - center) / divide`, the value clamped to public bounds first.
    Number {
        /// The column.
        column: String,
        /// The smallest value told apart.
        min: f64,
        /// The largest value told apart.
        max: f64,
        /// What the model's own preparation subtracted.
        #[serde(default)]
        center: f64,
        /// What it divided by.
        #[serde(default = "one")]
        divide: f64,
    },
    /// One of a list of words: a one in its place, zeros elsewhere.
    Category {
        /// The column.
        column: String,
        /// The words, in the order of the model's inputs.
        values: Vec<String>,
    },
}

/// How a weight matrix lies in a safetensors file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layout {
    /// One line for each output, as PyTorch keeps it.
    #[default]
    OutIn,
    /// One line for each input, as Keras and JAX keep it.
    InOut,
}

/// The names of one layer's tensors.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TensorNames {
    /// The weights.
    pub weight: String,
    /// The bias; none counts as zeros.
    pub bias: Option<String>,
}

impl Architecture {
    /// How many numbers the model takes.
    pub fn width(&self) -> usize {
        self.inputs.iter().map(Input::width).sum()
    }

    /// The feature list of the imported model.
    pub fn spec(&self) -> FeatureSpec {
        let feature = |input: &Input| match input {
            Input::Number {
                column, min, max, ..
            } => Feature::Number {
                column: column.clone(),
                min: *min,
                max: *max,
                scale: Scale::Linear,
            },
            Input::Category { column, values } => Feature::Category {
                column: column.clone(),
                values: values.clone(),
            },
        };
        FeatureSpec {
            features: self.inputs.iter().map(feature).collect(),
            target: self.target.clone(),
        }
    }

    pub(super) fn check(&self) -> Result<(), ImportError> {
        self.spec().check()?;
        if self.hidden.len() >= LAYERS_MAX
            || self.hidden.iter().any(|width| !(1..=4096).contains(width))
        {
            return Err(misfit("hidden layers must be at most 8, each of 1 to 4096"));
        }
        for input in &self.inputs {
            if let Input::Number { center, divide, .. } = input
                && !(center.is_finite() && divide.is_finite() && *divide != 0.0)
            {
                return Err(misfit(
                    "`center` and `divide` must be numbers, `divide` not zero",
                ));
            }
        }
        Ok(())
    }
}

impl Input {
    pub(super) const fn width(&self) -> usize {
        match self {
            Self::Number { .. } => 1,
            Self::Category { values, .. } => values.len(),
        }
    }
}

const fn one() -> f64 {
    1.0
}
