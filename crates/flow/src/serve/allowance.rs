//! What a caller was answered by a model, and what the model may still answer.

use access::Permit;
use domain::{Action, OperatorId};
use serde::{Deserialize, Serialize};
use store::Noun;

use crate::{Desk, StageError, desk::Cause, register::ModelVersion};

/// What one caller got from one model, over all its versions and for ever.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allowance {
    /// Answers with noise, and what they cost together: the sum of their epsilons.
    pub noisy_answers: u64,
    /// The sum of the epsilons of those answers.
    pub epsilon: f64,
    /// Answers to encrypted records.
    pub encrypted_answers: u64,
}

/// What a call wants to take from it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Take {
    /// So many answers, each with this epsilon; none without noise.
    Noisy { answers: u64, epsilon: Option<f64> },
    /// So many answers to encrypted records of so many inputs.
    Encrypted { answers: u64, inputs: usize },
}

/// Charges a call before its answers are computed, in one commit with its line in the log.
///
/// A model with an output budget answers only with noise, and only while the epsilons of all answers
/// to this caller stay within it; encrypted answers stay within their number. The account belongs
/// to the name of the model: a new version does not refresh it.
pub(super) fn charge(
    desk: &Desk<'_>,
    permit: &Permit,
    cause: &Cause,
    version: &ModelVersion,
    take: Take,
) -> Result<(), StageError> {
    let caller = &desk.operator.id;
    let id = place(version, caller);
    let mut transaction = desk.store.begin()?;
    let kept = transaction.find::<Allowance>(Noun::Allowance, &id)?;
    let before = kept
        .as_ref()
        .map(|kept| kept.body.clone())
        .unwrap_or_default();
    let after = match taken(before, version, take) {
        Ok(after) => after,
        Err(error) => {
            drop(transaction);
            desk.note_refusal(Action::Predict, permit.resource(), Some(cause), &error)?;
            return Err(error);
        }
    };
    let event = desk.event(permit, Some(cause))?.rows(take.answers());
    let event = event.digest(version.digest);
    match kept {
        Some(kept) if kept.body != after => {
            transaction.replace(Noun::Allowance, &id, kept.revision, &after)?;
        }
        None if after != Allowance::default() => {
            transaction.insert(Noun::Allowance, &id, &after)?;
        }
        // Nothing was charged.
        _ => {}
    }
    transaction.commit(event)?;
    Ok(())
}

fn taken(
    mut allowance: Allowance,
    version: &ModelVersion,
    take: Take,
) -> Result<Allowance, StageError> {
    let model = || version.model.to_string();
    match take {
        Take::Noisy { answers, epsilon } => {
            let cost = epsilon.map(|epsilon| epsilon * answers as f64);
            match (version.serve.budget_epsilon, cost) {
                (Some(_), None) => return Err(StageError::NoisyOnly { model: model() }),
                (Some(cap), Some(cost))
                    if allowance.epsilon + cost > cap.value() * (1.0 + 1e-9) =>
                {
                    return Err(StageError::OutputBudget {
                        model: model(),
                        spent: allowance.epsilon,
                        asked: cost,
                        cap: cap.value(),
                    });
                }
                _ => {}
            }
            if let Some(cost) = cost {
                allowance.epsilon += cost;
                allowance.noisy_answers = allowance.noisy_answers.saturating_add(answers);
            }
        }
        Take::Encrypted { answers, inputs } => {
            if version.serve.budget_epsilon.is_some() {
                return Err(StageError::NoisyOnly { model: model() });
            }
            let most = encrypted_most(version, inputs);
            let total = allowance.encrypted_answers.saturating_add(answers);
            if total > most {
                return Err(StageError::EncryptedAnswers {
                    model: model(),
                    spent: allowance.encrypted_answers,
                    asked: answers,
                    most,
                });
            }
            allowance.encrypted_answers = total;
        }
    }
    Ok(allowance)
}

/// The study's number, or half as many answers as the model has inputs, at least one: then the
/// answers are fewer than the unknowns they are equations in.
fn encrypted_most(version: &ModelVersion, inputs: usize) -> u64 {
    let half = (inputs as u64 / 2).max(1);
    version.serve.encrypted_answers.unwrap_or(half)
}

fn place(version: &ModelVersion, caller: &OperatorId) -> String {
    format!("{}/{caller}", version.model)
}

impl Take {
    const fn answers(self) -> u64 {
        match self {
            Self::Noisy { answers, .. } | Self::Encrypted { answers, .. } => answers,
        }
    }
}
