//! The words of `cloister model import` and `cloister model check`.

use std::path::PathBuf;

use clap::Args;

/// A model that was trained elsewhere.
#[derive(Debug, Args)]
pub(crate) struct BroughtWeights {
    /// The weights: safetensors, or ONNX with dense layers
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Columns, bounds, words, widths and names: a TOML file, see docs/stages/9-serve.md
    #[arg(long, value_name = "ARCH.toml")]
    pub(crate) architecture: PathBuf,
}

/// `cloister model import`
#[derive(Debug, Args)]
pub(crate) struct Import {
    #[command(flatten)]
    pub(crate) weights: BroughtWeights,
    /// The name it is registered under
    #[arg(long, value_name = "MODEL")]
    pub(crate) name: String,
    /// The dataset it is tested on first
    #[arg(long, value_name = "DATASET")]
    pub(crate) dataset: String,
    /// The table, with inputs and target
    #[arg(long, value_name = "TABLE")]
    pub(crate) table: String,
    /// What it is for, on its card
    #[arg(long, value_name = "TEXT")]
    pub(crate) intended_use: Option<String>,
    /// What the answers to one caller may cost together; it then answers only with noise
    #[arg(long, value_name = "EPSILON")]
    pub(crate) budget_epsilon: Option<f64>,
    /// How many encrypted records one caller may have scored (default: half its inputs)
    #[arg(long, value_name = "COUNT")]
    pub(crate) encrypted_answers: Option<u64>,
}
