//! What can be wrong with keys, records and weights.

use domain::{Code, Explain};
use thiserror::Error;

use crate::codes;

/// Why something cannot be encrypted, scored or decrypted.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum HomomorphicError {
    /// The bytes are not a file of this kind.
    #[error("this is not a file of {what}, or it is damaged: {reason}")]
    Format {
        /// What should have been in it.
        what: &'static str,
        /// The rule it breaks.
        reason: &'static str,
    },
    /// The file belongs to another key.
    #[error("the records were encrypted under another key")]
    OtherKey,
    /// The records were encoded for another model.
    #[error("the records were encoded for other features than the model reads")]
    OtherEncoding,
    /// A record has another number of inputs.
    #[error("a record has {found} inputs, the model reads {expected}")]
    Width {
        /// What was given.
        found: usize,
        /// What is needed.
        expected: usize,
    },
    /// More inputs than a polynomial holds.
    #[error("a record has {found} inputs; at most {most} can be encrypted")]
    TooWide {
        /// What was given.
        found: usize,
        /// What fits.
        most: usize,
    },
    /// An input is outside -1 to 1.
    #[error("input {input} of a record is not a number between -1 and 1")]
    Feature {
        /// The input, counted from 1.
        input: usize,
    },
    /// The weights are too large.
    #[error(
        "the weights are too large for fixed point: their absolute values add up to 512 or more"
    )]
    Weights,
    /// Nothing to encrypt.
    #[error("there is no record")]
    Empty,
    /// The library refuses.
    #[error("the encryption library refuses: {0}")]
    Library(&'static str),
}

impl Explain for HomomorphicError {
    fn code(&self) -> Code {
        match self {
            Self::Format { .. } => codes::CIPHER_FORMAT,
            Self::OtherKey => codes::CIPHER_KEY,
            Self::OtherEncoding => codes::CIPHER_ENCODING,
            Self::Width { .. } | Self::TooWide { .. } | Self::Empty => codes::CIPHER_WIDTH,
            Self::Feature { .. } | Self::Weights => codes::CIPHER_RANGE,
            Self::Library(_) => codes::CIPHER_LIBRARY,
        }
    }

    fn help(&self) -> String {
        match self {
            Self::Format { .. } => {
                "name a file that `cloister he` wrote, and have it sent again if it was cut off"
            }
            Self::OtherKey => "use the key pair that the records were encrypted with",
            Self::OtherEncoding | Self::Width { .. } => {
                "encrypt the records again with the features file of this model"
            }
            Self::TooWide { .. } => "score a model of this size in the instance, not encrypted",
            Self::Feature { .. } => "scale the inputs to lie between -1 and 1",
            Self::Weights => {
                "train with smaller weights, or score this model in the instance, not encrypted"
            }
            Self::Empty => "give at least one record",
            Self::Library(_) => "this is a bug worth reporting",
        }
        .into()
    }
}
