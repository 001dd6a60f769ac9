//! `cloister validate fairness`.

use learn::{
    fairness::{Adjustment, Fairness, Parity, adjust, consistency, fairness, reweighing},
    metrics::{Interval, ScoreError},
};
use seal::SystemEntropy;
use serde_json::{Value, json};

use super::{Columns, cells, columns, gate, labels, numbers};
use crate::{
    arguments::{FairnessOf, Remedy},
    codes,
    failure::Failure,
    screen::{self, Screen},
};

pub(super) fn run(asked: &FairnessOf, screen: Screen) -> Result<(), Failure> {
    let table = read(asked)?;
    let labels = labels(&table, &asked.label, &asked.positive)?;
    let scores = asked
        .score
        .as_ref()
        .map(|column| numbers(&table, column))
        .transpose()?;
    let decisions = decisions(asked, &table, scores.as_deref())?;
    let mut document = serde_json::Map::new();
    let mut told = Vec::new();
    let mut widest = 0.0_f64;
    for column in &asked.group {
        let groups = groups(&table, column)?;
        let privileged = asked.privileged.as_deref();
        let found = fairness(&decisions, &labels, &groups, privileged, asked.smallest)?;
        let gap = found.between.demographic_parity_difference;
        widest = widest.max(gap.map_or(0.0, |gap| gap.value));
        let remedy = asked
            .mitigate
            .map(|remedy| mended(asked, remedy, scores.as_deref(), &labels, &groups))
            .transpose()?;
        told.push(tell(column, &found, remedy.as_ref()));
        document.insert(
            column.clone(),
            json!({ "fairness": found, "remedy": remedy }),
        );
    }
    let alike = alike(asked, &table, &decisions)?;
    if let Some(alike) = alike {
        told.push(format!("consistency of like rows (5 nearest): {alike:.4}"));
    }
    screen.result(
        &told.join("\n\n"),
        &json!({ "rows": labels.len(), "columns": document, "consistency": alike }),
    );
    match asked.max_gap {
        Some(limit) if widest > limit => Err(gate(
            format!("the demographic parity difference is {widest:.4}, the limit is {limit}"),
            "look for the cause in the data first; --mitigate shows what a remedy would change",
        )),
        _ => Ok(()),
    }
}

fn read(asked: &FairnessOf) -> Result<Columns, Failure> {
    let mut names = vec![asked.label.clone()];
    names.extend(asked.prediction.clone());
    names.extend(asked.score.clone());
    names.extend(asked.group.clone());
    names.extend(asked.consistency.clone());
    names.sort();
    names.dedup();
    columns(&asked.file, &names)
}

fn decisions(
    asked: &FairnessOf,
    table: &Columns,
    scores: Option<&[f64]>,
) -> Result<Vec<u8>, Failure> {
    match (&asked.prediction, scores) {
        (Some(column), _) => labels(table, column, &asked.positive),
        (None, Some(scores)) => Ok(scores.iter().map(|score| u8::from(*score > 0.5)).collect()),
        (None, None) => Err(Failure::new(
            codes::WORDS,
            "there are neither decisions nor scores",
            "give --prediction or --score",
        )),
    }
}

fn groups<'a>(table: &'a Columns, column: &str) -> Result<Vec<Option<&'a str>>, Failure> {
    Ok(cells(table, column)?.iter().map(Option::as_deref).collect())
}

fn alike(asked: &FairnessOf, table: &Columns, decisions: &[u8]) -> Result<Option<f64>, Failure> {
    if asked.consistency.is_empty() {
        return Ok(None);
    }
    let mut all = Vec::new();
    for column in &asked.consistency {
        all.push(numbers(table, column)?);
    }
    let mut rows = Vec::with_capacity(all.len() * decisions.len());
    for row in 0..decisions.len() {
        rows.extend(all.iter().filter_map(|column| column.get(row)));
    }
    Ok(Some(consistency(&rows, all.len(), decisions, 5)))
}

