use domain::{Digest, RunId, StudyId};
use serde::{Deserialize, Serialize};

/// Version of the pack's format, written into every manifest.
pub const FORMAT: u32 = 1;

/// The name of the manifest within a pack: the one file that is signed.
pub const MANIFEST_FILE: &str = "manifest.json";

/// The name under which the manifest's signature may lie beside it; not listed in the manifest.
pub const SIGNATURE_FILE: &str = "manifest.sig";

/// The name under which the public key may lie beside it; not listed in the manifest. A key that
/// comes with the pack proves nothing by itself: compare its fingerprint with one from elsewhere.
pub const KEY_FILE: &str = "public-key.pem";

/// What every manifest calls itself.
pub(crate) const KIND: &str = "cloister-evidence-pack";

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
    /// Every file except the manifest, its signature and its key, by name.
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
