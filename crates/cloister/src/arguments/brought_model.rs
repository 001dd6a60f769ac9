//! A token classifier that the user brings, for `cloister scan` and `cloister deid`.

use std::path::PathBuf;

use clap::Args;

/// `--model FOLDER --model-labels FILE`
#[derive(Debug, Default, Args)]
pub(crate) struct BroughtModel {
    /// A token classifier of your own that reads texts too: a folder with config.json,
    /// model.safetensors and tokenizer (BERT, DistilBERT, RoBERTa)
    #[arg(long = "model", value_name = "FOLDER")]
    pub(crate) folder: Option<PathBuf>,
    /// What the model's labels mean, and its threshold: a TOML file, see
    /// docs/stages/4-deidentify.md
    #[arg(long = "model-labels", value_name = "FILE", requires = "folder")]
    pub(crate) labels: Option<PathBuf>,
}
