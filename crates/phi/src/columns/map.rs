//! The field map: every column of every table with its finding.

use std::collections::BTreeMap;

use arrow_array::RecordBatch;
use domain::{Code, Explain};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Basis, ColumnFinding, classify_column};
use crate::{
    codes,
    kind::Kind,
    plan::{Action, Plan},
    text::TextEngine,
};

/// What every column of a dataset holds, without a single value.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldMap {
    /// The findings of each table, in the order of its columns.
    pub tables: BTreeMap<String, Vec<ColumnFinding>>,
}

/// What a study file says about a column: a kind such as `zip`, or `keep` with a reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnOverride {
    /// A kind's word, or `keep`.
    pub kind: String,
    /// Why, in the words of whoever declares it.
    #[serde(default)]
    pub reason: String,
}

/// A declaration that shows more than the finding would.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Loosening {
    /// What the column was found to hold.
    pub found: Kind,
    /// Why it was declared to hold something else.
    pub reason: String,
}

/// Why an override cannot be applied.
#[derive(Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum FieldMapError {
    /// The override names no kind.
    #[error("`{word}` for column `{table}.{column}` is no kind of column")]
    Kind {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// The word of the study file.
        word: String,
    },
    /// The override is about a column that is not there.
    #[error("there is no column `{table}.{column}` to declare")]
    Missing {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
}

impl FieldMap {
    /// Classifies every column of every table.
    pub fn classify<'a>(
        tables: impl IntoIterator<Item = (&'a str, &'a RecordBatch)>,
        engine: &TextEngine,
    ) -> Self {
        let mut map = Self::default();
        for (table, batch) in tables {
            map.add_table(table, batch, engine);
        }
        map
    }

    /// Classifies the columns of one table and adds them; columns already there stay as they are.
    pub fn add_table(&mut self, table: &str, batch: &RecordBatch, engine: &TextEngine) {
        let findings = self.tables.entry(table.to_owned()).or_default();
        for (field, column) in batch.schema_ref().fields().iter().zip(batch.columns()) {
            if findings
                .iter()
                .all(|finding| finding.column != *field.name())
            {
                findings.push(classify_column(
                    table,
                    field.name(),
                    column.as_ref(),
                    engine,
                ));
            }
        }
    }

    /// The finding of one column.
    pub fn finding(&self, table: &str, column: &str) -> Option<&ColumnFinding> {
        self.tables
            .get(table)?
            .iter()
            .find(|finding| finding.column == column)
    }

    /// The map with the declarations of a study file, keyed by table and column.
    ///
    /// A declaration that shows more under Safe Harbor than the finding would is recorded as a
    /// [`Loosening`]; [`crate::transform::Deidentifier::new`] refuses it.
    pub fn declared(
        mut self,
        overrides: &BTreeMap<String, BTreeMap<String, ColumnOverride>>,
    ) -> Result<Self, FieldMapError> {
        for (table, columns) in overrides {
            for (column, declared) in columns {
                self.declare(table, column, declared)?;
            }
        }
        Ok(self)
    }

    /// The columns a person declared to be more harmless than they were found to be.
    pub fn loosened(&self) -> impl Iterator<Item = (&str, &ColumnFinding)> {
        self.tables.iter().flat_map(|(table, findings)| {
            findings
                .iter()
                .filter(|finding| finding.loosening.is_some())
                .map(move |finding| (table.as_str(), finding))
        })
    }

    fn declare(
        &mut self,
        table: &str,
        column: &str,
        declared: &ColumnOverride,
    ) -> Result<(), FieldMapError> {
        let kind = kind_declared(&declared.kind).ok_or_else(|| FieldMapError::Kind {
            table: table.to_owned(),
            column: column.to_owned(),
            word: declared.kind.clone(),
        })?;
        let finding = self
            .tables
            .get_mut(table)
            .and_then(|findings| findings.iter_mut().find(|finding| finding.column == column))
            .ok_or_else(|| FieldMapError::Missing {
                table: table.to_owned(),
                column: column.to_owned(),
            })?;
        let found = finding.kind;
        finding.loosening = is_looser(found, kind).then(|| Loosening {
            found,
            reason: declared.reason.clone(),
        });
        finding.kind = kind;
        finding.category = kind.category();
        finding.label = kind.label();
        finding.sensitivity = kind.sensitivity();
        finding.basis.push(Basis::Declared);
        Ok(())
    }
}

impl Explain for FieldMapError {
    fn code(&self) -> Code {
        match self {
            Self::Kind { .. } => codes::OVERRIDE,
            Self::Missing { .. } => codes::COLUMN_MISSING,
        }
    }

    fn help(&self) -> String {
        match self {
            Self::Kind { .. } => format!(
                "use `keep` or one of {}",
                Kind::ALL.map(Kind::word).join(", ")
            ),
            Self::Missing { .. } => "check the names of table and column in the study".to_owned(),
        }
    }
}

fn kind_declared(word: &str) -> Option<Kind> {
    if word == "keep" {
        Some(Kind::Clinical)
    } else {
        word.parse().ok()
    }
}

/// Whether the declared kind shows more under Safe Harbor than the found one.
fn is_looser(found: Kind, declared: Kind) -> bool {
    let plan = Plan::safe_harbor();
    let rank = |kind| match plan.action(kind) {
        Action::Text => 1,
        Action::Age => 2,
        Action::Year | Action::Zip3 => 3,
        Action::Code => 4,
        Action::Suppress => 5,
        // What stays; the other actions are not in this plan.
        _ => 0,
    };
    let same_scale = rank(found) != 3 || plan.action(found) == plan.action(declared);
    rank(declared) < rank(found) || rank(declared) == 3 && !same_scale
}
