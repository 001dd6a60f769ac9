//! `cloister validate drift` and `performance`.

use std::collections::{BTreeMap, BTreeSet};

use learn::{
    Feature, FeatureSpec, Scale, Target, Values,
    drift::{Baseline, Calibration, Changes, ColumnDrift, estimate},
};
use serde_json::json;

use super::{Columns, cells, columns, gate, labels, numbers};
use crate::{
    arguments::{DriftOf, PerformanceOf},
    failure::Failure,
    screen::{self, Screen},
};

pub(super) fn run(asked: &DriftOf, screen: Screen) -> Result<(), Failure> {
    let old = columns(&asked.old, &asked.columns)?;
    let new = columns(&asked.new, &asked.columns)?;
    let spec = spec(&asked.columns, &old)?;
    let baseline = with_values(&old, |values| Ok(Baseline::of(&spec, values, None)?))?;
    let drift = with_values(&new, |values| Ok(baseline.compare(values, None)?))?;
    let mut documents = Vec::new();
    for (feature, column) in spec.features.iter().zip(&drift) {
        let changes = if let Feature::Number { min, max, .. } = feature {
            Some(within(&old, &new, column, *min, *max)?)
        } else {
            None
        };
        documents.push(json!({ "drift": column, "within": changes }));
    }
    screen.result(&tell(&drift), &json!(documents));
    let excess = |column: &ColumnDrift| column.stability.psi.value - column.stability.noise;
    let worst = drift.iter().map(excess).fold(0.0, f64::max);
    match asked.max_psi {
        Some(limit) if worst > limit => Err(gate(
            format!("a column's stability index is {worst:.4} above noise, the limit is {limit}"),
            "look at the columns; if the change is real, open a change request for the model",
        )),
        _ => Ok(()),
    }
}

/// Numbers where every cell of the older file is one, with its range; else words.
fn spec(names: &[String], old: &Columns) -> Result<FeatureSpec, Failure> {
    let mut features = Vec::new();
    for name in names {
        let cells = cells(old, name)?;
        let stated = || cells.iter().flatten().map(|cell| cell.trim());
        let parsed: Option<Vec<f64>> = stated().map(|cell| cell.parse().ok()).collect();
        let finite = parsed.filter(|all| !all.is_empty() && all.iter().all(|one| one.is_finite()));
        features.push(if let Some(all) = finite {
            number(name, &all)
        } else {
            let words: BTreeSet<&str> = stated().collect();
            Feature::Category {
                column: name.clone(),
                values: words.into_iter().map(str::to_owned).collect(),
            }
        });
    }
    Ok(FeatureSpec {
        features,
        target: Target {
            column: String::new(),
            positive: String::new(),
        },
    })
}

fn number(name: &str, all: &[f64]) -> Feature {
    let min = all.iter().copied().fold(f64::INFINITY, f64::min);
    let max = all.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    Feature::Number {
        column: name.to_owned(),
        min,
        max: if max > min { max } else { min + 1.0 },
        scale: Scale::Linear,
    }
}

fn with_values<T>(
    columns: &Columns,
    work: impl FnOnce(&BTreeMap<&str, Values<'_>>) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let borrowed: BTreeMap<&str, Vec<Option<&str>>> = columns
        .iter()
        .map(|(name, cells)| (name.as_str(), cells.iter().map(Option::as_deref).collect()))
        .collect();
    let values = borrowed
        .iter()
        .map(|(name, cells)| (*name, Values::Text(cells)))
        .collect();
    work(&values)
}

/// ADWIN and CUSUM over the rows of the newer file, in the range of the older.
fn within(
    old: &Columns,
    new: &Columns,
    column: &ColumnDrift,
    min: f64,
    max: f64,
) -> Result<Changes, Failure> {
    let scaled = |columns: &Columns| -> Result<Vec<f64>, Failure> {
        let cells = cells(columns, &column.column)?.iter().flatten();
        let numbers = cells.filter_map(|cell| cell.trim().parse::<f64>().ok());
        Ok(numbers
            .filter(|number| number.is_finite())
            .map(|number| ((number - min) / (max - min)).clamp(0.0, 1.0))
            .collect())
    };
    let before = scaled(old)?;
    let count = before.len().max(1) as f64;
    let mean = before.iter().sum::<f64>() / count;
    let squares: f64 = before.iter().map(|one| (one - mean) * (one - mean)).sum();
    Ok(Changes::within(
        &scaled(new)?,
        mean,
        (squares / count).sqrt(),
    ))
}

fn tell(drift: &[ColumnDrift]) -> String {
    let mut rows = vec![
        [
            "column",
            "PSI",
            "noise",
            "KS",
            "Jensen-Shannon",
            "p",
            "verdict",
        ]
        .map(str::to_owned)
        .to_vec(),
    ];
    rows.extend(drift.iter().map(|column| {
        vec![
            column.column.clone(),
            format!("{:.4}", column.stability.psi.value),
            format!("{:.4}", column.stability.noise),
            column
                .kolmogorov
                .map_or_else(|| "-".to_owned(), |ks| format!("{:.4}", ks.distance.value)),
            format!("{:.4}", column.divergence.distance),
            format!("{:.4}", column.divergence.p_value),
            match column.verdict {
                learn::drift::DriftVerdict::Stable if column.divergence.is_change() => {
                    "changed a little"
                }
                learn::drift::DriftVerdict::Stable => "stable",
                learn::drift::DriftVerdict::Watch => "watch",
                learn::drift::DriftVerdict::Drifted => "drifted",
            }
            .to_owned(),
        ]
    }));
    screen::table(&rows)
}

pub(super) fn performance(asked: &PerformanceOf, screen: Screen) -> Result<(), Failure> {
    let names = [asked.score.clone()];
    let scores = numbers(&columns(&asked.new, &names)?, &asked.score)?;
    let calibration = match (&asked.reference, &asked.label) {
        (Some(reference), Some(label)) => {
            let old = columns(reference, &[asked.score.clone(), label.clone()])?;
            let labels = labels(&old, label, &asked.positive)?;
            Some(Calibration::fit(&numbers(&old, &asked.score)?, &labels)?)
        }
        _ => None,
    };
    let found = estimate(&scores, calibration.as_ref())?;
    let auc = found.auc.map_or_else(
        || "not defined".to_owned(),
        |auc| format!("{:.4} ({:.4} to {:.4})", auc.value, auc.low, auc.high),
    );
    screen.result(
        &format!(
            "accuracy {:.4} ({:.4} to {:.4}), AUC {auc}, positives {:.4}; estimated on {} rows, {}\n\
             true while only the inputs move; a change of what follows from them is not seen",
            found.accuracy.value,
            found.accuracy.low,
            found.accuracy.high,
            found.base_rate,
            found.rows,
            if calibration.is_some() { "scores calibrated" } else { "scores as they are" },
        ),
        &json!(found),
    );
    match (asked.min_auc, found.auc) {
        (Some(limit), Some(auc)) if auc.value < limit => Err(gate(
            format!(
                "the estimated AUC is {:.4}, the limit is {limit}",
                auc.value
            ),
            "wait for outcomes, or open a change request for the model",
        )),
        _ => Ok(()),
    }
}
