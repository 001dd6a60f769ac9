//! The stable codes of this room.

use domain::{Code, Exit};

/// No rule permits the act.
pub const NOT_PERMITTED: Code = Code::new(3301, Exit::Refused, "no rule permits the act")
    .citing("45 CFR 164.308(a)(4), 164.312(a)(1)");

/// A rule forbids the act.
pub const FORBIDDEN: Code =
    Code::new(3302, Exit::Refused, "a rule forbids the act").citing("45 CFR 164.312(a)(1)");

/// The rules could not be applied to the request, so the answer is no.
pub const UNDECIDED: Code = Code::new(3303, Exit::Refused, "the act could not be decided upon")
    .citing("45 CFR 164.312(a)(1)");

/// The policy files cannot be used.
pub const POLICIES: Code =
    Code::new(3304, Exit::Failed, "the policies cannot be used").citing("45 CFR 164.312(a)(1)");

/// Every code of this room.
pub const CODES: &[Code] = &[NOT_PERMITTED, FORBIDDEN, UNDECIDED, POLICIES];
