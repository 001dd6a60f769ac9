//! A registered version: what is kept of a model for ever, and where it stands.

use std::fmt;

use access::{DataState, Resource};
use domain::{Digest, ModelId, OperatorId, RunId, StudyId, Timestamp, VersionId, WordError};
use learn::drift::Baseline;
use serde::{Deserialize, Serialize};
use store::ObjectRef;

use crate::{desk::Cause, study::Serve};

/// One registered model version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelVersion {
    /// The model.
    pub model: ModelId,
    /// Its version: 1, 2, 3.
    pub number: u64,
    /// The study that made it.
    pub study: StudyId,
    /// The run that made it.
    pub run: RunId,
    /// What the study declared, for every later call.
    pub purpose: domain::Purpose,
    /// What the study declared, for every later call.
    pub basis: domain::LegalBasis,
    /// When it was registered.
    pub registered: Timestamp,
    /// SHA-256 of the model's bytes (safetensors).
    pub digest: Digest,
    /// The sealed bytes.
    pub object: ObjectRef,
    /// The context they are sealed under.
    pub context: String,
    /// The dataset version it learnt from, and what that one was made from.
    pub lineage: Vec<VersionId>,
    /// The dataset it learnt from, or was tested on where it was brought. It goes with that
    /// dataset's keys, whichever key seals it.
    pub dataset: domain::DatasetId,
    /// What that data says about persons.
    pub state: DataState,
    /// OpenSSF model-signing bundle over model, card and feature list.
    pub bundle: String,
    /// The card as JSON.
    pub card_json: String,
    /// The card as Markdown.
    pub card_markdown: String,
    /// The feature list as it is exported and signed; absent in versions that were registered
    /// before it was signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub features_json: Option<String>,
    /// The output filter.
    pub serve: Serve,
    /// What later data is compared with.
    pub baseline: Baseline,
    /// What later data is compared with in drift reports that may leave; charged when it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub noisy_baseline: Option<Baseline>,
    /// The alert threshold of the study.
    pub psi_alert: f64,
    /// The area under the ROC curve that validation measured; absent in older versions.
    #[serde(default)]
    pub auc: Option<learn::metrics::Interval>,
    /// Every stage it ever had, oldest first.
    pub history: Vec<StageChange>,
}

/// One change of a model's stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageChange {
    /// The stage it went to.
    pub stage: ModelStage,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: OperatorId,
}

/// Where a model version stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ModelStage {
    /// Validated and signed.
    Registered,
    /// On trial.
    Staging,
    /// In use.
    Production,
    /// No longer to be used; predictions are refused.
    Retired,
}

impl ModelStage {
    /// The word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::Staging => "staging",
            Self::Production => "production",
            Self::Retired => "retired",
        }
    }
}

impl fmt::Display for ModelStage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

impl std::str::FromStr for ModelStage {
    type Err = WordError;

    fn from_str(word: &str) -> Result<Self, WordError> {
        match word {
            "staging" => Ok(Self::Staging),
            "production" => Ok(Self::Production),
            "retired" => Ok(Self::Retired),
            _ => Err(WordError {
                allowed: "staging, production, retired",
            }),
        }
    }
}

impl ModelVersion {
    /// Where it stands now.
    pub fn stage(&self) -> &'static str {
        self.history
            .last()
            .map_or("registered", |change| change.stage.word())
    }

    pub(crate) fn is_retired(&self) -> bool {
        self.history
            .last()
            .is_some_and(|change| change.stage == ModelStage::Retired)
    }

    pub(crate) fn cause(&self) -> Cause {
        Cause {
            study: self.study.clone(),
            run: None,
            purpose: self.purpose,
            basis: self.basis,
        }
    }

    pub(crate) fn resource(&self) -> Resource {
        Resource::model(&self.model, self.state).within(self.study.clone())
    }
}
