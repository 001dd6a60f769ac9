//! Oversight: the log, the catalogue's state, the evidence pack.

pub mod control;
pub mod log;
pub mod report;
