//! The words of `cloister deid`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use phi::surrogate::Surrogates;

use super::BroughtModel;

/// `cloister deid`
#[derive(Debug, Args)]
pub(crate) struct Deid {
    /// A file, or a folder of files of any format that is read
    #[arg(
        value_name = "INPUT",
        required_unless_present = "stdin",
        conflicts_with = "stdin"
    )]
    pub(crate) input: Option<PathBuf>,
    /// Where the result goes; a table may change its format by the name's ending
    #[arg(
        short,
        long,
        value_name = "OUTPUT",
        required_unless_present = "stdin",
        conflicts_with = "stdin"
    )]
    pub(crate) output: Option<PathBuf>,
    /// Rewrite standard input line by line to standard output, with `--format text`
    #[arg(long, requires = "format")]
    pub(crate) stdin: bool,
    /// The format (default: found by content)
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<String>,
    /// The plan: `safe-harbor`, `limited-data-set`, `expert`, or a plan file
    #[arg(long, value_name = "PLAN", default_value = "safe-harbor")]
    pub(crate) plan: String,
    /// What stands in place of identifiers (default: as the plan says, which is tags)
    #[arg(long, value_name = "tags|realistic", value_parser = surrogates)]
    pub(crate) surrogates: Option<Surrogates>,
    /// The column that says which person a row belongs to (default: found by content)
    #[arg(long, value_name = "COLUMN")]
    pub(crate) person: Option<String>,
    /// A table of persons whose identifiers are searched for in every text
    #[arg(long, value_name = "TABLE")]
    pub(crate) known: Option<PathBuf>,
    /// A sealed crosswalk that is kept between runs: the same person, the same code
    #[arg(long, value_name = "FILE")]
    pub(crate) crosswalk: Option<PathBuf>,
    /// Write the signed manifest here: what was done, without a value
    #[arg(long, value_name = "FILE")]
    pub(crate) manifest: Option<PathBuf>,
    /// Write here, one a line, every position that was changed: where and what, without a value
    #[arg(long, value_name = "FILE", conflicts_with = "stdin")]
    pub(crate) positions: Option<PathBuf>,
    /// Regions of images to black out: a TOML file of rules, see docs/stages/4-deidentify.md
    #[arg(long, value_name = "FILE")]
    pub(crate) dicom_regions: Option<PathBuf>,
    /// Let images pass whose pixels may show identifiers: somebody has looked at them
    #[arg(long)]
    pub(crate) accept_burned_in: bool,
    /// Leave out what cannot be read, and list it, instead of stopping
    #[arg(long)]
    pub(crate) keep_going: bool,
    #[command(flatten)]
    pub(crate) model: BroughtModel,
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
    /// Compare what was found with what should have been: recall, leaks, false alarms
    #[command(
        after_help = "Example:\n  cloister scan --spans --id-field id gold.jsonl > found.jsonl\n  cloister deid evaluate --gold gold.jsonl --pred found.jsonl"
    )]
    Evaluate {
        /// One document a line: {"id", "text", "spans": [{"start", "end", "label"}]}
        #[arg(long, value_name = "GOLD.jsonl")]
        gold: PathBuf,
        /// What was found: {"id", "spans"}, as `cloister scan --spans` prints it
        #[arg(long, value_name = "PRED.jsonl")]
        pred: PathBuf,
        /// The share of leaking documents that a sample should be able to rule out
        #[arg(long, value_name = "SHARE", default_value_t = 0.01, value_parser = share)]
        leaks_target: f64,
    },
    /// Write a sheet of what was found for people to judge, or read their verdicts
    #[command(
        after_help = "Example:\n  cloister deid review notes.jsonl -o sheet.csv\n  cloister deid review --read sheet.csv --gold gold.jsonl"
    )]
    Review(Review),
    /// See who opened a crosswalk, or whom a code stands for
    #[command(
        subcommand,
        after_help = "Example:\n  cloister deid crosswalk show study.crosswalk"
    )]
    Crosswalk(CrosswalkVerb),
}

