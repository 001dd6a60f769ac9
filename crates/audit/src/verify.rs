//! Recomputing a whole log.

use std::error::Error as StdError;

use domain::{Code, Digest, Explain};
use seal::PublicKey;
use thiserror::Error;

use crate::{Checkpoint, CheckpointError, Tree, codes, leaf_hash};

/// A log that holds: every entry is what it was when the newest checkpoint was signed.
///
/// Size and root can be compared with a checkpoint kept elsewhere: only that shows that log and
/// checkpoints were not both set back to an older state.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Verified {
    /// The name of the log.
    pub origin: String,
    /// How many entries it has.
    pub size: u64,
    /// The root of the tree over them.
    pub root: Digest,
    /// How many checkpoints were checked.
    pub checkpoints: u64,
    /// How many of the oldest entries were pruned: only their hashes were there.
    pub pruned: u64,
    /// How many entries say an earlier time than the one before them: a clock was set back. Their
    /// order is what is signed.
    pub clock_set_back: u64,
}

/// What is wrong with a log. Entries and checkpoints are counted from 0.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Broken {
    /// There is no checkpoint to compare with.
    #[error("the log has no checkpoint, so nothing shows that it is whole")]
    NoCheckpoint,
    /// A checkpoint is not one, or its signature does not hold.
    #[error("checkpoint {checkpoint} of the log is not valid")]
    Checkpoint {
        /// Its place in the history.
        checkpoint: u64,
        /// Why.
        source: CheckpointError,
    },
    /// A checkpoint says less than the one before it.
    #[error("checkpoint {checkpoint} of the log goes back behind the one before it")]
    Backwards {
        /// Its place in the history.
        checkpoint: u64,
    },
    /// A checkpoint names another log than the first.
    #[error("checkpoint {checkpoint} belongs to another log")]
    OtherLog {
        /// Its place in the history.
        checkpoint: u64,
    },
    /// An entry cannot be read.
    #[error("entry {index} of the log cannot be read")]
    Frame {
        /// The entry.
        index: u64,
        /// What the store says.
        source: Box<dyn StdError + Send + Sync>,
    },
    /// The first entries that are not what they were: one of them was changed, left out, put in
    /// or moved.
    #[error("the log was changed: the first bad entry is {}", range(*first, *last))]
    Changed {
        /// The first entry since the last checkpoint that holds.
        first: u64,
        /// The last entry that the first checkpoint that does not hold speaks of.
        last: u64,
    },
    /// The newest entries are gone.
    #[error("the end of the log is missing: it has {entries} entries, {signed} were signed")]
    Missing {
        /// How many there are: also the index of the first missing one.
        entries: u64,
        /// How many the newest checkpoint speaks of.
        signed: u64,
    },
    /// Entries follow that no checkpoint speaks of.
    #[error("entry {first} and later were added without a checkpoint")]
    Unsigned {
        /// The first of them.
        first: u64,
    },
}

/// Recomputes a log and compares it with the whole history of its checkpoints.
///
/// `entries` are the entries in order, `history` the texts of the checkpoints in the order in
/// which they were signed, one per commit. A checkpoint kept elsewhere can stand at its place in
/// `history` as well. Every signature is checked once (about 40 µs each), every entry hashed once.
///
/// # Guarantee
/// Success means that the entries are exactly those of the newest checkpoint, which the owner of
/// `key` signed. Failure names the first entry that is not what it was: to the entry when commits
/// hold one entry each, to the commit otherwise.
///
/// ```
/// use cloister_audit::{Broken, Checkpoint, Tree, leaf_hash, verify};
/// use seal::{Argon2Cost, Keyring, Passphrase, SystemEntropy};
/// let passphrase = Passphrase::new("correct horse battery staple");
/// let (keyring, _) = Keyring::create(&passphrase, Argon2Cost::light(), &mut SystemEntropy::new())?;
/// let mut tree = Tree::new();
/// let mut history = Vec::new();
/// for entry in ["one", "two", "three"] {
///     tree.push(leaf_hash(entry.as_bytes()));
///     history.push(Checkpoint::of("log", &tree)?.sign(&keyring));
/// }
/// let key = keyring.checkpoint_key();
/// let log = |entries: [&str; 3]| entries.map(|entry| Ok::<_, std::io::Error>(entry.to_owned()));
///
/// assert_eq!(verify(log(["one", "two", "three"]), &history, &key)?.size, 3);
/// let broken = verify(log(["one", "2", "three"]), &history, &key).unwrap_err();
/// assert!(matches!(broken, Broken::Changed { first: 1, last: 1 }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn verify<B, E>(
    entries: impl IntoIterator<Item = Result<B, E>>,
    history: &[impl AsRef<str>],
    key: &PublicKey,
) -> Result<Verified, Broken>
where
    B: AsRef<[u8]>,
    E: Into<Box<dyn StdError + Send + Sync>>,
{
    let mut check = Check::of(history, key)?;
    for entry in entries {
        if check.is_complete() {
            return Err(Broken::Unsigned {
                first: check.size(),
            });
        }
        let entry = readable(entry, check.size())?;
        check.entry(entry.as_ref())?;
    }
    check.finish()
}

