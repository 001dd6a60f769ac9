//! The first layer, rewritten for rows as this program encodes them.

use super::{Architecture, ImportError, Input, misfit};
use crate::model::Layer;

/// A number enters here as its share of the interval between the bounds, with a second input for
/// missing cells; the shift and the scale of the original go into weights and bias.
pub(super) fn fold(
    mut layers: Vec<Layer>,
    architecture: &Architecture,
) -> Result<Vec<Layer>, ImportError> {
    let first = layers.first_mut().ok_or(misfit("there is no layer"))?;
    let mut weights = Vec::new();
    let mut bias: Vec<f64> = first.bias.iter().map(|number| f64::from(*number)).collect();
    let mut lines = first.weights.chunks_exact(first.outputs.max(1));
    for input in &architecture.inputs {
        match input {
            Input::Number {
                min,
                max,
                center,
                divide,
                ..
            } => {
                let line = lines.next().ok_or(misfit("an input has no weights"))?;
                weights.extend(
                    line.iter()
                        .map(|weight| single(f64::from(*weight) * (max - min) / divide)),
                );
                weights.extend(line.iter().map(|_| 0.0));
                for (sum, weight) in bias.iter_mut().zip(line) {
                    *sum += f64::from(*weight) * (min - center) / divide;
                }
            }
            Input::Category { values, .. } => {
                for _ in values {
                    weights
                        .extend_from_slice(lines.next().ok_or(misfit("an input has no weights"))?);
                }
            }
        }
    }
    first.inputs = weights.len() / first.outputs.max(1);
    first.weights = weights;
    first.bias = bias.into_iter().map(single).collect();
    if layers
        .iter()
        .flat_map(|layer| layer.weights.iter().chain(&layer.bias))
        .all(|w| w.is_finite())
    {
        Ok(layers)
    } else {
        Err(misfit("a weight is too large after scaling"))
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "models are kept in single precision; what becomes infinite is refused"
)]
const fn single(number: f64) -> f32 {
    number as f32
}
