//! What holds for every generated hospital.

#![expect(clippy::string_slice, reason = "the slices are what is tested")]

use std::collections::{BTreeMap, BTreeSet};

use cloister_hospital::{Family, Hospital, Role, Table, TruthSpan};
use domain::Identifier;

fn hospital() -> Hospital {
    Hospital::generate(42, 600)
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
    let all = |hospital: &Hospital| {
        let tables = Table::ALL.map(|table| hospital.csv(table)).concat();
        tables
            + &hospital.notes_jsonl()
            + &hospital.truth_jsonl()
            + &hospital.fhir_bundles(5).concat()
    };
    assert_eq!(all(&hospital()), all(&hospital()));
    assert_ne!(
        all(&Hospital::generate(1, 20)),
        all(&Hospital::generate(2, 20))
    );
}

/// FNV-1a over everything, pinned: the bytes are the same on every machine and in every release.
#[test]
fn the_bytes_of_seed_seven_are_pinned() {
    let hospital = Hospital::generate(7, 40);
    let all =
        hospital.csv(Table::Encounters) + &hospital.csv(Table::Labs) + &hospital.notes_jsonl();
    let digest = all.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| {
        (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    assert_eq!(
        format!("{digest:016x}"),
        include_str!("seed-7.fnv1a").trim()
    );
}

#[test]
fn patients_do_not_depend_on_how_many_there_are() {
    let (few, many) = (Hospital::generate(5, 10), Hospital::generate(5, 30));
    assert_eq!(few.patients[..], many.patients[..10]);
    assert_eq!(few.notes[..], many.notes[..few.notes.len()]);
}

#[test]
fn spans_are_in_order_on_boundaries_and_never_empty() {
    for note in &hospital().notes {
        let mut last = 0;
        for span in &note.truth {
            assert!(span.start >= last && span.start < span.end);
            assert!(note.text.get(span.start..span.end).is_some());
            last = span.end;
        }
        assert!(last <= note.text.len());
        assert!(!note.text.contains(['{', '}']), "{}", note.text);
    }
}

#[test]
fn spans_hold_exactly_what_was_inserted() {
    let hospital = hospital();
    let patients: BTreeMap<_, _> = hospital
        .patients
        .iter()
        .map(|patient| (&patient.patient_id, patient))
        .collect();
    let mut seen = BTreeSet::new();
    for note in &hospital.notes {
        let patient = patients[&note.patient_id];
        for span in note.truth.iter().filter(|span| span.of == Role::Patient) {
            let expected = match span.kind {
                "mrn" => patient.mrn.clone(),
                "ssn" => patient.ssn.clone(),
                "health-plan" => patient.health_plan_id.clone(),
                "email" => patient.email.clone(),
                "street" => patient.street.clone(),
                "city" => patient.city.to_owned(),
                "zip" => patient.zip.to_owned(),
                "first-name" => patient.first_name.clone(),
                "last-name" => patient.last_name.clone(),
                "full-name" => format!("{} {}", patient.first_name, patient.last_name),
                "last-first" => format!("{}, {}", patient.last_name, patient.first_name),
                "birth-year-over-89" => patient.birth_date.year().to_string(),
                _ => continue,
            };
            let found = &note.text[span.start..span.end];
            assert!(
                found == expected || found == expected.to_uppercase(),
                "{}",
                span.kind
            );
            seen.insert(span.kind);
        }
    }
    assert_eq!(seen.len(), 12);
}

#[test]
fn no_identifier_stands_outside_its_spans() {
    let hospital = hospital();
    let patients: BTreeMap<_, _> = hospital
        .patients
        .iter()
        .map(|patient| (&patient.patient_id, patient))
        .collect();
    for note in &hospital.notes {
        let patient = patients[&note.patient_id];
        let rest = without(&note.text, &note.truth);
        let numbers = [
            &patient.mrn,
            &patient.ssn,
            &patient.email,
            &patient.health_plan_id,
        ];
        assert!(numbers.iter().all(|number| !rest.contains(number.as_str())));
        if patient.rare_name {
            assert!(!rest.contains(&patient.last_name) && !rest.contains(&patient.first_name));
        }
        assert!(!rest.contains("555"));
    }
}

fn without(text: &str, truth: &[TruthSpan]) -> String {
    let mut rest = String::new();
    let mut from = 0;
    for span in truth {
        rest.push_str(&text[from..span.start]);
        rest.push('|');
        from = span.end;
    }
    rest + &text[from..]
}

#[test]
fn every_reference_finds_its_row() {
    let hospital = hospital();
    let patients: BTreeSet<_> = hospital
        .patients
        .iter()
        .map(|it| it.patient_id.as_str())
        .collect();
    let stays: BTreeMap<_, _> = hospital
        .encounters
        .iter()
        .map(|it| (it.encounter_id.as_str(), it.patient_id.as_str()))
        .collect();
    assert_eq!(patients.len(), 600);
    assert_eq!(stays.len(), hospital.encounters.len());
    assert!(stays.values().all(|patient| patients.contains(patient)));
    let links = hospital
        .diagnoses
        .iter()
        .map(|it| (&it.encounter_id, &it.patient_id))
        .chain(
            hospital
                .labs
                .iter()
                .map(|it| (&it.encounter_id, &it.patient_id)),
        )
        .chain(
            hospital
                .notes
                .iter()
                .map(|it| (&it.encounter_id, &it.patient_id)),
        );
    for (stay, patient) in links {
        assert_eq!(stays.get(stay.as_str()), Some(&patient.as_str()));
    }
}

#[test]
fn stays_are_in_order_and_one_to_six_a_patient() {
    let hospital = hospital();
    for stays in hospital
        .encounters
        .chunk_by(|left, right| left.patient_id == right.patient_id)
    {
        assert!((1..=6).contains(&stays.len()));
        assert!(stays.is_sorted_by_key(|stay| stay.admit_date));
        assert!(
            stays
                .iter()
                .all(|stay| stay.discharge_date > stay.admit_date)
        );
    }
}

#[test]
fn shares_are_those_of_a_hospital() {
    let hospital = Hospital::generate(42, 3_000);
    let share = |count: usize, all: usize| count as f64 / all as f64;
    let rare = hospital
        .patients
        .iter()
        .filter(|patient| patient.rare_name)
        .count();
    assert!((0.30..0.37).contains(&share(rare, 3_000)));
    let old = hospital
        .encounters
        .iter()
        .filter(|stay| stay.age_at_admission > 89)
        .count();
    assert!((0.02..0.08).contains(&share(old, hospital.encounters.len())));
    let small = |zip: &str| zip.starts_with("036") || zip.starts_with("059");
    let small = hospital
        .patients
        .iter()
        .filter(|patient| small(patient.zip))
        .count();
    assert!((0.04..0.12).contains(&share(small, 3_000)));
    let held = hospital
        .notes
        .iter()
        .filter(|note| note.family.held_out())
        .count();
    assert!((0.12..0.18).contains(&share(held, hospital.notes.len())));
    let named = hospital
        .notes
        .iter()
        .filter(|note| note.family == Family::Ward);
    assert!(named.clone().count() > 1_000);
}

#[test]
fn notes_hold_every_category_that_text_can_hold() {
    let hospital = Hospital::generate(42, 1_500);
    let found: BTreeSet<Identifier> = hospital
        .notes
        .iter()
        .flat_map(|note| &note.truth)
        .map(|span| span.category)
        .collect();
    let absent: Vec<_> = Identifier::ALL
        .into_iter()
        .filter(|category| !found.contains(category))
        .collect();
    assert_eq!(absent, [Identifier::Biometric, Identifier::Photo]);
    let kinds: BTreeSet<_> = hospital
        .notes
        .iter()
        .flat_map(|note| &note.truth)
        .map(|span| span.kind)
        .collect();
    for kind in [
        "age-over-89",
        "birth-year-over-89",
        "misspelt-name",
        "nickname",
        "initials",
    ] {
        assert!(kinds.contains(kind), "{kind}");
    }
}

#[test]
fn tables_parse_back_with_as_many_cells_as_columns() {
    let hospital = hospital();
    let rows = [
        (Table::Patients, hospital.patients.len(), 20),
        (Table::Encounters, hospital.encounters.len(), 20),
        (Table::Diagnoses, hospital.diagnoses.len(), 5),
        (Table::Labs, hospital.labs.len(), 7),
    ];
    for (table, count, columns) in rows {
        let records = parse(&hospital.csv(table));
        assert_eq!(records.len(), count + 1);
        assert!(
            records.iter().all(|record| record.len() == columns),
            "{}",
            table.word()
        );
    }
}

/// A reader of RFC 4180, independent of the writer.
fn parse(text: &str) -> Vec<Vec<String>> {
    let (mut records, mut record, mut cell, mut quoted) =
        (Vec::new(), Vec::new(), String::new(), false);
    for letter in text.chars() {
        match letter {
            '"' => quoted = !quoted,
            ',' if !quoted => record.push(std::mem::take(&mut cell)),
            '\n' if !quoted => {
                record.push(std::mem::take(&mut cell));
                records.push(std::mem::take(&mut record));
            }
            other => cell.push(other),
        }
    }
    records
}

#[test]
fn the_truth_is_written_beside_the_notes_and_not_in_them() {
    let hospital = Hospital::generate(1, 10);
    let lines = |text: String| -> Vec<serde_json::Value> {
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    };
    let notes = lines(hospital.notes_jsonl());
    let truth = lines(hospital.truth_jsonl());
    assert_eq!(notes.len(), truth.len());
    for (note, truth) in notes.iter().zip(&truth) {
        assert_eq!(note["note_id"], truth["note_id"]);
        assert!(note.get("spans").is_none() && note.get("family").is_none());
        assert!(
            truth["spans"]
                .as_array()
                .is_some_and(|spans| !spans.is_empty())
        );
    }
}
