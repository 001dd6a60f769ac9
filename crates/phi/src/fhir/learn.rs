//! What FHIR resources know about their patients.

use serde_json::{Map, Value};

use super::link;
use crate::{
    age, dates,
    label::Label,
    transform::{DeidError, Fact, People},
};

/// Takes in a resource or all resources of a bundle.
pub(crate) fn learn(
    people: &mut People,
    document: &Value,
    reference_year: i32,
) -> Result<(), DeidError> {
    if document
        .get("resourceType")
        .and_then(Value::as_str)
        .is_none()
    {
        return Err(DeidError::NotAResource);
    }
    learn_bundle(people, document, reference_year);
    learn_resource(people, document, reference_year);
    Ok(())
}

/// Takes in the resources of a bundle; nothing for another resource.
pub(super) fn learn_bundle(people: &mut People, bundle: &Value, reference_year: i32) {
    let entries = bundle.get("entry").and_then(Value::as_array);
    for entry in entries.into_iter().flatten() {
        let Some(resource) = entry.get("resource") else {
            continue;
        };
        let url = text(entry, "fullUrl").map(link::key).unwrap_or_default();
        let key = text(resource, "id").unwrap_or(url);
        people.name_type(key, text(resource, "resourceType").unwrap_or_default());
        if url != key && !url.is_empty() {
            people.name_alias(url, key);
        }
        learn_resource(people, resource, reference_year);
    }
}

fn learn_resource(people: &mut People, resource: &Value, reference_year: i32) {
    let facts = match text(resource, "resourceType") {
        Some("Patient") => patient(resource),
        Some("RelatedPerson") => related(resource),
        Some("Coverage") => coverage(resource),
        _ => return,
    };
    let person = match text(resource, "resourceType") {
        Some("Patient") => text(resource, "id"),
        _ => ["patient", "beneficiary"]
            .into_iter()
            .find_map(|key| text(resource.get(key)?, "reference"))
            .map(link::key),
    };
    let over_89 = ["birthDate"].into_iter().any(|key| {
        text(resource, key)
            .and_then(dates::to_year)
            .is_some_and(|year| age::year_reveals(year, reference_year))
    });
    if let Some(person) = person {
        let person = people.resolved(person).to_owned();
        people.learn(
            &person,
            facts,
            over_89 && text(resource, "resourceType") == Some("Patient"),
        );
    }
}

fn patient(resource: &Value) -> Vec<Fact> {
    let mut facts = Vec::new();
    facts.extend(names(resource).into_iter().map(Fact::Name));
    facts.extend(maiden_names(resource).map(Fact::Relative));
    facts.extend(
        ["birthDate", "deceasedDateTime"]
            .into_iter()
            .filter_map(|key| Some(Fact::Date(text(resource, key)?.get(..10)?.to_owned()))),
    );
    facts.extend(reach(resource));
    for contact in items(resource, "contact") {
        facts.extend(names(contact).into_iter().map(Fact::Relative));
        facts.extend(reach(contact));
    }
    facts
}

fn related(resource: &Value) -> Vec<Fact> {
    let mut facts: Vec<_> = names(resource).into_iter().map(Fact::Relative).collect();
    facts.extend(reach(resource));
    facts
}

fn coverage(resource: &Value) -> Vec<Fact> {
    text(resource, "subscriberId")
        .map(|number| Fact::Number(Label::HealthPlan, number.to_owned()))
        .into_iter()
        .collect()
}

/// Every HumanName, as one line.
fn names(resource: &Value) -> Vec<String> {
    items(resource, "name")
        .filter_map(|name| {
            let given = items(name, "given").filter_map(Value::as_str);
            let parts: Vec<&str> = given.chain(text(name, "family")).collect();
            let whole = if parts.is_empty() {
                text(name, "text")?.to_owned()
            } else {
                parts.join(" ")
            };
            Some(whole).filter(|whole| !whole.is_empty())
        })
        .collect()
}

fn maiden_names(resource: &Value) -> impl Iterator<Item = String> {
    items(resource, "extension")
        .filter_map(|extension| {
            let url = text(extension, "url")?;
            (url.ends_with("mothersMaidenName")).then(|| text(extension, "valueString"))?
        })
        .map(str::to_owned)
}

/// Telephone numbers, e-mail, addresses and identifiers.
fn reach(resource: &Value) -> Vec<Fact> {
    let mut facts = Vec::new();
    for telecom in items(resource, "telecom") {
        let label = match text(telecom, "system") {
            Some("email") => Label::Email,
            Some("fax") => Label::Fax,
            Some("url") => Label::Url,
            _ => Label::Phone,
        };
        facts.extend(text(telecom, "value").map(|value| Fact::Number(label, value.to_owned())));
    }
    for address in items(resource, "address") {
        let mut lines: Vec<&str> = items(address, "line").filter_map(Value::as_str).collect();
        lines.extend(
            ["city", "district", "postalCode"]
                .into_iter()
                .filter_map(|key| text(address, key)),
        );
        facts.push(Fact::Address(lines.join("\n")));
    }
    for identifier in items(resource, "identifier") {
        let label = super::rules::identifier_label(identifier);
        facts.extend(text(identifier, "value").map(|value| Fact::Number(label, value.to_owned())));
    }
    facts
}

/// The elements under a key, whether it holds one or several.
fn items<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> + use<'v> {
    let found = value.get(key);
    let (many, one) = match found {
        Some(Value::Array(items)) => (Some(items), None),
        other => (None, other),
    };
    many.into_iter().flatten().chain(one)
}

fn text<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value
        .as_object()
        .and_then(|fields: &Map<String, Value>| fields.get(key)?.as_str())
}
