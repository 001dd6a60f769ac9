use domain::{DatasetId, Digest, Identifier, KeyId, Sensitivity, VersionId};
use serde::{Deserialize, Serialize};

/// One file that came in and the dataset version it became.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The dataset it became.
    pub dataset: DatasetId,
    /// The immutable version it became.
    pub version: VersionId,
    /// File name without its folder.
    pub file: String,
    /// `csv`, `parquet`, `jsonl`, `text`, `fhir`.
    pub format: String,
    /// SHA-256 of the file's bytes.
    pub sha256: Digest,
    /// Length of the file in bytes.
    pub bytes: u64,
    /// Rows or documents taken in.
    pub rows: u64,
    /// Distinct persons; absent when the study names no person column.
    pub persons: Option<u64>,
    /// Columns taken in, by name.
    pub columns_taken: Vec<String>,
    /// Columns in the file that the study did not declare and that stayed outside.
    pub columns_dropped: Vec<String>,
}

/// One column or text field and what it was found to be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldRow {
    /// The dataset.
    pub dataset: DatasetId,
    /// The column or text field.
    pub field: String,
    /// The Safe Harbor category, if it is one.
    pub category: Option<Identifier>,
    /// The grade that decides its handling.
    pub sensitivity: Sensitivity,
    /// Confidence between 0 and 1.
    pub confidence: f64,
    /// What spoke for it: name, format, checksum, dictionary, share of values. Never a value.
    pub because: String,
    /// What was done with it: kept, generalised, replaced, removed, searched.
    pub handling: String,
}

/// How objects are sealed, and what was checked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Encryption {
    /// The cipher, such as `AES-256-GCM`.
    pub cipher: String,
    /// How data keys are wrapped.
    pub key_wrapping: String,
    /// How the keystore is sealed, with its cost parameters.
    pub keystore: String,
    /// The key-encryption key in use.
    pub key: KeyId,
    /// Data keys in use, one per dataset.
    pub data_keys: u64,
    /// Objects sealed by this run.
    pub objects: u64,
    /// Bytes sealed by this run.
    pub bytes: u64,
    /// Objects read back and authenticated by this run.
    pub verified: u64,
    /// Unencrypted objects found on disk.
    pub plaintext_found: u64,
}
