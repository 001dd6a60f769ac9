//! The words of `cloister doctor`.

use clap::Args;

/// `cloister doctor`
#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// Check rows, objects, keys and log against each other, and tell what the database is
    #[arg(long)]
    pub(crate) db: bool,
}