/// What a remedy would change.
fn mended(
    asked: &FairnessOf,
    remedy: Remedy,
    scores: Option<&[f64]>,
    labels: &[u8],
    groups: &[Option<&str>],
) -> Result<Value, Failure> {
    let parity = match remedy {
        Remedy::Reweighing => {
            let weights = reweighing(labels, groups)?;
            return Ok(json!({ "kind": "reweighing", "weights": weights.weights }));
        }
        Remedy::Demographic => Parity::Demographic,
        Remedy::EqualizedOdds => Parity::EqualizedOdds,
    };
    let scores = scores.ok_or_else(|| {
        Failure::new(
            codes::WORDS,
            "thresholds need scores",
            "give --score in place of --prediction",
        )
    })?;
    let half = |parity: usize| {
        let rows = (0..labels.len()).filter(move |row| side(*row) == parity);
        rows.filter_map(|row| Some((*scores.get(row)?, *labels.get(row)?, *groups.get(row)?)))
            .collect::<Vec<_>>()
    };
    let rule = fitted(parity, &half(0))?;
    let (before, after) = judged(asked, &rule, &half(1))?;
    Ok(json!({
        "kind": "thresholds", "rule": rule, "before": before.between, "after": after.between,
        "accuracy": { "before": before.overall.accuracy, "after": after.overall.accuracy },
    }))
}

type Row<'a> = (f64, u8, Option<&'a str>);

fn fitted(parity: Parity, rows: &[Row<'_>]) -> Result<Adjustment, ScoreError> {
    let scores: Vec<f64> = rows.iter().map(|row| row.0).collect();
    let labels: Vec<u8> = rows.iter().map(|row| row.1).collect();
    let groups: Vec<Option<&str>> = rows.iter().map(|row| row.2).collect();
    adjust(parity, &scores, &labels, &groups)
}

fn judged(
    asked: &FairnessOf,
    rule: &Adjustment,
    rows: &[Row<'_>],
) -> Result<(Fairness, Fairness), ScoreError> {
    use domain::Entropy as _;
    let mut entropy = SystemEntropy::new();
    let plain: Vec<u8> = rows.iter().map(|row| u8::from(row.0 > 0.5)).collect();
    let moved: Vec<u8> = rows
        .iter()
        .map(|row| u8::from(entropy.unit() < rule.select(row.0, row.2)))
        .collect();
    let labels: Vec<u8> = rows.iter().map(|row| row.1).collect();
    let groups: Vec<Option<&str>> = rows.iter().map(|row| row.2).collect();
    let of = |decisions: &[u8]| {
        fairness(
            decisions,
            &labels,
            &groups,
            asked.privileged.as_deref(),
            asked.smallest,
        )
    };
    Ok((of(&plain)?, of(&moved)?))
}

fn tell(column: &str, found: &Fairness, remedy: Option<&Value>) -> String {
    let share = |value: Option<Interval>| {
        value.map_or_else(|| "-".to_owned(), |value| format!("{:.4}", value.value))
    };
    let mut rows = vec![
        ["group", "rows", "selected", "accuracy", "TPR", "FPR"]
            .map(str::to_owned)
            .to_vec(),
    ];
    rows.extend(found.groups.iter().map(|group| {
        let count = group
            .rows
            .map_or_else(|| "few".to_owned(), |rows| rows.to_string());
        vec![
            group.name.clone(),
            count,
            share(group.selection_rate),
            share(group.accuracy),
            share(group.true_positive_rate),
            share(group.false_positive_rate),
        ]
    }));
    let gap = |name: &str, value: Option<Interval>| {
        let text = value.map_or_else(
            || "not shown, few rows".to_owned(),
            |value| format!("{:.4} ({:.4} to {:.4})", value.value, value.low, value.high),
        );
        vec![name.to_owned(), text]
    };
    let between = &found.between;
    let gaps = screen::table(&[
        gap(
            "demographic parity difference",
            between.demographic_parity_difference,
        ),
        gap("demographic parity ratio", between.demographic_parity_ratio),
        gap(
            "equalized odds difference",
            between.equalized_odds_difference,
        ),
        gap("equalized odds ratio", between.equalized_odds_ratio),
        gap(
            "equal opportunity difference",
            between.equal_opportunity_difference,
        ),
    ]);
    let after = remedy.map_or_else(String::new, |remedy| {
        format!(
            "\nremedy: {}",
            serde_json::to_string(remedy).unwrap_or_default()
        )
    });
    format!("{column}\n{}\n{gaps}{after}", screen::table(&rows))
}

/// The side of a row, 0 or 1: mixed, because files often alternate or are sorted by group
/// (multiplicative hashing by 2^64 over the golden ratio; Knuth, volume 3, section 6.4).
const fn side(row: usize) -> usize {
    let mixed = (row as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    ((mixed ^ (mixed >> 29)) >> 33) as usize & 1
}
