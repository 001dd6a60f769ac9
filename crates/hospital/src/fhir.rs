use serde_json::{Value, json};

use crate::{Diagnosis, Encounter, Hospital, Lab, Patient, draw::Draw, region::FACILITIES};

impl Hospital {
    /// The first `count` patients as FHIR R4 transaction bundles, one JSON document each:
    /// Patient, Organization, Practitioner, Encounter, Condition and Observation, with names,
    /// telecoms, addresses, identifiers, extensions and narrative text.
    pub fn fhir_bundles(&self, count: usize) -> Vec<String> {
        (1_u64..)
            .zip(self.patients.iter().take(count))
            .map(|(number, patient)| {
                self.bundle(&mut Draw::new(self.seed, 2_000_000_000 + number), patient)
            })
            .collect()
    }

    fn bundle(&self, draw: &mut Draw, patient: &Patient) -> String {
        let subject = Reference::new(draw, "Patient");
        let house = Reference::new(draw, "Organization");
        let mut entries = vec![
            subject.entry(&person(draw, patient)),
            house.entry(&organization(draw)),
        ];
        for encounter in of(&self.encounters, |it| it.patient_id == patient.patient_id) {
            self.stay(draw, encounter, &subject, &house, &mut entries);
        }
        let bundle = json!({ "resourceType": "Bundle", "type": "transaction", "entry": entries });
        format!("{bundle:#}\n")
    }

    fn stay(
        &self,
        draw: &mut Draw,
        encounter: &Encounter,
        subject: &Reference,
        house: &Reference,
        entries: &mut Vec<Value>,
    ) {
        let doctor = Reference::new(draw, "Practitioner");
        let stay = Reference::new(draw, "Encounter");
        entries.push(doctor.entry(&practitioner(draw, &encounter.attending_physician)));
        entries.push(stay.entry(&visit(encounter, subject, &doctor, house)));
        for diagnosis in of(&self.diagnoses, |it| {
            it.encounter_id == encounter.encounter_id
        }) {
            let it = Reference::new(draw, "Condition");
            entries.push(it.entry(&condition(diagnosis, subject, &stay)));
        }
        for lab in of(&self.labs, |it| it.encounter_id == encounter.encounter_id) {
            let it = Reference::new(draw, "Observation");
            entries.push(it.entry(&observation(lab, subject, &stay)));
        }
    }
}

/// A resource's place in the bundle.
#[derive(Debug)]
struct Reference {
    kind: &'static str,
    id: String,
}

impl Reference {
    fn new(draw: &mut Draw, kind: &'static str) -> Self {
        Self {
            kind,
            id: uuid(draw),
        }
    }

    fn url(&self) -> String {
        format!("urn:uuid:{}", self.id)
    }

    /// The resource with its type and id, ready to be posted.
    fn entry(&self, content: &Value) -> Value {
        let mut resource = json!({ "resourceType": self.kind, "id": self.id });
        if let (Some(resource), Some(content)) = (resource.as_object_mut(), content.as_object()) {
            resource.extend(
                content
                    .iter()
                    .map(|(key, value)| (key.clone(), value.clone())),
            );
        }
        json!({
            "fullUrl": self.url(),
            "resource": resource,
            "request": { "method": "POST", "url": self.kind },
        })
    }
}

fn of<T>(items: &[T], which: impl Fn(&T) -> bool) -> impl Iterator<Item = &T> {
    items.iter().filter(move |item| which(item))
}

fn person(draw: &mut Draw, patient: &Patient) -> Value {
    let full = format!("{} {}", patient.first_name, patient.last_name);
    let female = patient.sex == "F";
    json!({
        "text": {
            "status": "generated",
            "div": format!(
                "<div xmlns=\"http://www.w3.org/1999/xhtml\">{full}, born {}, record {}, of {}, {}.</div>",
                patient.birth_date, patient.mrn, patient.street, patient.city
            ),
        },
        "extension": [
            us_core("race", patient.race),
            us_core("ethnicity", patient.ethnicity),
            {
                "url": "http://hl7.org/fhir/StructureDefinition/patient-birthPlace",
                "valueAddress": { "city": patient.city, "state": patient.state, "country": "US" },
            },
        ],
        "identifier": [
            identifier("MR", "Medical Record Number", "http://hospital.example/mrn", &patient.mrn),
            identifier("SS", "Social Security Number", "http://hl7.org/fhir/sid/us-ssn", &patient.ssn),
            identifier("MB", "Member Number", "http://hl7.org/fhir/sid/us-mbi", &patient.health_plan_id),
            identifier("DL", "Driver's License", "urn:oid:2.16.840.1.113883.4.3.33", &format!("S{}", draw.digits(8))),
        ],
        "name": [{
            "use": "official",
            "family": patient.last_name,
            "given": [patient.first_name],
            "prefix": [if female { "Mrs." } else { "Mr." }],
        }],
        "telecom": [
            { "system": "phone", "value": patient.phone, "use": "home" },
            { "system": "email", "value": patient.email },
        ],
        "gender": if female { "female" } else { "male" },
        "birthDate": patient.birth_date,
        "address": [{
            "line": [patient.street],
            "city": patient.city,
            "state": patient.state,
            "postalCode": patient.zip,
            "country": "US",
        }],
        "maritalStatus": { "text": patient.marital_status },
        "contact": [{
            "relationship": [{ "text": patient.emergency_contact_relation }],
            "name": { "text": patient.emergency_contact_name },
            "telecom": [{ "system": "phone", "value": patient.emergency_contact_phone }],
        }],
    })
}

