use serde::{Deserialize, Serialize};

/// How much a column says about who a person is; it decides the handling of the column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sensitivity {
    /// Says nothing about a person.
    Public,
    /// Health content that does not single anybody out by itself.
    Clinical,
    /// Singles people out in combination: age, sex, three-digit ZIP.
    Quasi,
    /// Running text that may hold anything.
    FreeText,
    /// One of the eighteen identifier categories.
    Direct,
}
