//! Datasets: what there is, and the way out for what is de-identified.

use access::Resource;
use domain::Action;
use store::Noun;

use crate::{
    Desk, StageError,
    desk::Cause,
    record::{Table, Version},
    tables::{self, missing},
};

/// Every version, oldest first.
pub fn versions(desk: &Desk<'_>) -> Result<Vec<Version>, StageError> {
    let mut versions: Vec<Version> = desk
        .store
        .list::<Version>(Noun::Version)?
        .into_iter()
        .map(|record| record.body)
        .collect();
    versions.sort_by(|one, other| (one.created, &one.id).cmp(&(other.created, &other.id)));
    Ok(versions)
}

/// The newest version of a dataset, or the version whose id begins so.
pub fn find(desk: &Desk<'_>, name: &str) -> Result<Version, StageError> {
    let all = versions(desk)?;
    let of_dataset = all
        .iter()
        .rev()
        .find(|version| version.dataset.as_str() == name);
    let by_digits = || {
        all.iter()
            .find(|version| name.len() >= 6 && version.id.as_str().starts_with(name))
    };
    of_dataset
        .or_else(by_digits)
        .cloned()
        .ok_or_else(|| StageError::Unknown {
            what: "dataset",
            name: name.to_owned(),
        })
}

/// The rows of one table on their way out of the instance; identified data is refused.
pub fn export(
    desk: &Desk<'_>,
    version: &Version,
    table: &str,
) -> Result<formats::TableReader<'static>, StageError> {
    read_logged(desk, Action::ExportData, version, table)
}

/// One text column of a table, in the order of its rows.
pub fn texts(
    desk: &Desk<'_>,
    name: &str,
    table: &str,
    column: &str,
) -> Result<Vec<String>, StageError> {
    let version = find(desk, name)?;
    let mut found = Vec::new();
    for batch in read_logged(desk, Action::ReadData, &version, table)? {
        let batch = batch?;
        let array = batch
            .column_by_name(column)
            .ok_or_else(|| missing(table, column))?;
        found.extend(
            tables::texts(array)
                .into_iter()
                .map(Option::unwrap_or_default),
        );
    }
    Ok(found)
}

fn read_logged(
    desk: &Desk<'_>,
    action: Action,
    version: &Version,
    table: &str,
) -> Result<formats::TableReader<'static>, StageError> {
    let found = permit_reading(desk, action, version, table)?;
    tables::read(desk.store, version, found, None)
}

/// The line of the log is written before the first row is read.
pub(super) fn permit_reading<'v>(
    desk: &Desk<'_>,
    action: Action,
    version: &'v Version,
    table: &str,
) -> Result<&'v Table, StageError> {
    let found = version.table(table).ok_or_else(|| StageError::Unknown {
        what: "table",
        name: table.to_owned(),
    })?;
    let study = domain::StudyId::new(version.dataset.as_str())
        .map_err(|_| StageError::Stored("a dataset's name"))?;
    let cause = Cause {
        study,
        run: None,
        purpose: version.purpose,
        basis: version.basis,
    };
    let permit = desk.permit(
        action,
        Resource::dataset(&version.dataset, version.state),
        Some(&cause),
    )?;
    let event = desk
        .event(&permit, Some(&cause))?
        .rows(found.rows)
        .persons(found.persons);
    desk.store
        .record(crate::govern::persons::about(desk, version, event)?)?;
    Ok(found)
}
