//! Fairness of the stage: every measure by subgroup, and thresholds before and after.

use std::collections::BTreeMap;

use domain::Entropy;
use learn::{
    fairness::{Between, Fairness, Parity, adjust, fairness},
    metrics::SMALLEST_CELL,
};
use serde::{Deserialize, Serialize};

use crate::{Desk, StageError, study::Validate, train::Data};

/// Thresholds of their own for each group, judged on rows they were not fitted to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mitigated {
    /// What was made equal.
    pub parity: Parity,
    /// Gaps of decisions at 0.5.
    pub before: Between,
    /// Gaps of decisions by the thresholds.
    pub after: Between,
    /// The share of right decisions before and after.
    pub accuracy: (f64, f64),
}

/// What weights before training did to the gaps between groups.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reweighing {
    /// The column whose groups were meant.
    pub column: String,
    /// Gaps of the same plan trained without the weights, where it was fitted too.
    pub before: Option<Between>,
    /// Gaps of the model.
    pub after: Between,
    /// The share of right decisions before and after.
    pub accuracy: (Option<f64>, f64),
}

/// Gaps on held-out persons with the weights and without them.
pub(super) fn reweighed(
    data: &Data,
    column: &str,
    probabilities: &[f64],
    without: Option<&[f64]>,
) -> Result<Reweighing, StageError> {
    let groups = groups(data, column)?;
    let judge = |probabilities: &[f64]| -> Result<(Between, f64), StageError> {
        let decisions: Vec<u8> = probabilities.iter().map(|p| u8::from(*p > 0.5)).collect();
        let found = fairness(&decisions, &data.test.y, &groups, None, SMALLEST_CELL)?;
        Ok((found.between, right(&decisions, &data.test.y)))
    };
    let (after, accuracy) = judge(probabilities)?;
    let before = without.map(judge).transpose()?;
    Ok(Reweighing {
        column: column.to_owned(),
        before: before.map(|(between, _)| between),
        after,
        accuracy: (before.map(|(_, accuracy)| accuracy), accuracy),
    })
}

/// The share of right decisions.
fn right(decisions: &[u8], labels: &[u8]) -> f64 {
    let pairs = decisions.iter().zip(labels);
    let hits = pairs.filter(|(decision, label)| decision == label).count();
    hits as f64 / labels.len().max(1) as f64
}

/// Every measure of each subgroup column.
pub(super) fn by_column(
    section: &Validate,
    data: &Data,
    probabilities: &[f64],
) -> Result<BTreeMap<String, Fairness>, StageError> {
    let mut found = BTreeMap::new();
    let decisions: Vec<u8> = probabilities.iter().map(|p| u8::from(*p > 0.5)).collect();
    for column in &section.subgroups {
        let groups = groups(data, column)?;
        let judged = fairness(&decisions, &data.test.y, &groups, None, SMALLEST_CELL)?;
        found.insert(column.clone(), judged);
    }
    Ok(found)
}

/// Thresholds are fitted to one half of the held-out persons and judged on the other.
///
/// A table too small for it, or a group with one outcome only, gives none.
pub(super) fn mitigated(
    desk: &Desk<'_>,
    section: &Validate,
    data: &Data,
    probabilities: &[f64],
) -> Result<BTreeMap<String, Mitigated>, StageError> {
    let mut found = BTreeMap::new();
    let Some(parity) = section.mitigate else {
        return Ok(found);
    };
    let mut entropy = desk.entropy();
    let halves: Vec<bool> = (0..data.test.persons)
        .map(|_| entropy.below(2) == 1)
        .collect();
    for column in &section.subgroups {
        let groups = groups(data, column)?;
        let rows = |wanted: bool| -> Rows<'_> {
            let persons = data.test.person_of_row.iter().enumerate();
            let own = persons
                .filter(|(_, person)| halves.get(**person as usize) == Some(&wanted))
                .map(|(row, _)| row);
            own.filter_map(|row| {
                Some((
                    *probabilities.get(row)?,
                    *data.test.y.get(row)?,
                    *groups.get(row)?,
                ))
            })
            .collect()
        };
        if let Ok(one) = judged(parity, &rows(true), &rows(false), &mut entropy) {
            found.insert(column.clone(), one);
        }
    }
    Ok(found)
}

type Rows<'a> = Vec<(f64, u8, Option<&'a str>)>;

fn judged(
    parity: Parity,
    fitted: &Rows<'_>,
    judged: &Rows<'_>,
    entropy: &mut dyn Entropy,
) -> Result<Mitigated, learn::metrics::ScoreError> {
    let (scores, labels, groups) = unzipped(fitted);
    let rule = adjust(parity, &scores, &labels, &groups)?;
    let (scores, labels, groups) = unzipped(judged);
    let plain: Vec<u8> = scores.iter().map(|score| u8::from(*score > 0.5)).collect();
    let pairs = scores.iter().zip(&groups);
    let moved: Vec<u8> = pairs
        .map(|(score, group)| u8::from(entropy.unit() < rule.select(*score, *group)))
        .collect();
    let between = |decisions: &[u8]| {
        fairness(decisions, &labels, &groups, None, SMALLEST_CELL).map(|found| found.between)
    };
    Ok(Mitigated {
        parity,
        before: between(&plain)?,
        after: between(&moved)?,
        accuracy: (right(&plain, &labels), right(&moved, &labels)),
    })
}

fn unzipped<'a>(rows: &Rows<'a>) -> (Vec<f64>, Vec<u8>, Vec<Option<&'a str>>) {
    let scores = rows.iter().map(|row| row.0).collect();
    let labels = rows.iter().map(|row| row.1).collect();
    (scores, labels, rows.iter().map(|row| row.2).collect())
}

fn groups<'a>(data: &'a Data, column: &str) -> Result<Vec<Option<&'a str>>, StageError> {
    let cells = data
        .test_columns
        .get(column)
        .ok_or(StageError::Stored("a subgroup column was not read"))?;
    Ok(cells.iter().map(Option::as_deref).collect())
}
