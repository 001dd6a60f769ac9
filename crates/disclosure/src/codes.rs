//! The stable codes of this room.

use domain::{Code, Exit};

/// The columns do not make a table.
pub const TABLE: Code = Code::new(4201, Exit::Usage, "the columns do not make a table");

/// A recoding names a column that is not there.
pub const GENERALISATION: Code = Code::new(
    4202,
    Exit::Usage,
    "the generalisation does not fit the table",
);

/// The person column does not fit the table.
pub const PERSONS: Code = Code::new(
    4203,
    Exit::Usage,
    "the person column does not fit the table",
);

/// A risk threshold does not hold.
pub const THRESHOLD: Code =
    Code::new(4204, Exit::Gate, "the risk is above the threshold").citing("45 CFR 164.514(b)(1)");

/// A preset of thresholds that does not exist.
pub const PRESET: Code = Code::new(4205, Exit::Usage, "no preset of thresholds has this name");

/// Every code of this room.
pub const CODES: &[Code] = &[TABLE, GENERALISATION, PERSONS, THRESHOLD, PRESET];
