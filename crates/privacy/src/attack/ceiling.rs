//! What a privacy guarantee allows the best attack to reach.

use domain::{Delta, Epsilon};
use serde::{Deserialize, Serialize};

use crate::{
    accountant::ParameterError,
    budget::MechanismEvent,
    special::{normal_cdf, normal_quantile},
};

/// A guarantee, read as a bound on any membership attack.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
    /// Several (`epsilon`, `delta`) that one mechanism has at once; the least of their bounds holds.
    Profile {
        /// Pairs of epsilon and delta.
        points: Vec<(f64, f64)>,
    },
}

/// Deltas of a profile: 10^-9 to 10^-1, four a decade.
const DELTAS: u32 = 33;

impl Ceiling {
    /// The profile of a mechanism: its epsilon at many deltas. Tighter than any single pair, because
    /// each false positive rate has a delta of its own at which the bound is least.
    pub fn of_event(event: &MechanismEvent) -> Result<Self, ParameterError> {
        let curve = event.curve()?;
        let deltas = (0..DELTAS).map(|at| libm::pow(10.0, -9.0 + f64::from(at) / 4.0));
        let points = deltas.filter_map(|delta| {
            let asked = Delta::new(delta).ok()?;
            Some((curve.epsilon(asked).0, delta))
        });
        Ok(Self::Profile {
            points: points.collect(),
        })
    }

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
            Self::Approximate { epsilon, delta } => of_pair(epsilon.value(), delta.value(), fpr),
            Self::Profile { points } => points
                .iter()
                .map(|(epsilon, delta)| of_pair(*epsilon, *delta, fpr))
                .fold(1.0, f64::min),
            Self::Gaussian { .. } if fpr <= 0.0 => 0.0,
            Self::Gaussian { mu } => normal_cdf(normal_quantile(fpr) + mu),
        }
    }
}

fn of_pair(epsilon: f64, delta: f64, fpr: f64) -> f64 {
    let steep = libm::exp(epsilon) * fpr + delta;
    let flat = 1.0 - libm::exp(-epsilon) * (1.0 - delta - fpr);
    steep.min(flat).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_lies_between_the_true_curve_and_a_single_pair() {
        let event = MechanismEvent::Gaussian {
            sigma: 1.0,
            releases: 1,
        };
        let profile = Ceiling::of_event(&event).unwrap();
        let delta = Delta::new(1e-5).unwrap();
        let epsilon = Epsilon::new(event.curve().unwrap().epsilon(delta).0).unwrap();
        let pair = Ceiling::Approximate { epsilon, delta };
        for fpr in [0.001, 0.01, 0.1] {
            let exact = Ceiling::Gaussian { mu: 1.0 }.true_positive_rate(fpr);
            let bound = profile.true_positive_rate(fpr);
            assert!(
                exact <= bound && bound <= pair.true_positive_rate(fpr),
                "{fpr}"
            );
            assert!(bound < 2.5 * exact, "{fpr}: {bound} for {exact}");
        }
    }

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
