//! Where an operator works: the store, the rules, the clock. Every act passes here first.

use access::{Operator, Permit, Policies, Request, Resource, ResourceKind};
use audit::{Event, Object, ObjectKind, Outcome, Strength, Word};
use domain::{Action, Clock, Explain, LegalBasis, Purpose, RunId, StudyId, Timestamp};
use seal::SystemEntropy;
use store::Store;

use crate::StageError;

/// The place an operator works at. It asks for permits and writes the lines of the log.
#[derive(Clone, Debug)]
pub struct Desk<'a> {
    /// Where things stay.
    pub store: &'a Store,
    /// Who works here, in which role.
    pub operator: Operator,
    policies: &'a Policies,
    clock: &'a dyn Clock,
    /// From which device; stands in the log.
    device: Option<Word>,
}

/// What a study declares about every act done for it.
#[derive(Clone, Debug)]
pub struct Cause {
    /// The study.
    pub study: StudyId,
    /// The run.
    pub run: Option<RunId>,
    /// Declared purpose.
    pub purpose: Purpose,
    /// Declared legal basis.
    pub basis: LegalBasis,
}

impl<'a> Desk<'a> {
    /// A desk for an operator.
    pub fn new(
        store: &'a Store,
        policies: &'a Policies,
        operator: Operator,
        clock: &'a dyn Clock,
    ) -> Self {
        Self {
            store,
            operator,
            policies,
            clock,
            device: None,
        }
    }

    /// The same desk on a device that the log names: by a digest or a short safe word.
    #[must_use]
    pub fn on_device(mut self, device: Word) -> Self {
        self.device = Some(device);
        self
    }

    /// The present moment.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A source of randomness for keys, codes and noise.
    #[expect(
        clippy::unused_self,
        reason = "randomness comes from the desk, as the time does"
    )]
    pub fn entropy(&self) -> SystemEntropy {
        SystemEntropy::new()
    }

    /// The same desk with another operator at it.
    pub(crate) fn acting_as(&self, operator: Operator) -> Self {
        Self {
            operator,
            store: self.store,
            policies: self.policies,
            clock: self.clock,
            device: self.device.clone(),
        }
    }

    /// Asks whether the operator may do this; a refusal is in the log before it is returned.
    pub fn permit(
        &self,
        action: Action,
        resource: Resource,
        cause: Option<&Cause>,
    ) -> Result<Permit, StageError> {
        let refused = resource.clone();
        let mut request = Request::new(self.operator.clone(), action, resource, self.now());
        if let Some(cause) = cause {
            request = request.declaring(cause.purpose, cause.basis);
        }
        access::authorize(self.policies, request).or_else(|refusal| {
            let error = StageError::from(refusal);
            self.note_refusal(action, &refused, cause, &error)?;
            Err(error)
        })
    }

    /// The line of the log for a permitted act that is done.
    pub fn event(&self, permit: &Permit, cause: Option<&Cause>) -> Result<Event, StageError> {
        let event = self.line(permit.action(), permit.resource(), cause, Outcome::Done)?;
        Ok(event.decision(permit.decision()))
    }

    /// Writes a line for a permitted act that changes nothing, before its result is shown.
    pub fn note(&self, permit: &Permit, cause: Option<&Cause>) -> Result<(), StageError> {
        self.store.record(self.event(permit, cause)?)?;
        Ok(())
    }

    /// Writes a line for an act that policy or budget refused.
    pub(crate) fn note_refusal(
        &self,
        action: Action,
        resource: &Resource,
        cause: Option<&Cause>,
        error: &StageError,
    ) -> Result<(), StageError> {
        let event = self.line(action, resource, cause, Outcome::Refused)?;
        self.store.record(event.code(error.code()))?;
        Ok(())
    }

    fn line(
        &self,
        action: Action,
        resource: &Resource,
        cause: Option<&Cause>,
        outcome: Outcome,
    ) -> Result<Event, StageError> {
        let object = object(resource)?;
        let operator = &self.operator;
        let mut event = Event::new(
            self.now(),
            operator.id.clone(),
            operator.role,
            action,
            object,
            outcome,
        );
        // At this depth whoever acts holds the passphrase of the instance.
        event = event
            .session(Strength::Passphrase)
            .policy(self.policies.digest());
        event.device.clone_from(&self.device);
        if let Some(cause) = cause {
            event = event
                .study(cause.study.clone())
                .purpose(cause.purpose)
                .basis(cause.basis);
            event.run.clone_from(&cause.run);
        }
        Ok(event)
    }
}

fn object(resource: &Resource) -> Result<Object, StageError> {
    let kind = match resource.kind {
        ResourceKind::Instance => ObjectKind::Instance,
        ResourceKind::Study => ObjectKind::Study,
        ResourceKind::Dataset => ObjectKind::Dataset,
        ResourceKind::Model => ObjectKind::Model,
        ResourceKind::Log => ObjectKind::Log,
        ResourceKind::Catalogue => ObjectKind::Catalogue,
        ResourceKind::Report => ObjectKind::Report,
        ResourceKind::Budget => ObjectKind::Budget,
        ResourceKind::Keys => ObjectKind::Key,
        ResourceKind::Operators => ObjectKind::Operator,
        ResourceKind::File => ObjectKind::File,
    };
    Object::new(kind, resource.id.as_str()).map_err(|_| StageError::Stored("an object's id"))
}
