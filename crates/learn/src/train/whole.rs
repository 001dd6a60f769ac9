//! One person's whole gradient, laid out once: for many rows of one person, and for networks whose
//! gradients are no outer products.

use super::sum::{CLIP_UNITS, GRADIENT_UNITS, loss_units};

/// The gradient of one person. Its memory is one gradient, however many persons and rows there are.
#[derive(Clone, Debug)]
pub(super) struct WholeGradient {
    values: Vec<f64>,
    losses: f64,
    rows: u32,
}

impl WholeGradient {
    pub(super) fn new(parameters: usize) -> Self {
        Self {
            values: vec![0.0; parameters],
            losses: 0.0,
            rows: 0,
        }
    }

    pub(super) fn clear(&mut self) {
        self.values.fill(0.0);
        (self.losses, self.rows) = (0.0, 0);
    }

    /// Lets a row add its gradient and give its loss.
    pub(super) fn add_row(&mut self, gradient: impl FnOnce(&mut [f64]) -> f32) {
        self.losses += f64::from(gradient(&mut self.values));
        self.rows += 1;
    }

    /// Adds the gradient in whole units, clipped to `clip`, to a sum whose last place is the loss.
    ///
    /// # Guarantee
    /// With a clip, what is added has an L2 norm of at most [`CLIP_UNITS`]: every coordinate is cut
    /// towards zero, and the squares of the integers are added up in 128 bits before anything is
    /// added. A gradient that is no number is left out.
    pub(super) fn add_to(&self, clip: Option<f64>, total: &mut [i64]) {
        let unit = CLIP_UNITS / clip.unwrap_or(1.0);
        let norm = libm::sqrt(self.values.iter().map(|value| value * value).sum::<f64>()) * unit;
        if !norm.is_finite() {
            return;
        }
        let mut scale = unit;
        if clip.is_some() {
            scale *= (GRADIENT_UNITS / norm.max(1.0)).min(1.0);
            let holds = |scale: f64| self.squared_units(scale) <= LIMIT;
            for _ in 0..4 {
                if holds(scale) {
                    break;
                }
                scale *= 1.0 - 1e-6;
            }
            if !holds(scale) {
                return;
            }
        }
        for (sum, value) in total.iter_mut().zip(&self.values) {
            *sum = sum.saturating_add(units(*value, scale));
        }
        if let Some(last) = total.last_mut() {
            *last = last.saturating_add(loss_units(self.losses / f64::from(self.rows.max(1))));
        }
    }

    fn squared_units(&self, scale: f64) -> u128 {
        let squares = self.values.iter().map(|value| {
            let units = u128::from(units(*value, scale).unsigned_abs());
            units.saturating_mul(units)
        });
        squares.fold(0, u128::saturating_add)
    }
}

/// [`GRADIENT_UNITS`] squared.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a positive constant below 2^60"
)]
const LIMIT: u128 = (GRADIENT_UNITS as u128) * (GRADIENT_UNITS as u128);

#[expect(
    clippy::cast_possible_truncation,
    reason = "cut towards zero on purpose; the cast saturates"
)]
fn units(value: f64, scale: f64) -> i64 {
    (value * scale) as i64
}
