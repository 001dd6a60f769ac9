use std::path::Path;

use domain::Phi;
use formats::{Limits, fhir::Tape};
use serde_json::{Value, json};

use super::*;
use crate::{
    columns::FieldMap,
    crosswalk::{Crosswalk, tests::Stirred},
    dates,
    label::Label,
    manifest::Manifest,
    plan::Plan,
    residual::Residual,
    text::TextEngine,
};

const YEAR: i32 = 2026;

/// The document without its identifiers under a plan; learnt from first, as a run does.
fn under(plan: &Plan, document: &str, crosswalk: Crosswalk) -> (String, Manifest, Crosswalk) {
    let (engine, map) = (TextEngine::new(), FieldMap::default());
    let mut entropy = Stirred(21);
    let mut work = Deidentifier::new(plan, &map, &engine, crosswalk, &mut entropy, YEAR).unwrap();
    let (mut tape, mut out) = (Tape::default(), Vec::new());
    let document = tape.read("x", document, 0, &Limits::default()).unwrap();
    work.learn_fhir(document).unwrap();
    work.fhir(document, &mut out).unwrap();
    let (manifest, crosswalk) = work.finish();
    (String::from_utf8(out).unwrap(), manifest, crosswalk)
}

fn run(document: &Value, crosswalk: Crosswalk) -> (Value, Manifest, Crosswalk) {
    let text = document.to_string();
    let (output, manifest, crosswalk) = under(&Plan::safe_harbor(), &text, crosswalk);
    (serde_json::from_str(&output).unwrap(), manifest, crosswalk)
}

fn planned(plan: &Plan, document: &Value) -> Value {
    let (output, ..) = under(plan, &document.to_string(), Crosswalk::new());
    serde_json::from_str(&output).unwrap()
}

fn ward() -> Value {
    json!({
        "resourceType": "Bundle", "type": "collection", "timestamp": "2020-05-06T07:08:09Z",
        "entry": [
            { "fullUrl": "urn:uuid:aa11bb22-0000-4000-8000-1234567890ab", "resource": {
                "resourceType": "Patient", "id": "aa11bb22-0000-4000-8000-1234567890ab",
                "text": { "status": "generated", "div": "<div>Ada Quillfeather</div>" },
                "extension": [
                    { "url": "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race",
                      "extension": [
                        { "url": "ombCategory", "valueCoding": { "system": "urn:oid:2.16.840.1.113883.6.238", "code": "2106-3", "display": "White" } },
                        { "url": "text", "valueString": "White" } ] },
                    { "url": "http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName", "valueString": "Oystercatcher" }
                ],
                "identifier": [ { "type": { "coding": [ { "system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR" } ] },
                                  "system": "http://ehr.example.org", "value": "MRN-0099887" } ],
                "name": [ { "use": "official", "family": "Quillfeather", "given": ["Ada", "Berenice"] } ],
                "telecom": [ { "system": "phone", "value": "617-555-0142" } ],
                "gender": "female", "birthDate": "1980-03-07",
                "_birthDate": { "extension": [ { "url": "http://hl7.org/fhir/StructureDefinition/patient-birthTime", "valueDateTime": "1980-03-07T10:22:00Z" } ] },
                "deceasedBoolean": false,
                "address": [ { "line": ["12 Elmhurst Lane"], "city": "Cambridge", "state": "MA", "postalCode": "02139", "country": "US" } ],
                "contact": [ { "name": { "family": "Wagtailer", "given": ["Orla"] }, "telecom": [ { "system": "phone", "value": "617-555-0199" } ] } ],
                "photo": [ { "contentType": "image/png", "data": "AAAA" } ]
            } },
            { "fullUrl": "urn:uuid:obs-1", "resource": {
                "resourceType": "Observation", "id": "obs-1", "status": "final",
                "code": { "coding": [ { "system": "http://loinc.org", "code": "2339-0", "display": "Glucose" } ], "text": "Glucose" },
                "subject": { "reference": "urn:uuid:aa11bb22-0000-4000-8000-1234567890ab", "display": "Ada Quillfeather" },
                "performer": [ { "display": "Dr. Hesper Nightjarson" } ],
                "effectiveDateTime": "2021-04-05T06:07:08-05:00",
                "valueQuantity": { "value": 110.5, "unit": "mg/dL", "system": "http://unitsofmeasure.org", "code": "mg/dL" },
                "note": [ { "text": "Ada Quillfeather called from 617-555-0142.", "time": "2021-04-05", "authorString": "Hesper Nightjarson" } ],
                "mysteryElement": "Ada Quillfeather"
            } },
            { "fullUrl": "urn:uuid:odd-1", "resource": {
                "resourceType": "Starship", "id": "odd-1", "captain": "Ada Quillfeather",
                "note": [ { "text": "Ada Quillfeather" } ],
                "code": { "coding": [ { "system": "http://loinc.org", "code": "1-8" } ] }
            } }
        ]
    })
}

