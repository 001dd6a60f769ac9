//! Output randomisation: a score leaves with noise.

use domain::{Entropy, Epsilon};

use super::{DiscreteLaplace, gaussian::SigmaError};
use crate::budget::MechanismEvent;

/// A log-odds, clipped to public bounds, with discrete Laplace noise on a grid of 2^-16.
///
/// # Guarantee
/// One noisy margin is `epsilon`-differentially private in the record that was asked about (every
/// two records have margins at most twice the bound apart), and in the model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NoisyMargin {
    bound: f64,
    epsilon: Epsilon,
    noise: DiscreteLaplace,
}

impl NoisyMargin {
    /// Margins between `-bound` and `bound`, which must lie between 2^-8 and 2^10.
    pub fn new(bound: f64, epsilon: Epsilon) -> Result<Self, SigmaError> {
        if !(bound.is_finite() && (0.003_906_25..=1024.0).contains(&bound)) {
            return Err(SigmaError);
        }
        let sensitivity = grid(2.0 * bound).unsigned_abs() + 2;
        Ok(Self {
            bound,
            epsilon,
            noise: DiscreteLaplace::hiding(sensitivity, epsilon)?,
        })
    }

    /// The margin as it leaves.
    pub fn release(&self, margin: f64, entropy: &mut dyn Entropy) -> f64 {
        let clipped = if margin.is_nan() {
            0.0
        } else {
            margin.clamp(-self.bound, self.bound)
        };
        let noisy = grid(clipped).saturating_add(self.noise.sample(entropy));
        noisy as f64 / GRID
    }

    /// The scale of the noise, in log-odds.
    pub fn scale(&self) -> f64 {
        self.noise.scale() as f64 / GRID
    }

    /// One answer as a ledger event.
    pub const fn event(&self) -> MechanismEvent {
        MechanismEvent::Pure {
            epsilon: self.epsilon.value(),
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "bounds are at most 2^11, so the number is below 2^27"
)]
fn grid(number: f64) -> i64 {
    libm::round(number * GRID) as i64
}

const GRID: f64 = 65_536.0;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mechanism::tests::Stream;

    #[test]
    fn extreme_margins_are_confused_as_the_epsilon_says() {
        let margin = NoisyMargin::new(4.0, Epsilon::new(1.0).unwrap()).unwrap();
        let mut entropy = Stream::new(4);
        let mut positive = |truth: f64| {
            (0..40_000)
                .filter(|_| margin.release(truth, &mut entropy) > 4.0)
                .count() as f64
        };
        let ratio = positive(1e9) / positive(f64::NEG_INFINITY);
        assert!(
            ratio < libm::exp(1.0) * 1.05 && ratio > libm::exp(1.0) * 0.93,
            "{ratio}"
        );
        assert!((margin.scale() - 8.0).abs() < 0.01);
    }

    #[test]
    fn bounds_without_sense_are_refused() {
        for bound in [0.0, -1.0, f64::NAN, 1e9] {
            assert!(NoisyMargin::new(bound, Epsilon::new(1.0).unwrap()).is_err());
        }
    }
}
