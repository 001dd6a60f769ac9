//! A signed statement of how far the log goes and what is in it.
//!
//! The text is a C2SP tlog-checkpoint (<https://c2sp.org/tlog-checkpoint>) in a C2SP signed note
//! (<https://c2sp.org/signed-note>), so that tools for transparency logs read it.

mod foreign;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::{Code, Digest, Explain};
use seal::{Keyring, PublicKey};
use thiserror::Error;

pub use self::foreign::ForeignCheckpoint;
use crate::{
    KeyKind, Note, VerifierKey, codes,
    note::{NoteError, is_name},
};

/// The size and root of a log at one moment.
///
/// ```
/// use cloister_audit::{Checkpoint, Tree};
/// use seal::{Argon2Cost, Keyring, Passphrase, SystemEntropy};
/// let passphrase = Passphrase::new("correct horse battery staple");
/// let (keyring, _) = Keyring::create(&passphrase, Argon2Cost::light(), &mut SystemEntropy::new())?;
///
/// let checkpoint = Checkpoint::of("cloister/0a1b", &Tree::new())?;
/// let text = checkpoint.sign(&keyring);
/// assert!(text.starts_with("cloister/0a1b\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"));
/// assert_eq!(Checkpoint::parse_and_verify(&text, &keyring.checkpoint_key())?, checkpoint);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    origin: String,
    size: u64,
    root: Digest,
}

/// Why a checkpoint is not accepted.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum CheckpointError {
    /// The name of the log cannot stand in a checkpoint.
    #[error("the name of a log has 1 to 128 visible ASCII characters other than `+`")]
    Origin,
    /// Not the text of a checkpoint.
    #[error("this text is not a checkpoint")]
    Format,
    /// No signature of this key, or one that does not hold.
    #[error("the checkpoint has no signature of this key that holds")]
    Signature,
}

impl Checkpoint {
    /// A checkpoint of a tree; `origin` names the log and never changes.
    pub fn of(origin: impl Into<String>, tree: &crate::Tree) -> Result<Self, CheckpointError> {
        Self::new(origin, tree.size(), tree.root())
    }

    /// A checkpoint from its parts.
    pub fn new(
        origin: impl Into<String>,
        size: u64,
        root: Digest,
    ) -> Result<Self, CheckpointError> {
        let origin = origin.into();
        if !is_name(&origin) {
            return Err(CheckpointError::Origin);
        }
        Ok(Self { origin, size, root })
    }

    /// The name of the log.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// How many entries the log has.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The root of the tree over them.
    pub const fn root(&self) -> Digest {
        self.root
    }

    /// The signed text: three lines, an empty one, and the signature line of the keyring's
    /// checkpoint key. The same checkpoint always gives the same text.
    pub fn sign(&self, keyring: &Keyring) -> String {
        let body = self.body();
        let signature = keyring.sign_checkpoint(body.as_bytes());
        let line = match VerifierKey::new(&self.origin, KeyKind::Note, keyring.checkpoint_key()) {
            Ok(key) => key.line(signature.as_bytes()),
            // The origin was checked when the checkpoint was made.
            Err(_) => String::new(),
        };
        format!("{body}\n{line}")
    }

    /// Reads a signed checkpoint and accepts it only with a signature of `key` that holds; further
    /// signatures of others are passed over.
    pub fn parse_and_verify(text: &str, key: &PublicKey) -> Result<Self, CheckpointError> {
        let note = Note::read(text)?;
        let checkpoint = Self::parse(note.body()).ok_or(CheckpointError::Format)?;
        let verifier = VerifierKey::new(&checkpoint.origin, KeyKind::Note, key.clone())?;
        if note.is_signed_by(&verifier) {
            Ok(checkpoint)
        } else {
            Err(CheckpointError::Signature)
        }
    }

    /// The signed text: name, size and root, one a line.
    pub fn body(&self) -> String {
        let root = STANDARD.encode(self.root.as_bytes());
        format!("{}\n{}\n{root}\n", self.origin, self.size)
    }

    /// Only the one text that [`Checkpoint::body`] writes.
    fn parse(body: &str) -> Option<Self> {
        let mut lines = body.lines();
        let (origin, size, root) = (lines.next()?, lines.next()?, lines.next()?);
        let root = STANDARD.decode(root).ok()?.try_into().ok()?;
        let checkpoint = Self::new(origin, size.parse().ok()?, Digest(root)).ok()?;
        (checkpoint.body() == body).then_some(checkpoint)
    }
}

/// The checkpoint key as a C2SP verifier key, `<origin>+<key id>+<key>`, for other tools.
pub fn verifier_key(origin: &str, key: &PublicKey) -> String {
    VerifierKey::new(origin, KeyKind::Note, key.clone())
        .map_or_else(|_| String::new(), |key| key.to_string())
}

impl From<NoteError> for CheckpointError {
    fn from(error: NoteError) -> Self {
        match error {
            NoteError::Signature | NoteError::Key => Self::Signature,
            NoteError::Name => Self::Origin,
            NoteError::Format => Self::Format,
        }
    }
}

impl Explain for CheckpointError {
    fn code(&self) -> Code {
        match self {
            Self::Origin | Self::Format => codes::CHECKPOINT_FORMAT,
            Self::Signature => codes::CHECKPOINT_SIGNATURE,
        }
    }

    fn help(&self) -> String {
        match self {
            Self::Origin => "name the log by a word, such as the id of the instance",
            Self::Format => "give the text of the checkpoint with its signature line",
            Self::Signature => {
                "compare with a checkpoint kept elsewhere, and check that the key is the log's"
            }
        }
        .to_owned()
    }
}

#[cfg(test)]
mod tests;
