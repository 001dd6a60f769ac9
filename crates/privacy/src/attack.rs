//! Membership inference, audits and reconstruction, judged only beside a positive control.

pub mod faults;

mod ceiling;
mod evidence;
mod exposure;
mod leakage;
mod one_run;
mod reconstruction;
mod shadow;
#[cfg(test)]
mod stream;
mod threshold;

pub use ceiling::Ceiling;
pub use evidence::{Evidence, Limits, Verdict};
pub use exposure::Exposure;
pub use leakage::{LOW_RATE, Leakage, Limit, Tried, low_point};
pub use one_run::{AuditError, OneRun};
pub use reconstruction::{Reconstruction, reconstruct};
pub use shadow::{Shadows, Trials};
pub use threshold::{Attack, AttackError, OperatingPoint};
