//! Numbers between public bounds, on a public grid.

use super::{Contribution, Figure, StatisticError, noise::Noisy};

/// A public interval, cut into at least 2^20 steps of a power of two.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    step: f64,
    low: i64,
    high: i64,
}

impl Bounds {
    /// Refuses what is no interval of numbers of ordinary size.
    pub fn new(min: f64, max: f64) -> Result<Self, StatisticError> {
        let reach = min.abs().max(max.abs());
        if !(min.is_finite() && max.is_finite() && min < max && reach < 1e15 && max - min > 1e-9) {
            return Err(StatisticError::Bounds);
        }
        let exponent = libm::floor(libm::log2(reach)) - 20.0;
        let step = libm::exp2(exponent);
        let (low, high) = (whole(min / step), whole(max / step));
        if low >= high {
            return Err(StatisticError::Bounds);
        }
        Ok(Self { step, low, high })
    }

    /// The size of a grid step.
    pub(super) const fn step(&self) -> f64 {
        self.step
    }

    /// The grid place in the middle.
    pub(super) const fn middle(&self) -> i64 {
        self.low + (self.high - self.low) / 2
    }

    /// How far a number may lie from a place, in steps.
    pub(super) fn reach(&self, place: i64) -> u64 {
        self.low.abs_diff(place).max(self.high.abs_diff(place))
    }

    /// The sum of the counted numbers' distances from a place, in steps, and how many they are.
    pub(super) fn sum(
        &self,
        numbers: &[Option<f64>],
        counted: &Contribution,
        place: i64,
    ) -> (i64, i64) {
        let places = self.on_grid(numbers, counted);
        let sum = places.iter().map(|one| one - place).sum();
        (sum, i64::try_from(places.len()).unwrap_or(i64::MAX))
    }

    /// The counted numbers, rounded to the grid and then clamped.
    pub(super) fn on_grid(&self, numbers: &[Option<f64>], counted: &Contribution) -> Vec<i64> {
        let counting = numbers
            .iter()
            .enumerate()
            .filter(|(row, _)| counted.counts(*row));
        counting
            .filter_map(|(_, number)| number.filter(|number| !number.is_nan()))
            .map(|number| whole(number / self.step).clamp(self.low, self.high))
            .collect()
    }

    /// So many places from one bound to the other, each one once.
    pub(super) fn candidates(&self, count: u32) -> Vec<i64> {
        let width = i128::from(self.high - self.low);
        let last = i128::from(count.saturating_sub(1).max(1));
        let place = |number: u32| {
            let offset = width * i128::from(number) / last;
            self.low + i64::try_from(offset).unwrap_or_default()
        };
        let mut places: Vec<i64> = (0..count).map(place).collect();
        places.dedup();
        places
    }

    /// The number at a place.
    pub(super) fn number(&self, place: i64) -> f64 {
        place as f64 * self.step
    }

    /// A noisy sum of distances from a place over a noisy count, as a mean.
    ///
    /// The interval joins the two intervals of 97.5 % each; the mean is cut to the bounds.
    pub(super) fn ratio(&self, sum: &Noisy, count: &Noisy, place: i64) -> Figure {
        let (total, rows) = (sum.value(0), count.value(0));
        let (half_total, half_rows) = (sum.half_width(0.975), count.half_width(0.975));
        let scale = sum.scale() * self.step;
        if rows < 1.0 {
            return Figure {
                value: None,
                scale,
                interval: None,
            };
        }
        let mean = |total: f64, rows: f64| {
            let distance = (total / rows) * self.step;
            (self.number(place) + distance).clamp(self.number(self.low), self.number(self.high))
        };
        let (fewest, most) = ((rows - half_rows).max(1.0), rows + half_rows);
        let ends = [total - half_total, total + half_total]
            .into_iter()
            .flat_map(|total| [mean(total, fewest), mean(total, most)]);
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for end in ends {
            (low, high) = (low.min(end), high.max(end));
        }
        Figure {
            value: Some(mean(total, rows)),
            scale: scale / rows,
            interval: Some((low, high)),
        }
    }
}

/// The nearest whole number; a cast of a float saturates.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a cast of a float saturates"
)]
fn whole(number: f64) -> i64 {
    (libm::round(number) as i64).clamp(-(1 << 50), 1 << 50)
}
