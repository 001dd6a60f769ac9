use std::{collections::BTreeMap, fmt};

use domain::{Digest, Timestamp};
use serde::{Deserialize, Serialize};

/// A kind of proof that the work leaves behind.
///
/// `flow` counts what the log and the store hold of each kind; nothing is typed in by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EvidenceKind {
    /// A dataset version with its source digest, purpose, legal basis, owner, and the columns
    /// that were and were not taken in.
    DatasetIngested,
    /// A value-free report of the identifier category of each column and text field.
    FieldMap,
    /// Every object of a dataset version read back: sealed, whole, opened by its key only.
    DatasetSealed,
    /// A de-identification run's value-free manifest and signed certificate.
    ManifestSigned,
    /// Re-identification risk before and after, judged against the study's threshold.
    RiskReport,
    /// A training run with the accountant's statement: epsilon, delta, unit, noise, sampling.
    GuaranteeStated,
    /// A privacy spend committed to the ledger.
    SpendCommitted,
    /// Accuracy, intervals and subgroup metrics on records not trained on.
    ValidationReport,
    /// A membership-inference attack with its positive control.
    LeakageTest,
    /// A model version with checksums and signature, verified after writing.
    ModelSigned,
    /// A model card filled from the run.
    ModelCard,
    /// The lineage from source file to model.
    LineageRecorded,
    /// A prediction call in the log, with model version and output filter.
    PredictionLogged,
    /// A drift measurement against the data a model was trained on.
    DriftReport,
    /// An act in the log with the decision that permitted it.
    AccessPermitted,
    /// A refused act in the log with the rule that refused it.
    AccessRefused,
    /// The log recomputed and compared with its signed checkpoint.
    LogVerified,
    /// An evidence pack written with its manifest.
    ReportWritten,
}

/// A value-free summary of the evidence at hand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceIndex {
    entries: BTreeMap<EvidenceKind, Entry>,
    attested: BTreeMap<String, Attested>,
}

/// What there is of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// How many.
    pub count: u64,
    /// When the newest was made.
    pub newest: Timestamp,
    /// Digest of the newest.
    pub digest: Digest,
    /// Where the newest stands in the log.
    pub log_index: u64,
}

/// A person's signed statement that a requirement is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attested {
    /// Digest of the signed statement.
    pub digest: Digest,
    /// When it stops counting.
    pub expires: Timestamp,
}

impl EvidenceIndex {
    /// An index without evidence.
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts one piece of evidence; the newest one is kept by its digest and place in the log.
    pub fn record(&mut self, kind: EvidenceKind, at: Timestamp, digest: Digest, log_index: u64) {
        let entry = self.entries.entry(kind).or_insert(Entry {
            count: 0,
            newest: at,
            digest,
            log_index,
        });
        entry.count = entry.count.saturating_add(1);
        if (at, log_index) > (entry.newest, entry.log_index) {
            entry.newest = at;
            entry.digest = digest;
            entry.log_index = log_index;
        }
    }

    /// Notes a signed statement for a requirement; of two, the one that expires later is kept.
    pub fn attest(&mut self, requirement: &str, statement: Attested) {
        let kept = self
            .attested
            .entry(requirement.to_owned())
            .or_insert(statement);
        if statement.expires > kept.expires {
            *kept = statement;
        }
    }

    /// What there is of a kind.
    pub fn get(&self, kind: EvidenceKind) -> Option<&Entry> {
        self.entries.get(&kind)
    }

    /// The signed statement for a requirement.
    pub fn attestation(&self, requirement: &str) -> Option<&Attested> {
        self.attested.get(requirement)
    }

    /// Everything there is, by kind.
    pub fn entries(&self) -> impl Iterator<Item = (EvidenceKind, &Entry)> {
        self.entries.iter().map(|(&kind, entry)| (kind, entry))
    }
}

impl EvidenceKind {
    /// All kinds, in the order of the life of data.
    pub const ALL: [Self; 18] = [
        Self::DatasetIngested,
        Self::FieldMap,
        Self::DatasetSealed,
        Self::ManifestSigned,
        Self::RiskReport,
        Self::GuaranteeStated,
        Self::SpendCommitted,
        Self::ValidationReport,
        Self::LeakageTest,
        Self::ModelSigned,
        Self::ModelCard,
        Self::LineageRecorded,
        Self::PredictionLogged,
        Self::DriftReport,
        Self::AccessPermitted,
        Self::AccessRefused,
        Self::LogVerified,
        Self::ReportWritten,
    ];

    /// What an officer calls it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::DatasetIngested => "ingested dataset version",
            Self::FieldMap => "field map",
            Self::DatasetSealed => "check of sealed objects",
            Self::ManifestSigned => "de-identification manifest and certificate",
            Self::RiskReport => "re-identification risk report",
            Self::GuaranteeStated => "statement of the privacy guarantee",
            Self::SpendCommitted => "committed privacy spend",
            Self::ValidationReport => "validation report",
            Self::LeakageTest => "leakage test",
            Self::ModelSigned => "signed model version",
            Self::ModelCard => "model card",
            Self::LineageRecorded => "lineage",
            Self::PredictionLogged => "logged prediction",
            Self::DriftReport => "drift report",
            Self::AccessPermitted => "logged act with its decision",
            Self::AccessRefused => "logged refusal",
            Self::LogVerified => "verification of the log",
            Self::ReportWritten => "evidence pack",
        }
    }

    /// For how many days one piece counts as fresh. The law names no such number: these are ours.
    ///
    /// What watches (the log, drift, access) grows old in a quarter; what was shown about a
    /// version of data or of a model in a year; a risk measurement in eighteen months, the usual
    /// life of an expert determination.
    pub const fn fresh_days(self) -> u16 {
        match self {
            Self::LogVerified
            | Self::DriftReport
            | Self::AccessPermitted
            | Self::PredictionLogged
            | Self::ReportWritten => 90,
            Self::RiskReport | Self::ManifestSigned => 548,
            Self::DatasetIngested
            | Self::FieldMap
            | Self::DatasetSealed
            | Self::GuaranteeStated
            | Self::SpendCommitted
            | Self::ValidationReport
            | Self::LeakageTest
            | Self::ModelSigned
            | Self::ModelCard
            | Self::LineageRecorded
            | Self::AccessRefused => 365,
        }
    }

    /// Whether a piece made at `at` is fresh at `now`.
    pub const fn is_fresh(self, at: Timestamp, now: Timestamp) -> bool {
        let age = now.as_millis().saturating_sub(at.as_millis());
        age <= (self.fresh_days() as i64) * DAY_MILLIS
    }
}

impl fmt::Display for EvidenceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.title())
    }
}

const DAY_MILLIS: i64 = 86_400_000;
