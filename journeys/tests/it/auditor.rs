//! The auditor: reads what was done and finds what was changed.

use std::fs;

use crate::{
    house::{House, flip_middle},
    studies::{self, clinic},
};

#[test]
fn denied_act_exits_3() {
    let house = House::of("auditor");
    studies::census(&house);
    house.study("census.toml").refused("CL330").tells("auditor");
    assert_eq!(house.versions(), 0, "a refused study leaves no dataset");
    assert!(house.objects().is_empty());
}

#[test]
fn denied_act_is_logged() {
    let house = House::of("auditor");
    studies::census(&house);
    house.study("census.toml").refused("CL330");
    let events = house.events();
    let refused: Vec<_> = events
        .iter()
        .filter(|event| event["outcome"] == "refused")
        .collect();
    assert_eq!(refused.len(), 1, "{events:?}");
    assert_eq!(refused[0]["action"], "run-study");
    assert_eq!(refused[0]["role"], "auditor");
    assert_eq!(refused[0]["actor"], "ada");
    assert!(
        refused[0]["code"]
            .as_str()
            .is_some_and(|code| code.contains("CL330")),
        "{refused:?}"
    );
}

#[test]
fn edited_log_entry_is_named() {
    let house = studies::house_with_model();
    house.takes_role("auditor");
    house.run(&["audit", "export", "-o", "log.ndjson"]).done();
    let check = [
        "audit",
        "verify-export",
        "log.ndjson",
        "--key",
        "log.ndjson.pem",
    ];
    house.run(&check).done();
    let whole = house.text("log.ndjson");
    for index in [1_usize, 4] {
        let mut lines: Vec<String> = whole.lines().map(str::to_owned).collect();
        let edited = lines[index].replace("\"ada\"", "\"eve\"");
        assert_ne!(edited, lines[index]);
        lines[index] = edited;
        house.write("log.ndjson", lines.join("\n") + "\n");
        house.run(&check).not_held("CL32").tells(&index.to_string());
    }
    house.write("log.ndjson", whole);
    house.run(&check).done();
}

#[test]
fn a_changed_byte_in_the_kept_log_is_found() {
    let house = House::of("auditor");
    house.run(&["audit", "verify"]).done();
    flip_middle(&house.home().join("log/entries"));
    house.run(&["audit", "verify"]).not_held("CL3");
}

#[test]
fn truncated_log_is_detected() {
    let house = House::of("data-engineer");
    clinic(&house);
    house.study("clinic.toml").done();
    house.is_sound();
    let entries = house.home().join("log/entries");
    let whole = fs::read(&entries).expect("the log");
    // The file ends with a checkpoint that stands elsewhere too; the last entry lies before it.
    for left in [whole.len() / 2, whole.len() - 400, 0] {
        fs::write(&entries, &whole[..left]).expect("the log");
        house.run(&["audit", "verify"]).not_held("CL3");
        house.run(&["dataset", "list"]).not_held("CL3");
    }
    fs::write(&entries, whole).expect("the log");
    house.is_sound();
}

#[test]
fn an_exported_log_without_its_tail_does_not_verify() {
    let house = House::of("auditor");
    house.takes_role("auditor");
    house.run(&["audit", "export", "-o", "log.ndjson"]).done();
    let whole = house.text("log.ndjson");
    let events = whole
        .lines()
        .filter(|line| line.contains("\"leaf\""))
        .count();
    let shorter: Vec<&str> = whole
        .lines()
        .filter(|line| !line.contains(&format!(",\"index\":{},", events - 1)))
        .collect();
    assert_eq!(shorter.len() + 1, whole.lines().count());
    house.write("log.ndjson", shorter.join("\n") + "\n");
    let check = [
        "audit",
        "verify-export",
        "log.ndjson",
        "--key",
        "log.ndjson.pem",
    ];
    house.run(&check).not_held("CL32");
}

#[test]
fn edited_report_fails_verification() {
    let house = studies::house_with_model();
    house.run(&["report", "census", "-o", "pack"]).done();
    let verify = ["report", "verify", "pack"];
    house.run(&verify).done();
    for file in ["report.html", "report.json", "manifest.json"] {
        let path = house.path("pack").join(file);
        let whole = fs::read(&path).expect("a file of the pack");
        flip_middle(&path);
        let said = house.run(&verify);
        assert_eq!(said.code, 4, "{file} was edited: {said:?}");
        fs::write(&path, whole).expect("a file of the pack");
    }
    fs::remove_file(house.path("pack/report.json")).expect("a file of the pack");
    assert_eq!(house.run(&verify).code, 4, "a missing file is noticed");
}

#[test]
fn a_pack_signed_with_another_key_is_not_trusted() {
    let house = studies::house_with_model();
    house.run(&["report", "census", "-o", "pack"]).done();
    let other = House::of("auditor");
    other.run(&["audit", "export", "-o", "log.ndjson"]).done();
    let key = other.path("log.ndjson.pem");
    let said = house.run(&[
        "report",
        "verify",
        "pack",
        "--key",
        crate::program::word(&key),
    ]);
    assert_eq!(said.code, 4, "{said:?}");
    house
        .run(&["report", "verify", "pack", "--key", "pack/public-key.pem"])
        .done();
}

#[test]
fn the_same_run_makes_the_same_report() {
    let house = studies::house_with_model();
    house.run(&["report", "census", "-o", "one"]).done();
    house.run(&["report", "census", "-o", "two"]).done();
    for file in ["report.html", "report.json", "manifest.json"] {
        assert_eq!(
            house.text(&format!("one/{file}")),
            house.text(&format!("two/{file}")),
            "{file}"
        );
    }
}

#[test]
fn a_control_without_evidence_never_holds() {
    let standing = |house: &House| {
        let counts = house.ask(&["control", "status"]);
        let of = |state: &str| {
            let modes = ["enforced", "evidenced", "attested"];
            modes
                .map(|mode| counts[mode][state].as_u64().expect("a count"))
                .iter()
                .sum::<u64>()
        };
        (
            of("holds") + of("partly"),
            of("needs people") + of("not covered"),
        )
    };
    let fresh = standing(&House::of("auditor"));
    let worked = standing(&studies::house_with_model());
    assert!(
        worked.0 > fresh.0,
        "a run gives evidence: {fresh:?} then {worked:?}"
    );
    assert_eq!(
        fresh.0 + fresh.1,
        worked.0 + worked.1,
        "the catalogue stays the same"
    );
    assert!(worked.1 > 100, "much is honestly open: {worked:?}");
}
