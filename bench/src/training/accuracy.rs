//! Accuracy on the test table, over ten seeds.

use learn::{Metrics, ModelKind, TrainingPlan, fit};
use seal::SeededEntropy;

use super::{census::Census, opacus, private};
use crate::{Outcome, sheet::Sheet, stopwatch::Spread, words::Words};

const GROUP: &str = "accuracy";
const SEEDS: u64 = 10;

/// One pair of lines for each model and epsilon.
pub fn measure(census: &Census, words: &Words, sheet: &mut Sheet) -> Outcome {
    let kinds = [
        ("logistic", ModelKind::Logistic),
        (
            "MLP 128-64",
            ModelKind::Mlp {
                hidden: vec![128, 64],
            },
        ),
        ("MLP 32", ModelKind::Mlp { hidden: vec![32] }),
        (
            "convolution",
            ModelKind::Cnn {
                height: 1,
                kernel: 3,
                channels: 8,
            },
        ),
        (
            "boosted trees",
            ModelKind::Gbdt {
                trees: 40,
                depth: 6,
            },
        ),
    ];
    for (name, kind) in kinds {
        for epsilon in [0.0, 1.0, 3.0] {
            let plan = TrainingPlan::new(kind.clone());
            let plan = if epsilon > 0.0 {
                private(plan, epsilon, census.train.persons)?
            } else {
                plan
            };
            let seeds = if words.names("accuracy") { SEEDS } else { 2 };
            line(census, sheet, (name, epsilon), &plan, seeds)?;
        }
    }
    Ok(())
}

fn line(
    census: &Census,
    sheet: &mut Sheet,
    (name, epsilon): (&str, f64),
    plan: &TrainingPlan,
    seeds: u64,
) -> Outcome {
    let (mut accuracies, mut areas) = (Vec::new(), Vec::new());
    for seed in 1..=seeds {
        let model = fit(
            &census.train,
            plan,
            &mut SeededEntropy::new(seed),
            &mut |_, _| (),
        )?;
        let metrics = Metrics::of(&model.predict(&census.test)?, &census.test.y)?;
        accuracies.push(metrics.accuracy.value);
        areas.extend(metrics.auc.map(|auc| auc.value));
    }
    let guarantee = if epsilon > 0.0 {
        format!("epsilon {epsilon}")
    } else {
        "plain".to_owned()
    };
    let peer = opacus::accuracy(name, epsilon).map_or_else(String::new, |figures| {
        format!("; Opacus 1.6 (recorded): {figures}")
    });
    let goal = match epsilon {
        1.0 => "; goal accuracy .850, AUC .902",
        3.0 => "; goal accuracy .853, AUC .906",
        _ => "",
    };
    let which = census.which;
    sheet.push(
        GROUP,
        &format!("{name}, {guarantee}: accuracy"),
        Spread::of(accuracies.iter().copied()),
        "share",
        None,
        format!(
            "{which}, mean of {seeds} seeds {:.4}{goal}{peer}",
            mean(&accuracies)
        ),
    );
    sheet.push(
        GROUP,
        &format!("{name}, {guarantee}: AUC"),
        Spread::of(areas.iter().copied()),
        "area",
        None,
        format!("mean of {seeds} seeds {:.4}", mean(&areas)),
    );
    Ok(())
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}
