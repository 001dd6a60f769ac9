//! The readable part of a set.

use std::{fmt, str::FromStr};

use domain::{Digest, Timestamp};
use seal::{DataKey, Keyring, WrappedKey};
use serde::{Deserialize, Serialize};

use super::BackupError;
use crate::tokens::token;

/// The name of a set: when it was taken, and a random end.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SetId(String);

/// What anybody may know about a set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetHeader {
    /// The version of the format.
    pub format: u32,
    /// The set.
    pub set: SetId,
    /// The log's name, which follows from the instance's signing key.
    pub instance: String,
    /// When it was taken, on the instance's clock.
    pub taken: Timestamp,
    /// The digest of the keystore of that time.
    pub keystore: Digest,
    /// The key of the set, under the key-encryption key of that time.
    pub(crate) key: WrappedKey,
    /// The schema of the rows.
    pub schema: i64,
    /// The signed checkpoint over the log as far as it is in the set.
    pub checkpoint: String,
    /// Log entries in all.
    pub entries: u64,
    /// The files of the log.
    pub log: Vec<LogFile>,
    /// The digest of the sealed rows.
    pub rows: Digest,
    /// Objects.
    pub objects: u64,
    /// Bytes of the objects.
    pub object_bytes: u64,
}

/// A file of the log, in a file of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogFile {
    /// Its name in the folder of the log.
    pub name: String,
    /// Its length.
    pub bytes: u64,
    /// The set that copied it.
    pub set: SetId,
    /// Its number among those of that set; set and number are the name in the backup.
    pub number: u64,
    /// The digest of the sealed copy.
    pub digest: Digest,
    /// The key of the copy, under the key-encryption key of the time of this header.
    pub(crate) key: WrappedKey,
}

impl SetId {
    pub(crate) fn new(taken: Timestamp, entropy: &mut dyn domain::Entropy) -> Self {
        let moment: String = taken
            .to_string()
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .take(15)
            .collect();
        let end: String = token(entropy).chars().take(8).collect();
        Self(format!("{}-{end}", moment.to_ascii_lowercase()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the keys of the set, and of its part of the log, are wrapped for.
    pub(super) fn key_context(&self, instance: &str) -> String {
        format!("backup|{instance}|{self}")
    }
}

impl FromStr for SetId {
    type Err = BackupError;

    /// A name as [`SetId`] prints it; anything else could be a path.
    fn from_str(text: &str) -> Result<Self, BackupError> {
        let safe = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if !text.is_empty() && text.len() <= 40 && text.bytes().all(safe) {
            Ok(Self(text.to_owned()))
        } else {
            Err(BackupError::NoSet)
        }
    }
}

impl TryFrom<String> for SetId {
    type Error = BackupError;

    fn try_from(text: String) -> Result<Self, BackupError> {
        text.parse()
    }
}

impl From<SetId> for String {
    fn from(id: SetId) -> Self {
        id.0
    }
}

impl fmt::Display for SetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl SetHeader {
    /// The version of the format that this program writes.
    pub(super) const FORMAT: u32 = 1;

    /// The key of the set.
    pub(super) fn open_key(&self, keyring: &Keyring) -> Result<DataKey, BackupError> {
        let context = self.set.key_context(&self.instance);
        keyring
            .unwrap(&self.key, &context)
            .map_err(|_| BackupError::damaged(format!("the key of set {} does not open", self.set)))
    }

    /// What the rows are sealed under: another header does not open them.
    pub(super) fn rows_context(instance: &str, set: &SetId) -> String {
        format!("backup|{instance}|{set}|rows")
    }

    /// What the wrapped keys are sealed under.
    pub(super) fn keys_context(&self) -> String {
        format!("backup|{}|{}|keys", self.instance, self.set)
    }
}

impl LogFile {
    /// What a copy is sealed under.
    pub(super) fn context(instance: &str, set: &SetId, name: &str) -> String {
        format!("backup|{instance}|{set}|log|{name}")
    }

    /// The key of the copy.
    pub(super) fn open_key(
        &self,
        instance: &str,
        keyring: &Keyring,
    ) -> Result<DataKey, BackupError> {
        let context = self.set.key_context(instance);
        keyring.unwrap(&self.key, &context).map_err(|_| {
            BackupError::damaged(format!("the key of log file {} does not open", self.name))
        })
    }

    /// Whether a file of this name never changes but by being replaced as a whole.
    pub(super) fn stays(name: &str) -> bool {
        name.starts_with("cold-") || name.starts_with("persons/")
    }

    /// Whether a log has files of such names: nothing else is laid into a new instance.
    pub(super) fn is_known(name: &str) -> bool {
        let safe = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let tail = name.strip_prefix("persons/").unwrap_or(name);
        !tail.is_empty() && tail.bytes().all(safe)
    }
}
