//! A table of noisy counts, and what its intervals are.

use domain::Entropy;
use privacy::{DiscreteGaussian, special::normal_quantile};

use crate::{
    metrics::{Interval, SMALLEST_CELL},
    unit::in_persons,
};

/// Counts of persons with noise.
#[derive(Clone, Debug)]
pub(super) struct Cells {
    pub(super) counts: Vec<f64>,
    /// The deviation of the noise of each, in persons.
    pub(super) deviation: f64,
}

impl Cells {
    /// Adds noise to counts in units.
    pub(super) fn of(
        mut units: Vec<i64>,
        noise: &DiscreteGaussian,
        entropy: &mut dyn Entropy,
    ) -> Self {
        noise.add_to(&mut units, entropy);
        let deviation = i64::try_from(noise.sigma()).unwrap_or(i64::MAX);
        Self {
            counts: units.into_iter().map(in_persons).collect(),
            deviation: in_persons(deviation),
        }
    }

    /// The sum of the cells that `of` names, unless the noise may have made all of it.
    pub(super) fn sum(&self, of: impl Fn(usize) -> bool) -> Option<f64> {
        let own = || self.counts.iter().enumerate().filter(|(cell, _)| of(*cell));
        let sum: f64 = own().map(|(_, count)| count).sum();
        let least = CLEAR * self.deviation * libm::sqrt(own().count() as f64);
        (sum >= least.max(SMALLEST_CELL as f64)).then_some(sum)
    }

    /// The share that the cells `hits` have of the cells `all`.
    ///
    /// A cell varies by its own count (a Poisson law) and by the noise; the interval is that of the
    /// delta method.
    pub(super) fn share(
        &self,
        hits: impl Fn(usize) -> bool,
        all: impl Fn(usize) -> bool,
    ) -> Option<Interval> {
        let total = self.sum(&all)?;
        let own = || {
            let cells = self.counts.iter().enumerate();
            cells.filter(|(cell, _)| all(*cell))
        };
        let found: f64 = own()
            .filter(|(cell, _)| hits(*cell))
            .map(|(_, count)| count)
            .sum();
        let value = (found / total).clamp(0.0, 1.0);
        let variance = own().map(|(cell, count)| {
            let pull = f64::from(u8::from(hits(cell))) - value;
            self.variance(*count) * pull * pull
        });
        Some(around(value, libm::sqrt(variance.sum::<f64>()) / total))
    }

    /// How far a count may be from what it would be on average: its own spread and the noise.
    pub(super) fn variance(&self, count: f64) -> f64 {
        count.max(0.0) + self.deviation * self.deviation
    }
}

/// The 95 % interval of a share with this deviation.
pub(super) fn around(value: f64, deviation: f64) -> Interval {
    let half = normal_quantile(0.975) * deviation;
    Interval {
        value,
        low: (value - half).max(0.0),
        high: (value + half).min(1.0),
    }
}

/// What is divided by lies so many deviations above nothing.
const CLEAR: f64 = 5.0;
