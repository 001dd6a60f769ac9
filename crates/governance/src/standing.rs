use std::fmt;

use domain::Timestamp;
use serde::Serialize;

use crate::{Control, Coverage, EvidenceIndex, EvidenceKind, Mode, Requirement, control};

/// The state of a requirement, from the least to the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// The product does nothing about it, or there is no evidence yet that it did.
    NotCovered,
    /// People must do it and sign for it, and no valid statement is on file.
    NeedsPeople,
    /// Part of it: the product covers a part, or some evidence is missing or too old.
    Partly,
    /// All of it, with fresh evidence.
    Holds,
}

/// A requirement's state with the reasons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// The state.
    pub state: State,
    /// What the product does about it.
    pub control: Option<&'static Control>,
    /// Evidence that is there and fresh.
    pub fresh: Vec<EvidenceKind>,
    /// Evidence that is there and too old.
    pub stale: Vec<EvidenceKind>,
    /// Evidence that should be there and is not.
    pub missing: Vec<EvidenceKind>,
}

/// Computes the state of a requirement from the evidence at hand.
///
/// # Guarantee
/// - Without evidence, and without a signed statement, nothing is better than `needs people`.
/// - An enforced requirement without a named test never holds.
/// - More evidence, or newer evidence, never lowers a state.
///
/// ```
/// use cloister_governance::{EvidenceIndex, State, catalogue, standing};
/// use domain::Timestamp;
/// let requirement = catalogue().get("aud-attempts").unwrap();
/// let standing = standing(requirement, &EvidenceIndex::new(), Timestamp::from_millis(0));
/// assert_eq!(standing.state, State::NotCovered);
/// ```
pub fn standing(requirement: &Requirement, index: &EvidenceIndex, now: Timestamp) -> Standing {
    let control = control(requirement.id);
    let mut standing = Standing {
        state: State::NotCovered,
        control,
        fresh: Vec::new(),
        stale: Vec::new(),
        missing: Vec::new(),
    };
    for &kind in control.map_or([].as_slice(), |control| control.evidence) {
        match index.get(kind) {
            None => standing.missing.push(kind),
            Some(entry) if kind.is_fresh(entry.newest, now) => standing.fresh.push(kind),
            Some(_) => standing.stale.push(kind),
        }
    }
    standing.state = match requirement.mode {
        Mode::Attested => attested(requirement, index, now),
        Mode::Enforced | Mode::Evidenced => shown(requirement.mode, &standing),
    };
    standing
}

impl State {
    /// All states, the best first.
    pub const ALL: [Self; 4] = [
        Self::Holds,
        Self::Partly,
        Self::NeedsPeople,
        Self::NotCovered,
    ];

    /// The words of the status table.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Partly => "partly",
            Self::NeedsPeople => "needs people",
            Self::NotCovered => "not covered",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

fn attested(requirement: &Requirement, index: &EvidenceIndex, now: Timestamp) -> State {
    match index.attestation(requirement.id) {
        Some(statement) if statement.expires > now => State::Holds,
        _ => State::NeedsPeople,
    }
}

fn shown(mode: Mode, standing: &Standing) -> State {
    let Some(control) = standing.control else {
        return State::NotCovered;
    };
    if standing.fresh.is_empty() && standing.stale.is_empty() {
        return State::NotCovered;
    }
    let is_tried = mode != Mode::Enforced || !control.tests.is_empty();
    let is_whole = standing.missing.is_empty() && standing.stale.is_empty();
    if control.coverage == Coverage::Full && is_tried && is_whole {
        State::Holds
    } else {
        State::Partly
    }
}
