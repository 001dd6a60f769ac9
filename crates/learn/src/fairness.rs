//! Fairness of decisions between groups, by the definitions of Fairlearn and AIF360, and two ways to
//! mend it.
//!
//! Rates carry Wilson's interval; differences Newcombe's, ratios Katz's, both at 95 %. Nothing that
//! stands for one to ten rows is shown, and a gap is taken between the groups that are shown.
//!
//! Which of the definitions fits is a question of law and of medicine; several cannot hold at once
//! (Kleinberg, Mullainathan, Raghavan 2017).

mod counts;
mod gaps;
mod individual;
mod reweigh;
mod threshold;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::metrics::{Interval, SMALLEST_CELL, ScoreError};

pub(crate) use counts::name_of;
pub use counts::{Counts, GroupRates};
pub use gaps::{Between, Compared};
pub use individual::{Individual, consistency};
pub use reweigh::{Reweighing, noisy_reweighing, reweighing};
pub use threshold::{Adjustment, Mixture, Parity, adjust};

/// Every measure of one grouping.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fairness {
    /// The rates of each group, in order of their names.
    pub groups: Vec<GroupRates>,
    /// The rates of everybody.
    pub overall: GroupRates,
    /// The largest gaps between any two groups (Fairlearn's measures).
    pub between: Between,
    /// Everybody else compared with the privileged group (AIF360's measures); without one named,
    /// with the group that is selected most often.
    pub compared: Option<Compared>,
    /// Inequality of the benefit over persons and groups (Speicher et al. 2018); `None` where it would
    /// tell the count of few rows or of a group that is not shown.
    pub individual: Option<Individual>,
    /// Groups that are not shown.
    pub suppressed: u64,
}

/// Judges decisions (0 or 1) against labels, group by group.
///
/// Rows without a group form `not stated`. `smallest` is the smallest count that may be shown; 1
/// shows everything and is for tables that are public.
pub fn fairness(
    decisions: &[u8],
    labels: &[u8],
    groups: &[Option<&str>],
    privileged: Option<&str>,
    smallest: u64,
) -> Result<Fairness, ScoreError> {
    check(decisions, labels, groups)?;
    let table = counts::by_group(decisions, labels, groups);
    let hidden = counts::hidden(&table, smallest);
    let shown: BTreeMap<&str, Counts> = table
        .iter()
        .filter(|(name, _)| !hidden.contains(*name))
        .map(|(name, counts)| (*name, *counts))
        .collect();
    let rates = |(name, counts): (&&str, &Counts)| {
        GroupRates::of(name, counts, smallest, !hidden.contains(*name))
    };
    let groups: Vec<GroupRates> = table.iter().map(rates).collect();
    let all = table
        .values()
        .fold(Counts::default(), |sum, one| sum.plus(one));
    let chosen = privileged
        .map(str::to_owned)
        .or_else(|| most_selected(&groups));
    let compared = chosen.and_then(|name| Compared::of(&name, &shown, smallest));
    Ok(Fairness {
        overall: GroupRates::of("everybody", &all, smallest, true),
        between: Between::of(&groups),
        compared,
        individual: (hidden.is_empty() && all.is_showable(smallest))
            .then(|| Individual::of(decisions, labels, &table)),
        suppressed: hidden.len() as u64,
        groups,
    })
}

/// [`fairness`] with the usual smallest cell of 11.
pub fn fairness_of(
    decisions: &[u8],
    labels: &[u8],
    groups: &[Option<&str>],
) -> Result<Fairness, ScoreError> {
    fairness(decisions, labels, groups, None, SMALLEST_CELL)
}

fn most_selected(groups: &[GroupRates]) -> Option<String> {
    let rate = |group: &GroupRates| {
        group
            .selection_rate
            .map_or(-1.0, |rate: Interval| rate.value)
    };
    groups
        .iter()
        .filter(|group| group.selection_rate.is_some())
        .max_by(|one, two| rate(one).total_cmp(&rate(two)))
        .map(|group| group.name.clone())
}

fn check(decisions: &[u8], labels: &[u8], groups: &[Option<&str>]) -> Result<(), ScoreError> {
    if decisions.len() != labels.len() || groups.len() != labels.len() {
        return Err(ScoreError::Length);
    }
    if decisions.is_empty() {
        return Err(ScoreError::Empty);
    }
    let wrong = decisions
        .iter()
        .zip(labels)
        .position(|(d, y)| *d > 1 || *y > 1);
    wrong.map_or(Ok(()), |row| Err(ScoreError::Probability { row }))
}

#[cfg(test)]
mod tests;
