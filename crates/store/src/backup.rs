//! Copies of an instance in a folder elsewhere, from which it can be made again on another machine.
//!
//! A backup folder holds any number of sets of one instance:
//!
//! | file | what |
//! |---|---|
//! | `cloister-backup` | the format's name and version |
//! | `objects/ab/<digest>` | sealed objects as they are, each once for all sets |
//! | `log/<set>-<n>` | files of the log, sealed; those that never change once for all sets |
//! | `keystores/<digest>` | the keystore as it was, sealed under the passphrase of that time |
//! | `rows/<set>` | the rows of the database, sealed |
//! | `sets/<set>` | the header of the set, in plain text |
//! | `keys/<set>` | the wrapped data keys of the set, sealed once more, in a file of their own |
//!
//! A set is complete once its file in `sets/` has its name; what a killed backup left besides is
//! taken up by the next one. Only what is new is copied. The wrapped data keys stand apart so that
//! a destroyed key can be taken out of every set without touching what it sealed
//! ([`Backup::purge_keys`]).
//!
//! The header tells how many entries, objects and bytes there are, and when; nothing else is
//! readable without the passphrase.

mod check;
mod error;
mod folder;
mod header;
mod purge;
mod restore;
mod rows;
mod take;

pub use check::Checked;
pub use error::BackupError;
pub use folder::Backup;
pub use header::{LogFile, SetHeader, SetId};
pub use purge::Purged;
pub use restore::{Known, Restored, restore};
pub use take::Taken;

#[cfg(test)]
mod tests;
