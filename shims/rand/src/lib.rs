//! What opendp 0.16 names of `rand` 0.7, with another source behind it (decision 8).
//!
//! opendp without its OpenSSL takes all its random bytes from `rand::thread_rng()`, which is not an
//! approved generator and cannot be chosen by the caller.
//! This package stands in its place (`[patch.crates-io]` in the workspace's manifest): here
//! [`thread_rng`] draws from the source that [`drawing_from`] was given on this thread, and fails
//! when there is none. It opens no source of its own.
//!
//! Nothing else of `rand` 0.7 is here: a later opendp that names more does not compile, which is the
//! moment to look again.

pub mod distributions;
mod source;

use std::fmt;

pub use source::{ThreadRng, drawing_from, thread_rng};

/// A source of random numbers, as in `rand_core` 0.5.
pub trait RngCore {
    /// Four random bytes as a number.
    fn next_u32(&mut self) -> u32;
    /// Eight random bytes as a number.
    fn next_u64(&mut self) -> u64;
    /// Fills the whole buffer.
    fn fill_bytes(&mut self, dest: &mut [u8]);
    /// Fills the whole buffer, or says why not.
    fn try_fill_bytes(&mut self, dest: &mut [u8]) -> Result<(), Error>;
}

/// What can be drawn from any source.
pub trait Rng: RngCore {
    /// Fills the whole buffer, or says why not.
    fn try_fill(&mut self, dest: &mut [u8]) -> Result<(), Error> {
        self.try_fill_bytes(dest)
    }
}

impl<R: RngCore + ?Sized> Rng for R {}

/// A source that gives nothing.
pub struct Error(Box<dyn std::error::Error + Send + Sync>);

impl Error {
    /// An error with its cause.
    pub fn new<E>(cause: E) -> Self
    where
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        Self(cause.into())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({})", self.0)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Error {}

/// What opendp takes in by name.
pub mod prelude {
    pub use crate::{Rng, RngCore, SliceRandom};
}

/// Orders drawn at random.
pub trait SliceRandom {
    /// Brings the elements into an order in which every one is equally likely (Fisher-Yates).
    fn shuffle<R: Rng + ?Sized>(&mut self, rng: &mut R);
}

impl<T> SliceRandom for [T] {
    fn shuffle<R: Rng + ?Sized>(&mut self, rng: &mut R) {
        for last in (1..self.len()).rev() {
            let other = below(last as u64 + 1, rng);
            self.swap(last, usize::try_from(other).unwrap_or(last));
        }
    }
}

/// A number below `bound`, each one equally likely.
fn below<R: RngCore + ?Sized>(bound: u64, rng: &mut R) -> u64 {
    let overhang = u64::MAX - u64::MAX % bound.max(1);
    loop {
        let draw = rng.next_u64();
        if draw < overhang {
            return draw % bound.max(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts up: predictable, for tests only.
    #[derive(Debug, Default)]
    pub(crate) struct Steps(u64);

    impl RngCore for Steps {
        fn next_u32(&mut self) -> u32 {
            (self.next_u64() >> 32) as u32
        }
        fn next_u64(&mut self) -> u64 {
            self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut z = self.0;
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z ^ (z >> 27)
        }
        fn fill_bytes(&mut self, dest: &mut [u8]) {
            for byte in dest {
                *byte = (self.next_u64() >> 56) as u8;
            }
        }
        fn try_fill_bytes(&mut self, dest: &mut [u8]) -> Result<(), Error> {
            self.fill_bytes(dest);
            Ok(())
        }
    }

    #[test]
    fn without_a_source_nothing_is_drawn() {
        let mut buffer = [7; 4];
        assert!(thread_rng().try_fill(&mut buffer).is_err());
        assert_eq!(buffer, [7; 4]);
    }

    #[test]
    fn draws_come_from_the_source_and_end_with_it() {
        let mut expected = [0; 16];
        Steps::default().fill_bytes(&mut expected);
        let (drawn, mut source) = drawing_from(Box::<Steps>::default(), || {
            let mut drawn = [0; 16];
            thread_rng().try_fill(&mut drawn).unwrap();
            drawn
        });
        assert_eq!(drawn, expected);
        assert!(thread_rng().try_fill(&mut [0; 1]).is_err());
        let mut later = [0; 16];
        source.fill_bytes(&mut later);
        assert_ne!(later, expected, "the source comes back as it was left");
    }

    #[test]
    fn a_panic_leaves_no_source_behind() {
        let fell =
            std::panic::catch_unwind(|| drawing_from(Box::<Steps>::default(), || panic!("x")));
        assert!(fell.is_err());
        assert!(thread_rng().try_fill(&mut [0; 1]).is_err());
    }

    #[test]
    fn every_order_of_three_comes_up_equally_often() {
        let mut rng = Steps::default();
        let mut counts = std::collections::BTreeMap::new();
        for _ in 0..60_000 {
            let mut order = [0, 1, 2];
            SliceRandom::shuffle(order.as_mut_slice(), &mut rng);
            *counts.entry(order).or_insert(0_i32) += 1;
        }
        assert_eq!(counts.len(), 6);
        assert!(counts.values().all(|count| (count - 10_000).abs() < 500));
    }
}
