use std::{
    collections::{BTreeMap, BTreeSet},
    num::{NonZeroU32, NonZeroUsize},
};

use domain::{Code, Explain};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{QuasiColumn, QuasiTable, codes, hash::Lookup};

/// How the values of one column are made coarser. A value that does not fit becomes `*`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "to", deny_unknown_fields)]
pub enum Recoding {
    /// Whole numbers to bands of a width, starting at multiples of it: ages, years.
    Band {
        /// Numbers in a band.
        width: NonZeroU32,
        /// Numbers from this one on become one open band, such as `90+`.
        top: Option<i64>,
    },
    /// The first characters: ZIP codes, diagnosis codes.
    Prefix {
        /// How many.
        characters: NonZeroUsize,
    },
    /// A table of values; a value that is not in it becomes `*`.
    Map {
        /// From value to group.
        groups: BTreeMap<String, String>,
    },
    /// Every value becomes `*`.
    Suppress,
}

/// A recoding for each column that is to be coarser; the other columns stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Generalisation {
    /// From column name to recoding.
    pub columns: BTreeMap<String, Recoding>,
}

/// Why a generalisation does not fit a table.
#[derive(Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum GeneralisationError {
    /// It names a column that the table does not have.
    #[error("the generalisation names `{column}`, which is not a column of the table")]
    UnknownColumn {
        /// The column.
        column: String,
    },
}

impl Recoding {
    /// The coarser value.
    ///
    /// ```
    /// use cloister_disclosure::Recoding;
    /// let ages = Recoding::Band { width: 5.try_into().unwrap(), top: Some(90) };
    /// assert_eq!(ages.apply("37"), "35-39");
    /// assert_eq!(ages.apply("93"), "90+");
    /// assert_eq!(ages.apply("unknown"), "*");
    /// ```
    pub fn apply(&self, value: &str) -> String {
        let coarser = match self {
            Self::Band { width, top } => band(value, *width, *top),
            Self::Prefix { characters } => prefix(value, *characters),
            Self::Map { groups } => groups.get(value).cloned(),
            Self::Suppress => None,
        };
        coarser.unwrap_or_else(|| SUPPRESSED.to_owned())
    }
}

impl Generalisation {
    /// Makes the named columns coarser; missing values stay missing. Costs one step per distinct
    /// value and one per row.
    pub fn apply(&self, table: &QuasiTable) -> Result<QuasiTable, GeneralisationError> {
        let names: BTreeSet<_> = table.columns.iter().map(|column| &column.name).collect();
        if let Some(column) = self.columns.keys().find(|name| !names.contains(name)) {
            return Err(GeneralisationError::UnknownColumn {
                column: column.clone(),
            });
        }
        let columns = table.columns.iter().map(|column| {
            self.columns
                .get(&column.name)
                .map_or_else(|| column.clone(), |recoding| recode(column, recoding))
        });
        Ok(QuasiTable {
            columns: columns.collect(),
            rows: table.rows,
        })
    }
}

impl Explain for GeneralisationError {
    fn code(&self) -> Code {
        codes::GENERALISATION
    }

    fn help(&self) -> String {
        "name columns that are quasi-identifiers of the study".to_owned()
    }
}

fn recode(column: &QuasiColumn, recoding: &Recoding) -> QuasiColumn {
    let mut numbers: Lookup<String, u32> = Lookup::default();
    let mut words = Vec::new();
    let mut renumbered = vec![crate::quasi::MISSING];
    for word in &column.words {
        let coarser = recoding.apply(word);
        let number = *numbers.entry(coarser).or_insert_with_key(|coarser| {
            words.push(coarser.clone());
            u32::try_from(words.len()).unwrap_or(u32::MAX)
        });
        renumbered.push(number);
    }
    let codes = column.codes.iter().map(|&code| {
        renumbered
            .get(code as usize)
            .copied()
            .unwrap_or(crate::quasi::MISSING)
    });
    QuasiColumn {
        name: column.name.clone(),
        codes: codes.collect(),
        words,
    }
}

/// `90+` and the like are kept: what was open before cannot be closed again.
fn band(value: &str, width: NonZeroU32, top: Option<i64>) -> Option<String> {
    let value = value.trim();
    if let Some(from) = value.strip_suffix('+') {
        let from: i64 = from.parse().ok()?;
        let from = top.map_or(from, |top| top.min(from));
        return Some(format!("{from}+"));
    }
    let number: i64 = value.parse().ok()?;
    if let Some(top) = top.filter(|&top| number >= top) {
        return Some(format!("{top}+"));
    }
    let width = i64::from(width.get());
    let first = number.checked_sub(number.rem_euclid(width))?;
    let last = first.checked_add(width - 1)?;
    let last = top.map_or(last, |top| last.min(top - 1));
    Some(if first == last {
        first.to_string()
    } else {
        format!("{first}-{last}")
    })
}

/// A value shorter than the prefix is already coarser, so it stays.
fn prefix(value: &str, characters: NonZeroUsize) -> Option<String> {
    (!value.is_empty()).then(|| value.chars().take(characters.get()).collect())
}

const SUPPRESSED: &str = "*";
