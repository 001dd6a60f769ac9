//! What an act is done to, and how it ends.

use domain::Digest;
use serde::{Deserialize, Serialize};

use crate::{Word, WordError};

/// What an act is done to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Object {
    /// What kind of thing it is.
    pub kind: ObjectKind,
    /// Its id, or the digest of its name when the name is not a safe word.
    pub id: Word,
}

/// The kinds of things acts are done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ObjectKind {
    /// The whole instance.
    Instance,
    /// A study.
    Study,
    /// A dataset.
    Dataset,
    /// A version of a dataset.
    Version,
    /// A model.
    Model,
    /// A version of a model.
    ModelVersion,
    /// A privacy budget.
    Budget,
    /// An evidence pack.
    Report,
    /// The log.
    Log,
    /// The catalogue of requirements.
    Catalogue,
    /// A key.
    Key,
    /// An operator.
    Operator,
    /// An alert.
    Alert,
    /// A file outside the instance, named by the digest of its path.
    File,
    /// Somebody who received records: 45 CFR 164.528(b)(2)(ii).
    Recipient,
    /// A witness that cosigns checkpoints.
    Witness,
    /// A legal hold, or the rule how long the log is kept.
    Retention,
}

/// How an act ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It was done.
    Done,
    /// Policy said no; nothing was done.
    Refused,
    /// It did not work; nothing of it remains.
    Failed,
    /// It was interrupted, and what it left was taken away.
    Abandoned,
}

impl Object {
    /// Refuses an id that is not a short safe word, see [`Word`].
    pub fn new(kind: ObjectKind, id: impl Into<String>) -> Result<Self, WordError> {
        let id = Word::new(id)?;
        Ok(Self { kind, id })
    }

    /// An object that a digest names: a version by its content, a file by its path.
    pub fn of_digest(kind: ObjectKind, digest: Digest) -> Self {
        let id = digest.into();
        Self { kind, id }
    }

    /// A file, named by the digest of its path: the path itself may say who somebody is.
    pub fn file(path: &str) -> Self {
        Self::of_digest(ObjectKind::File, seal::digest(path.as_bytes()))
    }
}
