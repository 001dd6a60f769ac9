//! Deterministic draws; for tests only.

use domain::Entropy;

pub(crate) use crate::mechanism::tests::Stream;

/// A standard normal draw (Box, Muller).
pub(crate) fn normal(entropy: &mut dyn Entropy) -> f64 {
    let radius = libm::sqrt(-2.0 * libm::log(1.0 - entropy.unit()));
    radius * libm::cos(2.0 * std::f64::consts::PI * entropy.unit())
}