#[test]
fn a_patient_keeps_codes_state_and_years() {
    let (output, manifest, _) = run(&ward(), Crosswalk::new());
    let patient = &output["entry"][0]["resource"];
    assert_eq!(patient["birthDate"], "1980");
    assert_eq!(
        patient["address"][0],
        json!({ "state": "MA", "postalCode": "021", "country": "US" })
    );
    assert_eq!(patient["gender"], "female");
    assert_eq!(patient["extension"].as_array().unwrap().len(), 1);
    assert_eq!(
        patient["extension"][0]["extension"][0]["valueCoding"]["code"],
        "2106-3"
    );
    for gone in ["text", "telecom", "photo", "_birthDate"] {
        assert!(patient.get(gone).is_none(), "{gone}");
    }
    assert!(
        patient["identifier"][0]["value"]
            .as_str()
            .unwrap()
            .starts_with("MRN-")
    );
    assert!(patient["identifier"][0].get("system").is_none());

    let bare = patient["id"]
        .as_str()
        .unwrap()
        .strip_prefix("PERSON-")
        .unwrap()
        .to_owned();
    assert_eq!(patient["name"][0]["text"], format!("NAME-{bare}"));
    assert_ne!(
        patient["contact"][0]["name"]["text"],
        format!("NAME-{bare}")
    );
    assert_eq!(manifest.documents["Patient"].documents, 1);
}

#[test]
fn an_observation_keeps_its_clinical_content_bit_for_bit() {
    let (output, _, _) = run(&ward(), Crosswalk::new());
    let (source, observation) = (ward(), &output["entry"][1]["resource"]);
    for element in ["status", "code", "valueQuantity"] {
        assert_eq!(
            observation[element], source["entry"][1]["resource"][element],
            "{element}"
        );
    }
    assert_eq!(observation["effectiveDateTime"], "2021");
    assert!(observation.get("mysteryElement").is_none());
    assert!(observation["subject"].get("display").is_none());
    assert_eq!(
        observation["subject"]["reference"],
        output["entry"][0]["fullUrl"]
    );
}

#[test]
fn only_codes_of_an_unknown_type_survive() {
    let (output, manifest, _) = run(&ward(), Crosswalk::new());
    let starship = &output["entry"][2]["resource"];
    assert_eq!(starship["code"]["coding"][0]["code"], "1-8");
    assert!(starship.get("captain").is_none() && starship.get("note").is_none());
    assert!(manifest.documents["Starship"].suppressed[&'-'] >= 2);
}

#[test]
fn no_source_identifier_of_the_ward_is_left() {
    let (output, manifest, _) = run(&ward(), Crosswalk::new());
    assert_nothing_left(&ward(), &output, "the ward");
    let manifest = String::from_utf8(manifest.to_canonical_json()).unwrap();
    assert!(!manifest.contains("Quillfeather"));
}

