//! Weights that make a group and the label independent before training.
//!
//! Each person is kept with a chance in proportion to the weight of the person's group and label
//! (Kamiran, Calders 2012, sections 4.2 and 4.3), once, before the first step. Given the weights the
//! coins are independent, so the guarantee of what is trained on the kept persons is that of the
//! plan; those who are not kept stay as persons without rows, so that the number of persons, which
//! is public, stays what it was. With privacy the weights come from noisy counts that are charged.

use domain::Entropy as _;
use learn::{
    Design,
    fairness::{Reweighing, noisy_reweighing, reweighing},
    figures::FIGURES_DELTA,
};
use privacy::{MechanismEvent, accountant::gaussian_mu};
use seal::SeededEntropy;
use serde::{Deserialize, Serialize};

use super::Data;
use crate::{Desk, StageError, run::Task, study::Train};

/// Weights that a model was trained with, and what they cost.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reweighed {
    /// The column whose groups are meant.
    pub column: String,
    /// The weights.
    pub weights: Reweighing,
    /// The seed of the coins by which persons were kept; secret, as the split is.
    pub coins: u64,
    /// What the ledger was charged for the counts; nothing without privacy.
    pub event: Option<MechanismEvent>,
    /// The ledger's name for the spend.
    pub spend: String,
}

/// The share of the guarantee's variance that the counts may take.
const SHARE: f64 = 0.05;

/// What the counts will be charged, and what they may add to delta: known before a row is read.
pub(super) fn event(section: &Train) -> Option<(MechanismEvent, f64)> {
    section.reweigh.as_ref()?;
    let (epsilon, delta) = section.guarantee()?;
    let sigma = 1.0 / (gaussian_mu(epsilon.value(), delta) * SHARE.sqrt());
    Some((
        MechanismEvent::Gaussian { sigma, releases: 1 },
        FIGURES_DELTA,
    ))
}

/// The ledger's name for the counts.
pub(super) fn spend_id(task: &Task<'_>) -> String {
    format!("{}.weights", task.run)
}

/// Counts groups and labels, after the cost was reserved.
pub(super) fn weigh(
    desk: &Desk<'_>,
    task: &Task<'_>,
    section: &Train,
    data: &Data,
) -> Result<Option<Reweighed>, StageError> {
    let Some(column) = &section.reweigh else {
        return Ok(None);
    };
    let event = event(section).map(|(event, _)| event);
    let groups = groups(data, column)?;
    let weights = match &event {
        Some(MechanismEvent::Gaussian { sigma, .. }) => {
            noisy_reweighing(&data.learn, &groups, *sigma, &mut desk.entropy())?
        }
        _ => reweighing(&data.learn.y, &groups)?,
    };
    Ok(Some(Reweighed {
        column: column.clone(),
        weights,
        coins: desk.entropy().next_u64(),
        event,
        spend: spend_id(task),
    }))
}

impl Reweighed {
    /// The rows that are learnt from; everybody stays as a person.
    pub(super) fn learnt(&self, data: &Data) -> Result<Design, StageError> {
        Ok(data.learn.keeping(&self.kept(data)?))
    }

    /// The persons that were learnt from, and nobody else: what an attack is about.
    pub(crate) fn members(&self, data: &Data) -> Result<Design, StageError> {
        let kept = self.kept(data)?;
        let is_kept = |person: u32| kept.get(person as usize).copied().unwrap_or(false);
        Ok(data.learn.of_persons(is_kept))
    }

    fn kept(&self, data: &Data) -> Result<Vec<bool>, StageError> {
        let groups = groups(data, &self.column)?;
        let mut coins = SeededEntropy::new(self.coins);
        Ok(self.weights.keep(&data.learn, &groups, &mut coins))
    }
}

fn groups<'a>(data: &'a Data, column: &str) -> Result<Vec<Option<&'a str>>, StageError> {
    let cells = data
        .learn_columns
        .get(column)
        .ok_or(StageError::Stored("the column of the weights was not read"))?;
    Ok(cells.iter().map(Option::as_deref).collect())
}
