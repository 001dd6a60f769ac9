//! The gates of the stage.

use domain::Stage;
use learn::Metrics;
use privacy::attack::{Evidence, Leakage, Limit, Tried, Verdict, low_point};
use serde::{Deserialize, Serialize};

use super::leaks::Leaks;
use crate::{StageError, study::Validate};

/// One gate of the study.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Gate {
    /// What it asks.
    pub what: String,
    /// The bound in words.
    pub bound: String,
    /// What was measured.
    pub measured: String,
    /// Whether it held.
    pub holds: bool,
    /// Whether what was measured tells of persons: it then stays where other figures stay.
    #[serde(default = "of_persons")]
    pub of_persons: bool,
}

const fn of_persons() -> bool {
    true
}

pub(super) fn gates(
    section: &Validate,
    metrics: &Metrics,
    evidence: &Evidence,
    leaks: &Leaks,
) -> Vec<Gate> {
    let mut gates: Vec<Gate> = [
        at_least(
            "accuracy",
            section.accuracy_min,
            Some(metrics.accuracy.value),
        ),
        at_least("AUC", section.auc_min, metrics.auc.map(|auc| auc.value)),
    ]
    .into_iter()
    .flatten()
    .collect();
    gates.push(loss(evidence));
    gates.push(membership(&leaks.membership));
    gates.push(Gate {
        what: "ledger".to_owned(),
        bound: "every fitted model is paid for".to_owned(),
        measured: leaks.paid.measured.clone(),
        holds: !leaks.paid.alarm,
        of_persons: false,
    });
    if let Some(audit) = &leaks.audit {
        let alarms: Vec<String> = audit
            .alarms()
            .iter()
            .map(|alarm| format!("{}: {}", alarm.test, alarm.measured))
            .collect();
        gates.push(Gate {
            what: "audit of the trainer".to_owned(),
            bound: "no alarm".to_owned(),
            measured: if alarms.is_empty() {
                format!("{} tests, no alarm", audit.findings.len())
            } else {
                alarms.join("; ")
            },
            holds: alarms.is_empty(),
            of_persons: false,
        });
        gates.push(Gate {
            what: "epsilon, lower bound by audit".to_owned(),
            bound: format!("at most {:.3}, as claimed", audit.epsilon_claimed),
            measured: format!(
                "{:.3} for any mechanism, {:.3} for Gaussian noise",
                audit.one_run.epsilon_lower, audit.one_run.epsilon_lower_gaussian
            ),
            holds: audit.within_claim(),
            of_persons: false,
        });
    }
    gates
}

fn at_least(what: &str, bound: Option<f64>, measured: Option<f64>) -> Option<Gate> {
    bound.map(|bound| Gate {
        what: what.to_owned(),
        bound: format!("at least {bound}"),
        measured: measured.map_or_else(
            || "not measurable".to_owned(),
            |measured| format!("{measured:.4}"),
        ),
        holds: measured.is_some_and(|measured| measured >= bound),
        of_persons: true,
    })
}

/// The plain attack on the model: it must not catch it. Whether it can catch anything is no
/// condition here, because the attacks with shadows have a control of their own.
fn loss(evidence: &Evidence) -> Gate {
    Gate {
        what: "loss attack".to_owned(),
        bound: "model not caught, within its guarantee".to_owned(),
        measured: format!(
            "model {:.3}, control {:.3}",
            evidence.model.auc.value, evidence.control.auc.value
        ),
        holds: evidence.verdict() != Verdict::Leaks,
        of_persons: true,
    }
}

fn membership(leakage: &Leakage) -> Gate {
    let verdict = leakage.verdict();
    let limit = leakage.limit.at_low_rate();
    let whose = match leakage.limit {
        Limit::Guarantee { .. } => "what the guarantee allows",
        Limit::Approved { .. } => "for a model without guarantee, which an officer has to approve",
    };
    let worst = leakage
        .tried
        .iter()
        .find(|tried| tried.verdict(&leakage.limit) == Verdict::Leaks);
    let told = worst.or(leakage.strongest());
    Gate {
        what: "membership at 0.1 % false positives".to_owned(),
        bound: format!(
            "upper bound at most {:.2} %, {whose}; the control caught",
            100.0 * limit
        ),
        measured: match (verdict, told) {
            (_, None) => "no evidence: no attack caught its control".to_owned(),
            (Verdict::NoEvidence, Some(tried)) => {
                format!("no evidence: {}, too few trials to tell", words(tried))
            }
            (_, Some(tried)) => words(tried),
        },
        holds: verdict == Verdict::Holds,
        of_persons: true,
    }
}

fn words(tried: &Tried) -> String {
    let rate = |attack| {
        low_point(attack).map_or_else(
            || "not measured".to_owned(),
            |point| {
                format!(
                    "{:.2} % ({:.2} to {:.2})",
                    100.0 * point.true_positive_rate,
                    100.0 * point.true_positive_bounds.0,
                    100.0 * point.true_positive_bounds.1
                )
            },
        )
    };
    format!(
        "{}: {}, control {}",
        tried.name,
        rate(&tried.procedure),
        rate(&tried.control)
    )
}

pub(super) fn refuse_broken(gates: &[Gate]) -> Result<(), StageError> {
    let broken: Vec<String> = gates
        .iter()
        .filter(|gate| !gate.holds)
        .map(|gate| format!("{} {} against {}", gate.what, gate.measured, gate.bound))
        .collect();
    if broken.is_empty() {
        Ok(())
    } else {
        Err(StageError::Gate {
            stage: Stage::Validate,
            broken,
        })
    }
}
