//! What a plan would leave: a question, not a spend.

use access::{DataState, Resource};
use domain::{Action, DatasetId, StudyId};
use privacy::{Account, DeclaredPlan, MechanismEvent};
use serde::Serialize;
use store::Noun;

use super::{Range, Scope, root_of_dataset};
use crate::{Desk, StageError};

/// What a plan costs, and what each budget it touches says to it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Outlook {
    /// The root of the dataset's lineage.
    pub dataset: DatasetId,
    /// Whether all budgets would admit it now.
    pub admitted: bool,
    /// Its own epsilon at the dataset's delta, as it would be charged (RDP).
    pub epsilon: f64,
    /// Its own epsilon by the tighter accountant, as a plan declared beforehand.
    pub pld: Option<Range>,
    /// The delta of both.
    pub delta: f64,
    /// Every budget it touches: the dataset's, the study's, the analyst's.
    pub budgets: Vec<Verdict>,
}

/// What one budget says.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Verdict {
    /// `dataset`, `study` or `analyst`.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// Lifetime epsilon.
    pub cap_epsilon: f64,
    /// Spent so far.
    pub spent_epsilon: f64,
    /// Left now.
    pub remaining_epsilon: f64,
    /// Whether it would be admitted.
    pub admitted: bool,
    /// What would be left after it, if admitted.
    pub after_epsilon: Option<f64>,
    /// The part of the filter's budget that would be left, if admitted; this is what decides.
    pub after_share: Option<f64>,
}

/// Asks what a plan would leave for the one who asks; charges nothing.
///
/// Another spend may come in between: only a reservation holds.
pub fn outlook(
    desk: &Desk<'_>,
    dataset: &DatasetId,
    study: Option<&StudyId>,
    event: &MechanismEvent,
) -> Result<Outlook, StageError> {
    let root = root_of_dataset(desk, dataset)?;
    let permit = desk.permit(
        Action::ReadLedger,
        Resource::budget(&root, DataState::NoData),
        None,
    )?;
    desk.note(&permit, None)?;
    let mut scopes = vec![Scope::Dataset(root.clone())];
    scopes.extend(study.cloned().map(Scope::Study));
    scopes.push(Scope::Analyst(desk.operator.id.clone()));
    let (mut budgets, mut delta) = (Vec::new(), None);
    for scope in &scopes {
        let kept = desk.store.find::<Account>(Noun::Budget, &scope.key())?;
        match (kept, scope) {
            (Some(kept), _) => {
                delta = delta.or(Some(kept.body.cap_delta));
                budgets.push(verdict(scope, &kept.body, event)?);
            }
            (None, Scope::Dataset(_)) => {
                return Err(StageError::NoBudget {
                    dataset: dataset.clone(),
                });
            }
            (None, _) => {}
        }
    }
    let delta = delta.ok_or(StageError::Stored("a budget without a delta"))?;
    let plan = DeclaredPlan::new(std::slice::from_ref(event)).ok();
    let bracket = plan.map(|plan| plan.epsilon(delta));
    Ok(Outlook {
        dataset: root,
        admitted: budgets.iter().all(|verdict| verdict.admitted),
        epsilon: event.curve()?.epsilon(delta).0,
        pld: bracket.map(|bracket| Range {
            lower: bracket.lower,
            upper: bracket.upper,
        }),
        delta: delta.value(),
        budgets,
    })
}

fn verdict(
    scope: &Scope,
    account: &Account,
    event: &MechanismEvent,
) -> Result<Verdict, StageError> {
    let after = match account.admit(event) {
        Ok(remaining) => Some(remaining),
        Err(privacy::BudgetExceeded::Epsilon { .. }) => None,
        Err(error) => return Err(error.into()),
    };
    Ok(Verdict {
        kind: scope.kind(),
        name: scope.name().to_owned(),
        cap_epsilon: account.cap_epsilon.value(),
        spent_epsilon: account.spent()?.epsilon,
        remaining_epsilon: account.remaining()?.epsilon,
        admitted: after.is_some(),
        after_epsilon: after.map(|remaining| remaining.epsilon),
        after_share: after.map(|remaining| remaining.share),
    })
}
