//! Input that is not what it says: a clear error with a place, never a value, nothing left behind.

use std::fs;

use crate::{
    house::House,
    program::Said,
    studies::{clinic, identifiers},
};

#[test]
fn a_row_with_too_few_fields_is_named_by_its_place() {
    refused_everywhere("bad.csv", b"id,name\n1,ann\n2\n3,cy\n", "CL1012").tells("row 3, byte 14");
}

#[test]
fn an_open_quote_is_named() {
    refused_everywhere("bad.csv", b"id,name\n1,\"Zzyzx-Secret\n2,bo\n", "CL1014");
}

#[test]
fn a_stray_quote_is_named() {
    refused_everywhere("bad.csv", b"id,name\n1,Zzyzx-\"Secret\n", "CL1013");
}

#[test]
fn text_in_another_encoding_is_named_by_its_offset() {
    refused_everywhere("bad.csv", b"id,name\n1,Zzyzx-Jos\xe9\n", "CL1002").tells("byte");
    refused_everywhere(
        "bad.csv",
        b"\xff\xfei\0d\0,\0x\0\n\0\x31\0,\0\x32\0\n\0",
        "CL100",
    );
}

#[test]
fn an_empty_file_is_named() {
    refused_everywhere("bad.csv", b"", "CL1001");
    refused_everywhere("bad.jsonl", b"", "CL1001");
}

#[test]
fn two_columns_of_one_name_are_named() {
    refused_everywhere("bad.csv", b"id,id\n1,2\n", "CL1010");
}

#[test]
fn malformed_json_lines_are_named_by_line() {
    refused_everywhere(
        "bad.jsonl",
        b"{\"id\":1}\n{\"id\":\"Zzyzx-Secret\n",
        "CL1016",
    )
    .tells("2");
    refused_everywhere("bad.jsonl", b"{\"id\":1}\n{\"id\":1,\"id\":2}\n", "CL1018");
    refused_everywhere("bad.jsonl", b"{\"id\":1}\n[1]\n", "CL1017");
}

