//! What a figure, or several at once, cost: reserved before a row is read, confirmed with what was
//! bought, or burned.

use domain::DatasetId;
use privacy::{Account, MechanismEvent, Remaining, Spending};
use store::{Noun, Transaction};

use super::{Ask, burn, confirm, root_of_dataset, set_aside_all};
use crate::{Desk, StageError, desk::Cause, record::Version, study::Cap};

/// One spend of a charge.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Item {
    /// The ledger's name for it.
    pub(crate) id: String,
    /// What leaves for it.
    pub(crate) spending: Spending,
    /// What is done with the rows.
    pub(crate) event: MechanismEvent,
}

/// A durable reservation; every end but [`Charge::confirm`] leaves it spent.
#[derive(Debug)]
pub(crate) struct Charge<'a> {
    version: &'a Version,
    root: DatasetId,
    ids: Vec<String>,
}

impl<'a> Charge<'a> {
    /// Sets the cost of all items aside, or of none of them.
    ///
    /// Without a cap a dataset that has no budget is refused: a budget is declared by a study, not
    /// by a question.
    pub(crate) fn reserve(
        desk: &Desk<'_>,
        version: &'a Version,
        cause: &Cause,
        cap: Option<Cap>,
        items: &[Item],
    ) -> Result<Self, StageError> {
        let asks: Vec<Ask<'_>> = items
            .iter()
            .map(|item| Ask {
                dataset: &version.dataset,
                state: version.state,
                cause: Some(cause),
                cap,
                id: &item.id,
                spending: item.spending,
                event: &item.event,
            })
            .collect();
        set_aside_all(desk, &asks)?;
        Ok(Self {
            version,
            root: root_of_dataset(desk, &version.dataset)?,
            ids: items.iter().map(|item| item.id.clone()).collect(),
        })
    }

    /// The ledger's names for them.
    pub(crate) fn ids(&self) -> &[String] {
        &self.ids
    }

    /// Confirms them in the transaction that keeps what was bought.
    pub(crate) fn confirm(&self, transaction: &mut Transaction<'_>) -> Result<(), StageError> {
        confirm(transaction, &self.root, &self.ids)
    }

    /// Marks them as spent for nothing.
    pub(crate) fn burn(&self, desk: &Desk<'_>, cause: &Cause) -> Result<(), StageError> {
        let (dataset, state) = (&self.version.dataset, self.version.state);
        burn(desk, dataset, state, Some(cause), &self.ids)
    }

    /// What is left of the dataset's budget.
    pub(crate) fn left(&self, desk: &Desk<'_>) -> Result<Remaining, StageError> {
        let kept = desk
            .store
            .find::<Account>(Noun::Budget, self.root.as_str())?;
        let kept = kept.ok_or(StageError::Stored("a spend without a budget"))?;
        Ok(kept.body.remaining()?)
    }
}
