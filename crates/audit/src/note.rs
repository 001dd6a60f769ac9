//! C2SP signed notes with Ed25519, <https://c2sp.org/signed-note>: text, an empty line, signature
//! lines; and the keys that check them, as text.

use std::{fmt, str::FromStr};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::{Code, Explain};
use seal::{Algorithm, PublicKey, Signature};
use thiserror::Error;

use crate::codes;

/// What a key signs; its number goes into the key's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyKind {
    /// 0x01: the log's own signature under a note.
    Note,
    /// 0x04: a timestamped cosignature, `cosignature/v1`.
    Cosignature,
}

/// A public key with the name it signs under: `<name>+<key id>+<base64 of kind and key>`.
///
/// ```
/// use cloister_audit::VerifierKey;
/// let text = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
/// let key: VerifierKey = text.parse()?;
/// assert_eq!(key.name(), "example.com/foo");
/// assert_eq!(key.to_string(), text);
/// # Ok::<(), cloister_audit::NoteError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    kind: KeyKind,
    key: PublicKey,
}

/// Why a text is not a note or not a key of one.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoteError {
    /// Not a verifier key: its parts, its id or its kind do not fit.
    #[error("this text is not a verifier key, `name+id+key`, of Ed25519")]
    Key,
    /// A name that cannot stand in a note.
    #[error("the name of a log or witness has 1 to 128 visible ASCII characters other than `+`")]
    Name,
    /// Not a signed note.
    #[error("this text is not a signed note")]
    Format,
    /// No signature of this key, or one that does not hold.
    #[error("the note has no signature of this key that holds")]
    Signature,
}

/// A note taken apart; nothing in it is checked yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Note<'a> {
    body: &'a str,
    signatures: &'a str,
}

impl KeyKind {
    const fn number(self) -> u8 {
        match self {
            Self::Note => 1,
            Self::Cosignature => 4,
        }
    }
}

impl VerifierKey {
    /// A key under a name; refuses names that cannot stand in a note, and keys not of Ed25519.
    pub fn new(name: impl Into<String>, kind: KeyKind, key: PublicKey) -> Result<Self, NoteError> {
        let name = name.into();
        if !is_name(&name) {
            return Err(NoteError::Name);
        }
        if key.algorithm() != Algorithm::Ed25519 {
            return Err(NoteError::Key);
        }
        Ok(Self { name, kind, key })
    }

    /// The name it signs under.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it signs.
    pub const fn kind(&self) -> KeyKind {
        self.kind
    }

    /// The key.
    pub const fn key(&self) -> &PublicKey {
        &self.key
    }

    /// The first four bytes of SHA-256(name ‖ newline ‖ kind ‖ key).
    pub fn id(&self) -> [u8; 4] {
        let kind = [self.kind.number()];
        let bytes = [self.name.as_bytes(), b"\n", &kind, self.key.as_bytes()].concat();
        let [a, b, c, d, ..] = seal::digest(&bytes).0;
        [a, b, c, d]
    }

    /// `— <name> <base64 of key id and bytes>`, with its newline.
    pub(crate) fn line(&self, bytes: &[u8]) -> String {
        let bytes = [&self.id(), bytes].concat();
        format!("— {} {}\n", self.name, STANDARD.encode(bytes))
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = u32::from_be_bytes(self.id());
        let bytes = [&[self.kind.number()], self.key.as_bytes()].concat();
        write!(f, "{}+{id:08x}+{}", self.name, STANDARD.encode(bytes))
    }
}

impl FromStr for VerifierKey {
    type Err = NoteError;

    fn from_str(text: &str) -> Result<Self, NoteError> {
        let text = text.trim_end_matches(['\n', '\r']);
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(_id), Some(bytes)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(NoteError::Key);
        };
        let bytes = STANDARD.decode(bytes).map_err(|_| NoteError::Key)?;
        let (kind, raw) = bytes.split_first().ok_or(NoteError::Key)?;
        let kinds = [KeyKind::Note, KeyKind::Cosignature];
        let kind = kinds.into_iter().find(|known| known.number() == *kind);
        let key = PublicKey::from_bytes(Algorithm::Ed25519, raw).map_err(|_| NoteError::Key)?;
        let key = Self::new(name, kind.ok_or(NoteError::Key)?, key)?;
        if key.to_string() == text {
            Ok(key)
        } else {
            Err(NoteError::Key)
        }
    }
}

