//! The figures of the card: exact ones of de-identified data, those with noise where they were
//! charged, and of other data none.

use learn::{card::CardField, fairness::Between, metrics::Interval};

use crate::{
    figures::{Charged, Reach},
    run::Told,
    validate::Validated,
};

/// The fields that hold figures, as far as they may go.
pub(super) fn figures(validated: &Validated, reach: Reach) -> Vec<(CardField, String)> {
    match (reach, &validated.figures) {
        (Reach::Exact, _) => exact(validated),
        (Reach::Charged, Some(charged)) => noisy(validated, charged),
        _ => hidden(validated),
    }
}

fn exact(validated: &Validated) -> Vec<(CardField, String)> {
    let mut fields = vec![
        (CardField::Calibration, calibration(validated)),
        (CardField::Validity, validity(validated)),
        (CardField::Fairness, fairness(validated)),
        (CardField::LeakageTests, validated.proved()),
    ];
    fields.extend(approach(validated));
    let mended: Vec<String> = reweighing(validated)
        .into_iter()
        .chain((!validated.mitigated.is_empty()).then(|| mitigation(validated)))
        .collect();
    if !mended.is_empty() {
        fields.push((CardField::BiasMitigation, mended.join("; ")));
    }
    if let Some(robust) = &validated.robustness {
        fields.push((
            CardField::Robustness,
            format!(
                "accuracy {:.4} when numbers move by {} of their range and {} category changes, \
                 {:.4} unchanged, on {} rows",
                robust.attacked.value,
                robust.reach.share,
                robust.reach.categories,
                robust.clean.value,
                robust.rows
            ),
        ));
    }
    fields
}

fn noisy(validated: &Validated, charged: &Charged) -> Vec<(CardField, String)> {
    let quality = &charged.quality;
    let words = charged.words();
    let told =
        |value: Option<Interval>| value.map_or_else(|| "hidden by the noise".to_owned(), told);
    let number = |value: Option<f64>| {
        value.map_or_else(|| "hidden".to_owned(), |value| format!("{value:.3}"))
    };
    let columns = charged.groups.iter();
    let groups = columns.map(|(column, figures)| {
        gaps(
            column,
            &figures.between,
            "fewer than two groups show through the noise",
        )
    });
    let mut fields = vec![
        (
            CardField::Validity,
            format!(
                "accuracy {}; AUC {}; 95 % intervals, {words}",
                told(quality.accuracy),
                told(quality.auc)
            ),
        ),
        (
            CardField::Calibration,
            format!(
                "share of positives {}, expected by the scores {}, Brier score {}; {words}",
                told(quality.base_rate),
                number(quality.expected_rate),
                number(quality.brier)
            ),
        ),
        (
            CardField::LeakageTests,
            validated.told_outside(Reach::Charged).1,
        ),
    ];
    let groups: Vec<String> = groups.collect();
    if !groups.is_empty() {
        let text = format!("{}; {words}", groups.join("; "));
        fields.push((CardField::Fairness, text));
    }
    fields.extend(approach(validated));
    fields.extend(kept_inside(validated));
    fields
}

fn hidden(validated: &Validated) -> Vec<(CardField, String)> {
    let words = || Reach::Inside.words().to_owned();
    let mut fields = vec![
        (CardField::Validity, words()),
        (CardField::Calibration, words()),
        (
            CardField::LeakageTests,
            validated.told_outside(Reach::Inside).1,
        ),
    ];
    if !validated.fairness.is_empty() {
        fields.push((CardField::Fairness, words()));
    }
    fields.extend(approach(validated));
    fields.extend(kept_inside(validated));
    fields
}

/// What was tried, without its figures.
fn kept_inside(validated: &Validated) -> Vec<(CardField, String)> {
    let mut fields = Vec::new();
    let mut mended = Vec::new();
    if let Some(found) = &validated.reweighed {
        mended.push(format!(
            "trained with weights by `{}` and label; the figures stay in the instance",
            found.column
        ));
    }
    if !validated.mitigated.is_empty() {
        mended.push(
            "thresholds by group were tried, not applied; the figures stay in the instance"
                .to_owned(),
        );
    }
    if !mended.is_empty() {
        fields.push((CardField::BiasMitigation, mended.join("; ")));
    }
    if validated.robustness.is_some() {
        fields.push((
            CardField::Robustness,
            "bent inputs were tried; the figures stay in the instance".to_owned(),
        ));
    }
    fields
}

