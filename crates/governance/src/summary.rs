use std::collections::BTreeMap;

use domain::Timestamp;
use serde::Serialize;

use crate::{EvidenceIndex, Mode, Requirement, State, standing};

/// How many requirements are in each state, by mode.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    counts: BTreeMap<Mode, BTreeMap<State, usize>>,
}

/// Counts requirements by mode and state.
pub fn summary<'requirement>(
    requirements: impl IntoIterator<Item = &'requirement Requirement>,
    index: &EvidenceIndex,
    now: Timestamp,
) -> Summary {
    let mut summary = Summary::default();
    for requirement in requirements {
        let state = standing(requirement, index, now).state;
        let count = summary
            .counts
            .entry(requirement.mode)
            .or_default()
            .entry(state)
            .or_default();
        *count += 1;
    }
    summary
}

impl Summary {
    /// How many of a mode are in a state.
    pub fn count(&self, mode: Mode, state: State) -> usize {
        let of_mode = self.counts.get(&mode);
        of_mode
            .and_then(|states| states.get(&state).copied())
            .unwrap_or_default()
    }

    /// How many of every mode are in a state.
    pub fn of_state(&self, state: State) -> usize {
        Mode::ALL.map(|mode| self.count(mode, state)).iter().sum()
    }

    /// How many of a mode there are.
    pub fn of_mode(&self, mode: Mode) -> usize {
        State::ALL.map(|state| self.count(mode, state)).iter().sum()
    }

    /// How many there are.
    pub fn total(&self) -> usize {
        Mode::ALL.map(|mode| self.of_mode(mode)).iter().sum()
    }
}
