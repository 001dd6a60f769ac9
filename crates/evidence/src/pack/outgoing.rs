use domain::{Digest, KeyId, ModelId, Timestamp};
use serde::{Deserialize, Serialize};

/// The registered model version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// The registered name.
    pub name: ModelId,
    /// Version number.
    pub version: u64,
    /// SHA-256 of the model's bytes.
    pub sha256: Digest,
    /// The key that signed it.
    pub signed_by: KeyId,
    /// Signature scheme, such as `ECDSA P-256, OpenSSF model signing v1.0`.
    pub scheme: String,
    /// Its stage now: `registered`, `staging`, `production`, `archived`.
    pub stage: String,
    /// Every stage it ever had.
    pub history: Vec<HistoryRow>,
    /// The model card, section by section.
    pub card: Vec<CardSection>,
}

/// One change of a model's stage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HistoryRow {
    /// The stage it went to.
    pub stage: String,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// Index of its entry in the audit log.
    pub log_index: Option<u64>,
}

/// One section of the model card.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardSection {
    /// The heading.
    pub heading: String,
    /// Question and answer, in order; an empty answer is printed as `not provided`.
    pub rows: Vec<(String, String)>,
}

/// How predictions leave the model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Serving {
    /// Predictions made by this run.
    pub predictions: u64,
    /// Calls refused because the input did not fit the schema.
    pub refused: u64,
    /// The output filter in words, such as `rounded to 0.05`.
    pub output_filter: String,
    /// The limits in words, such as `1,000 rows a call`.
    pub limits: String,
}

/// Drift of one feature or score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DriftRow {
    /// The feature, or `score`.
    pub feature: String,
    /// The statistic: `PSI` or `KS`.
    pub statistic: String,
    /// Its value.
    pub value: super::Measure,
    /// The threshold of the study.
    pub threshold: f64,
    /// Whether the threshold was crossed.
    pub crossed: bool,
}

/// One alert.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlertRow {
    /// When.
    pub at: Timestamp,
    /// `information`, `warning` or `critical`.
    pub severity: String,
    /// What happened, without a value from the data.
    pub what: String,
    /// Index of its entry in the audit log.
    pub log_index: Option<u64>,
}