/// `cloister deid review`
#[derive(Debug, Args)]
pub(crate) struct Review {
    /// Texts: JSON lines, CSV or Parquet with a field of text, or a text
    #[arg(
        value_name = "INPUT",
        required_unless_present = "read",
        conflicts_with = "read"
    )]
    pub(crate) input: Option<PathBuf>,
    /// The sheet to be written: CSV, or JSON lines by the name's ending
    #[arg(short, long, value_name = "SHEET", required_unless_present = "read")]
    pub(crate) output: Option<PathBuf>,
    /// What was found, as `cloister scan --spans` prints it (default: found now)
    #[arg(long, value_name = "PRED.jsonl", requires = "input")]
    pub(crate) pred: Option<PathBuf>,
    /// The field of the text
    #[arg(long, value_name = "FIELD", default_value = "text")]
    pub(crate) text_field: String,
    /// The field of the id (default: the number of the record)
    #[arg(long, value_name = "FIELD")]
    pub(crate) id_field: Option<String>,
    /// How many documents to draw (default: as many as the target needs)
    #[arg(long, value_name = "COUNT")]
    pub(crate) sample: Option<usize>,
    /// What the draw follows from: the same seed draws the same documents
    #[arg(long, value_name = "SEED", default_value_t = 1)]
    pub(crate) seed: u64,
    /// The share of leaking documents that the sample should be able to rule out
    #[arg(long, value_name = "SHARE", default_value_t = 0.01, value_parser = share)]
    pub(crate) leaks_target: f64,
    /// Read a sheet with verdicts, and say what they show
    #[arg(long, value_name = "SHEET")]
    pub(crate) read: Option<PathBuf>,
    /// Write the verdicts as gold for `cloister deid evaluate`
    #[arg(long, value_name = "GOLD.jsonl", requires = "read")]
    pub(crate) gold: Option<PathBuf>,
    /// Seal the sheet under the passphrase; with `--read`, `-o` writes it open again
    #[arg(long)]
    pub(crate) seal: bool,
}

/// `cloister deid plan …`
#[derive(Debug, Subcommand)]
pub(crate) enum PlanVerb {
    /// Print a plan as a file that can be edited
    #[command(after_help = "Example:\n  cloister deid plan show safe-harbor > plan.toml")]
    Show {
        /// `safe-harbor`, `limited-data-set`, `expert`, or a plan file
        #[arg(value_name = "PLAN")]
        plan: String,
    },
    /// Say what a plan is under 45 CFR 164.514, and what stands in the way of Safe Harbor
    #[command(after_help = "Example:\n  cloister deid plan check plan.toml")]
    Check {
        /// `safe-harbor`, `limited-data-set`, `expert`, or a plan file
        #[arg(value_name = "PLAN")]
        plan: String,
    },
    /// Say in words what changes from one plan to another
    #[command(after_help = "Example:\n  cloister deid plan diff safe-harbor plan.toml")]
    Diff {
        /// The plan to start from
        #[arg(value_name = "FROM")]
        from: String,
        /// The plan to compare with it
        #[arg(value_name = "TO")]
        to: String,
    },
}

/// `cloister deid crosswalk …`
#[derive(Debug, Subcommand)]
pub(crate) enum CrosswalkVerb {
    /// How many codes it holds, and every time it was opened
    #[command(after_help = "Example:\n  cloister deid crosswalk show study.crosswalk")]
    Show {
        /// The crosswalk
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// The person behind a code, 45 CFR 164.514(c): asked with a reason, and recorded
    #[command(
        after_help = "Example:\n  cloister deid crosswalk reveal study.crosswalk PERSON-7K3Q9DXM --reason 'ticket 12: incidental finding'"
    )]
    Reveal {
        /// The crosswalk
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// The code, such as PERSON-7K3Q9DXM
        #[arg(value_name = "CODE")]
        code: String,
        /// Why; it is kept in the crosswalk's access record
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
}

/// What stands in place of identifiers.
fn surrogates(text: &str) -> Result<Surrogates, String> {
    Surrogates::named(text).ok_or_else(|| "`tags` or `realistic` is needed".to_owned())
}

/// A share above 0 and below 1.
fn share(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(share) if share > 0.0 && share < 1.0 => Ok(share),
        _ => Err("a number above 0 and below 1 is needed".to_owned()),
    }
}
