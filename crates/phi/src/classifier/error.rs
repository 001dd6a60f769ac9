use domain::{Code, Explain};

use crate::codes;

/// Why a model is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ClassifierError {
    /// The folder has no file that can be used.
    #[error("the model has no `{0}`")]
    Missing(String),
    /// The weights are there only as a file that would have to be run to be read.
    #[error("`{0}` is a pickle or a format of another program, and reading one can run code")]
    Pickled(String),
    /// The configuration.
    #[error("the model's config.json is refused: {0}")]
    Config(String),
    /// The tokenizer.
    #[error("the model's tokenizer is refused: {0}")]
    Tokenizer(String),
    /// The weights.
    #[error("the model's weights are refused: {0}")]
    Weights(String),
    /// The labels, or the file that says what they mean.
    #[error("the model's labels cannot be used: {0}")]
    Labels(String),
}

impl Explain for ClassifierError {
    fn code(&self) -> Code {
        match self {
            Self::Missing(_) | Self::Pickled(_) => codes::CLASSIFIER_FILES,
            Self::Config(_) => codes::CLASSIFIER_CONFIG,
            Self::Tokenizer(_) => codes::CLASSIFIER_TOKENIZER,
            Self::Weights(_) => codes::CLASSIFIER_WEIGHTS,
            Self::Labels(_) => codes::CLASSIFIER_LABELS,
        }
    }

    fn help(&self) -> String {
        match self {
            Self::Missing(_) => {
                "a model is a folder with config.json, model.safetensors and \
                tokenizer.json (or vocab.txt, or vocab.json and merges.txt)"
            }
            Self::Pickled(_) => {
                "save the model as model.safetensors where it was made, \
                `model.save_pretrained(FOLDER, safe_serialization=True)`"
            }
            Self::Config(_) => "BERT, DistilBERT and RoBERTa for token classification are read",
            Self::Tokenizer(_) => {
                "take config, weights and tokenizer from the same model; \
                WordPiece (BERT, DistilBERT) and byte-level BPE (RoBERTa) are read"
            }
            Self::Weights(_) => {
                "take config and weights from the same model; F32, F16 and BF16 \
                in one file are read"
            }
            Self::Labels(_) => {
                "say what each label means with `--model-labels FILE`, \
                see docs/stages/4-deidentify.md"
            }
        }
        .to_owned()
    }
}
