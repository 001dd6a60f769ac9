//! The stable codes of this room.

use domain::{Code, Exit};

/// A table of the catalogue cannot be read.
pub const CATALOGUE: Code = Code::new(7001, Exit::Failed, "the catalogue cannot be read");

/// No requirement has this id.
pub const UNKNOWN: Code = Code::new(7002, Exit::Usage, "no requirement has this id");

/// Every code of this room.
pub const CODES: &[Code] = &[CATALOGUE, UNKNOWN];
