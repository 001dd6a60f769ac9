//! The words of `cloister retention`.

use clap::{Args, Subcommand};

/// `cloister retention …`
#[derive(Debug, Subcommand)]
pub(crate) enum KeepingVerb {
    /// Everything that is kept, until when, and the holds on it
    #[command(after_help = "Example:\n  cloister retention list")]
    List,
    /// Say how long a dataset, model or document is kept, or all of a class (`*`)
    #[command(
        after_help = "Examples:\n  cloister retention set dataset readmission --years 10\n  cloister retention set document '*' --years 7"
    )]
    Set {
        #[command(flatten)]
        kept: Kept,
        /// Whole years; documents at least 6
        #[arg(long)]
        years: u16,
    },
    /// Place a legal hold: nothing under it is disposed of
    #[command(
        after_help = "Example:\n  cloister retention hold dataset readmission --matter case-2027-14"
    )]
    Hold {
        #[command(flatten)]
        kept: Kept,
        /// A short word for the matter, such as a case number; never a person's name
        #[arg(long)]
        matter: String,
    },
    /// Lift a legal hold
    #[command(
        after_help = "Example:\n  cloister retention lift dataset readmission --matter case-2027-14"
    )]
    Lift {
        #[command(flatten)]
        kept: Kept,
        /// The matter
        #[arg(long)]
        matter: String,
    },
}

/// What is kept.
#[derive(Debug, Args)]
pub(crate) struct Kept {
    /// dataset, model or document (the documentation of a study)
    pub(crate) class: String,
    /// Which
    pub(crate) name: String,
}
