//! The same per group, with small cells suppressed, and the gaps between groups.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Confusion, Interval, ScoreError, check, is_showable, wilson};

/// The smallest count that may be shown: 11 (CMS cell size suppression policy).
pub const SMALLEST_CELL: u64 = 11;

/// How the model does for one group. A rate is `None` where it, or its complement, would stand for
/// 1 to 10 rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Subgroup {
    /// The group's word; rows without one form `not stated`.
    pub name: String,
    /// How many rows; `None` when suppressed.
    pub rows: Option<u64>,
    /// The share of right decisions.
    pub accuracy: Option<Interval>,
    /// The share called positive.
    pub selection_rate: Option<f64>,
    /// The share of positives called positive.
    pub true_positive_rate: Option<f64>,
    /// The share of negatives called positive.
    pub false_positive_rate: Option<f64>,
}

/// The largest less the smallest rate among groups that show it; `None` with fewer than two.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[expect(clippy::struct_field_names, reason = "the rates' own names")]
pub struct Gaps {
    /// Demographic parity difference.
    pub selection_rate: Option<f64>,
    /// Equal opportunity difference.
    pub true_positive_rate: Option<f64>,
    /// The other half of equalised odds.
    pub false_positive_rate: Option<f64>,
}

/// All groups of one column.
///
/// When exactly one group would be suppressed, its count could be had by subtraction from the total,
/// so the next smallest is suppressed with it. Rates of several tables over the same rows can still
/// be combined; publish one breakdown, or have the release checked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Subgroups {
    /// In order of their names.
    pub groups: Vec<Subgroup>,
    /// How many groups are suppressed.
    pub suppressed: u64,
    /// The gaps between the groups that are shown.
    pub gaps: Gaps,
}

/// Judges each group of rows.
pub fn subgroups(
    probabilities: &[f64],
    labels: &[u8],
    groups: &[Option<&str>],
) -> Result<Subgroups, ScoreError> {
    check(probabilities, labels)?;
    if groups.len() != labels.len() {
        return Err(ScoreError::Length);
    }
    let mut rows: BTreeMap<&str, Vec<(f64, u8)>> = BTreeMap::new();
    for ((probability, label), group) in probabilities.iter().zip(labels).zip(groups) {
        let name = group
            .map(str::trim)
            .filter(|name| !name.is_empty())
            .unwrap_or("not stated");
        rows.entry(name).or_default().push((*probability, *label));
    }
    let hidden = hidden(rows.values().map(|rows| rows.len() as u64));
    let judge = |(name, rows): (&str, Vec<(f64, u8)>)| {
        let count = rows.len() as u64;
        let shown = !hidden.contains(&count);
        subgroup(name, &Confusion::of(rows.into_iter()), count, shown)
    };
    let groups: Vec<Subgroup> = rows.into_iter().map(judge).collect();
    Ok(Subgroups {
        suppressed: groups.iter().filter(|group| group.rows.is_none()).count() as u64,
        gaps: Gaps {
            selection_rate: gap(&groups, |group| group.selection_rate),
            true_positive_rate: gap(&groups, |group| group.true_positive_rate),
            false_positive_rate: gap(&groups, |group| group.false_positive_rate),
        },
        groups,
    })
}

/// The counts to hide: those below the smallest cell, and one more when there is one only.
fn hidden(counts: impl Iterator<Item = u64>) -> Vec<u64> {
    let mut counts: Vec<u64> = counts.collect();
    counts.sort_unstable();
    let small = counts
        .iter()
        .filter(|count| **count < SMALLEST_CELL)
        .count();
    counts.truncate(if small == 1 { 2 } else { small });
    counts
}

fn subgroup(name: &str, confusion: &Confusion, rows: u64, shown: bool) -> Subgroup {
    let Confusion {
        true_positives,
        false_positives,
        true_negatives,
        false_negatives,
    } = *confusion;
    let right = true_positives + true_negatives;
    let clear = shown && is_showable(right) && is_showable(rows - right);
    let rate = |hits: u64, of: u64| {
        let clear = of >= SMALLEST_CELL && is_showable(hits) && is_showable(of - hits);
        (shown && clear).then(|| hits as f64 / of as f64)
    };
    Subgroup {
        name: name.to_owned(),
        rows: shown.then_some(rows),
        accuracy: clear.then(|| wilson(right, rows)),
        selection_rate: rate(true_positives + false_positives, rows),
        true_positive_rate: rate(true_positives, true_positives + false_negatives),
        false_positive_rate: rate(false_positives, false_positives + true_negatives),
    }
}

fn gap(groups: &[Subgroup], rate: impl Fn(&Subgroup) -> Option<f64>) -> Option<f64> {
    let rates: Vec<f64> = groups.iter().filter_map(rate).collect();
    if rates.len() < 2 {
        return None;
    }
    let largest = rates.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let smallest = rates.iter().copied().fold(f64::INFINITY, f64::min);
    Some(largest - smallest)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Groups of the given sizes; half of each is positive, `called` of each half is called so.
    fn judged(sizes: &[(&'static str, usize, f64)]) -> Subgroups {
        let (mut p, mut y, mut g) = (Vec::new(), Vec::new(), Vec::new());
        for (name, size, called) in sizes {
            for row in 0..*size {
                let within = (row / 2) as f64 / (*size as f64 / 2.0);
                p.push(if within < *called { 0.9 } else { 0.1 });
                y.push(u8::from(row % 2 == 0));
                g.push(Some(*name));
            }
        }
        subgroups(&p, &y, &g).unwrap()
    }

    #[test]
    fn gaps_are_the_differences_of_the_rates() {
        let judged = judged(&[("a", 100, 0.5), ("b", 200, 0.25)]);
        assert_eq!(judged.groups[0].selection_rate, Some(0.5));
        assert_eq!(judged.gaps.true_positive_rate, Some(0.25));
        assert_eq!(judged.suppressed, 0);
    }

    #[test]
    fn a_small_group_takes_the_next_one_with_it() {
        let judged = judged(&[("a", 100, 0.5), ("b", 10, 0.5), ("c", 60, 0.5)]);
        let shown: Vec<Option<u64>> = judged.groups.iter().map(|group| group.rows).collect();
        assert_eq!(shown, [Some(100), None, None]);
        assert!(judged.groups[1].accuracy.is_none() && judged.groups[2].selection_rate.is_none());
        assert_eq!(judged.gaps.selection_rate, None);
    }

    #[test]
    fn rates_over_few_rows_are_hidden_inside_a_shown_group() {
        let judged = judged(&[("a", 100, 0.06), ("b", 100, 0.5)]);
        assert_eq!(judged.groups[0].rows, Some(100));
        assert_eq!(judged.groups[0].true_positive_rate, None);
    }

    #[test]
    fn rows_without_a_group_are_one_too() {
        let named = subgroups(&[0.1; 40], &[0; 40], &[None; 40]).unwrap();
        assert_eq!(named.groups[0].name, "not stated");
    }
}
