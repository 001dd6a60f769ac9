//! Stage 1: files come in with a declared purpose and legal basis, and only the declared columns.

mod sealer;

use std::{cell::RefCell, collections::BTreeSet};

use access::{DataState, Permit, Resource};
use domain::{Action, DatasetId, Digest, VersionId};
use seal::DataKey;
use serde::{Deserialize, Serialize};
use store::Noun;

use self::sealer::Sealer;
use crate::{
    Desk, SourceFiles, StageError, Watch,
    desk::Cause,
    govern::persons,
    record::{Dataset, Table, Version, VersionRef},
    run::{Task, Told, grouped, short},
    study::Study,
    tables::classes::Chest,
};

/// What came in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ingested {
    /// The new version.
    pub version: VersionRef,
    /// Rows taken in.
    pub rows: u64,
    /// Persons behind them.
    pub persons: u64,
    /// Columns or elements left outside.
    pub dropped: u64,
}

impl Told for Ingested {
    fn produced(&self) -> String {
        format!(
            "{} rows of {} persons",
            grouped(self.rows),
            grouped(self.persons)
        )
    }

    fn proved(&self) -> String {
        format!(
            "version {}; {} undeclared columns left out",
            short(self.version.id.as_str()),
            self.dropped
        )
    }
}

/// What a run would act on. Data from outside counts as identified whatever it is declared to be:
/// classification tests the claim.
pub(crate) fn resource(study: &Study) -> Result<Resource, StageError> {
    let dataset = study.dataset()?;
    Ok(Resource::dataset(&dataset, DataState::Identified).within(study.study.name.clone()))
}

/// Takes the study's files in as one immutable version.
///
/// Columns that the study does not declare are never materialised; their names are recorded. The
/// rows are sealed while they are read. Nothing is visible before the transaction that holds the
/// version, its objects, its key and the line of the log.
///
/// Source: 45 CFR 164.502(b), 164.514(d).
pub fn ingest(
    permit: &Permit,
    desk: &Desk<'_>,
    task: &Task<'_>,
    files: &dyn SourceFiles,
    watch: &mut dyn Watch,
) -> Result<Ingested, StageError> {
    let study = task.study;
    let dataset = study.dataset()?;
    let mut transaction = desk.store.begin()?;
    let (key_id, key) = key_of(&mut transaction, &dataset, desk.now())?;
    let sealer = Sealer {
        desk,
        chest: Chest {
            dataset: &dataset,
            key_id: &key_id,
            key: &key,
        },
        persons: RefCell::default(),
    };
    let mut made = Vec::new();
    for (at, source) in study.source.iter().enumerate() {
        watch.advance(at as u64, study.source.len() as u64);
        made.extend(sealer.take_in(source, files)?);
    }
    let version = Version {
        id: content_address(DataState::Identified, &made),
        dataset: dataset.clone(),
        state: DataState::Identified,
        parents: Vec::new(),
        purpose: study.study.purpose,
        basis: study.study.legal_basis,
        key: key_id.clone(),
        created: desk.now(),
        tables: made,
    };
    let product = Ingested {
        version: version.place(),
        rows: version.rows(),
        persons: version.persons(),
        dropped: version
            .tables
            .iter()
            .map(|table| table.dropped.len() as u64)
            .sum(),
    };
    let root = root_by_origin(&mut transaction, &version)?;
    keep_dataset(&mut transaction, desk, &dataset, &root, &study.study.owner)?;
    keep_version(&mut transaction, &version)?;
    task.keep_step(&mut transaction, desk, domain::Stage::Ingest, &product)?;
    let mut event = desk.event(permit, Some(&task.cause))?;
    event.rows = Some(version.rows());
    event.persons = Some(version.persons());
    event.digest = version.id.as_str().parse().ok();
    let ids = sealer.persons.into_inner();
    event.set = persons::keep(&mut transaction, desk, &version, &ids)?;
    transaction.commit(event)?;
    Ok(product)
}

