use domain::Entropy as _;

use super::*;
use crate::{fairness::fairness_of, metrics::Metrics, train::tests::Stream};

/// Scores that tell the outcome as well as they say, of two groups of which one is selected more
/// often, and one person of a group of its own.
struct Table {
    scores: Vec<f64>,
    labels: Vec<u8>,
    groups: Vec<Option<&'static str>>,
    persons: Vec<u32>,
}

impl Table {
    fn new(rows: u32) -> Self {
        let mut entropy = Stream::new(5);
        let mut table = Self {
            scores: Vec::new(),
            labels: Vec::new(),
            groups: Vec::new(),
            persons: (0..rows).collect(),
        };
        for row in 0..rows {
            let group = if row % 2 == 0 { "F" } else { "M" };
            let lift = if group == "M" { 0.2 } else { 0.0 };
            let score = (0.05 + 0.7 * entropy.unit() + lift).min(0.99);
            table.labels.push(u8::from(entropy.unit() < score));
            table.scores.push(score);
            table
                .groups
                .push(Some(if row == 7 { "alone" } else { group }));
        }
        table
    }

    fn judged(&self) -> Judged<'_> {
        Judged {
            scores: &self.scores,
            labels: &self.labels,
            persons: (&self.persons, u32::try_from(self.persons.len()).unwrap()),
        }
    }
}

#[test]
fn noisy_quality_holds_the_exact_one_in_its_interval() {
    let table = Table::new(6_000);
    let exact = Metrics::of(&table.scores, &table.labels).unwrap();
    let noisy = quality(&table.judged(), 8.0, &mut Stream::new(1)).unwrap();
    let inside = |interval: crate::metrics::Interval, value: f64| {
        interval.low < value && value < interval.high
    };
    assert!(inside(noisy.accuracy.unwrap(), exact.accuracy.value));
    let base = exact.positives as f64 / exact.rows as f64;
    assert!(inside(noisy.base_rate.unwrap(), base));
    let auc = noisy.auc.unwrap();
    assert!(inside(auc, exact.auc.unwrap().value), "{auc:?} {exact:?}");
    assert!((noisy.brier.unwrap() - exact.brier).abs() < 0.02);
    assert!((noisy.expected_rate.unwrap() - base).abs() < 0.03);
    assert!(noisy.persons.abs_diff(6_000) < 400);
}

#[test]
fn intervals_cover_the_truth_as_often_as_they_say() {
    let table = Table::new(2_000);
    let mut entropy = Stream::new(2);
    let exact = Metrics::of(&table.scores, &table.labels).unwrap();
    let truth = exact.accuracy.value;
    let mut covered = 0;
    for _ in 0..400 {
        let found = quality(&table.judged(), 10.0, &mut entropy).unwrap();
        let accuracy = found.accuracy.unwrap();
        covered += u32::from(accuracy.low < truth && truth < accuracy.high);
    }
    // The rows are the same each time, so only the noise varies: more is covered than 95 %.
    assert!(covered >= 380, "{covered} of 400");
}

#[test]
fn a_group_of_one_person_never_shows_and_gaps_are_near_the_exact_ones() {
    let table = Table::new(8_000);
    let columns = [("group", table.groups.clone())];
    let decisions: Vec<u8> = table.scores.iter().map(|p| u8::from(*p > 0.5)).collect();
    // A group of one hides every exact gap: the truth is that of the groups that show.
    let many = |at: &usize| table.groups[*at] != Some("alone");
    let rows: Vec<usize> = (0..table.groups.len()).filter(many).collect();
    let exact = fairness_of(
        &rows.iter().map(|at| decisions[*at]).collect::<Vec<_>>(),
        &rows.iter().map(|at| table.labels[*at]).collect::<Vec<_>>(),
        &rows.iter().map(|at| table.groups[*at]).collect::<Vec<_>>(),
    )
    .unwrap();
    let mut entropy = Stream::new(3);
    for _ in 0..50 {
        let noisy = groups(&table.judged(), &columns, 6.0, &mut entropy).unwrap();
        let found = &noisy["group"];
        let names: Vec<&str> = found
            .groups
            .iter()
            .map(|group| group.name.as_str())
            .collect();
        assert_eq!(names, ["F", "M"]);
        let gap = found.between.demographic_parity_difference.unwrap();
        let truth = exact.between.demographic_parity_difference.unwrap();
        assert!((gap.value - truth.value).abs() < 0.05, "{gap:?} {truth:?}");
    }
}

#[test]
fn one_person_moves_the_counts_by_one_whatever_the_rows() {
    let table = Table::new(3_000);
    let mut one = table.judged();
    let persons = vec![0; 3_000];
    one.persons = (&persons, 1);
    let found = quality(&one, 1.0, &mut Stream::new(4)).unwrap();
    assert!(found.persons <= 40, "{}", found.persons);
    assert_eq!((found.accuracy, found.auc, found.brier), (None, None, None));
}

#[test]
fn what_does_not_fit_is_refused() {
    let table = Table::new(30);
    let mut judged = table.judged();
    assert_eq!(
        quality(&judged, 0.0, &mut Stream::new(1)),
        Err(FigureError::Noise)
    );
    let short = [("group", vec![Some("F")])];
    let refused = groups(&judged, &short, 1.0, &mut Stream::new(1)).unwrap_err();
    assert_eq!(refused.code(), codes::SCORES);
    judged.persons = (&[], 0);
    assert!(quality(&judged, 1.0, &mut Stream::new(1)).is_err());
}
