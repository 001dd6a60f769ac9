//! Find identifiers and take them out.

pub mod finding;
pub mod known;
pub mod label;
pub mod text;
