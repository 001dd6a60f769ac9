//! Small tests that together tell a sound noisy trainer from one with a fault.
//!
//! Each looks at what the trainer releases and at nothing else, and each has one fault in view:
//!
//! | test | finds |
//! |---|---|
//! | [`noise_floor`] | a coordinate with too little noise; noise that repeats over the steps of a run |
//! | [`independence`] | noise that repeats from run to run (a reused seed) |
//! | [`constant_scale`] | a denominator that follows the batch drawn (a data-dependent normaliser) |
//! | [`participation`] | a sampling rate other than the billed one; shuffling in place of Poisson draws |
//! | [`influence`] | clipping after the sum; rows of one person clipped one by one |
//! | [`unpaid`] | runs that no entry of the ledger pays for (a hyper-parameter search) |
//! | [`super::OneRun`] | whatever makes the true epsilon larger than the claimed one |
//!
//! An alarm is raised at a chance of one in a million if nothing is wrong, over all comparisons of
//! a test. What no test looks for: the time a step takes, noise of the right size from a bad
//! generator whose outputs do not repeat, and faults that need inputs other than those tried.

mod law;

use serde::{Deserialize, Serialize};

use crate::{budget::MechanismEvent, special::normal_cdf};
pub use law::{chi_square_lower, chi_square_upper};

/// What one test says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The test's name.
    pub test: String,
    /// What it measured, in words with figures.
    pub measured: String,
    /// The chance of a value as extreme if nothing is wrong, times the number of comparisons.
    pub p_value: f64,
    /// Whether the fault is there.
    pub alarm: bool,
}

impl Finding {
    fn of(test: &str, measured: String, p_value: f64, comparisons: usize) -> Self {
        let p_value = (p_value * comparisons.max(1) as f64).min(1.0);
        Self {
            test: test.to_owned(),
            measured,
            alarm: p_value < ALARM,
            p_value,
        }
    }
}

/// Chance of a false alarm of one test.
const ALARM: f64 = 1e-6;

/// Whether every coordinate of releases without signal has at least the promised noise.
///
/// `releases` hold noise only; `deviation` is what is promised, in the same unit. Over several steps
/// independent noise adds up by its variances; noise in excess of that is found as well, because it
/// repeats.
pub fn noise_floor(releases: &[Vec<f64>], deviation: f64) -> Finding {
    let coordinates = releases.iter().map(Vec::len).min().unwrap_or(0);
    let mut squares = vec![0.0; coordinates];
    for release in releases {
        for (sum, value) in squares.iter_mut().zip(release) {
            *sum += value / deviation * (value / deviation);
        }
    }
    let freedom = releases.len() as f64;
    let least = squares.iter().copied().fold(f64::INFINITY, f64::min);
    let total: f64 = squares.iter().sum();
    let single = chi_square_lower(least, freedom) * coordinates as f64;
    let whole = chi_square_lower(total, freedom * coordinates as f64);
    let excess = chi_square_upper(total, freedom * coordinates as f64);
    let measured = format!(
        "deviation {:.3} of the promised one over all coordinates, least {:.3}",
        libm::sqrt(total / (freedom * coordinates as f64).max(1.0)),
        libm::sqrt(least / freedom.max(1.0)),
    );
    Finding::of("noise floor", measured, single.min(whole).min(excess), 3)
}

/// Whether releases without signal are unrelated to each other, by the largest correlation of any
/// two.
pub fn independence(releases: &[Vec<f64>]) -> Finding {
    let mut largest = 0.0_f64;
    let mut pairs = 0;
    let mut scaled = 0.0_f64;
    for (at, one) in releases.iter().enumerate() {
        for two in releases.iter().skip(at + 1) {
            let correlation = correlation(one, two);
            pairs += 1;
            if correlation.abs() > largest.abs() {
                largest = correlation;
                // Fisher's transformation (Fisher 1915).
                let bounded = correlation.abs().min(1.0 - 1e-12);
                scaled = libm::atanh(bounded) * libm::sqrt((one.len() as f64 - 3.0).max(1.0));
            }
        }
    }
    let measured = format!("largest correlation of two runs {largest:.3}");
    Finding::of("independence", measured, 2.0 * normal_cdf(-scaled), pairs)
}

