//! The Jensen-Shannon distance, and a test of whether two tables of counts have one law.

use privacy::attack::faults::chi_square_upper;
use serde::{Deserialize, Serialize};

/// Jensen-Shannon distance and homogeneity of old and new counts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Divergence {
    /// The square root of the Jensen-Shannon divergence to base 2: 0 is the same, 1 is apart
    /// (Lin 1991; Endres, Schindelin 2003).
    pub distance: f64,
    /// The chance of counts at least as far apart if nothing changed: Pearson's test of
    /// homogeneity.
    pub p_value: f64,
}

impl Divergence {
    /// Whether the change is beyond chance: a false alarm in at most one of two hundred columns.
    pub fn is_change(&self) -> bool {
        self.p_value < CHANGE
    }

    /// Compares counts of the same cells.
    pub fn of(old: &[u64], new: &[u64]) -> Self {
        let (n, m) = (total(old), total(new));
        let mut divergence = 0.0;
        let (mut statistic, mut cells) = (0.0, 0.0_f64);
        for (old, new) in old.iter().zip(new) {
            let (p, q) = (*old as f64 / n, *new as f64 / m);
            let middle = 0.5 * (p + q);
            divergence += 0.5 * (part(p, middle) + part(q, middle));
            let both = (*old + *new) as f64;
            if both > 0.0 {
                let gap = *old as f64 * libm::sqrt(m / n) - *new as f64 * libm::sqrt(n / m);
                statistic += gap * gap / both;
                cells += 1.0;
            }
        }
        Self {
            distance: libm::sqrt(divergence.clamp(0.0, 1.0)),
            p_value: chi_square_upper(statistic, cells - 1.0),
        }
    }
}

/// Below this chance a difference counts as a change.
const CHANGE: f64 = 0.005;

fn total(counts: &[u64]) -> f64 {
    (counts.iter().sum::<u64>() as f64).max(1.0)
}

fn part(p: f64, middle: f64) -> f64 {
    if p > 0.0 {
        p * libm::log2(p / middle)
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use domain::Entropy as _;

    use super::*;
    use crate::train::tests::Stream;

    #[test]
    fn the_distance_matches_its_formula() {
        // p = (1/2, 1/2), q = (1, 0): JSD = 1 - 3/4 log2 3 + ... = 0.3112781.
        let found = Divergence::of(&[500, 500], &[1000, 0]);
        assert!((found.distance * found.distance - 0.311_278_124).abs() < 1e-8);
        assert_eq!(Divergence::of(&[10, 0], &[0, 10]).distance, 1.0);
        assert_eq!(Divergence::of(&[10, 30], &[20, 60]).distance, 0.0);
    }

    #[test]
    fn the_test_of_homogeneity_matches_a_printed_one() {
        // scipy 1.17.1, chi2_contingency: 23.1702 on 3 degrees.
        let p = Divergence::of(&[90, 60, 104, 95], &[30, 50, 51, 20]).p_value;
        assert!((p / 3.721_555_949_741_595e-5 - 1.0).abs() < 1e-9, "{p}");
    }

    fn drawn(weights: &[f64], rows: usize, entropy: &mut Stream) -> Vec<u64> {
        let mut counts = vec![0; weights.len()];
        for _ in 0..rows {
            let mut left = entropy.unit();
            let mut cell = 0;
            while cell + 1 < weights.len() && left >= weights[cell] {
                left -= weights[cell];
                cell += 1;
            }
            counts[cell] += 1;
        }
        counts
    }

    /// Twenty equal cells, and the same tilted until the population stability index is 0.1.
    fn tilted() -> Vec<f64> {
        let psi = |tilt: f64| -> f64 {
            weights(tilt)
                .iter()
                .map(|q| (q - 0.05) * libm::log(q / 0.05))
                .sum()
        };
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..60 {
            let middle = 0.5 * (low + high);
            if psi(middle) < 0.1 {
                low = middle;
            } else {
                high = middle;
            }
        }
        weights(low)
    }

    fn weights(tilt: f64) -> Vec<f64> {
        (0..20)
            .map(|cell| 0.05 * (1.0 + tilt * (f64::from(cell) - 9.5) / 9.5))
            .collect()
    }

    #[test]
    fn a_stability_index_of_a_tenth_is_seen_nine_times_in_ten_and_nothing_once_in_a_hundred() {
        let mut entropy = Stream::new(1);
        let (even, tilted) = (vec![0.05; 20], tilted());
        let (mut seen, mut false_alarms) = (0, 0);
        for _ in 0..400 {
            let old = drawn(&even, 5000, &mut entropy);
            seen +=
                u32::from(Divergence::of(&old, &drawn(&tilted, 1000, &mut entropy)).is_change());
            false_alarms +=
                u32::from(Divergence::of(&old, &drawn(&even, 1000, &mut entropy)).is_change());
        }
        assert!(seen >= 360, "{seen} of 400");
        assert!(false_alarms <= 6, "{false_alarms} of 400");
    }
}
