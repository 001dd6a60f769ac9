//! The administrator: runs the machine and the keys, and never sees a row.

use std::fs;

use crate::{
    house::{House, files_below, flip_middle, name},
    program::PASSPHRASE,
    studies::{self, clinic, identifiers},
};

#[test]
fn administrator_cannot_read_rows() {
    let house = studies::house_with_model();
    house.takes_role("administrator");
    let records = house.path("census.csv");
    let records = crate::program::word(&records);
    house
        .run(&["dataset", "export", "census", "census", "-o", "out.csv"])
        .refused("CL330");
    house
        .run(&["model", "predict", "income", records])
        .refused("CL330");
    house.study("census.toml").refused("CL330");
    assert!(!house.path("out.csv").exists());
}

#[test]
fn nothing_on_disk_is_readable() {
    let house = House::of("data-engineer");
    let hospital = clinic(&house);
    house.study("clinic.toml").done();
    let secrets = identifiers(&hospital);
    let mut looked_at = 0;
    for path in files_below(&house.home()) {
        let bytes = fs::read(&path).expect("a file");
        looked_at += bytes.len();
        let text = String::from_utf8_lossy(&bytes);
        for secret in secrets
            .iter()
            .map(String::as_str)
            .chain(["Clinical informatics", PASSPHRASE])
        {
            assert!(
                !text.contains(secret),
                "{} is readable in {}",
                secret,
                path.display()
            );
        }
    }
    assert!(looked_at > 10_000, "the instance holds something");
    assert!(
        files_below(&house.home().join("tmp")).is_empty(),
        "no temporary file is left"
    );
}

#[test]
fn flipped_byte_is_found_and_named() {
    let house = House::of("data-engineer");
    clinic(&house);
    house.study("clinic.toml").done();
    house.is_sound();
    let objects = house.objects();
    assert!(!objects.is_empty());
    for object in &objects {
        let whole = fs::read(object).expect("an object");
        flip_middle(object);
        house
            .run(&["doctor"])
            .not_held("CL31")
            .tells(&name(object)[..12]);
        fs::write(object, whole).expect("an object");
    }
    house.is_sound();
}

#[test]
fn the_wrong_passphrase_opens_nothing() {
    let house = House::of("administrator");
    let mut command = house.command();
    command
        .env("CLOISTER_PASSPHRASE", "incorrect horse battery staple")
        .arg("doctor");
    crate::program::said(&mut command)
        .refused("CL3011")
        .keeps_back(&["incorrect horse", PASSPHRASE]);
    house.is_sound();
}

#[test]
fn a_short_passphrase_makes_no_instance() {
    let house = House::empty();
    let mut command = house.command();
    command.env("CLOISTER_PASSPHRASE", "short").arg("init");
    crate::program::said(&mut command).refused("CL3010");
    assert!(!house.home().join("keystore").exists());
    house.run(&["init"]).done();
}

#[test]
fn an_instance_is_not_made_over_another() {
    let house = House::of("administrator");
    house.run(&["init"]).ended(2, "CL3101");
    house.is_sound();
}

#[test]
fn a_folder_without_an_instance_is_named_as_such() {
    let house = House::empty();
    for verb in [
        ["audit", "verify"],
        ["dataset", "list"],
        ["access", "whoami"],
    ] {
        house.run(&verb).ended(2, "CL3102");
    }
    assert!(!house.home().exists(), "asking makes nothing");
}
