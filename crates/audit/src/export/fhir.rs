//! HL7 FHIR R4 (4.0.1): a Bundle of AuditEvents; the last resource is a Binary with the trailer.
//!
//! Reads and disclosures claim the profiles of IHE BALP 1.1.4, `IHE.BasicAudit.Read`,
//! `IHE.BasicAudit.PatientRead` and `IHE.BasicAudit.PrivacyDisclosure.Source`; whatever these do
//! not describe claims none. A committed set of persons is one entity with the set's digest: the
//! profiles ask for one AuditEvent a patient, and the references of the set name no patient.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::{Action, Purpose};
use serde_json::{Value, json};

use super::{Line, Trailer, verify::Found};
use crate::{Event, Outcome};

pub(super) const HEAD: &str = "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[\n";

pub(super) fn record(line: &Line<'_>) -> Value {
    let event = line.event;
    let shape = Shape::of(event);
    let mut resource = json!({ "resourceType": "AuditEvent", "id": line.leaf });
    let Some(fields) = resource.as_object_mut() else {
        return resource;
    };
    if let Some(profile) = shape.profile() {
        let url = format!("https://profiles.ihe.net/ITI/BALP/StructureDefinition/{profile}");
        fields.insert("meta".to_owned(), json!({ "profile": [url] }));
    }
    let (kind, subtype, action) = shape.coding(event);
    fields.insert("type".to_owned(), kind);
    fields.insert(
        "subtype".to_owned(),
        json!([subtype, { "system": "urn:cloister:action", "code": event.action }]),
    );
    fields.insert("action".to_owned(), json!(action));
    fields.insert("recorded".to_owned(), json!(event.time));
    fields.insert("outcome".to_owned(), json!(outcome(event.outcome)));
    if let Some(code) = event.code {
        fields.insert("outcomeDesc".to_owned(), json!(code));
    }
    if let Some(purpose) = event.purpose {
        let concept = json!([{ "coding": [reason(purpose)] }]);
        fields.insert("purposeOfEvent".to_owned(), concept);
    }
    fields.insert("agent".to_owned(), agents(event, shape));
    fields.insert(
        "source".to_owned(),
        json!({ "observer": server(), "type": [{
            "system": "http://terminology.hl7.org/CodeSystem/security-source-type", "code": "4" }] }),
    );
    fields.insert("entity".to_owned(), entities(line));
    json!({ "fullUrl": format!("urn:cloister:leaf:{}", line.leaf), "resource": resource })
}

pub(super) fn tail(trailer: &Trailer, after_records: bool) -> String {
    let binary = binary(trailer);
    let comma = if after_records { ",\n" } else { "" };
    format!("{comma}{binary}\n]}}\n")
}

fn binary(trailer: &Trailer) -> Value {
    json!({ "resource": {
        "resourceType": "Binary",
        "contentType": TRAILER,
        "data": STANDARD.encode(trailer.to_json()),
    } })
}

/// Which profile describes an event.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Read,
    PatientRead,
    Disclosure,
    Other,
}

impl Shape {
    fn of(event: &Event) -> Self {
        let reads = matches!(event.action, Action::ReadData | Action::Predict);
        match (event.outcome, event.action) {
            (Outcome::Done, Action::Disclose)
                if event.person.is_some() && event.recipient.is_some() =>
            {
                Self::Disclosure
            }
            (Outcome::Done, _) if reads && event.person.is_some() => Self::PatientRead,
            (Outcome::Done, _) if reads => Self::Read,
            _ => Self::Other,
        }
    }

    const fn profile(self) -> Option<&'static str> {
        match self {
            Self::Read => Some("IHE.BasicAudit.Read"),
            Self::PatientRead => Some("IHE.BasicAudit.PatientRead"),
            Self::Disclosure => Some("IHE.BasicAudit.PrivacyDisclosure.Source"),
            Self::Other => None,
        }
    }

    /// Type, first subtype and action code.
    fn coding(self, event: &Event) -> (Value, Value, &'static str) {
        let rest = json!({
            "system": "http://terminology.hl7.org/CodeSystem/audit-event-type", "code": "rest" });
        let read = json!({ "system": "http://hl7.org/fhir/restful-interaction", "code": "read" });
        match self {
            Self::Read | Self::PatientRead => (rest, read, "R"),
            Self::Disclosure => (dicom("110106"), disclose(), "R"),
            Self::Other => {
                let (code, action) = other(event.action);
                (dicom(code), dicom(code), action)
            }
        }
    }
}

/// DICOM audit code and the letter of FHIR's action.
const fn other(action: Action) -> (&'static str, &'static str) {
    match action {
        Action::Ingest => ("110107", "C"),
        Action::ExportData | Action::Disclose => ("110106", "R"),
        Action::ReadData | Action::Assess | Action::Classify => ("110112", "E"),
        Action::ReadAudit | Action::VerifyAudit => ("110101", "R"),
        Action::Deidentify | Action::Register | Action::CreateInstance => ("110100", "C"),
        Action::Promote | Action::AssignRole => ("110100", "U"),
        _ => ("110100", "E"),
    }
}

