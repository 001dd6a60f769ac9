//! Mitigation before training: weights that make label and group independent.

use std::collections::BTreeMap;

use domain::Entropy;
use serde::{Deserialize, Serialize};

use super::counts::name_of;
use crate::{features::Design, metrics::ScoreError};

/// Weights by group and label (Kamiran, Calders 2012, section 4.2): what the share of both would be
/// if they were independent, over what it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reweighing {
    /// Group to the weights of its rows with label 0 and with label 1.
    pub weights: BTreeMap<String, (f64, f64)>,
}

/// The weights of a table.
pub fn reweighing(labels: &[u8], groups: &[Option<&str>]) -> Result<Reweighing, ScoreError> {
    if labels.len() != groups.len() {
        return Err(ScoreError::Length);
    }
    if labels.is_empty() {
        return Err(ScoreError::Empty);
    }
    let mut cells: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
    let (mut no, mut yes) = (0.0, 0.0);
    for (label, group) in labels.iter().zip(groups) {
        let cell = cells.entry(name_of(*group)).or_default();
        let (own, all) = if *label == 1 {
            (&mut cell.1, &mut yes)
        } else {
            (&mut cell.0, &mut no)
        };
        *own += 1.0;
        *all += 1.0;
    }
    let rows = no + yes;
    let weigh = |(name, (zeros, ones)): (&str, (f64, f64))| {
        let expected = |all: f64, own: f64| {
            if own > 0.0 {
                (zeros + ones) * all / (rows * own)
            } else {
                0.0
            }
        };
        (name.to_owned(), (expected(no, zeros), expected(yes, ones)))
    };
    Ok(Reweighing {
        weights: cells.into_iter().map(weigh).collect(),
    })
}

impl Reweighing {
    /// The weight of a row.
    pub fn of(&self, group: Option<&str>, label: u8) -> f64 {
        let weights = self.weights.get(name_of(group));
        weights.map_or(0.0, |(no, yes)| if label == 1 { *yes } else { *no })
    }

    /// A table in which label and group are independent on average: each person is kept with a
    /// chance in proportion to the weight of the person's first row (the sampling of Kamiran,
    /// Calders 2012, section 4.3), which any trainer can learn from.
    ///
    /// The weights are read from the data without noise: a private training on the result is
    /// private only as far as the shares of groups and labels may be told.
    pub fn sample(
        &self,
        design: &Design,
        groups: &[Option<&str>],
        entropy: &mut dyn Entropy,
    ) -> Design {
        let both = |weights: &(f64, f64)| weights.0.max(weights.1);
        let largest = self.weights.values().map(both).fold(1e-12, f64::max);
        let mut kept = vec![false; design.persons as usize];
        for (person, rows) in kept.iter_mut().zip(design.rows_of_persons()) {
            let Some(row) = rows.first().map(|row| *row as usize) else {
                continue;
            };
            let group = groups.get(row).copied().flatten();
            let label = design.y.get(row).copied().unwrap_or(0);
            *person = entropy.unit() < self.of(group, label) / largest;
        }
        design.of_persons(|person| kept.get(person as usize).copied().unwrap_or(false))
    }
}