#[test]
fn doing_it_twice_changes_nothing() {
    let (once, _, crosswalk) = run(&ward(), Crosswalk::new());
    let (twice, _, _) = run(&once, crosswalk);
    assert_eq!(once, twice);
}

#[test]
fn a_birth_year_that_reveals_an_age_over_89_goes() {
    let patient = json!({ "resourceType": "Patient", "id": "p", "birthDate": "1931-04-05" });
    let (output, manifest, _) = run(&patient, Crosswalk::new());
    assert!(output.get("birthDate").is_none());
    assert_eq!(manifest.persons_over_89, 1);
    let age = json!({ "resourceType": "Condition", "id": "c",
        "onsetAge": { "value": 93, "unit": "years", "system": "http://unitsofmeasure.org", "code": "a" } });
    let (output, _, _) = run(&age, Crosswalk::new());
    assert_eq!(output["onsetAge"]["value"], 90);
    assert_eq!(output["onsetAge"]["comparator"], ">=");
    for (months, stays) in [(1_100, false), (18, true)] {
        let age = json!({ "resourceType": "Condition", "id": "c",
            "onsetAge": { "value": months, "unit": "months", "code": "mo" } });
        let (output, ..) = run(&age, Crosswalk::new());
        assert_eq!(output.get("onsetAge").is_some(), stays, "{months}");
    }
}

#[test]
fn what_is_no_resource_is_refused() {
    let deep = format!(
        "{}{}{}",
        r#"{"resourceType":"Patient","a":"#.repeat(100),
        1,
        "}".repeat(100)
    );
    let limits = Limits {
        json_depth: 120,
        ..Limits::default()
    };
    let (engine, plan, map) = (TextEngine::new(), Plan::safe_harbor(), FieldMap::default());
    let mut entropy = Stirred(1);
    let mut work =
        Deidentifier::new(&plan, &map, &engine, Crosswalk::new(), &mut entropy, YEAR).unwrap();
    let mut refused = |text: &str| {
        let (mut tape, mut out) = (Tape::default(), Vec::new());
        let error = work.fhir(tape.read("x", text, 0, &limits).unwrap(), &mut out);
        assert!(out.is_empty());
        error.unwrap_err()
    };
    for text in [
        "[1]",
        "{}",
        r#"{"resourceType":1}"#,
        r#"{"resourceType":"Ada 1"}"#,
    ] {
        assert!(matches!(refused(text), DeidError::NotAResource), "{text}");
    }
    assert!(matches!(refused(&deep), DeidError::TooDeep { .. }));
}

#[test]
fn what_is_not_replaced_stays_byte_for_byte() {
    let source = "{\n  \"resourceType\" : \"Observation\",\n\t\"mystery\": \"Ada\",  \"status\":\"final\",\n  \
        \"code\":{\"coding\":[ {\"system\":\"http://loinc.org\", \"code\":\"2339-0\",\"display\":\"Gluc\\u00f3se\"} ]},\n  \
        \"valueQuantity\": {\"value\": 1.50E+2, \"unit\":\"mg/dL\"},\n  \"photo\": [{}]\n}";
    let (output, ..) = under(&Plan::safe_harbor(), source, Crosswalk::new());
    let expected = source
        .replace("\"mystery\": \"Ada\",  ", "")
        .replace(",\n  \"photo\": [{}]", "");
    // What stood before the removed element stays, what stood behind it goes with it.
    assert_eq!(
        output.replace(char::is_whitespace, ""),
        expected.replace(char::is_whitespace, "")
    );
    assert!(output.contains("{\"value\": 1.50E+2, \"unit\":\"mg/dL\"}"));
    assert!(output.contains("Gluc\\u00f3se") && output.starts_with("{\n  \"resourceType\" :"));
}

