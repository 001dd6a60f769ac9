//! `cloister ledger …`

use clap::{Args, Subcommand};

/// `cloister ledger`
#[derive(Debug, Args)]
pub(crate) struct Ledger {
    #[command(subcommand)]
    pub(crate) verb: Option<LedgerVerb>,
}

/// `cloister ledger …`
#[derive(Debug, Subcommand)]
pub(crate) enum LedgerVerb {
    /// Every budget, or that of one dataset, with each spend
    #[command(after_help = "Example:\n  cloister ledger show readmission")]
    Show {
        /// A dataset; one derived from another shows the budget it shares
        dataset: Option<String>,
    },
    /// What a plan would leave, and whether it would be admitted; charges nothing
    #[command(
        after_help = "Examples:\n  cloister ledger plan readmission --epsilon 1\n  cloister ledger plan readmission --sigma 1.1 --sampling 0.0157 --steps 640"
    )]
    Plan {
        /// The dataset
        dataset: String,
        #[command(flatten)]
        plan: Planned,
        /// The study it would be spent in
        #[arg(long)]
        study: Option<String>,
    },
    /// Set the cap of a study or an analyst, or lower one (privacy officer)
    #[command(
        after_help = "Example:\n  cloister ledger cap --analyst ada --epsilon 2 --delta 1e-5"
    )]
    Cap {
        #[command(flatten)]
        scope: Whose,
        /// Lifetime epsilon
        #[arg(long)]
        epsilon: f64,
        /// Lifetime delta
        #[arg(long)]
        delta: f64,
    },
    /// Every change of the budgets with its line of the log, oldest first
    #[command(after_help = "Example:\n  cloister ledger history readmission")]
    History {
        /// A dataset
        dataset: Option<String>,
    },
}

/// Whose budget.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Whose {
    /// A dataset and all that derives from it
    #[arg(long)]
    pub(crate) dataset: Option<String>,
    /// A study, over all its datasets
    #[arg(long)]
    pub(crate) study: Option<String>,
    /// A person who works here, over all studies
    #[arg(long)]
    pub(crate) analyst: Option<String>,
}

/// What is planned: any private mechanism by its epsilon, or steps of noise.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct Planned {
    /// The epsilon of any mechanism that is differentially private without a delta
    #[arg(long, conflicts_with_all = ["sigma", "sampling", "steps"], required_unless_present = "sigma")]
    pub(crate) epsilon: Option<f64>,
    /// Noise multiplier
    #[arg(long, requires_all = ["sampling", "steps"])]
    pub(crate) sigma: Option<f64>,
    /// Share of persons in a step
    #[arg(long, requires = "sigma")]
    pub(crate) sampling: Option<f64>,
    /// Steps
    #[arg(long, requires = "sigma")]
    pub(crate) steps: Option<u64>,
}
