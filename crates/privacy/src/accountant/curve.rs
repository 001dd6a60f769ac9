//! The Rényi curve: a bound on the Rényi divergence at each of a fixed list of orders.

use domain::Delta;
use serde::{Deserialize, Serialize};

use super::{ParameterError, laplace, selection, subsampled};
use crate::budget::MOST_ATOMS;

/// The orders, as in dp-accounting: 1.1 to 10.9 by 0.1, 11 to 63, 128, 256, 512, 1024.
pub const ORDERS: [f64; COUNT] = orders();

/// The number of orders.
pub(crate) const COUNT: usize = 156;

/// A bound on the Rényi divergence of a mechanism at each of [`ORDERS`].
///
/// Curves add under composition, also when later mechanisms are chosen after seeing earlier results
/// (Mironov 2017, Proposition 1; for adaptive parameters see [`crate::budget`]).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Vec<f64>", into = "Vec<f64>")]
pub struct RdpCurve {
    rdp: Vec<f64>,
}

impl RdpCurve {
    /// The curve of a mechanism that reveals nothing.
    pub fn zero() -> Self {
        Self::at_orders(|_| 0.0)
    }

    /// The Gaussian mechanism with noise `sigma` times the L2 sensitivity: `order / (2 sigma^2)`
    /// (Mironov 2017, Corollary 3).
    ///
    /// It bounds the discrete Gaussian on an integer grid as well, in any dimension
    /// (Canonne, Kamath, Steinke 2020, Theorem 14).
    pub fn gaussian(sigma: f64) -> Result<Self, ParameterError> {
        check_sigma(sigma)?;
        Ok(Self::at_orders(|order| order / (2.0 * sigma * sigma)))
    }

    /// `steps` rounds of the Poisson-subsampled *continuous* Gaussian
    /// (Mironov, Talwar, Zhang 2019, section 3.3, integer and fractional orders).
    ///
    /// Fractional orders are bounded as dp-accounting 0.6 bounds them, terms taken positive.
    pub fn subsampled_gaussian(sigma: f64, rate: f64, steps: u64) -> Result<Self, ParameterError> {
        check_sigma(sigma)?;
        check_rate(rate)?;
        Ok(Self::at_orders(|order| subsampled::continuous(sigma, rate, order)).times(steps))
    }

    /// `steps` rounds of the Poisson-subsampled Gaussian with noise on an integer grid; what the
    /// trainer of `learn` does, and what a ledger entry is charged.
    ///
    /// # Guarantee
    /// At integer orders the moment is a binomial sum of moments of the unsampled mechanism, each
    /// bounded by the Gaussian's (Canonne, Kamath, Steinke 2020, Theorem 14); the reversed
    /// direction is no larger, because reflection about the integer shift swaps the two noises
    /// (Mironov, Talwar, Zhang 2019, Theorem 5, whose proof holds for sums as for integrals). At fractional orders the logarithm of the moment is
    /// convex in the order, so the line between the neighbouring integers bounds it.
    /// The curve therefore lies on or above [`Self::subsampled_gaussian`] and is valid for both.
    pub fn subsampled_grid_gaussian(
        sigma: f64,
        rate: f64,
        steps: u64,
    ) -> Result<Self, ParameterError> {
        check_sigma(sigma)?;
        check_rate(rate)?;
        Ok(Self::at_orders(|order| subsampled::grid(sigma, rate, order)).times(steps))
    }

    /// Randomised response over `categories` outputs, exactly: the Rényi divergence of two
    /// distributions that agree on all but two outputs.
    pub fn randomized_response(categories: u32, epsilon: f64) -> Result<Self, ParameterError> {
        if categories < 2 {
            return Err(ParameterError::Categories);
        }
        check_epsilon(epsilon)?;
        Ok(Self::at_orders(|order| {
            response(f64::from(categories), epsilon, order)
        }))
    }

    /// Laplace noise of `scale` times the L1 sensitivity, exactly (Mironov 2017, Proposition 6).
    pub fn laplace(scale: f64) -> Result<Self, ParameterError> {
        check_scale(scale)?;
        check_epsilon(1.0 / scale)?;
        Ok(Self::at_orders(|order| {
            laplace::laplace_divergence(1.0 / scale, order)
        }))
    }

