//! What a statistic costs, in the ledger of the dataset it asks.

use audit::Event;
use domain::{DatasetId, Entropy as _};
use privacy::{Account, MechanismEvent, Remaining, Spending};
use store::Noun;

use crate::{
    Desk, StageError,
    assess::root_of,
    desk::Cause,
    operate::ledger::{self, Ask},
    record::Version,
};

/// A durable reservation; every end but [`Charge::commit`] leaves it spent.
#[derive(Debug)]
pub(super) struct Charge<'a> {
    version: &'a Version,
    root: DatasetId,
    id: String,
}

impl<'a> Charge<'a> {
    /// Sets the cost aside before any row is read.
    ///
    /// Refuses a dataset without a budget: a budget is declared by a study, not by a question.
    pub(super) fn reserve(
        desk: &Desk<'_>,
        version: &'a Version,
        cause: &Cause,
        event: &MechanismEvent,
    ) -> Result<Self, StageError> {
        let root = root_of(desk, version)?;
        if desk
            .store
            .find::<Account>(Noun::Budget, root.as_str())?
            .is_none()
        {
            return Err(StageError::NoBudget { dataset: root });
        }
        let id = format!("statistic-{:016x}", desk.entropy().next_u64());
        ledger::set_aside(
            desk,
            &Ask {
                dataset: &version.dataset,
                state: version.state,
                cause: Some(cause),
                cap: None,
                id: &id,
                spending: Spending::Statistics,
                event,
            },
        )?;
        Ok(Self { version, root, id })
    }

    /// The ledger's name for it.
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// Confirms it together with the line of the log that says what was released.
    pub(super) fn commit(&self, desk: &Desk<'_>, event: Event) -> Result<Remaining, StageError> {
        let mut transaction = desk.store.begin()?;
        ledger::confirm(&mut transaction, &self.root, std::slice::from_ref(&self.id))?;
        transaction.commit(event)?;
        let kept = desk
            .store
            .find::<Account>(Noun::Budget, self.root.as_str())?;
        let kept = kept.ok_or(StageError::Stored("a spend without a budget"))?;
        Ok(kept.body.remaining()?)
    }

    /// Marks it as spent for nothing.
    pub(super) fn burn(&self, desk: &Desk<'_>, cause: &Cause) -> Result<(), StageError> {
        let (dataset, state) = (&self.version.dataset, self.version.state);
        ledger::burn(
            desk,
            dataset,
            state,
            Some(cause),
            std::slice::from_ref(&self.id),
        )
    }
}