/// The same check, fed entry by entry: for logs whose oldest entries were pruned, and for a log of
/// which a part was verified before.
#[derive(Debug)]
pub struct Check {
    history: Vec<Checkpoint>,
    /// The next checkpoint to compare with.
    due: usize,
    tree: Tree,
    /// Entries that the last good checkpoint speaks of.
    held: u64,
    pruned: u64,
    /// The time of the entry before, as it stands in its text.
    time: [u8; 24],
    clock_set_back: u64,
}

impl Check {
    /// Begins with an empty log.
    pub fn of(history: &[impl AsRef<str>], key: &PublicKey) -> Result<Self, Broken> {
        Self::after(Tree::new(), history, key)
    }

    /// Begins after the entries of `tree`, which were verified before. Checkpoints about fewer
    /// entries are read and not compared.
    pub fn after(tree: Tree, history: &[impl AsRef<str>], key: &PublicKey) -> Result<Self, Broken> {
        let history = read_history(history, key)?;
        if history.is_empty() {
            return Err(Broken::NoCheckpoint);
        }
        let mut check = Self {
            history,
            due: 0,
            held: tree.size(),
            tree,
            pruned: 0,
            time: [0; 24],
            clock_set_back: 0,
        };
        check.compare_due()?;
        Ok(check)
    }

    /// How many entries were taken.
    pub const fn size(&self) -> u64 {
        self.tree.size()
    }

    /// Whether all checkpoints were compared: a further entry is one that nobody signed.
    pub fn is_complete(&self) -> bool {
        self.due >= self.history.len()
    }

    /// Takes the next entry.
    pub fn entry(&mut self, entry: &[u8]) -> Result<(), Broken> {
        self.hashed(entry, leaf_hash(entry))
    }

    /// Takes the next entry with its leaf hash, which the caller has made.
    pub fn hashed(&mut self, entry: &[u8], leaf: Digest) -> Result<(), Broken> {
        self.look_at_time(entry);
        self.tree.push(leaf);
        self.compare_due()
    }

    /// Takes the next 2^`level` entries with their leaf hashes and the root over them, all of which
    /// the caller has made: two hashes an entry become one where no checkpoint lies within.
    pub fn subtree<'a>(
        &mut self,
        level: u32,
        root: Digest,
        entries: impl IntoIterator<Item = (&'a [u8], Digest)>,
    ) -> Result<(), Broken> {
        let width = 1_u64.checked_shl(level).unwrap_or(u64::MAX);
        let end = self.size().saturating_add(width);
        let due = self.history.get(self.due);
        let whole = due.is_some_and(|checkpoint| checkpoint.size() >= end);
        for (entry, leaf) in entries {
            if whole {
                self.look_at_time(entry);
            } else if self.is_complete() {
                return Err(Broken::Unsigned { first: self.size() });
            } else {
                self.hashed(entry, leaf)?;
            }
        }
        if whole && !self.tree.push_subtree(level, root) {
            let first = self.size();
            return Err(Broken::Changed { first, last: first });
        }
        self.compare_due()
    }

