//! The axes of tables of counts: public words, or public edges.

use crate::StageError;

/// One axis.
#[derive(Clone, Debug, PartialEq)]
pub enum Axis {
    /// One cell for each word.
    Words {
        /// The column.
        column: String,
        /// The words.
        words: Vec<String>,
    },
    /// One cell between each two edges; the lower edge belongs to the cell, the last upper one too.
    Edges {
        /// The column.
        column: String,
        /// The edges, rising.
        edges: Vec<f64>,
    },
}

impl Axis {
    /// The column it reads.
    pub fn column(&self) -> &str {
        self.name()
    }

    pub(super) const fn name(&self) -> &String {
        match self {
            Self::Words { column, .. } | Self::Edges { column, .. } => column,
        }
    }

    /// Refuses no words, a word that stands twice, and edges that do not rise.
    pub(super) fn check(&self) -> Result<(), StageError> {
        let sound = match self {
            Self::Words { words, .. } => {
                let mut sorted: Vec<&String> = words.iter().collect();
                sorted.sort();
                sorted.dedup();
                !words.is_empty() && sorted.len() == words.len()
            }
            Self::Edges { edges, .. } => {
                let pairs = edges.iter().zip(edges.iter().skip(1));
                edges.len() >= 2 && pairs.clone().all(|(low, high)| low < high)
            }
        };
        if sound {
            Ok(())
        } else {
            Err(StageError::Axis {
                column: self.name().clone(),
            })
        }
    }

    /// How many cells.
    pub(super) const fn cells(&self) -> usize {
        match self {
            Self::Words { words, .. } => words.len(),
            Self::Edges { edges, .. } => edges.len().saturating_sub(1),
        }
    }

    /// What each cell is called.
    pub(super) fn words(&self) -> Vec<String> {
        match self {
            Self::Words { words, .. } => words.clone(),
            Self::Edges { edges, .. } => edges
                .iter()
                .zip(edges.iter().skip(1))
                .map(|(low, high)| format!("{low} to {high}"))
                .collect(),
        }
    }

    /// The cell of each row.
    pub(super) fn places(&self, cells: &[Option<String>]) -> Vec<Option<usize>> {
        cells
            .iter()
            .map(|cell| self.place(cell.as_deref()?.trim()))
            .collect()
    }

    /// The cell of each row in the table of two axes, line by line.
    pub(super) fn crossed(
        &self,
        other: &Self,
        lines: &[Option<String>],
        columns: &[Option<String>],
    ) -> Vec<Option<usize>> {
        let pairs = self.places(lines).into_iter().zip(other.places(columns));
        pairs
            .map(|(line, column)| line?.checked_mul(other.cells())?.checked_add(column?))
            .collect()
    }

    fn place(&self, cell: &str) -> Option<usize> {
        match self {
            Self::Words { words, .. } => words.iter().position(|word| word == cell),
            Self::Edges { edges, .. } => {
                let cell = crate::train::plain_age(Some(cell.to_owned()))?;
                let number: f64 = cell.parse().ok()?;
                let last = edges.last()?;
                if number.total_cmp(last).is_eq() {
                    return edges.len().checked_sub(2);
                }
                let below = edges.iter().filter(|edge| **edge <= number).count();
                below.checked_sub(1).filter(|place| place + 1 < edges.len())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(words: &[&str]) -> Vec<Option<String>> {
        words.iter().map(|word| Some((*word).to_owned())).collect()
    }

    #[test]
    fn numbers_fall_between_edges() {
        let axis = Axis::Edges {
            column: "age".into(),
            edges: vec![0.0, 18.0, 65.0, 90.0],
        };
        let found = axis.places(&cells(&[
            "-1", "0", "17.9", "18", "90", "90+", "91", "x", " 64 ",
        ]));
        assert_eq!(
            found,
            [
                None,
                Some(0),
                Some(0),
                Some(1),
                Some(2),
                Some(2),
                None,
                None,
                Some(1)
            ]
        );
        assert_eq!(axis.words(), ["0 to 18", "18 to 65", "65 to 90"]);
    }

    #[test]
    fn crossed_cells_stand_line_by_line() {
        let words = |column: &str, words: &[&str]| Axis::Words {
            column: column.into(),
            words: words.iter().map(|word| (*word).to_owned()).collect(),
        };
        let (sex, ward) = (words("sex", &["F", "M"]), words("ward", &["a", "b", "c"]));
        let found = sex.crossed(
            &ward,
            &cells(&["F", "M", "M", "X"]),
            &cells(&["c", "a", "d", "a"]),
        );
        assert_eq!(found, [Some(2), Some(3), None, None]);
        assert!(words("sex", &["F", "F"]).check().is_err());
        assert!(words("sex", &[]).check().is_err());
    }
}
