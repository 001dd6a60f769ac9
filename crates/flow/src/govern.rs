//! Oversight: the log, the catalogue's state, the evidence pack.

pub mod control;
pub mod log;
pub(crate) mod persons;
pub mod report;
