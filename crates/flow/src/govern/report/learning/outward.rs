//! Validation as it leaves the instance where its exact figures may not: with noise, or not at all.

use evidence::pack::{FairnessRow, Measure, SubgroupRow, Validation};
use learn::{figures::Quality, metrics::SMALLEST_CELL};

use super::{
    gates, measure,
    tested::{audited, gaps},
};
use crate::{
    figures::{Charged, Reach},
    govern::report::Kept,
    validate::Validated,
};

/// The noisy figures where there are some; what was measured on invented persons; the gates with
/// whether they held.
pub(super) fn validation_outside(kept: &Kept, product: &Validated, reach: Reach) -> Validation {
    let charged = product.figures.as_ref();
    let quality = charged.map(|charged| &charged.quality);
    Validation {
        basis: charged.map_or_else(|| reach.words().to_owned(), Charged::words),
        rows: product.metrics.rows,
        accuracy: quality.and_then(|it| it.accuracy).map(measure),
        majority_accuracy: quality.and_then(majority),
        auc: quality.and_then(|it| it.auc).map(measure),
        subgroups: charged.map(subgroups).unwrap_or_default(),
        smallest_cell: SMALLEST_CELL,
        membership: None,
        positive_control: None,
        attacks: Vec::new(),
        probes: product.leaks.as_ref().map(audited).unwrap_or_default(),
        fairness: charged.map(fairness).unwrap_or_default(),
        gates: gates(kept, product, reach),
    }
}

fn majority(quality: &Quality) -> Option<f64> {
    let rate = quality.base_rate?.value;
    Some(rate.max(1.0 - rate))
}

fn subgroups(charged: &Charged) -> Vec<SubgroupRow> {
    let rows = charged.groups.iter().flat_map(|(column, figures)| {
        figures.groups.iter().map(move |group| SubgroupRow {
            attribute: column.clone(),
            group: group.name.clone(),
            rows: group.rows,
            accuracy: group.accuracy.map(measure),
            auc: None::<Measure>,
            selection_rate: group.selection_rate.map(|rate| rate.value),
            true_positive_rate: group.true_positive_rate.map(|rate| rate.value),
            suppressed: None,
        })
    });
    rows.collect()
}

fn fairness(charged: &Charged) -> Vec<FairnessRow> {
    let columns = charged.groups.iter();
    columns
        .flat_map(|(column, figures)| gaps(column, &figures.between))
        .collect()
}
