//! Noisy statistics of a dataset: charged to its privacy budget before anything is computed.

mod cells;

use std::collections::BTreeMap;

use access::Resource;
use domain::{Action, Entropy as _, StudyId};
use privacy::{
    MechanismEvent, Remaining, Spending,
    statistics::{Answer, Bounds, Contribution, Question, Rows, Spend, Statistic},
};
use serde::Serialize;

pub use self::cells::Axis;
use crate::{
    Desk, StageError,
    desk::Cause,
    operate::{
        dataset,
        ledger::{Charge, Item},
    },
    record::{Table, Version},
    tables::{self, missing},
};

/// A question to a dataset. Everything in it is public: it must be known without looking at the data.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// A dataset, or the first digits of a version.
    pub dataset: String,
    /// The table; the only one of the version when absent.
    pub table: Option<String>,
    /// What is asked.
    pub measure: Measure,
    /// Only rows whose cell in a column is this word.
    pub only: Vec<(String, String)>,
    /// The most rows of a person that count; must be given where persons may have several.
    pub rows_max: Option<u32>,
    /// What may be spent.
    pub spend: Spend,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Measure {
    /// How many rows.
    Count,
    /// The sum of a column.
    Sum(String, Bounds),
    /// The mean of a column.
    Mean(String, Bounds),
    /// A quantile of a column.
    Quantile {
        /// The column.
        column: String,
        /// Public bounds.
        bounds: Bounds,
        /// The share of rows below it.
        alpha: f64,
        /// How many evenly spread answers are possible.
        candidates: u32,
    },
    /// Counts along one axis.
    Histogram(Axis),
    /// Counts along two.
    Crosstab(Axis, Axis),
}

/// A released statistic and what it cost.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Released {
    /// The dataset version it is about.
    pub version: domain::VersionId,
    /// The numbers.
    pub answer: Answer,
    /// What each number counts: one list of words for each, empty for a single number.
    pub cells: Vec<Vec<String>>,
    /// The most rows of a person that counted.
    pub rows_max: u32,
    /// The ledger's name for the spend.
    pub spend: String,
    /// What the ledger was charged.
    pub charged: MechanismEvent,
    /// What is left of the dataset's budget.
    pub left: Remaining,
}

/// Answers a question with noise.
///
/// The order is: permit, plan (which looks at no row), reservation in the ledger, rows, noise,
/// commitment with the line of the log, answer. A failure after the reservation burns it.
/// Rows without a number are left out of sums, means and quantiles, and rows outside every cell out
/// of tables, without a word: a message about them would tell about the data.
///
/// Source: 45 CFR 164.514(b)(1), 164.312(b); Dwork, Roth 2014, section 3.
pub fn release(desk: &Desk<'_>, asked: &Asked) -> Result<Released, StageError> {
    let version = dataset::find(desk, &asked.dataset)?;
    let table = table_of(&version, asked.table.as_deref())?;
    let cause = cause(&version)?;
    let permit = desk.permit(
        Action::ReleaseStatistic,
        Resource::dataset(&version.dataset, version.state),
        Some(&cause),
    )?;
    let rows_max = rows_max(table, asked.rows_max)?;
    let plan = Statistic::plan(asked.measure.question()?, rows_max, asked.spend)?;
    for column in asked.columns() {
        if !table.columns.contains(column) {
            return Err(missing(&table.name, column));
        }
    }
    let item = Item {
        id: format!("statistic-{:016x}", desk.entropy().next_u64()),
        spending: Spending::Statistics,
        event: plan.event(),
    };
    let charge = Charge::reserve(desk, &version, &cause, None, std::slice::from_ref(&item))?;
    match answer(desk, &version, table, asked, &plan) {
        Ok(answer) => {
            let event = desk.event(&permit, Some(&cause))?;
            let mut transaction = desk.store.begin()?;
            charge.confirm(&mut transaction)?;
            transaction.commit(event.digest(version_digest(&version)?))?;
            let left = charge.left(desk)?;
            Ok(Released {
                version: version.id.clone(),
                cells: asked.measure.cells(),
                answer,
                rows_max,
                spend: item.id,
                charged: item.event,
                left,
            })
        }
        Err(error) => {
            charge.burn(desk, &cause)?;
            Err(error)
        }
    }
}

fn answer(
    desk: &Desk<'_>,
    version: &Version,
    table: &Table,
    asked: &Asked,
    plan: &Statistic,
) -> Result<Answer, StageError> {
    let mut names: Vec<String> = asked.columns().cloned().collect();
    names.extend(table.person.clone());
    if names.is_empty() {
        names.extend(table.columns.first().cloned());
    }
    names.sort();
    names.dedup();
    let read = tables::columns(desk.store, version, table, &names)?;
    let columns: BTreeMap<String, Vec<Option<String>>> = read
        .into_iter()
        .map(|(name, cells)| (name, cells.to_text()))
        .collect();
    let rows = columns.values().next().map_or(0, Vec::len);
    let counted = counted(table, &columns, plan.rows_max(), rows)?;
    let keeps = |row: usize| {
        asked.only.iter().all(|(column, word)| {
            let cell = columns
                .get(column)
                .and_then(|cells| cells.get(row)?.as_deref());
            cell.is_some_and(|cell| cell.trim() == word)
        })
    };
    let counted = counted.only(keeps);
    let entropy = Box::new(desk.entropy());
    let cells_of = |column: &str| columns.get(column).map_or(&[][..], Vec::as_slice);
    let answer = match &asked.measure {
        Measure::Count => plan.answer(Rows::Bare(rows), &counted, entropy)?,
        Measure::Sum(column, _) | Measure::Mean(column, _) | Measure::Quantile { column, .. } => {
            let numbers = numbers(cells_of(column));
            plan.answer(Rows::Numbers(&numbers), &counted, entropy)?
        }
        Measure::Histogram(axis) => {
            let cells = axis.places(cells_of(axis.column()));
            plan.answer(Rows::Cells(&cells), &counted, entropy)?
        }
        Measure::Crosstab(lines, columns) => {
            let cells = lines.crossed(
                columns,
                cells_of(lines.column()),
                cells_of(columns.column()),
            );
            plan.answer(Rows::Cells(&cells), &counted, entropy)?
        }
    };
    Ok(answer)
}

