//! The encoded rows without their zeros, and which rows belong to whom.

use super::{FitError, ModelKind};
use crate::features::{Design, Expansion};

/// Compressed rows; one-hot tables are mostly zeros.
#[derive(Clone, Debug)]
pub(super) struct SparseRows {
    /// Column and value of every number that is not zero, row after row.
    cells: Vec<(u32, f32)>,
    /// Where each row begins, and the end.
    starts: Vec<usize>,
    targets: Vec<f32>,
    /// How many columns.
    dim: usize,
    /// The rows of each person, person after person.
    rows: Vec<u32>,
    person_starts: Vec<usize>,
}

impl SparseRows {
    /// The rows as they enter a model of a kind whose numbers are spread over so many knots: with
    /// number targets for a regression, with labels for everything else.
    pub(super) fn for_kind(
        design: &Design,
        knots: u32,
        kind: &ModelKind,
    ) -> Result<Self, FitError> {
        let mut rows = Self::of(design, knots)?;
        if kind.is_regression() {
            rows.targets.clone_from(&design.targets);
        }
        Ok(rows)
    }

    /// The rows with their labels.
    pub(super) fn of(design: &Design, knots: u32) -> Result<Self, FitError> {
        check(design)?;
        let expansion = Expansion::new(&design.spec, knots);
        let (mut cells, mut starts) = (Vec::new(), vec![0]);
        let mut rounded = Vec::with_capacity(design.dim);
        for row in design.x.chunks_exact(design.dim) {
            rounded.clear();
            rounded.extend(row.iter().map(|value| to_grid(*value)));
            expansion.each(&rounded, |column, value| cells.push((column, value)));
            starts.push(cells.len());
        }
        let (mut rows, mut person_starts) = (Vec::with_capacity(design.rows), vec![0]);
        for own in design.rows_of_persons() {
            rows.extend(own);
            person_starts.push(rows.len());
        }
        Ok(Self {
            cells,
            starts,
            targets: design.y.iter().map(|label| f32::from(*label)).collect(),
            dim: expansion.dim(),
            rows,
            person_starts,
        })
    }

    /// The cells of a row.
    #[inline]
    pub(super) fn cells(&self, row: u32) -> &[(u32, f32)] {
        between(&self.cells, &self.starts, row as usize)
    }

    /// The rows of a person.
    #[inline]
    pub(super) fn of_person(&self, person: u32) -> &[u32] {
        between(&self.rows, &self.person_starts, person as usize)
    }

    /// The label of a row, 0 or 1, or its target as a share of the public range.
    #[inline]
    pub(super) fn target(&self, row: u32) -> f32 {
        self.targets.get(row as usize).copied().unwrap_or(0.0)
    }

    /// How many columns.
    pub(super) fn dim(&self) -> usize {
        self.dim
    }
}

#[inline]
fn between<'a, T>(items: &'a [T], starts: &[usize], index: usize) -> &'a [T] {
    match starts.get(index..index.saturating_add(2)) {
        Some([start, end]) => items.get(*start..*end).unwrap_or_default(),
        _ => &[],
    }
}

/// A multiple of 2^-12, which encoded rows are already: the sum's proof needs it.
fn to_grid(value: f32) -> f32 {
    libm::roundf(value * 4096.0) / 4096.0
}

/// Refuses an empty design and one whose parts do not fit each other.
pub(super) fn check(design: &Design) -> Result<(), FitError> {
    if design.rows == 0 || design.dim == 0 || design.persons == 0 {
        return Err(FitError::Empty);
    }
    let numbers = design.rows.checked_mul(design.dim) == Some(design.x.len());
    let lengths = design.y.len() == design.rows && design.person_of_row.len() == design.rows;
    let persons = design
        .person_of_row
        .iter()
        .all(|person| *person < design.persons);
    let values = design
        .x
        .iter()
        .chain(&design.targets)
        .all(|value| value.is_finite() && value.abs() <= 1.0);
    let lengths = lengths && (design.targets.is_empty() || design.targets.len() == design.rows);
    let width = design.spec.dimension() == design.dim;
    if numbers && lengths && persons && values && width {
        Ok(())
    } else {
        Err(FitError::Shape)
    }
}
