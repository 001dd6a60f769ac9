use std::collections::BTreeMap;

use arrow_array::{ArrayRef, StringArray, cast::AsArray};
use arrow_cast::cast;
use arrow_schema::DataType;

use crate::{ReadError, ReadErrorKind};

/// Finds two rows with the same id, across the batches of one table.
///
/// It keeps every id it saw, so its memory grows with the table.
///
/// ```
/// use arrow_array::StringArray;
/// use cloister_formats::DuplicateFinder;
///
/// let mut finder = DuplicateFinder::new("people.csv", 2);
/// finder.push(&StringArray::from(vec!["p-1", "p-2"]))?;
/// let error = finder.push(&StringArray::from(vec!["p-3", "p-1"])).unwrap_err();
/// assert_eq!(error.to_string(), "`people.csv`, row 5: the id of this row is also that of row 2");
/// # Ok::<(), cloister_formats::ReadError>(())
/// ```
#[derive(Debug)]
pub struct DuplicateFinder {
    file: String,
    row: u64,
    seen: BTreeMap<Box<str>, u64>,
}

impl DuplicateFinder {
    /// A finder for `file`, whose first row has the number `first_row` in messages (2 in CSV, where
    /// the header is row 1; 1 elsewhere).
    pub fn new(file: &str, first_row: u64) -> Self {
        Self {
            file: file.to_owned(),
            row: first_row,
            seen: BTreeMap::new(),
        }
    }

    /// Takes the next ids; refuses a null and an id that was there before, naming both rows.
    pub fn push(&mut self, ids: &StringArray) -> Result<(), ReadError> {
        for id in ids {
            let row = self.row;
            let Some(id) = id else {
                return Err(ReadError::new(&self.file, ReadErrorKind::MissingId).in_row(row));
            };
            if let Some(first_row) = self.seen.insert(id.into(), row) {
                let kind = ReadErrorKind::DuplicateId { first_row };
                return Err(ReadError::new(&self.file, kind).in_row(row));
            }
            self.row = row.saturating_add(1);
        }
        Ok(())
    }

    /// The same for a column of any of the four types.
    pub fn push_column(&mut self, ids: &ArrayRef) -> Result<(), ReadError> {
        let text = cast(ids, &DataType::Utf8).map_err(|_| {
            let kind = ReadErrorKind::ColumnType {
                column: "id".to_owned(),
                found: "nested",
            };
            ReadError::new(&self.file, kind)
        })?;
        self.push(text.as_string::<i32>())
    }

    /// How many ids were taken.
    pub fn len(&self) -> usize {
        self.seen.len()
    }

    /// Whether no id was taken yet.
    pub fn is_empty(&self) -> bool {
        self.seen.is_empty()
    }
}