fn approach(validated: &Validated) -> Option<(CardField, String)> {
    (!validated.fairness.is_empty()).then(|| {
        (
            CardField::FairnessApproach,
            "gaps between groups are measured on held-out persons before registration".to_owned(),
        )
    })
}

fn told(interval: Interval) -> String {
    format!(
        "{:.4} ({:.4} to {:.4})",
        interval.value, interval.low, interval.high
    )
}

fn validity(validated: &Validated) -> String {
    let accuracy = validated.metrics.accuracy;
    let auc = validated.metrics.auc.map_or_else(
        || "not measurable".to_owned(),
        |auc| format!("{:.4} ({:.4} to {:.4})", auc.value, auc.low, auc.high),
    );
    format!(
        "accuracy {:.4} ({:.4} to {:.4}), majority class {:.4}; AUC {auc}; 95 % intervals",
        accuracy.value, accuracy.low, accuracy.high, validated.majority
    )
}

fn fairness(validated: &Validated) -> String {
    let columns = validated.fairness.iter();
    let told = columns.map(|(column, found)| gaps(column, &found.between, "too few rows to show"));
    told.collect::<Vec<_>>().join("; ")
}

/// The gaps of a column, or why there are none.
fn gaps(column: &str, between: &Between, none: &str) -> String {
    let gap = |name: &str, value: Option<Interval>| {
        value.map(|gap| {
            format!(
                "{name} {:.3} ({:.3} to {:.3})",
                gap.value, gap.low, gap.high
            )
        })
    };
    let gaps = [
        gap(
            "demographic parity difference",
            between.demographic_parity_difference,
        ),
        gap(
            "equalized odds difference",
            between.equalized_odds_difference,
        ),
    ];
    let gaps: Vec<String> = gaps.into_iter().flatten().collect();
    if gaps.is_empty() {
        format!("{column}: {none}")
    } else {
        format!("{column}: {}", gaps.join(", "))
    }
}

fn calibration(validated: &Validated) -> String {
    format!(
        "Brier score {:.4}, log loss {:.4}",
        validated.metrics.brier, validated.metrics.log_loss
    )
}

fn reweighing(validated: &Validated) -> Option<String> {
    let found = validated.reweighed.as_ref()?;
    let gap = |between: &Between| {
        between
            .demographic_parity_difference
            .map_or_else(|| "not shown".to_owned(), |gap| format!("{:.3}", gap.value))
    };
    let before = found.before.as_ref().map_or_else(
        || "not measured".to_owned(),
        |before| {
            let accuracy = found.accuracy.0.unwrap_or(f64::NAN);
            format!("{} (accuracy {accuracy:.4})", gap(before))
        },
    );
    Some(format!(
        "trained with weights by `{}` and label (Kamiran, Calders 2012): demographic parity \
         difference {before} without them, {} (accuracy {:.4}) with them",
        found.column,
        gap(&found.after),
        found.accuracy.1
    ))
}

fn mitigation(validated: &Validated) -> String {
    let told = validated.mitigated.iter().filter_map(|(column, mended)| {
        let gap = |between: &Between| match mended.parity {
            learn::fairness::Parity::Demographic => between.demographic_parity_difference,
            learn::fairness::Parity::EqualizedOdds => between.equalized_odds_difference,
        };
        let (before, after) = gap(&mended.before).zip(gap(&mended.after))?;
        Some(format!(
            "{column}: thresholds by group would bring the gap from {:.3} to {:.3} and accuracy from {:.4} to {:.4}",
            before.value, after.value, mended.accuracy.0, mended.accuracy.1
        ))
    });
    format!(
        "tried, not applied to the model: {}",
        told.collect::<Vec<_>>().join("; ")
    )
}