/// The permit that ingestion needs.
pub(crate) fn permit(desk: &Desk<'_>, study: &Study, cause: &Cause) -> Result<Permit, StageError> {
    desk.permit(Action::Ingest, resource(study)?, Some(cause))
}

/// SHA-256 over the state and the names, columns and contents of the tables, in order of name.
pub(crate) fn content_address(state: DataState, tables: &[Table]) -> VersionId {
    let mut lines: Vec<String> = tables
        .iter()
        .map(|table| {
            format!(
                "{}\n{}\n{}\n",
                table.name,
                table.columns.join("\t"),
                table.content
            )
        })
        .collect();
    lines.sort();
    VersionId::from(seal::digest(
        format!("{state}\n{}", lines.concat()).as_bytes(),
    ))
}

/// The dataset whose privacy budget a new version shares: its own, or that of the dataset which
/// holds rows of the same source files already. Another name for the same persons brings no fresh
/// budget; a dataset that would mix two budgets is refused.
fn root_by_origin(
    transaction: &mut store::Transaction<'_>,
    version: &Version,
) -> Result<DatasetId, StageError> {
    let own = transaction.find::<Dataset>(Noun::Dataset, version.dataset.as_str())?;
    let mut roots: BTreeSet<DatasetId> = own.into_iter().map(|record| record.body.root).collect();
    for other in transaction.list::<Version>(Noun::Version)? {
        if shares_a_file(&other.body, version) {
            let holder = transaction.find::<Dataset>(Noun::Dataset, other.body.dataset.as_str())?;
            roots.extend(holder.into_iter().map(|record| record.body.root));
        }
    }
    match (roots.pop_first(), roots.is_empty()) {
        (None, _) => Ok(version.dataset.clone()),
        (Some(root), true) => Ok(root),
        (Some(root), false) => Err(StageError::TwoBudgets { root }),
    }
}

fn shares_a_file(one: &Version, other: &Version) -> bool {
    let digests = |version: &Version| -> BTreeSet<Digest> {
        let origins = version.tables.iter().flat_map(|table| &table.origins);
        origins.map(|origin| origin.digest).collect()
    };
    !digests(one).is_disjoint(&digests(other))
}

/// The data key of a dataset to seal with now, made when there is none.
pub(crate) fn key_of(
    transaction: &mut store::Transaction<'_>,
    dataset: &DatasetId,
    now: domain::Timestamp,
) -> Result<(domain::KeyId, DataKey), StageError> {
    match transaction.sealing_key(dataset, now) {
        Err(store::StoreError::KeyMissing { .. }) => Ok(transaction.create_key(dataset)?),
        found => Ok(found?),
    }
}

/// Records the dataset when it is new.
pub(crate) fn keep_dataset(
    transaction: &mut store::Transaction<'_>,
    desk: &Desk<'_>,
    dataset: &DatasetId,
    root: &DatasetId,
    owner: &str,
) -> Result<(), StageError> {
    if transaction
        .find::<Dataset>(Noun::Dataset, dataset.as_str())?
        .is_none()
    {
        let record = Dataset {
            id: dataset.clone(),
            root: root.clone(),
            owner: owner.to_owned(),
            created: desk.now(),
        };
        transaction.insert(Noun::Dataset, dataset.as_str(), &record)?;
    }
    Ok(())
}

/// Keeps a version and its objects; the same content taken in again is the same version.
pub(crate) fn keep_version(
    transaction: &mut store::Transaction<'_>,
    version: &Version,
) -> Result<(), StageError> {
    let known = transaction.find::<Version>(Noun::Version, &version_key(version))?;
    if known.is_some() {
        return Ok(());
    }
    for table in &version.tables {
        transaction.keep_object(&table.object, &version.key, &table.place)?;
    }
    transaction.insert(Noun::Version, &version_key(version), version)?;
    Ok(())
}

/// Versions are found by dataset and content.
pub(crate) fn version_key(version: &Version) -> String {
    format!("{}/{}", version.dataset, version.id)
}
