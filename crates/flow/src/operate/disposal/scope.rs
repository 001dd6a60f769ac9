//! What a certificate covers, and what it names as not covered.

use std::collections::BTreeSet;

use domain::{DatasetId, Digest, KeyId, ModelId};
use store::{Kept, KeyWitness, Noun};

use super::Subject;
use crate::{
    Desk, StageError,
    model_key::Sealings,
    record::{Dataset, Version},
    register::{self, ModelVersion},
};

/// What a certificate covers.
pub(super) struct Scope {
    pub(super) versions: Vec<String>,
    pub(super) models: Vec<String>,
    pub(super) learnt_from: Vec<String>,
    pub(super) derived: Vec<String>,
    pub(super) objects: Vec<Kept>,
}

impl Scope {
    pub(super) fn of(
        desk: &Desk<'_>,
        subject: &Subject,
        sealings: &Sealings,
        witness: &KeyWitness,
    ) -> Result<Self, StageError> {
        match subject {
            Subject::Dataset(dataset) => Self::of_dataset(desk, dataset),
            Subject::Model(model) => Ok(Self::of_model(model, sealings, witness)),
        }
    }

    fn of_dataset(desk: &Desk<'_>, dataset: &DatasetId) -> Result<Self, StageError> {
        let versions = desk.store.list::<Version>(Noun::Version)?.into_iter();
        let datasets = desk.store.list::<Dataset>(Noun::Dataset)?.into_iter();
        let models = register::all(desk)?;
        let mine = models.iter().filter(|version| version.dataset == *dataset);
        let places = [
            format!("dataset/{dataset}/"),
            format!("cloister/{dataset}/"),
        ];
        let within = |kept: &Kept| places.iter().any(|place| kept.context.starts_with(place));
        let mut objects = desk.store.kept_objects()?;
        objects.retain(within);
        Ok(Self {
            versions: versions
                .filter(|record| record.body.dataset == *dataset)
                .map(|record| record.body.id.to_string())
                .collect(),
            models: mine.map(told).collect(),
            learnt_from: Vec::new(),
            derived: datasets
                .filter(|record| record.body.root == *dataset && record.body.id != *dataset)
                .map(|record| record.body.id.to_string())
                .collect(),
            objects,
        })
    }

    fn of_model(model: &ModelId, sealings: &Sealings, witness: &KeyWitness) -> Self {
        let versions: Vec<&ModelVersion> = sealings.versions(model.as_str()).collect();
        let datasets: BTreeSet<String> = versions
            .iter()
            .map(|version| version.dataset.to_string())
            .collect();
        let keys: BTreeSet<KeyId> = witness
            .ids
            .iter()
            .filter_map(|id| KeyId::new(id.as_str()).ok())
            .collect();
        Self {
            versions: versions
                .iter()
                .map(|version| version.number.to_string())
                .collect(),
            models: versions.into_iter().map(told).collect(),
            learnt_from: datasets.into_iter().collect(),
            derived: Vec::new(),
            objects: sealings.objects_under(&keys),
        }
    }

    /// Root of the Merkle tree over the digests of the objects, sorted.
    pub(super) fn root(&self) -> Digest {
        let mut names: Vec<Digest> = self.objects.iter().map(|kept| kept.object.digest).collect();
        names.sort_unstable();
        let mut tree = audit::Tree::new();
        for name in &names {
            tree.push(audit::leaf_hash(&name.0));
        }
        tree.root()
    }
}

fn told(version: &ModelVersion) -> String {
    format!("{} {}", version.model, version.number)
}
