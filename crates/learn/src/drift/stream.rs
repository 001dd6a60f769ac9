//! Changes within a stream of numbers, row by row: ADWIN and CUSUM.

use serde::{Deserialize, Serialize};

/// Where a stream changed, rows counted from 0 in the order given.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Changes {
    /// Rows at which ADWIN dropped older ones because the mean had changed.
    pub adwin: Vec<u64>,
    /// The first row at which CUSUM left its bounds; `None` while it stays within.
    pub cusum: Option<u64>,
}

impl Changes {
    /// Watches a stream of numbers between 0 and 1, against a mean and deviation known from before.
    ///
    /// ADWIN runs at delta 0.002 and CUSUM with an allowance of half a deviation and a bound of
    /// twelve: on unchanged normal data about one false alarm in 150,000 rows (Siegmund 1985,
    /// equation 2.57, both sides).
    pub fn within(values: &[f64], mean: f64, deviation: f64) -> Self {
        let mut window = Adwin::new(0.002);
        let mut cusum = Cusum::new(mean, deviation, 0.5, 12.0);
        let mut changes = Self::default();
        for (row, value) in (0_u64..).zip(values) {
            if window.add(*value) {
                changes.adwin.push(row);
            }
            if cusum.add(*value) && changes.cusum.is_none() {
                changes.cusum = Some(row);
            }
        }
        changes
    }
}

/// The cumulative sum chart of Page (1954), both sides.
#[derive(Clone, Copy, Debug)]
pub struct Cusum {
    mean: f64,
    deviation: f64,
    allowance: f64,
    bound: f64,
    above: f64,
    below: f64,
}

impl Cusum {
    /// A chart around a mean; allowance and bound in deviations.
    pub fn new(mean: f64, deviation: f64, allowance: f64, bound: f64) -> Self {
        Self {
            mean,
            deviation: deviation.max(1e-12),
            allowance,
            bound,
            above: 0.0,
            below: 0.0,
        }
    }

    /// Takes the next number; true while the chart is out of bounds.
    pub fn add(&mut self, value: f64) -> bool {
        let step = (value - self.mean) / self.deviation;
        self.above = (self.above + step - self.allowance).max(0.0);
        self.below = (self.below - step - self.allowance).max(0.0);
        self.above > self.bound || self.below > self.bound
    }
}

/// The adaptive window of Bifet and Gavalda (2007): it keeps the longest stretch of the newest
/// numbers that may have one mean, in buckets whose sizes are powers of two (ADWIN2).
///
/// # Guarantee
/// While the mean of independent numbers between 0 and 1 does not change, a number is dropped with
/// probability at most `delta` at any step (their theorem 3.1, with the normal bound they use in
/// practice, their section 3.2, which holds approximately).
#[derive(Clone, Debug)]
pub struct Adwin {
    delta: f64,
    /// Rows of buckets; those of row `i` hold 2^i numbers each, newest first.
    rows: Vec<Vec<Bucket>>,
    count: f64,
    sum: f64,
    spread: f64,
    since_check: u32,
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    sum: f64,
    /// The sum of squared distances from the bucket's mean.
    spread: f64,
}

/// Buckets of one size before two of them become one.
const BUCKETS: usize = 5;
/// Numbers between two looks at the window.
const EVERY: u32 = 32;
/// The fewest numbers on either side of a cut.
const FEWEST: f64 = 5.0;

impl Adwin {
    /// An empty window; `delta` is the confidence.
    pub const fn new(delta: f64) -> Self {
        Self {
            delta,
            rows: Vec::new(),
            count: 0.0,
            sum: 0.0,
            spread: 0.0,
            since_check: 0,
        }
    }

    /// How many numbers the window holds.
    pub const fn width(&self) -> f64 {
        self.count
    }

    /// Takes the next number; true when older ones were dropped because the mean has changed.
    pub fn add(&mut self, value: f64) -> bool {
        if self.count > 0.0 {
            let gap = value - self.sum / self.count;
            self.spread += self.count / (self.count + 1.0) * gap * gap;
        }
        self.count += 1.0;
        self.sum += value;
        let bucket = Bucket {
            sum: value,
            spread: 0.0,
        };
        self.insert(bucket, 0);
        self.since_check += 1;
        self.since_check.is_multiple_of(EVERY) && self.shrink()
    }

    fn insert(&mut self, bucket: Bucket, row: usize) {
        if self.rows.len() <= row {
            self.rows.push(Vec::new());
        }
        let mut merged = None;
        if let Some(buckets) = self.rows.get_mut(row) {
            buckets.insert(0, bucket);
            if buckets.len() > BUCKETS {
                merged = buckets.pop().zip(buckets.pop());
            }
        }
        if let Some((one, two)) = merged {
            let size = size_of(row);
            let gap = one.sum / size - two.sum / size;
            let both = Bucket {
                sum: one.sum + two.sum,
                spread: one.spread + two.spread + size / 2.0 * gap * gap,
            };
            self.insert(both, row + 1);
        }
    }

