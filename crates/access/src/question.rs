//! A request in Cedar's words, and Cedar's answer in ours.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    error::Error,
    str::FromStr,
};

use cedar_policy::{
    Authorizer, Context, Decision, Diagnostics, Entities, Entity, EntityId, EntityTypeName,
    EntityUid, RestrictedExpression,
};

use crate::{DataState, Policies, Reason, Request, permit::Answer};

/// Asks Cedar; every way to fail is a no.
pub(crate) fn decide(policies: &Policies, request: &Request) -> Answer {
    if !is_defined(policies, request).unwrap_or(false) {
        return Err(Reason::Malformed);
    }
    let (question, entities) = translate(policies, request).map_err(|_| Reason::Malformed)?;
    let response = Authorizer::new().is_authorized(&question, &policies.rules, &entities);
    if response.diagnostics().errors().next().is_some() {
        return Err(Reason::Undecided);
    }
    let rules = rules_behind(response.diagnostics());
    match response.decision() {
        Decision::Allow if !rules.is_empty() => Ok(rules),
        Decision::Deny if !rules.is_empty() => Err(forbidden(policies, rules)),
        Decision::Allow | Decision::Deny => Err(Reason::NoRulePermits),
    }
}

/// Whether some permit would hold if nothing were forbidden, whatever is declared besides: a quick
/// way to see that the answer is always no.
pub(crate) fn may_ever_permit(policies: &Policies, request: &Request) -> bool {
    if !is_defined(policies, request).unwrap_or(false) {
        return false;
    }
    let Ok((question, entities)) = translate(policies, request) else {
        return false;
    };
    policies.permits_read_declarations
        || Authorizer::new()
            .is_authorized(&question, &policies.permits, &entities)
            .decision()
            == Decision::Allow
}

/// Whether the schema knows the act for this kind of resource, and the kind can be in the state.
fn is_defined(policies: &Policies, request: &Request) -> Result<bool, Untranslatable> {
    let kind = request.resource.kind;
    let action = uid("Action", request.action.word())?;
    let wanted = EntityTypeName::from_str(kind.entity_type())?;
    let known = policies
        .schema
        .resources_for_action(&action)
        .is_some_and(|mut kinds| kinds.any(|kind| *kind == wanted));
    Ok(known && (kind.holds_data() || request.resource.state == DataState::NoData))
}

fn rules_behind(diagnostics: &Diagnostics) -> Vec<String> {
    let rules: BTreeSet<_> = diagnostics.reason().map(ToString::to_string).collect();
    rules.into_iter().collect()
}

fn forbidden(policies: &Policies, rules: Vec<String>) -> Reason {
    let citations: BTreeSet<_> = rules
        .iter()
        .filter_map(|rule| policies.citation(rule))
        .map(str::to_owned)
        .collect();
    Reason::Forbidden {
        rules,
        citations: citations.into_iter().collect(),
    }
}

/// The errors say only that the schema does not know such a question, so they are not kept.
type Untranslatable = Box<dyn Error>;

fn translate(
    policies: &Policies,
    request: &Request,
) -> Result<(cedar_policy::Request, Entities), Untranslatable> {
    let schema = Some(&policies.schema);
    let principal = uid("Operator", request.operator.id.as_str())?;
    let action = uid("Action", request.action.word())?;
    let resource = uid(request.resource.kind.entity_type(), &request.resource.id)?;
    let entities = policies.actions.clone().add_entities(
        [
            entity(&principal, "role", "Role", request.operator.role.word())?,
            entity(
                &resource,
                "state",
                "DataState",
                request.resource.state.word(),
            )?,
        ],
        schema,
    )?;
    let question =
        cedar_policy::Request::new(principal, action, resource, declaration(request)?, schema)?;
    Ok((question, entities))
}

fn declaration(request: &Request) -> Result<Context, Untranslatable> {
    let mut pairs = Vec::new();
    if let Some(purpose) = request.purpose {
        pairs.push(("purpose".to_owned(), word("Purpose", purpose.word())?));
    }
    if let Some(basis) = request.basis {
        pairs.push(("basis".to_owned(), word("LegalBasis", basis.word())?));
    }
    Ok(Context::from_pairs(pairs)?)
}

fn entity(
    uid: &EntityUid,
    attribute: &str,
    kind: &str,
    value: &str,
) -> Result<Entity, Untranslatable> {
    let attributes = HashMap::from([(attribute.to_owned(), word(kind, value)?)]);
    Ok(Entity::new(uid.clone(), attributes, HashSet::new())?)
}

fn word(kind: &str, value: &str) -> Result<RestrictedExpression, Untranslatable> {
    Ok(RestrictedExpression::new_entity_uid(uid(kind, value)?))
}

fn uid(kind: &str, id: &str) -> Result<EntityUid, Untranslatable> {
    let kind = EntityTypeName::from_str(kind)?;
    Ok(EntityUid::from_type_name_and_id(kind, EntityId::new(id)))
}
