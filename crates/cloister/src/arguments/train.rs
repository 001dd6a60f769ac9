//! `cloister train`: words for one model on a dataset of the instance.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// `cloister train`
#[derive(Debug, Args)]
pub(crate) struct Train {
    /// The dataset, or the first digits of one of its versions
    #[arg(long, value_name = "DATASET")]
    pub(crate) dataset: String,
    /// The column to predict
    #[arg(long, value_name = "COLUMN")]
    pub(crate) target: String,
    /// The kind of model
    #[arg(long, value_enum, default_value_t = Kind::Logistic)]
    pub(crate) model: Kind,
    /// The guarantee: epsilon of the model and of all that is measured for it
    #[arg(
        long,
        required_unless_present = "no_privacy",
        conflicts_with = "no_privacy"
    )]
    pub(crate) epsilon: Option<f64>,
    /// The guarantee: delta
    #[arg(
        long,
        required_unless_present = "no_privacy",
        conflicts_with = "no_privacy"
    )]
    pub(crate) delta: Option<f64>,
    /// Train without noise: on de-identified data only, and marked wherever the model goes
    #[arg(long)]
    pub(crate) no_privacy: bool,
    /// The word that counts as yes; without it the last of the target's two, which is then measured
    #[arg(long, value_name = "WORD")]
    pub(crate) positive: Option<String>,
    /// For `linear`: public bounds of the target; without them they are measured
    #[arg(long, value_name = "MIN,MAX", value_delimiter = ',', num_args = 1..=2, allow_negative_numbers = true)]
    pub(crate) range: Vec<f64>,
    /// Inputs with public bounds and words: a TOML file with `features = [...]` as in a study
    #[arg(long, value_name = "FILE")]
    pub(crate) features: Option<PathBuf>,
    /// Inputs whose bounds and words are measured, with commas between; all columns when neither
    /// these nor --features are given
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    pub(crate) columns: Vec<String>,
    /// The table; needed where several have the target's column
    #[arg(long)]
    pub(crate) table: Option<String>,
    /// Share of the persons held out for tests
    #[arg(long, value_name = "SHARE", default_value_t = 0.25)]
    pub(crate) holdout: f64,
    /// A table to test on, instead of a share
    #[arg(long, value_name = "TABLE")]
    pub(crate) holdout_table: Option<String>,
    /// The study's name [default: train-DATASET]
    #[arg(long)]
    pub(crate) study: Option<String>,
    /// Test and attack the model, and register it under this name
    #[arg(long, value_name = "MODEL")]
    pub(crate) register: Option<String>,
    /// Lifetime epsilon of the dataset, where it has none yet [default: 10]
    #[arg(long, value_name = "EPSILON")]
    pub(crate) budget_epsilon: Option<f64>,
    /// Lifetime delta of the dataset, where it has none yet [default: --delta]
    #[arg(long, value_name = "DELTA")]
    pub(crate) budget_delta: Option<f64>,
    #[command(flatten)]
    pub(crate) course: Course,
}

/// Hyper-parameters; what is left out is a constant of the program, not a choice by the data.
#[derive(Debug, Args)]
#[command(next_help_heading = "Hyper-parameters")]
pub(crate) struct Course {
    /// Passes over the persons
    #[arg(long)]
    pub(crate) epochs: Option<f64>,
    /// Expected persons in a step
    #[arg(long)]
    pub(crate) batch: Option<u32>,
    /// Step size
    #[arg(long)]
    pub(crate) learning_rate: Option<f64>,
    /// L2 bound on one person's gradient
    #[arg(long)]
    pub(crate) clip: Option<f64>,
    /// Public, even knots over which a number is spread; 0 for none
    #[arg(long)]
    pub(crate) knots: Option<u32>,
    /// `mlp`: widths of the hidden layers
    #[arg(long, value_delimiter = ',', value_name = "WIDTHS")]
    pub(crate) hidden: Vec<usize>,
    /// `cnn`: lines of the grid that the numbers fill; 1 is a sequence
    #[arg(long)]
    pub(crate) height: Option<usize>,
    /// `cnn`: side of the kernels
    #[arg(long)]
    pub(crate) kernel: Option<usize>,
    /// `cnn`: number of kernels
    #[arg(long)]
    pub(crate) channels: Option<usize>,
    /// `gbdt`: number of trees
    #[arg(long)]
    pub(crate) trees: Option<u32>,
    /// `gbdt`: depth of the trees
    #[arg(long)]
    pub(crate) depth: Option<u32>,
}

/// The kinds of model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// Logistic regression
    Logistic,
    /// Linear regression of a number
    Linear,
    /// Multilayer perceptron
    Mlp,
    /// Small convolutional network over the numbers in their order
    Cnn,
    /// Gradient-boosted trees
    Gbdt,
}

impl Kind {
    /// The word of the study file.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Logistic => "logistic",
            Self::Linear => "linear",
            Self::Mlp => "mlp",
            Self::Cnn => "cnn",
            Self::Gbdt => "gbdt",
        }
    }
}
