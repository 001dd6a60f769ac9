//! How much one person may add.

use std::collections::BTreeMap;

use super::StatisticError;

/// Which rows count: of each person the first `rows_max` in the order of the table.
///
/// # Guarantee
/// Adding or taking away all rows of one person changes which rows count only among that person's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contribution {
    counts: Vec<bool>,
    rows_max: u32,
}

impl Contribution {
    /// Rows by the person they belong to; a row of nobody counts for nothing.
    pub fn of_persons(persons: &[Option<&str>], rows_max: u32) -> Result<Self, StatisticError> {
        if rows_max == 0 {
            return Err(StatisticError::Rows);
        }
        let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
        let mut counts = Vec::with_capacity(persons.len());
        for person in persons {
            let counted = person.is_some_and(|person| {
                let rows = seen.entry(person).or_insert(0);
                *rows = rows.saturating_add(1);
                *rows <= rows_max
            });
            counts.push(counted);
        }
        Ok(Self { counts, rows_max })
    }

    /// Each row is a person of its own.
    pub fn of_rows(rows: usize) -> Self {
        Self {
            counts: vec![true; rows],
            rows_max: 1,
        }
    }

    /// The same, with the rows for which `keep` does not hold left out after the bounding: a filter
    /// that looks at one row at a time.
    #[must_use]
    pub fn only(mut self, keep: impl Fn(usize) -> bool) -> Self {
        for (row, counts) in self.counts.iter_mut().enumerate() {
            *counts &= keep(row);
        }
        self
    }

    /// The bound.
    pub const fn rows_max(&self) -> u32 {
        self.rows_max
    }

    /// Whether a row counts.
    pub fn counts(&self, row: usize) -> bool {
        self.counts.get(row).copied().unwrap_or(false)
    }
}
