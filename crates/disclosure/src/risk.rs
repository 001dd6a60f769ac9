use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::Classes;

/// How far the records of a table can be told apart by their quasi-identifiers.
///
/// A record is a row, or a person within a class where persons were counted. The sample is taken
/// for the population: somebody outside the table who looks the same is not counted on, so every
/// figure is an upper bound of the risk against a stranger.
///
/// Source: 45 CFR 164.514(b)(1); El Emam, Guide to the De-Identification of Personal Health
/// Information, 2013, chapter 16 (prosecutor and marketer risk).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Risk {
    /// Rows measured.
    pub rows: u64,
    /// Different persons, where a person column was given.
    pub persons: Option<u64>,
    /// Records: rows, or pairs of person and class.
    pub records: u64,
    /// Rows that miss at least one quasi-identifier; missing is a category of its own.
    pub incomplete_rows: u64,
    /// Equivalence classes.
    pub classes: u64,
    /// Records in the smallest class; 0 for an empty table, which satisfies no threshold.
    pub k: u64,
    /// Records per class, on average.
    pub average_class: f64,
    /// Records that are alone in their class.
    pub sample_uniques: u64,
    /// Share of records that are alone in their class.
    pub uniqueness: f64,
    /// Highest chance to pick a person whom the attacker knows to be in the table: 1 / k.
    pub prosecutor_max: f64,
    /// The same chance for the best hidden record: 1 / size of the largest class.
    pub prosecutor_min: f64,
    /// The same chance for a record on average: classes / records.
    pub prosecutor_average: f64,
    /// Share of records that an attacker expects to match rightly when linking all of them to a
    /// register of the same persons: classes / records.
    pub marketer: f64,
    /// How many classes there are of each size.
    pub histogram: BTreeMap<u32, u64>,
}

impl Risk {
    /// Measures classes. Shares of an empty table are 0.
    pub fn measure(classes: &Classes) -> Self {
        let mut histogram = BTreeMap::new();
        for &size in &classes.sizes {
            *histogram.entry(size).or_insert(0_u64) += 1;
        }
        let records: u64 = classes.sizes.iter().copied().map(u64::from).sum();
        let smallest = histogram.keys().next().copied().unwrap_or_default();
        let largest = histogram.keys().next_back().copied().unwrap_or_default();
        let uniques = histogram.get(&1).copied().unwrap_or_default();
        let count = classes.len() as u64;
        Self {
            rows: classes.rows() as u64,
            persons: classes.persons,
            records,
            incomplete_rows: classes.incomplete,
            classes: count,
            k: u64::from(smallest),
            average_class: share(records, count),
            sample_uniques: uniques,
            uniqueness: share(uniques, records),
            prosecutor_max: share(1, u64::from(smallest)),
            prosecutor_min: share(1, u64::from(largest)),
            prosecutor_average: share(count, records),
            marketer: share(count, records),
            histogram,
        }
    }

    /// How many records have a prosecutor risk above a threshold.
    pub fn records_at_risk_above(&self, threshold: f64) -> u64 {
        self.histogram
            .iter()
            .filter(|&(&size, _)| 1.0 / f64::from(size) > threshold)
            .map(|(&size, &classes)| u64::from(size) * classes)
            .sum()
    }

    /// How many records are in classes smaller than `k`.
    pub fn records_below(&self, k: u32) -> u64 {
        self.histogram
            .range(..k)
            .map(|(&size, &classes)| u64::from(size) * classes)
            .sum()
    }
}

fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}
