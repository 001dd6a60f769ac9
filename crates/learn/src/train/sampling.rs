//! Poisson sampling of persons by geometric skips.

use domain::Entropy;

/// Draws each person independently with the same probability.
///
/// The number of persons skipped is geometric, from 53 random bits: the probability of each person
/// is the asked one up to about 2^-50, relative.
#[derive(Clone, Copy, Debug)]
pub(super) struct PoissonSample {
    persons: u32,
    rate: f64,
    /// `ln(1 - rate)`.
    log_rest: f64,
}

impl PoissonSample {
    pub(super) fn new(persons: u32, rate: f64) -> Self {
        Self {
            persons,
            rate,
            log_rest: libm::log1p(-rate),
        }
    }

    /// Calls `chosen` for each person drawn, in order.
    pub(super) fn draw(&self, entropy: &mut dyn Entropy, mut chosen: impl FnMut(u32)) {
        if self.rate >= 1.0 {
            return (0..self.persons).for_each(chosen);
        }
        let mut next = self.skip(entropy);
        while next < f64::from(self.persons) {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a whole number below the number of persons"
            )]
            chosen(next as u32);
            next += 1.0 + self.skip(entropy);
        }
    }

    fn skip(&self, entropy: &mut dyn Entropy) -> f64 {
        libm::floor(libm::log(1.0 - entropy.unit()) / self.log_rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::tests::Stream;

    #[test]
    fn every_person_is_drawn_as_often_as_the_rate_says() {
        let (mut counts, mut entropy) = (vec![0_u32; 20], Stream::new(2));
        let sample = PoissonSample::new(20, 0.3);
        for _ in 0..20_000 {
            sample.draw(&mut entropy, |person| counts[person as usize] += 1);
        }
        for count in counts {
            assert!((f64::from(count) / 20_000.0 - 0.3).abs() < 0.015);
        }
    }

    #[test]
    fn batch_sizes_vary_like_a_binomial_and_can_be_empty() {
        let mut entropy = Stream::new(4);
        let sample = PoissonSample::new(100, 0.02);
        let sizes: Vec<u32> = (0..20_000)
            .map(|_| {
                let mut size = 0;
                sample.draw(&mut entropy, |_| size += 1);
                size
            })
            .collect();
        let mean = f64::from(sizes.iter().sum::<u32>()) / 20_000.0;
        let square = sizes
            .iter()
            .map(|size| (f64::from(*size) - mean) * (f64::from(*size) - mean));
        assert!((mean - 2.0).abs() < 0.05);
        assert!((square.sum::<f64>() / 20_000.0 - 1.96).abs() < 0.1);
        assert!(sizes.contains(&0));
    }
}