fn correlation(one: &[f64], two: &[f64]) -> f64 {
    let product: f64 = one.iter().zip(two).map(|(a, b)| a * b).sum();
    let norm = |values: &[f64]| libm::sqrt(values.iter().map(|a| a * a).sum::<f64>());
    product / (norm(one) * norm(two)).max(1e-300)
}

/// Whether noise keeps its size from release to release, whatever batch was drawn.
pub fn constant_scale(releases: &[Vec<f64>]) -> Finding {
    let variances: Vec<f64> = releases
        .iter()
        .map(|release| release.iter().map(|value| value * value).sum::<f64>())
        .collect();
    let freedom = releases.iter().map(Vec::len).min().unwrap_or(0) as f64;
    let mean = variances.iter().sum::<f64>() / (variances.len() as f64).max(1.0);
    // The logarithm of a chi-square of k degrees has variance 2/k for large k.
    let logs: Vec<f64> = variances
        .iter()
        .map(|variance| libm::log((variance / mean).max(1e-300)))
        .collect();
    let centre = logs.iter().sum::<f64>() / (logs.len() as f64).max(1.0);
    let spread: f64 = logs.iter().map(|log| (log - centre) * (log - centre)).sum();
    let statistic = spread * freedom / 2.0;
    let degrees = logs.len() as f64 - 1.0;
    let measured = format!(
        "spread of the noise's variance {:.2} times the expected one",
        statistic / degrees.max(1.0)
    );
    let p_value = chi_square_upper(statistic, degrees);
    Finding::of("constant scale", measured, p_value, 1)
}

/// Whether persons took part as often, and as unevenly, as Poisson draws at the billed rate make
/// them.
///
/// `counts` are estimates of how often each person took part, with an error of deviation `error`.
pub fn participation(counts: &[f64], steps: u64, rate: f64, error: f64) -> Finding {
    let (persons, steps) = (counts.len() as f64, steps as f64);
    let mean = counts.iter().sum::<f64>() / persons.max(1.0);
    let variance = steps * rate * (1.0 - rate) + error * error;
    let off = (mean - steps * rate) / libm::sqrt(variance / persons.max(1.0));
    let squares: f64 = counts
        .iter()
        .map(|count| (count - mean) * (count - mean))
        .sum();
    let (statistic, degrees) = (squares / variance, persons - 1.0);
    let tails = [
        2.0 * normal_cdf(-off.abs()),
        chi_square_lower(statistic, degrees),
        chi_square_upper(statistic, degrees),
    ];
    let measured = format!(
        "took part {mean:.2} times on average, billed {:.2}; spread {:.2} times that of Poisson draws",
        steps * rate,
        statistic / degrees.max(1.0)
    );
    let least = tails.into_iter().fold(1.0, f64::min);
    Finding::of("participation", measured, least, tails.len())
}

/// Whether a person moves the release by at most one clip.
///
/// `moved` are independent estimates of how far, in clips, each with an error of deviation `error`.
pub fn influence(name: &str, moved: &[f64], error: f64) -> Finding {
    let count = moved.len() as f64;
    let mean = moved.iter().sum::<f64>() / count.max(1.0);
    let over = (mean - 1.0) / (error / libm::sqrt(count.max(1.0))).max(1e-12);
    let measured = format!("moves the sum by {mean:.3} clips");
    Finding::of(name, measured, normal_cdf(-over), 1)
}

