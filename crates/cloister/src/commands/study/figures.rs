//! `cloister study figures`: what was measured, for those who work in the instance.

use evidence::pack::{DriftRow, FairnessRow, Measure, SubgroupRow, Validation};
use serde_json::json;

use super::study_id;
use crate::{
    arguments::Arguments,
    failure::Failure,
    screen::{Screen, table},
    wire::Instance,
};

pub(super) fn show(arguments: &Arguments, study: &str, screen: Screen) -> Result<(), Failure> {
    let instance = Instance::open(arguments)?;
    let pack = flow::govern::report::figures(&instance.desk(), &study_id(study)?)?;
    let tests = pack
        .validation
        .as_ref()
        .map_or_else(|| "no model was validated\n".to_owned(), tested);
    let watched = if pack.drift.is_empty() {
        String::new()
    } else {
        format!(
            "\n{}\ndrift: {}\n",
            table(&drift(&pack.drift)),
            pack.drift_basis
        )
    };
    screen.result(
        &format!("{tests}{watched}"),
        &json!({ "study": pack.study.id, "run": pack.study.run, "validation": pack.validation,
            "drift": pack.drift, "drift_basis": pack.drift_basis }),
    );
    Ok(())
}

fn tested(facts: &Validation) -> String {
    let all = vec![
        row(&["everybody", "accuracy", &maybe(facts.accuracy)]),
        row(&["everybody", "AUC", &maybe(facts.auc)]),
    ];
    let groups = facts.subgroups.iter().flat_map(of_group);
    let gaps = facts.fairness.iter().map(gap);
    let heading = std::iter::once(row(&["who", "figure", "value"]));
    let rows: Vec<Vec<String>> = heading.chain(all).chain(groups).chain(gaps).collect();
    format!("{}\nfigures: {}\n", table(&rows), facts.basis)
}

fn of_group(group: &SubgroupRow) -> Vec<Vec<String>> {
    let who = format!("{}: {}", group.attribute, group.group);
    vec![
        row(&[&who, "accuracy", &maybe(group.accuracy)]),
        row(&[&who, "AUC", &maybe(group.auc)]),
    ]
}

fn gap(found: &FairnessRow) -> Vec<String> {
    row(&[&found.attribute, &found.measure, &maybe(found.value)])
}

fn drift(rows: &[DriftRow]) -> Vec<Vec<String>> {
    let heading = std::iter::once(row(&["feature", "statistic", "value", "threshold", ""]));
    let told = rows.iter().map(|found| {
        row(&[
            &found.feature,
            &found.statistic,
            &words(found.value),
            &found.threshold.to_string(),
            if found.crossed { "ALERT" } else { "" },
        ])
    });
    heading.chain(told).collect()
}

fn row(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

fn maybe(measure: Option<Measure>) -> String {
    measure.map_or_else(|| "not shown".to_owned(), words)
}

fn words(measure: Measure) -> String {
    let value = measure.value;
    measure.interval.map_or_else(
        || format!("{value:.4}"),
        |range| format!("{value:.4} ({:.4} to {:.4})", range.low, range.high),
    )
}
