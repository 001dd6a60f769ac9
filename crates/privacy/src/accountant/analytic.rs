//! The exact privacy of one Gaussian release (Balle, Wang 2018, Theorem 8).

use domain::Delta;

use super::ParameterError;
use crate::special::normal_cdf;

/// The smallest delta of a Gaussian release with `mu = sensitivity / sigma` at `epsilon`.
///
/// Exact for continuous noise. Noise on a grid of `g` steps per sigma differs by about `1/g`; the
/// ledger charges the Rényi bound, which holds for both.
pub fn gaussian_delta(mu: f64, epsilon: f64) -> f64 {
    let left = normal_cdf(mu / 2.0 - epsilon / mu);
    let right = libm::exp(epsilon) * normal_cdf(-mu / 2.0 - epsilon / mu);
    (left - right).max(0.0)
}

/// The smallest epsilon of one Gaussian release with noise `sigma` times its sensitivity.
pub fn gaussian_epsilon(sigma: f64, delta: Delta) -> Result<f64, ParameterError> {
    if !(sigma.is_finite() && sigma > 0.0) {
        return Err(ParameterError::Sigma);
    }
    Ok(epsilon_of_mu(1.0 / sigma, delta))
}

/// The smallest epsilon of Gaussian releases that together have this mu.
pub(super) fn epsilon_of_mu(mu: f64, delta: Delta) -> f64 {
    let keeps = |epsilon: f64| gaussian_delta(mu, epsilon) <= delta.value();
    smallest(0.0, keeps)
}

/// The mu of Gaussian differential privacy whose exact curve touches (`epsilon`, `delta`).
///
/// A mechanism that is only known to be (`epsilon`, `delta`) private may leak more than this at
/// other points; use it for single Gaussian releases.
pub fn gaussian_mu(epsilon: f64, delta: Delta) -> f64 {
    let mut low = 0.0;
    let mut high = 1.0;
    while gaussian_delta(high, epsilon) < delta.value() && high < 1e6 {
        high *= 2.0;
    }
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if gaussian_delta(middle, epsilon) <= delta.value() {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

/// The smallest number at or above `low` for which a monotone test holds, from above.
fn smallest(low: f64, holds: impl Fn(f64) -> bool) -> f64 {
    if holds(low) {
        return low;
    }
    let (mut low, mut high) = (low, low + 1.0);
    while !holds(high) && high < 1e6 {
        low = high;
        high *= 2.0;
    }
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if holds(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_releases_match_the_published_roots() {
        let delta = Delta::new(1e-5).unwrap();
        for (mu, expected) in [
            (0.25, 0.926_341_503_998_230_3),
            (0.5, 1.993_091_404_415_117_3),
            (1.0, 4.377_178_095_681_225),
        ] {
            let epsilon = gaussian_epsilon(1.0 / mu, delta).unwrap();
            assert!((epsilon / expected - 1.0).abs() < 1e-9, "{epsilon}");
            assert!((gaussian_mu(epsilon, delta) / mu - 1.0).abs() < 1e-9);
        }
    }
}
