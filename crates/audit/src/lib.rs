//! What happened, provably.
//!
//! An [`Event`] is one act without any personal data. Its encoded bytes are a leaf of a Merkle
//! [`Tree`] (RFC 6962). A [`Checkpoint`] is a signed statement of the tree's size and root. The
//! store keeps the entries and one checkpoint per commit; [`verify`] recomputes all of it and
//! names the first entry that is not what it was. An [`export()`] carries the same to somebody
//! who trusts nothing but the public key.
//!
//! Not here: storage, free text, personal data.

mod checkpoint;
mod codes;
mod event;
mod export;
mod proof;
mod tree;
mod verify;
mod word;

pub use checkpoint::{Checkpoint, CheckpointError, verifier_key};
pub use codes::CODES;
pub use event::{Event, EventError, Object, ObjectKind, Outcome};
pub use export::{ExportError, export, verify_export};
pub use proof::{
    ProofError, consistency_proof, inclusion_proof, verify_consistency, verify_inclusion,
};
pub use tree::{Tree, leaf_hash, node_hash};
pub use verify::{Broken, Verified, verify};
pub use word::{CodeWord, Word, WordError};