    /// Laplace noise on the integers, for a sum that one person moves by at most `sensitivity` steps:
    /// exactly, by its finitely many losses.
    pub fn discrete_laplace(scale: f64, sensitivity: u32) -> Result<Self, ParameterError> {
        check_scale(scale)?;
        if sensitivity == 0 {
            return Err(ParameterError::Scale);
        }
        let pure = f64::from(sensitivity) / scale;
        check_epsilon(pure)?;
        if sensitivity > MOST_ATOMS {
            return Self::pure(pure);
        }
        let atoms = laplace::laplace_atoms(scale, sensitivity);
        Ok(Self::at_orders(|order| {
            laplace::atoms_divergence(&atoms, order).min(pure)
        }))
    }

    /// The curve of choosing the best of a random number of runs of a mechanism with this curve; see
    /// [`MechanismEvent::PrivateSelection`](crate::MechanismEvent::PrivateSelection).
    pub fn private_selection(&self, shape: f64, gamma: f64) -> Result<Self, ParameterError> {
        let trials = selection::Trials::new(shape, gamma)?;
        let points: Vec<(f64, f64)> = self.points().collect();
        Ok(Self::at_orders(|order| {
            let here = points
                .iter()
                .find(|(other, _)| other.total_cmp(&order).is_eq());
            trials.divergence(order, here.map_or(f64::MAX, |(_, rdp)| *rdp), &points)
        }))
    }

    /// Any `epsilon`-differentially private mechanism: `min(epsilon, order epsilon^2 / 2)`
    /// (Bun, Steinke 2016, Proposition 3.3).
    pub fn pure(epsilon: f64) -> Result<Self, ParameterError> {
        check_epsilon(epsilon)?;
        Ok(Self::at_orders(|order| {
            epsilon.min(0.5 * order * epsilon * epsilon)
        }))
    }

    /// The curve of both mechanisms together.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        let pairs = self.rdp.iter().zip(&other.rdp);
        Self {
            rdp: pairs.map(|(one, two)| finite(one + two)).collect(),
        }
    }

    /// The curve of `count` such mechanisms together.
    #[must_use]
    pub fn times(&self, count: u64) -> Self {
        let many = |rdp: &f64| finite(rdp * count as f64);
        Self {
            rdp: self.rdp.iter().map(many).collect(),
        }
    }

    /// The smallest epsilon over all orders at `delta`, and its order.
    pub fn epsilon(&self, delta: Delta) -> (f64, f64) {
        let mut best = (f64::INFINITY, f64::NAN);
        for (order, rdp) in self.points() {
            let epsilon = epsilon_at(order, rdp, delta.value());
            if epsilon < best.0 {
                best = (epsilon, order);
            }
        }
        best
    }

    /// Each order with its bound.
    pub fn points(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        ORDERS.into_iter().zip(self.rdp.iter().copied())
    }

    /// The bound at the order with this index in [`ORDERS`]; infinite beyond the list.
    pub(crate) fn at(&self, index: usize) -> f64 {
        self.rdp.get(index).copied().unwrap_or(f64::INFINITY)
    }

    fn at_orders(bound: impl Fn(f64) -> f64) -> Self {
        Self {
            rdp: ORDERS.iter().map(|order| finite(bound(*order))).collect(),
        }
    }
}

/// The epsilon that a Rényi bound at one order gives at `delta`
/// (Canonne, Kamath, Steinke 2020, Proposition 12; zero where the divergence is that small).
pub(crate) fn epsilon_at(order: f64, rdp: f64, delta: f64) -> f64 {
    if delta * delta + libm::expm1(-rdp) > 0.0 {
        return 0.0;
    }
    let epsilon = rdp + libm::log1p(-1.0 / order) - libm::log(delta * order) / (order - 1.0);
    epsilon.max(0.0)
}

impl TryFrom<Vec<f64>> for RdpCurve {
    type Error = &'static str;

    fn try_from(rdp: Vec<f64>) -> Result<Self, Self::Error> {
        if rdp.len() != COUNT {
            return Err("a Rényi curve has one bound for each order");
        }
        if !rdp.iter().all(|bound| bound.is_finite() && *bound >= 0.0) {
            return Err("a Rényi bound is a finite number, zero or above");
        }
        Ok(Self { rdp })
    }
}

