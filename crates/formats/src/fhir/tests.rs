use std::collections::BTreeSet;

use arrow_array::{
    Array,
    cast::AsArray,
    types::{Float64Type, Int64Type},
};

use super::*;
use crate::{Format, Input};

const BUNDLE: &str = include_str!("../../tests/data/bundle.json");

fn read(format: Format, text: &str) -> Result<Tables, ReadError> {
    let limits = Limits::default();
    let input = Input::Bytes(text.as_bytes().to_vec());
    flatten(resources("x", format, input, &limits)?, &limits)
}

fn texts(tables: &Tables, table: &str, column: &str) -> Vec<Option<String>> {
    let batches = tables.table(table).unwrap_or_default();
    let columns = batches
        .iter()
        .map(|batch| batch.column_by_name(column).expect("a column"));
    columns
        .flat_map(|array| array.as_string::<i32>().iter())
        .map(|text| text.map(str::to_owned))
        .collect()
}

fn first(tables: &Tables, table: &str, column: &str) -> Option<String> {
    texts(tables, table, column).into_iter().next().flatten()
}

#[test]
fn a_patient_becomes_one_row_with_named_columns() {
    let tables = read(Format::FhirBundle, BUNDLE).unwrap();
    for (column, value) in [
        ("resource_id", "p1"),
        ("patient_id", "p1"),
        ("name_family", "Rivera"),
        ("name_given", "Ana Maria"),
        ("name_other", "Ana Lopez"),
        ("mrn", "MRN-778"),
        ("ssn", "000-12-3456"),
        ("identifier_value", "X-9"),
        ("phone", "555-0100; 555-0101"),
        ("email", "ana@example.org"),
        ("address_line", "1 Elm St, Apt 2"),
        ("address_city", "Springfield"),
        ("address_postal_code", "01101"),
        ("birth_date", "1931-05-06"),
        ("deceased_date", "2020-02-03"),
        ("gender", "female"),
        ("race", "White"),
        ("race_code", "2106-3"),
        ("ethnicity", "Hispanic or Latino"),
        ("marital_status", "W"),
        ("contact_name", "Luis Rivera"),
    ] {
        assert_eq!(first(&tables, "patient", column).as_deref(), Some(value));
    }
    let patient = &tables.table("patient").unwrap()[0];
    assert!(patient["deceased"].as_boolean().value(0));
    assert!(
        (patient["address_latitude"]
            .as_primitive::<Float64Type>()
            .value(0)
            - 42.1)
            .abs()
            < 1e-9
    );
}

#[test]
fn components_become_rows_of_their_own() {
    let tables = read(Format::FhirBundle, BUNDLE).unwrap();
    let codes = texts(&tables, "observation", "code");
    let codes: Vec<_> = codes.iter().flatten().map(String::as_str).collect();
    assert_eq!(codes, ["85354-9", "8480-6", "8462-4", "72166-2"]);

    let batch = &tables.table("observation").unwrap()[0];
    let components = batch["component"].as_primitive::<Int64Type>();
    assert_eq!(components.values().as_ref(), [0, 1, 2, 0]);
    let values = batch["value"].as_primitive::<Float64Type>();
    assert!(values.is_null(0));
    assert!((values.value(1) - 131.0).abs() < 1e-9 && (values.value(2) - 80.5).abs() < 1e-9);
    let patients = texts(&tables, "observation", "patient_id");
    assert!(
        patients
            .iter()
            .all(|patient| patient.as_deref() == Some("p1"))
    );
    assert_eq!(
        texts(&tables, "observation", "value_code")[3].as_deref(),
        Some("266919005")
    );
}

#[test]
fn the_first_element_keeps_what_is_taken_from_all() {
    let line = r#"{"resourceType":"Claim","id":"c","item":[
        {"encounter":[{"reference":"Encounter/e"}],"productOrService":{"coding":[{"code":"A"}]}},
        {"productOrService":{"coding":[{"code":"B"}]}}]}"#
        .replace('\n', "");
    let tables = read(Format::FhirNdjson, &line).unwrap();
    assert_eq!(
        first(&tables, "claim", "item_code").as_deref(),
        Some("A; B")
    );
    assert_eq!(
        first(&tables, "claim", "encounter_id").as_deref(),
        Some("e")
    );
    assert!(tables.unmapped.is_empty());
}

#[test]
fn notes_are_decoded_and_other_attachments_are_not() {
    let tables = read(Format::FhirBundle, BUNDLE).unwrap();
    assert_eq!(
        first(&tables, "document_reference", "text").as_deref(),
        Some("Seen by Dr. Ito.\n")
    );
    assert_eq!(
        tables.unmapped["DocumentReference.content.attachment.data"],
        1
    );
    assert_eq!(
        first(&tables, "document_reference", "content_type").as_deref(),
        Some("text/plain; charset=utf-8; application/pdf")
    );
}

#[test]
fn references_of_every_form_lead_to_the_patient() {
    let tables = read(Format::FhirBundle, BUNDLE).unwrap();
    let patients = texts(&tables, "condition", "patient_id");
    let patients: Vec<_> = patients.iter().map(|patient| patient.as_deref()).collect();
    assert_eq!(
        patients,
        [Some("p1"), Some("p1"), Some("p1"), Some("elsewhere"), None]
    );
    assert_eq!(tables.unmapped["Condition.subject.reference"], 1);
}

