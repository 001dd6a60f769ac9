//! What a model gives away, and what a trainer gives away: attacks and audits that train for it.
//!
//! The arithmetic of attacks stands in [`privacy::attack`]; here are the parts that need a trainer:
//! shadow models, overfit controls, canaries, and attacks that look at inputs.

pub mod attributes;
pub mod inversion;
pub mod quantile;
pub mod shadows;
pub mod strings;
pub mod trainer;

mod control;

pub use attributes::{AttributeInference, infer_attribute};
pub use control::control;
pub use inversion::{Inversion, invert};
pub use quantile::quantile_attack;
pub use shadows::{pool, shadows, signals};
pub use strings::texts;
pub use trainer::{TrainerAudit, audit_trainer};
