//! The account of a dataset: a cap, its entries, and the filter that admits or refuses.

use domain::{Code, Delta, Epsilon, Explain, OperatorId, StudyId};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{MechanismEvent, Spending};
use crate::{
    accountant::{ORDERS, ParameterError, RdpCurve},
    codes,
};

/// How far an entry has come; every state counts as spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EntryState {
    /// Promised before the work began; a crash leaves it here, and it stays spent.
    Reserved,
    /// The result was released.
    Committed,
    /// The work failed after it touched the data.
    Burned,
}

/// One line of the ledger.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The ledger's name for it.
    pub id: String,
    /// What is done with the data.
    pub event: MechanismEvent,
    /// How far it came.
    pub state: EntryState,
    /// What left, or was to leave, for it.
    #[serde(default)]
    pub spending: Spending,
    /// The study it was spent in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub study: Option<StudyId>,
    /// Who spent it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub analyst: Option<OperatorId>,
}

impl Entry {
    /// A reservation, spent in no study and by nobody named.
    pub fn reserved(id: impl Into<String>, event: MechanismEvent, spending: Spending) -> Self {
        Self {
            id: id.into(),
            event,
            state: EntryState::Reserved,
            spending,
            study: None,
            analyst: None,
        }
    }
}

/// The privacy budget of a dataset and all that was done with it and with what it was derived from.
///
/// # Guarantee
/// Whatever [`Account::admit`] lets through, one event after the other and each chosen with the
/// earlier results in view, is (`cap_epsilon`, `cap_delta`)-differentially private as a whole.
/// The filter watches one Rényi order, fixed by the first entry, and admits while the sum at that
/// order stays within the cap: a Rényi filter, valid for adaptively chosen mechanisms and parameters
/// (Feldman, Zrnic 2021, section 4). Watching the best of many orders at each moment would not be
/// covered by that theorem.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// The epsilon that must never be exceeded.
    pub cap_epsilon: Epsilon,
    /// The delta that goes with it.
    pub cap_delta: Delta,
    /// All entries in the order of their reservation; the first fixes the filter's order.
    pub entries: Vec<Entry>,
}

/// What the entries so far amount to.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Spent {
    /// The epsilon of the entries composed, at the account's delta, with the best order.
    ///
    /// Exact in meaning when the entries were planned in advance; for entries chosen after seeing
    /// results it is an odometer's reading, and the guarantee is the cap.
    pub epsilon: f64,
    /// The account's delta.
    pub delta: f64,
    /// The part of the filter's budget that is used, 0 to 1.
    pub share: f64,
}

/// What is left after an event.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Remaining {
    /// The cap less the epsilon composed so far, never below zero.
    pub epsilon: f64,
    /// The account's delta.
    pub delta: f64,
    /// The part of the filter's budget that is left, 0 to 1; this is what decides.
    pub share: f64,
}

/// Why an event was not admitted.
#[derive(Clone, Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum BudgetExceeded {
    /// The event would take the total over the cap.
    #[error("the total epsilon would be {asked:.4}, the cap is {cap}, spent so far is {spent:.4}")]
    Epsilon {
        /// The epsilon of the entries so far.
        spent: f64,
        /// The epsilon with the event.
        asked: f64,
        /// The cap.
        cap: f64,
    },
    /// The event, or an entry, has parameters that no mechanism can have.
    #[error(transparent)]
    Parameter(#[from] ParameterError),
}

impl Explain for BudgetExceeded {
    fn code(&self) -> Code {
        match self {
            Self::Epsilon { .. } => codes::EXCEEDED,
            Self::Parameter(error) => error.code(),
        }
    }

    fn help(&self) -> String {
        match self {
            Self::Epsilon { .. } => {
                "use a smaller epsilon or fewer steps, or have the cap raised by the officer; spend is \
                 never refunded"
                    .into()
            }
            Self::Parameter(error) => error.help(),
        }
    }
}

impl Account {
    /// An account with nothing spent.
    pub const fn new(cap_epsilon: Epsilon, cap_delta: Delta) -> Self {
        Self {
            cap_epsilon,
            cap_delta,
            entries: Vec::new(),
        }
    }

    /// Whether the event still fits, and what would be left after it. Changes nothing: reserve
    /// durably, inside the transaction that read the entries, before the data is touched.
    pub fn admit(&self, event: &MechanismEvent) -> Result<Remaining, BudgetExceeded> {
        let asked = event.curve()?;
        let first = match self.entries.first() {
            Some(entry) => entry.event.curve()?,
            None => asked.clone(),
        };
        let index = self.filter_order(&first);
        let cap = self.rdp_cap(index);
        let share = (self.total_at(index)? + asked.at(index)) / cap;
        if share <= 1.0 {
            let total = self.total()?.plus(&asked);
            return Ok(self.left(&total, share));
        }
        let spent = self.total()?;
        Err(BudgetExceeded::Epsilon {
            spent: self.epsilon_of(&spent),
            asked: spent
                .plus(&asked)
                .epsilon(self.cap_delta)
                .0
                .max(self.cap_epsilon.value()),
            cap: self.cap_epsilon.value(),
        })
    }

    /// What all entries, whatever their state, have spent.
    pub fn spent(&self) -> Result<Spent, ParameterError> {
        let total = self.total()?;
        Ok(Spent {
            epsilon: self.epsilon_of(&total),
            delta: self.cap_delta.value(),
            share: self.used(&total)?,
        })
    }

    /// What is left of the cap.
    pub fn remaining(&self) -> Result<Remaining, ParameterError> {
        let total = self.total()?;
        Ok(self.left(&total, self.used(&total)?))
    }

