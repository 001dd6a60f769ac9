use domain::{Digest, KeyId, Timestamp};
use serde::{Deserialize, Serialize};

/// Which duties this run answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Controls {
    /// Name and date of the catalogue, such as `Cloister catalogue 2026-11`.
    pub catalogue: String,
    /// Requirements that hold.
    pub holds: u64,
    /// Requirements that hold in part.
    pub partly: u64,
    /// Requirements that need people.
    pub needs_people: u64,
    /// Requirements that are not covered.
    pub not_covered: u64,
    /// The requirements this study's evidence speaks to, in catalogue order.
    pub rows: Vec<ControlRow>,
}

/// One requirement and what this run has to say about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ControlRow {
    /// Id in the catalogue.
    pub id: String,
    /// The requirement in short.
    pub title: String,
    /// The paragraph behind it; may be empty.
    pub citation: String,
    /// `enforced`, `evidenced` or `attested`.
    pub mode: String,
    /// Its state, computed from evidence.
    pub state: ControlState,
    /// What the state rests on.
    pub evidence: String,
}

/// The honest state of a requirement. No evidence never shows as [`ControlState::Holds`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ControlState {
    /// Evidence shows that it holds.
    Holds,
    /// Evidence shows part of it.
    Partly,
    /// Only people can do it.
    NeedsPeople,
    /// Nothing answers it yet.
    NotCovered,
}

impl ControlState {
    /// The word on the page.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Partly => "partly",
            Self::NeedsPeople => "needs people",
            Self::NotCovered => "not covered",
        }
    }
}

/// The audit log's signed checkpoint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogCheckpoint {
    /// Entries under the root.
    pub size: u64,
    /// Merkle tree root, RFC 6962.
    pub root: Digest,
    /// When it was signed.
    pub at: Timestamp,
    /// The key that signed it.
    pub signed_by: KeyId,
    /// The signature, base64 of ASN.1 DER.
    pub signature: String,
    /// The public key, PEM.
    pub public_key_pem: String,
    /// First and last log index of this run.
    pub entries: Option<(u64, u64)>,
}
