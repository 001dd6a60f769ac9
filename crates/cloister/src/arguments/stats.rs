//! The words of `cloister stats`.

use clap::{Args, Subcommand};

/// `cloister stats …`
#[derive(Debug, Subcommand)]
pub(crate) enum Stats {
    /// How many rows, or persons with --rows-max 1
    #[command(
        after_help = "Example:\n  cloister stats count --dataset adult --where sex=Female --epsilon 0.1"
    )]
    Count {
        #[command(flatten)]
        of: Of,
    },
    /// The sum of a column
    #[command(
        after_help = "Example:\n  cloister stats sum --dataset visits --column days --min 0 --max 60 --rows-max 5 --epsilon 0.1"
    )]
    Sum {
        #[command(flatten)]
        column: Bounded,
        #[command(flatten)]
        of: Of,
    },
    /// The mean of a column: a noisy sum over a noisy count
    #[command(
        after_help = "Example:\n  cloister stats mean --dataset adult --column age --min 17 --max 90 --epsilon 0.2"
    )]
    Mean {
        #[command(flatten)]
        column: Bounded,
        #[command(flatten)]
        of: Of,
    },
    /// A quantile of a column; the median unless told otherwise
    #[command(
        after_help = "Example:\n  cloister stats quantile --dataset adult --column age --min 17 --max 90 --share 0.5 --epsilon 0.2"
    )]
    Quantile {
        #[command(flatten)]
        column: Bounded,
        /// The share of rows below it
        #[arg(long, default_value_t = 0.5)]
        share: f64,
        /// How many evenly spread answers are possible, 2 to 10000
        #[arg(long, default_value_t = 512)]
        candidates: u32,
        #[command(flatten)]
        of: Of,
    },
    /// Counts in public cells of one column
    #[command(
        after_help = "Examples:\n  cloister stats histogram --dataset adult --cells 'age=17..30..50..90' --epsilon 0.2\n  cloister stats histogram --dataset adult --cells 'sex=Female|Male' --epsilon 0.2"
    )]
    Histogram {
        /// COLUMN=WORD|WORD… or COLUMN=EDGE..EDGE..EDGE, known without looking at the data
        #[arg(long, value_name = "CELLS")]
        cells: String,
        #[command(flatten)]
        of: Of,
    },
    /// Counts in public cells of two columns
    #[command(
        after_help = "Example:\n  cloister stats crosstab --dataset adult --rows 'sex=Female|Male' --columns 'age=17..40..90' --epsilon 0.2"
    )]
    Crosstab {
        /// COLUMN=WORD|WORD… or COLUMN=EDGE..EDGE..EDGE, one line each
        #[arg(long, value_name = "CELLS")]
        rows: String,
        /// The same, one column each
        #[arg(long, value_name = "CELLS")]
        columns: String,
        #[command(flatten)]
        of: Of,
    },
}

/// What every question names.
#[derive(Debug, Args)]
pub(crate) struct Of {
    /// A dataset, or the first digits of a version
    #[arg(long, value_name = "DATASET")]
    pub(crate) dataset: String,
    /// The table (the only one, when left out)
    #[arg(long, value_name = "TABLE")]
    pub(crate) table: Option<String>,
    /// Only rows with this word in this column; may be given several times
    #[arg(long = "where", value_name = "COLUMN=WORD")]
    pub(crate) only: Vec<String>,
    /// The most rows of a person that count; needed where the table has a person column
    #[arg(long, value_name = "ROWS")]
    pub(crate) rows_max: Option<u32>,
    /// What the answer may cost
    #[arg(long)]
    pub(crate) epsilon: f64,
    /// Gaussian noise instead of Laplace noise, with this delta
    #[arg(long)]
    pub(crate) delta: Option<f64>,
}

/// A column of numbers with public bounds.
#[derive(Debug, Args)]
pub(crate) struct Bounded {
    /// The column
    #[arg(long, value_name = "COLUMN")]
    pub(crate) column: String,
    /// The smallest value that counts, known without looking at the data
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true)]
    pub(crate) min: String,
    /// The largest one
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true)]
    pub(crate) max: String,
}
