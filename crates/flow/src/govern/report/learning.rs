//! Training, ledger, validation, model, serving, drift.

mod outward;
mod tested;

use domain::KeyId;
use evidence::pack::{
    AlertRow, AttackResult, BudgetSpend, CardSection, DriftRow, EpsilonPoint, GateRow, HistoryRow,
    Interval, Ledger, Measure, Model, Serving, SubgroupRow, Training, Validation,
};
use learn::metrics::{SMALLEST_CELL, Subgroup};
use privacy::attack::Attack;

use self::{
    outward::validation_outside,
    tested::{attacks, fairness, probes},
};
use crate::{
    Desk, StageError,
    assess::root_of,
    figures::Reach,
    govern::report::{Kept, governing::Span},
    operate::ledger::statement_of,
    register,
    run::find_version,
    train::estimator,
    validate::Validated,
};

pub(super) fn training(kept: &Kept, reach: Reach) -> Option<Training> {
    let (Some(step), Some(section)) = (&kept.trained, &kept.study.train) else {
        return None;
    };
    let product = &step.product;
    let plan = &product.model.plan;
    let statement = product.statement();
    Some(Training {
        estimator: estimator(&plan.model).to_owned(),
        target: section.target.column.clone(),
        features: section
            .features
            .iter()
            .map(|feature| feature.column().to_owned())
            .collect(),
        rows: product.rows,
        persons: product.persons,
        epochs: plan.epochs,
        batch: f64::from(plan.batch),
        learning_rate: plan.learning_rate,
        clip_norm: plan.clip,
        sigma: plan.privacy.map_or(0.0, |privacy| privacy.sigma),
        sampling_rate: product.model.sampling_rate,
        steps: product.model.steps,
        epsilon: product.model.guarantee().map(|(epsilon, _)| epsilon),
        delta: product.model.guarantee().map(|(_, delta)| delta),
        adjacency: statement.adjacency,
        unit: statement.unit,
        accountant: statement.accountant,
        noise: statement.noise,
        accuracy_against_epsilon: kept
            .validated
            .as_ref()
            .filter(|_| reach == Reach::Exact)
            .map(|step| curve(&step.product, product.model.epsilon)),
    })
}

fn curve(validated: &Validated, chosen: f64) -> Vec<EpsilonPoint> {
    let point = |(epsilon, accuracy): &(f64, f64)| EpsilonPoint {
        epsilon: Some(*epsilon),
        accuracy: *accuracy,
        chosen: (*epsilon - chosen).abs() < f64::EPSILON,
    };
    validated.curve.iter().map(point).collect()
}

/// The budget as it stood when the run ended: later runs' spends are not this run's story.
pub(super) fn ledger(
    desk: &Desk<'_>,
    kept: &Kept,
    span: &Span,
) -> Result<Option<Ledger>, StageError> {
    let Some(step) = &kept.trained else {
        return Ok(None);
    };
    let root = root_of(desk, &find_version(desk, &step.product.version)?)?;
    let Some(statement) = statement_of(desk, &root, Some(span.last))? else {
        return Ok(None);
    };
    let spend = |spend: &crate::operate::ledger::Spend| BudgetSpend {
        what: spend.id.clone(),
        epsilon: spend.epsilon,
        delta: statement.cap_delta,
        state: spend.state.clone(),
        log_index: None,
    };
    Ok(Some(Ledger {
        dataset: statement.dataset.clone(),
        cap_epsilon: statement.cap_epsilon,
        cap_delta: statement.cap_delta,
        spends: statement.spends.iter().map(spend).collect(),
        remaining_epsilon: statement.remaining_epsilon,
        remaining_delta: statement.cap_delta,
    }))
}

pub(super) fn validation(kept: &Kept, reach: Reach, basis: &str) -> Option<Validation> {
    let product = &kept.validated.as_ref()?.product;
    if reach != Reach::Exact {
        return Some(validation_outside(kept, product, reach));
    }
    Some(Validation {
        basis: basis.to_owned(),
        rows: product.metrics.rows,
        accuracy: Some(measure(product.metrics.accuracy)),
        majority_accuracy: Some(product.majority),
        auc: product.metrics.auc.map(measure),
        subgroups: subgroups(product),
        smallest_cell: SMALLEST_CELL,
        membership: Some(attack(&product.leakage.model, "loss threshold")),
        positive_control: Some(attack(
            &product.leakage.control,
            "loss threshold on the overfit twin",
        )),
        attacks: product.leaks.as_ref().map(attacks).unwrap_or_default(),
        probes: probes(product),
        fairness: fairness(product),
        gates: gates(kept, product, reach),
    })
}

/// The gates of the release first, then those of the model.
fn gates(kept: &Kept, product: &Validated, reach: Reach) -> Vec<GateRow> {
    let rules = kept
        .assessed
        .iter()
        .flat_map(|step| &step.product.verdict.rules);
    let release = rules.map(|rule| GateRow {
        gate: rule.name.clone(),
        bound: if rule.name == "smallest class" {
            format!("at least {}", rule.limit)
        } else {
            format!("at most {}", rule.limit)
        },
        measured: format!("{:.4}", rule.measured),
        holds: rule.holds,
    });
    let model = product.gates.iter().map(|gate| GateRow {
        gate: gate.what.clone(),
        bound: gate.bound.clone(),
        measured: if reach == Reach::Exact || !gate.of_persons {
            gate.measured.clone()
        } else {
            "not shown".to_owned()
        },
        holds: gate.holds,
    });
    release.chain(model).collect()
}

