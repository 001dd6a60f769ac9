//! Caps that a privacy officer sets.

use access::DataState;
use domain::Action;
use privacy::{Account, Entry};
use store::{Noun, Transaction};

use super::{Scope, save};
use crate::{Desk, StageError, study::Cap};

/// Sets the cap of a study or an analyst, or of a dataset before its first study, or lowers one.
///
/// Past spends of the study or analyst count from the first day: they are gathered from the budgets
/// of all datasets. A cap that stands is never raised and no spend is ever taken back: there is no
/// refresh.
///
/// Source: 45 CFR 164.308(a)(1)(ii)(B) (risk management).
pub fn cap(desk: &Desk<'_>, scope: &Scope, cap: Cap) -> Result<(), StageError> {
    let permit = desk.permit(Action::CapBudget, scope.resource(DataState::NoData), None)?;
    let mut transaction = desk.store.begin()?;
    let kept = transaction.find::<Account>(Noun::Budget, &scope.key())?;
    let mut account = Account::new(cap.epsilon, cap.delta);
    match &kept {
        Some(kept) => {
            let (epsilon, delta) = (kept.body.cap_epsilon, kept.body.cap_delta);
            if cap.epsilon > epsilon || cap.delta > delta {
                drop(transaction);
                let error = StageError::CapRaised {
                    kind: scope.kind(),
                    name: scope.name().to_owned(),
                };
                desk.note_refusal(Action::CapBudget, permit.resource(), None, &error)?;
                return Err(error);
            }
            account.entries.clone_from(&kept.body.entries);
        }
        None => account.entries = past(&mut transaction, scope)?,
    }
    save(&mut transaction, scope, kept.as_ref(), &account)?;
    transaction.commit(desk.event(&permit, None)?)?;
    Ok(())
}

/// What a study or an analyst has spent so far, in all datasets.
fn past(transaction: &mut Transaction<'_>, scope: &Scope) -> Result<Vec<Entry>, StageError> {
    let mut past = Vec::new();
    for record in transaction.list::<Account>(Noun::Budget)? {
        if !matches!(Scope::of_key(&record.id)?, Scope::Dataset(_)) {
            continue;
        }
        let entries = record.body.entries.into_iter();
        past.extend(entries.filter(|entry| match scope {
            Scope::Dataset(_) => false,
            Scope::Study(study) => entry.study.as_ref() == Some(study),
            Scope::Analyst(analyst) => entry.analyst.as_ref() == Some(analyst),
        }));
    }
    Ok(past)
}
