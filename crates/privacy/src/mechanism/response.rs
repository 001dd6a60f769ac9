//! Randomised response: an answer that is true only with a stated probability.

use std::num::NonZeroU32;

use domain::{Entropy, Epsilon};

use crate::{accountant::ParameterError, budget::MechanismEvent};

/// Randomised response over `k` categories.
///
/// # Guarantee
/// The answer is the truth with probability `e^epsilon / (e^epsilon + k - 1)` and each other
/// category with probability `1 / (e^epsilon + k - 1)` (Kairouz, Bonawitz, Ramage 2016, k-RR), up to
/// a rounding of about 1e-12 that always favours the lie: one answer is `epsilon`-differentially
/// private in the truth. The draw compares a 64-bit integer with a fixed threshold.
///
/// ```
/// # use std::num::NonZeroU32;
/// let epsilon = domain::Epsilon::new(3.0_f64.ln()).unwrap();
/// let response = cloister_privacy::RandomizedResponse::new(NonZeroU32::new(2).unwrap(), epsilon).unwrap();
/// assert!((response.truth_probability() - 0.75).abs() < 1e-9);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct RandomizedResponse {
    categories: u32,
    epsilon: Epsilon,
    /// The probability of a lie, in units of 2^-64.
    lie: u64,
}

impl RandomizedResponse {
    /// Refuses fewer than two categories.
    pub fn new(categories: NonZeroU32, epsilon: Epsilon) -> Result<Self, ParameterError> {
        if categories.get() < 2 {
            return Err(ParameterError::Categories);
        }
        let odds = f64::from(categories.get() - 1) * libm::exp(-epsilon.value());
        Ok(Self {
            categories: categories.get(),
            epsilon,
            lie: at_least(odds / (1.0 + odds)),
        })
    }

    /// The probability with which the truth is said.
    pub fn truth_probability(&self) -> f64 {
        1.0 - self.lie as f64 / RANGE
    }

    /// The probability of each single other category.
    pub fn lie_probability(&self) -> f64 {
        self.lie as f64 / RANGE / f64::from(self.categories - 1)
    }

    /// An answer below the number of categories; a truth beyond them counts as the last category.
    pub fn respond(&self, truth: u32, entropy: &mut dyn Entropy) -> u32 {
        let truth = truth.min(self.categories - 1);
        if entropy.next_u64() >= self.lie {
            return truth;
        }
        let other = entropy.below(u64::from(self.categories - 1));
        let other = u32::try_from(other).unwrap_or_default();
        if other < truth { other } else { other + 1 }
    }

    /// One answer as a ledger event.
    pub fn event(&self) -> MechanismEvent {
        MechanismEvent::RandomizedResponse {
            categories: self.categories,
            epsilon: self.epsilon.value(),
            releases: 1,
        }
    }
}

const RANGE: f64 = 2.0 * (1_u64 << 63) as f64;

/// The probability in units of 2^-64, rounded up by more than the rounding of its computation.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float-to-integer cast saturates, and the value is a probability"
)]
fn at_least(probability: f64) -> u64 {
    libm::ceil(probability * (1.0 + 1e-12) * RANGE) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mechanism::gaussian::tests::Stream;

    #[test]
    fn frequencies_follow_the_stated_probabilities() {
        let response =
            RandomizedResponse::new(NonZeroU32::new(4).unwrap(), Epsilon::new(1.0).unwrap())
                .unwrap();
        let mut entropy = Stream::new(1);
        let mut counts = [0_u32; 4];
        for _ in 0..100_000 {
            counts[response.respond(2, &mut entropy) as usize] += 1;
        }
        assert!((f64::from(counts[2]) / 1e5 - response.truth_probability()).abs() < 0.006);
        assert!((f64::from(counts[0]) / 1e5 - response.lie_probability()).abs() < 0.006);
    }

    #[test]
    fn the_ratio_of_probabilities_never_exceeds_the_bound() {
        for epsilon in [0.01, 0.5, 3.0, 20.0, 35.0] {
            for categories in [2, 3, 1000] {
                let response = RandomizedResponse::new(
                    NonZeroU32::new(categories).unwrap(),
                    Epsilon::new(epsilon).unwrap(),
                )
                .unwrap();
                let ratio = response.truth_probability() / response.lie_probability();
                assert!(ratio <= libm::exp(epsilon) && ratio > libm::exp(epsilon) * 0.99);
            }
        }
    }
}
