//! What a transaction changed: a sealed list beside its rows, so that rows that were added,
//! removed or altered behind the program's back are found.

use std::collections::BTreeMap;

use domain::Entropy;
use seal::{DataKey, digest, seal_bytes};
use serde::{Deserialize, Serialize};

use crate::{
    Position,
    record::Place,
    rows::{StoredKey, objects::KeptObject},
};

/// Rows by name, each with a digest of what it holds.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Changes(BTreeMap<String, String>);

impl Changes {
    pub(crate) fn record(&mut self, place: Place<'_>, sealed: &[u8]) {
        self.0.insert(place.context(), digest(sealed).to_string());
    }

    pub(crate) fn key(&mut self, key: &StoredKey) {
        self.0.extend([Self::of_key(key)]);
    }

    pub(crate) fn destroyed(&mut self, key: &str) {
        self.0.insert(format!("{DESTROYED}{key}"), String::new());
    }

    pub(crate) fn object(&mut self, object: &KeptObject) {
        self.0.extend([Self::of_object(object)]);
    }

    /// Name and digest of a key as it stands in the database.
    pub(crate) fn of_key(key: &StoredKey) -> (String, String) {
        match &key.wrapped {
            Some(wrapped) => {
                let text = key_text(key, wrapped);
                (
                    format!("key|{}", key.id),
                    digest(text.as_bytes()).to_string(),
                )
            }
            None => (format!("{DESTROYED}{}", key.id), String::new()),
        }
    }

    /// Name and digest of an object as it stands in the database.
    pub(crate) fn of_object(object: &KeptObject) -> (String, String) {
        let name = format!("object|{}", object.digest);
        (name, digest(&object_text(object)).to_string())
    }

    /// Whether a key was destroyed.
    pub(crate) fn destroys(&self) -> bool {
        self.0.keys().any(|name| name.starts_with(DESTROYED))
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, found)| (name.as_str(), found.as_str()))
    }

    pub(crate) fn seal(&self, key: &DataKey, context: &str, entropy: &mut dyn Entropy) -> Vec<u8> {
        let plain = serde_json::to_vec(self).unwrap_or_default();
        seal_bytes(key, context.as_bytes(), &plain, entropy)
    }
}

/// What a sealed list is bound to.
pub(crate) fn context(transaction: &str, position: Position) -> String {
    format!("changes|{transaction}|{position}")
}

/// What of a key stays when it is wrapped anew; rows of the first schema are known by their wrapped
/// form until then.
fn key_text(key: &StoredKey, wrapped: &str) -> String {
    let dataset = key.dataset.as_deref().unwrap_or_default();
    let Some(fingerprint) = &key.fingerprint else {
        return format!("{dataset}|{wrapped}");
    };
    let class = key.class.as_deref().unwrap_or("|");
    let [since, until] =
        [key.since, key.until].map(|date| date.map_or_else(String::new, |date| date.to_string()));
    let (version, stage) = (key.version, &key.stage);
    format!("{dataset}|{class}|{version}|{stage}|{since}|{until}|{fingerprint}")
}

fn object_text(object: &KeptObject) -> Vec<u8> {
    let head = format!(
        "{}|{}|{}|{}|",
        object.key, object.context, object.plain_len, object.sealed_len
    );
    [head.as_bytes(), &object.segments].concat()
}

const DESTROYED: &str = "destroyed|";
