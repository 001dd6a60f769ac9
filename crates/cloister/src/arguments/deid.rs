//! The words of `cloister deid`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `cloister deid`
#[derive(Debug, Args)]
pub(crate) struct Deid {
    /// The file to take identifiers out of: CSV, Parquet, JSON lines, text or FHIR
    #[arg(value_name = "INPUT", required = true)]
    pub(crate) input: Option<PathBuf>,
    /// Where the result goes; a table may change its format by the name's ending
    #[arg(short, long, value_name = "OUTPUT", required = true)]
    pub(crate) output: Option<PathBuf>,
    /// The column that says which person a row belongs to
    #[arg(long, value_name = "COLUMN")]
    pub(crate) person: Option<String>,
    #[command(subcommand)]
    pub(crate) verb: Option<DeidVerb>,
}

/// `cloister deid …`
#[derive(Debug, Subcommand)]
pub(crate) enum DeidVerb {
    /// Read, check and compare plans
    #[command(
        subcommand,
        after_help = "Example:\n  cloister deid plan show safe-harbor"
    )]
    Plan(PlanVerb),
}

/// `cloister deid plan …`
#[derive(Debug, Subcommand)]
pub(crate) enum PlanVerb {
    /// Print a plan as a file that can be edited
    #[command(after_help = "Example:\n  cloister deid plan show safe-harbor > plan.toml")]
    Show {
        /// `safe-harbor`, or a plan file
        #[arg(value_name = "PLAN")]
        plan: String,
    },
}
