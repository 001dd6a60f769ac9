//! Private selection: the best of a random number of runs (Papernot, Steinke 2022, Theorem 2).

use super::ParameterError;

/// The truncated negative binomial law of the number of runs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Trials {
    shape: f64,
    gamma: f64,
}

impl Trials {
    /// `shape` above -1 (0 logarithmic, 1 geometric), `gamma` between 0 and 1.
    pub(super) fn new(shape: f64, gamma: f64) -> Result<Self, ParameterError> {
        let fits = shape > -1.0 && shape <= 100.0 && gamma > 0.0 && gamma < 1.0;
        fits.then_some(Self { shape, gamma })
            .ok_or(ParameterError::Selection)
    }

    /// The mean number of runs (Papernot, Steinke 2022, Definition 1).
    fn mean(self) -> f64 {
        let log_inverse = -libm::log(self.gamma);
        let odds = libm::expm1(log_inverse);
        if self.shape.abs() < 1e-9 {
            return odds / log_inverse;
        }
        self.shape * odds / -libm::expm1(-self.shape * log_inverse)
    }

    /// The divergence at `order` when a run has `rdp` there and `points` in general.
    pub(super) fn divergence(self, order: f64, rdp: f64, points: &[(f64, f64)]) -> f64 {
        let log_inverse = -libm::log(self.gamma);
        let helper =
            |(other, bound): &(f64, f64)| (1.0 - 1.0 / other) * bound + log_inverse / other;
        let best = points.iter().map(helper).fold(f64::INFINITY, f64::min);
        let runs = libm::log(self.mean().max(1.0)) / (order - 1.0);
        rdp + (1.0 + self.shape) * best + runs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_number_of_runs_is_that_of_the_law() {
        let geometric = Trials::new(1.0, 0.1).unwrap();
        assert!((geometric.mean() - 10.0).abs() < 1e-12);
        let logarithmic = Trials::new(0.0, 0.1).unwrap();
        assert!((logarithmic.mean() - 9.0 / 10.0_f64.ln()).abs() < 1e-12);
        let half = Trials::new(0.5, 0.25).unwrap();
        assert!((half.mean() - 0.5 * 0.75 / (0.25 * 0.5)).abs() < 1e-12);
    }

    #[test]
    fn a_law_that_is_none_is_refused() {
        for (shape, gamma) in [(-1.0, 0.5), (0.0, 0.0), (0.0, 1.0), (f64::NAN, 0.5)] {
            assert_eq!(
                Trials::new(shape, gamma).unwrap_err(),
                ParameterError::Selection
            );
        }
    }
}
