//! The discrete Laplace law on the integers, exactly.

use domain::{Entropy, Epsilon};

use super::{gaussian::SigmaError, rejection};

/// Discrete Laplace noise: integer `x` with probability proportional to `exp(-|x| / scale)`.
///
/// # Guarantee
/// Samples follow that law exactly, given uniform random bits (Canonne, Kamath, Steinke 2020,
/// Algorithm 2). Added to an integer that one person changes by at most `s`, the sum is
/// `s / scale`-differentially private.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DiscreteLaplace {
    scale: u64,
}

impl DiscreteLaplace {
    /// Noise with a scale of so many grid steps, 1 to 2^40.
    pub const fn new(scale: u64) -> Result<Self, SigmaError> {
        if scale == 0 || scale > super::LARGEST_SIGMA {
            return Err(SigmaError);
        }
        Ok(Self { scale })
    }

    /// The least noise that makes an integer of this sensitivity `epsilon`-differentially private:
    /// the scale is rounded up.
    pub fn hiding(sensitivity: u64, epsilon: Epsilon) -> Result<Self, SigmaError> {
        let exact = sensitivity as f64 / epsilon.value();
        if !(exact.is_finite() && exact <= super::LARGEST_SIGMA as f64) {
            return Err(SigmaError);
        }
        Self::new(ceiling(exact * (1.0 + 1e-12)).max(1))
    }

    /// The scale in grid steps.
    pub const fn scale(self) -> u64 {
        self.scale
    }

    /// The epsilon that it gives an integer of this sensitivity.
    pub fn epsilon(self, sensitivity: u64) -> f64 {
        sensitivity as f64 / self.scale as f64
    }

    /// One sample.
    pub fn sample(self, entropy: &mut dyn Entropy) -> i64 {
        rejection::laplace(self.scale, entropy)
    }

    /// The smallest `k` for which the noise is beyond `k` on either side with probability at most
    /// `1 - confidence`.
    pub fn half_width(self, confidence: f64) -> f64 {
        let shrink = libm::exp(-1.0 / self.scale as f64);
        let beyond = (1.0 - confidence).clamp(f64::MIN_POSITIVE, 1.0);
        let steps = libm::log(beyond * (1.0 + shrink) / 2.0) / libm::log(shrink) - 1.0;
        libm::ceil(steps).max(0.0)
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the number lies between 0 and 2^41"
)]
fn ceiling(number: f64) -> u64 {
    libm::ceil(number) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mechanism::tests::Stream;

    #[test]
    fn samples_follow_the_exact_law() {
        let noise = DiscreteLaplace::new(3).unwrap();
        let mut entropy = Stream::new(5);
        let mut counts = std::collections::BTreeMap::new();
        for _ in 0..100_000 {
            *counts.entry(noise.sample(&mut entropy)).or_insert(0.0) += 1.0;
        }
        let shrink = libm::exp(-1.0 / 3.0);
        for x in -8_i64..=8 {
            let mass = (1.0 - shrink) / (1.0 + shrink) * libm::pow(shrink, x.unsigned_abs() as f64);
            let wanted = 1e5 * mass;
            let seen = counts.get(&x).copied().unwrap_or(0.0);
            assert!(
                f64::abs(seen - wanted) < 5.0 * libm::sqrt(wanted),
                "{x}: {seen} {wanted}"
            );
        }
    }

    #[test]
    fn the_half_width_holds_what_it_says() {
        let noise = DiscreteLaplace::new(50).unwrap();
        let half = noise.half_width(0.95);
        let mut entropy = Stream::new(6);
        let outside = (0..40_000)
            .filter(|_| noise.sample(&mut entropy).abs() as f64 > half)
            .count();
        assert!((1_750..2_150).contains(&outside), "{outside}");
    }

    #[test]
    fn the_scale_is_rounded_to_more_noise() {
        let epsilon = Epsilon::new(0.3).unwrap();
        let noise = DiscreteLaplace::hiding(1, epsilon).unwrap();
        assert_eq!(noise.scale(), 4);
        assert!(noise.epsilon(1) <= 0.3);
        assert!(DiscreteLaplace::hiding(u64::MAX, epsilon).is_err());
        assert!(DiscreteLaplace::new(0).is_err());
    }
}
