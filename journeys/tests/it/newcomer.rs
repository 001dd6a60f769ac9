//! The newcomer: reads the help, tries the examples, runs the demo.

use std::fs;

use serde_json::Value;

use crate::{
    house::House,
    program::{self, root, run, word},
};

#[test]
fn the_help_reads_like_a_table_of_contents() {
    let help = run(&["--help"]).done().stdout;
    let mut from = 0;
    for verb in VERBS {
        let line = help[from..]
            .find(&format!("\n  {verb} "))
            .unwrap_or_else(|| panic!("`{verb}` in its place in {help}"));
        from += line;
    }
    assert!(help.contains("Exit codes: 0 done"), "{help}");
    assert!(!help.to_lowercase().contains("hipaa compliant"));
}

#[test]
fn every_verb_explains_itself_with_an_example() {
    for verb in VERBS {
        let help = run(&[verb, "--help"]).done().stdout;
        assert!(help.contains("Example"), "{help}");
        assert!(
            help.contains(&format!("cloister {verb}")) || help.contains("cloister init"),
            "{help}"
        );
    }
}

#[test]
fn words_that_mean_nothing_exit_2() {
    for words in [
        vec!["pray"],
        vec!["study"],
        vec!["scan"],
        vec!["demo", "--patients", "3"],
        vec!["dataset", "export", "x"],
    ] {
        let said = run(&words);
        assert_eq!(said.code, 2, "{said:?}");
        assert!(!said.stderr.is_empty());
    }
    let said = run(&[]);
    assert_eq!(said.code, 2, "{said:?}");
}

#[test]
fn every_example_study_is_sound() {
    let mut checked = 0;
    for entry in fs::read_dir(root().join("examples"))
        .expect("the examples")
        .flatten()
    {
        let path = entry.path();
        if path.extension().is_some_and(|kind| kind == "toml") {
            run(&["study", "check", word(&path)])
                .done()
                .tells("is sound");
            checked += 1;
        }
    }
    assert_eq!(checked, 3);
}

#[test]
fn the_examples_without_an_instance_work() {
    let house = House::empty();
    crate::studies::clinic(&house);
    house.write(
        "notes.txt",
        "Seen today: Mary Ellen Johnson, SSN 912-45-6789.\n",
    );
    house
        .run(&["scan", "notes.txt", "patients.csv"])
        .done()
        .tells("column A names");
    house
        .run(&[
            "deid",
            "patients.csv",
            "-o",
            "patients.deid.csv",
            "--person",
            "patient_id",
        ])
        .done();
    house
        .run(&["deid", "notes.txt", "-o", "notes.deid.txt"])
        .done();
    let note = house.text("notes.deid.txt");
    assert!(
        !note.contains("912-45") && !note.contains("Johnson"),
        "{note}"
    );
    house
        .run(&["risk", "patients.deid.csv", "--quasi", "birth_date,sex,zip"])
        .done();
    house
        .run(&[
            "privacy",
            "sigma",
            "--epsilon",
            "3",
            "--delta",
            "1e-5",
            "--sampling",
            "0.0157",
            "--steps",
            "640",
        ])
        .done();
    assert!(!house.home().exists(), "none of these makes an instance");
}

#[test]
fn the_demo_goes_through_ten_stages_and_verifies() {
    let house = House::empty();
    let mut command = program::command();
    command.current_dir(house.path("."));
    let said =
        program::said(command.args(["--json", "demo", "--into", "demo", "--patients", "1000"]))
            .done();
    let document: Value = serde_json::from_str(&said.stdout).expect("one JSON document");
    let stages = document["stages"].as_array().expect("stages");
    assert_eq!(stages.len(), 10);
    assert!(
        stages.iter().all(|stage| stage["outcome"] == "done"),
        "{stages:?}"
    );
    let at = [
        "--home",
        "demo/instance",
        "--passphrase-file",
        "demo/passphrase",
    ];
    for words in [
        vec!["audit", "verify"],
        vec!["doctor"],
        vec!["control", "status"],
        vec!["study", "show", "readmission"],
    ] {
        let mut command = program::command();
        command.current_dir(house.path("."));
        program::said(command.args(at).args(words)).done();
    }
    let mut command = program::command();
    command.current_dir(house.path("."));
    program::said(command.args(["report", "verify", "demo/evidence/readmission"])).done();
    let page = house.text("demo/evidence/readmission/report.html");
    assert!(
        page.contains("<svg") && !page.contains("src=") && !page.contains("<link"),
        "the page stands alone"
    );
}

#[test]
fn a_folder_that_is_not_the_demos_is_left_alone() {
    let house = House::empty();
    house.write("mine/letter.txt", "mine");
    let mut command = program::command();
    command.current_dir(house.path("."));
    program::said(command.args(["demo", "--into", "mine", "--patients", "1000"]))
        .ended(2, "CL6005");
    assert_eq!(house.text("mine/letter.txt"), "mine");
}

const VERBS: [&str; 15] = [
    "demo", "scan", "deid", "risk", "privacy", "init", "study", "dataset", "model", "ledger",
    "access", "audit", "control", "report", "doctor",
];
