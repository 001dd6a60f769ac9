//! Attacks, audit, probes and fairness, as rows of the report.

use evidence::pack::{AttackRow, FairnessRow, Interval, Measure, ProbeRow};
use learn::fairness::{Between, Fairness};
use privacy::attack::{Attack, Verdict, low_point};

use super::measure;
use crate::validate::{Leaks, Reweighing, Validated};

pub(super) fn attacks(leaks: &Leaks) -> Vec<AttackRow> {
    let limit = &leaks.membership.limit;
    let rows = leaks.membership.tried.iter().map(|tried| AttackRow {
        attack: tried.name.clone(),
        trials: tried.procedure.members + tried.procedure.non_members,
        found: low(&tried.procedure),
        found_in_model: tried.model.as_ref().map(low),
        found_in_control: low(&tried.control),
        limit: limit.at_low_rate(),
        verdict: match tried.verdict(limit) {
            Verdict::Holds => "held",
            Verdict::Leaks => "leaks",
            Verdict::NoEvidence => "no evidence",
        }
        .to_owned(),
    });
    rows.collect()
}

fn low(attack: &Attack) -> Measure {
    low_point(attack).map_or(
        Measure {
            value: 0.0,
            interval: None,
        },
        |point| Measure {
            value: point.true_positive_rate,
            interval: Some(Interval {
                low: point.true_positive_bounds.0,
                high: point.true_positive_bounds.1,
                level: 0.95,
            }),
        },
    )
}

pub(super) fn probes(product: &Validated) -> Vec<ProbeRow> {
    let mut rows = Vec::new();
    if let Some(leaks) = &product.leaks {
        rows.extend(audited(leaks));
        rows.extend(leaks.attributes.iter().map(|found| ProbeRow {
            probe: format!("hidden attribute `{}`", found.column),
            measured: format!("right for {} of members", percent(found.members.value)),
            against: format!(
                "{} of strangers, {} without the model",
                percent(found.outsiders.value),
                percent(found.imputer.value)
            ),
            holds: Some(!found.leaks()),
        }));
        let inversion = &leaks.inversion;
        rows.push(ProbeRow {
            probe: "inputs made from the model alone".to_owned(),
            measured: format!(
                "{} lie nearest to a member",
                percent(inversion.nearer_to_members.value)
            ),
            against: format!(
                "{} of random inputs, half by chance",
                percent(inversion.baseline.value)
            ),
            holds: Some(!inversion.leaks()),
        });
    }
    if let Some(robust) = &product.robustness {
        rows.push(ProbeRow {
            probe: format!(
                "numbers moved by {} of their range, {} category changed",
                percent(robust.reach.share),
                robust.reach.categories
            ),
            measured: format!("accuracy {}", percent(robust.attacked.value)),
            against: format!(
                "{} unchanged, {} by random changes",
                percent(robust.clean.value),
                percent(robust.random.value)
            ),
            holds: None,
        });
    }
    rows
}

pub(super) fn audited(leaks: &Leaks) -> Vec<ProbeRow> {
    let finding = |finding: &privacy::attack::faults::Finding| ProbeRow {
        probe: finding.test.clone(),
        measured: finding.measured.clone(),
        against: "no alarm".to_owned(),
        holds: Some(!finding.alarm),
    };
    let mut rows = vec![finding(&leaks.paid)];
    if let Some(audit) = &leaks.audit {
        rows.extend(audit.findings.iter().map(finding));
        let run = &audit.one_run;
        rows.push(ProbeRow {
            probe: format!("one-run audit, {} canaries", run.canaries),
            measured: format!(
                "epsilon at least {:.3} for any mechanism, {:.3} for Gaussian noise",
                run.epsilon_lower, run.epsilon_lower_gaussian
            ),
            against: format!(
                "{:.3} claimed at delta {}",
                audit.epsilon_claimed, run.delta
            ),
            holds: Some(audit.within_claim()),
        });
    }
    rows
}

fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

pub(super) fn fairness(product: &Validated) -> Vec<FairnessRow> {
    let mut rows: Vec<FairnessRow> = product.reweighed.iter().flat_map(reweighed).collect();
    for (column, found) in &product.fairness {
        rows.extend(of_column(column, found));
        if let Some(mended) = product.mitigated.get(column) {
            for (when, between) in [("before", &mended.before), ("after", &mended.after)] {
                rows.extend(gaps(column, between).into_iter().map(|row| FairnessRow {
                    measure: format!("{}, {when} thresholds by group", row.measure),
                    ..row
                }));
            }
        }
    }
    rows
}

/// Gaps without the weights before training, and with them.
fn reweighed(found: &Reweighing) -> Vec<FairnessRow> {
    let before = found.before.iter().map(|between| ("before", between));
    let both = before.chain(std::iter::once(("after", &found.after)));
    let rows = both.flat_map(|(when, between)| {
        let gaps = gaps(&found.column, between).into_iter();
        gaps.map(move |row| FairnessRow {
            measure: format!("{}, {when} reweighing", row.measure),
            ..row
        })
    });
    rows.collect()
}

fn of_column(column: &str, found: &Fairness) -> Vec<FairnessRow> {
    let mut rows = gaps(column, &found.between);
    if let Some(compared) = &found.compared {
        let others = format!("everybody else against {}", compared.privileged);
        rows.push(FairnessRow {
            attribute: column.to_owned(),
            measure: format!("average odds difference, {others}"),
            value: compared.average_odds_difference.map(measure),
            equality: 0.0,
        });
        rows.push(FairnessRow {
            attribute: column.to_owned(),
            measure: format!("disparate impact, {others}"),
            value: compared.disparate_impact.map(measure),
            equality: 1.0,
        });
    }
    rows
}

pub(super) fn gaps(column: &str, between: &Between) -> Vec<FairnessRow> {
    let row = |name: &str, value: Option<learn::metrics::Interval>, equality| FairnessRow {
        attribute: column.to_owned(),
        measure: name.to_owned(),
        value: value.map(measure),
        equality,
    };
    vec![
        row(
            "demographic parity difference",
            between.demographic_parity_difference,
            0.0,
        ),
        row(
            "demographic parity ratio",
            between.demographic_parity_ratio,
            1.0,
        ),
        row(
            "equalized odds difference",
            between.equalized_odds_difference,
            0.0,
        ),
        row(
            "equal opportunity difference",
            between.equal_opportunity_difference,
            0.0,
        ),
    ]
}
