//! What happened, provably.
//!
//! An [`Event`] is one act without any personal data. Its encoded bytes are a leaf of a Merkle
//! [`Tree`] (RFC 6962). A [`Checkpoint`] is a signed statement of the tree's size and root. The
//! store keeps the entries and one checkpoint per commit; [`verify`] recomputes all of it and
//! names the first entry that is not what it was. An [`export()`] carries the same to somebody
//! who trusts nothing but the public key, in six formats; a [`TlogProof`] carries one entry.
//!
//! The formats are those of C2SP, so that other tools for transparency logs read them: signed
//! notes ([`Note`], [`VerifierKey`]), checkpoints, [`Tile`]s, [`cosign`]atures, the witness
//! protocol ([`AddCheckpoint`]), proofs and trust policies ([`TrustPolicy`]).
//!
//! Not here: storage, free text, personal data.

mod checkpoint;
mod codes;
mod cosignature;
mod event;
mod export;
mod hashes;
mod note;
mod policy;
mod proof;
mod search;
mod static_log;
mod tile;
mod tlog_proof;
mod tree;
mod verify;
mod witness;
mod word;

pub use checkpoint::{Checkpoint, CheckpointError, ForeignCheckpoint, verifier_key};
pub use codes::CODES;
pub use cosignature::{cosign, cosigned_at, cosigner_key};
pub use event::{
    Event, EventError, Object, ObjectKind, Outcome, PersonRef, PersonSet, PersonSetError, Strength,
};
pub use export::{
    ExportError, ExportFormat, Exporter, Trailer, VerifiedExport, export, verify_export,
    verify_export_as,
};
pub use hashes::{
    Blocks, BlocksMark, Hashes, consistency_from, inclusion_from, leaves_of, root_from,
    subtree_root,
};
pub use note::{KeyKind, Note, NoteError, VerifierKey};
pub use policy::{Party, PolicyError, TrustPolicy};
pub use proof::{
    ProofError, consistency_proof, inclusion_proof, verify_consistency, verify_inclusion,
};
pub use search::{Index, IndexBuilder, Pages, Query, set_holds};
pub use static_log::{StaticLogError, static_files, verify_static};
pub use tile::{
    Tile, TileRows, bundle_entries, push_entry, root_of_tiles, tile_bytes, tile_hashes,
};
pub use tlog_proof::{TlogProof, TlogProofError};
pub use tree::{Tree, leaf_hash, node_hash};
pub use verify::{Broken, Check, Verified, verify};
pub use witness::{AddCheckpoint, WitnessRefusal, Witnessed};
pub use word::{CodeWord, Word, WordError};
