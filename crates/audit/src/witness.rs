//! What a witness is asked and when it says yes.
//!
//! Source: C2SP tlog-witness (<https://c2sp.org/tlog-witness>).

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::{Code, Digest, Explain};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    ForeignCheckpoint, Note, VerifierKey, codes, proof::verify_consistency, tlog_proof::hash,
};

/// The body of `POST add-checkpoint`: the size the witness saw last, the proof that the log grew
/// out of it, the signed checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddCheckpoint {
    /// The size that the asker believes the witness cosigned last; 0 for none.
    pub old: u64,
    /// The consistency proof, at most 63 hashes.
    pub proof: Vec<Digest>,
    /// The signed checkpoint.
    pub checkpoint: String,
}

/// What a witness remembers of a log: the newest checkpoint it cosigned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Witnessed {
    /// The name of the log.
    pub origin: String,
    /// How many entries it had.
    pub size: u64,
    /// The root of the tree over them.
    pub root: Digest,
    /// The checkpoint as the log signed it, with our cosignature.
    pub checkpoint: String,
}

/// Why a witness does not cosign; each has its HTTP status.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum WitnessRefusal {
    /// 400: not a request, or an old size above the new one.
    #[error("this is not a request of the witness protocol")]
    Format,
    /// 404: a log that the witness does not know.
    #[error("the witness does not know this log")]
    Unknown,
    /// 403: not signed by the log.
    #[error("the checkpoint is not signed by the log")]
    Signature,
    /// 409: the witness saw another size last.
    #[error("the witness last saw the log at {seen} entries")]
    Stale {
        /// That size.
        seen: u64,
    },
    /// 409: two roots of one size: the log showed two different histories.
    #[error("the log shows another history of its first {size} entries")]
    Fork {
        /// The size.
        size: u64,
    },
    /// 422: the proof does not hold.
    #[error("the log did not grow out of what the witness saw")]
    Proof,
}

impl AddCheckpoint {
    /// Reads a request.
    pub fn parse(text: &str) -> Result<Self, WitnessRefusal> {
        parse(text).ok_or(WitnessRefusal::Format)
    }

    /// The text of the request.
    pub fn to_text(&self) -> String {
        let mut text = format!("old {}\n", self.old);
        for hash in &self.proof {
            text.push_str(&STANDARD.encode(hash.as_bytes()));
            text.push('\n');
        }
        format!("{text}\n{}", self.checkpoint)
    }

    /// Judges the request against what the witness saw last. On success the returned state must be
    /// durable before the cosignature leaves, and no other request about the log may be judged
    /// meanwhile.
    pub fn judge(
        &self,
        logs: &[VerifierKey],
        seen: impl FnOnce(&str) -> Option<Witnessed>,
    ) -> Result<ForeignCheckpoint, WitnessRefusal> {
        let note = Note::read(&self.checkpoint).map_err(|_| WitnessRefusal::Format)?;
        let new = ForeignCheckpoint::read(&note).map_err(|_| WitnessRefusal::Format)?;
        let keys: Vec<&VerifierKey> = logs
            .iter()
            .filter(|key| key.name() == new.origin())
            .collect();
        if keys.is_empty() {
            return Err(WitnessRefusal::Unknown);
        }
        if !keys.into_iter().any(|key| note.is_signed_by(key)) {
            return Err(WitnessRefusal::Signature);
        }
        if self.old > new.size() {
            return Err(WitnessRefusal::Format);
        }
        let seen = seen(new.origin());
        let size = seen.as_ref().map_or(0, |seen| seen.size);
        if size != self.old {
            return Err(WitnessRefusal::Stale { seen: size });
        }
        self.grew(&new, seen)?;
        Ok(new)
    }

    fn grew(&self, new: &ForeignCheckpoint, seen: Option<Witnessed>) -> Result<(), WitnessRefusal> {
        let Some(seen) = seen.filter(|seen| seen.size > 0) else {
            return if self.proof.is_empty() {
                Ok(())
            } else {
                Err(WitnessRefusal::Proof)
            };
        };
        if seen.size == new.size() && seen.root != new.root() {
            return Err(WitnessRefusal::Fork { size: seen.size });
        }
        verify_consistency(seen.size, &seen.root, new.size(), &new.root(), &self.proof)
            .map_err(|_| WitnessRefusal::Proof)
    }
}

fn parse(text: &str) -> Option<AddCheckpoint> {
    let (number, rest) = text.strip_prefix("old ")?.split_once('\n')?;
    let old: u64 = number
        .parse()
        .ok()
        .filter(|old: &u64| old.to_string() == number)?;
    let (lines, checkpoint) = match rest.strip_prefix('\n') {
        Some(checkpoint) => ("", checkpoint),
        None => rest.split_once("\n\n")?,
    };
    let proof = lines.lines().map(hash).collect::<Option<Vec<_>>>()?;
    (proof.len() <= 63 && checkpoint.ends_with('\n')).then(|| AddCheckpoint {
        old,
        proof,
        checkpoint: checkpoint.to_owned(),
    })
}

