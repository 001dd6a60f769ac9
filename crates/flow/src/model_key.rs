//! The key that seals what one run trained, or one model that was brought, and nothing else.
//!
//! It stands in the table of keys under a name that no dataset can have, so that a model can be
//! disposed of alone. What it sealed says in its place from which dataset it learnt: destroying a
//! dataset's keys finds the keys of its models there. Models of before have no key of their own and
//! are sealed under their dataset's; the row of the object says which key it is, for both.

use std::collections::{BTreeMap, BTreeSet};

use domain::{DatasetId, Digest, KeyId, ModelId, RunId};
use seal::{DataKey, KeyState};
use store::{Kept, KeyInfo, ObjectRef, StoreError, Transaction};

use crate::{
    Desk, StageError,
    register::{self, ModelVersion},
};

/// The name under which the key of a run's models stands.
pub(crate) fn of_run(run: &RunId) -> Result<DatasetId, StageError> {
    name(OF_RUN, run.as_str())
}

/// The name under which the key of a brought model's version stands.
pub(crate) fn of_brought(model: &ModelId, number: u64) -> Result<DatasetId, StageError> {
    name(OF_BROUGHT, &format!("{model}.{number}"))
}

/// Whether a key's name is that of a model's key.
pub(crate) fn is_of_model(name: &DatasetId) -> bool {
    [OF_RUN, OF_BROUGHT]
        .iter()
        .any(|prefix| name.as_str().starts_with(prefix))
}

/// What is too long for a name is called by its digest. Runs and versions end with a dot and a
/// number, so that a digest is never taken for one of them.
fn name(prefix: &str, of: &str) -> Result<DatasetId, StageError> {
    let digest = || {
        let hex = seal::digest(of.as_bytes()).to_string();
        DatasetId::new(format!("{prefix}{}", hex.get(..32).unwrap_or_default()))
    };
    DatasetId::new(format!("{prefix}{of}"))
        .or_else(|_| digest())
        .map_err(|_| StageError::Stored("the name of a model's key"))
}

/// Makes the key, in the transaction that keeps what it seals.
pub(crate) fn make(
    transaction: &mut Transaction<'_>,
    name: &DatasetId,
) -> Result<(KeyId, DataKey), StageError> {
    Ok(transaction.create_key(name)?)
}

/// The key of a model's weights, whichever it is.
pub(crate) fn key(desk: &Desk<'_>, weights: &ObjectRef) -> Result<DataKey, StoreError> {
    let kept = desk.store.kept_object(&weights.digest)?;
    desk.store.data_key_by_id(&kept.key)
}

/// A model's weights: the one way to them, for training, validation, registry and serving.
pub(crate) fn read(
    desk: &Desk<'_>,
    weights: &ObjectRef,
    context: &str,
) -> Result<Vec<u8>, StageError> {
    let key = key(desk, weights)?;
    Ok(desk.store.read_object(weights, &key, context)?)
}

/// Which key seals which model, as the rows say.
pub(crate) struct Sealings {
    objects: BTreeMap<Digest, Kept>,
    keys: BTreeMap<KeyId, KeyInfo>,
    versions: Vec<ModelVersion>,
}

impl Sealings {
    /// As it stands now.
    pub(crate) fn read(desk: &Desk<'_>) -> Result<Self, StageError> {
        let objects = desk.store.kept_objects()?.into_iter();
        let keys = desk.store.keys()?.into_iter();
        Ok(Self {
            objects: objects.map(|kept| (kept.object.digest, kept)).collect(),
            keys: keys.map(|key| (key.id.clone(), key)).collect(),
            versions: register::all(desk)?,
        })
    }

    /// Every version of a model, the oldest first.
    pub(crate) fn versions(&self, model: &str) -> impl Iterator<Item = &ModelVersion> {
        let of_model = move |version: &&ModelVersion| version.model.as_str() == model;
        self.versions.iter().filter(of_model)
    }

    /// The key of a version's weights.
    pub(crate) fn key_of(&self, version: &ModelVersion) -> Result<&KeyInfo, StageError> {
        let kept = self.objects.get(&version.object.digest);
        kept.and_then(|kept| self.keys.get(&kept.key))
            .ok_or(StageError::Stored("a model without an object or a key"))
    }

    /// Whether nobody can open a version any more.
    pub(crate) fn is_gone(&self, version: &ModelVersion) -> bool {
        self.key_of(version)
            .is_ok_and(|key| key.state == KeyState::Destroyed)
    }

    /// The versions whose weights a key seals.
    pub(crate) fn sealed_by<'a>(&'a self, key: &KeyId) -> impl Iterator<Item = &'a ModelVersion> {
        let is_it =
            move |version: &&ModelVersion| self.key_of(version).is_ok_and(|of| of.id == *key);
        self.versions.iter().filter(is_it)
    }

    /// The keys of models that learnt from a dataset, destroyed ones included.
    pub(crate) fn keys_learnt_from(&self, dataset: &DatasetId) -> Vec<&KeyInfo> {
        let place = format!("dataset/{dataset}/");
        let objects = self.objects.values();
        let ids: BTreeSet<&KeyId> = objects
            .filter(|kept| kept.context.starts_with(&place))
            .map(|kept| &kept.key)
            .collect();
        let keys = ids.into_iter().filter_map(|id| self.keys.get(id));
        keys.filter(|key| key.dataset.as_ref().is_some_and(is_of_model))
            .collect()
    }

    /// The models with a version that learnt from a dataset and can be opened: they go with it.
    pub(crate) fn models_learnt_from(&self, dataset: &DatasetId) -> BTreeSet<&ModelId> {
        let versions = self.versions.iter();
        versions
            .filter(|version| version.dataset == *dataset && !self.is_gone(version))
            .map(|version| &version.model)
            .collect()
    }

    /// The models of which no version can be opened any more.
    pub(crate) fn models_gone(&self) -> BTreeSet<&ModelId> {
        let (gone, there): (Vec<_>, Vec<_>) = self
            .versions
            .iter()
            .partition(|version| self.is_gone(version));
        let mut gone: BTreeSet<&ModelId> = gone.iter().map(|version| &version.model).collect();
        for version in there {
            gone.remove(&version.model);
        }
        gone
    }

    /// What these keys seal.
    pub(crate) fn objects_under(&self, keys: &BTreeSet<KeyId>) -> Vec<Kept> {
        let objects = self.objects.values();
        objects
            .filter(|kept| keys.contains(&kept.key))
            .cloned()
            .collect()
    }
}

const OF_RUN: &str = "model.run.";
const OF_BROUGHT: &str = "model.brought.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_run_and_every_brought_version_has_a_name_of_its_own() {
        let long = "a".repeat(60);
        let runs = [
            "census.1",
            "census.2",
            "brought.income.1",
            &format!("{long}.1"),
            &format!("{long}.2"),
        ]
        .map(|run| of_run(&RunId::new(run).unwrap()).unwrap());
        let models = [
            ("income", 1),
            ("income", 2),
            ("income.1", 1),
            (&*long, 1),
            (&*long, 2),
        ]
        .map(|(model, number)| of_brought(&ModelId::new(model).unwrap(), number).unwrap());
        let all: BTreeSet<&DatasetId> = runs.iter().chain(&models).collect();

        assert_eq!(all.len(), 10, "{all:?}");
        assert!(all.into_iter().all(is_of_model));
        assert_eq!(runs[0].as_str(), "model.run.census.1");
        assert!(!is_of_model(&DatasetId::new("models").unwrap()));
    }
}
