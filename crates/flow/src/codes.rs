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
/// A dataset would have the name of a key.
pub(crate) const RESERVED_NAME: Code = Code::new(
    5006,
    Exit::Usage,
    "the name of the dataset is kept for keys",
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
/// A period of retention below the legal minimum.
pub(crate) const PERIOD_TOO_SHORT: Code =
    Code::new(5090, Exit::Usage, "the period of retention is too short")
        .citing("45 CFR 164.316(b)(2)(i)");
/// A matter that is not a short word.
pub(crate) const MATTER: Code = Code::new(
    5091,
    Exit::Usage,
    "the matter of a hold is not a short word",
);
/// A hold that stands, or one that does not.
pub(crate) const HOLD: Code = Code::new(5092, Exit::Usage, "the legal hold stands, or does not");
/// A legal hold forbids it.
pub(crate) const HELD: Code = Code::new(5093, Exit::Refused, "a legal hold forbids the disposal");
/// The period of retention is not over.
pub(crate) const NOT_DUE: Code =
    Code::new(5094, Exit::Refused, "the period of retention is not over")
        .citing("45 CFR 164.316(b)(2)(i)");
/// The keys are destroyed already.
pub(crate) const DISPOSED: Code = Code::new(5095, Exit::Usage, "the keys are destroyed already");
/// A copy of a destroyed key is left.
pub(crate) const COPY_FOUND: Code =
    Code::new(5096, Exit::Gate, "a copy of a destroyed key was found")
        .citing("45 CFR 164.310(d)(2)(i)");
/// Not a certificate of sanitisation.
pub(crate) const SANITISATION: Code = Code::new(
    5097,
    Exit::Gate,
    "the certificate of sanitisation does not verify",
);
/// A model was disposed of.
pub(crate) const MODEL_DISPOSED: Code = Code::new(
    5098,
    Exit::Refused,
    "the model was disposed of, or went with its dataset",
)
.citing("45 CFR 164.310(d)(2)(i)");
/// A model has no key of its own.
pub(crate) const NOT_ALONE: Code = Code::new(
    5099,
    Exit::Refused,
    "the model cannot be disposed of alone: its key seals other things",
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
/// A model without a guarantee needs an officer's word.
pub(crate) const NOT_ACCEPTED: Code = Code::new(
    5014,
    Exit::Gate,
    "a model without a guarantee needs a privacy officer's approval",
)
.citing("45 CFR 164.308(a)(1)(ii)(B)");
/// Drift with noise needs a baseline with noise.
pub(crate) const NO_NOISY_BASELINE: Code = Code::new(
    5053,
    Exit::Usage,
    "the model has no baseline with noise to compare with",
);

/// A question is not one that can be answered with noise.
pub(crate) const QUESTION: Code = Code::new(
    5056,
    Exit::Usage,
    "the question cannot be answered with noise as it is asked",
);
/// The caller's output budget or number of answers is used up.
pub(crate) const OUTPUT_BUDGET: Code = Code::new(
    5057,
    Exit::Refused,
    "the model's output budget does not bear the answers",
);
/// The model is no weighted sum.
pub(crate) const NOT_LINEAR: Code = Code::new(
    5058,
    Exit::Usage,
    "only linear and logistic models score encrypted records",
);
/// The architecture file is not one.
pub(crate) const ARCHITECTURE: Code =
    Code::new(5059, Exit::Usage, "the architecture file does not parse");

/// Fewer years of retention than the law asks for.
pub(crate) const RETENTION_YEARS: Code = Code::new(
    5085,
    Exit::Refused,
    "the log would be kept too short a time",
)
.citing("45 CFR 164.316(b)(2)(i)");
/// A legal hold keeps the log whole.
pub(crate) const RETENTION_HELD: Code =
    Code::new(5086, Exit::Refused, "a legal hold keeps the log whole");
/// Nobody else approved that the log is pruned.
pub(crate) const RETENTION_APPROVAL: Code = Code::new(
    5087,
    Exit::Refused,
    "pruning the log needs the approval of another role",
);
/// Entries that would go are too young.
pub(crate) const RETENTION_YOUNG: Code = Code::new(
    5088,
    Exit::Refused,
    "entries of the log are too young to be pruned",
)
.citing("45 CFR 164.316(b)(2)(i)");

/// An act on keys waits for a second person.
pub(crate) const NEEDS_APPROVAL: Code =
    Code::new(5070, Exit::Refused, "an act on keys takes a second person")
        .citing("45 CFR 164.308(a)(3)(ii)(A)");
/// No such approver or request, or there is one already.
pub(crate) const APPROVER: Code = Code::new(
    5071,
    Exit::Usage,
    "there is no such approver or request, or there is one already",
);
/// The second person is not one, or it is too late.
pub(crate) const NOT_SECOND: Code = Code::new(
    5072,
    Exit::Refused,
    "a request cannot be approved by this person or at this time",
);
/// The approval is not what was signed.
pub(crate) const FORGED_APPROVAL: Code =
    Code::new(5073, Exit::Gate, "an approval is not what was signed")
        .citing("45 CFR 164.312(c)(2)");
/// The key-encryption key or the period cannot be changed so.
pub(crate) const KEY_ACT: Code =
    Code::new(5074, Exit::Refused, "a key cannot be changed in this way");

/// Every code of this room.
pub const CODES: &[Code] = &[
    STUDY_SYNTAX,
    STUDY_SENSE,
    SOURCE_OPEN,
    STAGE_ORDER,
    COLUMN_MISSING,
    RESERVED_NAME,
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
    PERIOD_TOO_SHORT,
    MATTER,
    HOLD,
    HELD,
    NOT_DUE,
    DISPOSED,
    COPY_FOUND,
    SANITISATION,
    MODEL_DISPOSED,
    NOT_ALONE,
    NO_BUDGET,
    SCOPE_BUDGET,
    CAP_RAISED,
    NOT_ACCEPTED,
    NO_NOISY_BASELINE,
    QUESTION,
    OUTPUT_BUDGET,
    NOT_LINEAR,
    ARCHITECTURE,
    RETENTION_YEARS,
    RETENTION_HELD,
    RETENTION_APPROVAL,
    RETENTION_YOUNG,
    NEEDS_APPROVAL,
    APPROVER,
    NOT_SECOND,
    FORGED_APPROVAL,
    KEY_ACT,
];
