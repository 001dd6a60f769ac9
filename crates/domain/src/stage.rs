use std::fmt;

use serde::{Deserialize, Serialize};

/// One of the ten stages in the life of data.
///
/// The same word names the module in `flow`, the command-line verb, the chapter of the docs and
/// the journey test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Files come in with a declared purpose and legal basis.
    Ingest,
    /// Columns and text are mapped to identifier categories.
    Classify,
    /// Objects are sealed and read back.
    Encrypt,
    /// Identifiers are taken out.
    Deidentify,
    /// Re-identification risk is measured.
    Assess,
    /// A model is fitted under a privacy budget.
    Train,
    /// The model is tested on data it has not seen, and attacked.
    Validate,
    /// The model becomes an immutable, signed version.
    Register,
    /// Predictions leave through an output filter.
    Serve,
    /// Drift is measured and alerts are raised.
    Monitor,
}

impl Stage {
    /// All stages in the order in which a study goes through them.
    pub const ALL: [Self; 10] = [
        Self::Ingest,
        Self::Classify,
        Self::Encrypt,
        Self::Deidentify,
        Self::Assess,
        Self::Train,
        Self::Validate,
        Self::Register,
        Self::Serve,
        Self::Monitor,
    ];

    /// The stage's word, in lower case.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ingest => "ingest",
            Self::Classify => "classify",
            Self::Encrypt => "encrypt",
            Self::Deidentify => "deidentify",
            Self::Assess => "assess",
            Self::Train => "train",
            Self::Validate => "validate",
            Self::Register => "register",
            Self::Serve => "serve",
            Self::Monitor => "monitor",
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}
