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
/// Canaries of an audit that give no bound.
pub const AUDIT: Code = Code::new(
    4030,
    Exit::Usage,
    "an audit needs canaries with finite scores, in or out by a coin",
);
/// A file of `cloister he` is damaged, or of another kind.
pub const CIPHER_FORMAT: Code = Code::new(
    4020,
    Exit::Failed,
    "a file of homomorphic scoring cannot be read",
);
/// Records and key pair do not belong together.
pub const CIPHER_KEY: Code = Code::new(
    4021,
    Exit::Usage,
    "records and key pair do not belong together",
);
/// Records and model do not belong together.
pub const CIPHER_ENCODING: Code =
    Code::new(4022, Exit::Usage, "records were encoded for another model");
/// Records and model differ in width, or are too wide.
pub const CIPHER_WIDTH: Code = Code::new(
    4023,
    Exit::Usage,
    "the number of inputs does not fit homomorphic scoring",
);
/// An input or the weights do not fit fixed point.
pub const CIPHER_RANGE: Code = Code::new(
    4024,
    Exit::Usage,
    "an input or the weights do not fit fixed point",
);
/// The encryption library refused.
pub const CIPHER_LIBRARY: Code = Code::new(4025, Exit::Failed, "the encryption library refused");
/// A statistic was asked for that cannot be planned.
pub const STATISTIC: Code = Code::new(4026, Exit::Usage, "a noisy statistic is asked wrongly");
/// The noise of a statistic could not be made.
pub const STATISTIC_NOISE: Code = Code::new(
    4027,
    Exit::Failed,
    "the noise of a statistic could not be made; nothing was released",
);
/// A column cannot be perturbed.
pub const PERTURB: Code = Code::new(4028, Exit::Usage, "a column cannot be perturbed");

/// Every code of this room.
pub const CODES: &[Code] = &[
    PARAMETER,
    UNREACHABLE,
    EXCEEDED,
    SCORES,
    CIPHER_FORMAT,
    CIPHER_KEY,
    CIPHER_ENCODING,
    CIPHER_WIDTH,
    CIPHER_RANGE,
    CIPHER_LIBRARY,
    STATISTIC,
    STATISTIC_NOISE,
    PERTURB,
    RENYI_ONLY,
    AUDIT,
];
