//! The crate seen from outside.

mod adult;
