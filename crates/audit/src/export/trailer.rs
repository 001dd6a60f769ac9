use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::Digest;
use serde::{Deserialize, Serialize};

use crate::tlog_proof::hash;

/// The end of a batch: the signed checkpoint, and, where not the whole log is exported, a proof of
/// inclusion for each record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trailer {
    /// The signed checkpoint.
    pub checkpoint: String,
    /// Proofs by entry number, hashes in base64 from the leaf up; absent for a whole log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    proofs: Option<BTreeMap<u64, Vec<String>>>,
}

impl Trailer {
    /// After a whole log.
    pub fn whole(checkpoint: impl Into<String>) -> Self {
        Self {
            checkpoint: checkpoint.into(),
            proofs: None,
        }
    }

    /// After a selection of entries, with the proof of each.
    pub fn selection(
        checkpoint: impl Into<String>,
        proofs: impl IntoIterator<Item = (u64, Vec<Digest>)>,
    ) -> Self {
        let text = |hashes: Vec<Digest>| {
            let hashes = hashes.iter().map(|hash| STANDARD.encode(hash.as_bytes()));
            hashes.collect()
        };
        let proofs = proofs
            .into_iter()
            .map(|(index, hashes)| (index, text(hashes)));
        Self {
            checkpoint: checkpoint.into(),
            proofs: Some(proofs.collect()),
        }
    }

    /// Whether the records before it are meant to be the whole log.
    pub const fn is_whole(&self) -> bool {
        self.proofs.is_none()
    }

    /// How many proofs it has.
    pub fn proofs(&self) -> u64 {
        self.proofs.as_ref().map_or(0, BTreeMap::len) as u64
    }

    /// The proof of an entry.
    pub fn proof(&self, index: u64) -> Option<Vec<Digest>> {
        let hashes = self.proofs.as_ref()?.get(&index)?;
        hashes.iter().map(|line| hash(line)).collect()
    }

    #[expect(clippy::expect_used, reason = "texts and numbers are always JSON")]
    pub(super) fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a trailer is JSON")
    }

    pub(super) fn from_json(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}
