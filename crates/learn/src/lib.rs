//! Fit, evaluate, compare, watch.
//!
//! An engine: no clock, no files, no random source of its own. The trainer's privacy rests on
//! `privacy`: this room bounds what a person adds to each step's sum, in integers, and adds integer
//! noise; the ledger is charged with [`TrainingPlan::event`] before [`fit`] is called.
#![cfg_attr(
    test,
    expect(clippy::float_cmp, reason = "expected values are exact in tests")
)]

pub mod card;
pub mod codes;
pub mod drift;
pub mod fairness;
pub mod features;
pub mod figures;
pub mod import;
pub mod leakage;
mod linear;
pub mod metrics;
pub mod model;
pub mod robustness;
pub mod train;
pub mod twin;
mod unit;

pub use card::Card;
pub use codes::CODES;
pub use features::{
    Design, EncodeError, Expansion, Feature, FeatureSpec, Scale, Target, Values, encode,
    encode_features, encode_target,
};
pub use import::{Architecture, ImportError, import};
pub use linear::Linear;
pub use metrics::Metrics;
pub use model::{Model, ModelError};
pub use train::{FitError, ModelKind, Privacy, Progress, TrainingPlan, fit, fit_watched};