    fn look_at_time(&mut self, entry: &[u8]) {
        // `{"v":2,"time":"2026-11-22T15:00:04.123Z"`: times of one form compare as texts.
        let time = entry.get(TIME).and_then(|time| time.first_chunk::<24>());
        if let Some(time) = time.filter(|_| entry.get(8..15) == Some(br#"time":""#)) {
            self.clock_set_back += u64::from(*time < self.time);
            self.time = *time;
        }
    }

    /// Takes a subtree whose entries were pruned, by its root: the checkpoints within it are not
    /// compared, those after it are.
    pub fn pruned(&mut self, level: u32, root: Digest) -> Result<(), Broken> {
        let before = self.tree.size();
        if !self.tree.push_subtree(level, root) {
            return Err(Broken::Changed {
                first: before,
                last: before,
            });
        }
        self.pruned = self.tree.size();
        self.compare_due()
    }

    /// All entries were taken.
    pub fn finish(self) -> Result<Verified, Broken> {
        let newest = self.history.last().ok_or(Broken::NoCheckpoint)?;
        if !self.is_complete() {
            return Err(Broken::Missing {
                entries: self.tree.size(),
                signed: newest.size(),
            });
        }
        if newest.size() < self.tree.size() {
            return Err(Broken::Unsigned {
                first: newest.size(),
            });
        }
        Ok(Verified {
            origin: newest.origin().to_owned(),
            size: newest.size(),
            root: newest.root(),
            checkpoints: self.history.len() as u64,
            pruned: self.pruned,
            clock_set_back: self.clock_set_back,
        })
    }

    /// The tree over what was taken.
    pub const fn tree(&self) -> &Tree {
        &self.tree
    }

    fn compare_due(&mut self) -> Result<(), Broken> {
        while let Some(checkpoint) = self.history.get(self.due) {
            if checkpoint.size() > self.tree.size() {
                break;
            }
            if checkpoint.size() == self.tree.size() {
                compare(&self.tree, checkpoint, self.held)?;
                self.held = self.tree.size();
            }
            self.due += 1;
        }
        Ok(())
    }
}

/// Where the time of an event stands.
const TIME: std::ops::Range<usize> = 15..39;

fn readable<B, E: Into<Box<dyn StdError + Send + Sync>>>(
    entry: Result<B, E>,
    index: u64,
) -> Result<B, Broken> {
    entry.map_err(|source| Broken::Frame {
        index,
        source: source.into(),
    })
}

fn read_history(history: &[impl AsRef<str>], key: &PublicKey) -> Result<Vec<Checkpoint>, Broken> {
    let mut read: Vec<Checkpoint> = Vec::with_capacity(history.len());
    for (checkpoint, text) in (0..).zip(history) {
        let next = Checkpoint::parse_and_verify(text.as_ref(), key)
            .map_err(|source| Broken::Checkpoint { checkpoint, source })?;
        if let Some(before) = read.last() {
            if next.origin() != before.origin() {
                return Err(Broken::OtherLog { checkpoint });
            }
            if next.size() < before.size() {
                return Err(Broken::Backwards { checkpoint });
            }
        }
        read.push(next);
    }
    Ok(read)
}

/// `held` is how many entries the last good checkpoint speaks of. Two checkpoints of one size with
/// different roots cannot both be about this log: the log is then bad from its start.
fn compare(tree: &Tree, checkpoint: &Checkpoint, held: u64) -> Result<(), Broken> {
    if tree.root() == checkpoint.root() {
        return Ok(());
    }
    let first = if held < checkpoint.size() { held } else { 0 };
    Err(Broken::Changed {
        first,
        last: checkpoint.size().saturating_sub(1),
    })
}

impl Explain for Broken {
    fn code(&self) -> Code {
        match self {
            Self::NoCheckpoint => codes::NO_CHECKPOINT,
            Self::Checkpoint { source, .. } => source.code(),
            Self::Backwards { .. } => codes::BACKWARDS,
            Self::OtherLog { .. } => codes::OTHER_LOG,
            Self::Frame { .. } => codes::FRAME,
            Self::Changed { .. } => codes::EDITED,
            Self::Missing { .. } => codes::MISSING,
            Self::Unsigned { .. } => codes::UNSIGNED,
        }
    }

    fn help(&self) -> String {
        match self {
            Self::NoCheckpoint | Self::Checkpoint { .. } | Self::Backwards { .. } => {
                "restore the checkpoints from a backup or from a copy kept elsewhere, and treat \
                 this as a security incident"
            }
            Self::OtherLog { .. } => "give the log and the checkpoints of one instance",
            Self::Frame { .. }
            | Self::Changed { .. }
            | Self::Missing { .. }
            | Self::Unsigned { .. } => {
                "keep the log as it is, compare it with a backup, and treat this as a security \
                 incident"
            }
        }
        .to_owned()
    }
}

fn range(first: u64, last: u64) -> String {
    if first == last {
        format!("number {first}")
    } else {
        format!("one of number {first} to {last}")
    }
}

#[cfg(test)]
mod tests;
