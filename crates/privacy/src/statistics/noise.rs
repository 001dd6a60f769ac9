//! The noise of opendp, with the caller's randomness behind it.

use domain::{Entropy, Epsilon};
use opendp::{
    core::Measurement,
    domains::{AtomDomain, VectorDomain},
    measurements::{make_gaussian, make_laplace, make_private_quantile},
    measures::{MaxDivergence, ZeroConcentratedDivergence},
    metrics::{L1Distance, L2Distance, SymmetricDistance},
};

use super::{Figure, StatisticError, gaussian_half};

/// The law of one release.
#[derive(Clone, Copy, Debug)]
pub(super) enum Law {
    Laplace { epsilon: f64 },
    Gaussian { sigma: f64 },
}

/// Integers with noise.
#[derive(Debug)]
pub(super) struct Noisy {
    values: Vec<i64>,
    scale: f64,
    law: Law,
}

/// Draws noise; holds the source until it is dropped.
pub(super) struct Noise {
    source: Option<Box<dyn opendp_rand::RngCore>>,
}

impl Noise {
    pub(super) fn new(entropy: Box<dyn Entropy>) -> Self {
        Self {
            source: Some(Box::new(Source(entropy))),
        }
    }

    /// Adds noise to integers of which one person changes the L1 (Laplace) or L2 (Gaussian) norm by
    /// at most `sensitivity`.
    pub(super) fn add(
        &mut self,
        exact: &[i64],
        sensitivity: u64,
        law: Law,
    ) -> Result<Noisy, StatisticError> {
        let distance = i64::try_from(sensitivity)
            .map_err(|_| StatisticError::Noise("the sensitivity is too large"))?;
        let domain = || VectorDomain::new(AtomDomain::<i64>::default());
        let exact = exact.to_vec();
        let (values, scale) = match law {
            Law::Laplace { epsilon } => {
                let scale = upwards(sensitivity as f64 / epsilon);
                let noise: Measurement<_, _, MaxDivergence, Vec<i64>> =
                    make_laplace(domain(), L1Distance::<i64>::default(), scale, None)
                        .map_err(|_| StatisticError::Noise("the Laplace mechanism"))?;
                let proven = noise
                    .map(&distance)
                    .map_err(|_| StatisticError::Noise("its proof"))?;
                keeps(proven, epsilon)?;
                (self.drawing(|| noise.invoke(&exact))?, scale)
            }
            Law::Gaussian { sigma } => {
                let scale = upwards(sensitivity as f64 * sigma);
                let noise: Measurement<_, _, ZeroConcentratedDivergence, Vec<i64>> =
                    make_gaussian(domain(), L2Distance::<i64>::default(), scale, None)
                        .map_err(|_| StatisticError::Noise("the Gaussian mechanism"))?;
                let proven = noise
                    .map(&distance)
                    .map_err(|_| StatisticError::Noise("its proof"))?;
                keeps(proven, 0.5 / (sigma * sigma))?;
                (self.drawing(|| noise.invoke(&exact))?, scale)
            }
        };
        Ok(Noisy { values, scale, law })
    }

    /// One of the candidates, near the rank `alpha` of the numbers, and the scale of the selection
    /// in rows.
    pub(super) fn select(
        &mut self,
        numbers: &[i64],
        candidates: &[i64],
        alpha: f64,
        rows_max: u32,
        epsilon: Epsilon,
    ) -> Result<(i64, f64), StatisticError> {
        let make = |scale: f64| {
            make_private_quantile(
                VectorDomain::new(AtomDomain::<i64>::default()),
                SymmetricDistance,
                MaxDivergence,
                candidates.to_vec(),
                alpha,
                scale,
            )
            .map_err(|_| StatisticError::Noise("the selection"))
        };
        let proof = |_| StatisticError::Noise("its proof");
        // The proven epsilon is inverse to the scale.
        let unit = make(1.0)?.map(&rows_max).map_err(proof)?;
        let scale = upwards(unit / epsilon.value());
        let selection = make(scale)?;
        keeps(selection.map(&rows_max).map_err(proof)?, epsilon.value())?;
        let numbers = numbers.to_vec();
        let chosen = self.drawing(|| selection.invoke(&numbers))?;
        Ok((chosen, scale))
    }

    fn drawing<T>(
        &mut self,
        work: impl FnOnce() -> opendp::error::Fallible<T>,
    ) -> Result<T, StatisticError> {
        let source = self
            .source
            .take()
            .ok_or(StatisticError::Noise("the source was lost"))?;
        let (drawn, source) = opendp_rand::drawing_from(source, work);
        self.source = Some(source);
        drawn.map_err(|_| StatisticError::Noise("the draw"))
    }
}

impl Noisy {
    pub(super) fn value(&self, index: usize) -> f64 {
        self.values
            .get(index)
            .map_or(f64::NAN, |value| *value as f64)
    }

    pub(super) const fn scale(&self) -> f64 {
        self.scale
    }

    /// How far the noise stays from zero with this confidence, in steps.
    pub(super) fn half_width(&self, confidence: f64) -> f64 {
        match self.law {
            // P(|X| > k) is at most exp(-k / scale); the discrete law lies below the continuous one.
            Law::Laplace { .. } => libm::ceil(-libm::log(1.0 - confidence) * self.scale),
            Law::Gaussian { .. } => libm::ceil(gaussian_half(self.scale, confidence)),
        }
    }

    /// One of the numbers in the unit of the column.
    pub(super) fn figure(&self, index: usize, step: f64, offset: f64) -> Figure {
        let value = self.value(index).mul_add(step, offset);
        let half = self.half_width(0.95) * step;
        Figure {
            value: Some(value),
            scale: self.scale * step,
            interval: Some((value - half, value + half)),
        }
    }
}

/// What the library proves is at most what is charged, up to rounding of the charge itself.
fn keeps(proven: f64, charged: f64) -> Result<(), StatisticError> {
    if proven <= charged * (1.0 + 1e-12) {
        Ok(())
    } else {
        Err(StatisticError::Unproven)
    }
}

/// A little more noise than the division says, so that its rounding favours privacy.
fn upwards(scale: f64) -> f64 {
    scale * (1.0 + 1e-14)
}

/// The caller's randomness, as the library asks for it.
struct Source(Box<dyn Entropy>);

impl opendp_rand::RngCore for Source {
    fn next_u32(&mut self) -> u32 {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        u32::from_le_bytes(bytes)
    }

    fn next_u64(&mut self) -> u64 {
        self.0.next_u64()
    }

    fn fill_bytes(&mut self, buffer: &mut [u8]) {
        self.0.fill(buffer);
    }

    fn try_fill_bytes(&mut self, buffer: &mut [u8]) -> Result<(), opendp_rand::Error> {
        self.0.fill(buffer);
        Ok(())
    }
}

impl std::fmt::Debug for Noise {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Noise")
    }
}
