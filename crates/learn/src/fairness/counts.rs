//! The four counts of a group, and its rates.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::metrics::{Interval, wilson};

/// Right and wrong decisions of one group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Positive, selected.
    pub true_positives: u64,
    /// Negative, selected.
    pub false_positives: u64,
    /// Negative, not selected.
    pub true_negatives: u64,
    /// Positive, not selected.
    pub false_negatives: u64,
}

/// The rates of one group; `None` where a rate, or its complement, would stand for few rows, or
/// where there is nobody to take it of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupRates {
    /// The group's word.
    pub name: String,
    /// How many rows; `None` when suppressed.
    pub rows: Option<u64>,
    /// The share of positives.
    pub base_rate: Option<Interval>,
    /// The share that is selected.
    pub selection_rate: Option<Interval>,
    /// The share of right decisions.
    pub accuracy: Option<Interval>,
    /// The share of positives that is selected.
    pub true_positive_rate: Option<Interval>,
    /// The share of negatives that is selected.
    pub false_positive_rate: Option<Interval>,
    /// The share of negatives that is not selected.
    pub true_negative_rate: Option<Interval>,
    /// The share of positives that is not selected.
    pub false_negative_rate: Option<Interval>,
    /// The share of the selected that is positive.
    pub precision: Option<Interval>,
}

impl Counts {
    /// All rows.
    pub const fn rows(&self) -> u64 {
        self.positives() + self.negatives()
    }

    /// Rows whose label is 1.
    pub const fn positives(&self) -> u64 {
        self.true_positives + self.false_negatives
    }

    /// Rows whose label is 0.
    pub const fn negatives(&self) -> u64 {
        self.true_negatives + self.false_positives
    }

    /// Rows that were selected.
    pub const fn selected(&self) -> u64 {
        self.true_positives + self.false_positives
    }

    /// Whether no kind of decision stands for few rows.
    pub(super) fn is_showable(&self, smallest: u64) -> bool {
        let cells = [
            self.true_positives,
            self.false_positives,
            self.true_negatives,
            self.false_negatives,
        ];
        cells
            .into_iter()
            .all(|count| count == 0 || count >= smallest)
    }

    pub(super) const fn right(&self) -> u64 {
        self.true_positives + self.true_negatives
    }

    #[must_use]
    pub(super) const fn plus(&self, other: &Self) -> Self {
        Self {
            true_positives: self.true_positives + other.true_positives,
            false_positives: self.false_positives + other.false_positives,
            true_negatives: self.true_negatives + other.true_negatives,
            false_negatives: self.false_negatives + other.false_negatives,
        }
    }

    const fn add(&mut self, decision: u8, label: u8) {
        match (decision == 1, label == 1) {
            (true, true) => self.true_positives += 1,
            (true, false) => self.false_positives += 1,
            (false, false) => self.true_negatives += 1,
            (false, true) => self.false_negatives += 1,
        }
    }
}

pub(super) type Table<'a> = BTreeMap<&'a str, Counts>;

/// The name a row's group has.
pub(crate) fn name_of(group: Option<&str>) -> &str {
    group
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .unwrap_or("not stated")
}

pub(super) fn by_group<'a>(
    decisions: &[u8],
    labels: &[u8],
    groups: &[Option<&'a str>],
) -> Table<'a> {
    let mut table = Table::new();
    for ((decision, label), group) in decisions.iter().zip(labels).zip(groups) {
        table
            .entry(name_of(*group))
            .or_default()
            .add(*decision, *label);
    }
    table
}

/// Groups below the smallest count; when it is one only, the next smallest with it, because its
/// count could be had by subtraction.
pub(super) fn hidden<'a>(table: &Table<'a>, smallest: u64) -> BTreeSet<&'a str> {
    let mut sizes: Vec<(u64, &str)> = table
        .iter()
        .map(|(name, counts)| (counts.rows(), *name))
        .collect();
    sizes.sort_unstable();
    let small = sizes.iter().filter(|(rows, _)| *rows < smallest).count();
    let count = if small == 1 { 2 } else { small };
    sizes
        .into_iter()
        .take(count)
        .map(|(_, name)| name)
        .collect()
}

/// A share, unless it or its complement stands for few rows.
pub(super) fn share(hits: u64, of: u64, smallest: u64) -> Option<Interval> {
    let clear = |count: u64| count == 0 || count >= smallest;
    (of > 0 && of >= smallest && clear(hits) && clear(of - hits)).then(|| wilson(hits, of))
}

impl GroupRates {
    pub(super) fn of(name: &str, counts: &Counts, smallest: u64, shown: bool) -> Self {
        let rate = |hits: u64, of: u64| share(hits, of, smallest).filter(|_| shown);
        let (positives, negatives) = (counts.positives(), counts.negatives());
        Self {
            name: name.to_owned(),
            rows: shown.then(|| counts.rows()),
            base_rate: rate(positives, counts.rows()),
            selection_rate: rate(counts.selected(), counts.rows()),
            accuracy: rate(counts.right(), counts.rows()),
            true_positive_rate: rate(counts.true_positives, positives),
            false_positive_rate: rate(counts.false_positives, negatives),
            true_negative_rate: rate(counts.true_negatives, negatives),
            false_negative_rate: rate(counts.false_negatives, positives),
            precision: rate(counts.true_positives, counts.selected()),
        }
    }
}
