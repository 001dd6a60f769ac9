//! Fairness between groups, from noisy tables of group by decision and outcome.

use std::collections::BTreeMap;

use domain::Entropy;
use serde::{Deserialize, Serialize};

use super::{FigureError, Judged, cells::Cells, quality::rounded};
use crate::{
    fairness::{Between, GroupRates, name_of},
    metrics::ScoreError,
    unit::{in_persons, noise, shares},
};

/// Rates of the groups of one column and the gaps between them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupFigures {
    /// The groups that show through the noise, in order of their names; a rate is `None` where the
    /// noise hides it.
    pub groups: Vec<GroupRates>,
    /// The largest gaps between any two of them.
    pub between: Between,
}

/// The groups of each row, column by column.
pub type Columns<'a> = [(&'a str, Vec<Option<&'a str>>)];

/// Judges decisions at one half group by group; all columns together are one mechanism with noise
/// of `sigma` times the bound of one person.
pub fn groups(
    judged: &Judged<'_>,
    columns: &Columns<'_>,
    sigma: f64,
    entropy: &mut dyn Entropy,
) -> Result<BTreeMap<String, GroupFigures>, FigureError> {
    judged.check()?;
    let noise = noise(sigma, columns.len()).map_err(|_| FigureError::Noise)?;
    let shares = shares(judged.persons);
    let mut found = BTreeMap::new();
    for (column, words) in columns {
        if words.len() != shares.len() {
            return Err(ScoreError::Length.into());
        }
        let mut units: BTreeMap<&str, [i64; 4]> = BTreeMap::new();
        for (row, (word, share)) in words.iter().zip(&shares).enumerate() {
            let cells = units.entry(name_of(*word)).or_default();
            if let Some(count) = judged.kind(row).and_then(|kind| cells.get_mut(kind)) {
                *count = count.saturating_add(*share);
            }
        }
        let flat: Vec<i64> = units.values().flatten().copied().collect();
        let cells = Cells::of(flat, &noise, entropy);
        let named = units.into_keys().zip(cells.counts.chunks_exact(4));
        let rates: Vec<GroupRates> = named
            .filter_map(|(name, own)| rates(name, own, cells.deviation))
            .collect();
        let figures = GroupFigures {
            between: Between::of(&rates),
            groups: rates,
        };
        found.insert((*column).to_owned(), figures);
    }
    Ok(found)
}

impl Judged<'_> {
    /// The cell of a row: right or wrong, selected or not.
    fn kind(&self, row: usize) -> Option<usize> {
        let (score, label) = (self.scores.get(row)?, self.labels.get(row)?);
        Some(match (*score > 0.5, *label == 1) {
            (true, true) => TRUE_POSITIVE,
            (true, false) => FALSE_POSITIVE,
            (false, false) => TRUE_NEGATIVE,
            (false, true) => FALSE_NEGATIVE,
        })
    }
}

const TRUE_POSITIVE: usize = 0;
const FALSE_POSITIVE: usize = 1;
const TRUE_NEGATIVE: usize = 2;
const FALSE_NEGATIVE: usize = 3;

/// A group needs so many deviations above one person.
const SHOWN: f64 = 10.0;

/// The rates of a group, unless it may be a word of one person alone.
fn rates(name: &str, counts: &[f64], deviation: f64) -> Option<GroupRates> {
    let rows: f64 = counts.iter().sum();
    // The sum of four cells has twice the deviation of one.
    if rows <= in_persons(crate::unit::UNIT) + SHOWN * 2.0 * deviation {
        return None;
    }
    let cells = Cells {
        counts: counts.to_vec(),
        deviation,
    };
    let share = |hits: &[usize], all: &[usize]| {
        cells.share(|cell| hits.contains(&cell), |cell| all.contains(&cell))
    };
    let everybody = [0, 1, 2, 3];
    let (positives, negatives) = (
        [TRUE_POSITIVE, FALSE_NEGATIVE],
        [FALSE_POSITIVE, TRUE_NEGATIVE],
    );
    let selected = [TRUE_POSITIVE, FALSE_POSITIVE];
    Some(GroupRates {
        name: name.to_owned(),
        rows: Some(rounded(rows)),
        base_rate: share(&positives, &everybody),
        selection_rate: share(&selected, &everybody),
        accuracy: share(&[TRUE_POSITIVE, TRUE_NEGATIVE], &everybody),
        true_positive_rate: share(&[TRUE_POSITIVE], &positives),
        false_positive_rate: share(&[FALSE_POSITIVE], &negatives),
        true_negative_rate: share(&[TRUE_NEGATIVE], &negatives),
        false_negative_rate: share(&[FALSE_NEGATIVE], &positives),
        precision: share(&[TRUE_POSITIVE], &selected),
    })
}