    /// The composed curve of all entries.
    pub fn total(&self) -> Result<RdpCurve, ParameterError> {
        let mut total = RdpCurve::zero();
        for (event, times) in self.kinds() {
            total = total.plus(&event.curve()?.times(times));
        }
        Ok(total)
    }

    /// The bound of all entries at one order.
    fn total_at(&self, index: usize) -> Result<f64, ParameterError> {
        let mut total = 0.0;
        for (event, times) in self.kinds() {
            total += event.curve()?.at(index) * times as f64;
        }
        Ok(total)
    }

    /// The different events of all entries, and how often each stands there: a busy account holds
    /// many entries of few kinds.
    fn kinds(&self) -> Vec<(&MechanismEvent, u64)> {
        let mut kinds: Vec<(&MechanismEvent, u64)> = Vec::new();
        for entry in &self.entries {
            match kinds.iter_mut().find(|(event, _)| **event == entry.event) {
                Some((_, times)) => *times += 1,
                None => kinds.push((&entry.event, 1)),
            }
        }
        kinds
    }

    fn used(&self, total: &RdpCurve) -> Result<f64, ParameterError> {
        match self.entries.first() {
            Some(first) => Ok(self.share(&first.event.curve()?, total).min(1.0)),
            None => Ok(0.0),
        }
    }

    fn left(&self, total: &RdpCurve, share: f64) -> Remaining {
        Remaining {
            epsilon: (self.cap_epsilon.value() - self.epsilon_of(total)).max(0.0),
            delta: self.cap_delta.value(),
            share: (1.0 - share).max(0.0),
        }
    }

    fn epsilon_of(&self, total: &RdpCurve) -> f64 {
        if self.entries.is_empty() && *total == RdpCurve::zero() {
            return 0.0;
        }
        total.epsilon(self.cap_delta).0
    }

    /// The part of the Rényi budget that `total` uses at the order which `first` fixes.
    fn share(&self, first: &RdpCurve, total: &RdpCurve) -> f64 {
        let index = self.filter_order(first);
        total.at(index) / self.rdp_cap(index)
    }

    /// The order at which the cap bears most repetitions of the first event.
    fn filter_order(&self, first: &RdpCurve) -> usize {
        let mut best = (f64::NEG_INFINITY, 0);
        for index in 0..ORDERS.len() {
            let repetitions = self.rdp_cap(index) / first.at(index).max(f64::MIN_POSITIVE);
            if repetitions > best.0 {
                best = (repetitions, index);
            }
        }
        best.1
    }

    /// The Rényi bound which at this order gives exactly the cap; the smallest positive number where
    /// there is none.
    fn rdp_cap(&self, index: usize) -> f64 {
        let order = ORDERS.get(index).copied().unwrap_or(f64::INFINITY);
        let delta = self.cap_delta.value();
        let conversion = libm::log1p(-1.0 / order) - libm::log(delta * order) / (order - 1.0);
        (self.cap_epsilon.value() - conversion).max(f64::MIN_POSITIVE)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::calibrate_sigma;

    fn account(epsilon: f64) -> Account {
        Account::new(Epsilon::new(epsilon).unwrap(), Delta::new(1e-5).unwrap())
    }

    fn training(sigma: f64, steps: u64) -> MechanismEvent {
        MechanismEvent::SubsampledGaussian {
            sigma,
            sampling_rate: 1.0 / 64.0,
            steps,
        }
    }

    fn reserve(account: &mut Account, event: MechanismEvent) {
        account.admit(&event).unwrap();
        let id = account.entries.len().to_string();
        account
            .entries
            .push(Entry::reserved(id, event, Spending::Training));
    }

    #[test]
    fn a_plan_calibrated_to_the_cap_is_admitted_once() {
        let mut account = account(3.0);
        let sigma =
            calibrate_sigma(account.cap_epsilon, account.cap_delta, 1.0 / 64.0, 640).unwrap();

        reserve(&mut account, training(sigma, 640));

        let spent = account.spent().unwrap();
        assert!(spent.epsilon <= 3.0 && spent.epsilon > 2.99);
        let refused = account.admit(&training(sigma, 1)).unwrap_err();
        assert_eq!(refused.code().exit(), domain::Exit::Refused);
    }

    #[test]
    fn burned_and_reserved_entries_stay_spent() {
        let mut account = account(3.0);
        reserve(&mut account, training(2.0, 640));
        let before = account.spent().unwrap();
        account.entries[0].state = EntryState::Burned;
        assert_eq!(account.spent().unwrap(), before);
        assert!(before.epsilon > 0.8);
    }

    #[test]
    fn an_empty_account_has_spent_nothing() {
        let account = account(3.0);
        assert_eq!(account.spent().unwrap().epsilon, 0.0);
        assert_eq!(account.remaining().unwrap().epsilon, 3.0);
    }

    #[test]
    fn nonsense_is_refused_with_a_usage_code() {
        let event = training(-1.0, 1);
        let error = account(1.0).admit(&event).unwrap_err();
        assert_eq!(error.code(), codes::PARAMETER);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn what_is_admitted_never_exceeds_the_cap(
            cap in 0.2_f64..10.0, plans in prop::collection::vec((0.5_f64..8.0, 1_u64..2000), 1..12),
        ) {
            let mut account = account(cap);
            for (sigma, steps) in plans {
                if account.admit(&training(sigma, steps)).is_ok() {
                    reserve(&mut account, training(sigma, steps));
                }
            }
            prop_assert!(account.spent().unwrap().epsilon <= cap * (1.0 + 1e-12));
            prop_assert!(account.remaining().unwrap().share >= 0.0);
        }
    }
}
