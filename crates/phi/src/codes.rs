//! The stable codes of de-identification, CL2050 to CL2099.

use domain::{Code, Exit};

/// An override would show more than the plan allows.
pub const LOOSENED: Code = Code::new(2050, Exit::Refused, "an override loosens the plan")
    .citing("45 CFR 164.514(b)(2)(i)");
/// A column has no entry in the field map.
pub const UNMAPPED: Code = Code::new(2051, Exit::Refused, "a column was never classified")
    .citing("45 CFR 164.514(b)(2)(i)(R)");
/// A column that was named is not in the table.
pub const COLUMN_MISSING: Code = Code::new(2052, Exit::Usage, "a named column is not there");
/// A column has a type that tables do not carry.
pub const COLUMN_TYPE: Code = Code::new(2053, Exit::Failed, "a column type is not supported");
/// The changed columns do not make a table.
pub const TABLE: Code = Code::new(2054, Exit::Failed, "the output table could not be built");
/// A JSON document is no FHIR resource.
pub const NOT_A_RESOURCE: Code = Code::new(2055, Exit::Failed, "the document is no FHIR resource");
/// A document is nested more deeply than any resource is.
pub const TOO_DEEP: Code = Code::new(2056, Exit::Failed, "the document is nested too deeply");
/// Source identifiers were found in the output.
pub const RESIDUAL: Code = Code::new(2057, Exit::Gate, "source identifiers are in the output")
    .citing("45 CFR 164.514(b)(2)(i)");
/// A column override names no known kind.
pub const OVERRIDE: Code = Code::new(2058, Exit::Usage, "an override names no known kind");
/// A plan file cannot be read or carried out.
pub const PLAN: Code = Code::new(2070, Exit::Usage, "the plan cannot be carried out");
/// A plan bears the name of a paragraph that does not allow what it does.
pub const PLAN_NAME: Code =
    Code::new(2071, Exit::Refused, "the plan is not what its name says").citing("45 CFR 164.514");
/// The pixels of an image may show identifiers.
pub const BURNED_IN: Code = Code::new(2072, Exit::Refused, "an image may show identifiers")
    .citing("45 CFR 164.514(b)(2)(i)(Q)");
/// A region of an image cannot be blacked out.
pub const BLACKOUT: Code = Code::new(2073, Exit::Refused, "a region cannot be blacked out")
    .citing("DICOM PS3.15 section E.3.1");

/// A model folder lacks a file, or has it only in a form that is not read.
pub const CLASSIFIER_FILES: Code = Code::new(2080, Exit::Usage, "a model's files cannot be used");
/// A model's configuration is refused.
pub const CLASSIFIER_CONFIG: Code =
    Code::new(2081, Exit::Failed, "a model's configuration is refused");
/// A model's tokenizer is refused.
pub const CLASSIFIER_TOKENIZER: Code =
    Code::new(2082, Exit::Failed, "a model's tokenizer is refused");
/// A model's weights are refused.
pub const CLASSIFIER_WEIGHTS: Code = Code::new(2083, Exit::Failed, "a model's weights are refused");
/// A model's labels, or the file of their meanings, cannot be used.
pub const CLASSIFIER_LABELS: Code = Code::new(2084, Exit::Usage, "a model's labels cannot be used");

/// Gold and predictions cannot be compared.
pub const EVALUATION: Code = Code::new(2090, Exit::Failed, "gold and predictions do not fit");
/// A sheet of verdicts is not as it was written.
pub const REVIEW: Code = Code::new(2091, Exit::Failed, "a review sheet is refused");
/// The weights of the tagger are foreign or damaged.
pub const TAGGER_WEIGHTS: Code = Code::new(2095, Exit::Failed, "the tagger's weights are refused");

/// Every code above.
pub const CODES: &[Code] = &[
    LOOSENED,
    UNMAPPED,
    COLUMN_MISSING,
    COLUMN_TYPE,
    TABLE,
    NOT_A_RESOURCE,
    TOO_DEEP,
    RESIDUAL,
    OVERRIDE,
    PLAN,
    PLAN_NAME,
    BURNED_IN,
    BLACKOUT,
    CLASSIFIER_FILES,
    CLASSIFIER_CONFIG,
    CLASSIFIER_TOKENIZER,
    CLASSIFIER_WEIGHTS,
    CLASSIFIER_LABELS,
    EVALUATION,
    REVIEW,
    TAGGER_WEIGHTS,
];
