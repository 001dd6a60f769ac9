//! What a study measured, section by section, in the order of the life of data.
//!
//! Every value is already computed: counts are counts, shares are between 0 and 1, and every
//! number is finite. Nothing here may hold a value from the data except names of columns and
//! files, and counts that disclosure control has let pass.

use domain::{LegalBasis, Purpose, RunId, Stage, StudyId, Timestamp};
use serde::{Deserialize, Serialize};

mod governing;
mod incoming;
mod modelling;
mod outgoing;
mod protecting;

pub use governing::{ControlRow, ControlState, Controls, LogCheckpoint};
pub use incoming::{Encryption, FieldRow, Source};
pub use modelling::{
    AttackResult, AttackRow, BudgetSpend, EpsilonPoint, FairnessRow, GateRow, Interval, Ledger,
    Measure, ProbeRow, SubgroupRow, Training, Validation,
};
pub use outgoing::{AlertRow, CardSection, DriftRow, HistoryRow, Model, Serving};
pub use protecting::{Bin, CategoryRow, Deidentification, Risk, RiskPicture};

/// Everything one evidence pack says about one run of one study.
///
/// A section that is `None` or empty was not produced by this study; the page then says so in its
/// place instead of leaving a hole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pack {
    /// Which study, whose, why, when.
    pub study: Study,
    /// The ten stages in order, also those that were skipped, refused or failed.
    pub stages: Vec<StageRow>,
    /// The files that came in.
    pub sources: Vec<Source>,
    /// What each column or text field was found to be.
    pub field_map: Vec<FieldRow>,
    /// How objects are sealed.
    pub encryption: Option<Encryption>,
    /// What was taken out, counted by category.
    pub deidentification: Option<Deidentification>,
    /// Re-identification risk before and after.
    pub risk: Option<Risk>,
    /// How the model was fitted and what privacy cost was proved.
    pub training: Option<Training>,
    /// The privacy budget of the dataset.
    pub ledger: Option<Ledger>,
    /// How good the model is, for whom, and what it leaks.
    pub validation: Option<Validation>,
    /// The registered model version.
    pub model: Option<Model>,
    /// How predictions leave.
    pub serving: Option<Serving>,
    /// Drift of features and scores between training data and newer data.
    pub drift: Vec<DriftRow>,
    /// How the drift figures were made, and how far they may go; empty in older packs.
    #[serde(default)]
    pub drift_basis: String,
    /// Alerts raised.
    pub alerts: Vec<AlertRow>,
    /// Which duties this run answers, by state.
    pub controls: Option<Controls>,
    /// The audit log's signed checkpoint, which covers every line of this run.
    pub log: LogCheckpoint,
    /// What this pack does not show, one sentence each.
    pub not_shown: Vec<String>,
}

/// Which study, whose, why, when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Study {
    /// The heading of the report.
    pub title: String,
    /// The study's id.
    pub id: StudyId,
    /// Who answers for it.
    pub owner: String,
    /// What the data is used for.
    pub purpose: Purpose,
    /// Why that is permitted.
    pub legal_basis: LegalBasis,
    /// The run.
    pub run: RunId,
    /// When the run began.
    pub started: Timestamp,
    /// When the run ended.
    pub finished: Timestamp,
    /// Name and version of the program that ran it.
    pub program: String,
    /// True when every record is invented; the page then says so under the heading.
    pub synthetic: bool,
}

/// One stage of the run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StageRow {
    /// The stage.
    pub stage: Stage,
    /// How it ended.
    pub outcome: Outcome,
    /// Wall time in seconds; absent when the stage did not run.
    pub seconds: Option<f64>,
    /// What it produced, in a few words.
    pub produced: String,
    /// What it proved, in a few words.
    pub proved: String,
    /// Index of its entry in the audit log.
    pub log_index: Option<u64>,
}

/// How a stage ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It did its work.
    Done,
    /// The study did not ask for it.
    Skipped,
    /// Policy said no.
    Refused,
    /// It broke, or a gate did not hold.
    Failed,
}

impl Outcome {
    /// The word on page and screen.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Skipped => "skipped",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}
