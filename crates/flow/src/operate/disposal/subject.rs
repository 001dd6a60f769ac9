//! What is disposed of, and which keys that takes.

use std::{collections::BTreeSet, fmt};

use access::{DataState, Resource};
use domain::{DatasetId, ModelId};
use seal::KeyState;
use serde::{Deserialize, Serialize};

use crate::{
    Desk, StageError,
    model_key::{Sealings, is_of_model},
    operate::{
        key::{self, Act, Request},
        retention::{Class, RetentionError},
    },
    register::ModelVersion,
};

/// What is disposed of: a dataset with the models that learnt from it, or a model alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// A dataset with all its versions.
    Dataset(DatasetId),
    /// A model with all its versions.
    Model(ModelId),
}

impl Subject {
    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            Self::Dataset(dataset) => dataset.as_str(),
            Self::Model(model) => model.as_str(),
        }
    }

    pub(crate) const fn class(&self) -> Class {
        match self {
            Self::Dataset(_) => Class::Dataset,
            Self::Model(_) => Class::Model,
        }
    }

    /// The id of its certificate; no dataset has a name with a slash.
    pub(super) fn record(&self) -> String {
        match self {
            Self::Dataset(dataset) => dataset.to_string(),
            Self::Model(model) => format!("model/{model}"),
        }
    }

    pub(super) fn resource(&self) -> Resource {
        match self {
            Self::Dataset(dataset) => Resource::dataset(dataset, DataState::NoData),
            Self::Model(model) => Resource::model(model, DataState::NoData),
        }
    }

    /// The names under which its keys stand, destroyed ones included. Refused is a model one of
    /// whose keys seals anything else.
    pub(super) fn key_names(&self, sealings: &Sealings) -> Result<Vec<DatasetId>, StageError> {
        let mut names = BTreeSet::new();
        match self {
            Self::Dataset(dataset) => {
                names.insert(dataset.clone());
                let models = sealings.keys_learnt_from(dataset);
                names.extend(models.into_iter().filter_map(|key| key.dataset.clone()));
            }
            Self::Model(model) => {
                for version in sealings.versions(model.as_str()) {
                    names.extend(own_key(sealings, version)?);
                }
            }
        }
        Ok(names.into_iter().collect())
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dataset(dataset) => f.pad(dataset.as_str()),
            Self::Model(model) => write!(f, "model {model}"),
        }
    }
}

/// The name of a version's key; none when it went with its dataset's, which sealed it. A key that
/// seals more than this model is refused with what else it seals.
fn own_key(sealings: &Sealings, version: &ModelVersion) -> Result<Option<DatasetId>, StageError> {
    let key = sealings.key_of(version)?;
    let name = key
        .dataset
        .as_ref()
        .ok_or(StageError::Stored("a model under the key of the records"))?;
    let (model, number) = (version.model.to_string(), version.number);
    if !is_of_model(name) {
        if key.state == KeyState::Destroyed {
            return Ok(None);
        }
        let dataset = name.to_string();
        return Err(RetentionError::NotAlone {
            model,
            number,
            dataset,
        }
        .into());
    }
    let others: Vec<String> = sealings
        .sealed_by(&key.id)
        .filter(|other| other.model != version.model)
        .map(|other| format!("`{}` version {}", other.model, other.number))
        .collect();
    if others.is_empty() {
        return Ok(Some(name.clone()));
    }
    let others = others.join(", ");
    Err(RetentionError::KeyShared {
        model,
        number,
        others,
    }
    .into())
}

/// Refuses a model whose keys went with those of its datasets: it is on their certificates.
pub(super) fn check_left(
    desk: &Desk<'_>,
    model: &ModelId,
    sealings: &Sealings,
) -> Result<(), StageError> {
    let versions = || sealings.versions(model.as_str());
    if versions().any(|version| !sealings.is_gone(version)) || carried_out(desk, model)?.is_some() {
        return Ok(());
    }
    let datasets: BTreeSet<String> = versions()
        .map(|version| format!("`{}`", version.dataset))
        .collect();
    let datasets = datasets.into_iter().collect::<Vec<_>>().join(", ");
    let model = model.to_string();
    Err(RetentionError::WentWith { model, datasets }.into())
}

/// The newest request to destroy this model's keys that was carried out.
pub(super) fn carried_out(desk: &Desk<'_>, model: &ModelId) -> Result<Option<Request>, StageError> {
    let of_model = |act: &Act| matches!(act, Act::DestroyModel { model: of, .. } if of == model);
    key::approval::newest_used(desk, of_model)
}
