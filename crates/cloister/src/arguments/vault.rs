//! The words of `cloister vault`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// A file to be sealed or opened as a stream.
#[derive(Debug, Args)]
pub(crate) struct Stream {
    /// The file
    pub(crate) file: PathBuf,
    /// A file with the key: 64 hexadecimal digits
    #[arg(long, value_name = "FILE")]
    pub(crate) key: PathBuf,
    /// What the file is: it opens only under the same words
    #[arg(long, default_value = "")]
    pub(crate) context: String,
    /// The file to write
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: PathBuf,
}

/// `cloister vault …`
#[derive(Debug, Subcommand)]
pub(crate) enum VaultVerb {
    /// Read every encrypted object: its bytes are those that were written, and it opens
    #[command(after_help = "Example:\n  cloister vault verify")]
    Verify,
    /// What stands among the objects and nothing keeps
    #[command(after_help = "Example:\n  cloister vault orphans")]
    Orphans,
    /// Take the orphans away
    #[command(after_help = "Example:\n  cloister vault collect")]
    Collect,
    /// Write a de-identified table as it stands, encrypted, with the keys of some classes of columns
    #[command(
        after_help = "Example:\n  cloister vault export-parquet readmission-deid patients -o patients.parquet --keys patients.keys.json --classes quasi-id,clinical"
    )]
    ExportParquet {
        /// A dataset, or the first digits of a version
        name: String,
        /// The table
        table: String,
        /// The encrypted Parquet file
        #[arg(short, long, value_name = "FILE")]
        output: PathBuf,
        /// Where its keys go: a file that only you may read; who has both has the data
        #[arg(long, value_name = "FILE")]
        keys: PathBuf,
        /// The classes whose keys go along: direct-id, quasi-id, clinical, free-text
        #[arg(
            long,
            value_delimiter = ',',
            value_name = "CLASSES",
            default_value = "direct-id,quasi-id,clinical,free-text"
        )]
        classes: Vec<String>,
    },
    /// Open an encrypted Parquet file with its keys (no instance needed)
    #[command(
        after_help = "Example:\n  cloister vault open-parquet patients.parquet --keys patients.keys.json -o patients.csv\n\nThe file of keys: {\"place\": PREFIX or null, \"keys\": {\"wrappedDEK in the file\": \"key in hexadecimal\"}}"
    )]
    OpenParquet {
        /// The encrypted file
        file: PathBuf,
        /// Its keys
        #[arg(long, value_name = "FILE")]
        keys: PathBuf,
        /// The columns wanted (default: all, and each needs its key)
        #[arg(long, value_delimiter = ',', value_name = "COLUMNS")]
        columns: Option<Vec<String>>,
        /// The file to write: .csv, .jsonl or .parquet
        #[arg(short, long, value_name = "FILE")]
        output: PathBuf,
    },
    /// Seal a file as Tink streaming AEAD, AES256_GCM_HKDF_1MB (no instance needed)
    #[command(
        after_help = "Example:\n  cloister vault seal-file scan.dcm --key key.hex --context study/7 -o scan.sealed"
    )]
    SealFile {
        #[command(flatten)]
        work: Stream,
        /// Work in OUTPUT.partial, and go on with it where an earlier run was broken off
        #[arg(long)]
        resume: bool,
    },
    /// Open a file that was sealed so, by this program or by Tink (no instance needed)
    #[command(
        after_help = "Example:\n  cloister vault open-file scan.sealed --key key.hex --context study/7 -o scan.dcm"
    )]
    OpenFile(Stream),
}
