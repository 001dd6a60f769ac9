//! Differential privacy accounting, mechanisms and measurements of leakage.
//!
//! An engine: no clock, no files, no random source of its own (noise takes `&mut dyn
//! domain::Entropy`), and the same input gives the same bytes.
//!
//! The unit of protection is the *person*: two datasets are neighbours when one holds everything of
//! one person that the other does not (add/remove adjacency).
//! Whoever builds the query must bound what a person adds, over all rows of that person.
//!
//! Not built yet: a privacy-loss-distribution (PLD) accountant.
//! The Rényi accountant here overstates epsilon (by 5 to 20 % on usual training plans, more for
//! very small sampling rates) and does not understate it.

#![cfg_attr(
    test,
    expect(clippy::float_cmp, reason = "expected values are exact in tests")
)]

pub mod accountant;
pub mod attack;
pub mod budget;
pub mod codes;
pub mod homomorphic;
pub mod mechanism;
pub mod ranking;
pub mod special;
pub mod statistics;

pub use accountant::{RdpCurve, calibrate_sigma};
pub use budget::{Account, BudgetExceeded, Entry, EntryState, MechanismEvent, Remaining, Spent};
pub use codes::CODES;
pub use mechanism::{DiscreteGaussian, DiscreteLaplace, NoisyMargin, RandomizedResponse};
