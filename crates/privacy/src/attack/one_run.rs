//! One training run with canaries gives a lower bound on its epsilon.

use domain::{Code, Delta, Explain};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    accountant::gaussian_delta,
    codes,
    special::{beta_cdf, normal_quantile},
};

/// Why an audit gives no bound.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuditError {
    /// Too few canaries.
    #[error("an audit needs at least {needed} canaries, found {found}")]
    TooFew {
        /// The least.
        needed: usize,
        /// What there was.
        found: usize,
    },
    /// Scores and coins differ in number, or a score is no number.
    #[error("scores and coins of the canaries do not fit")]
    Shape,
}

impl Explain for AuditError {
    fn code(&self) -> Code {
        codes::AUDIT
    }

    fn help(&self) -> String {
        "give each canary a finite score and say whether it was in the run".into()
    }
}

/// What one run shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OneRun {
    /// Canaries, each in or out by a fair coin of its own.
    pub canaries: u64,
    /// How many of them the auditor guessed, the surest ones.
    pub guesses: u64,
    /// How many guesses were right.
    pub correct: u64,
    /// The confidence of both lower bounds.
    pub confidence: f64,
    /// The delta both lower bounds are at.
    pub delta: f64,
    /// The epsilon below which so many right guesses would be too unlikely; holds for any
    /// mechanism (Steinke, Nasr, Jagielski 2023, theorem 5.2).
    pub epsilon_lower: f64,
    /// The distance of the scores in standard deviations, lower bound, if they are normal.
    pub mu_lower: f64,
    /// The epsilon that belongs to `mu_lower` at delta: sharper, and true only if the scores of
    /// canaries inside and outside are normal, as they are for sums with Gaussian noise.
    pub epsilon_lower_gaussian: f64,
}

impl OneRun {
    /// Judges canaries by their scores, high for those who look as if they were in the run.
    ///
    /// The number of guesses is the best of five shares fixed beforehand; the error probability is
    /// parted among them. Refuses fewer than 50 canaries.
    pub fn of(
        scores: &[f64],
        inside: &[bool],
        delta: Delta,
        confidence: f64,
    ) -> Result<Self, AuditError> {
        check(scores, inside)?;
        let mut order: Vec<(f64, bool)> =
            scores.iter().copied().zip(inside.iter().copied()).collect();
        order.sort_by(|one, two| two.0.total_cmp(&one.0));
        let delta = delta.value();
        let error = (1.0 - confidence) / SHARES.len() as f64;
        let mut best = Guess::default();
        for share in SHARES {
            let guess = Guess::made(&order, share);
            let epsilon = guess.epsilon_lower(scores.len(), delta, error);
            if epsilon > best.epsilon || best.guesses == 0 {
                best = Guess { epsilon, ..guess };
            }
        }
        let mu_lower = mu_lower(&order, confidence);
        Ok(Self {
            canaries: scores.len() as u64,
            guesses: best.guesses,
            correct: best.correct,
            confidence,
            delta,
            epsilon_lower: best.epsilon,
            mu_lower,
            epsilon_lower_gaussian: epsilon_of(mu_lower, delta),
        })
    }

    /// Whether either bound lies above a claim.
    pub fn contradicts(&self, epsilon_claimed: f64) -> bool {
        self.epsilon_lower > epsilon_claimed || self.epsilon_lower_gaussian > epsilon_claimed
    }
}

/// Shares of the canaries that are guessed.
const SHARES: [f64; 5] = [0.02, 0.05, 0.1, 0.2, 0.4];
const FEWEST: usize = 50;

fn check(scores: &[f64], inside: &[bool]) -> Result<(), AuditError> {
    if scores.len() != inside.len() || scores.iter().any(|score| !score.is_finite()) {
        return Err(AuditError::Shape);
    }
    if scores.len() < FEWEST {
        return Err(AuditError::TooFew {
            needed: FEWEST,
            found: scores.len(),
        });
    }
    Ok(())
}

#[derive(Clone, Copy, Debug, Default)]
struct Guess {
    guesses: u64,
    correct: u64,
    epsilon: f64,
}

impl Guess {
    /// The highest scores are called inside, as many of the lowest outside.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of a length"
    )]
    fn made(order: &[(f64, bool)], share: f64) -> Self {
        let half = ((order.len() as f64 * share / 2.0) as usize).max(1);
        let right = |rows: &mut dyn Iterator<Item = &(f64, bool)>, called: bool| {
            rows.filter(|(_, inside)| *inside == called).count() as u64
        };
        let correct = right(&mut order.iter().take(half), true)
            + right(&mut order.iter().rev().take(half), false);
        Self {
            guesses: 2 * half as u64,
            correct,
            epsilon: 0.0,
        }
    }

    /// The largest epsilon at which so many right guesses have a probability below `error`.
    fn epsilon_lower(&self, canaries: usize, delta: f64, error: f64) -> f64 {
        let unlikely = |epsilon: f64| self.probability(canaries, epsilon, delta) < error;
        if !unlikely(0.0) {
            return 0.0;
        }
        let (mut low, mut high) = (0.0, 1.0);
        while unlikely(high) && high < 64.0 {
            low = high;
            high += 1.0;
        }
        for _ in 0..40 {
            let middle = 0.5 * (low + high);
            if unlikely(middle) {
                low = middle;
            } else {
                high = middle;
            }
        }
        low
    }

    /// The most probable that any (epsilon, delta) mechanism makes so many right guesses: Steinke,
    /// Nasr, Jagielski 2023, theorem 5.2, with the sum over binomial weights of their appendix D.
    fn probability(&self, canaries: usize, epsilon: f64, delta: f64) -> f64 {
        let right = 1.0 / (1.0 + libm::exp(-epsilon));
        let (r, v) = (self.guesses as f64, self.correct as f64);
        let beta = at_least(v, r, right);
        let (mut alpha, mut sum) = (0.0_f64, 0.0);
        for i in 1..=self.correct {
            sum += weight(v - i as f64, r, right);
            alpha = alpha.max(sum / i as f64);
        }
        (beta + alpha * delta * 2.0 * canaries as f64).min(1.0)
    }
}

