//! What a statistic costs, in the ledger of the dataset it asks.

use access::Resource;
use audit::Event;
use domain::{Action, DatasetId, Entropy as _};
use privacy::{Account, Entry, EntryState, MechanismEvent, Remaining};
use store::{Noun, Transaction};

use crate::{Desk, StageError, assess::root_of, desk::Cause, record::Version};

/// A durable reservation; every end but [`Charge::commit`] leaves it spent.
#[derive(Debug)]
pub(super) struct Charge {
    root: DatasetId,
    resource: Resource,
    id: String,
}

impl Charge {
    /// Sets the cost aside before any row is read.
    ///
    /// Refuses a dataset without a budget: a budget is declared by a study, not by a question.
    pub(super) fn reserve(
        desk: &Desk<'_>,
        version: &Version,
        cause: &Cause,
        event: MechanismEvent,
    ) -> Result<Self, StageError> {
        let root = root_of(desk, version)?;
        let resource = Resource::budget(&root, version.state).within(cause.study.clone());
        let permit = desk.permit(Action::ReserveBudget, resource.clone(), Some(cause))?;
        let mut transaction = desk.store.begin()?;
        let kept = transaction.find::<Account>(Noun::Budget, root.as_str())?;
        let kept = kept.ok_or_else(|| StageError::NoBudget {
            dataset: root.to_string(),
        })?;
        let mut account = kept.body;
        if let Err(refused) = account.admit(&event) {
            drop(transaction);
            let error = StageError::from(refused);
            desk.note_refusal(Action::ReserveBudget, &resource, Some(cause), &error)?;
            return Err(error);
        }
        let id = format!("statistic-{:016x}", desk.entropy().next_u64());
        account.entries.push(Entry {
            id: id.clone(),
            event,
            state: EntryState::Reserved,
        });
        transaction.replace(Noun::Budget, root.as_str(), kept.revision, &account)?;
        transaction.commit(desk.event(&permit, Some(cause))?)?;
        Ok(Self { root, resource, id })
    }

    /// The ledger's name for it.
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// Confirms it together with the line of the log that says what was released.
    pub(super) fn commit(&self, desk: &Desk<'_>, event: Event) -> Result<Remaining, StageError> {
        let mut transaction = desk.store.begin()?;
        let account = self.mark(&mut transaction, EntryState::Committed)?;
        transaction.commit(event)?;
        Ok(account.remaining()?)
    }

    /// Marks it as spent for nothing.
    pub(super) fn burn(&self, desk: &Desk<'_>, cause: &Cause) -> Result<(), StageError> {
        let permit = desk.permit(Action::CommitBudget, self.resource.clone(), Some(cause))?;
        let mut transaction = desk.store.begin()?;
        self.mark(&mut transaction, EntryState::Burned)?;
        transaction.commit(desk.event(&permit, Some(cause))?)?;
        Ok(())
    }

    fn mark(
        &self,
        transaction: &mut Transaction<'_>,
        state: EntryState,
    ) -> Result<Account, StageError> {
        let kept = transaction.find::<Account>(Noun::Budget, self.root.as_str())?;
        let kept = kept.ok_or(StageError::Stored("a spend without a budget"))?;
        let mut account = kept.body;
        let own = account.entries.iter_mut().find(|entry| entry.id == self.id);
        own.ok_or(StageError::Stored("a spend that is gone"))?.state = state;
        transaction.replace(Noun::Budget, self.root.as_str(), kept.revision, &account)?;
        Ok(account)
    }
}