    /// Drops the oldest buckets while some cut parts the window into two with different means.
    fn shrink(&mut self) -> bool {
        let mut dropped = false;
        while self.has_cut() {
            self.drop_oldest();
            dropped = true;
        }
        dropped
    }

    fn has_cut(&self) -> bool {
        let (mut count, mut sum) = (0.0, 0.0);
        let oldest = self.rows.iter().enumerate().rev();
        for (row, buckets) in oldest {
            for bucket in buckets.iter().rev() {
                count += size_of(row);
                sum += bucket.sum;
                let (rest, rest_sum) = (self.count - count, self.sum - sum);
                if rest < FEWEST {
                    return false;
                }
                if count >= FEWEST && self.apart(count, sum / count, rest, rest_sum / rest) {
                    return true;
                }
            }
        }
        false
    }

    fn apart(&self, n: f64, one: f64, m: f64, two: f64) -> bool {
        let harmonic = 1.0 / (1.0 / n + 1.0 / m);
        let log = libm::log(2.0 * libm::log(self.count).max(1.0) / self.delta);
        let variance = self.spread / self.count;
        let bound = libm::sqrt(2.0 / harmonic * variance * log) + 2.0 / (3.0 * harmonic) * log;
        (one - two).abs() > bound
    }

    fn drop_oldest(&mut self) {
        let last = self.rows.iter().rposition(|buckets| !buckets.is_empty());
        let Some(row) = last else {
            return;
        };
        let Some(bucket) = self.rows.get_mut(row).and_then(Vec::pop) else {
            return;
        };
        let size = size_of(row);
        let rest = self.count - size;
        let (mean, rest_mean) = (bucket.sum / size, (self.sum - bucket.sum) / rest.max(1.0));
        let between = size * rest / self.count * (mean - rest_mean) * (mean - rest_mean);
        self.count = rest;
        self.sum -= bucket.sum;
        self.spread = (self.spread - bucket.spread - between).max(0.0);
    }
}

fn size_of(row: usize) -> f64 {
    libm::exp2(row as f64)
}

#[cfg(test)]
mod tests {
    use domain::Entropy as _;

    use super::*;
    use crate::train::tests::Stream;

    fn coins(count: usize, chance: f64, entropy: &mut Stream) -> Vec<f64> {
        (0..count)
            .map(|_| f64::from(u8::from(entropy.unit() < chance)))
            .collect()
    }

    #[test]
    fn a_steady_stream_is_kept_whole() {
        let mut alarms = 0;
        for seed in 0..20 {
            let values = coins(4000, 0.3, &mut Stream::new(seed));
            let found = Changes::within(&values, 0.3, libm::sqrt(0.21));
            alarms += usize::from(!found.adwin.is_empty()) + usize::from(found.cusum.is_some());
        }
        assert!(alarms <= 1, "{alarms}");
    }

    #[test]
    fn a_change_is_found_soon_after_it() {
        for seed in 0..10 {
            let mut entropy = Stream::new(seed);
            let mut values = coins(2000, 0.2, &mut entropy);
            values.extend(coins(1000, 0.5, &mut entropy));
            let found = Changes::within(&values, 0.2, 0.4);
            let first = found.adwin[0];
            assert!((2000..2300).contains(&first), "{found:?}");
            assert!(
                found.cusum.is_some_and(|row| (2000..2400).contains(&row)),
                "{found:?}"
            );
        }
    }

    #[test]
    fn after_a_change_the_window_holds_the_new_mean() {
        let mut entropy = Stream::new(3);
        let mut window = Adwin::new(0.002);
        for value in coins(2000, 0.1, &mut entropy)
            .iter()
            .chain(&coins(2000, 0.8, &mut entropy))
        {
            window.add(*value);
        }
        assert!((window.sum / window.count - 0.8).abs() < 0.05);
        assert!(
            window.width() < 2300.0 && window.width() > 1500.0,
            "{}",
            window.width()
        );
        let (count, sum): (f64, f64) =
            window
                .rows
                .iter()
                .enumerate()
                .fold((0.0, 0.0), |all, (row, buckets)| {
                    let own: f64 = buckets.iter().map(|bucket| bucket.sum).sum();
                    (all.0 + buckets.len() as f64 * size_of(row), all.1 + own)
                });
        assert!((count - window.count).abs() < 1e-9 && (sum - window.sum).abs() < 1e-6);
    }

    #[test]
    fn cusum_worked_by_hand() {
        let mut chart = Cusum::new(0.0, 1.0, 0.5, 2.0);
        let out: Vec<bool> = [1.0, 1.5, 1.0, 0.0]
            .iter()
            .map(|value| chart.add(*value))
            .collect();
        // 0.5, 1.5, 2.0, 1.5: never above 2.
        assert_eq!(out, [false; 4]);
        assert!(chart.add(1.5), "1.5 + 1.0 is above 2");
    }
}
