//! Uniform floats; opendp names them for one transformation, which this product does not use.

use std::ops::Range;

use crate::Rng;
use uniform::SampleUniform;

/// A law that values are drawn by.
pub trait Distribution<T> {
    /// One value.
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> T;
}

/// Equally likely everywhere in a half-open range.
#[derive(Clone, Copy, Debug)]
pub struct Uniform<T> {
    low: T,
    high: T,
}

impl<T: SampleUniform> From<Range<T>> for Uniform<T> {
    fn from(range: Range<T>) -> Self {
        Self {
            low: range.start,
            high: range.end,
        }
    }
}

impl<T: SampleUniform> Distribution<T> for Uniform<T> {
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> T {
        T::between(self.low, self.high, rng)
    }
}

/// What a uniform law needs of its numbers.
pub mod uniform {
    use crate::Rng;

    /// A number that can be drawn between two others.
    pub trait SampleUniform: Copy {
        /// A number from `low` on and below `high`, up to rounding.
        fn between<R: Rng + ?Sized>(low: Self, high: Self, rng: &mut R) -> Self;
    }

    impl SampleUniform for f64 {
        fn between<R: Rng + ?Sized>(low: Self, high: Self, rng: &mut R) -> Self {
            const STEP: f64 = 1.0 / 9_007_199_254_740_992.0;
            low + (high - low) * ((rng.next_u64() >> 11) as Self * STEP)
        }
    }

    impl SampleUniform for f32 {
        fn between<R: Rng + ?Sized>(low: Self, high: Self, rng: &mut R) -> Self {
            const STEP: f32 = 1.0 / 16_777_216.0;
            low + (high - low) * ((rng.next_u32() >> 8) as Self * STEP)
        }
    }
}