impl WitnessRefusal {
    /// The HTTP status of the answer.
    pub const fn status(&self) -> u16 {
        match self {
            Self::Format => 400,
            Self::Signature => 403,
            Self::Unknown => 404,
            Self::Stale { .. } | Self::Fork { .. } => 409,
            Self::Proof => 422,
        }
    }
}

impl Explain for WitnessRefusal {
    fn code(&self) -> Code {
        match self {
            Self::Format | Self::Unknown | Self::Signature => codes::WITNESS_REQUEST,
            Self::Stale { .. } => codes::WITNESS_STALE,
            Self::Fork { .. } | Self::Proof => codes::WITNESS_FORK,
        }
    }

    fn help(&self) -> String {
        match self {
            Self::Format => "check that both sides speak the C2SP witness protocol",
            Self::Unknown | Self::Signature => "give the witness the log's verifier key",
            Self::Stale { .. } => "ask again with a proof from that size",
            Self::Fork { .. } | Self::Proof => {
                "keep both checkpoints as evidence: either the log was set back to an older state \
                 or it shows different people different histories"
            }
        }
        .to_owned()
    }
}

#[cfg(test)]
mod tests {
    use seal::{Argon2Cost, Keyring, Passphrase, SeededEntropy};

    use super::*;
    use crate::{Checkpoint, KeyKind, Tree, consistency_proof, leaf_hash};

    fn keyring(seed: u64) -> Keyring {
        let passphrase = Passphrase::new("correct horse battery staple");
        Keyring::create(
            &passphrase,
            Argon2Cost::light(),
            &mut SeededEntropy::new(seed),
        )
        .unwrap()
        .0
    }

    fn leaves(count: u8) -> Vec<Digest> {
        (0..count).map(|number| leaf_hash(&[number])).collect()
    }

    fn signed(leaves: &[Digest], keyring: &Keyring) -> String {
        let tree = Tree::of(leaves.iter().copied());
        Checkpoint::of("log", &tree).unwrap().sign(keyring)
    }

    #[test]
    fn every_refusal_of_the_protocol_has_its_status() {
        let (ours, other) = (keyring(1), keyring(2));
        let key = VerifierKey::new("log", KeyKind::Note, ours.checkpoint_key()).unwrap();
        let five = leaves(5);
        let seen = Witnessed {
            origin: "log".to_owned(),
            size: 3,
            root: Tree::of(five[..3].iter().copied()).root(),
            checkpoint: String::new(),
        };
        let good = AddCheckpoint {
            old: 3,
            proof: consistency_proof(&five, 3).unwrap(),
            checkpoint: signed(&five, &ours),
        };
        assert_eq!(AddCheckpoint::parse(&good.to_text()), Ok(good.clone()));
        let ask = |request: &AddCheckpoint, keys: &[VerifierKey]| {
            request
                .judge(keys, |_| Some(seen.clone()))
                .map_err(|refusal| refusal.status())
        };
        let keys = [key];
        assert_eq!(ask(&good, &keys).unwrap().size(), 5);
        assert_eq!(ask(&good, &[]), Err(404));
        let foreign = AddCheckpoint {
            checkpoint: signed(&five, &other),
            ..good.clone()
        };
        assert_eq!(ask(&foreign, &keys), Err(403));
        assert_eq!(
            ask(
                &AddCheckpoint {
                    old: 2,
                    ..good.clone()
                },
                &keys
            ),
            Err(409)
        );
        assert_eq!(
            ask(
                &AddCheckpoint {
                    old: 6,
                    ..good.clone()
                },
                &keys
            ),
            Err(400)
        );
        assert_eq!(
            ask(
                &AddCheckpoint {
                    proof: vec![],
                    ..good
                },
                &keys
            ),
            Err(422)
        );
        let mut fork = leaves(3);
        fork[1] = Digest([9; 32]);
        let fork = AddCheckpoint {
            old: 3,
            proof: vec![],
            checkpoint: signed(&fork, &ours),
        };
        assert_eq!(ask(&fork, &keys), Err(409));
        assert_eq!(
            fork.judge(&keys, |_| Some(seen.clone())),
            Err(WitnessRefusal::Fork { size: 3 })
        );
        for refused in ["", "old 03\n\nx\n", "old 3\nAAAA\n\nx\n", "new 3\n\nx\n"] {
            assert_eq!(AddCheckpoint::parse(refused), Err(WitnessRefusal::Format));
        }
    }
}
