//! The codes of this room: CL50xx.

use domain::{Code, Exit};

/// The study file is not the TOML of a study.
pub(crate) const STUDY_SYNTAX: Code = Code::new(5001, Exit::Usage, "the study file does not parse");
/// The study file asks for something impossible.
pub(crate) const STUDY_SENSE: Code = Code::new(
    5002,
    Exit::Usage,
    "the study file asks for something impossible",
);
/// A source file cannot be opened.
pub(crate) const SOURCE_OPEN: Code =
    Code::new(5003, Exit::Failed, "a source file cannot be opened");
/// A stage needs what an earlier stage makes.
pub(crate) const STAGE_ORDER: Code = Code::new(
    5004,
    Exit::Usage,
    "a stage needs what an earlier stage makes",
);
/// The study names a column or table that is not there.
pub(crate) const COLUMN_MISSING: Code = Code::new(
    5005,
    Exit::Usage,
    "the study names a column or a table that is not there",
);
/// A gate did not hold.
pub(crate) const GATE: Code = Code::new(5010, Exit::Gate, "a gate of the study did not hold");
/// A source identifier is still in the output.
pub(crate) const RESIDUAL: Code = Code::new(
    5011,
    Exit::Gate,
    "a source identifier is still in the output",
)
.citing("45 CFR 164.514(b)(2)");
/// The declared legal basis does not fit what classification found.
pub(crate) const BASIS: Code = Code::new(
    5012,
    Exit::Refused,
    "data declared de-identified carries identifiers",
)
.citing("45 CFR 164.514(b)(2)");
/// Rows of datasets with separate budgets would be mixed.
pub(crate) const TWO_BUDGETS: Code = Code::new(
    5013,
    Exit::Refused,
    "the sources hold rows of datasets with separate privacy budgets",
);
/// What is stored does not fit together.
pub(crate) const STORED: Code =
    Code::new(5020, Exit::Failed, "what is stored does not fit together");
/// The named study, model or version is not in this instance.
pub(crate) const UNKNOWN: Code = Code::new(
    5021,
    Exit::Usage,
    "the instance does not hold what was named",
);
/// A record does not fit the model's schema.
pub(crate) const SCHEMA: Code = Code::new(
    5030,
    Exit::Usage,
    "a record does not fit the model's schema",
);
/// A retired model was asked.
pub(crate) const RETIRED: Code =
    Code::new(5031, Exit::Refused, "a retired model gives no predictions");
/// The evidence pack does not verify.
pub(crate) const PACK: Code = Code::new(5040, Exit::Gate, "the evidence pack does not verify");
/// A result could not be written.
pub(crate) const OUTPUT: Code = Code::new(5041, Exit::Failed, "a result could not be written");
/// Several tables have the target's column.
pub(crate) const SEVERAL_TABLES: Code = Code::new(
    5060,
    Exit::Usage,
    "several tables have the column to predict",
);
/// What counts as yes is not clear.
pub(crate) const TARGET: Code = Code::new(
    5061,
    Exit::Usage,
    "what counts as yes in the target is not clear",
);
/// A dataset has no privacy budget.
pub(crate) const NO_BUDGET: Code =
    Code::new(5050, Exit::Usage, "the dataset has no privacy budget");
/// The budget of a study or an analyst is exceeded.
pub(crate) const SCOPE_BUDGET: Code = Code::new(
    5051,
    Exit::Refused,
    "the privacy budget of the study or the analyst is exceeded",
);
/// A cap would be raised.
pub(crate) const CAP_RAISED: Code = Code::new(
    5052,
    Exit::Refused,
    "a cap of a privacy budget is never raised",
);

/// Every code of this room.
pub const CODES: &[Code] = &[
    STUDY_SYNTAX,
    STUDY_SENSE,
    SOURCE_OPEN,
    STAGE_ORDER,
    COLUMN_MISSING,
    GATE,
    RESIDUAL,
    BASIS,
    TWO_BUDGETS,
    STORED,
    UNKNOWN,
    SCHEMA,
    RETIRED,
    PACK,
    OUTPUT,
    SEVERAL_TABLES,
    TARGET,
    NO_BUDGET,
    SCOPE_BUDGET,
    CAP_RAISED,
];