#[test]
fn names_of_elements_cannot_carry_values_or_hide() {
    let coding = json!([{ "coding": [{ "system": "http://loinc.org", "code": "1-8" }] }]);
    let odd = json!({ "resourceType": "Basic", "id": "b", "Ada Quillfeather": coding,
        "x19991231": coding, "code": coding });
    let (output, manifest, _) = run(&odd, Crosswalk::new());
    let kept: Vec<_> = output.as_object().unwrap().keys().collect();
    assert_eq!(kept, ["resourceType", "id", "code"]);
    assert!(manifest.undecided >= 2);

    let hidden = r#"{"resourceType":"Patient","id":"p","extensi\u006fn":[{"url":"http://x","valueCode":"Quill"}]}"#;
    let (output, ..) = under(&Plan::safe_harbor(), hidden, Crosswalk::new());
    assert!(!output.contains("Quill"), "{output}");
}

#[test]
fn a_limited_data_set_keeps_dates_towns_and_zip_codes() {
    let output = planned(&Plan::limited_data_set(), &ward());
    let patient = &output["entry"][0]["resource"];
    assert_eq!(patient["birthDate"], "1980-03-07");
    assert_eq!(
        patient["address"][0],
        json!({ "city": "Cambridge", "state": "MA", "postalCode": "02139", "country": "US" })
    );
    assert!(patient.get("telecom").is_none());
    let observation = &output["entry"][1]["resource"];
    assert_eq!(
        observation["effectiveDateTime"],
        "2021-04-05T06:07:08-05:00"
    );
    assert_eq!(output["timestamp"], "2020-05-06T07:08:09Z");
    let text = output.to_string();
    for gone in [
        "Quillfeather",
        "0142",
        "Elmhurst",
        "aa11bb22",
        "Wagtailer",
        "0099887",
    ] {
        assert!(!text.contains(gone), "{gone}");
    }
    let numbered = json!({ "resourceType": "Basic", "id": "b", "mysteryNumber": "19450307" });
    let output = planned(&Plan::limited_data_set(), &numbered);
    assert!(output.get("mysteryNumber").is_none(), "may be a number");
    let aged = json!({ "resourceType": "Condition", "id": "c",
        "onsetAge": { "value": 93, "unit": "years", "code": "a" } });
    assert_eq!(
        planned(&Plan::limited_data_set(), &aged)["onsetAge"]["value"],
        93
    );
}

#[test]
fn an_expert_plan_moves_all_dates_of_a_person_by_the_same_days() {
    let output = planned(&Plan::expert(), &ward());
    let days = |date: &Value| {
        let date = dates::parse(date.as_str().unwrap()).unwrap();
        let (month, day) = (date.month.unwrap(), date.day.unwrap());
        dates::day_number(date.year, month.into(), day.into())
    };
    let (birth, seen) = (
        days(&output["entry"][0]["resource"]["birthDate"]),
        days(&output["entry"][1]["resource"]["effectiveDateTime"]),
    );
    let (true_birth, true_seen) = (days(&json!("1980-03-07")), days(&json!("2021-04-05")));
    assert_ne!(birth, true_birth);
    assert_eq!(seen - birth, true_seen - true_birth);
    let moved = output["entry"][1]["resource"]["effectiveDateTime"].as_str();
    assert!(moved.unwrap().ends_with("T06:07:08-05:00"));
    assert_eq!(output["timestamp"], "2020", "nobody's date: the year");
}

#[test]
fn a_custom_plan_is_obeyed_element_by_element() {
    let plan = Plan::from_toml(
        "name = \"ours\"\nversion = 1\nage_band_years = 10\n[actions]\nperson-id = \"keep\"\n\
         record-id = \"keep\"\nperson-name = \"keep\"\nphone = \"code\"\nage = \"age-band\"\n\
         birth-date = \"month\"\nclinical = \"keep\"\n",
    )
    .unwrap();
    let output = planned(&plan, &ward());
    let patient = &output["entry"][0]["resource"];
    assert_eq!(patient["id"], "aa11bb22-0000-4000-8000-1234567890ab");
    assert_eq!(patient["name"][0]["family"], "Quillfeather");
    assert_eq!(patient["birthDate"], "1980-03");
    let phone = patient["telecom"][0]["value"].as_str().unwrap();
    assert!(phone.starts_with("PHONE-"), "{phone}");
    assert!(
        patient["contact"][0].get("name").is_none(),
        "other-name is not named: removed"
    );
    assert!(
        output["entry"][1]["resource"]
            .get("effectiveDateTime")
            .is_none()
    );
    let aged = json!({ "resourceType": "Condition", "id": "c",
        "onsetAge": { "value": 47, "unit": "years", "code": "a" } });
    assert_eq!(planned(&plan, &aged)["onsetAge"]["value"], 40);
}

