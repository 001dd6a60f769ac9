//! The noise that keeps a budget, by the bracket's upper end.

use domain::{Delta, Epsilon};

use super::{DeclaredPlan, LossError};
use crate::accountant::{CalibrationError, ParameterError, RdpCurve};

/// Noise on an integer grid instead of a continuum: how many steps of the grid one clip is, and how
/// many numbers are drawn in all (coordinates times steps).
///
/// Rounding continuous noise to the grid is post-processing and costs nothing. The discrete Gaussian
/// differs from rounded noise by a total variation of at most `sqrt(draws) / (24 s^2)`, `s` the noise
/// in steps: each draw has a Kullback-Leibler divergence below `1 / (288 s^4)` (twice the leading
/// term of Euler and Maclaurin's formula, for `s` of at least 64), these add up, and Pinsker's
/// inequality does the rest. It costs a delta of `(1 + e^epsilon)` times that.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Grid {
    /// Steps of the grid in one clip (the sensitivity).
    pub units: f64,
    /// Numbers drawn.
    pub draws: f64,
}

impl Grid {
    /// The delta that the grid costs at an epsilon; infinite for fewer than 64 steps a sigma.
    pub fn delta(&self, sigma: f64, epsilon: f64) -> f64 {
        let steps = sigma * self.units;
        if steps < 64.0 {
            return f64::INFINITY;
        }
        (1.0 + libm::exp(epsilon)) * libm::sqrt(self.draws) / (24.0 * steps * steps)
    }
}

/// The noise multiplier with which a declared plan of `steps` Poisson-sampled steps keeps
/// (`epsilon`, `delta`), by its privacy loss distribution; with a grid, its delta is set aside first.
///
/// # Guarantee
/// The plan with the returned sigma keeps the budget: [`DeclaredPlan::epsilon_above`] was evaluated
/// at it. It is at most 1e-5 (relative) above the smallest for which that holds.
///
/// ```
/// # use domain::{Delta, Epsilon};
/// # use cloister_privacy::accountant::calibrate_sigma_declared;
/// let (epsilon, delta) = (Epsilon::new(3.0).unwrap(), Delta::new(1e-5).unwrap());
/// let sigma = calibrate_sigma_declared(epsilon, delta, 1.0 / 64.0, 640, None).unwrap();
/// assert!((0.903..0.906).contains(&sigma));
/// ```
pub fn calibrate_sigma_declared(
    epsilon: Epsilon,
    delta: Delta,
    sampling_rate: f64,
    steps: u64,
    grid: Option<Grid>,
) -> Result<f64, CalibrationError> {
    let search = Search {
        epsilon: epsilon.value(),
        delta,
        rate: sampling_rate,
        steps,
        grid,
    };
    search.run()
}

struct Search {
    epsilon: f64,
    delta: Delta,
    rate: f64,
    steps: u64,
    grid: Option<Grid>,
}

impl Search {
    /// What the plan's epsilon exceeds the budget by.
    fn excess(&self, sigma: f64) -> Result<f64, CalibrationError> {
        let taken = self
            .grid
            .map_or(0.0, |grid| grid.delta(sigma, self.epsilon));
        let Ok(delta) = Delta::new(self.delta.value() - taken) else {
            return Ok(f64::INFINITY);
        };
        let plan =
            DeclaredPlan::subsampled_gaussian(sigma, self.rate, self.steps).map_err(parameter)?;
        Ok(plan.epsilon_above(delta) - self.epsilon)
    }

    /// Regula falsi (Illinois) between a sigma that keeps the budget and one that does not.
    fn run(&self) -> Result<f64, CalibrationError> {
        let (mut high, mut above) = self.keeping()?;
        let (mut low, mut below) = (high, above);
        while below <= 0.0 {
            (high, above) = (low, below);
            if low <= SMALLEST {
                return Ok(high);
            }
            low = (low * 0.8).max(SMALLEST);
            below = self.excess(low)?;
        }
        for _ in 0..ROUNDS {
            if high - low <= CLOSE * high {
                break;
            }
            let part = if below.is_finite() {
                (above / (above - below)).clamp(0.02, 0.98)
            } else {
                0.5
            };
            let middle = high - (high - low) * part;
            let excess = self.excess(middle)?;
            if excess <= 0.0 {
                (high, above) = (middle, excess);
                below *= 0.5;
            } else {
                (low, below) = (middle, excess);
                above *= 0.5;
            }
        }
        Ok(high)
    }

    /// A sigma that keeps the budget: by the Rényi curve, or more where the grid takes of delta.
    fn keeping(&self) -> Result<(f64, f64), CalibrationError> {
        let mut sigma = 1.0;
        while RdpCurve::subsampled_gaussian(sigma, self.rate, self.steps)?
            .epsilon(self.delta)
            .0
            > self.epsilon
        {
            sigma *= 1.25;
            if sigma > LARGEST {
                return Err(CalibrationError::Unreachable);
            }
        }
        loop {
            let excess = self.excess(sigma)?;
            if excess <= 0.0 {
                return Ok((sigma, excess));
            }
            sigma *= 1.1;
            if sigma > LARGEST {
                return Err(CalibrationError::Unreachable);
            }
        }
    }
}

/// A subsampled Gaussian has a distribution; only its parameters can be wrong.
fn parameter(error: LossError) -> ParameterError {
    match error {
        LossError::Parameter(error) => error,
        LossError::RenyiOnly => ParameterError::Sigma,
    }
}

const LARGEST: f64 = 131_072.0;
/// Less noise than this is never handed out, however large the budget.
const SMALLEST: f64 = 0.05;
const CLOSE: f64 = 1e-5;
const ROUNDS: u32 = 60;
