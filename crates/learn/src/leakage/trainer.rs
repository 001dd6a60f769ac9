//! The audit of a trainer: is what it promises what it does?
//!
//! A trainer is anything with the signature of [`fit`](crate::fit). It is run on invented persons,
//! canaries, of which no two share a column, so that the weights of a logistic model that starts at
//! zero *are* the noisy sums of its steps: the auditor sees every coordinate of the release. No
//! patient's row is read, so the audit costs no budget and can be done before training and at every
//! release.
//!
//! The last test is the one-run audit with the plan under test; the others look for single faults
//! with plans of their own (see [`privacy::attack::faults`]).

mod canaries;
mod runs;

use domain::{Delta, Entropy};
use privacy::attack::{OneRun, faults::Finding};
use serde::{Deserialize, Serialize};

use crate::{
    features::Design,
    model::Model,
    train::{FitError, TrainingPlan},
};
use runs::Bench;

/// What trains: the signature of [`fit`](crate::fit) without its progress.
pub type Trainer<'a> =
    dyn FnMut(&Design, &TrainingPlan, &mut dyn Entropy) -> Result<Model, FitError> + 'a;

/// What the audit of a trainer found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrainerAudit {
    /// The single tests.
    pub findings: Vec<Finding>,
    /// The one-run audit with the plan under test.
    pub one_run: OneRun,
    /// The epsilon that the plan claims at the same delta.
    pub epsilon_claimed: f64,
}

impl TrainerAudit {
    /// Whether nothing contradicts the trainer's promise.
    pub fn holds(&self) -> bool {
        self.alarms().is_empty() && self.within_claim()
    }

    /// Whether the lower bounds of the one-run audit lie within the claim.
    pub fn within_claim(&self) -> bool {
        !self.one_run.contradicts(self.epsilon_claimed)
    }

    /// The tests that raised an alarm.
    pub fn alarms(&self) -> Vec<&Finding> {
        self.findings
            .iter()
            .filter(|finding| finding.alarm)
            .collect()
    }
}

/// Audits a trainer under a private plan for so many persons.
///
/// `canaries` take part in the one-run audit, half of them by coin (1,000 are usual, 50 the least).
/// Refuses a plan without privacy.
pub fn audit_trainer(
    trainer: &mut Trainer<'_>,
    plan: &TrainingPlan,
    persons: u32,
    canaries: u32,
    delta: Delta,
    entropy: &mut dyn Entropy,
) -> Result<TrainerAudit, FitError> {
    let sigma = plan.privacy.map(|privacy| privacy.sigma);
    let (Some(sigma), Some(event)) = (sigma, plan.event(persons)) else {
        return Err(FitError::Plan {
            field: "privacy",
            expected: "a noise multiplier, for there is nothing to audit without one",
        });
    };
    let curve = event.curve().map_err(|_| FitError::Shape)?;
    let mut bench = Bench {
        trainer,
        plan,
        sigma,
        entropy,
    };
    let mut findings = bench.noise()?;
    findings.push(bench.scale()?);
    findings.push(bench.participation()?);
    findings.push(bench.one_row()?);
    findings.push(bench.many_rows()?);
    Ok(TrainerAudit {
        findings,
        one_run: bench.one_run(persons, canaries, delta)?,
        epsilon_claimed: curve.epsilon(delta).0,
    })
}

#[cfg(test)]
mod faulty;
#[cfg(test)]
mod tests;
