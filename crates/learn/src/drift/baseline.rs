//! What is kept of the training data for later comparison: counts in public bins, nothing raw.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::DriftError;
use crate::{
    features::{EncodeError, Feature, FeatureSpec, Values},
    metrics::SMALLEST_CELL,
};

/// The counts of one column.
///
/// Cells with fewer than 11 rows are merged with their neighbour, so that none is small; the bins'
/// edges come from the plan's public bounds, not from the data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnBaseline {
    /// The column.
    pub column: String,
    /// Which original cell falls into which merged cell.
    pub cell_of: Vec<u32>,
    /// The rows in each merged cell.
    pub counts: Vec<u64>,
    /// Whether the cells stand in the order of a number.
    pub ordered: bool,
}

/// What is kept of the training data, stored with the model.
///
/// It is an aggregate of at least 11 rows a cell, but not differentially private: it belongs with
/// the model inside, and its release needs an output check of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// How the columns are binned.
    pub spec: FeatureSpec,
    /// How many rows stand behind it.
    pub rows: u64,
    /// One for each feature, then `prediction` if scores were given.
    pub columns: Vec<ColumnBaseline>,
    /// The deviation of the noise of each cell before merging, in persons; 0 where counts are exact.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub deviation: f64,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for this form"
)]
fn is_zero(deviation: &f64) -> bool {
    *deviation <= 0.0
}

impl Baseline {
    /// Counts the columns of the training data, and the model's predictions on them if given.
    ///
    /// Refuses fewer than 22 rows: there would not be two cells.
    pub fn of(
        spec: &FeatureSpec,
        columns: &BTreeMap<&str, Values<'_>>,
        predictions: Option<&[f64]>,
    ) -> Result<Self, DriftError> {
        spec.check()?;
        let counted = count_all(spec, columns, predictions, &|_| 1)?;
        let rows = counted
            .first()
            .map_or(0, |column| column.counts.iter().sum());
        if rows < 2 * SMALLEST_CELL {
            return Err(DriftError::TooFew {
                needed: 2 * SMALLEST_CELL,
                found: rows,
            });
        }
        let merged = |column: Counted| column.merged(&|_| SMALLEST_CELL as f64);
        Ok(Self {
            spec: spec.clone(),
            rows,
            columns: counted.into_iter().map(merged).collect(),
            deviation: 0.0,
        })
    }
}

impl Baseline {
    /// Mean and deviation of the predictions on the training data, as exact as twenty bins are;
    /// `None` when the baseline holds no predictions.
    pub fn predictions(&self) -> Option<(f64, f64)> {
        let column = self
            .columns
            .last()
            .filter(|last| last.column == PREDICTION)?;
        let (mut sums, mut bins) = (
            vec![0.0; column.counts.len()],
            vec![0.0; column.counts.len()],
        );
        for (bin, cell) in column.cell_of.iter().enumerate() {
            let middle = (bin as f64 + 0.5) / BINS as f64;
            if let (Some(sum), Some(bins)) =
                (sums.get_mut(*cell as usize), bins.get_mut(*cell as usize))
            {
                *sum += middle;
                *bins += 1.0;
            }
        }
        let rows: f64 = column.counts.iter().map(|count| *count as f64).sum();
        let middles = || {
            let cells = sums.iter().zip(&bins).zip(&column.counts);
            cells.map(|((sum, bins), count)| (sum / f64::max(*bins, 1.0), *count as f64 / rows))
        };
        let mean: f64 = middles().map(|(middle, share)| middle * share).sum();
        let variance: f64 = middles()
            .map(|(middle, share)| (middle - mean) * (middle - mean) * share)
            .sum();
        Some((mean, libm::sqrt(variance)))
    }
}

/// The counts of a column before merging.
pub(super) struct Counted {
    pub(super) column: String,
    pub(super) counts: Vec<u64>,
    pub(super) ordered: bool,
}

/// The name of the predictions among the columns.
const PREDICTION: &str = "prediction";
const BINS: usize = 20;