#[test]
fn a_study_has_the_same_uid_as_its_images() {
    let study = json!({ "resourceType": "ImagingStudy", "id": "s", "status": "available",
        "identifier": [{ "system": "urn:dicom:uid", "value": "urn:oid:1.2.840.99.1.55" }],
        "series": [{ "uid": "1.2.840.99.1.55.1", "modality": { "system": "http://dicom.nema.org/resources/ontology/DCM", "code": "CT" },
            "instance": [{ "uid": "1.2.840.99.1.55.1.1",
                "sopClass": { "system": "urn:ietf:rfc:3986", "code": "urn:oid:1.2.840.10008.5.1.4.1.1.2" } }] }] });
    let mut crosswalk = Crosswalk::new();
    let mut entropy = Stirred(8);
    let [study_uid, series, instance] = [
        "1.2.840.99.1.55",
        "1.2.840.99.1.55.1",
        "1.2.840.99.1.55.1.1",
    ]
    .map(|uid| crosswalk.uid(uid, &mut entropy));
    let (output, _, crosswalk) = run(&study, crosswalk);
    assert_eq!(
        output["identifier"][0]["value"],
        format!("urn:oid:{study_uid}")
    );
    assert_eq!(output["series"][0]["uid"], series);
    assert_eq!(output["series"][0]["instance"][0]["uid"], instance);
    assert_eq!(
        output["series"][0]["instance"][0]["sopClass"],
        study["series"][0]["instance"][0]["sopClass"]
    );
    assert_eq!(run(&output, crosswalk).0, output);
}

#[test]
fn a_record_number_makes_two_ids_one_person() {
    let patient = |id: &str| {
        json!({ "resourceType": "Patient", "id": id, "birthDate": "1980-03-07",
            "identifier": [{ "type": { "coding": [{ "code": "MR" }] }, "value": "MR-00420042" }] })
    };
    let (first, _, crosswalk) = run(&patient("a-1"), Crosswalk::new());
    let (second, ..) = run(&patient("b-2"), crosswalk);
    assert_eq!(first["id"], second["id"]);
    assert_eq!(first["identifier"], second["identifier"]);
}

#[test]
fn no_source_identifier_of_synthetic_bundles_is_left() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/fhir-r4");
    let Some(bundles) = bundles(&folder) else {
        note("the synthetic FHIR R4 bundles are not here; checked on the hand-written one only");
        return;
    };
    for (place, bundle) in bundles.into_iter().enumerate() {
        let (output, _, crosswalk) = run(&bundle, Crosswalk::new());
        assert_nothing_left(&bundle, &output, "a synthetic bundle");
        assert_values_are_kept(&bundle, &output);
        let (twice, _, _) = run(&output, crosswalk);
        assert!(output == twice, "a second run changes a bundle");
        let plans = [Plan::limited_data_set(), Plan::expert()];
        if let Some(plan) = plans.get(place) {
            assert_values_are_kept(&bundle, &planned(plan, &bundle));
        }
    }
}

#[expect(
    clippy::print_stderr,
    reason = "a check that could not be made must be seen"
)]
fn note(text: &str) {
    eprintln!("note: {text}");
}

