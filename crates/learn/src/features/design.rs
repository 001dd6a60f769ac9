//! Encoded rows: what the trainer reads.

use super::FeatureSpec;

/// Encoded rows with their labels and persons.
#[derive(Clone, Debug, PartialEq)]
pub struct Design {
    /// How many rows.
    pub rows: usize,
    /// How many numbers a row.
    pub dim: usize,
    /// The numbers, row after row, each a multiple of 2^-12 between 0 and 1.
    pub x: Vec<f32>,
    /// The labels, 0 or 1; with number targets, whether the target lies above the middle of its
    /// public range.
    pub y: Vec<u8>,
    /// Number targets as shares of their public range, multiples of 2^-12; empty for classes.
    pub targets: Vec<f32>,
    /// The person of each row, numbered from 0 in order of first appearance.
    pub person_of_row: Vec<u32>,
    /// How many persons.
    pub persons: u32,
    /// What the rows were encoded by.
    pub spec: FeatureSpec,
}

impl Design {
    /// The numbers of a row; empty beyond the last.
    pub fn row(&self, row: usize) -> &[f32] {
        let start = row.saturating_mul(self.dim);
        self.x
            .get(start..start.saturating_add(self.dim))
            .unwrap_or_default()
    }

    /// The rows of each person.
    pub fn rows_of_persons(&self) -> Vec<Vec<u32>> {
        let mut rows = vec![Vec::new(); self.persons as usize];
        for (row, person) in (0_u32..).zip(&self.person_of_row) {
            if let Some(rows) = rows.get_mut(*person as usize) {
                rows.push(row);
            }
        }
        rows
    }

    /// The design without the rows of the persons for whom `keep` does not hold. Those stay as
    /// persons without rows, so that their number tells nothing.
    #[must_use]
    pub fn keeping(&self, keep: &[bool]) -> Self {
        let mut part = Self {
            persons: self.persons,
            ..self.clone_empty()
        };
        for (row, (person, label)) in self.person_of_row.iter().zip(&self.y).enumerate() {
            if keep.get(*person as usize).copied().unwrap_or(false) {
                part.x.extend_from_slice(self.row(row));
                part.y.push(*label);
                part.targets.extend(self.targets.get(row));
                part.person_of_row.push(*person);
                part.rows += 1;
            }
        }
        part
    }

    /// The design of the persons for whom `keep` holds, renumbered in order.
    #[must_use]
    pub fn of_persons(&self, mut keep: impl FnMut(u32) -> bool) -> Self {
        let kept: Vec<bool> = (0..self.persons).map(&mut keep).collect();
        let mut next = 0;
        let numbers: Vec<Option<u32>> = kept
            .iter()
            .map(|kept| {
                kept.then(|| {
                    next += 1;
                    next - 1
                })
            })
            .collect();
        let mut part = Self {
            rows: 0,
            x: Vec::new(),
            y: Vec::new(),
            targets: Vec::new(),
            person_of_row: Vec::new(),
            persons: next,
            ..self.clone_empty()
        };
        for (row, (person, label)) in self.person_of_row.iter().zip(&self.y).enumerate() {
            if let Some(Some(number)) = numbers.get(*person as usize) {
                part.x.extend_from_slice(self.row(row));
                part.y.push(*label);
                part.targets.extend(self.targets.get(row));
                part.person_of_row.push(*number);
                part.rows += 1;
            }
        }
        part
    }

    fn clone_empty(&self) -> Self {
        Self {
            rows: 0,
            dim: self.dim,
            x: Vec::new(),
            y: Vec::new(),
            targets: Vec::new(),
            person_of_row: Vec::new(),
            persons: 0,
            spec: self.spec.clone(),
        }
    }
}
