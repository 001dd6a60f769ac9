//! Where things stay, behind one transaction.
//!
//! An instance is one folder (mode 0700):
//!
//! | file | what |
//! |---|---|
//! | `keystore` | the keyring under its root key, which a key service keeps: a passphrase, an HSM, a KMS (mode 0600) |
//! | `keystore.new` | a keystore that was being written when its process died |
//! | `rows.sqlite` | records, each sealed under its noun, id and revision; wrapped data keys; names of objects; or a schema on a PostgreSQL server ([`Places`]) |
//! | `objects/ab/<digest>` | sealed objects, named by the SHA-256 of their ciphertext (`sha256sum` agrees); or `objects/<digest>` in a bucket ([`Places`]) |
//! | `places.json` | where rows and objects are, when they are not here |
//! | `log/entries`, `log/entries-<n>` | the log: framed events with their signed checkpoints, append-only; the events are the leaves of an RFC 6962 tree |
//! | `log/cold-<n>` | its older part, compressed, 65,536 events a file; of a pruned part only hashes |
//! | `log/checkpoints` | signed checkpoints of that tree, one after every append, one a block of 256 in the older part |
//! | `log/published` | the newest checkpoint that others hold: below its size nothing is signed again |
//! | `log/persons/<digest>` | committed sets of persons, named by the SHA-256 of their bytes |
//! | `log/index/`, `log/verified` | the search index and what was verified last; both follow from the log |
//! | `tmp/` | sealed objects that are being written |
//! | `lock` | its advisory lock says which process has the instance |
//!
//! The one way to change something is [`Transaction::commit`], which takes the audit event that
//! tells of it (45 CFR 164.312(b)): first the event is on the medium, then the rows, then a signed
//! checkpoint. [`Store::record`] tells of acts that change nothing, refusals and reads.
//!
//! ```no_run
//! use audit::{Event, Object, ObjectKind, Outcome};
//! use cloister_store::{Noun, Store};
//! use domain::{Action, Clock, OperatorId, Role};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let passphrase = seal::Passphrase::new("correct horse battery staple");
//! # let clock = domain::FixedClock(domain::Timestamp::from_millis(0));
//! let store = Store::open("instance".as_ref(), &passphrase, &clock)?;
//! let mut transaction = store.begin()?;
//! transaction.insert(Noun::Study, "readmission", &["purpose", "research"])?;
//! let event = Event::new(
//!     clock.now(),
//!     OperatorId::new("ada")?,
//!     Role::DataScientist,
//!     Action::RunStudy,
//!     Object::new(ObjectKind::Study, "readmission")?,
//!     Outcome::Done,
//! );
//! let position = transaction.commit(event)?;
//! # Ok(())
//! # }
//! ```
//!
//! Not here: decisions, business words such as approve, cipher calls of its own.

pub mod backup;
mod codes;
mod disk;
mod error;
mod fence;
mod home;
pub mod keys;
mod log;
mod objects;
mod places;
mod position;
mod record;
mod rows;
mod store;
mod tokens;
mod transaction;

pub use codes::CODES;
pub use error::StoreError;
pub use home::FileRole;
pub use log::search::Hit;
pub use objects::{ObjectReader, ObjectRef, ObjectsVerified, SealedBytes, Shelved};
pub use places::{BucketPlace, Places, PostgresPlace};
pub use position::Position;
pub use record::{Noun, Record};
pub use store::{
    Events, Kept, KeyInfo, LogStanding, Opener, Opening, Recovery, RowsDescribed, RowsVerified,
    Store, accept_published,
    traces::{KeyWitness, Traces},
};
pub use transaction::Transaction;

#[cfg(test)]
mod tests;
