use domain::{Code, Explain, Timestamp};
use thiserror::Error;

use super::Class;
use crate::codes;

/// Why a period, a hold or a disposal is refused.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum RetentionError {
    /// A period below the legal minimum.
    #[error("{years} years are too few for a {}: the least is {min}", .class.word())]
    TooShort {
        /// What is kept.
        class: Class,
        /// The period asked for.
        years: u16,
        /// The least.
        min: u16,
    },
    /// A matter that is not a short word.
    #[error("a matter is 1 to 40 characters out of a-z, 0-9 and `-`")]
    Matter,
    /// The hold stands already.
    #[error("the hold for `{matter}` stands already")]
    HoldExists {
        /// The matter.
        matter: String,
    },
    /// There is no such hold.
    #[error("no hold for `{matter}` stands")]
    HoldMissing {
        /// The matter.
        matter: String,
    },
    /// A legal hold forbids it.
    #[error("`{name}` is under a legal hold for `{matter}`")]
    Held {
        /// The thing.
        name: String,
        /// The matter.
        matter: String,
    },
    /// Its time is not over.
    #[error("`{name}` is to be kept until {until}")]
    NotDue {
        /// The thing.
        name: String,
        /// The end of its period.
        until: Timestamp,
    },
    /// Its keys are destroyed already.
    #[error("the keys of `{name}` are destroyed already")]
    Disposed {
        /// The dataset or the model.
        name: String,
    },
    /// Its keys went with those of its datasets.
    #[error("the keys of the model `{model}` went with those of {datasets}")]
    WentWith {
        /// The model.
        model: String,
        /// The datasets it learnt from.
        datasets: String,
    },
    /// A model of before: the key of its dataset seals it.
    #[error(
        "version {number} of `{model}` is sealed under the key of its dataset `{dataset}`: it was registered before models had keys of their own"
    )]
    NotAlone {
        /// The model.
        model: String,
        /// The version.
        number: u64,
        /// The dataset.
        dataset: String,
    },
    /// The key of a version seals versions of other models, too.
    #[error("the key of version {number} of `{model}` also seals {others}")]
    KeyShared {
        /// The model.
        model: String,
        /// The version.
        number: u64,
        /// Other models with their versions.
        others: String,
    },
    /// A destroyed key is still to be found.
    #[error("a copy of the destroyed key was found in {}", places.join(", "))]
    CopyFound {
        /// Where.
        places: Vec<String>,
    },
    /// Not a certificate, or one that was changed.
    #[error("this is not a certificate of sanitisation that its signature holds for")]
    Certificate,
}

impl Explain for RetentionError {
    fn code(&self) -> Code {
        match self {
            Self::TooShort { .. } => codes::PERIOD_TOO_SHORT,
            Self::Matter => codes::MATTER,
            Self::HoldExists { .. } | Self::HoldMissing { .. } => codes::HOLD,
            Self::Held { .. } => codes::HELD,
            Self::NotDue { .. } => codes::NOT_DUE,
            Self::Disposed { .. } | Self::WentWith { .. } => codes::DISPOSED,
            Self::NotAlone { .. } | Self::KeyShared { .. } => codes::NOT_ALONE,
            Self::CopyFound { .. } => codes::COPY_FOUND,
            Self::Certificate => codes::SANITISATION,
        }
    }

    fn help(&self) -> String {
        match self {
            Self::TooShort { .. } => "choose a longer period",
            Self::Matter => "use a case number or another short word; never a person's name",
            Self::HoldExists { .. } => "it needs no second one; `cloister retention list` shows it",
            Self::HoldMissing { .. } => "see `cloister retention list` for the holds that stand",
            Self::Held { .. } => "have the hold lifted by the officer who placed it",
            Self::NotDue { .. } => {
                "wait, have the schedule changed, or say `--early` if the law and your contracts allow it"
            }
            Self::Disposed { .. } => "its certificate is shown by `cloister retention certificate`",
            Self::WentWith { .. } => {
                "the certificate of the dataset names the model; dispose of the dataset where it has none"
            }
            Self::NotAlone { .. } => {
                "dispose of the dataset, which takes the model along; what is trained from now on has a key of its own"
            }
            Self::KeyShared { .. } => {
                "dispose of the dataset they learnt from, which takes all of them along"
            }
            Self::CopyFound { .. } => {
                "remove that copy and run `cloister retention verify` again; no certificate is given until then"
            }
            Self::Certificate => "get the file again from whoever issued it",
        }
        .to_owned()
    }
}
