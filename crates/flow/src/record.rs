//! What flow keeps: the stored form of datasets, steps and models. Nothing here holds a value of a
//! person; rows live in sealed objects.

use std::collections::BTreeMap;

use access::DataState;
use domain::{
    DatasetId, Digest, KeyId, LegalBasis, Purpose, RunId, Stage, StudyId, Timestamp, VersionId,
};
use serde::{Deserialize, Serialize};
use store::ObjectRef;

/// A dataset: a named line of versions with one owner, one declared use and one lineage root.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dataset {
    /// Its id.
    pub id: DatasetId,
    /// The dataset whose privacy budget this one shares: itself, or the one it derives from.
    pub root: DatasetId,
    /// Who answers for it.
    pub owner: String,
    /// When it came to be.
    pub created: Timestamp,
}

/// One immutable version of a dataset.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Version {
    /// Its content address: SHA-256 over table names, columns and the content digests of the tables.
    pub id: VersionId,
    /// The line it belongs to.
    pub dataset: DatasetId,
    /// What it says about persons.
    pub state: DataState,
    /// What it was made from; empty for files from outside.
    pub parents: Vec<VersionId>,
    /// Declared purpose.
    pub purpose: Purpose,
    /// Declared legal basis.
    pub basis: LegalBasis,
    /// The data key of its objects.
    pub key: KeyId,
    /// When it was made.
    pub created: Timestamp,
    /// Its tables, by name.
    pub tables: Vec<Table>,
}

/// Where a version is found: content alone does not tell, since two datasets may hold the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionRef {
    /// The dataset.
    pub dataset: DatasetId,
    /// The version.
    pub id: VersionId,
}

impl VersionRef {
    pub(crate) fn key(&self) -> String {
        format!("{}/{}", self.dataset, self.id)
    }
}

impl Version {
    /// Where it is found.
    pub fn place(&self) -> VersionRef {
        VersionRef {
            dataset: self.dataset.clone(),
            id: self.id.clone(),
        }
    }

    /// The table of this name.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == name)
    }

    /// Rows over all tables.
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|table| table.rows).sum()
    }

    /// The largest number of persons in one table.
    pub fn persons(&self) -> u64 {
        self.tables
            .iter()
            .map(|table| table.persons)
            .max()
            .unwrap_or(0)
    }
}

/// One table of a version: an encrypted Parquet object and what may be said about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// The column that says whose row it is.
    pub person: Option<String>,
    /// Rows.
    pub rows: u64,
    /// Distinct persons; the rows themselves where no column says.
    pub persons: u64,
    /// Columns in order.
    pub columns: Vec<String>,
    /// The encrypted object.
    pub object: ObjectRef,
    /// Where the object belongs, `cloister/DATASET/PART/TABLE` with a drawn part: every piece of
    /// it is bound to this, and the file does not hold it.
    pub place: String,
    /// SHA-256 of names, types and cells before encryption.
    pub content: Digest,
    /// The files it came from.
    pub origins: Vec<Origin>,
    /// Columns or elements of those files that were not taken in, with how often they occurred.
    pub dropped: BTreeMap<String, u64>,
}

/// A file from outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Its name without folders.
    pub name: String,
    /// `csv`, `parquet`, `jsonl`, `text`, `fhir-bundle` or `fhir-ndjson`.
    pub format: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// SHA-256 of its bytes.
    pub digest: Digest,
}

/// One run of a study.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// Its id: the study's name and a number.
    pub id: RunId,
    /// The study.
    pub study: StudyId,
    /// The study file as it stood.
    pub file: String,
    /// SHA-256 of that file.
    pub digest: Digest,
    /// When it began.
    pub started: Timestamp,
    /// How it stands.
    pub state: RunState,
}

/// How a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RunState {
    /// Begun; an interrupted run is taken up here.
    Open,
    /// All stages that were asked for are done.
    Done,
    /// A gate did not hold or a stage was refused; a new run starts afresh.
    Stopped,
}

impl std::fmt::Display for RunState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Open => "open",
            Self::Done => "done",
            Self::Stopped => "stopped",
        })
    }
}

/// One stage of one run, with what it made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step<T> {
    /// The stage.
    pub stage: Stage,
    /// When it began.
    pub started: Timestamp,
    /// When it ended.
    pub finished: Timestamp,
    /// What it made.
    pub product: T,
}

/// The cells of a column of one of the four types as text.
pub fn text_cells(array: &arrow_array::ArrayRef) -> Vec<Option<String>> {
    crate::tables::texts(array)
}
