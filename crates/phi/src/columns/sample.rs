//! A sample of a column's values.

use std::{borrow::Cow, collections::HashSet, fmt::Write as _};

use arrow_array::{Array, BooleanArray, Float64Array, Int64Array, StringArray};

use super::Distinct;

/// The four types of column that tables carry.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Cells<'a> {
    Text(&'a StringArray),
    Integer(&'a Int64Array),
    Real(&'a Float64Array),
    Truth(&'a BooleanArray),
}

/// Values of one column, evenly spread, with what was counted on the way.
#[derive(Debug)]
pub(super) struct Sample<'a> {
    pub(super) cells: Option<Cells<'a>>,
    pub(super) values: Vec<Cow<'a, str>>,
    different: usize,
}

impl<'a> Cells<'a> {
    /// The typed column; nothing for a type that tables do not carry.
    pub(crate) fn of(column: &'a dyn Array) -> Option<Self> {
        let any = column.as_any();
        any.downcast_ref()
            .map(Self::Text)
            .or_else(|| any.downcast_ref().map(Self::Integer))
            .or_else(|| any.downcast_ref().map(Self::Real))
            .or_else(|| any.downcast_ref().map(Self::Truth))
    }

    /// The value of a row as it would be written; nothing for a null or a row that is not there.
    pub(crate) fn written(self, row: usize) -> Option<Cow<'a, str>> {
        match self {
            Self::Text(cells) => present(cells, row).then(|| Cow::Borrowed(cells.value(row))),
            Self::Integer(cells) => {
                present(cells, row).then(|| Cow::Owned(cells.value(row).to_string()))
            }
            Self::Real(cells) => {
                present(cells, row).then(|| Cow::Owned(cells.value(row).to_string()))
            }
            Self::Truth(cells) => {
                present(cells, row).then(|| Cow::Owned(cells.value(row).to_string()))
            }
        }
    }

    /// Like [`written`](Self::written), into a buffer that is kept between rows.
    pub(crate) fn write<'b>(self, row: usize, buffer: &'b mut String) -> Option<&'b str>
    where
        'a: 'b,
    {
        buffer.clear();
        // Writing to a string does not fail.
        let _written = match self {
            Self::Text(cells) => return present(cells, row).then(|| cells.value(row)),
            Self::Integer(cells) if present(cells, row) => write!(buffer, "{}", cells.value(row)),
            Self::Real(cells) if present(cells, row) => write!(buffer, "{}", cells.value(row)),
            Self::Truth(cells) if present(cells, row) => write!(buffer, "{}", cells.value(row)),
            _ => return None,
        };
        Some(buffer)
    }

    pub(crate) fn is_number(self) -> bool {
        matches!(self, Self::Integer(_) | Self::Real(_))
    }

    pub(crate) fn is_text(self) -> bool {
        matches!(self, Self::Text(_))
    }
}

impl<'a> Sample<'a> {
    pub(super) fn of(column: &'a dyn Array, values_max: usize) -> Self {
        let cells = Cells::of(column);
        let step = column.len().div_ceil(values_max.max(1)).max(1);
        let values: Vec<_> = cells
            .into_iter()
            .flat_map(|cells| {
                (0..column.len())
                    .step_by(step)
                    .filter_map(move |row| cells.written(row))
            })
            .filter(|value| !value.trim().is_empty())
            .collect();
        let different = values
            .iter()
            .map(AsRef::as_ref)
            .collect::<HashSet<&str>>()
            .len();
        Self {
            cells,
            values,
            different,
        }
    }

    pub(super) fn distinct(&self) -> Distinct {
        match (self.different, self.values.len()) {
            (0, _) => Distinct::None,
            (1, _) => Distinct::One,
            (few, all) if few <= FEW_MAX && few * 2 <= all => Distinct::Few,
            (many, all) if many * 20 >= all * 19 => Distinct::Unique,
            (few, _) if few <= FEW_MAX => Distinct::Few,
            _ => Distinct::Many,
        }
    }

    pub(super) fn is_text(&self) -> bool {
        self.cells.is_some_and(Cells::is_text)
    }

    pub(super) fn is_number(&self) -> bool {
        self.cells.is_some_and(Cells::is_number)
    }
}

const FEW_MAX: usize = 32;

fn present(cells: &dyn Array, row: usize) -> bool {
    row < cells.len() && !cells.is_null(row)
}