pub(super) const fn measure(interval: learn::metrics::Interval) -> Measure {
    Measure {
        value: interval.value,
        interval: Some(Interval {
            low: interval.low,
            high: interval.high,
            level: 0.95,
        }),
    }
}

fn subgroups(product: &Validated) -> Vec<SubgroupRow> {
    let rows = product.subgroups.iter().flat_map(|(column, groups)| {
        groups.groups.iter().map(move |group| SubgroupRow {
            attribute: column.clone(),
            group: group.name.clone(),
            rows: group.rows,
            accuracy: group.accuracy.map(measure),
            auc: group_auc(product, column, group),
            selection_rate: group.selection_rate,
            true_positive_rate: group.true_positive_rate,
            suppressed: group.rows.is_none().then(|| {
                format!("fewer than {SMALLEST_CELL} rows, or the complement of one that is")
            }),
        })
    });
    rows.collect()
}

/// Hidden wherever the group's rows are.
fn group_auc(product: &Validated, column: &str, group: &Subgroup) -> Option<Measure> {
    let auc = product.group_aucs.get(column)?.get(&group.name)?;
    group.rows.map(|_| measure(*auc))
}

fn attack(attack: &Attack, name: &str) -> AttackResult {
    AttackResult {
        attack: name.to_owned(),
        trials: attack.members + attack.non_members,
        auc: Measure {
            value: attack.auc.value,
            interval: Some(Interval {
                low: attack.auc_bounds.0,
                high: attack.auc_bounds.1,
                level: 0.95,
            }),
        },
        tpr_at_one_percent: attack
            .points
            .iter()
            .find(|point| (point.target - 0.01).abs() < 1e-9)
            .map(|point| point.true_positive_rate),
        epsilon_lower_bound: None,
    }
}

/// The model as it was when the run ended.
pub(super) fn model(
    desk: &Desk<'_>,
    kept: &Kept,
    span: &Span,
) -> Result<Option<Model>, StageError> {
    let Some(version) = register::of_run(desk, &kept.run.id)? else {
        return Ok(None);
    };
    let first: Vec<&register::StageChange> = version
        .history
        .iter()
        .filter(|change| change.at <= span.ended)
        .collect();
    let sections = register::card_sections(&version)?;
    Ok(Some(Model {
        name: version.model.clone(),
        version: version.number,
        sha256: version.digest,
        signed_by: signer(desk)?,
        scheme: "ECDSA P-256, OpenSSF model signing v1.0".to_owned(),
        stage: first
            .last()
            .map_or("registered", |change| change.stage.word())
            .to_owned(),
        history: first
            .iter()
            .map(|change| HistoryRow {
                stage: change.stage.to_string(),
                at: change.at,
                by: change.by.to_string(),
                log_index: None,
            })
            .collect(),
        card: sections
            .into_iter()
            .map(|(heading, rows)| CardSection { heading, rows })
            .collect(),
    }))
}

/// The signing key's name: the first digits of its fingerprint.
pub(super) fn signer(desk: &Desk<'_>) -> Result<KeyId, StageError> {
    let fingerprint = desk.store.keyring().statement_key().fingerprint();
    KeyId::new(format!("p256-{}", fingerprint.short()))
        .map_err(|_| StageError::Stored("a key's name"))
}

pub(super) fn serving(kept: &Kept) -> Option<Serving> {
    let product = &kept.served.as_ref()?.product;
    Some(Serving {
        predictions: product.scored,
        refused: product.refused,
        output_filter: product.filter.clone(),
        limits: "inputs checked against the schema; one line in the log for each call".to_owned(),
    })
}

pub(super) fn drift(kept: &Kept, reach: Reach) -> Vec<DriftRow> {
    let shown = kept.monitored.iter().filter(|_| reach != Reach::Inside);
    let rows = shown.flat_map(|step| &step.product.rows);
    rows.map(|row| DriftRow {
        feature: row.feature.clone(),
        statistic: row.statistic.clone(),
        value: Measure {
            value: row.value,
            interval: row.interval.map(|(low, high)| Interval {
                low,
                high,
                level: 0.95,
            }),
        },
        threshold: row.threshold,
        crossed: row.crossed,
    })
    .collect()
}

pub(super) fn alerts(kept: &Kept, reach: Reach) -> Vec<AlertRow> {
    let alerts = kept.monitored.iter().flat_map(|step| &step.product.alerts);
    alerts
        .map(|alert| AlertRow {
            at: alert.at,
            severity: "warning".to_owned(),
            what: if reach == Reach::Inside {
                "a threshold was crossed; the figure stays in the instance".to_owned()
            } else {
                alert.what.clone()
            },
            log_index: None,
        })
        .collect()
}
