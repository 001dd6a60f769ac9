//! The discrete Gaussian on the integers, exactly.

use domain::{Code, Entropy, Explain};
use thiserror::Error;

use super::{rejection, ziggurat::Ziggurat};
use crate::codes;

/// The largest standard deviation, in grid steps: 2^40.
pub const LARGEST_SIGMA: u64 = 1 << 40;

/// A standard deviation that the sampler does not take.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("the noise must be between 1 and 2^40 grid steps")]
pub struct SigmaError;

impl Explain for SigmaError {
    fn code(&self) -> Code {
        codes::PARAMETER
    }

    fn help(&self) -> String {
        "choose a noise multiplier that fits the grid of the sum".into()
    }
}

/// Discrete Gaussian noise: integer `x` with probability proportional to `exp(-x^2 / (2 sigma^2))`.
///
/// # Guarantee
/// Samples follow that law exactly, given uniform random bits: layers, columns and heights are
/// integers, and the comparison with the curve is decided by interval arithmetic of growing
/// precision. The one departure is the support, cut at 38 sigma, whose mass beyond is below
/// 2^-1000.
///
/// A vector of independent samples, added to an integer vector of which one person can change the
/// L2 norm by at most `s`, has Rényi divergence at most `order s^2 / (2 sigma^2)`, as continuous
/// noise has (Canonne, Kamath, Steinke 2020, Theorem 14); under Poisson sampling see
/// [`crate::RdpCurve::subsampled_grid_gaussian`]. The caller must bound the norm *after* rounding to
/// integers. Not covered: timing, which depends on how often a draw is rejected.
#[derive(Clone, Debug)]
pub struct DiscreteGaussian {
    sigma: u64,
    ziggurat: Option<Ziggurat>,
}

impl DiscreteGaussian {
    /// Noise with a standard deviation of `sigma` grid steps, 1 to 2^40.
    pub fn new(sigma: u64) -> Result<Self, SigmaError> {
        if sigma == 0 || sigma > LARGEST_SIGMA {
            return Err(SigmaError);
        }
        let ziggurat = (sigma >= ZIGGURAT_FROM)
            .then(|| Ziggurat::new(sigma))
            .flatten();
        Ok(Self { sigma, ziggurat })
    }

    /// The standard deviation in grid steps.
    pub const fn sigma(&self) -> u64 {
        self.sigma
    }

    /// One sample.
    pub fn sample(&self, entropy: &mut dyn Entropy) -> i64 {
        match &self.ziggurat {
            Some(ziggurat) => ziggurat.sample(entropy),
            None => rejection::sample(self.sigma, entropy),
        }
    }

    /// Adds one sample to each number; random bytes are taken in blocks.
    pub fn add_to(&self, sums: &mut [i64], entropy: &mut dyn Entropy) {
        match &self.ziggurat {
            Some(ziggurat) => ziggurat.add_to(sums, entropy),
            None => sums.iter_mut().for_each(|sum| {
                *sum = sum.saturating_add(rejection::sample(self.sigma, entropy));
            }),
        }
    }
}

