use domain::{Code, Explain};
use thiserror::Error;

use crate::{
    QuasiColumn, QuasiTable, codes,
    hash::{Lookup, Seen},
    quasi::MISSING,
};

/// The equivalence classes of a table: groups of rows that agree in every quasi-identifier.
///
/// Source: Sweeney, k-anonymity, Int. J. Uncertainty 10(5), 2002, definition 3.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Classes {
    /// The class of each row; classes are numbered in the order of first appearance.
    pub(crate) of_row: Vec<u32>,
    /// Records, or persons, in each class.
    pub(crate) sizes: Vec<u32>,
    /// Different persons, where they were counted.
    pub(crate) persons: Option<u64>,
    /// Rows that miss at least one quasi-identifier.
    pub(crate) incomplete: u64,
}

/// Why persons cannot be counted.
#[derive(Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum PersonError {
    /// The person column has another length than the table.
    #[error("the person column has {found} rows, the table has {expected}")]
    Length {
        /// Rows of the person column.
        found: usize,
        /// Rows of the table.
        expected: usize,
    },
    /// A row without a person.
    #[error("the person column is empty in {rows} rows")]
    Missing {
        /// How many rows.
        rows: usize,
    },
}

impl Classes {
    /// Groups the rows of a table; each row counts as one record.
    ///
    /// Cost: one hash per row, or none when the possible combinations are few.
    pub fn of(table: &QuasiTable) -> Self {
        let of_row = number(table);
        let sizes = count(&of_row);
        Self {
            of_row,
            sizes,
            persons: None,
            incomplete: incomplete(table),
        }
    }

    /// Groups the rows of a table and counts persons: a person with many rows in a class makes it
    /// no larger.
    pub fn of_persons(table: &QuasiTable, person: &QuasiColumn) -> Result<Self, PersonError> {
        if person.codes.len() != table.rows {
            return Err(PersonError::Length {
                found: person.codes.len(),
                expected: table.rows,
            });
        }
        if person.missing() > 0 {
            return Err(PersonError::Missing {
                rows: person.missing(),
            });
        }
        let mut classes = Self::of(table);
        classes.sizes = count_persons(&classes.of_row, classes.sizes.len(), person);
        classes.persons = Some(person.words.len() as u64);
        Ok(classes)
    }

    /// The number of classes.
    pub const fn len(&self) -> usize {
        self.sizes.len()
    }

    /// Whether there is no class, because there is no row.
    pub const fn is_empty(&self) -> bool {
        self.sizes.is_empty()
    }

    /// The number of rows.
    pub const fn rows(&self) -> usize {
        self.of_row.len()
    }

    /// The size of the class of each row, in the order of the rows.
    pub fn size_of_each_row(&self) -> impl Iterator<Item = u32> {
        self.of_row.iter().map(|&class| self.size(class))
    }

    /// Which rows to keep so that every class left has at least `k` records (or persons).
    pub fn suppress_small(&self, k: u32) -> Vec<bool> {
        self.size_of_each_row().map(|size| size >= k).collect()
    }

    fn size(&self, class: u32) -> u32 {
        self.sizes.get(class as usize).copied().unwrap_or_default()
    }
}

impl Explain for PersonError {
    fn code(&self) -> Code {
        codes::PERSONS
    }

    fn help(&self) -> String {
        "take the person column of the same dataset version; every row needs a person".to_owned()
    }
}

/// The class of each row. Columns are packed into one number as long as 64 bits hold them; when
/// the next one does not fit, what is packed is renumbered densely first.
fn number(table: &QuasiTable) -> Vec<u32> {
    let mut keys = vec![0_u64; table.rows];
    let mut span = 1_u64;
    for column in &table.columns {
        if span.checked_mul(column.radix()).is_none() {
            let classes = renumber(&keys, span);
            keys = classes.iter().copied().map(u64::from).collect();
            // Rows and words are both numbered below 2^32, so the product fits.
            span = keys.len() as u64;
        }
        pack(&mut keys, column);
        span *= column.radix();
    }
    renumber(&keys, span)
}

fn pack(keys: &mut [u64], column: &QuasiColumn) {
    let radix = column.radix();
    for (key, &code) in keys.iter_mut().zip(&column.codes) {
        *key = *key * radix + u64::from(code);
    }
}

fn renumber(keys: &[u64], span: u64) -> Vec<u32> {
    match usize::try_from(span) {
        Ok(span) if span <= DIRECT.max(keys.len()) => renumber_directly(keys, span),
        _ => renumber_by_hash(keys),
    }
}

#[expect(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "every key is below the span by construction in `number`"
)]
fn renumber_directly(keys: &[u64], span: usize) -> Vec<u32> {
    let mut numbers = vec![UNSEEN; span];
    let mut next = 0;
    keys.iter()
        .map(|&key| {
            let number = &mut numbers[key as usize];
            if *number == UNSEEN {
                *number = next;
                next += 1;
            }
            *number
        })
        .collect()
}

fn renumber_by_hash(keys: &[u64]) -> Vec<u32> {
    let mut numbers: Lookup<u64, u32> = Lookup::default();
    let mut next = 0;
    keys.iter()
        .map(|&key| {
            *numbers.entry(key).or_insert_with(|| {
                next += 1;
                next - 1
            })
        })
        .collect()
}

fn count(of_row: &[u32]) -> Vec<u32> {
    let classes = of_row.iter().max().map_or(0, |&last| last as usize + 1);
    let mut sizes = vec![0; classes];
    for &class in of_row {
        add_one(&mut sizes, class);
    }
    sizes
}

fn count_persons(of_row: &[u32], classes: usize, person: &QuasiColumn) -> Vec<u32> {
    let mut seen: Seen<u64> = Seen::default();
    let mut sizes = vec![0; classes];
    for (&class, &person) in of_row.iter().zip(&person.codes) {
        let pair = (u64::from(class) << 32) | u64::from(person);
        if seen.insert(pair) {
            add_one(&mut sizes, class);
        }
    }
    sizes
}

fn add_one(sizes: &mut [u32], class: u32) {
    if let Some(size) = sizes.get_mut(class as usize) {
        *size += 1;
    }
}

fn incomplete(table: &QuasiTable) -> u64 {
    if table.columns.iter().all(|column| column.missing() == 0) {
        return 0;
    }
    let mut misses = vec![false; table.rows];
    for column in &table.columns {
        for (miss, &code) in misses.iter_mut().zip(&column.codes) {
            *miss |= code == MISSING;
        }
    }
    misses.into_iter().filter(|&miss| miss).count() as u64
}

/// Below this many combinations a plain array beats a hash table: 4 MB.
const DIRECT: usize = 1 << 20;
const UNSEEN: u32 = u32::MAX;
