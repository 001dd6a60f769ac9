//! Mitigation after training: thresholds of their own for each group (Hardt, Price, Srebro 2016).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::counts::name_of;
use crate::metrics::{ScoreError, check_scores};

/// What the thresholds shall make equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Parity {
    /// Selection rates.
    Demographic,
    /// True and false positive rates.
    EqualizedOdds,
}

/// How a group is decided: by one of two thresholds, by chance, and sometimes by chance alone.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mixture {
    /// Scores above it are selected, with the share below.
    pub first: f64,
    /// Scores above it are selected otherwise.
    pub second: f64,
    /// How often the first threshold counts.
    pub share: f64,
    /// How often the score is not looked at,
    pub ignored: f64,
    /// and how often such a row is selected.
    pub chance: f64,
}

/// Thresholds by group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Adjustment {
    /// What is made equal.
    pub parity: Parity,
    /// Each group's rule.
    pub groups: BTreeMap<String, Mixture>,
}

impl Mixture {
    /// The chance that a row with this score is selected.
    pub fn select(&self, score: f64) -> f64 {
        let above = |threshold: f64| f64::from(u8::from(score > threshold));
        let by_score = self.share * above(self.first) + (1.0 - self.share) * above(self.second);
        self.ignored * self.chance + (1.0 - self.ignored) * by_score
    }
}

impl Adjustment {
    /// The chance that a row is selected; groups that were not fitted are decided at 0.5.
    pub fn select(&self, score: f64, group: Option<&str>) -> f64 {
        let rule = self.groups.get(name_of(group));
        rule.map_or_else(
            || f64::from(u8::from(score > 0.5)),
            |rule| rule.select(score),
        )
    }
}

/// Fits thresholds to scores, labels and groups.
///
/// For demographic parity every group gets the selection rate that everybody has at 0.5. For
/// equalised odds every group gets the same point below all groups' ROC curves, the one with the
/// highest accuracy on a grid of a thousand. A group needs rows of both labels for the latter;
/// without them `ScoreError::Empty` is returned. Fit on one table, judge on another.
pub fn adjust(
    parity: Parity,
    scores: &[f64],
    labels: &[u8],
    groups: &[Option<&str>],
) -> Result<Adjustment, ScoreError> {
    check_scores(scores, labels)?;
    if groups.len() != labels.len() {
        return Err(ScoreError::Length);
    }
    let mut rows: BTreeMap<&str, Vec<(f64, u8)>> = BTreeMap::new();
    for ((score, label), group) in scores.iter().zip(labels).zip(groups) {
        rows.entry(name_of(*group))
            .or_default()
            .push((*score, *label));
    }
    for own in rows.values_mut() {
        own.sort_by(|one, two| two.0.total_cmp(&one.0));
    }
    let groups = match parity {
        Parity::Demographic => demographic(&rows, scores),
        Parity::EqualizedOdds => equalized(&rows)?,
    };
    Ok(Adjustment { parity, groups })
}

type Rows<'a> = BTreeMap<&'a str, Vec<(f64, u8)>>;

fn demographic(rows: &Rows<'_>, scores: &[f64]) -> BTreeMap<String, Mixture> {
    let rate = scores.iter().filter(|score| **score > 0.5).count() as f64 / scores.len() as f64;
    rows.iter()
        .map(|(name, own)| ((*name).to_owned(), at_rate(own, rate)))
        .collect()
}

/// The mixture of the two thresholds around a selection rate.
fn at_rate(rows: &[(f64, u8)], rate: f64) -> Mixture {
    let count = rows.len() as f64;
    let points: Vec<(f64, f64)> = steps(rows)
        .map(|(threshold, taken)| (taken.len() as f64 / count, threshold))
        .collect();
    let above = points.partition_point(|(share, _)| *share <= rate);
    let low = points.get(above.saturating_sub(1)).copied();
    let high = points.get(above).copied().or(low);
    let (low, high) = (low.unwrap_or((0.0, 1.0)), high.unwrap_or((1.0, -1.0)));
    let share = if high.0 > low.0 {
        (high.0 - rate) / (high.0 - low.0)
    } else {
        1.0
    };
    Mixture {
        first: low.1,
        second: high.1,
        share,
        ignored: 0.0,
        chance: 0.0,
    }
}

