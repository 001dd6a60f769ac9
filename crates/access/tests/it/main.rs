//! What the policies permit, against the golden matrix and against the law.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod law;
mod matrix;

use cloister_access::{DataState, Operator, Policies, Request, Resource, ResourceKind};
use domain::{Action, OperatorId, Role, Timestamp};

pub(crate) fn policies() -> Policies {
    Policies::built_in().unwrap()
}

pub(crate) fn ask(role: Role, action: Action, kind: ResourceKind, state: DataState) -> Request {
    let operator = Operator::new(OperatorId::new("ada").unwrap(), role);
    Request::new(
        operator,
        action,
        Resource::new(kind, "thing", state),
        Timestamp::from_millis(1_795_359_604_123),
    )
}
