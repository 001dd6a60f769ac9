use domain::{Action, LegalBasis, Purpose, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{Operator, Resource};

/// May this person do this, to that, for this purpose, now?
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Who asks.
    pub operator: Operator,
    /// What they want to do.
    pub action: Action,
    /// To what.
    pub resource: Resource,
    /// What for; needed for every act that sees rows.
    pub purpose: Option<Purpose>,
    /// What permits it; needed with the purpose.
    pub basis: Option<LegalBasis>,
    /// When. It is part of the decision's digest; no rule depends on it yet.
    pub now: Timestamp,
}

impl Request {
    /// A request without a declared purpose and legal basis.
    pub const fn new(
        operator: Operator,
        action: Action,
        resource: Resource,
        now: Timestamp,
    ) -> Self {
        Self {
            operator,
            action,
            resource,
            purpose: None,
            basis: None,
            now,
        }
    }

    /// The same request with its purpose and legal basis declared.
    #[must_use]
    pub fn declaring(self, purpose: Purpose, basis: LegalBasis) -> Self {
        Self {
            purpose: Some(purpose),
            basis: Some(basis),
            ..self
        }
    }
}
