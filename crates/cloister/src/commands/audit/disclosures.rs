use ::access::Resource;
use domain::{Action, Phi, Purpose, Timestamp};
use flow::govern::log::{self, Accounting, DisclosureNote, Recipient};
use serde_json::{Value, json};

use super::{moment, short_word};
use crate::{
    arguments::{Arguments, Disclose},
    codes,
    failure::Failure,
    screen::{self, Screen},
    wire::Instance,
};

pub(super) fn disclose(
    arguments: &Arguments,
    words: &Disclose,
    screen: Screen,
) -> Result<(), Failure> {
    let recipient = words.name.clone().map(|name| Recipient {
        name,
        address: words.address.clone(),
    });
    let id = short_word(&words.recipient)?;
    let purpose: Purpose = words.purpose.parse().map_err(|cause| {
        let cause: domain::WordError = cause;
        Failure::new(
            codes::WORDS,
            "the purpose is not known here",
            cause.to_string(),
        )
    })?;
    let instance = Instance::open(arguments)?;
    let desk = instance.desk();
    let permit = desk.permit(Action::Disclose, Resource::log(), None)?;
    let date = match &words.date {
        Some(date) => moment(date)?,
        None => desk.now(),
    };
    let note = DisclosureNote {
        date,
        description: words.description.clone(),
        purpose,
    };
    let person = Phi::new(words.person.clone());
    let entry = log::disclose(&permit, &desk, &person, (&id, recipient.as_ref()), &note)?;
    screen.result(
        &format!("the disclosure to `{id}` stands in the log as entry {entry}"),
        &json!({ "entry": entry, "recipient": id, "date": date }),
    );
    Ok(())
}

pub(super) fn account(
    arguments: &Arguments,
    person: &str,
    (since, until): (Option<&str>, Option<&str>),
    format: &str,
    screen: Screen,
) -> Result<(), Failure> {
    let instance = Instance::open(arguments)?;
    let desk = instance.desk();
    let permit = desk.permit(Action::ReadAudit, Resource::log(), None)?;
    let now = desk.now();
    let until = until
        .map(moment)
        .transpose()?
        .unwrap_or_else(|| Timestamp::from_millis(now.as_millis().saturating_add(1)));
    let since = since
        .map(moment)
        .transpose()?
        .unwrap_or_else(|| Timestamp::from_millis(now.as_millis().saturating_sub(SIX_YEARS)));
    let account = log::account(&permit, &desk, &Phi::new(person.to_owned()), (since, until))?;
    let document = if format == "fhir" {
        bundle(&account)
    } else {
        json!(account)
    };
    let text = if format == "text" {
        text(&account)
    } else {
        serde_json::to_string_pretty(&document).unwrap_or_default()
    };
    screen.result(&text, &document);
    Ok(())
}

fn text(account: &Accounting) -> String {
    let day = |moment: Timestamp| moment.to_string().chars().take(10).collect::<String>();
    let heading = [
        "date",
        "recipient",
        "address",
        "description",
        "purpose",
        "entry",
    ];
    let mut rows = vec![heading.map(str::to_owned).to_vec()];
    rows.extend(account.disclosures.iter().map(|line| {
        vec![
            day(line.date),
            line.recipient.clone(),
            line.address.clone().unwrap_or_default(),
            line.description.clone(),
            line.purpose
                .map_or_else(String::new, |purpose| purpose.to_string()),
            line.entry.to_string(),
        ]
    }));
    let count = account.disclosures.len();
    format!(
        "Accounting of disclosures, 45 CFR 164.528, from {} to {}: {count}\n\n{}",
        day(account.since),
        day(account.until),
        screen::table(&rows)
    )
}

/// A FHIR R4 Bundle of AuditEvents after the profile IHE.BasicAudit.PrivacyDisclosure.Source.
fn bundle(account: &Accounting) -> Value {
    let person = account
        .person
        .map(|person| person.to_string())
        .unwrap_or_default();
    let entries = account.disclosures.iter().map(|line| {
        let source = json!({ "identifier": {
            "system": "urn:cloister:program", "value": "cloister" } });
        json!({ "fullUrl": format!("urn:cloister:leaf:{}", line.leaf), "resource": {
            "resourceType": "AuditEvent",
            "meta": { "profile": [
                "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.PrivacyDisclosure.Source"] },
            "type": { "system": DCM, "code": "110106" },
            "subtype": [{ "system": "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle",
                "code": "disclose" }],
            "action": "R",
            "recorded": line.date,
            "outcome": "0",
            "purposeOfEvent": [{ "text": line.purpose
                .map_or_else(|| "not stated".to_owned(), |purpose| purpose.to_string()) }],
            "agent": [
                { "type": { "coding": [{ "system": DCM, "code": "110153" }] }, "who": source,
                  "requestor": false, "network": { "address": "localhost", "type": "1" } },
                { "type": { "coding": [{ "system": DCM, "code": "110152" }] },
                  "who": { "display": line.recipient }, "name": line.recipient,
                  "requestor": false,
                  "network": { "address": line.address.clone()
                      .unwrap_or_else(|| "not known".to_owned()), "type": "1" } },
            ],
            "source": { "observer": source },
            "entity": [
                { "what": { "type": "Patient", "identifier": {
                    "system": "urn:cloister:person", "value": person } },
                  "type": { "system": ENTITY, "code": "1" },
                  "role": { "system": ROLE, "code": "1" } },
                { "what": { "identifier": { "system": "urn:cloister:leaf", "value": line.leaf } },
                  "type": { "system": ENTITY, "code": "2" },
                  "role": { "system": ROLE, "code": "4" },
                  "description": line.description },
            ],
        } })
    });
    json!({ "resourceType": "Bundle", "type": "collection",
        "entry": entries.collect::<Vec<Value>>() })
}

const DCM: &str = "http://dicom.nema.org/resources/ontology/DCM";
const ENTITY: &str = "http://terminology.hl7.org/CodeSystem/audit-entity-type";
const ROLE: &str = "http://terminology.hl7.org/CodeSystem/object-role";
/// 164.528(a)(1): six years back; of 366 days each.
const SIX_YEARS: i64 = 6 * 366 * 86_400_000;
