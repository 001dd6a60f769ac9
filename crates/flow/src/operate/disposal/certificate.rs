//! The certificate of sanitisation, as it is signed and kept.

use domain::{Digest, Timestamp};
use seal::{PublicKey, Signature};
use serde::{Deserialize, Serialize};

use super::{Scope, Subject};
use crate::{
    Desk, StageError,
    operate::{
        key::Request,
        retention::{RetentionError, Standing},
    },
};

/// A certificate of sanitisation.
///
/// Its fields follow the sample form of NIST SP 800-88 (media, method, technique, tool,
/// verification, persons); what only people know is listed under `open`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// The form and its version.
    pub form: String,
    /// What it is about: a field `dataset` or a field `model`.
    #[serde(flatten)]
    pub subject: Subject,
    /// Its versions.
    pub versions: Vec<String>,
    /// Versions of models that cannot be opened any more: those that learnt from the dataset, or
    /// those of the model.
    pub models: Vec<String>,
    /// Of a model: the datasets it learnt from, which have keys of their own and are not covered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub learnt_from_not_covered: Vec<String>,
    /// Datasets derived from it, which have keys of their own and are not covered.
    pub derived_not_covered: Vec<String>,
    /// Encrypted objects that nobody can open any more; the ciphertext may still be there.
    pub objects: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Root of the Merkle tree (RFC 6962) over the SHA-256 digests of the objects, sorted.
    pub objects_root: Digest,
    /// Where they are.
    pub media: String,
    /// Clear, purge or destroy, in the words of the standard.
    pub method: String,
    /// How.
    pub technique: String,
    /// With what.
    pub tool: String,
    /// Ids of the destroyed keys.
    pub keys: Vec<String>,
    /// The end of the period of retention.
    pub kept_until: Timestamp,
    /// Whether the erase came before that, on purpose.
    pub early: bool,
    /// Who asked, and when.
    pub requested: Option<(String, Timestamp)>,
    /// Who approved, and when.
    pub approved: Option<(String, Timestamp)>,
    /// Who carried it out.
    pub performed_by: String,
    /// When.
    pub performed: Timestamp,
    /// The search for copies of the wrapped keys.
    pub search: Search,
    /// Objects whose key was asked for afterwards and refused.
    pub tried: u64,
    /// Backups that held, or may hold, the keys.
    pub backups: Vec<BackupFinding>,
    /// Whether nothing is left to do: every copy that is known of is gone.
    pub complete: bool,
    /// What the form asks for and no program knows.
    pub open: Vec<String>,
}

/// The name under which people ask for it.
pub type Sanitisation = Certificate;

/// The search for copies of the wrapped keys in the instance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Search {
    /// Every file but the ciphertext was read, and nothing found.
    Made {
        /// Files.
        files: u64,
        /// Bytes.
        bytes: u64,
    },
    /// The keys were gone before: what to look for is not known.
    NotMade,
}

/// A backup folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupFinding {
    /// The folder.
    pub folder: String,
    /// Sets that held the keys.
    pub sets: Vec<String>,
    /// How it stands.
    pub state: BackupState,
}

/// Whether the keys are out of a backup.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BackupState {
    /// No set of the folder holds them.
    Purged,
    /// The folder, or a set in it, could not be opened: they may still be there.
    NotReached,
}

/// A certificate with its signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// The certificate as JSON: these bytes are signed.
    pub text: String,
    /// By the instance's statement key.
    pub signature: Signature,
    /// That key, as PEM.
    pub public_key: String,
}

impl Certificate {
    pub(super) fn new(desk: &Desk<'_>, subject: &Subject, keys: &[String]) -> Self {
        Self {
            form: "cloister certificate of sanitisation, version 2".to_owned(),
            subject: subject.clone(),
            versions: Vec::new(),
            models: Vec::new(),
            learnt_from_not_covered: Vec::new(),
            derived_not_covered: Vec::new(),
            objects: 0,
            bytes: 0,
            objects_root: audit::Tree::new().root(),
            media: desk.store.objects_place(),
            method: "purge, by cryptographic erase".to_owned(),
            technique: "all copies of the AES-256 keys were destroyed, in their only stored form \
                        (wrapped with AES-256-GCM under a key-encryption key)"
                .to_owned(),
            tool: format!("cloister {}", env!("CARGO_PKG_VERSION")),
            keys: keys.to_vec(),
            kept_until: desk.now(),
            early: false,
            requested: None,
            approved: None,
            performed_by: desk.operator.id.to_string(),
            performed: desk.now(),
            search: Search::NotMade,
            tried: 0,
            backups: Vec::new(),
            complete: false,
            open: open(subject),
        }
    }

    pub(super) fn about(self, scope: Scope) -> Self {
        Self {
            objects: scope.objects.len() as u64,
            bytes: scope
                .objects
                .iter()
                .map(|kept| kept.object.sealed_len)
                .sum(),
            objects_root: scope.root(),
            versions: scope.versions,
            models: scope.models,
            learnt_from_not_covered: scope.learnt_from,
            derived_not_covered: scope.derived,
            ..self
        }
    }

