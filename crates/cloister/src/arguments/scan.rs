//! The words of `cloister scan`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::BroughtModel;

/// `cloister scan`
#[derive(Debug, Args)]
pub(crate) struct Scan {
    /// Files or folders
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Print every finding, one JSON object for each record: {"id", "spans": [...]}
    #[arg(long)]
    pub(crate) spans: bool,
    /// With --spans: the field that holds the text
    #[arg(long, value_name = "FIELD", default_value = "text", requires = "spans")]
    pub(crate) text_field: String,
    /// With --spans: the field that names the record (default: its number)
    #[arg(long, value_name = "FIELD", requires = "spans")]
    pub(crate) id_field: Option<String>,
    /// The format (default: found by content)
    #[arg(long, value_name = "FORMAT")]
    pub(crate) input_format: Option<String>,
    /// With --spans: what offsets count
    #[arg(
        long,
        value_name = "UNIT",
        default_value = "codepoints",
        requires = "spans"
    )]
    pub(crate) offsets: Offsets,
    #[command(flatten)]
    pub(crate) model: BroughtModel,
}

/// What the offsets of a finding count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Offsets {
    /// Unicode code points, as in slices of Python
    Codepoints,
    /// Bytes of UTF-8
    Bytes,
}