/// Below this the layers of the ziggurat would be thinner than the grid.
const ZIGGURAT_FROM: u64 = 256;

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A small deterministic generator (`SplitMix64`); for tests only.
    #[derive(Debug)]
    pub(crate) struct Stream(u64);

    impl Stream {
        pub(crate) fn new(seed: u64) -> Self {
            Self(seed)
        }
    }

    impl Entropy for Stream {
        fn fill(&mut self, buffer: &mut [u8]) {
            for chunk in buffer.chunks_mut(8) {
                self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
                let mut z = self.0;
                z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
                z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
                let bytes = (z ^ (z >> 31)).to_le_bytes();
                chunk.copy_from_slice(&bytes[..chunk.len()]);
            }
        }
    }

    /// Pearson's statistic over cells of `width` integers each, against the exact law, as a z-score.
    fn misfit(sigma: u64, draws: usize, mut draw: impl FnMut(&mut Stream) -> i64) -> f64 {
        let mut entropy = Stream::new(7);
        let reach = 4 * i64::try_from(sigma).unwrap();
        let width = (reach / 50).max(1);
        let cell = |x: i64| {
            usize::try_from(x.clamp(-reach, reach) + reach).unwrap()
                / usize::try_from(width).unwrap()
        };
        let mut expected = vec![0.0; cell(reach) + 1];
        let scale = sigma as f64;
        for x in -6 * reach / 4 * 2..=6 * reach / 4 * 2 {
            expected[cell(x)] += libm::exp(-0.5 * (x as f64 / scale) * (x as f64 / scale));
        }
        let total: f64 = expected.iter().sum();
        let mut counts = vec![0.0; expected.len()];
        for _ in 0..draws {
            counts[cell(draw(&mut entropy))] += 1.0;
        }
        let statistic: f64 = counts
            .iter()
            .zip(&expected)
            .map(|(seen, mass)| {
                let wanted = mass / total * draws as f64;
                (seen - wanted) * (seen - wanted) / wanted
            })
            .sum();
        let freedom = (counts.len() - 1) as f64;
        (statistic - freedom) / libm::sqrt(2.0 * freedom)
    }

    #[test]
    fn the_fast_sampler_follows_the_exact_law() {
        for sigma in [256, 1000, 40_000] {
            let noise = DiscreteGaussian::new(sigma).unwrap();
            let z = misfit(sigma, 400_000, |entropy| noise.sample(entropy));
            assert!(z < 4.5, "{sigma}: {z}");
        }
    }

    #[test]
    fn the_reference_sampler_follows_the_exact_law() {
        for sigma in [1, 3, 200, 1000] {
            let z = misfit(sigma, 60_000, |entropy| rejection::sample(sigma, entropy));
            assert!(z < 4.5, "{sigma}: {z}");
        }
    }

    #[test]
    fn the_misfit_sees_a_two_percent_wrong_sigma() {
        let noise = DiscreteGaussian::new(1020).unwrap();
        assert!(misfit(1000, 400_000, |entropy| noise.sample(entropy)) > 10.0);
    }

    #[test]
    fn tails_are_as_heavy_as_they_should_be() {
        let noise = DiscreteGaussian::new(1 << 30).unwrap();
        let mut entropy = Stream::new(3);
        let mut sums = vec![0; 2_000_000];
        noise.add_to(&mut sums, &mut entropy);
        let beyond = |sigmas: u64| {
            sums.iter()
                .filter(|x| x.unsigned_abs() > sigmas << 30)
                .count()
        };
        assert!((beyond(3) as f64 - 5_399.6).abs() < 350.0);
        assert!((beyond(4) as f64 - 126.7).abs() < 50.0);
        let mean = sums.iter().map(|x| *x as f64).sum::<f64>() / 2e6 / f64::from(1 << 30);
        assert!(mean.abs() < 0.004);
    }

    #[test]
    fn sums_in_a_block_are_the_same_law_as_single_samples() {
        let noise = DiscreteGaussian::new(5_000).unwrap();
        let mut buffer = Vec::new();
        let z = misfit(5_000, 300_000, |entropy| {
            if buffer.is_empty() {
                buffer = vec![0; 1_000];
                noise.add_to(&mut buffer, entropy);
            }
            buffer.pop().unwrap()
        });
        assert!(z < 4.5, "{z}");
    }

    #[test]
    fn sigma_outside_the_range_is_refused() {
        assert_eq!(DiscreteGaussian::new(0).unwrap_err(), SigmaError);
        assert_eq!(
            DiscreteGaussian::new(LARGEST_SIGMA + 1).unwrap_err(),
            SigmaError
        );
        assert!(DiscreteGaussian::new(LARGEST_SIGMA).is_ok());
    }
}
