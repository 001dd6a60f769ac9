//! The error codes of this room: CL4001 to CL4099.

use domain::{Code, Exit};

/// A noise multiplier, sampling rate or step count that no mechanism can have.
pub const PARAMETER: Code = Code::new(4001, Exit::Usage, "a privacy parameter is out of range");
/// No noise multiplier within reach keeps the asked budget.
pub const UNREACHABLE: Code = Code::new(
    4002,
    Exit::Refused,
    "no noise within reach keeps the asked privacy budget",
);
/// The account cannot bear the event.
pub const EXCEEDED: Code = Code::new(
    4003,
    Exit::Refused,
    "the privacy budget of the dataset is exceeded",
);
/// An attack was asked for without enough scores.
pub const SCORES: Code = Code::new(
    4004,
    Exit::Usage,
    "a membership attack needs finite scores of members and non-members",
);

/// A mechanism has no privacy loss distribution here.
pub const RENYI_ONLY: Code = Code::new(
    4010,
    Exit::Usage,
    "a mechanism is known by its Rényi bound only",
);

/// Every code of this room.
pub const CODES: &[Code] = &[PARAMETER, UNREACHABLE, EXCEEDED, SCORES, RENYI_ONLY];