impl From<RdpCurve> for Vec<f64> {
    fn from(curve: RdpCurve) -> Self {
        curve.rdp
    }
}

fn response(categories: f64, epsilon: f64, order: f64) -> f64 {
    let total = libm::exp(epsilon) + categories - 1.0;
    let log_lie = -libm::log(total);
    let log_truth = epsilon + log_lie;
    let up = order * log_truth + (1.0 - order) * log_lie;
    let down = order * log_lie + (1.0 - order) * log_truth;
    let middle = libm::log(categories - 2.0) + log_lie;
    let moment = subsampled::log_add(subsampled::log_add(up, down), middle);
    (moment / (order - 1.0)).clamp(0.0, epsilon)
}

/// Keeps a bound representable in JSON; `f64::MAX` already exceeds every budget.
fn finite(bound: f64) -> f64 {
    if bound.is_nan() {
        f64::MAX
    } else {
        bound.clamp(0.0, f64::MAX)
    }
}

fn check_sigma(sigma: f64) -> Result<(), ParameterError> {
    let fits = sigma.is_finite() && sigma > 0.0;
    fits.then_some(()).ok_or(ParameterError::Sigma)
}

fn check_rate(rate: f64) -> Result<(), ParameterError> {
    let fits = (0.0..=1.0).contains(&rate);
    fits.then_some(()).ok_or(ParameterError::SamplingRate)
}

fn check_scale(scale: f64) -> Result<(), ParameterError> {
    let fits = scale.is_finite() && scale > 0.0;
    fits.then_some(()).ok_or(ParameterError::Scale)
}

fn check_epsilon(epsilon: f64) -> Result<(), ParameterError> {
    let fits = epsilon > 0.0 && epsilon <= 1000.0;
    fits.then_some(()).ok_or(ParameterError::Epsilon)
}

#[expect(clippy::indexing_slicing, reason = "constant evaluation checks it")]
const fn orders() -> [f64; COUNT] {
    let mut orders = [0.0; COUNT];
    let mut index = 0;
    while index < COUNT {
        orders[index] = match index {
            0..99 => 1.0 + (index as f64 + 1.0) / 10.0,
            99..152 => (index - 88) as f64,
            _ => (1 << (index - 145)) as f64,
        };
        index += 1;
    }
    orders
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_orders_are_those_of_dp_accounting() {
        assert_eq!(ORDERS[0], 1.1);
        assert_eq!(ORDERS[98], 10.9);
        assert_eq!(ORDERS[99], 11.0);
        assert_eq!(ORDERS[151], 63.0);
        assert_eq!(ORDERS[152..], [128.0, 256.0, 512.0, 1024.0]);
    }

    #[test]
    fn nonsense_has_no_curve() {
        assert_eq!(RdpCurve::gaussian(0.0), Err(ParameterError::Sigma));
        assert_eq!(
            RdpCurve::subsampled_grid_gaussian(1.0, 1.5, 1),
            Err(ParameterError::SamplingRate)
        );
        assert_eq!(
            RdpCurve::randomized_response(1, 1.0),
            Err(ParameterError::Categories)
        );
        assert!(RdpCurve::try_from(vec![0.0; 3]).is_err());
    }

    #[test]
    fn randomised_response_never_costs_more_than_its_epsilon() {
        let delta = Delta::new(1e-9).unwrap();
        for categories in [2, 3, 50] {
            let curve = RdpCurve::randomized_response(categories, 2.0).unwrap();
            assert!(curve.points().all(|(_, rdp)| rdp <= 2.0));
            assert!(curve.epsilon(delta).0 < 2.05);
        }
    }

    #[test]
    fn the_grid_curve_lies_on_or_above_the_continuous_one() {
        for (sigma, rate) in [(0.6, 0.004), (1.0, 0.016), (2.0, 0.3), (1.0, 0.001)] {
            let grid = RdpCurve::subsampled_grid_gaussian(sigma, rate, 1).unwrap();
            let smooth = RdpCurve::subsampled_gaussian(sigma, rate, 1).unwrap();
            for ((order, above), (_, below)) in grid.points().zip(smooth.points()) {
                assert!(above >= below * (1.0 - 1e-6) - 1e-12, "order {order}");
            }
        }
    }
}