/// The chance of at least `hits` among `trials`.
fn at_least(hits: f64, trials: f64, chance: f64) -> f64 {
    if hits <= 0.0 {
        return 1.0;
    }
    beta_cdf(chance, hits, trials - hits + 1.0)
}

/// The chance of exactly `hits` among `trials`.
fn weight(hits: f64, trials: f64, chance: f64) -> f64 {
    let ways =
        libm::lgamma(trials + 1.0) - libm::lgamma(hits + 1.0) - libm::lgamma(trials - hits + 1.0);
    let log = ways + hits * libm::log(chance) + (trials - hits) * libm::log1p(-chance);
    libm::exp(log)
}

/// The one-sided lower bound of the difference of means over the larger of both deviations.
fn mu_lower(order: &[(f64, bool)], confidence: f64) -> f64 {
    let moments = |called: bool| {
        let own = || order.iter().filter(|(_, inside)| *inside == called);
        let count = own().count() as f64;
        let mean = own().map(|(score, _)| score).sum::<f64>() / count.max(1.0);
        let squares: f64 = own()
            .map(|(score, _)| (score - mean) * (score - mean))
            .sum();
        (count, mean, squares / (count - 1.0).max(1.0))
    };
    let ((n, inside, one), (m, outside, two)) = (moments(true), moments(false));
    if n < 2.0 || m < 2.0 || one.max(two) <= 0.0 {
        return 0.0;
    }
    let mu = (inside - outside) / libm::sqrt(one.max(two));
    // Of a standardised difference (Hedges, Olkin 1985, section 5.E).
    let error = libm::sqrt(1.0 / n + 1.0 / m + mu * mu / (2.0 * (n + m)));
    (mu - normal_quantile(confidence) * error).max(0.0)
}

/// The epsilon at delta of normal laws `mu` apart (Balle, Wang 2018); 0 where delta covers it.
fn epsilon_of(mu: f64, delta: f64) -> f64 {
    if mu <= 0.0 || gaussian_delta(mu, 0.0) <= delta {
        return 0.0;
    }
    let (mut low, mut high) = (0.0, 1.0);
    while gaussian_delta(mu, high) > delta && high < 1e4 {
        high *= 2.0;
    }
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if gaussian_delta(mu, middle) > delta {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use domain::Entropy as _;

    use super::*;
    use crate::attack::stream::{Stream, normal};

    fn audit(mu: f64, canaries: usize, seed: u64) -> OneRun {
        let mut entropy = Stream::new(seed);
        let inside: Vec<bool> = (0..canaries).map(|_| entropy.below(2) == 1).collect();
        let score = |inside: &bool| mu * f64::from(u8::from(*inside)) + normal(&mut entropy);
        let scores: Vec<f64> = inside.iter().map(score).collect();
        OneRun::of(&scores, &inside, Delta::new(1e-5).unwrap(), 0.999).unwrap()
    }

    #[test]
    fn the_bound_of_perfect_guesses_is_the_binomial_one() {
        // 100 of 100 right at delta 0 and 95 %: (1/(1+e^-eps))^100 = 0.05.
        let guess = Guess {
            guesses: 100,
            correct: 100,
            epsilon: 0.0,
        };
        let rate = libm::pow(0.05, 0.01);
        let expected = libm::log(rate / (1.0 - rate));
        assert!((guess.epsilon_lower(1000, 0.0, 0.05) - expected).abs() < 1e-6);
        assert!(guess.epsilon_lower(1000, 1e-4, 0.05) < expected);
    }

    #[test]
    fn a_gaussian_release_is_bounded_by_at_least_half_its_epsilon_and_never_above_it() {
        let delta = Delta::new(1e-5).unwrap();
        let truth = crate::accountant::gaussian_epsilon(1.0, delta).unwrap();
        for seed in 0..5 {
            let audit = audit(1.0, 2000, seed);
            assert!(audit.epsilon_lower_gaussian > 0.5 * truth, "{audit:?}");
            assert!(!audit.contradicts(truth), "{audit:?} {truth}");
            assert!(audit.epsilon_lower > 0.0, "{audit:?}");
        }
    }

    #[test]
    fn no_leak_gives_no_bound() {
        for seed in 10..15 {
            let audit = audit(0.0, 1000, seed);
            assert!(
                audit.epsilon_lower < 0.2 && audit.epsilon_lower_gaussian < 0.4,
                "{audit:?}"
            );
        }
    }

    #[test]
    fn an_understated_claim_is_contradicted() {
        assert!(audit(3.0, 1000, 3).contradicts(1.0));
        assert!(audit(2.0, 1000, 3).contradicts(4.0));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let delta = Delta::new(1e-5).unwrap();
        let few = OneRun::of(&[1.0; 10], &[true; 10], delta, 0.95);
        assert!(matches!(few, Err(AuditError::TooFew { found: 10, .. })));
        let shape = OneRun::of(&[f64::NAN; 60], &[true; 60], delta, 0.95);
        assert_eq!(shape, Err(AuditError::Shape));
    }
}
