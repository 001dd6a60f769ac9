//! The words of `cloister retention`.

use std::path::PathBuf;

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
    /// Destroy the keys of a dataset, or of a model alone, and certify it; takes a second person's approval
    #[command(
        after_help = "Examples:\n  cloister retention dispose readmission -o certificate.json\n  cloister retention dispose --model income -o certificate.json\n  cloister retention dispose readmission --early --backup /mnt/backup -o certificate.json"
    )]
    Dispose {
        #[command(flatten)]
        of: Disposed,
        /// Before the end of its period, on purpose
        #[arg(long)]
        early: bool,
        /// A backup folder that the instance does not know by this name; may be given several times
        #[arg(long, value_name = "DIR")]
        backup: Vec<PathBuf>,
        /// Write the signed certificate here
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Take the keys of what was disposed of out of a backup folder that could not be reached before
    #[command(after_help = "Example:\n  cloister retention purge /mnt/backup")]
    Purge {
        /// The backup folder
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
    /// The certificate of sanitisation of a dataset or a model
    #[command(
        after_help = "Examples:\n  cloister retention certificate readmission -o certificate.json\n  cloister retention certificate --model income"
    )]
    Certificate {
        #[command(flatten)]
        of: Disposed,
        /// Write it here, signed
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Check a certificate offline (no instance needed)
    #[command(
        after_help = "Example:\n  cloister retention verify certificate.json --key officer.pem"
    )]
    Verify {
        /// The signed certificate
        file: PathBuf,
        /// A public key you trust; without it the certificate's own, which proves only that it is whole
        #[arg(long, value_name = "PEM")]
        key: Option<PathBuf>,
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

/// What is disposed of: a dataset with the models that learnt from it, or a model alone.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Disposed {
    /// The dataset; the models that learnt from it go with it
    pub(crate) dataset: Option<String>,
    /// The model with all its versions, in place of a dataset
    #[arg(long)]
    pub(crate) model: Option<String>,
}