fn agents(event: &Event, shape: Shape) -> Value {
    let network = network(event);
    let client = json!({
        "type": { "coding": [dicom(if shape == Shape::Disclosure { "110153" } else { "110152" })] },
        "who": server(), "requestor": false, "network": network });
    let mut agents = vec![client];
    if shape == Shape::Disclosure {
        let recipient = event
            .recipient
            .as_ref()
            .map_or("", |recipient| recipient.as_str());
        agents.push(json!({
            "type": { "coding": [dicom("110152")] },
            "who": { "identifier": { "system": "urn:cloister:recipient", "value": recipient } },
            "requestor": false,
            "network": { "address": recipient, "type": "1" } }));
    } else {
        agents.push(json!({
            "type": { "coding": [dicom("110153")] },
            "who": server(), "requestor": false, "network": network }));
    }
    agents.push(user(event));
    Value::from(agents)
}

fn user(event: &Event) -> Value {
    let mut user = json!({
        "type": { "coding": [{
            "system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationType",
            "code": "IRCP" }] },
        "who": { "identifier": { "system": "urn:cloister:operator", "value": event.actor } },
        "name": event.actor,
        "requestor": true,
        "role": [{ "coding": [{ "system": "urn:cloister:role", "code": event.role }] }],
    });
    if let (Some(purpose), Some(fields)) = (event.purpose, user.as_object_mut()) {
        let concept = json!([{ "coding": [reason(purpose)] }]);
        fields.insert("purposeOfUse".to_owned(), concept);
    }
    user
}

fn entities(line: &Line<'_>) -> Value {
    let event = line.event;
    let mut details = vec![json!({ "type": "kind", "valueString": event.object.kind })];
    let counts = [("rows", event.rows), ("persons", event.persons)];
    details.extend(counts.into_iter().filter_map(|(name, count)| {
        Some(json!({ "type": name, "valueString": count?.to_string() }))
    }));
    let mut entities = vec![json!({
        "what": { "identifier": { "system": "urn:cloister:object", "value": event.object.id } },
        "type": entity_type("2"),
        "role": role("4"),
        "detail": details })];
    if let Some(person) = event.person {
        entities.push(json!({
            "what": { "type": "Patient", "identifier": {
                "system": "urn:cloister:person", "value": person } },
            "type": entity_type("1"),
            "role": role("1") }));
    }
    if let Some(set) = event.set {
        entities.push(json!({
            "what": { "identifier": { "system": "urn:cloister:persons", "value": set } },
            "type": entity_type("4"),
            "description": "a committed set of persons" }));
    }
    entities.push(json!({
        "what": { "identifier": {
            "system": "urn:cloister:log", "value": format!("{}#{}", line.origin, line.index) } },
        "type": entity_type("4"),
        "role": role("13"),
        "detail": [
            { "type": "origin", "valueString": line.origin },
            { "type": "index", "valueString": line.index.to_string() },
            { "type": "leaf", "valueString": line.leaf },
            { "type": "entry", "valueBase64Binary": STANDARD.encode(line.entry) },
        ] }));
    Value::from(entities)
}

fn entity_type(code: &str) -> Value {
    json!({ "system": "http://terminology.hl7.org/CodeSystem/audit-entity-type", "code": code })
}

fn role(code: &str) -> Value {
    json!({ "system": "http://terminology.hl7.org/CodeSystem/object-role", "code": code })
}

fn dicom(code: &str) -> Value {
    json!({ "system": "http://dicom.nema.org/resources/ontology/DCM", "code": code })
}

fn disclose() -> Value {
    json!({
        "system": "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle", "code": "disclose" })
}

fn reason(purpose: Purpose) -> Value {
    let code = match purpose {
        Purpose::Treatment => "TREAT",
        Purpose::Payment => "HPAYMT",
        Purpose::Operations => "HOPERAT",
        Purpose::Research => "HRESCH",
        Purpose::PublicHealth => "PUBHLTH",
        Purpose::Demonstration => {
            return json!({ "system": "urn:cloister:purpose", "code": "demonstration" });
        }
    };
    json!({ "system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": code })
}

fn network(event: &Event) -> Value {
    let name = event
        .device
        .as_ref()
        .map_or("localhost", |device| device.as_str());
    json!({ "address": name, "type": "1" })
}

fn server() -> Value {
    json!({ "identifier": { "system": "urn:cloister:program", "value": "cloister" } })
}

const fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Done => "0",
        Outcome::Refused => "4",
        Outcome::Failed => "8",
        Outcome::Abandoned => "12",
    }
}

/// One entry of a bundle, as text: a record, or nothing if it is not one.
pub(super) fn read(entry: &Value) -> Option<Found> {
    let last = entry.get("resource")?.get("entity")?.as_array()?.last()?;
    let detail = |name: &str, kind: &str| {
        let details = last.get("detail")?.as_array()?.iter();
        let mut named = details.filter(|detail| detail.get("type").is_some_and(|at| at == name));
        named.next()?.get(kind)?.as_str()
    };
    let bytes = STANDARD
        .decode(detail("entry", "valueBase64Binary")?)
        .ok()?;
    Some(Found {
        origin: Some(detail("origin", "valueString")?.to_owned()),
        index: detail("index", "valueString")?.parse().ok()?,
        leaf: detail("leaf", "valueString")?.parse().ok()?,
        entry: String::from_utf8(bytes).ok()?,
        shown: entry.to_string(),
    })
}

pub(super) fn read_tail(entry: &Value) -> Option<Trailer> {
    let binary = entry.get("resource")?;
    if binary.get("contentType")? != TRAILER {
        return None;
    }
    let bytes = STANDARD.decode(binary.get("data")?.as_str()?).ok()?;
    let trailer = Trailer::from_json(str::from_utf8(&bytes).ok()?)?;
    (self::binary(&trailer) == *entry).then_some(trailer)
}

const TRAILER: &str = "application/vnd.cloister.checkpoint+json";
