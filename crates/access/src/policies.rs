use std::str::FromStr;

use cedar_policy::{
    Effect, Entities, Policy, PolicyId, PolicySet, Schema, ValidationMode, Validator,
};
use domain::{Code, Digest, Explain};
use thiserror::Error;

use crate::{Reason, Request, codes, permit::Answer};

/// The rules that decide, validated strictly against their schema.
///
/// Each rule has an `@id` and an `@cites`; the id is what refusals and permits name.
#[derive(Clone, Debug)]
pub struct Policies {
    pub(crate) rules: PolicySet,
    pub(crate) schema: Schema,
    /// The acts with their groups, the same for every request.
    pub(crate) actions: Entities,
    /// The permits alone.
    pub(crate) permits: PolicySet,
    /// Whether a permit depends on what is declared; then it shows only with the declaration.
    pub(crate) permits_read_declarations: bool,
    digest: Digest,
}

/// Why policies cannot be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// The schema is not a Cedar schema.
    #[error("the schema of the policies cannot be read")]
    Schema(#[source] Box<cedar_policy::CedarSchemaError>),
    /// The rules are not Cedar policies.
    #[error("the policies cannot be read")]
    Syntax(#[source] Box<cedar_policy::ParseErrors>),
    /// A rule uses a word outside the schema, or could fail when it is applied.
    #[error("the policies do not keep to their schema: {0}")]
    Invalid(String),
    /// A rule without `@id` or `@cites`.
    #[error("rule {0} of the policies lacks an `@id` or a `@cites`")]
    Nameless(usize),
    /// Two rules with one `@id`, or a template.
    #[error("the policies contain the id `{0}` twice")]
    Repeated(String),
}

impl Policies {
    /// The rules that come with Cloister: `policies/cloister.cedar`.
    pub fn built_in() -> Result<Self, PolicyError> {
        Self::parse(RULES, SCHEMA)
    }

    /// Parses rules and schema, and validates the rules in Cedar's strict mode.
    pub fn parse(rules: &str, schema: &str) -> Result<Self, PolicyError> {
        let digest = seal::digest(format!("{}\n{rules}\n{schema}", rules.len()).as_bytes());
        let (schema, _) = Schema::from_cedarschema_str(schema)
            .map_err(|cause| PolicyError::Schema(Box::new(cause)))?;
        let rules =
            PolicySet::from_str(rules).map_err(|cause| PolicyError::Syntax(Box::new(cause)))?;
        let rules = named(&rules)?;
        validate(&rules, &schema)?;
        let actions = schema
            .action_entities()
            .map_err(|cause| PolicyError::Invalid(cause.to_string()))?;
        let permits = only_permits(&rules)?;
        Ok(Self {
            permits_read_declarations: permits.to_string().contains("context"),
            permits,
            rules,
            schema,
            actions,
            digest,
        })
    }

    /// SHA-256 over rules and schema: which policies decided.
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    /// The `@id` of every rule, in alphabetical order.
    pub fn rules(&self) -> Vec<String> {
        let mut rules: Vec<_> = self
            .rules
            .policies()
            .map(|rule| rule.id().to_string())
            .collect();
        rules.sort_unstable();
        rules
    }

    /// The paragraph that a rule answers.
    pub fn citation(&self, rule: &str) -> Option<&str> {
        self.rules.annotation(&PolicyId::new(rule), CITES)
    }

    /// Digest of the policies, the request and the answer, over a text with one field a line.
    pub(crate) fn decision(&self, request: &Request, answer: &Answer) -> Digest {
        let outcome = match answer {
            Ok(rules) => format!("permitted by {}", rules.join(" ")),
            Err(Reason::Forbidden { rules, .. }) => format!("forbidden by {}", rules.join(" ")),
            Err(Reason::NoRulePermits) => "no rule permits".to_owned(),
            Err(Reason::Malformed) => "malformed".to_owned(),
            Err(Reason::Undecided) => "undecided".to_owned(),
        };
        let text = format!(
            "cloister decision 1\npolicies {}\n{}\n{outcome}\n",
            self.digest,
            lines(request)
        );
        seal::digest(text.as_bytes())
    }
}

impl Explain for PolicyError {
    fn code(&self) -> Code {
        codes::POLICIES
    }

    fn help(&self) -> String {
        "use the policies that come with Cloister, or correct the rule that is named".to_owned()
    }
}

/// INVARIANT: every field is on a line of its own and the one free text, the resource's id,
/// carries its length, so that two requests never share a text.
fn lines(request: &Request) -> String {
    let Request {
        operator,
        action,
        resource,
        purpose,
        basis,
        now,
    } = request;
    format!(
        "operator {} {}\naction {action}\nresource {} {} {} {}\nstudy {}\npurpose {}\nbasis {}\nnow {now}",
        operator.id,
        operator.role,
        resource.kind,
        resource.state,
        resource.id.len(),
        resource.id,
        resource.study.as_ref().map_or("-", |study| study.as_str()),
        purpose.map_or("-", |purpose| purpose.word()),
        basis.map_or("-", |basis| basis.word()),
    )
}

fn named(rules: &PolicySet) -> Result<PolicySet, PolicyError> {
    let mut named = PolicySet::new();
    for (position, rule) in rules.policies().enumerate() {
        let rule = with_own_id(rule).ok_or(PolicyError::Nameless(position + 1))?;
        let id = rule.id().to_string();
        named.add(rule).map_err(|_| PolicyError::Repeated(id))?;
    }
    Ok(named)
}

fn only_permits(rules: &PolicySet) -> Result<PolicySet, PolicyError> {
    let permits = rules
        .policies()
        .filter(|rule| rule.effect() == Effect::Permit)
        .cloned();
    PolicySet::from_policies(permits).map_err(|cause| PolicyError::Invalid(cause.to_string()))
}

fn with_own_id(rule: &Policy) -> Option<Policy> {
    let id = rule.annotation("id").filter(|id| !id.is_empty())?;
    rule.annotation(CITES).filter(|cited| !cited.is_empty())?;
    Some(rule.new_id(PolicyId::new(id)))
}

fn validate(rules: &PolicySet, schema: &Schema) -> Result<(), PolicyError> {
    let result = Validator::new(schema.clone()).validate(rules, ValidationMode::Strict);
    if result.validation_passed_without_warnings() {
        return Ok(());
    }
    let first = result
        .validation_errors()
        .map(ToString::to_string)
        .chain(result.validation_warnings().map(ToString::to_string))
        .next();
    Err(PolicyError::Invalid(first.unwrap_or_default()))
}

const CITES: &str = "cites";
const RULES: &str = include_str!("../policies/cloister.cedar");
const SCHEMA: &str = include_str!("../policies/cloister.cedarschema");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permit_that_reads_the_declaration_is_noticed() {
        assert!(!Policies::built_in().unwrap().permits_read_declarations);
        let rule = r#"@id("a") @cites("b") permit (principal, action, resource)
            when { context has purpose };"#;
        assert!(
            Policies::parse(rule, SCHEMA)
                .unwrap()
                .permits_read_declarations
        );
    }
}
