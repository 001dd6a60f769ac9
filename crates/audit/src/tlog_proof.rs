//! One entry's proof as a file that stands alone.
//!
//! Source: C2SP tlog-proof (<https://c2sp.org/tlog-proof>).

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::{Code, Digest, Explain};
use thiserror::Error;

use crate::{Checkpoint, CheckpointError, ProofError, codes, leaf_hash, verify_inclusion};

/// The proof that an entry stands in a log: its number, the hashes from its leaf to the root, and
/// the signed checkpoint of that root, cosignatures included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlogProof {
    /// The entry's number.
    pub index: u64,
    /// The hashes from the leaf's sibling up.
    pub hashes: Vec<Digest>,
    /// The signed checkpoint, verbatim.
    pub checkpoint: String,
    /// The entry itself, carried along as extra data; only its hash is proven.
    pub entry: Option<Vec<u8>>,
}

/// Why a proof file is not accepted.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum TlogProofError {
    /// Not a proof file.
    #[error("this is not a transparency log proof (c2sp.org/tlog-proof@v1)")]
    Format,
    /// The proof carries no entry, and none was given.
    #[error("the proof does not carry the entry it is about")]
    NoEntry,
    /// The checkpoint does not hold.
    #[error("the checkpoint of the proof is not valid")]
    Checkpoint(#[from] CheckpointError),
    /// The hashes do not lead from the entry to the root.
    #[error("the proof does not lead from the entry to the checkpoint")]
    Inclusion(#[from] ProofError),
}

impl TlogProof {
    /// Reads a proof file; nothing in it is checked yet.
    pub fn parse(text: &str) -> Result<Self, TlogProofError> {
        parse(text).ok_or(TlogProofError::Format)
    }

    /// The text of the file.
    pub fn to_text(&self) -> String {
        let mut text = format!("{HEADER}\n");
        if let Some(entry) = &self.entry {
            text += &["extra ", &STANDARD.encode(entry), "\n"].concat();
        }
        text += &["index ", &self.index.to_string(), "\n"].concat();
        for hash in &self.hashes {
            text += &STANDARD.encode(hash.as_bytes());
            text.push('\n');
        }
        text.push('\n');
        text + &self.checkpoint
    }

    /// Checks the proof for an entry, or for the one it carries, and returns the checkpoint. The
    /// checkpoint's own signature is checked with `accept`.
    pub fn verify(
        &self,
        entry: Option<&[u8]>,
        accept: impl FnOnce(&str) -> Result<Checkpoint, CheckpointError>,
    ) -> Result<Checkpoint, TlogProofError> {
        let entry = entry
            .or(self.entry.as_deref())
            .ok_or(TlogProofError::NoEntry)?;
        let checkpoint = accept(&self.checkpoint)?;
        verify_inclusion(
            &leaf_hash(entry),
            self.index,
            checkpoint.size(),
            &self.hashes,
            &checkpoint.root(),
        )?;
        Ok(checkpoint)
    }
}

fn parse(text: &str) -> Option<TlogProof> {
    let rest = text.strip_prefix(HEADER)?.strip_prefix('\n')?;
    let (extra, rest) = match rest.strip_prefix("extra ") {
        Some(rest) => {
            let (extra, rest) = rest.split_once('\n')?;
            (Some(STANDARD.decode(extra).ok()?), rest)
        }
        None => (None, rest),
    };
    let (number, rest) = rest.strip_prefix("index ")?.split_once('\n')?;
    let index: u64 = number
        .parse()
        .ok()
        .filter(|index: &u64| index.to_string() == number)?;
    let (lines, checkpoint) = match rest.strip_prefix('\n') {
        Some(checkpoint) => ("", checkpoint),
        None => rest.split_once("\n\n")?,
    };
    let hashes = lines.lines().map(hash).collect::<Option<Vec<_>>>()?;
    let proof = TlogProof {
        index,
        hashes,
        checkpoint: checkpoint.to_owned(),
        entry: extra,
    };
    (proof.hashes.len() <= HASHES_MAX).then_some(proof)
}

/// 32 bytes as base64.
pub(crate) fn hash(line: &str) -> Option<Digest> {
    let bytes = STANDARD.decode(line).ok()?;
    Some(Digest(bytes.try_into().ok()?))
}

impl Explain for TlogProofError {
    fn code(&self) -> Code {
        match self {
            Self::Format | Self::NoEntry => codes::TLOG_PROOF,
            Self::Checkpoint(error) => error.code(),
            Self::Inclusion(error) => error.code(),
        }
    }

    fn help(&self) -> String {
        match self {
            Self::Format => "give a file that `cloister audit prove` wrote".to_owned(),
            Self::NoEntry => "give the entry as a file beside the proof".to_owned(),
            Self::Checkpoint(error) => error.help(),
            Self::Inclusion(error) => error.help(),
        }
    }
}

const HEADER: &str = "c2sp.org/tlog-proof@v1";
/// No tree of 64-bit size needs more.
const HASHES_MAX: usize = 63;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_is_written_and_read_back() {
        for (hashes, entry) in [
            (vec![], None),
            (vec![Digest([1; 32]), Digest([2; 32])], Some(b"x".to_vec())),
        ] {
            let proof = TlogProof {
                index: 7,
                hashes,
                checkpoint: "o\n8\nAAAA\n\n— o AAAA\n".to_owned(),
                entry,
            };
            assert_eq!(TlogProof::parse(&proof.to_text()), Ok(proof));
        }
        for refused in [
            "",
            "c2sp.org/tlog-proof@v1\nindex 07\n\nx",
            "c2sp.org/tlog-proof@v1\n",
        ] {
            assert_eq!(TlogProof::parse(refused), Err(TlogProofError::Format));
        }
    }
}
