use domain::{Action, Digest, LegalBasis, Purpose, Timestamp};

use crate::{Operator, Policies, Reason, Refusal, Request, Resource, question};

/// Proof that an act was permitted: what every function of `flow` asks for.
///
/// Only [`authorize`] makes one; the fields are private:
///
/// ```compile_fail
/// use cloister_access::{Permit, Request};
/// fn forge(request: Request, decision: domain::Digest) -> Permit {
///     Permit { request, decision, rules: vec![] }
/// }
/// ```
///
/// A permit cannot be copied, so it does not travel further than it is handed:
///
/// ```compile_fail
/// use cloister_access::Permit;
/// fn keep(permit: &Permit) -> Permit {
///     permit.clone()
/// }
/// ```
#[derive(Debug, PartialEq, Eq)]
pub struct Permit {
    request: Request,
    rules: Vec<String>,
    decision: Digest,
}

/// Decides a request: a [`Permit`] when a rule permits it and none forbids it.
///
/// Fails closed: an act that is not defined for the kind of resource, a state that the kind cannot
/// be in and a rule that cannot be evaluated are all refused.
///
/// ```
/// use cloister_access::{DataState, Operator, Policies, Request, Resource, authorize};
/// use domain::{Action, DatasetId, OperatorId, Role, Timestamp};
///
/// let policies = Policies::built_in().unwrap();
/// let researcher = Operator::new(OperatorId::new("ada").unwrap(), Role::Researcher);
/// let raw = Resource::dataset(&DatasetId::new("visits").unwrap(), DataState::Identified);
/// let request = Request::new(researcher, Action::ReadData, raw, Timestamp::from_millis(0));
///
/// let refusal = authorize(&policies, request).unwrap_err();
/// assert!(refusal.rules().contains(&"researcher-never-sees-phi".to_owned()));
/// ```
pub fn authorize(policies: &Policies, request: Request) -> Result<Permit, Refusal> {
    let answer = question::decide(policies, &request);
    let decision = policies.decision(&request, &answer);
    match answer {
        Ok(rules) => Ok(Permit {
            request,
            rules,
            decision,
        }),
        Err(reason) => Err(Refusal::new(request, reason, decision)),
    }
}

impl Permit {
    /// Who may.
    pub const fn operator(&self) -> &Operator {
        &self.request.operator
    }

    /// What they may do.
    pub const fn action(&self) -> Action {
        self.request.action
    }

    /// To what.
    pub const fn resource(&self) -> &Resource {
        &self.request.resource
    }

    /// What for.
    pub const fn purpose(&self) -> Option<Purpose> {
        self.request.purpose
    }

    /// What permits it by law.
    pub const fn basis(&self) -> Option<LegalBasis> {
        self.request.basis
    }

    /// When it was decided.
    pub const fn decided_at(&self) -> Timestamp {
        self.request.now
    }

    /// The rules that permitted it (`@id` of each, in alphabetical order).
    pub fn rules(&self) -> &[String] {
        &self.rules
    }

    /// Digest of the policies, the request and the answer; `replay` it with the same three.
    pub const fn decision(&self) -> Digest {
        self.decision
    }

    /// Whether the permit is for this act.
    pub fn covers(&self, action: Action) -> bool {
        self.request.action == action
    }
}

/// What Cedar answered: the rules that permitted, or why not.
pub(crate) type Answer = Result<Vec<String>, Reason>;