fn counted(
    table: &Table,
    columns: &BTreeMap<String, Vec<Option<String>>>,
    rows_max: u32,
    rows: usize,
) -> Result<Contribution, StageError> {
    let Some(person) = &table.person else {
        return Ok(Contribution::of_rows(rows));
    };
    let persons = columns
        .get(person)
        .ok_or_else(|| missing(&table.name, person))?;
    let persons: Vec<Option<&str>> = persons.iter().map(Option::as_deref).collect();
    Ok(Contribution::of_persons(&persons, rows_max)?)
}

/// The bound on a person's rows: given, or one where each row is a person.
fn rows_max(table: &Table, asked: Option<u32>) -> Result<u32, StageError> {
    match (&table.person, asked) {
        (None, None | Some(1)) => Ok(1),
        (Some(_), Some(rows_max)) => Ok(rows_max),
        (None, Some(_)) => Err(StageError::Contribution {
            reason: "each row of this table is a person of its own: leave the bound out",
        }),
        (Some(_), None) => Err(StageError::Contribution {
            reason: "a person may have several rows: say how many of them may count",
        }),
    }
}

fn table_of<'a>(version: &'a Version, name: Option<&str>) -> Result<&'a Table, StageError> {
    let found = match (name, version.tables.as_slice()) {
        (Some(name), _) => version.table(name),
        (None, [only]) => Some(only),
        (None, _) => None,
    };
    found.ok_or_else(|| StageError::Unknown {
        what: "table",
        name: name.unwrap_or("(name one of several)").to_owned(),
    })
}

/// What the dataset's own study declared.
pub(crate) fn cause(version: &Version) -> Result<Cause, StageError> {
    let study = StudyId::new(version.dataset.as_str())
        .map_err(|_| StageError::Stored("a dataset's name"))?;
    Ok(Cause {
        study,
        run: None,
        purpose: version.purpose,
        basis: version.basis,
    })
}

fn version_digest(version: &Version) -> Result<domain::Digest, StageError> {
    let digest = version.id.as_str().parse();
    digest.map_err(|_| StageError::Stored("a version's digest"))
}

/// Cells as numbers; what is no number is left out.
fn numbers(cells: &[Option<String>]) -> Vec<Option<f64>> {
    let number = |cell: &Option<String>| {
        let cell = crate::train::plain_age(cell.clone())?;
        cell.trim()
            .parse::<f64>()
            .ok()
            .filter(|number| number.is_finite())
    };
    cells.iter().map(number).collect()
}

impl Asked {
    /// The columns it reads, the person's apart.
    fn columns(&self) -> impl Iterator<Item = &String> {
        self.only
            .iter()
            .map(|(column, _)| column)
            .chain(self.measure.columns())
    }
}

impl Measure {
    fn question(&self) -> Result<Question, StageError> {
        Ok(match self {
            Self::Count => Question::Count,
            Self::Sum(_, bounds) => Question::Sum(*bounds),
            Self::Mean(_, bounds) => Question::Mean(*bounds),
            Self::Quantile {
                bounds,
                alpha,
                candidates,
                ..
            } => Question::Quantile {
                bounds: *bounds,
                alpha: *alpha,
                candidates: *candidates,
            },
            Self::Histogram(axis) => {
                axis.check()?;
                Question::Cells(axis.cells())
            }
            Self::Crosstab(lines, columns) => {
                lines.check()?;
                columns.check()?;
                Question::Cells(lines.cells().saturating_mul(columns.cells()))
            }
        })
    }

    fn columns(&self) -> Vec<&String> {
        match self {
            Self::Count => Vec::new(),
            Self::Sum(column, _) | Self::Mean(column, _) | Self::Quantile { column, .. } => {
                vec![column]
            }
            Self::Histogram(axis) => vec![axis.name()],
            Self::Crosstab(lines, columns) => vec![lines.name(), columns.name()],
        }
    }

    fn cells(&self) -> Vec<Vec<String>> {
        match self {
            Self::Histogram(axis) => axis.words().into_iter().map(|word| vec![word]).collect(),
            Self::Crosstab(lines, columns) => {
                let across = columns.words();
                let line = |word: String| {
                    let cells = across
                        .iter()
                        .map(move |other| vec![word.clone(), other.clone()]);
                    cells.collect::<Vec<_>>()
                };
                lines.words().into_iter().flat_map(line).collect()
            }
            _ => Vec::new(),
        }
    }
}