#[expect(clippy::disallowed_methods, reason = "test data")]
fn bundles(folder: &Path) -> Option<Vec<Value>> {
    let mut files: Vec<_> = folder
        .read_dir()
        .ok()?
        .filter_map(|file| Some(file.ok()?.path()))
        .collect();
    files.sort();
    let read = |file: &std::path::PathBuf| {
        serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
    };
    Some(files.iter().map(read).collect())
}

fn assert_nothing_left(source: &Value, output: &Value, what: &str) {
    let mut originals = Vec::new();
    identifiers(source, "", &mut originals);
    assert!(originals.len() > 10, "{what} has identifiers to look for");
    let mut residual = Residual::of(
        originals
            .iter()
            .map(|(label, value)| (*label, Phi::new(value.as_str()))),
    );
    let mut left = Vec::new();
    strings(output, "", &mut |place, text| {
        if residual.text(text) > 0 {
            left.push(format!("{place}: {text}"));
        }
    });
    left.dedup();
    left.truncate(20);
    assert!(left.is_empty(), "{what}: {left:#?}");
}

/// Names, lines, cities, numbers, ids and full dates of a document, by the place they stand at.
fn identifiers(value: &Value, place: &str, found: &mut Vec<(Label, String)>) {
    strings(value, place, &mut |place, text| {
        let last = place.rsplit('.').next().unwrap_or("");
        let above = place.rsplit('.').nth(1).unwrap_or("");
        let label = match (above, last) {
            ("name" | "contact", "given" | "family") => Label::Name,
            ("extension", "valueString") if !place.contains("extension.extension") => Label::Name,
            ("address", "line" | "city" | "postalCode") => Label::Geo,
            ("telecom", "value") => Label::Phone,
            ("identifier", "value") => Label::Mrn,
            ("resource", "id") => Label::OtherId,
            ("resource", "name") => Label::Employer,
            ("individual" | "subject" | "requester" | "provider" | "performer", "display") => {
                Label::Name
            }
            _ if dates::parse(text).is_some_and(|date| date.day.is_some()) => Label::Date,
            _ => return,
        };
        found.push((label, text.to_owned()));
    });
}

fn strings(value: &Value, place: &str, visit: &mut impl FnMut(&str, &str)) {
    match value {
        Value::String(text) => {
            use base64::Engine as _;
            let decoded = base64::engine::general_purpose::STANDARD
                .decode(text)
                .ok()
                .filter(|_| place.rsplit('.').next() == Some("data"))
                .and_then(|bytes| String::from_utf8(bytes).ok());
            visit(place, decoded.as_deref().unwrap_or(text));
        }
        Value::Array(items) => items.iter().for_each(|item| strings(item, place, visit)),
        Value::Object(fields) => {
            for (key, item) in fields {
                strings(item, &format!("{place}.{key}"), visit);
            }
        }
        _ => {}
    }
}

/// Codes, values and units are what they were, in number and in kind.
fn assert_values_are_kept(source: &Value, output: &Value) {
    let all = |document: &Value| {
        let mut kept = Vec::new();
        codes(document, "", &mut kept);
        kept
    };
    let (mut before, after) = (all(source), all(output));
    before.retain(|(place, _)| !place.contains("xtension") && !place.starts_with("meta"));
    let after: Vec<_> = after
        .into_iter()
        .filter(|(place, _)| !place.contains("xtension"))
        .collect();
    assert_eq!(before.len(), after.len());
    assert!(before == after, "a code, value or unit has changed");
}

fn codes(value: &Value, place: &str, kept: &mut Vec<(String, Value)>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| codes(item, place, kept)),
        Value::Object(fields) => {
            let coding = fields.contains_key("system") && fields.contains_key("code");
            for key in ["system", "code", "display", "value", "unit"] {
                if let Some(item) = fields.get(key).filter(|_| coding) {
                    kept.push((format!("{place}.{key}"), item.clone()));
                }
            }
            for (key, item) in fields {
                codes(item, &format!("{place}.{key}"), kept);
            }
        }
        _ => {}
    }
}
