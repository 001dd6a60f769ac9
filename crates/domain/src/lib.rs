//! The words that two rooms must agree on and that are stored or sent.
//!
//! Nothing here has behaviour beyond construct, parse and print, and nothing here knows Arrow,
//! files, clocks or cryptography.

mod action;
mod budget;
mod code;
mod digest;
mod entropy;
mod id;
mod identifier;
mod phi;
mod purpose;
mod sensitivity;
mod stage;
mod time;

pub use action::{Action, Role};
pub use budget::{BudgetError, Delta, Epsilon};
pub use code::{Code, Exit, Explain};
pub use digest::{Digest, DigestError};
pub use entropy::Entropy;
pub use id::{DatasetId, IdError, KeyId, ModelId, OperatorId, RunId, StudyId, VersionId};
pub use identifier::{Identifier, IdentifierError};
pub use phi::Phi;
pub use purpose::{LegalBasis, Purpose, WordError};
pub use sensitivity::Sensitivity;
pub use stage::Stage;
pub use time::{Clock, FixedClock, Timestamp, TimestampError};
