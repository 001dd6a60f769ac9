//! Differential privacy accounting, mechanisms and measurements of leakage.
//!
//! An engine: no clock, no files, no random source of its own (noise takes `&mut dyn
//! domain::Entropy`), and the same input gives the same bytes.
//!
//! The unit of protection is the *person*: two datasets are neighbours when one holds everything of
//! one person that the other does not (add/remove adjacency).
//! Whoever builds the query must bound what a person adds, over all rows of that person.
//!
//! Two accountants: Rényi curves for the ledger, which admits plans chosen after seeing results, and
//! privacy loss distributions with a certified bracket for a plan that is declared beforehand
//! ([`accountant::loss`]).

#![cfg_attr(
    test,
    expect(clippy::float_cmp, reason = "expected values are exact in tests")
)]

pub mod accountant;
pub mod attack;
pub mod budget;
pub mod codes;
pub mod mechanism;
pub mod ranking;
pub mod special;

pub use accountant::{
    Bracket, DeclaredPlan, Grid, RdpCurve, calibrate_sigma, calibrate_sigma_declared,
};
pub use budget::{
    Account, BudgetExceeded, Entry, EntryState, MechanismEvent, Remaining, Spending, Spent,
};
pub use codes::CODES;
pub use mechanism::{DiscreteGaussian, RandomizedResponse};
