//! The words of `cloister he`.

use std::path::PathBuf;

use clap::Subcommand;

/// `cloister he …`
#[derive(Debug, Subcommand)]
pub(crate) enum He {
    /// Make a key pair: a public key for the server, a secret key sealed under your passphrase
    #[command(after_help = "Example:\n  cloister he keygen -o keys")]
    Keygen {
        /// The folder for `public.he` and `secret.he`
        #[arg(short, long, value_name = "DIR")]
        output: PathBuf,
    },
    /// Encrypt the records of a table for a model
    #[command(
        after_help = "Example:\n  cloister he encrypt visits.csv --key keys/secret.he --features model/features.json -o visits.he"
    )]
    Encrypt {
        /// Records with the model's input columns
        #[arg(value_name = "TABLE")]
        file: PathBuf,
        /// The secret key
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
        /// The model's feature list: features.json or model.safetensors of an exported model
        #[arg(long, value_name = "FILE")]
        features: PathBuf,
        /// The encrypted records
        #[arg(short, long, value_name = "FILE")]
        output: PathBuf,
    },
    /// Score encrypted records, without the key that opens them
    #[command(
        after_help = "Examples:\n  cloister he score readmission visits.he --public keys/public.he -o scores.he\n  cloister he score --model-file model/model.safetensors visits.he --public keys/public.he -o scores.he"
    )]
    Score {
        /// A registered model and the encrypted records; the records alone with --model-file
        #[arg(value_names = ["MODEL", "RECORDS"], num_args = 1..=2, required = true)]
        what: Vec<String>,
        /// An exported model instead of a registered one: no instance, no log, no limit on answers
        #[arg(long, value_name = "FILE")]
        model_file: Option<PathBuf>,
        /// The public key that goes with the records
        #[arg(long, value_name = "FILE")]
        public: PathBuf,
        /// The encrypted scores
        #[arg(short, long, value_name = "FILE")]
        output: PathBuf,
    },
    /// Open encrypted scores
    #[command(after_help = "Example:\n  cloister he decrypt scores.he --key keys/secret.he")]
    Decrypt {
        /// The encrypted scores
        #[arg(value_name = "SCORES")]
        file: PathBuf,
        /// The secret key
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
        /// Write the answers here, as CSV, instead of to stdout
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
}
