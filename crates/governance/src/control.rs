use std::collections::BTreeSet;

use serde::Serialize;

use crate::{EvidenceKind, controls as tables};

/// What the product does about a requirement.
///
/// The tables in `controls/` state it; the state of the requirement is computed from evidence by
/// [`crate::standing`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Control {
    /// The requirement's id.
    pub requirement: &'static str,
    /// How far the product goes.
    pub coverage: Coverage,
    /// What in the product does it.
    pub satisfied_by: &'static str,
    /// The evidence that must be there, all of it.
    pub evidence: &'static [EvidenceKind],
    /// The tests that try the forbidden act, as `room::test`.
    pub tests: &'static [&'static str],
    /// What is not covered; never empty when the coverage is partial.
    pub limits: &'static str,
}

/// How far the product goes towards a requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Coverage {
    /// Some of it: the state is never better than `partly`.
    Partial,
    /// All of the requirement's text, and all that its `software` column plans, through every
    /// door there is today, which is the command line.
    Full,
}

/// Every control, in the order of the tables.
pub fn controls() -> impl Iterator<Item = &'static Control> {
    tables::ALL.iter().copied().flatten()
}

/// The control of a requirement, if the product does anything about it.
pub fn control(requirement: &str) -> Option<&'static Control> {
    controls().find(|control| control.requirement == requirement)
}

/// Every test that a control names, in alphabetical order: a test suite checks that they exist.
pub fn referenced_tests() -> BTreeSet<&'static str> {
    controls()
        .flat_map(|control| control.tests.iter().copied())
        .collect()
}
