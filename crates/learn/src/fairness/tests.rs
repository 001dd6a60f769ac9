use domain::Entropy as _;

use super::*;
use crate::train::tests::Stream;

/// Decisions and labels of two groups with counts (tp, fp, tn, fn).
fn rows(groups: &[(&'static str, [u64; 4])]) -> (Vec<u8>, Vec<u8>, Vec<Option<&'static str>>) {
    let (mut decisions, mut labels, mut names) = (Vec::new(), Vec::new(), Vec::new());
    for (name, counts) in groups {
        for (count, (decision, label)) in counts.iter().zip([(1, 1), (1, 0), (0, 0), (0, 1)]) {
            for _ in 0..*count {
                decisions.push(decision);
                labels.push(label);
                names.push(Some(*name));
            }
        }
    }
    (decisions, labels, names)
}

fn value(interval: Option<Interval>) -> f64 {
    interval.unwrap().value
}

#[test]
fn the_measures_are_those_worked_by_hand() {
    // a: TPR 40/50, FPR 20/50, selected 60/100; b: TPR 30/50, FPR 15/50, selected 45/100.
    let (d, y, g) = rows(&[("a", [40, 20, 30, 10]), ("b", [30, 15, 35, 20])]);
    let found = fairness(&d, &y, &g, Some("a"), 1).unwrap();
    let close = |measured: f64, expected: f64| {
        assert!((measured - expected).abs() < 1e-12, "{measured} {expected}");
    };
    close(value(found.between.demographic_parity_difference), 0.15);
    close(value(found.between.demographic_parity_ratio), 0.75);
    close(value(found.between.equalized_odds_difference), 0.2);
    close(value(found.between.equalized_odds_ratio), 0.75);
    let compared = found.compared.unwrap();
    close(value(compared.statistical_parity_difference), -0.15);
    close(value(compared.disparate_impact), 0.75);
    close(value(compared.average_odds_difference), -0.15);
    close(compared.average_abs_odds_difference.unwrap(), 0.15);
    close(value(compared.equal_opportunity_difference), -0.2);
    // Benefits: 135 ones, 35 twos, 30 zeros; mean 205/200.
    let mean = 205.0 / 200.0;
    let entropy = (135.0 + 35.0 * 4.0) / (200.0 * mean * mean) / 2.0 - 0.5;
    close(found.individual.unwrap().generalized_entropy_index, entropy);
    let theil =
        (135.0 * libm::log(1.0 / mean) / mean + 35.0 * 2.0 / mean * libm::log(2.0 / mean)) / 200.0;
    close(found.individual.unwrap().theil_index, theil);
}

#[test]
fn intervals_hold_the_value_and_shrink_with_rows() {
    let (d, y, g) = rows(&[("a", [40, 20, 30, 11]), ("b", [30, 15, 35, 20])]);
    let few = fairness_of(&d, &y, &g)
        .unwrap()
        .between
        .demographic_parity_difference
        .unwrap();
    let (d, y, g) = rows(&[
        ("a", [4000, 2000, 3000, 1100]),
        ("b", [3000, 1500, 3500, 2000]),
    ]);
    let many = fairness_of(&d, &y, &g)
        .unwrap()
        .between
        .demographic_parity_difference
        .unwrap();
    for interval in [few, many] {
        assert!(interval.low < interval.value && interval.value < interval.high);
    }
    assert!(5.0 * (many.high - many.low) < few.high - few.low);
}

#[test]
fn newcombes_interval_matches_the_printed_one() {
    // Newcombe 1998, table II, method 10: 56/70 and 48/80 give 0.0524 to 0.3339.
    let (d, y, g) = rows(&[("a", [56, 0, 0, 14]), ("b", [48, 0, 0, 32])]);
    let gap = fairness_of(&d, &y, &g)
        .unwrap()
        .between
        .demographic_parity_difference
        .unwrap();
    assert!(
        (gap.low - 0.0524).abs() < 1e-4 && (gap.high - 0.3339).abs() < 1e-4,
        "{gap:?}"
    );
}

#[test]
fn small_groups_and_small_cells_are_not_shown() {
    let (d, y, g) = rows(&[
        ("a", [40, 20, 30, 5]),
        ("b", [30, 15, 35, 20]),
        ("c", [2, 2, 2, 2]),
    ]);
    let found = fairness_of(&d, &y, &g).unwrap();
    assert_eq!(
        found.suppressed, 2,
        "one small group takes the next with it"
    );
    assert!(found.groups[2].rows.is_none() && found.groups[2].selection_rate.is_none());
    assert!(
        found.individual.is_none(),
        "its sums would tell the hidden counts"
    );
    let (d, y, g) = rows(&[("a", [40, 20, 30, 5]), ("b", [30, 15, 35, 20])]);
    let found = fairness_of(&d, &y, &g).unwrap();
    assert!(
        found.groups[0].true_positive_rate.is_none(),
        "five rows stand behind it"
    );
    assert!(found.between.equal_opportunity_difference.is_none());
    assert!(found.between.demographic_parity_difference.is_some());
}

#[test]
fn what_does_not_fit_is_refused() {
    assert_eq!(fairness_of(&[], &[], &[]), Err(ScoreError::Empty));
    assert_eq!(
        fairness_of(&[1], &[1, 0], &[None, None]),
        Err(ScoreError::Length)
    );
    assert_eq!(
        fairness_of(&[2], &[1], &[None]),
        Err(ScoreError::Probability { row: 0 })
    );
}

#[test]
fn like_rows_treated_alike_are_consistent() {
    let rows: Vec<f64> = (0..100)
        .map(|at| f64::from(at) + 0.001 * f64::from(at * at % 7))
        .collect();
    let steady: Vec<u8> = (0..100).map(|at| u8::from(at >= 50)).collect();
    assert!(consistency(&rows, 1, &steady, 5) > 0.95);
    let restless: Vec<u8> = (0..100).map(|at| u8::from(at % 2 == 0)).collect();
    assert!(consistency(&rows, 1, &restless, 5) < 0.6);
}

#[test]
fn weights_make_label_and_group_independent() {
    let (_, y, g) = rows(&[("a", [60, 0, 40, 0]), ("b", [20, 0, 80, 0])]);
    let weights = reweighing(&y, &g).unwrap();
    // P(a) P(1) / P(a, 1) = 0.5 * 0.4 / 0.3.
    assert!((weights.of(Some("a"), 1) - 2.0 / 3.0).abs() < 1e-12);
    let weighted = |group: &str, label: u8| {
        let rows = y
            .iter()
            .zip(&g)
            .filter(|(y, g)| **y == label && **g == Some(group));
        rows.map(|(y, g)| weights.of(*g, *y)).sum::<f64>()
    };
    let share = |group: &str| weighted(group, 1) / (weighted(group, 1) + weighted(group, 0));
    assert!((share("a") - share("b")).abs() < 1e-12);
}

/// Scores of two groups; the second's are lower and it has fewer positives.
fn biased(count: usize, seed: u64) -> (Vec<f64>, Vec<u8>, Vec<Option<&'static str>>) {
    let mut entropy = Stream::new(seed);
    let (mut scores, mut labels, mut groups) = (Vec::new(), Vec::new(), Vec::new());
    for row in 0..count {
        let first = row % 2 == 0;
        let label = entropy.unit() < if first { 0.5 } else { 0.35 };
        let spread = 0.25 * (entropy.unit() + entropy.unit() + entropy.unit()) - 0.375;
        let centre = if label { 0.6 } else { 0.4 } - if first { 0.0 } else { 0.1 };
        scores.push((centre + spread).clamp(0.0, 1.0));
        labels.push(u8::from(label));
        groups.push(Some(if first { "first" } else { "second" }));
    }
    (scores, labels, groups)
}

/// Rates (selected, true positive, false positive) by group under chances of selection.
fn rates(chances: &[f64], labels: &[u8], groups: &[Option<&str>], name: &str) -> (f64, f64, f64) {
    let mean = |wanted: &dyn Fn(u8) -> bool| {
        let own = chances.iter().zip(labels).zip(groups);
        let own: Vec<f64> = own
            .filter(|((_, y), g)| **g == Some(name) && wanted(**y))
            .map(|((chance, _), _)| *chance)
            .collect();
        own.iter().sum::<f64>() / own.len() as f64
    };
    (mean(&|_| true), mean(&|y| y == 1), mean(&|y| y == 0))
}

#[test]
fn thresholds_close_the_gap_they_are_for_on_new_rows() {
    let (scores, labels, groups) = biased(20_000, 1);
    let (new_scores, new_labels, new_groups) = biased(20_000, 2);
    let plain: Vec<f64> = new_scores
        .iter()
        .map(|score| f64::from(u8::from(*score > 0.5)))
        .collect();
    let gap = |chances: &[f64]| {
        let one = rates(chances, &new_labels, &new_groups, "first");
        let two = rates(chances, &new_labels, &new_groups, "second");
        (
            (one.0 - two.0).abs(),
            (one.1 - two.1).abs(),
            (one.2 - two.2).abs(),
        )
    };
    let before = gap(&plain);
    assert!(before.0 > 0.15 && before.1 > 0.1, "{before:?}");
    for parity in [Parity::Demographic, Parity::EqualizedOdds] {
        let rule = adjust(parity, &scores, &labels, &groups).unwrap();
        let pairs = new_scores.iter().zip(&new_groups);
        let chances: Vec<f64> = pairs
            .map(|(score, group)| rule.select(*score, *group))
            .collect();
        let after = gap(&chances);
        match parity {
            Parity::Demographic => assert!(after.0 < 0.03, "{after:?}"),
            Parity::EqualizedOdds => assert!(after.1 < 0.03 && after.2 < 0.03, "{after:?}"),
        }
    }
}

#[test]
fn on_the_rows_they_were_fitted_to_thresholds_are_exact() {
    let (scores, labels, groups) = biased(2_000, 3);
    for parity in [Parity::Demographic, Parity::EqualizedOdds] {
        let rule = adjust(parity, &scores, &labels, &groups).unwrap();
        let pairs = scores.iter().zip(&groups);
        let chances: Vec<f64> = pairs
            .map(|(score, group)| rule.select(*score, *group))
            .collect();
        let one = rates(&chances, &labels, &groups, "first");
        let two = rates(&chances, &labels, &groups, "second");
        match parity {
            Parity::Demographic => assert!((one.0 - two.0).abs() < 1e-9),
            Parity::EqualizedOdds => {
                assert!((one.1 - two.1).abs() < 1e-9 && (one.2 - two.2).abs() < 1e-9);
            }
        }
    }
}

#[test]
fn a_group_of_one_label_has_no_odds_to_equalise() {
    let refused = adjust(Parity::EqualizedOdds, &[0.2, 0.7], &[1, 1], &[None, None]);
    assert_eq!(refused, Err(ScoreError::Empty));
}

#[test]
fn a_model_trained_after_reweighing_selects_more_evenly() {
    use crate::{
        Design, fit,
        train::tests::{plan, spec},
    };
    let mut entropy = Stream::new(4);
    let (mut x, mut y, mut groups) = (Vec::new(), Vec::new(), Vec::new());
    for row in 0..8000 {
        let first = row % 2 == 0;
        let merit = entropy.below(2) == 1;
        let chance = if merit { 0.7 } else { 0.3 } + if first { 0.15 } else { -0.15 };
        x.extend([f32::from(u8::from(first)), f32::from(u8::from(merit)), 1.0]);
        y.push(u8::from(entropy.unit() < chance));
        groups.push(Some(if first { "first" } else { "second" }));
    }
    let design = Design {
        targets: Vec::new(),
        rows: 8000,
        dim: 3,
        x,
        y,
        person_of_row: (0..8000).collect(),
        persons: 8000,
        spec: spec(3),
    };
    let gap = |learnt: &Design, entropy: &mut Stream| {
        let model = fit(learnt, &plan(None), entropy, &mut |_, _| ()).unwrap();
        let scores = model.predict(&design).unwrap();
        let one = rates(&scores, &design.y, &groups, "first").0;
        (one - rates(&scores, &design.y, &groups, "second").0).abs()
    };
    let before = gap(&design, &mut entropy);
    let weights = reweighing(&design.y, &groups).unwrap();
    let even = weights.sample(&design, &groups, &mut entropy);
    let after = gap(&even, &mut entropy);
    assert!(before > 0.2 && after < 0.06, "{before} {after}");
    // With noisy weights, and the persons who are left out staying as persons without rows.
    let noisy = noisy_reweighing(&design, &groups, 8.0, &mut entropy).unwrap();
    let keep = noisy.keep(&design, &groups, &mut entropy);
    let even = design.keeping(&keep);
    assert_eq!((even.persons, even.rows < 8000), (8000, true));
    let after = gap(&even, &mut entropy);
    assert!(after < 0.08, "{after}");
}

#[test]
fn noisy_weights_hide_the_group_of_one_person_and_stay_near_the_exact_ones() {
    use crate::{Design, train::tests::spec};
    let mut groups: Vec<Option<&str>> = (0..4000)
        .map(|row| Some(if row % 4 == 0 { "few" } else { "many" }))
        .collect();
    groups[17] = Some("alone");
    let y: Vec<u8> = (0..4000_u32).map(|row| u8::from(row % 3 == 0)).collect();
    let design = Design {
        targets: Vec::new(),
        rows: 4000,
        dim: 1,
        x: vec![1.0; 4000],
        y: y.clone(),
        person_of_row: (0..4000).collect(),
        persons: 4000,
        spec: spec(1),
    };
    let exact = reweighing(&y, &groups).unwrap();
    let mut entropy = Stream::new(9);
    for _ in 0..30 {
        let noisy = noisy_reweighing(&design, &groups, 5.0, &mut entropy).unwrap();
        let names: Vec<&String> = noisy.weights.keys().collect();
        assert_eq!(names, ["few", "many"]);
        assert_eq!(noisy.of(Some("alone"), 1), 1.0);
        for (group, label) in [("few", 0), ("few", 1), ("many", 0), ("many", 1)] {
            let (one, two) = (noisy.of(Some(group), label), exact.of(Some(group), label));
            assert!((one - two).abs() < 0.15, "{group} {label}: {one} {two}");
        }
    }
    let refused = noisy_reweighing(&design, &groups, 0.0, &mut entropy);
    assert_eq!(refused, Err(crate::figures::FigureError::Noise));
}
