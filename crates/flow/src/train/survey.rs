//! Bounds and words from noisy counts, charged before they are counted.

use domain::Stage;
use learn::{
    Feature,
    features::survey::{Cells, Column, Found, SURVEY_DELTA, survey as count},
};
use privacy::{MechanismEvent, accountant::gaussian_mu};
use serde::{Deserialize, Serialize};

use access::Permit;

use super::{
    columns_of, data, foresee,
    noise::{self, Accountant},
    other_events, section,
};
use crate::{
    Desk, StageError,
    operate::ledger,
    record::{Table, Version},
    run::Task,
    study::{Bounds, Study, Train},
    tables::{self, missing},
};

/// Bounds and words that were measured, and what they cost.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Surveyed {
    /// The inputs with what was found.
    pub features: Vec<Feature>,
    /// Columns in which the noise hid everything: they are not inputs.
    pub dropped: Vec<String>,
    /// The word of the target that counts as yes, where the file does not say one.
    pub positive: Option<String>,
    /// The range of a number target, where the file does not say one.
    pub target_range: Option<[f64; 2]>,
    /// What the ledger was charged; nothing without privacy.
    pub event: Option<MechanismEvent>,
    /// What is taken off delta: the chance that a word of one person alone shows.
    pub delta: f64,
    /// The ledger's name for the spend.
    pub spend: String,
}

impl Surveyed {
    /// What it cost, and what it may add to delta.
    pub(super) fn spent(&self) -> Option<(&MechanismEvent, f64)> {
        self.event.as_ref().map(|event| (event, self.delta))
    }

    /// Puts what was found where the study file leaves it open.
    pub(super) fn complete(&self, study: &mut Study) {
        let Some(section) = study.train.as_mut() else {
            return;
        };
        section.features.extend(self.features.iter().cloned());
        if let Some(positive) = &self.positive {
            section.target.positive.clone_from(positive);
        }
        section.target_range = section.target_range.or(self.target_range);
    }
}

/// The share of the guarantee's variance that bounds and words may take; the model's noise grows by
/// about half of it.
const SHARE: f64 = 0.1;

/// Measures what the section does not say, after its budget is reserved; `None` where it says all.
pub(super) fn survey(
    permit: &Permit,
    desk: &Desk<'_>,
    task: &Task<'_>,
    version: &Version,
    split: u64,
) -> Result<Option<Surveyed>, StageError> {
    let section = section(task.study)?;
    if section.bounds == Bounds::Public {
        return Ok(None);
    }
    let table = version
        .table(&section.table)
        .ok_or_else(|| missing(&section.table, &section.target.column))?;
    let mut names = wanted(section, table)?;
    let target = needs_target(section)?;
    if target {
        names.push(section.target.column.clone());
    }
    if names.is_empty() {
        return Ok(None);
    }
    let mut rows = data::survey_rows(desk, version, table, &names)?;
    if let Some((_, cells)) = rows.columns.last_mut().filter(|_| target)
        && section.model != "linear"
    {
        *cells = tables::Cells::Text(cells.to_text());
    }
    let spend = format!("{}.bounds", task.run);
    let event = match section.guarantee() {
        None => None,
        Some((epsilon, delta)) => {
            let sigma = 1.0 / (gaussian_mu(epsilon.value(), delta) * SHARE.sqrt());
            let event = MechanismEvent::Gaussian { sigma, releases: 1 };
            let cap = task.study.budget.ok_or(StageError::Order {
                needs: Stage::Train,
            })?;
            // The counts are of use to a model only: what the model needs must be there as well.
            let persons = data::learnt_from(section, rows.persons, split);
            let before = Some((&event, SURVEY_DELTA));
            let plans = noise::plans(section, persons, before, Accountant::Renyi)?;
            let later = plans.iter().filter_map(|planned| planned.event.as_ref());
            let others = other_events(task.study)?;
            let all: Vec<&MechanismEvent> = std::iter::once(&event)
                .chain(later)
                .chain(&others)
                .collect();
            foresee(desk, task, version, cap, &all)?;
            ledger::reserve(permit, desk, task, version, cap, &spend, &event)?;
            Some((event, sigma))
        }
    };
    let columns: Vec<Column<'_>> = rows.columns.iter().map(borrowed).collect();
    let persons = (rows.person_of_row.as_slice(), rows.persons);
    let sigma = event.as_ref().map(|(_, sigma)| *sigma);
    let Found {
        mut features,
        dropped,
    } = count(&columns, persons, sigma, &mut desk.entropy())?;
    let found = if target {
        let at = features
            .iter()
            .position(|feature| feature.column() == section.target.column);
        Some(at.map(|at| features.remove(at)))
    } else {
        None
    };
    let (positive, target_range) = match found {
        None => (None, None),
        Some(found) => said(section, found)?,
    };
    Ok(Some(Surveyed {
        features,
        dropped,
        positive,
        target_range,
        delta: if event.is_some() { SURVEY_DELTA } else { 0.0 },
        event: event.map(|(event, _)| event),
        spend,
    }))
}

/// Whether something of the target has to be measured.
fn needs_target(section: &Train) -> Result<bool, StageError> {
    Ok(if section.kind()?.is_regression() {
        section.target_range.is_none()
    } else {
        section.target.positive.trim().is_empty()
    })
}

type Said = (Option<String>, Option<[f64; 2]>);

/// Which word counts as yes, or the range of the number.
fn said(section: &Train, found: Option<Feature>) -> Result<Said, StageError> {
    let unclear = || StageError::Target {
        column: section.target.column.clone(),
    };
    match found.ok_or_else(unclear)? {
        Feature::Number { min, max, .. } if section.model == "linear" => {
            Ok((None, Some([min, max])))
        }
        Feature::Category { values, .. } if section.model != "linear" => match values.as_slice() {
            [_, last] => Ok((Some(last.clone()), None)),
            _ => Err(unclear()),
        },
        _ => Err(unclear()),
    }
}

fn borrowed((name, cells): &(String, tables::Cells)) -> Column<'_> {
    Column {
        name,
        cells: match cells {
            tables::Cells::Text(cells) => Cells::Text(cells),
            tables::Cells::Number(cells) => Cells::Number(cells),
        },
    }
}

/// The columns to measure: those named, else all but person, target and those that are known.
fn wanted(section: &Train, table: &Table) -> Result<Vec<String>, StageError> {
    let known = columns_of(&section.features);
    let taken = |column: &String| {
        known.contains(column)
            || *column == section.target.column
            || table.person.as_ref() == Some(column)
    };
    if let Some(absent) = section
        .columns
        .iter()
        .find(|column| !table.columns.contains(column))
    {
        return Err(missing(&table.name, absent));
    }
    let named = if section.columns.is_empty() && section.features.is_empty() {
        &table.columns
    } else {
        &section.columns
    };
    let columns = named.iter().filter(|column| !taken(column));
    Ok(columns.cloned().collect())
}
