//! The error codes of this room: CL4101 to CL4199.

use domain::{Code, Exit};

/// The feature list itself is wrong.
pub const SPEC: Code = Code::new(4101, Exit::Usage, "the feature list cannot be used");
/// The columns do not fit the feature list.
pub const COLUMNS: Code = Code::new(
    4102,
    Exit::Failed,
    "the table does not fit the feature list",
);
/// The training plan is out of range.
pub const PLAN: Code = Code::new(4103, Exit::Usage, "the training plan cannot be used");
/// The bytes are not a model of ours.
pub const MODEL: Code = Code::new(4104, Exit::Failed, "the model file cannot be read");
/// The predictions and the labels do not fit each other.
pub const SCORES: Code = Code::new(4105, Exit::Usage, "predictions and labels do not fit");
/// The drift comparison cannot be made.
pub const DRIFT: Code = Code::new(
    4106,
    Exit::Failed,
    "the table cannot be compared with the baseline",
);

/// Every label is the same.
pub const ONE_CLASS: Code = Code::new(
    4110,
    Exit::Failed,
    "every row has the same label, so there is nothing to learn",
);
/// The convolution does not fit the features.
pub const GRID: Code = Code::new(
    4111,
    Exit::Usage,
    "the convolution does not fit the number features",
);
/// A weight is no longer a number.
pub const DIVERGED: Code = Code::new(4112, Exit::Failed, "training diverged");
/// The noisy counts show no bounds.
pub const BOUNDS: Code = Code::new(
    4113,
    Exit::Failed,
    "the noisy counts show no range or no words for a column",
);
/// A brought model comes in a format that can carry code.
pub const IMPORT_CODE: Code = Code::new(
    4120,
    Exit::Refused,
    "a model in a format that can carry code is not read",
);
/// A brought model cannot be read.
pub const IMPORT_FORMAT: Code = Code::new(4121, Exit::Failed, "a brought model cannot be read");
/// A brought model uses an operator that is not read.
pub const IMPORT_OPERATOR: Code = Code::new(
    4122,
    Exit::Usage,
    "a brought model uses an operator that is not read",
);
/// A brought model does not fit its declared architecture.
pub const IMPORT_MISFIT: Code = Code::new(
    4123,
    Exit::Usage,
    "a brought model does not fit its declared architecture",
);

/// Every code of this room.
pub const CODES: &[Code] = &[
    SPEC,
    COLUMNS,
    PLAN,
    MODEL,
    SCORES,
    DRIFT,
    IMPORT_CODE,
    IMPORT_FORMAT,
    IMPORT_OPERATOR,
    IMPORT_MISFIT,
    ONE_CLASS,
    GRID,
    DIVERGED,
    BOUNDS,
];
