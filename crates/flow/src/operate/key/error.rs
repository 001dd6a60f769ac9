use domain::{Code, DatasetId, Explain, KeyId, ModelId, OperatorId, Timestamp};
use seal::KeyState;
use thiserror::Error;

use crate::codes;

/// Why nothing was done with the keys.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum KeyError {
    /// A second person must approve first.
    #[error("this takes two persons: request `{request}` waits for a second one's approval")]
    NeedsApproval {
        /// The request.
        request: String,
    },
    /// Nobody is registered who could approve.
    #[error("this takes two persons, and nobody but `{operator}` is registered who could approve")]
    NoApprover {
        /// Who asks.
        operator: OperatorId,
    },
    /// The name is registered already.
    #[error("`{name}` is registered as an approver already")]
    ApproverExists {
        /// The name.
        name: OperatorId,
    },
    /// The name is not registered.
    #[error("`{name}` is not registered as an approver")]
    ApproverUnknown {
        /// The name.
        name: OperatorId,
    },
    /// There is no such request, or it was used.
    #[error("there is no open request `{request}`")]
    RequestUnknown {
        /// The request.
        request: String,
    },
    /// The approver is who asked, or was registered only after it was asked for.
    #[error("`{name}` cannot approve this: {reason}")]
    NotSecond {
        /// The approver.
        name: OperatorId,
        /// Why not.
        reason: &'static str,
    },
    /// The request is too old, or the clock stands before it.
    #[error("the request was good from {from} until {until}, and it is {now}")]
    NotNow {
        /// When it was made.
        from: Timestamp,
        /// Its end.
        until: Timestamp,
        /// The clock.
        now: Timestamp,
    },
    /// The approval's signature does not hold.
    #[error("the approval of request `{request}` is not what `{name}` signed")]
    Forged {
        /// The request.
        request: String,
        /// The approver.
        name: OperatorId,
    },
    /// The approver's own passphrase does not open the key.
    #[error("the approver's own passphrase is not taken: {0}")]
    Passphrase(#[source] seal::KeyringError),
    /// The root key cannot be shared out or joined.
    #[error(transparent)]
    Share(#[from] seal::ShareError),
    /// No such key-encryption key.
    #[error("there is no key-encryption key `{kek}`")]
    UnknownKek {
        /// Its name.
        kek: KeyId,
    },
    /// It is in use, or gone.
    #[error("the key-encryption key is {state}")]
    KekState {
        /// Its state.
        state: KeyState,
    },
    /// It still wraps data keys.
    #[error("{left} data keys are not wrapped under the active key-encryption key yet")]
    StillWraps {
        /// How many.
        left: u64,
    },
    /// It seals a registered model, which has a disposal of its own.
    #[error("`{name}` is the key of the registered model `{model}`")]
    OfModel {
        /// The name of the key.
        name: DatasetId,
        /// The model.
        model: ModelId,
    },
    /// A period that ends before it begins.
    #[error("the key's period began at {since} and must end after that")]
    Period {
        /// Its beginning.
        since: Timestamp,
    },
}

impl Explain for KeyError {
    fn code(&self) -> Code {
        match self {
            Self::NeedsApproval { .. } | Self::NoApprover { .. } => codes::NEEDS_APPROVAL,
            Self::ApproverExists { .. }
            | Self::ApproverUnknown { .. }
            | Self::RequestUnknown { .. } => codes::APPROVER,
            Self::NotSecond { .. } | Self::NotNow { .. } => codes::NOT_SECOND,
            Self::Forged { .. } => codes::FORGED_APPROVAL,
            Self::Passphrase(error) => error.code(),
            Self::Share(error) => error.code(),
            Self::UnknownKek { .. }
            | Self::KekState { .. }
            | Self::StillWraps { .. }
            | Self::OfModel { .. }
            | Self::Period { .. } => codes::KEY_ACT,
        }
    }

    fn help(&self) -> String {
        match self {
            Self::NeedsApproval { request } => {
                return format!(
                    "let the second person run `cloister key approve {request} --as NAME`, then run this again"
                );
            }
            Self::NoApprover { .. } => {
                "let a second person register with `cloister key approver NAME`, under a passphrase of their own, then run this again"
            }
            Self::ApproverExists { .. } => "choose another name; a registration is never replaced",
            Self::ApproverUnknown { .. } => "register with `cloister key approver NAME`",
            Self::RequestUnknown { .. } => "see `cloister key status` for the open requests",
            Self::NotSecond { .. } => "ask somebody else who was registered before",
            Self::NotNow { .. } => "ask again, or set the machine's clock",
            Self::Forged { .. } => {
                "somebody changed what is stored: tell the security officer and look at the log"
            }
            Self::Passphrase(_) => "type it again; it is not the instance's passphrase",
            Self::Share(error) => return error.help(),
            Self::UnknownKek { .. } => "see `cloister key status`",
            Self::KekState { .. } => "rotate first with `cloister key rotate`",
            Self::StillWraps { .. } => "finish with `cloister key rewrap` first",
            Self::OfModel { model, .. } => {
                return format!("dispose of the model with `cloister retention dispose --model {model}`");
            }
            Self::Period { .. } => "give a later date, for example --until 2027-12-31",
        }
        .to_owned()
    }
}
