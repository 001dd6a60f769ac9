//! A model as one weighted sum, where it is one.

use crate::Model;

/// Bias and weights over the encoded row: the log-odds are `bias + sum weights * row`.
#[derive(Clone, Debug, PartialEq)]
pub struct Linear {
    /// The bias.
    pub bias: f64,
    /// One weight for each encoded number.
    pub weights: Vec<f64>,
}

impl Linear {
    /// The weights of a model that is one sum over its encoded row and nothing more; `None` for
    /// every other one.
    pub fn of(model: &Model) -> Option<Self> {
        let [layer] = model.layers.as_slice() else {
            return None;
        };
        let width = model.spec.dimension();
        if layer.outputs != 1 || layer.inputs != width || layer.weights.len() != width {
            return None;
        }
        Some(Self {
            bias: f64::from(*layer.bias.first()?),
            weights: layer
                .weights
                .iter()
                .map(|weight| f64::from(*weight))
                .collect(),
        })
    }
}
