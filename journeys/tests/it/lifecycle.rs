//! The end of data and the way back: backup, restore, retention, disposal.

use std::fs;

use serde_json::Value;

use crate::{
    house::House,
    program::{self, Said},
    studies::clinic,
};

/// An instance with one dataset and its de-identified one, whose operator is its administrator.
fn house() -> House {
    let house = House::of("data-engineer");
    clinic(&house);
    house.study("clinic.toml").done();
    house.takes_role("administrator");
    house
}

/// Runs the program on another instance of the same folder.
fn at(house: &House, home: &str, arguments: &[&str]) -> Said {
    program::said(
        program::command()
            .current_dir(house.path("."))
            .args(["--home", home])
            .args(arguments),
    )
}

/// The dataset that the study brought in.
fn dataset(house: &House) -> String {
    let kept = house.ask(&["retention", "list"]);
    let kept = kept.as_array().expect("what is kept");
    let datasets = kept.iter().filter(|one| one["class"] == "dataset");
    let names = datasets.filter_map(|one| one["name"].as_str());
    names
        .min_by_key(|name| name.len())
        .expect("a dataset")
        .to_owned()
}

#[test]
fn an_instance_is_made_again_from_its_backup_elsewhere() {
    let house = house();
    let first = house.ask(&["backup", "backups"]);
    assert!(first["new_objects"].as_u64() > Some(0), "{first}");
    let second = house.ask(&["backup", "backups"]);
    assert_eq!(second["new_objects"], 0, "only what is new is copied");
    assert_eq!(house.ask(&["backup", "verify", "backups"])["holds"], true);
    let sets = house.ask(&["backup", "list", "backups"]);
    assert_eq!(sets.as_array().map(Vec::len), Some(2));

    let restored = at(
        &house,
        "again",
        &["--json", "restore", "backups", "--verify"],
    )
    .done();
    assert_eq!(restored.json()["objects"], second["objects"]);
    at(&house, "again", &["doctor"]).done();
    at(&house, "again", &["audit", "verify"]).done();
    let before = house.ask(&["dataset", "list"]);
    assert_eq!(
        at(&house, "again", &["--json", "dataset", "list"])
            .done()
            .json(),
        before
    );

    let older = first["set"].as_str().expect("a set");
    at(&house, "older", &["restore", "backups", "--set", older]).refused("CL3185");
    assert!(!house.path("older").exists());
}

#[test]
fn a_damaged_backup_is_found_and_nothing_of_it_is_restored() {
    let house = house();
    house.ask(&["backup", "backups"]);
    let objects = crate::house::files_below(&house.path("backups/objects"));
    crate::house::flip_middle(objects.first().expect("an object"));
    house
        .run(&["backup", "verify", "backups"])
        .not_held("CL3184");
    at(&house, "again", &["restore", "backups"]).not_held("CL3184");
    assert!(!house.path("again").exists());
}

#[test]
fn a_dataset_is_disposed_of_by_two_persons_with_a_certificate() {
    let house = house();
    let name = dataset(&house);
    house.ask(&["backup", "backups"]);
    house.write("bob.txt", "a phrase of bob's own");
    let own = ["--approval-passphrase-file", "bob.txt"];
    house
        .run(&[&["key", "approver", "bob"], &own[..]].concat())
        .done();
    let dispose = [
        "retention",
        "dispose",
        &name,
        "--early",
        "-o",
        "erased.json",
    ];

    house.takes_role("privacy-officer");
    house
        .run(&["retention", "hold", "dataset", &name, "--matter", "case-1"])
        .done();
    house.takes_role("administrator");
    house.run(&dispose).refused("CL5093");
    house.run(&["key", "destroy", &name]).refused("CL5093");
    house.takes_role("privacy-officer");
    house
        .run(&["retention", "lift", "dataset", &name, "--matter", "case-1"])
        .done();
    house.takes_role("administrator");
    house
        .run(&["retention", "dispose", &name])
        .refused("CL5094");

    let refused = house.run(&dispose);
    let request = refused
        .stderr
        .split('`')
        .nth(1)
        .expect("a request")
        .to_owned();
    refused.refused("CL5070");
    house
        .run(&[&["key", "approve", &request, "--as", "bob"], &own[..]].concat())
        .done();
    let certificate = house.ask(&dispose);
    assert_eq!(certificate["complete"], true, "{certificate}");
    assert_eq!(certificate["approved"][0], "bob");
    assert!(certificate["tried"].as_u64() > Some(0), "{certificate}");
    house
        .run(&["retention", "dispose", &name, "--early"])
        .ended(2, "CL5095");

    program::run(&["retention", "verify", &path(&house, "erased.json")]).done();
    let text = fs::read_to_string(house.path("erased.json")).expect("a certificate");
    house.write(
        "forged.json",
        text.replace("\\\"early\\\": true", "\\\"early\\\": false"),
    );
    program::run(&["retention", "verify", &path(&house, "forged.json")]).not_held("CL5097");
    house.is_sound();

    let restored = at(&house, "again", &["--json", "restore", "backups"])
        .done()
        .json();
    assert!(
        restored["purged_keys"]
            .as_array()
            .is_some_and(|keys| !keys.is_empty()),
        "{restored}"
    );
    at(&house, "again", &["doctor"]).done();
}

#[test]
fn documentation_is_kept_for_six_years_at_least() {
    let house = house();
    house.takes_role("privacy-officer");
    house
        .run(&["retention", "set", "document", "*", "--years", "5"])
        .ended(2, "CL5090");
    house
        .run(&["retention", "set", "document", "*", "--years", "8"])
        .done();
    let kept: Value = house.ask(&["retention", "list"]);
    let documents = kept.as_array().expect("what is kept").iter();
    for document in documents.filter(|one| one["class"] == "document") {
        assert_eq!(document["years"], 8);
        assert_eq!(document["due"], false);
    }
    house.takes_role("auditor");
    house
        .run(&["retention", "set", "document", "*", "--years", "9"])
        .refused("CL330");
}

fn path(house: &House, name: &str) -> String {
    house.path(name).to_string_lossy().into_owned()
}
