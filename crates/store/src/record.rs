use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Position, StoreError};

/// What a record is about; the word is stored beside the sealed body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Noun {
    /// The instance itself: its name and settings.
    Instance,
    /// A person who operates Cloister, with a role.
    Operator,
    /// A study and its declared purpose.
    Study,
    /// One run of a study.
    Run,
    /// What a run did at one stage.
    Step,
    /// A named line of dataset versions.
    Dataset,
    /// One immutable version of a dataset.
    Version,
    /// Columns and text mapped to identifier categories.
    FieldMap,
    /// What de-identification did, without values.
    Manifest,
    /// The signed certificate of a de-identification.
    Certificate,
    /// Risk before and after.
    RiskReport,
    /// Which replacement code stands for which identifier.
    Crosswalk,
    /// The privacy budget of a dataset.
    Budget,
    /// One reservation or spend from a budget.
    Spend,
    /// A named line of model versions.
    Model,
    /// One immutable version of a model.
    ModelVersion,
    /// The results of a model's tests and attacks.
    Validation,
    /// A measurement of drift.
    Drift,
    /// Something a person must look at.
    Alert,
    /// A request that a model be changed, which people decide on.
    ChangeRequest,
    /// A written evidence pack.
    Report,
    /// A fact that a control is met.
    Evidence,
    /// A standing permission or refusal.
    Grant,
    /// A set of a backup, and which keys stand in it.
    Backup,
    /// How long something is kept.
    Schedule,
    /// A legal hold.
    Hold,
    /// The certificate of a sanitisation.
    Sanitisation,
    /// What a caller was answered by a model.
    Allowance,
    /// The committed set of persons of a dataset version.
    Persons,
    /// Somebody who receives records, with an address.
    Recipient,
    /// One disclosure of a person's records.
    Disclosure,
    /// How long the log is kept, what holds it, and what was approved.
    Retention,
    /// What a witness saw: of another log, or of ours.
    Witness,
    /// Which keystore the database belongs to.
    Keystore,
    /// A person who may approve what another one asks for.
    Approver,
    /// An act that waits for a second person's approval, or had it.
    Approval,
}

impl Noun {
    /// All nouns.
    pub const ALL: [Self; 36] = [
        Self::Instance,
        Self::Operator,
        Self::Study,
        Self::Run,
        Self::Step,
        Self::Dataset,
        Self::Version,
        Self::FieldMap,
        Self::Manifest,
        Self::Certificate,
        Self::RiskReport,
        Self::Crosswalk,
        Self::Budget,
        Self::Spend,
        Self::Model,
        Self::ModelVersion,
        Self::Validation,
        Self::Drift,
        Self::Alert,
        Self::ChangeRequest,
        Self::Report,
        Self::Evidence,
        Self::Grant,
        Self::Backup,
        Self::Schedule,
        Self::Hold,
        Self::Sanitisation,
        Self::Allowance,
        Self::Persons,
        Self::Recipient,
        Self::Disclosure,
        Self::Retention,
        Self::Witness,
        Self::Keystore,
        Self::Approver,
        Self::Approval,
    ];

    /// The word in the database and in messages.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Instance => "instance",
            Self::Operator => "operator",
            Self::Study => "study",
            Self::Run => "run",
            Self::Step => "step",
            Self::Dataset => "dataset",
            Self::Version => "version",
            Self::FieldMap => "field-map",
            Self::Manifest => "manifest",
            Self::Certificate => "certificate",
            Self::RiskReport => "risk-report",
            Self::Crosswalk => "crosswalk",
            Self::Budget => "budget",
            Self::Spend => "spend",
            Self::Model => "model",
            Self::ModelVersion => "model-version",
            Self::Validation => "validation",
            Self::Drift => "drift",
            Self::Alert => "alert",
            Self::ChangeRequest => "change-request",
            Self::Report => "report",
            Self::Evidence => "evidence",
            Self::Grant => "grant",
            Self::Backup => "backup",
            Self::Schedule => "schedule",
            Self::Hold => "hold",
            Self::Sanitisation => "sanitisation",
            Self::Allowance => "allowance",
            Self::Persons => "persons",
            Self::Recipient => "recipient",
            Self::Disclosure => "disclosure",
            Self::Retention => "retention",
            Self::Witness => "witness",
            Self::Keystore => "keystore",
            Self::Approver => "approver",
            Self::Approval => "approval",
        }
    }
}

impl fmt::Display for Noun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// One revision of a record, opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record<T> {
    /// The id inside its noun.
    pub id: String,
    /// 1 for the first, one more with every replacement.
    pub revision: u64,
    /// The log entry that saved it; `None` inside the transaction that is still open.
    pub position: Option<Position>,
    /// The document.
    pub body: T,
}

/// Where a record stands: the associated data under which its body is sealed, so that a row
/// moved to another place, or put back to an older state, does not open.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub(crate) noun: Noun,
    pub(crate) id: &'a str,
    pub(crate) revision: u64,
}

impl Place<'_> {
    pub(crate) fn context(&self) -> String {
        format!("record|{}|{}|{}", self.noun, self.id, self.revision)
    }
}

/// Ids stand unsealed in the database: an alphabet without capitals and spaces keeps names out.
pub(crate) fn check_id(noun: Noun, id: &str) -> Result<(), StoreError> {
    let safe = |byte: u8| {
        byte.is_ascii_lowercase()
            || byte.is_ascii_digit()
            || matches!(byte, b'-' | b'_' | b'.' | b'/' | b':' | b'@')
    };
    if !id.is_empty() && id.len() <= LONGEST_ID && id.bytes().all(safe) {
        Ok(())
    } else {
        Err(StoreError::IdRefused { noun })
    }
}

const LONGEST_ID: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stored_word_is_the_serialised_word() {
        for noun in Noun::ALL {
            assert_eq!(serde_json::to_string(&noun).unwrap(), format!("\"{noun}\""));
        }
    }

    #[test]
    fn an_id_with_a_name_in_it_is_refused() {
        for refused in ["", "Ada Example", "a b", "x|y", "ä", &"a".repeat(201)] {
            assert!(check_id(Noun::Study, refused).is_err(), "{refused}");
        }
        assert!(check_id(Noun::Step, "study-1/run:3@x").is_ok());
    }
}