/// Counts every column; `weigh` says what each row counts.
pub(super) fn count_all(
    spec: &FeatureSpec,
    columns: &BTreeMap<&str, Values<'_>>,
    predictions: Option<&[f64]>,
    weigh: &dyn Fn(usize) -> u64,
) -> Result<Vec<Counted>, DriftError> {
    let mut counted = Vec::with_capacity(spec.features.len() + 1);
    for feature in &spec.features {
        let name = feature.column();
        let values = columns.get(name).ok_or_else(|| EncodeError::Missing {
            column: name.to_owned(),
        })?;
        counted.push(count(feature, values, weigh)?);
    }
    if let Some(predictions) = predictions {
        let mut counts = vec![0; BINS];
        for (row, prediction) in predictions.iter().enumerate() {
            add(&mut counts, bin(*prediction), weigh(row));
        }
        counted.push(Counted {
            column: PREDICTION.into(),
            counts,
            ordered: true,
        });
    }
    Ok(counted)
}

/// Twenty bins and one for missing cells, or the words, one for others and one for missing cells.
fn count(
    feature: &Feature,
    values: &Values<'_>,
    weigh: &dyn Fn(usize) -> u64,
) -> Result<Counted, DriftError> {
    let ordered = matches!(feature, Feature::Number { .. });
    let cells = match feature {
        Feature::Number { .. } => BINS + 1,
        Feature::Category { values, .. } => values.len() + 2,
    };
    let mut counts = vec![0; cells];
    for row in 0..values.len() {
        add(&mut counts, cell(feature, values, row)?, weigh(row));
    }
    Ok(Counted {
        column: feature.column().to_owned(),
        counts,
        ordered,
    })
}

fn cell(feature: &Feature, values: &Values<'_>, row: usize) -> Result<usize, EncodeError> {
    match feature {
        Feature::Number { .. } => {
            let share = feature.share_of(values, row)?;
            Ok(share.map_or(BINS, bin))
        }
        Feature::Category { values: words, .. } => Ok(match values.text(row) {
            Some(text) => words
                .iter()
                .position(|word| word.trim() == text)
                .unwrap_or(words.len()),
            None => words.len() + 1,
        }),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the number of bins"
)]
fn bin(share: f64) -> usize {
    ((share.clamp(0.0, 1.0) * BINS as f64) as usize).min(BINS - 1)
}

fn add(counts: &mut [u64], cell: usize, weight: u64) {
    if let Some(count) = counts.get_mut(cell) {
        *count = count.saturating_add(weight);
    }
}

impl Counted {
    /// Runs of cells that reach the least count for so many cells; what is left over joins the last
    /// run.
    pub(super) fn merged(self, least: &dyn Fn(usize) -> f64) -> ColumnBaseline {
        let (mut cell_of, mut counts, mut open, mut run) = (Vec::new(), Vec::new(), 0, 0);
        for count in &self.counts {
            cell_of.push(u32::try_from(counts.len()).unwrap_or(u32::MAX));
            open += count;
            run += 1;
            if open as f64 >= least(run) {
                counts.push(open);
                (open, run) = (0, 0);
            }
        }
        if counts.is_empty() {
            counts.push(0);
        }
        if let Some(last) = counts.last_mut() {
            *last += open;
        }
        let end = u32::try_from(counts.len().max(1) - 1).unwrap_or(u32::MAX);
        for cell in &mut cell_of {
            *cell = (*cell).min(end);
        }
        ColumnBaseline {
            column: self.column,
            cell_of,
            counts,
            ordered: self.ordered,
        }
    }
}

impl ColumnBaseline {
    /// New counts in the merged cells.
    pub(super) fn gather(&self, counts: &[u64]) -> Vec<u64> {
        let mut gathered = vec![0_u64; self.counts.len()];
        for (count, cell) in counts.iter().zip(&self.cell_of) {
            if let Some(sum) = gathered.get_mut(*cell as usize) {
                *sum = sum.saturating_add(*count);
            }
        }
        gathered
    }
}
