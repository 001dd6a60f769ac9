//! `cloister privacy …`

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `cloister privacy …`
#[derive(Debug, Subcommand)]
pub(crate) enum PrivacyVerb {
    /// Epsilon of so many noisy steps: a certified bracket (PLD), the Rényi bound, the best attack
    #[command(
        after_help = "Example:\n  cloister privacy epsilon --sigma 1.1 --sampling 0.0042667 --steps 3510 --delta 1e-5"
    )]
    Epsilon(StepPlan),
    /// The noise multiplier that keeps an epsilon, for a plan declared beforehand
    #[command(
        after_help = "Example:\n  cloister privacy sigma --epsilon 3 --delta 1e-5 --sampling 0.0157 --steps 640"
    )]
    Sigma {
        /// Epsilon
        #[arg(long)]
        epsilon: f64,
        /// Share of persons in a step, above 0, at most 1
        #[arg(long)]
        sampling: f64,
        /// Steps
        #[arg(long)]
        steps: u64,
        /// Delta
        #[arg(long)]
        delta: f64,
    },
    /// Draw epsilon against steps, by both accountants
    #[command(
        after_help = "Example:\n  cloister privacy curve --sigma 1.1 --sampling 0.0042667 --steps 3510 --delta 1e-5 -o curve.svg"
    )]
    Curve {
        #[command(flatten)]
        plan: StepPlan,
        /// The drawing (SVG)
        #[arg(short, long, value_name = "FILE.svg")]
        output: PathBuf,
    },
}

/// Steps of Poisson-sampled Gaussian noise.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct StepPlan {
    /// Noise multiplier: the noise over what one person can change
    #[arg(long)]
    pub(crate) sigma: f64,
    /// Share of persons in a step, above 0, at most 1
    #[arg(long)]
    pub(crate) sampling: f64,
    /// Steps
    #[arg(long)]
    pub(crate) steps: u64,
    /// Delta
    #[arg(long)]
    pub(crate) delta: f64,
}