/// Whether every run over the data is paid for: each needs an entry of its own that is the same
/// mechanism.
pub fn unpaid(runs: &[MechanismEvent], paid: &[MechanismEvent]) -> Finding {
    let mut left: Vec<&MechanismEvent> = paid.iter().collect();
    let mut without = 0_usize;
    for run in runs {
        match left.iter().position(|event| *event == run) {
            Some(at) => {
                left.swap_remove(at);
            }
            None => without += 1,
        }
    }
    Finding {
        test: "every run is paid for".to_owned(),
        measured: format!(
            "{without} of {} runs without an entry of the ledger",
            runs.len()
        ),
        p_value: if without == 0 { 1.0 } else { 0.0 },
        alarm: without > 0,
    }
}

#[cfg(test)]
mod tests {
    use domain::Entropy as _;

    use super::*;
    use crate::attack::stream::{Stream, normal};

    fn noise(releases: usize, coordinates: usize, deviation: f64, seed: u64) -> Vec<Vec<f64>> {
        let mut entropy = Stream::new(seed);
        let mut release = |_| {
            (0..coordinates)
                .map(|_| deviation * normal(&mut entropy))
                .collect()
        };
        (0..releases).map(&mut release).collect()
    }

    #[test]
    fn sound_noise_raises_no_alarm() {
        for seed in 0..20 {
            let noise = noise(24, 100, 1.5, seed);
            for finding in [
                noise_floor(&noise, 1.5),
                independence(&noise),
                constant_scale(&noise),
            ] {
                assert!(!finding.alarm, "{finding:?}");
            }
        }
    }

    #[test]
    fn one_silent_coordinate_and_thin_noise_are_found() {
        let mut silent = noise(24, 100, 1.0, 1);
        for release in &mut silent {
            release[99] = 0.0;
        }
        assert!(noise_floor(&silent, 1.0).alarm);
        assert!(noise_floor(&noise(24, 100, 0.8, 1), 1.0).alarm);
    }

    #[test]
    fn noise_that_repeats_is_found() {
        let mut repeated = noise(6, 100, 1.0, 1);
        repeated[5] = repeated[0].clone();
        assert!(independence(&repeated).alarm);
    }

    #[test]
    fn noise_that_follows_the_batch_is_found() {
        let mut scaled = noise(40, 200, 1.0, 1);
        for (at, release) in scaled.iter_mut().enumerate() {
            let factor = 16.0 / (12.0 + (at % 8) as f64);
            for value in release {
                *value *= factor;
            }
        }
        assert!(constant_scale(&scaled).alarm);
    }

    #[test]
    fn poisson_draws_pass_and_shuffling_or_another_rate_do_not() {
        let draws = |rate: f64, seed| -> Vec<f64> {
            let mut entropy = Stream::new(seed);
            let mut count = || (0..100).filter(|_| entropy.unit() < rate).count() as f64;
            (0..200).map(|_| count()).collect()
        };
        for seed in 0..20 {
            let finding = participation(&draws(0.1, seed), 100, 0.1, 0.0);
            assert!(!finding.alarm, "{finding:?}");
        }
        assert!(participation(&[10.0; 200], 100, 0.1, 0.0).alarm);
        assert!(participation(&draws(0.2, 1), 100, 0.1, 0.0).alarm);
    }

    #[test]
    fn a_person_beyond_the_clip_is_found() {
        assert!(!influence("person", &[0.99, 1.01, 1.0], 0.1).alarm);
        assert!(influence("person", &[1.99, 2.01, 2.0], 0.1).alarm);
    }

    #[test]
    fn a_run_without_an_entry_is_found() {
        let run = |sigma| MechanismEvent::Gaussian { sigma, releases: 1 };
        assert!(!unpaid(&[run(1.0), run(1.0)], &[run(1.0), run(2.0), run(1.0)]).alarm);
        assert!(unpaid(&[run(1.0), run(1.0)], &[run(1.0)]).alarm);
        assert!(unpaid(&[run(1.0)], &[run(2.0)]).alarm);
    }
}
