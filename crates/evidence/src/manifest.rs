use domain::{Digest, RunId, StudyId};
use serde::{Deserialize, Serialize};

/// Version of the pack's format, written into every manifest.
pub const FORMAT: u32 = 1;

/// The name of the manifest within a pack.
pub(crate) const MANIFEST: &str = "manifest.json";

/// The list of a pack's files with their hashes: the one file that is signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Always `cloister-evidence-pack`.
    pub kind: String,
    /// Version of the format.
    pub format: u32,
    /// The study.
    pub study: StudyId,
    /// The run.
    pub run: RunId,
    /// Every file except the manifest and its signature, by name.
    pub files: Vec<ManifestEntry>,
}

/// One file of a pack.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestEntry {
    /// File name.
    pub name: String,
    /// Length in bytes.
    pub length: u64,
    /// SHA-256 of the bytes.
    pub sha256: Digest,
}
