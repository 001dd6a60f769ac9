//! Privacy loss distributions: the tightest accountant, for a plan that is declared beforehand.
//!
//! # Guarantee
//! [`DeclaredPlan::epsilon`] gives two numbers between which the smallest epsilon of the plan at a
//! delta lies. The upper one comes from distributions that dominate the plan's, the lower one from
//! distributions that the plan's dominate (`loss/cells.rs` says how); truncated tails, wrap-around
//! and rounding are counted in delta, never left out. Both neighbours (the person added, the person
//! removed) are composed, and the larger epsilon counts.
//!
//! A plan is a fixed list of mechanisms and counts. For mechanisms that are chosen after seeing
//! results this bracket says nothing: that is what [`crate::Account`] is for.

mod bracket;
mod calibration;
mod cells;
mod compose;
mod fourier;
mod gaussian;
mod lattice;
mod pair;
mod plan;
mod saddle;
mod spans;

pub use calibration::{Grid, calibrate_sigma_declared};
pub use plan::{Bracket, DeclaredPlan, LossError};

use super::laplace::laplace_atoms;

/// Which neighbour has the person: the first distribution of the pair is the one with the person
/// (`Remove`) or the one without (`Add`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Remove,
    Add,
}

#[cfg(test)]
mod tests;
