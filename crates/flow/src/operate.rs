//! Operating an instance: who works here, what was spent, whether all is whole.

pub mod approval;
pub mod backup;
pub mod dataset;
pub mod disposal;
pub mod doctor;
pub mod key;
pub mod ledger;
pub mod retention;
pub mod vault;

use access::{Operator, Policies, Request, Resource, authorize};
use audit::{Event, Object, ObjectKind, Outcome};
use domain::{Action, Clock, OperatorId, Role};
use store::{Noun, Store};

use crate::{Desk, StageError, record::Run};

/// The operator of an instance.
pub fn operator(store: &Store) -> Result<Operator, StageError> {
    let found = store.find::<Operator>(Noun::Operator, LOCAL)?;
    found
        .map(|record| record.body)
        .ok_or(StageError::Stored("the instance has no operator"))
}

/// Records the first operator of a new instance.
///
/// Whoever makes the instance holds its passphrase and so decides the role; making it is an
/// administrator's act, logged under that role.
pub fn install(
    store: &Store,
    policies: &Policies,
    id: OperatorId,
    role: Role,
    clock: &dyn Clock,
) -> Result<Operator, StageError> {
    let maker = Operator::new(id.clone(), Role::Administrator);
    let request = Request::new(
        maker,
        Action::CreateInstance,
        Resource::instance(),
        clock.now(),
    );
    let permit = authorize(policies, request)?;
    let operator = Operator::new(id.clone(), role);
    let mut transaction = store.begin()?;
    transaction.insert(Noun::Operator, LOCAL, &operator)?;
    let object = Object::new(ObjectKind::Instance, "instance")
        .map_err(|_| StageError::Stored("an object's id"))?;
    let mut event = Event::new(
        clock.now(),
        id,
        Role::Administrator,
        Action::CreateInstance,
        object,
        Outcome::Done,
    );
    event.decision = Some(permit.decision());
    transaction.commit(event)?;
    Ok(operator)
}

/// Gives the operator another role.
///
/// At this depth there is one local operator who holds the passphrase: taking a role is not held
/// back by the role one has, but it is always in the log. Several operators with log-ins come with
/// identity.
pub fn assign_role(desk: &Desk<'_>, role: Role) -> Result<Operator, StageError> {
    let officer = Operator::new(desk.operator.id.clone(), Role::PrivacyOfficer);
    let acting = desk.acting_as(officer);
    let permit = acting.permit(
        Action::AssignRole,
        Resource::operator(&desk.operator.id),
        None,
    )?;
    let operator = Operator::new(desk.operator.id.clone(), role);
    let mut transaction = desk.store.begin()?;
    let kept = transaction.find::<Operator>(Noun::Operator, LOCAL)?;
    let kept = kept.ok_or(StageError::Stored("the instance has no operator"))?;
    transaction.replace(Noun::Operator, LOCAL, kept.revision, &operator)?;
    transaction.commit(acting.event(&permit, None)?)?;
    Ok(operator)
}

/// Every run of the instance, oldest first.
pub fn runs(desk: &Desk<'_>) -> Result<Vec<Run>, StageError> {
    let mut runs: Vec<Run> = desk
        .store
        .list::<Run>(Noun::Run)?
        .into_iter()
        .map(|record| record.body)
        .collect();
    runs.sort_by(|one, other| (one.started, &one.id).cmp(&(other.started, &other.id)));
    Ok(runs)
}

/// The record of the one local operator.
const LOCAL: &str = "local";
