//! The privacy ledger under faults: what was reserved before noise was drawn is never forgotten.
//!
//! The test command tries 1,000 faults; CLOISTER_LEDGER_FAULTS=100000 is the nightly number.

use domain::{Delta, Epsilon};
use privacy::{Account, Entry, EntryState, MechanismEvent, Spending};

use super::*;
use crate::{Noun, disk::faults::Fault};

const FAULTS: &str = "CLOISTER_LEDGER_FAULTS";

/// A spend as one who draws noise sees it.
#[derive(Debug)]
struct Drawn {
    id: String,
    /// The last state that was acknowledged.
    state: EntryState,
}

fn account() -> Account {
    Account::new(Epsilon::new(5.0).unwrap(), Delta::new(1e-5).unwrap())
}

#[expect(clippy::unwrap_in_result, reason = "the account bears it")]
fn reserve(store: &Store, budget: &str, id: &str) -> Result<(), StoreError> {
    let mut transaction = store.begin()?;
    let kept = transaction.find::<Account>(Noun::Budget, budget)?;
    let mut account = kept.as_ref().map_or_else(account, |kept| kept.body.clone());
    let event = MechanismEvent::Pure { epsilon: 0.1 };
    account.admit(&event).unwrap();
    account
        .entries
        .push(Entry::reserved(id, event, Spending::Statistics));
    match kept {
        Some(kept) => transaction.replace(Noun::Budget, budget, kept.revision, &account)?,
        None => transaction.insert(Noun::Budget, budget, &account)?,
    };
    transaction.commit(event_of(id)).map(drop)
}

fn settle(store: &Store, budget: &str, id: &str, state: EntryState) -> Result<(), StoreError> {
    let mut transaction = store.begin()?;
    let kept = transaction.find::<Account>(Noun::Budget, budget)?.unwrap();
    let mut account = kept.body;
    let entry = account.entries.iter_mut().find(|entry| entry.id == id);
    entry.unwrap().state = state;
    transaction.replace(Noun::Budget, budget, kept.revision, &account)?;
    transaction.commit(event_of(id)).map(drop)
}

fn event_of(id: &str) -> Event {
    event(id.len() as u64)
}

/// Reserves, draws and settles until the fault ends it.
fn spend(store: &Store, budget: &str, turns: u64) -> Vec<Drawn> {
    let mut drawn = Vec::new();
    for turn in 0..turns {
        let id = format!("count-{turn}");
        if reserve(store, budget, &id).is_err() {
            break;
        }
        // Here the noise is drawn: from now on the spend must be known.
        let last = if turn % 3 == 2 {
            EntryState::Burned
        } else {
            EntryState::Committed
        };
        let settled = settle(store, budget, &id, last).is_ok();
        let state = if settled { last } else { EntryState::Reserved };
        drawn.push(Drawn { id, state });
        if !settled {
            break;
        }
    }
    drawn
}

/// Whether the store knows all that was drawn, and in no earlier state than was acknowledged.
fn knows(store: &Store, budget: &str, drawn: &[Drawn]) -> bool {
    let kept = store.find::<Account>(Noun::Budget, budget).unwrap();
    let entries = kept.map_or_else(Vec::new, |kept| kept.body.entries);
    drawn.iter().all(|one| {
        entries.iter().any(|entry| {
            let settled = one.state == EntryState::Reserved || entry.state == one.state;
            entry.id == one.id && settled
        })
    })
}

/// A stream of numbers that is the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}

#[test]
fn no_fault_at_any_point_makes_the_ledger_forget_a_spend() {
    let wanted = std::env::var_os(FAULTS).and_then(|trials| trials.into_string().ok());
    let trials: u64 = wanted.map_or(1_000, |trials| trials.parse().unwrap());
    let mut numbers = Numbers(20_261_127);
    let (mut hit, mut lost_answers) = (0_u64, 0_u64);
    let (mut site, mut store) = Site::new();
    for trial in 0..trials {
        if trial % 100 == 99 {
            // A log that is read at each start stays short.
            drop(store);
            (site, store) = Site::new();
        }
        let fault = match numbers.below(8) {
            0 => Fault::Full,
            1 => Fault::Short,
            2 => Fault::Sync,
            _ => Fault::Crash,
        };
        let budget = format!("b{trial}");
        site.disk.plan(fault, numbers.below(24));
        let drawn = spend(&store, &budget, 3);
        hit += u64::from(drawn.len() < 3 || site.disk.died());
        drop(store);
        store = site.restart();
        assert!(knows(&store, &budget, &drawn), "trial {trial}: {drawn:?}");
        // An answer that was lost on the way may be charged all the same, never the reverse.
        let kept = store.find::<Account>(Noun::Budget, &budget).unwrap();
        let charged = kept.map_or(0, |kept| kept.body.entries.len());
        lost_answers += u64::from(charged > drawn.len());
    }
    // The faults did hit, most of them in the middle of the work.
    assert!(hit * 10 > trials * 6, "{hit} of {trials}");
    assert!(lost_answers > 0);
}

#[test]
fn a_ledger_that_forgets_would_be_seen() {
    let (_site, store) = Site::new();
    reserve(&store, "b", "count-0").unwrap();
    let drawn = |id: &str, state| Drawn {
        id: id.to_owned(),
        state,
    };
    assert!(knows(
        &store,
        "b",
        &[drawn("count-0", EntryState::Reserved)]
    ));
    assert!(!knows(
        &store,
        "b",
        &[drawn("count-1", EntryState::Reserved)]
    ));
    assert!(!knows(
        &store,
        "b",
        &[drawn("count-0", EntryState::Committed)]
    ));
}
