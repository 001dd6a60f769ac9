//! The words of `cloister validate`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// `cloister validate …`
#[derive(Debug, Subcommand)]
pub(crate) enum ValidateVerb {
    /// Fairness of decisions between groups, and what thresholds or weights would change
    #[command(
        after_help = "Example:\n  cloister validate fairness scored.csv --label outcome --score score --group sex,insurance"
    )]
    Fairness(FairnessOf),
    /// How far a newer file has moved from an older one, column by column
    #[command(
        after_help = "Example:\n  cloister validate drift last_year.csv this_year.csv --columns age,sex,score"
    )]
    Drift(DriftOf),
    /// How well a model probably does while outcomes are not known yet (CBPE)
    #[command(
        after_help = "Example:\n  cloister validate performance new.csv --score score --reference old.csv --label outcome"
    )]
    Performance(PerformanceOf),
    /// Audit the trainer under a plan with invented persons; exit 4 when something contradicts it
    #[command(
        after_help = "Example:\n  cloister validate trainer --epsilon 3 --delta 1e-5 --persons 20000 --batch 256 --epochs 10"
    )]
    Trainer(TrainerOf),
    /// Search files of models (weights, vocabularies, logs) for identifiers; exit 4 when one is found
    #[command(
        name = "files",
        after_help = "Example:\n  cloister validate files model/model.safetensors model/vocab.txt"
    )]
    ModelFiles {
        /// Files of any format; nothing in them is executed
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// How much a model of texts remembers of canaries, from losses; exit 4 when one is remembered
    #[command(
        after_help = "Example:\n  cloister validate exposure losses.csv --loss loss --canary is_canary"
    )]
    Exposure {
        /// A table with one row for each canary and each reference
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// The column with the model's loss of the secret
        #[arg(long, value_name = "COLUMN", default_value = "loss")]
        loss: String,
        /// The column that is 1 for canaries that were in the texts and 0 for references
        #[arg(long, value_name = "COLUMN", default_value = "canary")]
        canary: String,
    },
    /// Rebuild a yes-or-no column from many noisy counts, on invented persons; exit 4 when it works
    #[command(
        after_help = "Example:\n  cloister validate reconstruction --persons 128 --answers 512 --sigma 40"
    )]
    Reconstruction {
        /// Persons in the table, 8 to 4096
        #[arg(long, default_value_t = 128)]
        persons: u32,
        /// Counts of random halves that are answered
        #[arg(long, default_value_t = 512, value_parser = clap::value_parser!(u32).range(1..=100_000))]
        answers: u32,
        /// Standard deviation of the discrete Gaussian noise on each count, in persons; 0 is exact
        #[arg(long)]
        sigma: u64,
    },
}

/// `cloister validate fairness`
#[derive(Debug, Args)]
pub(crate) struct FairnessOf {
    /// A table: CSV, Parquet or JSON lines
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// The column with the true outcome
    #[arg(long, value_name = "COLUMN")]
    pub(crate) label: String,
    /// The value of the label (and of the prediction) that counts as yes
    #[arg(long, value_name = "VALUE", default_value = "1")]
    pub(crate) positive: String,
    /// The column with the decision
    #[arg(
        long,
        value_name = "COLUMN",
        required_unless_present = "score",
        conflicts_with = "score"
    )]
    pub(crate) prediction: Option<String>,
    /// The column with the probability; decisions are made above 0.5
    #[arg(long, value_name = "COLUMN")]
    pub(crate) score: Option<String>,
    /// The columns that make groups, with commas between
    #[arg(long, value_delimiter = ',', required = true, value_name = "COLUMNS")]
    pub(crate) group: Vec<String>,
    /// The group that the others are compared with (default: the one selected most often)
    #[arg(long, value_name = "VALUE")]
    pub(crate) privileged: Option<String>,
    /// The smallest count that is shown; 1 shows everything
    #[arg(long, default_value_t = 11, value_name = "ROWS")]
    pub(crate) smallest: u64,
    /// Also show what a remedy would change; thresholds need --score and are judged on the other half
    #[arg(long, value_name = "HOW")]
    pub(crate) mitigate: Option<Remedy>,
    /// Number columns for the consistency of like rows (five nearest)
    #[arg(long, value_delimiter = ',', value_name = "COLUMNS")]
    pub(crate) consistency: Vec<String>,
    /// Exit 4 when the demographic parity difference of a column is larger
    #[arg(long, value_name = "GAP")]
    pub(crate) max_gap: Option<f64>,
}

/// How unfairness is mended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Remedy {
    /// Thresholds by group that make selection rates equal
    Demographic,
    /// Thresholds by group that make true and false positive rates equal
    EqualizedOdds,
    /// Weights that make label and group independent before training
    Reweighing,
}

/// `cloister validate drift`
#[derive(Debug, Args)]
pub(crate) struct DriftOf {
    /// The older table
    #[arg(value_name = "OLD")]
    pub(crate) old: PathBuf,
    /// The newer table
    #[arg(value_name = "NEW")]
    pub(crate) new: PathBuf,
    /// The columns, with commas between; numbers and words are told apart by the older file
    #[arg(long, value_delimiter = ',', required = true, value_name = "COLUMNS")]
    pub(crate) columns: Vec<String>,
    /// Exit 4 when a column's population stability index is larger, noise taken off
    #[arg(long, value_name = "PSI")]
    pub(crate) max_psi: Option<f64>,
}

/// `cloister validate performance`
#[derive(Debug, Args)]
pub(crate) struct PerformanceOf {
    /// The table whose outcomes are not known yet
    #[arg(value_name = "NEW")]
    pub(crate) new: PathBuf,
    /// The column with the probability
    #[arg(long, value_name = "COLUMN")]
    pub(crate) score: String,
    /// An older table with outcomes: scores are calibrated on it first
    #[arg(long, value_name = "OLD", requires = "label")]
    pub(crate) reference: Option<PathBuf>,
    /// The column with the true outcome, in the older table
    #[arg(long, value_name = "COLUMN")]
    pub(crate) label: Option<String>,
    /// The value of the label that counts as yes
    #[arg(long, value_name = "VALUE", default_value = "1")]
    pub(crate) positive: String,
    /// Exit 4 when the estimated area under the ROC curve is smaller
    #[arg(long, value_name = "AUC")]
    pub(crate) min_auc: Option<f64>,
}

/// `cloister validate trainer`
#[derive(Debug, Args)]
pub(crate) struct TrainerOf {
    /// Epsilon of the plan
    #[arg(long)]
    pub(crate) epsilon: f64,
    /// Delta of the plan
    #[arg(long, default_value_t = 1e-5)]
    pub(crate) delta: f64,
    /// Persons in the training data
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(50..=10_000_000))]
    pub(crate) persons: u32,
    /// Expected persons in a step
    #[arg(long, default_value_t = 256, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) batch: u32,
    /// Passes over the persons
    #[arg(long, default_value_t = 10.0)]
    pub(crate) epochs: f64,
    /// Hidden layers of a multilayer perceptron, with commas between (default: logistic regression)
    #[arg(long, value_delimiter = ',', value_name = "WIDTHS")]
    pub(crate) hidden: Vec<usize>,
    /// Canaries of the one-run audit
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(50..=20_000))]
    pub(crate) canaries: u32,
}
