//! What FHIR resources know about their patients.

use std::borrow::Cow;

use formats::fhir::{Document, Element};

use super::{link, rules};
use crate::{
    age, dates,
    label::Label,
    transform::{DeidError, Deidentifier, Fact, Individual},
};

/// Takes in a resource or all resources of a bundle.
pub(super) fn learn(work: &mut Deidentifier<'_>, document: Document<'_>) -> Result<(), DeidError> {
    let root = document.root();
    if root.text_of("resourceType").is_none() {
        return Err(DeidError::NotAResource);
    }
    learn_bundle(work, root);
    if let (Some(id), Some(name)) = (root.text_of("id"), root.text_of("resourceType")) {
        work.people.name_type(&id, &name);
    }
    learn_resource(work, root);
    Ok(())
}

/// Takes in the resources of a bundle; nothing for another resource.
pub(super) fn learn_bundle(work: &mut Deidentifier<'_>, bundle: Element<'_>) {
    let Some(entries) = bundle.get("entry") else {
        return;
    };
    for entry in entries.items() {
        let Some(resource) = entry.get("resource") else {
            continue;
        };
        let url = entry.text_of("fullUrl").unwrap_or_default();
        let url = link::key(&url);
        let id = resource.text_of("id");
        let key = id.as_deref().unwrap_or(url);
        let name = resource.text_of("resourceType").unwrap_or_default();
        work.people.name_type(key, &name);
        if url != key && !url.is_empty() {
            work.people.name_alias(url, key);
        }
        learn_resource(work, resource);
    }
}

fn learn_resource(work: &mut Deidentifier<'_>, resource: Element<'_>) {
    let name = resource.text_of("resourceType").unwrap_or_default();
    let facts = match name.as_ref() {
        "Patient" => patient(resource),
        "RelatedPerson" => related(resource),
        "Coverage" => coverage(resource),
        _ => return,
    };
    let reference_year = work.rewriter.reference_year();
    let over_89 = name == "Patient"
        && resource
            .text_of("birthDate")
            .and_then(|date| dates::to_year(&date))
            .is_some_and(|year| age::year_reveals(year, reference_year));
    let person = if name == "Patient" {
        person_of_patient(work, resource)
    } else {
        let key = ["patient", "beneficiary"]
            .into_iter()
            .find_map(|key| resource.get(key)?.text_of("reference"));
        key.and_then(|key| person_of_key(work, link::key(&key)))
    };
    if let Some(person) = person {
        work.people.learn_of(person, facts, over_89);
    }
}

/// The person of a Patient: known by its id and its medical record numbers.
pub(super) fn person_of_patient(
    work: &mut Deidentifier<'_>,
    patient: Element<'_>,
) -> Option<Individual> {
    let id = patient.text_of("id");
    let numbers = patient
        .get("identifier")
        .into_iter()
        .flat_map(Element::each);
    let numbers = numbers
        .filter(|identifier| rules::identifier_label(*identifier) == Label::Mrn)
        .filter_map(|identifier| identifier.text_of("value"));
    let keys: Vec<Cow<'_, str>> = id.into_iter().chain(numbers).collect();
    let keys: Vec<&str> = keys.iter().map(AsRef::as_ref).collect();
    let birth_date = patient.text_of("birthDate");
    work.person_known_by(&keys, birth_date.as_deref())
}

/// The person of a Patient with this id, wherever it is referred to.
pub(super) fn person_of_key(work: &mut Deidentifier<'_>, key: &str) -> Option<Individual> {
    let id = work.people.resolved(key).to_owned();
    work.person_known_by(&[&id], None)
}

fn patient(resource: Element<'_>) -> Vec<Fact> {
    let mut facts = Vec::new();
    facts.extend(names(resource).into_iter().map(Fact::Name));
    facts.extend(maiden_names(resource).map(Fact::Relative));
    facts.extend(
        ["birthDate", "deceasedDateTime"]
            .into_iter()
            .filter_map(|key| Some(Fact::Date(resource.text_of(key)?.get(..10)?.to_owned()))),
    );
    facts.extend(reach(resource));
    for contact in each(resource, "contact") {
        facts.extend(names(contact).into_iter().map(Fact::Relative));
        facts.extend(reach(contact));
    }
    facts
}

fn related(resource: Element<'_>) -> Vec<Fact> {
    let mut facts: Vec<_> = names(resource).into_iter().map(Fact::Relative).collect();
    facts.extend(reach(resource));
    facts
}

fn coverage(resource: Element<'_>) -> Vec<Fact> {
    resource
        .text_of("subscriberId")
        .map(|number| Fact::Number(Label::HealthPlan, number.into_owned()))
        .into_iter()
        .collect()
}

/// Every HumanName, as one line.
fn names(resource: Element<'_>) -> Vec<String> {
    each(resource, "name")
        .map(name_of)
        .filter(|name| !name.is_empty())
        .collect()
}

/// The given names and the family name, else the whole text; empty if there is none.
pub(super) fn name_of(name: Element<'_>) -> String {
    let words = |key| each(name, key).filter_map(Element::text);
    let mut whole = String::new();
    for word in words("given").chain(words("family")) {
        push_word(&mut whole, &word);
    }
    if whole.is_empty() {
        words("text").for_each(|word| push_word(&mut whole, &word));
    }
    whole
}

fn push_word(line: &mut String, word: &str) {
    if !line.is_empty() {
        line.push(' ');
    }
    line.push_str(word);
}

fn maiden_names(resource: Element<'_>) -> impl Iterator<Item = String> {
    each(resource, "extension").filter_map(|extension| {
        let url = extension.text_of("url")?;
        let name = extension.text_of("valueString");
        url.ends_with("mothersMaidenName")
            .then_some(name?.into_owned())
    })
}

/// Telephone numbers, e-mail, addresses and identifiers.
fn reach(resource: Element<'_>) -> Vec<Fact> {
    let mut facts = Vec::new();
    for telecom in each(resource, "telecom") {
        let label = rules::contact_kind(telecom).label().unwrap_or(Label::Phone);
        let value = telecom.text_of("value");
        facts.extend(value.map(|value| Fact::Number(label, value.into_owned())));
    }
    for address in each(resource, "address") {
        let lines = each(address, "line").filter_map(Element::text);
        let places = ["city", "district", "postalCode"];
        let places = places.into_iter().filter_map(|key| address.text_of(key));
        let lines: Vec<_> = lines.chain(places).collect();
        facts.push(Fact::Address(lines.join("\n")));
    }
    for identifier in each(resource, "identifier") {
        let label = rules::identifier_label(identifier);
        let value = identifier.text_of("value");
        facts.extend(value.map(|value| Fact::Number(label, value.into_owned())));
    }
    facts
}

/// The elements under a key, whether it holds one or several.
fn each<'d>(element: Element<'d>, key: &str) -> impl Iterator<Item = Element<'d>> + use<'d> {
    element.get(key).into_iter().flat_map(Element::each)
}