#[test]
fn deeply_nested_json_is_refused() {
    let deep = format!(
        "{{\"id\":{}1{}}}\n",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    refused_everywhere("bad.jsonl", deep.as_bytes(), "CL1009");
    let bundle = format!(
        "{{\"resourceType\":\"Bundle\",\"entry\":{}{}}}",
        "[".repeat(5_000),
        "]".repeat(5_000)
    );
    let house = House::empty();
    house.write("bundle.json", bundle);
    for words in [
        vec!["scan", "bundle.json"],
        vec!["deid", "bundle.json", "-o", "out.json"],
    ] {
        house.run(&words).ended(1, "CL10");
    }
    assert!(!house.path("out.json").exists());
}

#[test]
fn a_line_of_a_hundred_megabytes_is_refused() {
    let house = House::of("data-engineer");
    let mut line = b"{\"id\":\"".to_vec();
    line.resize(100_000_000, b'x');
    line.extend_from_slice(b"\"}\n");
    house.write("bad.jsonl", &line);
    study_on(&house, "bad.jsonl");
    house.study("bad.toml").ended(1, "CL1005");
    assert_eq!(house.versions(), 0);
    house.run(&["scan", "bad.jsonl"]).ended(1, "CL1005");
    let mut row = b"id,name\n1,".to_vec();
    row.resize(100_000_000, b'x');
    house.write("bad.csv", &row);
    study_on(&house, "bad.csv");
    house.study("bad.toml").ended(1, "CL100");
    house.is_sound();
}

#[test]
fn truncated_parquet_is_refused() {
    let house = House::of("data-engineer");
    clinic(&house);
    house.study("clinic.toml").done();
    house
        .run(&[
            "dataset",
            "export",
            "clinic-deid",
            "patients",
            "-o",
            "whole.parquet",
        ])
        .done();
    house.run(&["scan", "whole.parquet"]).done();
    let whole = fs::read(house.path("whole.parquet")).expect("a file");
    for left in [4, 200, whole.len() / 2, whole.len() - 9, whole.len() - 1] {
        refused_everywhere("bad.parquet", &whole[..left], "CL10");
    }
    let mut broken = whole;
    let middle = broken.len() - 60;
    broken[middle] ^= 0xff;
    house.write("broken.parquet", broken);
    let said = house.run(&["scan", "broken.parquet"]);
    assert!(
        matches!(said.code, 0 | 1),
        "a flipped byte never panics: {said:?}"
    );
}

#[test]
fn a_folder_where_a_file_is_meant_is_named() {
    let house = House::of("data-engineer");
    fs::create_dir(house.path("bad.csv")).expect("a folder");
    house
        .run(&["deid", "bad.csv", "-o", "out.csv"])
        .ended(1, "CL6001")
        .tells("bad.csv");
    house
        .run(&["risk", "bad.csv", "--quasi", "id"])
        .ended(1, "CL6001");
    house.run(&["study", "run", "bad.csv"]).ended(1, "CL6001");
    study_on(&house, "bad.csv");
    house.study("bad.toml").ended(1, "CL5003").tells("bad.csv");
    assert!(!house.path("out.csv").exists());
    assert_eq!(house.versions(), 0);
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let house = House::of("data-engineer");
    house
        .run(&["scan", "nowhere.csv"])
        .ended(1, "CL6001")
        .tells("nowhere.csv");
    study_on(&house, "nowhere.csv");
    house
        .study("bad.toml")
        .ended(1, "CL5003")
        .tells("nowhere.csv");
}

#[test]
fn a_picture_is_not_a_table() {
    refused_everywhere(
        "bad.csv",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01",
        "CL100",
    );
}

#[test]
fn a_malformed_bundle_is_refused() {
    let house = House::empty();
    house.write(
        "bundle.json",
        "{\"resourceType\":\"Bundle\",\"entry\":[{\"resource\":{\"id\":\"Zzyzx-Secret\"}}]}",
    );
    let said = house
        .run(&["deid", "bundle.json", "-o", "out.json"])
        .keeps_back(&["Zzyzx"]);
    assert!(said.code == 0 || said.code == 1, "{said:?}");
    house.write(
        "cut.json",
        "{\"resourceType\":\"Bundle\",\"entry\":[{\"resource\":{\"id\":\"Zzyzx-Secret\"",
    );
    house
        .run(&["deid", "cut.json", "-o", "cut.out.json"])
        .ended(1, "CL10")
        .keeps_back(&["Zzyzx"]);
    assert!(!house.path("cut.out.json").exists());
}

#[test]
fn a_study_that_does_not_parse_names_the_line() {
    let house = House::of("data-engineer");
    let hospital = clinic(&house);
    let whole = house.text("clinic.toml");
    house.write(
        "bad.toml",
        whole.replace("[deidentify]", "[deidentify]\ncolour = \"blue\""),
    );
    house
        .study("bad.toml")
        .ended(2, "CL5001")
        .tells("line")
        .keeps_back(&identifiers(&hospital));
    house.write("bad.toml", whole.replace("\"ssn\"", "\"shoe_size\""));
    let said = house.study("bad.toml").tells("shoe_size");
    assert!(matches!(said.code, 1 | 2), "{said:?}");
    house.write("bad.toml", b"\xff\xfe");
    house.study("bad.toml").ended(1, "CL6001");
    assert_eq!(house.versions(), 0);
}

/// Scanned, de-identified and taken in: each says the same, keeps values back and leaves nothing;
/// the study's words are returned.
#[track_caller]
fn refused_everywhere(file: &str, bytes: &[u8], code: &str) -> Said {
    let house = House::of("data-engineer");
    house.write(file, bytes);
    let out = format!("out-{file}");
    house
        .run(&["scan", file])
        .ended(1, code)
        .keeps_back(&["Zzyzx"]);
    house
        .run(&["deid", file, "-o", &out])
        .ended(1, code)
        .keeps_back(&["Zzyzx"]);
    study_on(&house, file);
    let said = house
        .study("bad.toml")
        .ended(1, code)
        .keeps_back(&["Zzyzx"]);
    assert!(!house.path(&out).exists());
    assert_eq!(house.versions(), 0);
    assert!(
        house
            .path("instance/tmp")
            .read_dir()
            .expect("a folder")
            .next()
            .is_none()
    );
    house.write(file, mended(file));
    house.study("bad.toml").done();
    assert_eq!(house.versions(), 1, "a rerun on the mended file works");
    house.is_sound();
    said
}

/// A sound file of the same kind; Parquet is judged by its content, so a CSV may stand in.
fn mended(file: &str) -> &'static str {
    if file.contains("json") {
        "{\"id\":1}\n{\"id\":2}\n"
    } else {
        "id,name\n1,ann\n2,bo\n"
    }
}

/// A study `bad.toml` that takes the column `id` of a file in.
fn study_on(house: &House, file: &str) {
    let study = format!(
        "[study]\nname = \"bad\"\ntitle = \"A study on what is not well-formed\"\npurpose = \"operations\"\n\
         legal_basis = \"operations\"\nowner = \"Test bench\"\n\n\
         [[source]]\npath = \"{file}\"\ntable = \"bad\"\ncolumns = [\"id\"]\n"
    );
    house.write("bad.toml", study);
}
