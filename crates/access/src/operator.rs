use domain::{OperatorId, Role};
use serde::{Deserialize, Serialize};

/// The person who acts, with the one role they act in.
///
/// Source: 45 CFR 164.312(a)(2)(i), unique user identification.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operator {
    /// Who.
    pub id: OperatorId,
    /// In which role.
    pub role: Role,
}

impl Operator {
    /// A person in a role.
    pub const fn new(id: OperatorId, role: Role) -> Self {
        Self { id, role }
    }
}
