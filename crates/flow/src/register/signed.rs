//! The files of a model version that its bundle signs.

use domain::{Digest, ModelId};

use super::{CARD, CARD_TEXT, FEATURES, MODEL, ModelVersion};
use crate::{Desk, StageError};

/// The texts that go with a model's weights.
#[derive(Clone, Copy, Debug)]
pub(super) struct Texts<'a> {
    /// The card as JSON.
    pub(super) card: &'a str,
    /// The card as Markdown.
    pub(super) card_text: &'a str,
    /// The feature list; absent in versions that were registered before it was signed.
    pub(super) features: Option<&'a str>,
}

impl<'a> Texts<'a> {
    /// Those of a registered version.
    pub(super) fn of(version: &'a ModelVersion) -> Self {
        Self {
            card: &version.card_json,
            card_text: &version.card_markdown,
            features: version.features_json.as_deref(),
        }
    }

    /// What a bundle over them and the weights signs. Before the feature list was signed, the
    /// weights and the card were.
    pub(super) fn signed_with(&self, model: &[u8]) -> Vec<(String, Digest)> {
        let file = |name: &str, bytes: &[u8]| (name.to_owned(), seal::digest(bytes));
        let mut files = vec![file(MODEL, model), file(CARD, self.card.as_bytes())];
        if let Some(features) = self.features {
            files.push(file(CARD_TEXT, self.card_text.as_bytes()));
            files.push(file(FEATURES, features.as_bytes()));
        }
        files
    }

    /// Signs them together with the weights, and verifies what was signed.
    pub(super) fn sign(
        &self,
        desk: &Desk<'_>,
        name: &ModelId,
        model: &[u8],
    ) -> Result<String, StageError> {
        let files = self.signed_with(model);
        let keyring = desk.store.keyring();
        let bundle = seal::oms::sign_model(keyring, name.as_str(), &files);
        seal::oms::verify_model(&bundle, &files, &keyring.statement_key())?;
        Ok(bundle)
    }
}

/// The feature list as the file that is exported and signed.
pub(super) fn features_json(spec: &learn::FeatureSpec) -> Result<String, StageError> {
    serde_json::to_string_pretty(spec)
        .map_err(|_| StageError::Stored("a feature list that is not JSON"))
}
