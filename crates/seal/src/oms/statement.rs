//! The in-toto statement: which files make up the model.

use std::collections::BTreeMap;

use domain::Digest;
use serde::{Deserialize, Serialize};

use super::BundleError;
use crate::Hasher;

/// <https://in-toto.io/Statement/v1> with the model-signing predicate.
#[derive(Serialize, Deserialize)]
pub(super) struct Statement {
    #[serde(rename = "_type")]
    kind: String,
    subject: Vec<Subject>,
    #[serde(rename = "predicateType")]
    predicate_type: String,
    predicate: Predicate,
}

#[derive(Serialize, Deserialize)]
struct Subject {
    name: String,
    digest: Sha256,
}

#[derive(Serialize, Deserialize)]
struct Sha256 {
    sha256: Digest,
}

#[derive(Serialize, Deserialize)]
struct Predicate {
    resources: Vec<Resource>,
    serialization: Serialization,
}

#[derive(Serialize, Deserialize)]
struct Resource {
    name: String,
    digest: Digest,
    algorithm: String,
}

#[derive(Serialize, Deserialize)]
struct Serialization {
    method: String,
    hash_type: String,
    allow_symlinks: bool,
    #[serde(default)]
    ignore_paths: Vec<String>,
}

impl Statement {
    /// Files stand in the order of the reference implementation: by the parts of their paths.
    pub(super) fn new(name: &str, files: &BTreeMap<String, Digest>) -> Self {
        let mut files: Vec<_> = files.iter().collect();
        files.sort_by(|(one, _), (two, _)| one.split('/').cmp(two.split('/')));
        let digests = files.iter().map(|(_, digest)| *digest);
        let root = root(digests);
        let resources = files.into_iter().map(|(name, digest)| Resource {
            name: name.clone(),
            digest: *digest,
            algorithm: SHA256.to_owned(),
        });
        Self {
            kind: KIND.to_owned(),
            subject: vec![Subject {
                name: name.to_owned(),
                digest: Sha256 { sha256: root },
            }],
            predicate_type: PREDICATE.to_owned(),
            predicate: Predicate {
                resources: resources.collect(),
                serialization: Serialization {
                    method: "files".to_owned(),
                    hash_type: SHA256.to_owned(),
                    allow_symlinks: false,
                    ignore_paths: Vec::new(),
                },
            },
        }
    }

    #[expect(clippy::expect_used, reason = "texts and digests are always JSON")]
    pub(super) fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a statement is JSON")
    }

    /// Refuses other kinds, other ways to hash files, and a root that does not follow from them.
    pub(super) fn parse(payload: &[u8]) -> Result<Self, BundleError> {
        let statement: Self = serde_json::from_slice(payload).map_err(|_| BundleError::Format)?;
        let known = statement.kind == KIND
            && statement.predicate_type == PREDICATE
            && statement.predicate.serialization.method == "files"
            && statement.predicate.serialization.hash_type == SHA256
            && statement.subject.len() == 1;
        let digests = statement
            .predicate
            .resources
            .iter()
            .map(|file| &file.digest);
        if !known || statement.root()? != root(digests) {
            return Err(BundleError::Format);
        }
        Ok(statement)
    }

    pub(super) fn name(&self) -> &str {
        self.subject.first().map_or("", |subject| &subject.name)
    }

    pub(super) fn root(&self) -> Result<Digest, BundleError> {
        let subject = self.subject.first().ok_or(BundleError::Format)?;
        Ok(subject.digest.sha256)
    }

    /// The files; a path that stands twice is refused.
    pub(super) fn files(&self) -> Result<BTreeMap<String, Digest>, BundleError> {
        let mut files = BTreeMap::new();
        for resource in &self.predicate.resources {
            let new = files.insert(resource.name.clone(), resource.digest);
            if resource.algorithm != SHA256 || new.is_some() {
                return Err(BundleError::Format);
            }
        }
        Ok(files)
    }
}

fn root<'a>(digests: impl Iterator<Item = &'a Digest>) -> Digest {
    let mut hasher = Hasher::new();
    digests.for_each(|digest| hasher.update(digest.as_bytes()));
    hasher.finish()
}

const KIND: &str = "https://in-toto.io/Statement/v1";
const PREDICATE: &str = "https://model_signing/signature/v1.0";
const SHA256: &str = "sha256";