#[test]
fn what_has_no_column_is_counted_by_path() {
    let tables = read(Format::FhirBundle, BUNDLE).unwrap();
    assert_eq!(tables.unmapped["Patient.photo.url"], 2);
    assert_eq!(tables.unmapped["Patient.text.div"], 1);
    assert_eq!(
        tables.unmapped["Patient._birthDate.extension.valueDateTime"],
        1
    );
    assert_eq!(tables.unmapped["Device"], 1);
    assert!(!tables.unmapped.contains_key("Patient.resourceType"));
    assert!(
        !tables
            .unmapped
            .keys()
            .any(|path| path.contains("telecom.system"))
    );
}

#[test]
fn ndjson_and_bundle_of_the_same_resources_give_the_same_tables() {
    let limits = Limits::default();
    let input = Input::Bytes(BUNDLE.as_bytes().to_vec());
    let lines: Vec<String> = resources("x", Format::FhirBundle, input, &limits)
        .unwrap()
        .map(|resource| resource.unwrap().to_string())
        .collect();
    let lines = lines.join("\n");
    let bundle = read(Format::FhirBundle, BUNDLE).unwrap();
    let ndjson = read(Format::FhirNdjson, &lines).unwrap();
    assert_eq!(bundle.tables, ndjson.tables);
    assert_eq!(bundle.unmapped, ndjson.unmapped);
}

#[test]
fn every_column_is_named_once_and_has_a_way_in() {
    for map in MAPS {
        let names: BTreeSet<_> = map.columns().map(|column| column.name).collect();
        assert_eq!(names.len(), map.columns().count(), "{}", map.table);
        assert!(names.contains("resource_id") && names.contains("patient_id"));
        for column in map.columns() {
            let counter = column.reading == map::Reading::Counter;
            assert!(counter || !column.paths.is_empty(), "{}", column.name);
        }
    }
}

#[test]
fn dates_ids_names_and_places_are_identifiers() {
    for (table, column, identifier) in [
        ("patient", "birth_date", Some(Identifier::Date)),
        ("patient", "name_family", Some(Identifier::Name)),
        ("patient", "mrn", Some(Identifier::MedicalRecord)),
        (
            "patient",
            "address_postal_code",
            Some(Identifier::Geography),
        ),
        ("patient", "address_state", None),
        ("patient", "gender", None),
        ("encounter", "patient_name", Some(Identifier::Name)),
        ("encounter", "patient_id", Some(Identifier::Other)),
        ("encounter", "start", Some(Identifier::Date)),
        ("condition", "onset_age", Some(Identifier::Date)),
        ("condition", "code", None),
        ("location", "latitude", Some(Identifier::Geography)),
        ("nothing", "x", None),
    ] {
        assert_eq!(
            column_identifier(table, column),
            identifier,
            "{table}.{column}"
        );
    }
}

#[test]
fn malformed_documents_are_refused() {
    for text in [
        "",
        " ",
        "[]",
        "{}",
        "{\"resourceType\":\"Bundle\",\"entry\":3}",
        "{\"resourceType\":\"Bundle\",\"entry\":[3]}",
        "{\"resourceType\":\"Bundle\",\"entry\":[{\"resource\":{}}]}",
        "{\"resourceType\":\"Patient\"",
    ] {
        assert!(read(Format::FhirBundle, text).is_err(), "{text}");
        assert!(read(Format::FhirNdjson, text).is_err(), "{text}");
    }
    let deep = format!(
        "{{\"resourceType\":\"Patient\",\"x\":{}{}}}",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    let error = read(Format::FhirNdjson, &deep).unwrap_err();
    assert!(error.to_string().contains("64 levels"));
}

#[test]
fn the_synthea_bundles_flatten_without_loss_of_rows() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/fhir-r4");
    let Ok(files) = std::fs::read_dir(folder) else {
        #[expect(clippy::print_stdout, reason = "a test says what it left out")]
        {
            println!("note: no FHIR bundles at {folder}, nothing compared");
        }
        return;
    };
    for file in files {
        #[expect(clippy::disallowed_methods, reason = "a test reads its corpus")]
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        let document: Value = serde_json::from_slice(&bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let tables = read(Format::FhirBundle, &text).unwrap();
        for map in MAPS {
            let entries = document["entry"].as_array().unwrap();
            let expected: usize = entries
                .iter()
                .map(|entry| &entry["resource"])
                .filter(|resource| resource["resourceType"] == map.resource)
                .map(|resource| 1 + resource["component"].as_array().map_or(0, Vec::len))
                .sum();
            assert_eq!(tables.rows(map.table), expected, "{}", map.table);
        }
        let patient = first(&tables, "patient", "resource_id");
        for table in ["encounter", "observation", "claim", "document_reference"] {
            for owner in texts(&tables, table, "patient_id") {
                assert_eq!(owner, patient, "{table}");
            }
        }
    }
}
