use std::fmt;

use domain::{DatasetId, ModelId, OperatorId, StudyId};
use serde::{Deserialize, Serialize};

/// What kind of thing an act is done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ResourceKind {
    /// The instance as a whole.
    Instance,
    /// A study.
    Study,
    /// A dataset version.
    Dataset,
    /// A model version; its data state is that of the data it was trained on.
    Model,
    /// The log.
    Log,
    /// The catalogue of requirements and its state.
    Catalogue,
    /// An evidence pack.
    Report,
    /// A privacy budget; its data state is that of its dataset.
    Budget,
    /// The keystore.
    Keys,
    /// The list of operators.
    Operators,
    /// A file outside the instance.
    File,
}

/// What the data behind a resource says about persons.
///
/// Source: 45 CFR 160.103 (protected health information), 164.514(a)–(b) and (e).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DataState {
    /// Nothing was taken out yet, or nobody has shown that it was: the state to assume.
    Identified,
    /// The direct identifiers of 164.514(e)(2) are out.
    LimitedDataSet,
    /// De-identified under 164.514(b), with a certificate.
    DeIdentified,
    /// There is no data of persons in it.
    NoData,
}

/// The thing an act is done to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    /// Its kind.
    pub kind: ResourceKind,
    /// Its name within its kind; goes into the log, so never a value from the data.
    pub id: String,
    /// What its data says about persons.
    pub state: DataState,
    /// The study it is used in.
    pub study: Option<StudyId>,
}

impl Resource {
    /// A resource of any kind, outside a study.
    pub fn new(kind: ResourceKind, id: impl Into<String>, state: DataState) -> Self {
        Self {
            kind,
            id: id.into(),
            state,
            study: None,
        }
    }

    /// The instance.
    pub fn instance() -> Self {
        Self::new(ResourceKind::Instance, "instance", DataState::NoData)
    }

    /// A study, before any of its data is looked at.
    pub fn study(id: &StudyId) -> Self {
        Self::new(ResourceKind::Study, id.as_str(), DataState::NoData).within(id.clone())
    }

    /// A dataset in its present state.
    pub fn dataset(id: &DatasetId, state: DataState) -> Self {
        Self::new(ResourceKind::Dataset, id.as_str(), state)
    }

    /// A model, in the state of the data it was trained on.
    pub fn model(id: &ModelId, state: DataState) -> Self {
        Self::new(ResourceKind::Model, id.as_str(), state)
    }

    /// The privacy budget of a dataset, in the state of that dataset.
    pub fn budget(dataset: &DatasetId, state: DataState) -> Self {
        Self::new(ResourceKind::Budget, dataset.as_str(), state)
    }

    /// The evidence pack of a study.
    pub fn report(study: &StudyId) -> Self {
        Self::new(ResourceKind::Report, study.as_str(), DataState::NoData).within(study.clone())
    }

    /// The log.
    pub fn log() -> Self {
        Self::new(ResourceKind::Log, "log", DataState::NoData)
    }

    /// The catalogue of requirements.
    pub fn catalogue() -> Self {
        Self::new(ResourceKind::Catalogue, "catalogue", DataState::NoData)
    }

    /// The keystore.
    pub fn keys() -> Self {
        Self::new(ResourceKind::Keys, "keys", DataState::NoData)
    }

    /// The entry of one operator in the list of operators.
    pub fn operator(id: &OperatorId) -> Self {
        Self::new(ResourceKind::Operators, id.as_str(), DataState::NoData)
    }

    /// The same resource, used in a study.
    #[must_use]
    pub fn within(self, study: StudyId) -> Self {
        Self {
            study: Some(study),
            ..self
        }
    }
}

impl ResourceKind {
    /// All kinds.
    pub const ALL: [Self; 11] = [
        Self::Instance,
        Self::Study,
        Self::Dataset,
        Self::Model,
        Self::Log,
        Self::Catalogue,
        Self::Report,
        Self::Budget,
        Self::Keys,
        Self::Operators,
        Self::File,
    ];

    /// The word used in messages and in the log.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Instance => "instance",
            Self::Study => "study",
            Self::Dataset => "dataset",
            Self::Model => "model",
            Self::Log => "log",
            Self::Catalogue => "catalogue",
            Self::Report => "report",
            Self::Budget => "budget",
            Self::Keys => "keys",
            Self::Operators => "operators",
            Self::File => "file",
        }
    }

    /// Whether things of this kind can hold data of persons; the others are always
    /// [`DataState::NoData`], and a request that says otherwise is refused.
    pub const fn holds_data(self) -> bool {
        !matches!(
            self,
            Self::Instance | Self::Log | Self::Catalogue | Self::Keys | Self::Operators
        )
    }

    pub(crate) const fn entity_type(self) -> &'static str {
        match self {
            Self::Instance => "Instance",
            Self::Study => "Study",
            Self::Dataset => "Dataset",
            Self::Model => "Model",
            Self::Log => "Log",
            Self::Catalogue => "Catalogue",
            Self::Report => "Report",
            Self::Budget => "Budget",
            Self::Keys => "Keys",
            Self::Operators => "Operators",
            Self::File => "File",
        }
    }
}

impl fmt::Display for ResourceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

impl DataState {
    /// All states, the most revealing first.
    pub const ALL: [Self; 4] = [
        Self::Identified,
        Self::LimitedDataSet,
        Self::DeIdentified,
        Self::NoData,
    ];

    /// The word used in policies, messages and the log.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Identified => "identified",
            Self::LimitedDataSet => "limited-data-set",
            Self::DeIdentified => "de-identified",
            Self::NoData => "no-data",
        }
    }
}

impl fmt::Display for DataState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}
