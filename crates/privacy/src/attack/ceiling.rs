//! What a privacy guarantee allows the best attack to reach.

use domain::{Delta, Epsilon};
use serde::{Deserialize, Serialize};

use crate::special::{normal_cdf, normal_quantile};

/// A guarantee, read as a bound on any membership attack.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Ceiling {
    /// (`epsilon`, `delta`)-differential privacy.
    Approximate {
        /// The epsilon.
        epsilon: Epsilon,
        /// The delta.
        delta: Delta,
    },
    /// Gaussian differential privacy.
    Gaussian {
        /// The distance of the two normal distributions that are as hard to tell apart.
        mu: f64,
    },
}

impl Ceiling {
    /// The largest true positive rate at a false positive rate: for (epsilon, delta) Kairouz, Oh,
    /// Viswanath 2015, Theorem 2.1; for mu Dong, Roth, Su 2022, section 2.2.
    ///
    /// ```
    /// # use cloister_privacy::attack::Ceiling;
    /// let tpr = Ceiling::Gaussian { mu: 0.719 }.true_positive_rate(0.01);
    /// assert!((tpr - 0.054).abs() < 5e-4);
    /// ```
    pub fn true_positive_rate(&self, false_positive_rate: f64) -> f64 {
        let fpr = false_positive_rate.clamp(0.0, 1.0);
        match self {
            Self::Approximate { epsilon, delta } => {
                let steep = libm::exp(epsilon.value()) * fpr + delta.value();
                let flat = 1.0 - libm::exp(-epsilon.value()) * (1.0 - delta.value() - fpr);
                steep.min(flat).min(1.0)
            }
            Self::Gaussian { .. } if fpr <= 0.0 => 0.0,
            Self::Gaussian { mu } => normal_cdf(normal_quantile(fpr) + mu),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_gaussian_bounds_is_met() {
        for (mu, bounds) in [
            (1.666, [0.077, 0.25, 0.65]),
            (0.719, [0.0089, 0.054, 0.29]),
            (0.268, [0.0024, 0.020, 0.155]),
        ] {
            for (fpr, bound) in [0.001, 0.01, 0.1].into_iter().zip(bounds) {
                let ceiling = Ceiling::Gaussian { mu }.true_positive_rate(fpr);
                assert!((ceiling / bound - 1.0).abs() < 0.04, "{mu} {fpr} {ceiling}");
            }
        }
    }

    #[test]
    fn a_small_epsilon_leaves_the_attack_little() {
        let ceiling = Ceiling::Approximate {
            epsilon: Epsilon::new(0.1).unwrap(),
            delta: Delta::new(1e-6).unwrap(),
        };
        assert!((ceiling.true_positive_rate(0.01) - 0.011_052_7).abs() < 1e-6);
        assert_eq!(ceiling.true_positive_rate(1.0), 1.0);
    }
}
