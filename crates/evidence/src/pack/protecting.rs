use domain::{Digest, Identifier, KeyId};
use serde::{Deserialize, Serialize};

/// What was taken out, counted by category and never by value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deidentification {
    /// The plan's name, such as `safe-harbor`.
    pub plan: String,
    /// The paragraph it answers.
    pub citation: String,
    /// One row for each category that was looked for.
    pub categories: Vec<CategoryRow>,
    /// Positions or tokens that nothing examined.
    pub unexamined: u64,
    /// Distinct persons in the crosswalk of replacement codes.
    pub persons_mapped: u64,
    /// SHA-256 of the value-free manifest.
    pub manifest: Digest,
    /// SHA-256 of the signed certificate.
    pub certificate: Digest,
    /// The key that signed the certificate.
    pub signed_by: KeyId,
    /// Version of the three-digit ZIP population table.
    pub zip_table: String,
    /// Recall against known truth, where the truth is known (synthetic data).
    pub recall: Option<super::Measure>,
}

/// Findings of one identifier category.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CategoryRow {
    /// The category.
    pub category: Identifier,
    /// Values found in columns.
    pub in_tables: u64,
    /// Spans found in running text.
    pub in_text: u64,
    /// What was done with them, in a few words.
    pub transform: String,
}

/// Re-identification risk before and after, against the study's threshold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Risk {
    /// Quasi-identifier columns.
    pub quasi_identifiers: Vec<String>,
    /// Before the transformation.
    pub before: RiskPicture,
    /// After it; absent when the study transforms nothing.
    pub after: Option<RiskPicture>,
    /// The k the study asks for, if it does.
    pub k_required: Option<u64>,
    /// The highest prosecutor risk the study allows, if it does.
    pub max_risk_allowed: Option<f64>,
    /// Rows suppressed to get there.
    pub rows_suppressed: u64,
}

/// Risk of one dataset over its quasi-identifiers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RiskPicture {
    /// Rows.
    pub rows: u64,
    /// Equivalence classes.
    pub classes: u64,
    /// Size of the smallest class.
    pub k: u64,
    /// Share of rows that are alone in their class.
    pub uniqueness: f64,
    /// Highest prosecutor risk: one over the smallest class.
    pub prosecutor_max: f64,
    /// Average prosecutor risk: classes over rows.
    pub prosecutor_average: f64,
    /// Marketer risk: expected share of rows re-identified.
    pub marketer: f64,
    /// Share of rows by class size; bins in ascending order and the same before and after.
    pub histogram: Vec<Bin>,
}

/// One bar of a histogram.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bin {
    /// Class sizes the bar covers, such as `2-4`.
    pub label: String,
    /// Share of rows between 0 and 1.
    pub share: f64,
}