    pub(super) fn decided(
        self,
        standing: &Standing,
        early: bool,
        request: Option<Request>,
    ) -> Self {
        let approval = request
            .as_ref()
            .and_then(|request| request.approval.as_ref());
        Self {
            kept_until: standing.until,
            early: early && !standing.due,
            approved: approval.map(|approval| (approval.by.to_string(), approval.at)),
            requested: request.map(|request| (request.requested_by.to_string(), request.requested)),
            ..self
        }
    }

    pub(super) fn verified(self, search: Search, tried: u64) -> Self {
        Self {
            search,
            tried,
            ..self
        }
    }

    pub(super) fn with_backups(mut self, backups: Vec<BackupFinding>) -> Self {
        self.backups = backups;
        self.judged()
    }

    /// The same certificate after a folder was purged.
    pub(super) fn with_purged(mut self, found: &BackupFinding) -> Self {
        match self
            .backups
            .iter_mut()
            .find(|one| one.folder == found.folder)
        {
            Some(known) => known.state = found.state,
            None => self.backups.push(found.clone()),
        }
        self.judged()
    }

    fn judged(mut self) -> Self {
        let gone = |one: &BackupFinding| one.state == BackupState::Purged;
        self.complete = self.backups.iter().all(gone) && self.search != Search::NotMade;
        self
    }
}

impl Signed {
    pub(super) fn by(desk: &Desk<'_>, certificate: &Certificate) -> Result<Self, StageError> {
        let text = serde_json::to_string_pretty(certificate)
            .map_err(|_| StageError::Stored("a certificate"))?;
        Ok(Self {
            signature: desk.store.sign_statement(text.as_bytes()),
            public_key: desk.store.statement_public_key_pem(),
            text,
        })
    }

    /// What is certified.
    pub fn certificate(&self) -> Result<Certificate, StageError> {
        serde_json::from_str(&self.text).map_err(|_| RetentionError::Certificate.into())
    }

    /// The digest of the signed text.
    pub fn digest(&self) -> Digest {
        seal::digest(self.text.as_bytes())
    }
}

/// Checks a certificate offline against a key that the reader trusts, or against its own, which
/// proves only that it is whole.
pub fn verify_certificate(
    text: &str,
    trusted: Option<&PublicKey>,
) -> Result<Certificate, StageError> {
    let signed: Signed = serde_json::from_str(text).map_err(|_| RetentionError::Certificate)?;
    let own = PublicKey::from_pem(&signed.public_key).map_err(|_| RetentionError::Certificate)?;
    trusted
        .unwrap_or(&own)
        .verify(signed.text.as_bytes(), &signed.signature)
        .map_err(|_| RetentionError::Certificate)?;
    signed.certificate()
}

/// What only people know; of a model, also who was given it.
fn open(subject: &Subject) -> Vec<String> {
    let exported = matches!(subject, Subject::Model(_)).then_some(EXPORTED);
    let lines = exported.into_iter().chain(OPEN);
    lines.map(str::to_owned).collect()
}

const EXPORTED: &str =
    "copies of the model that were exported: `cloister audit search` tells when and by whom";
const OPEN: [&str; 4] = [
    "classification of the information, as your organisation grades it",
    "where the media go next: reuse, return, destruction",
    "name, title, place and telephone of the person who carried it out",
    "name, title, date and signature of the person who validates this certificate",
];

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str = r#"{"form":"cloister certificate of sanitisation, version 1",
        "dataset":"visits","versions":["a"],"models":[],"derived_not_covered":[],"objects":1,
        "bytes":2,"objects_root":"0000000000000000000000000000000000000000000000000000000000000000",
        "media":"a folder","method":"purge","technique":"erase","tool":"cloister 0.1.0","keys":["k"],
        "kept_until":"2026-11-27T00:00:00.000Z","early":false,"requested":null,"approved":null,
        "performed_by":"ada","performed":"2026-11-27T00:00:00.000Z",
        "search":{"made":{"files":3,"bytes":4}},"tried":1,"backups":[],"complete":true,"open":[]}"#;

    #[test]
    fn a_certificate_of_the_first_form_is_still_read() {
        let certificate: Certificate = serde_json::from_str(FIRST).unwrap();
        assert_eq!(certificate.subject.to_string(), "visits");
        assert_eq!(certificate.bytes, 2);
        assert_eq!(certificate.search, Search::Made { files: 3, bytes: 4 });
    }

    #[test]
    fn the_subject_is_a_field_of_its_own_kind() {
        let of_model = FIRST.replace("\"dataset\":\"visits\"", "\"model\":\"income\"");
        let certificate: Certificate = serde_json::from_str(&of_model).unwrap();
        assert_eq!(certificate.subject.to_string(), "model income");

        let written = serde_json::to_value(&certificate).unwrap();
        assert_eq!(written["model"], "income");
        assert!(written.get("dataset").is_none());
        let again: Certificate = serde_json::from_value(written).unwrap();
        assert_eq!(again, certificate);
    }
}
