//! How much a release reveals: statistical disclosure control.
//!
//! Read in this order: a [`QuasiTable`] holds the columns by which a stranger might recognise a
//! person; [`Classes`] groups the rows that look alike in them; [`Risk`] measures the groups;
//! [`Threshold`] judges the measurement; [`Generalisation`] coarsens the columns; [`cells`] decides
//! which counts a report may print.
//!
//! Everything here is a function of its inputs. Not here yet: estimates of uniqueness in the
//! population (the sample is taken for the population, which overstates the risk), l-diversity,
//! t-closeness, and the search for an optimal generalisation.

pub mod cells;
mod classes;
pub mod codes;
mod generalisation;
mod hash;
mod preset;
mod quasi;
mod risk;
mod threshold;

pub use classes::{Classes, PersonError};
pub use codes::CODES;
pub use generalisation::{Generalisation, GeneralisationError, Recoding};
pub use preset::{Preset, PresetError};
pub use quasi::{QuasiColumn, QuasiTable, TableError};
pub use risk::Risk;
pub use threshold::{Rule, Threshold, Verdict};
