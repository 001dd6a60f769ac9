//! Noise that is exactly what its proof says, drawn with integer arithmetic.
//!
//! Floating-point noise leaks through the gaps between floats (Mironov 2012); here every sum is an
//! integer, every sample is an integer, and every acceptance test is decided exactly.

mod curve;
mod gaussian;
mod rejection;
mod response;
mod ziggurat;

pub use gaussian::{DiscreteGaussian, LARGEST_SIGMA, SigmaError};
pub use response::RandomizedResponse;