impl<'a> Note<'a> {
    /// Parts a note at its last empty line.
    pub fn read(text: &'a str) -> Result<Self, NoteError> {
        let (body, signatures) = text.rsplit_once("\n\n").ok_or(NoteError::Format)?;
        let body = text.get(..=body.len()).ok_or(NoteError::Format)?;
        if signatures.ends_with('\n') && signatures.lines().count() <= LINES_MAX {
            Ok(Self { body, signatures })
        } else {
            Err(NoteError::Format)
        }
    }

    /// The signed text, with its last newline.
    pub const fn body(&self) -> &'a str {
        self.body
    }

    /// The lines of signatures.
    pub const fn signatures(&self) -> &'a str {
        self.signatures
    }

    /// What stands after the key id in every line of this key.
    pub(crate) fn lines_of(&self, key: &VerifierKey) -> Vec<Vec<u8>> {
        let lines = self.signatures.lines();
        lines
            .filter_map(|line| line.strip_prefix("— ")?.split_once(' '))
            .filter(|(signer, _)| *signer == key.name)
            .filter_map(|(_, bytes)| STANDARD.decode(bytes).ok())
            .filter_map(|bytes| Some(bytes.strip_prefix(&key.id())?.to_vec()))
            .collect()
    }

    /// Whether the note has a signature of this key of kind [`KeyKind::Note`] that holds; a second
    /// line of the same key must hold too.
    pub fn is_signed_by(&self, key: &VerifierKey) -> bool {
        let lines = self.lines_of(key);
        key.kind == KeyKind::Note
            && !lines.is_empty()
            && lines.into_iter().all(|bytes| {
                let signature = Signature::new(Algorithm::Ed25519, bytes);
                key.key.verify(self.body.as_bytes(), &signature).is_ok()
            })
    }
}

/// Whether a text can name a log or a witness here: visible ASCII without `+`.
pub(crate) fn is_name(text: &str) -> bool {
    (1..=128).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'+')
}

impl Explain for NoteError {
    fn code(&self) -> Code {
        match self {
            Self::Key | Self::Name => codes::VERIFIER_KEY,
            Self::Format => codes::CHECKPOINT_FORMAT,
            Self::Signature => codes::CHECKPOINT_SIGNATURE,
        }
    }

    fn help(&self) -> String {
        match self {
            Self::Key => "give the key as its owner published it, on one line",
            Self::Name => "name it by a word or by a host and path, such as example.org/log",
            Self::Format => "give the whole note with its signature lines",
            Self::Signature => "check that note and key belong to the same log or witness",
        }
        .to_owned()
    }
}

/// The specification asks verifiers to read 16 signatures at least.
const LINES_MAX: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of Go's `golang.org/x/mod/sumdb/note`, which the specification grew out of.
    #[test]
    fn the_note_of_the_go_implementation_is_accepted() {
        let text = "If you think cryptography is the answer to your problem,\n\
                    then you don't know what your problem is.\n\n\
                    — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXg\
                    KvqfqdngotpRZb6KE6RyyBwJnAM=\n";
        let key: VerifierKey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
            .parse()
            .unwrap();
        assert!(Note::read(text).unwrap().is_signed_by(&key));
        let changed = text.replacen("If", "if", 1);
        assert!(!Note::read(&changed).unwrap().is_signed_by(&key));
        let twice = format!(
            "{text}{}",
            text.lines()
                .last()
                .unwrap()
                .replacen("x08go/ZJ", "x08go/ZK", 1)
                + "\n"
        );
        assert!(!Note::read(&twice).unwrap().is_signed_by(&key));
    }

    #[test]
    fn keys_that_do_not_fit_their_id_are_refused() {
        let good = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
        assert!(good.parse::<VerifierKey>().is_ok());
        for refused in [
            good.replacen("530d903a", "530d903b", 1),
            good.replacen("foo", "bar", 1),
            good.replacen("+Aeky", "+Beky", 1),
            good.replacen("example.com/foo", "example com", 1),
            String::new(),
            "a+b".to_owned(),
        ] {
            assert!(refused.parse::<VerifierKey>().is_err(), "{refused}");
        }
    }
}