fn us_core(which: &str, text: &str) -> Value {
    json!({
        "url": format!("http://hl7.org/fhir/us/core/StructureDefinition/us-core-{which}"),
        "extension": [{ "url": "text", "valueString": text }],
    })
}

fn identifier(code: &str, display: &str, system: &str, value: &str) -> Value {
    json!({
        "type": {
            "coding": [{
                "system": "http://terminology.hl7.org/CodeSystem/v2-0203",
                "code": code,
                "display": display,
            }],
            "text": display,
        },
        "system": system,
        "value": value,
    })
}

fn organization(draw: &mut Draw) -> Value {
    let name = draw.pick(FACILITIES);
    json!({
        "identifier": [{ "system": "http://hl7.org/fhir/sid/us-npi", "value": format!("19{}", draw.digits(8)) }],
        "active": true,
        "name": name,
        "telecom": [{ "system": "phone", "value": crate::registration::phone(draw, "NH") }],
        "address": [{ "line": ["1 Medical Center Drive"], "city": "Lebanon", "state": "NH", "postalCode": "03766" }],
    })
}

fn practitioner(draw: &mut Draw, name: &str) -> Value {
    let (given, family) = name.split_once(' ').unwrap_or((name, ""));
    json!({
        "identifier": [{ "system": "http://hl7.org/fhir/sid/us-npi", "value": format!("10{}", draw.digits(8)) }],
        "active": true,
        "name": [{ "family": family, "given": [given], "prefix": ["Dr."] }],
        "telecom": [{ "system": "phone", "value": crate::registration::phone(draw, "NH"), "use": "work" }],
    })
}

fn visit(
    encounter: &Encounter,
    subject: &Reference,
    doctor: &Reference,
    house: &Reference,
) -> Value {
    json!({
        "status": "finished",
        "class": {
            "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode",
            "code": if encounter.emergency { "EMER" } else { "IMP" },
        },
        "serviceType": { "text": encounter.department },
        "subject": { "reference": subject.url() },
        "participant": [{ "individual": {
            "reference": doctor.url(),
            "display": format!("Dr. {}", encounter.attending_physician),
        } }],
        "period": {
            "start": format!("{}T08:00:00-05:00", encounter.admit_date),
            "end": format!("{}T11:00:00-05:00", encounter.discharge_date),
        },
        "reasonCode": [coding("http://hl7.org/fhir/sid/icd-10-cm", encounter.diagnosis_code, "")],
        "serviceProvider": { "reference": house.url() },
    })
}

fn condition(diagnosis: &Diagnosis, subject: &Reference, stay: &Reference) -> Value {
    json!({
        "clinicalStatus": coding("http://terminology.hl7.org/CodeSystem/condition-clinical", "active", ""),
        "code": coding("http://hl7.org/fhir/sid/icd-10-cm", diagnosis.code, diagnosis.display),
        "subject": { "reference": subject.url() },
        "encounter": { "reference": stay.url() },
        "onsetDateTime": diagnosis.onset_date,
    })
}

fn observation(lab: &Lab, subject: &Reference, stay: &Reference) -> Value {
    json!({
        "status": "final",
        "category": [coding("http://terminology.hl7.org/CodeSystem/observation-category", "laboratory", "")],
        "code": coding("http://loinc.org", lab.loinc, lab.test),
        "subject": { "reference": subject.url() },
        "encounter": { "reference": stay.url() },
        "effectiveDateTime": format!("{}:00-05:00", lab.collected_at),
        "valueQuantity": {
            "value": lab.value,
            "unit": lab.unit,
            "system": "http://unitsofmeasure.org",
            "code": lab.unit,
        },
    })
}

fn coding(system: &str, code: &str, display: &str) -> Value {
    if display.is_empty() {
        return json!({ "coding": [{ "system": system, "code": code }] });
    }
    json!({ "coding": [{ "system": system, "code": code, "display": display }], "text": display })
}

/// A random UUID, RFC 9562 version 4, from the hospital's own dice.
fn uuid(draw: &mut Draw) -> String {
    let (high, low) = (draw.bits(), draw.bits());
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xFFFF,
        high & 0xFFF,
        0x8000 | (low >> 50),
        low & 0xFFFF_FFFF_FFFF
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bundles_are_json_and_their_references_resolve() {
        for bundle in Hospital::generate(3, 4).fhir_bundles(4) {
            let parsed: Value = serde_json::from_str(&bundle).unwrap();
            let entries = parsed["entry"].as_array().unwrap();
            let known: Vec<_> = entries
                .iter()
                .map(|entry| entry["fullUrl"].clone())
                .collect();
            let stays = entries
                .iter()
                .filter(|entry| entry["resource"]["resourceType"] == "Encounter");
            for stay in stays {
                assert!(known.contains(&stay["resource"]["subject"]["reference"]));
                assert!(known.contains(&stay["resource"]["serviceProvider"]["reference"]));
            }
            assert_eq!(entries[0]["resource"]["resourceType"], "Patient");
        }
    }

    #[test]
    fn the_narrative_names_the_patient() {
        let hospital = Hospital::generate(3, 1);
        let bundle: Value = serde_json::from_str(&hospital.fhir_bundles(1)[0]).unwrap();
        let narrative = bundle["entry"][0]["resource"]["text"]["div"]
            .as_str()
            .unwrap();
        assert!(narrative.contains(&hospital.patients[0].mrn));
    }
}
