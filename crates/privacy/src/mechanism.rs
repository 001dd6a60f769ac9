//! Noise that is exactly what its proof says, drawn with integer arithmetic.
//!
//! Floating-point noise leaks through the gaps between floats (Mironov 2012); here every sum is an
//! integer, every sample is an integer, and every acceptance test is decided exactly.

mod curve;
mod gaussian;
mod laplace;
pub mod local;
mod margin;
mod rejection;
mod response;
mod ziggurat;

pub use gaussian::{DiscreteGaussian, LARGEST_SIGMA, SigmaError};
pub use laplace::DiscreteLaplace;
pub use margin::NoisyMargin;
pub use response::RandomizedResponse;

#[cfg(test)]
pub(crate) use gaussian::tests;
