//! Whose budget it is.

use access::{DataState, Resource, ResourceKind};
use domain::{DatasetId, OperatorId, StudyId};
use privacy::{BudgetExceeded, Entry};

use crate::StageError;

/// What a budget belongs to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// A dataset and all that derives from it, whoever uses it: this one holds against people who
    /// put their results together.
    Dataset(DatasetId),
    /// A study, over all datasets it uses.
    Study(StudyId),
    /// A person who works here, over all studies and datasets.
    Analyst(OperatorId),
}

impl Scope {
    /// The id of its record. No id of a dataset holds a colon.
    pub(crate) fn key(&self) -> String {
        match self {
            Self::Dataset(dataset) => dataset.to_string(),
            Self::Study(study) => format!("study:{study}"),
            Self::Analyst(analyst) => format!("analyst:{analyst}"),
        }
    }

    /// The scope of a record's id.
    pub(super) fn of_key(key: &str) -> Result<Self, StageError> {
        let scope = match key.split_once(':') {
            None => DatasetId::new(key).map(Self::Dataset),
            Some(("study", study)) => StudyId::new(study).map(Self::Study),
            Some(("analyst", analyst)) => OperatorId::new(analyst).map(Self::Analyst),
            Some(_) => return Err(StageError::Stored("a budget's scope")),
        };
        scope.map_err(|_| StageError::Stored("a budget's scope"))
    }

    /// What it is, for people.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Dataset(_) => "dataset",
            Self::Study(_) => "study",
            Self::Analyst(_) => "analyst",
        }
    }

    /// Its name within its kind.
    pub fn name(&self) -> &str {
        match self {
            Self::Dataset(dataset) => dataset.as_str(),
            Self::Study(study) => study.as_str(),
            Self::Analyst(analyst) => analyst.as_str(),
        }
    }

    /// The thing that a permit to cap it is about.
    pub(super) fn resource(&self, state: DataState) -> Resource {
        match self {
            Self::Dataset(dataset) => Resource::budget(dataset, state),
            Self::Study(study) => {
                Resource::new(ResourceKind::Budget, study.as_str(), DataState::NoData)
                    .within(study.clone())
            }
            Self::Analyst(analyst) => {
                Resource::new(ResourceKind::Budget, analyst.as_str(), DataState::NoData)
            }
        }
    }

    /// A refusal of this budget, told as its own.
    pub(super) fn refusal(&self, refused: BudgetExceeded) -> StageError {
        match self {
            Self::Dataset(_) => refused.into(),
            Self::Study(_) | Self::Analyst(_) => StageError::ScopeBudget {
                kind: self.kind(),
                name: self.name().to_owned(),
                refused,
            },
        }
    }
}

/// The budgets that an entry touches where they exist.
pub(super) fn of_entry(root: &DatasetId, entry: &Entry) -> Vec<Scope> {
    let study = entry.study.clone().map(Scope::Study);
    let analyst = entry.analyst.clone().map(Scope::Analyst);
    std::iter::once(Scope::Dataset(root.clone()))
        .chain(study)
        .chain(analyst)
        .collect()
}
