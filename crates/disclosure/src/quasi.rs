use std::collections::BTreeSet;

use domain::{Code, Explain};
use thiserror::Error;

use crate::{codes, hash::Lookup};

/// One column in dictionary form: every distinct value once, and a number per row.
///
/// A missing value is a category of its own (number 0). That counts two rows as alike only when
/// both miss the value; to let a missing value match everything would make classes larger, so
/// this choice never understates the risk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuasiColumn {
    pub(crate) name: String,
    pub(crate) words: Vec<String>,
    pub(crate) codes: Vec<u32>,
}

/// The columns by which a person might be recognised, all of the same length.
///
/// ```
/// use cloister_disclosure::{Classes, QuasiTable, Risk};
/// let table = QuasiTable::new(vec![
///     ("age".to_owned(), vec![Some("40"), Some("40"), Some("71")]),
///     ("sex".to_owned(), vec![Some("f"), Some("f"), None]),
/// ]).unwrap();
/// let risk = Risk::measure(&Classes::of(&table));
/// assert_eq!((risk.classes, risk.k, risk.sample_uniques), (2, 1, 1));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuasiTable {
    pub(crate) columns: Vec<QuasiColumn>,
    pub(crate) rows: usize,
}

/// Why columns do not make a table.
#[derive(Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum TableError {
    /// No column at all.
    #[error("no quasi-identifier is named")]
    NoColumn,
    /// A column is longer or shorter than the first.
    #[error("column `{column}` has {found} rows, the first column has {expected}")]
    Length {
        /// The column.
        column: String,
        /// Its rows.
        found: usize,
        /// The rows of the first column.
        expected: usize,
    },
    /// A column is named twice.
    #[error("column `{column}` is named twice")]
    Twice {
        /// The column.
        column: String,
    },
    /// More rows than can be numbered.
    #[error("the table has more than 4,294,967,294 rows")]
    TooLong,
}

impl QuasiColumn {
    /// Encodes values; numbers are given in the order of first appearance.
    pub fn encode<'value>(
        name: impl Into<String>,
        values: impl IntoIterator<Item = Option<&'value str>>,
    ) -> Self {
        let mut numbers: Lookup<&str, u32> = Lookup::default();
        let mut words = Vec::new();
        let codes = values
            .into_iter()
            .map(|value| match value {
                None => MISSING,
                Some(word) => *numbers.entry(word).or_insert_with(|| {
                    words.push(word.to_owned());
                    // Past 2^32 words the table is refused for its length.
                    u32::try_from(words.len()).unwrap_or(u32::MAX)
                }),
            })
            .collect();
        Self {
            name: name.into(),
            words,
            codes,
        }
    }

    /// The column's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many different values it has, missing not counted.
    pub fn cardinality(&self) -> usize {
        self.words.len()
    }

    /// How many rows miss the value.
    pub fn missing(&self) -> usize {
        self.codes.iter().filter(|&&code| code == MISSING).count()
    }

    /// Numbers below this one occur.
    pub(crate) fn radix(&self) -> u64 {
        self.words.len() as u64 + 1
    }
}

impl QuasiTable {
    /// Encodes named columns of values.
    pub fn new(columns: Vec<(String, Vec<Option<&str>>)>) -> Result<Self, TableError> {
        Self::from_columns(
            columns
                .into_iter()
                .map(|(name, values)| QuasiColumn::encode(name, values))
                .collect(),
        )
    }

    /// Makes a table of encoded columns; see [`TableError`] for what is refused.
    pub fn from_columns(columns: Vec<QuasiColumn>) -> Result<Self, TableError> {
        let rows = columns.first().ok_or(TableError::NoColumn)?.codes.len();
        let mut names = BTreeSet::new();
        for column in &columns {
            if column.codes.len() != rows {
                return Err(TableError::Length {
                    column: column.name.clone(),
                    found: column.codes.len(),
                    expected: rows,
                });
            }
            if !names.insert(&column.name) {
                return Err(TableError::Twice {
                    column: column.name.clone(),
                });
            }
        }
        if rows >= u32::MAX as usize {
            return Err(TableError::TooLong);
        }
        Ok(Self { columns, rows })
    }

    /// The columns.
    pub fn columns(&self) -> &[QuasiColumn] {
        &self.columns
    }

    /// The number of rows.
    pub const fn rows(&self) -> usize {
        self.rows
    }
}

impl Explain for TableError {
    fn code(&self) -> Code {
        codes::TABLE
    }

    fn help(&self) -> String {
        "name each quasi-identifier of the dataset once".to_owned()
    }
}

pub(crate) const MISSING: u32 = 0;
