//! The words of `cloister privacy perturb` and `cloister privacy estimate`.

use std::path::PathBuf;

use clap::Args;

/// `cloister privacy perturb`
#[derive(Debug, Args)]
pub(crate) struct Perturb {
    /// A table: CSV, Parquet or JSON lines
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// The perturbed table, as CSV
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: PathBuf,
    #[command(flatten)]
    pub(crate) columns: LocalColumns,
    /// A column that is passed on as it is, without any guarantee; every other one is left out
    #[arg(long, value_name = "COLUMN")]
    pub(crate) keep: Vec<String>,
}

/// `cloister privacy estimate`
#[derive(Debug, Args)]
pub(crate) struct Estimate {
    /// A table that `cloister privacy perturb` wrote
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) columns: LocalColumns,
}

/// How columns are perturbed.
#[derive(Debug, Args)]
pub(crate) struct LocalColumns {
    /// COLUMN=WORD|WORD…@EPSILON: randomised response over words known without looking at the data
    #[arg(long, value_name = "COLUMN=WORDS@EPSILON")]
    pub(crate) category: Vec<String>,
    /// COLUMN=MIN..MAX@EPSILON: Laplace noise between bounds known without looking at the data
    #[arg(long, value_name = "COLUMN=MIN..MAX@EPSILON")]
    pub(crate) number: Vec<String>,
}
