//! Membership inference on scores, judged only beside a positive control.

mod ceiling;
mod evidence;
mod threshold;

pub use ceiling::Ceiling;
pub use evidence::{Evidence, Limits, Verdict};
pub use threshold::{Attack, AttackError, OperatingPoint};
