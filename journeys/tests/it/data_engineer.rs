//! The data engineer: brings extracts in and takes identifiers out.

use std::fs;

use crate::{
    house::House,
    studies::{CLINIC_DATA, clinic, identifiers},
};

#[test]
fn identified_data_cannot_be_exported() {
    let house = House::of("data-engineer");
    let hospital = clinic(&house);
    house.study("clinic.toml").done();
    for file in ["out.csv", "out.jsonl", "out.parquet"] {
        house
            .run(&["dataset", "export", "clinic", "patients", "-o", file])
            .refused("CL330")
            .keeps_back(&identifiers(&hospital));
        assert!(!house.path(file).exists());
    }
    let versions = house.ask(&["dataset", "list"]);
    let raw = versions[0]["id"].as_str().expect("an id");
    house
        .run(&["dataset", "export", &raw[..16], "patients", "-o", "out.csv"])
        .refused("CL330");
    house
        .run(&[
            "dataset",
            "export",
            "clinic-deid",
            "patients",
            "-o",
            "out.csv",
        ])
        .done();
}

#[test]
fn undeclared_column_is_not_taken_in() {
    let house = House::of("data-engineer");
    clinic(&house);
    let study = house
        .text("clinic.toml")
        .replace(" \"ssn\",", "")
        .replace(" \"email\",", "");
    house.write("fewer.toml", study);
    house.study("fewer.toml").done();
    let version = house.ask(&["dataset", "show", "clinic"]);
    let table = &version["tables"][0];
    let columns = table["columns"].to_string();
    for left_out in ["ssn", "email", "race", "ethnicity"] {
        assert!(!columns.contains(left_out), "{columns}");
        assert!(
            table["dropped"].get(left_out).is_some(),
            "what was left out is recorded: {table}"
        );
    }
    let header = house.export("clinic-deid", "patients", "out.csv");
    let header = header.lines().next().expect("a header").to_owned();
    assert!(
        !header.contains("ssn") && header.contains("mrn"),
        "{header}"
    );
}

#[test]
fn planted_identifiers_are_found() {
    let house = House::empty();
    let hospital = clinic(&house);
    house.write(
        "note.txt",
        "Seen today: Mary Ellen Johnson, born 04/12/1951, MRN: 00482913, SSN 912-45-6789. \
         Call (415) 555-0134 or mary.johnson@example.org.\n",
    );
    let said = house
        .run(&["--json", "scan", "note.txt", "patients.csv"])
        .done();
    let said =
        said.keeps_back(&identifiers(&hospital))
            .keeps_back(&["912-45-6789", "Johnson", "0134"]);
    let found = said.json();
    let in_text = found[0].to_string();
    for letter in ["\"A\"", "\"C\"", "\"D\"", "\"F\"", "\"G\"", "\"H\""] {
        assert!(in_text.contains(letter), "category {letter} in {in_text}");
    }
    let columns = &found[1]["columns"];
    for (column, letter) in [
        ("first_name", "A"),
        ("last_name", "A"),
        ("street", "B"),
        ("zip", "B"),
        ("birth_date", "C"),
        ("phone", "D"),
        ("email", "F"),
        ("ssn", "G"),
        ("mrn", "H"),
        ("health_plan_id", "I"),
    ] {
        assert_eq!(columns[column]["category"], letter, "{column}: {columns}");
    }
}

#[test]
fn planted_identifiers_do_not_survive() {
    let house = House::of("data-engineer");
    let hospital = clinic(&house);
    house.study("clinic.toml").done();
    let table = house.export("clinic-deid", "patients", "out.csv");
    assert_eq!(table.lines().count(), hospital.patients.len() + 1);
    house
        .run(&[
            "deid",
            "patients.csv",
            "-o",
            "alone.csv",
            "--person",
            "patient_id",
        ])
        .done();
    let alone = house.text("alone.csv");
    for secret in identifiers(&hospital) {
        assert!(!table.contains(&secret), "{secret} is in the export");
        assert!(
            !alone.contains(&secret),
            "{secret} is in the file without an instance"
        );
    }
    for patient in &hospital.patients {
        for name in [&patient.first_name, &patient.last_name, &patient.patient_id] {
            let stands = |text: &str| text.split([',', '\n', ' ']).any(|word| word == name);
            assert!(!stands(&table) && !stands(&alone), "{name} survived");
        }
    }
}

#[test]
fn malformed_input_leaves_nothing_behind() {
    let house = House::of("data-engineer");
    clinic(&house);
    let whole = house.text("patients.csv");
    let mut lines: Vec<&str> = whole.lines().collect();
    lines.insert(30, "P999999,Zzyzx-Secret");
    house.write("patients.csv", lines.join("\n") + "\n");
    house
        .study("clinic.toml")
        .ended(1, "CL1012")
        .tells("patients.csv")
        .keeps_back(&["Zzyzx"]);
    assert_eq!(house.versions(), 0, "no dataset of a broken file");
    assert!(
        house
            .path("instance/tmp")
            .read_dir()
            .expect("a folder")
            .next()
            .is_none()
    );
    house.is_sound();
    house.write("patients.csv", whole);
    house.study("clinic.toml").done();
    assert_eq!(house.versions(), 2);
    house.is_sound();
}

#[test]
fn the_same_files_make_the_same_version() {
    let versions = [(); 2].map(|()| {
        let house = House::of("data-engineer");
        clinic(&house);
        house.write("raw.toml", CLINIC_DATA);
        house.study("raw.toml").done();
        house.ask(&["dataset", "list"])[0]["id"].clone()
    });
    assert_eq!(versions[0], versions[1]);
    assert!(versions[0].is_string());
}

#[test]
fn a_repeated_id_is_refused() {
    let house = House::of("data-engineer");
    clinic(&house);
    let whole = house.text("patients.csv");
    let second = whole.lines().nth(1).expect("a row");
    house.write("patients.csv", format!("{whole}{second}\n"));
    let id = second.split(',').next().expect("an id");
    house
        .study("clinic.toml")
        .ended(1, "CL1023")
        .tells("row 41")
        .keeps_back(&[id]);
    assert_eq!(house.versions(), 0);
}

#[test]
fn an_export_is_written_whole_or_not_at_all() {
    let house = House::of("data-engineer");
    clinic(&house);
    house.study("clinic.toml").done();
    fs::create_dir(house.path("taken.csv")).expect("a folder");
    house
        .run(&[
            "dataset",
            "export",
            "clinic-deid",
            "patients",
            "-o",
            "taken.csv",
        ])
        .ended(1, "CL6002");
    let left: Vec<_> = fs::read_dir(house.path("."))
        .expect("a folder")
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().contains("partial"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}