/// Thresholds from the highest on, each with the rows above it.
fn steps(rows: &[(f64, u8)]) -> impl Iterator<Item = (f64, &[(f64, u8)])> {
    let first = (f64::INFINITY, rows.get(..0).unwrap_or_default());
    let ends = (1..=rows.len()).filter(|end| {
        let (last, next) = (rows.get(end - 1), rows.get(*end));
        last.map(|row| row.0) != next.map(|row| row.0)
    });
    let step = move |end: usize| {
        // Between this score and the next, so that a little noise changes nothing.
        let last = rows.get(end - 1).map_or(0.0, |row| row.0);
        let threshold = rows.get(end).map_or(-1.0, |next| 0.5 * (last + next.0));
        (threshold, rows.get(..end).unwrap_or_default())
    };
    std::iter::once(first).chain(ends.map(step))
}

/// A point of a group's ROC curve.
#[derive(Clone, Copy, Debug)]
struct Point {
    false_rate: f64,
    true_rate: f64,
    threshold: f64,
}

fn equalized(rows: &Rows<'_>) -> Result<BTreeMap<String, Mixture>, ScoreError> {
    let mut hulls = Vec::new();
    let (mut positives, mut all) = (0.0, 0.0);
    for own in rows.values() {
        let yes = own.iter().filter(|row| row.1 == 1).count() as f64;
        if yes < 1.0 || yes >= own.len() as f64 {
            return Err(ScoreError::Empty);
        }
        positives += yes;
        all += own.len() as f64;
        hulls.push(hull(own, yes));
    }
    let base = positives / all;
    let common = |x: f64| {
        hulls
            .iter()
            .map(|hull| rate_at(hull, x))
            .fold(1.0, f64::min)
    };
    let accuracy = |x: f64| base * common(x) + (1.0 - base) * (1.0 - x);
    let grid = (0..=1000).map(|at| f64::from(at) / 1000.0);
    let best = grid.fold(0.0, |best, x| {
        if accuracy(x) > accuracy(best) {
            x
        } else {
            best
        }
    });
    let target = common(best);
    let named = rows.keys().zip(&hulls);
    Ok(named
        .map(|(name, hull)| ((*name).to_owned(), mixture(hull, best, target)))
        .collect())
}

/// The upper convex hull of the ROC curve (Andrew's chain).
fn hull(rows: &[(f64, u8)], positives: f64) -> Vec<Point> {
    let negatives = rows.len() as f64 - positives;
    let mut hull: Vec<Point> = Vec::new();
    let (mut seen, mut hits) = (0, 0.0);
    for (threshold, taken) in steps(rows) {
        let new = taken.iter().skip(seen).filter(|row| row.1 == 1);
        hits += new.count() as f64;
        seen = taken.len();
        let next = Point {
            false_rate: (seen as f64 - hits) / negatives,
            true_rate: hits / positives,
            threshold,
        };
        while let [.., one, two] = hull.as_slice() {
            let turn = (two.false_rate - one.false_rate) * (next.true_rate - one.true_rate)
                - (two.true_rate - one.true_rate) * (next.false_rate - one.false_rate);
            if turn < 0.0 {
                break;
            }
            hull.pop();
        }
        hull.push(next);
    }
    hull
}

/// The hull's edge over a false positive rate, and how far along it.
fn edge(hull: &[Point], x: f64) -> (Point, Point, f64) {
    let nothing = Point {
        false_rate: 0.0,
        true_rate: 0.0,
        threshold: f64::INFINITY,
    };
    let at = hull.partition_point(|point| point.false_rate <= x);
    let low = hull.get(at.saturating_sub(1)).copied().unwrap_or(nothing);
    let high = hull.get(at).copied().unwrap_or(low);
    let width = high.false_rate - low.false_rate;
    let along = if width > 0.0 {
        (x - low.false_rate) / width
    } else {
        0.0
    };
    (low, high, along)
}

fn rate_at(hull: &[Point], x: f64) -> f64 {
    let (low, high, along) = edge(hull, x);
    low.true_rate + along * (high.true_rate - low.true_rate)
}

/// The group's way to a point below its curve: along the hull, then towards chance.
fn mixture(hull: &[Point], x: f64, target: f64) -> Mixture {
    let (low, high, along) = edge(hull, x);
    let reached = rate_at(hull, x);
    let ignored = if reached - x > 1e-12 {
        ((reached - target) / (reached - x)).clamp(0.0, 1.0)
    } else {
        0.0
    };
    Mixture {
        first: low.threshold,
        second: high.threshold,
        share: 1.0 - along,
        ignored,
        chance: x,
    }
}
