//! The words of `cloister backup` and `cloister restore`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `cloister backup`
#[derive(Debug, Args)]
pub(crate) struct BackupOf {
    /// The backup folder: a new or empty one, or one with earlier sets of this instance
    #[arg(required = true, value_name = "DIR")]
    pub(crate) folder: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) verb: Option<BackupVerb>,
}

/// `cloister backup …`
#[derive(Debug, Subcommand)]
pub(crate) enum BackupVerb {
    /// The sets of a backup folder, as their headers say (no passphrase needed)
    #[command(after_help = "Example:\n  cloister backup list /mnt/backup")]
    List {
        /// The backup folder
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
    /// Open a set and compare every file of it: log, rows, keys, objects (no instance needed)
    #[command(after_help = "Example:\n  cloister backup verify /mnt/backup")]
    Verify {
        /// The backup folder
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// The set; the newest when left out
        #[arg(long)]
        set: Option<String>,
    },
}

/// `cloister restore`
#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// The backup folder
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// The set; the newest when left out
    #[arg(long)]
    pub(crate) set: Option<String>,
    /// The newest checkpoint of the log that left the instance: of an export, a report or a witness
    #[arg(long, value_name = "FILE")]
    pub(crate) published: Option<PathBuf>,
    /// Read everything of the restored instance once: log, rows, objects
    #[arg(long)]
    pub(crate) verify: bool,
}
