//! The log from outside: searched, proven, exported, witnessed, accounted for, kept; and changed in
//! every way that somebody with the files can change it.

use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Child, Stdio},
};

use serde_json::Value;

use crate::{
    house::House,
    program::{self, word},
    studies::clinic,
};

/// A house with a study on forty patients, and the id of one of them.
fn with_patients() -> (House, String) {
    let house = House::of("data-engineer");
    let hospital = clinic(&house);
    house.study("clinic.toml").done();
    let person = house
        .text("patients.csv")
        .lines()
        .nth(1)
        .and_then(|line| line.split(',').next())
        .expect("a patient")
        .to_owned();
    drop(hospital);
    house.takes_role("auditor");
    (house, person)
}

fn hits(house: &House, words: &[&str]) -> Vec<Value> {
    let found = house.ask(&[&["audit", "search"], words].concat());
    found.as_array().expect("hits").clone()
}

#[test]
fn everything_on_a_person_is_found_and_their_id_stands_nowhere_in_the_log() {
    let (house, person) = with_patients();
    let found = hits(&house, &["--person", &person]);
    let acts: Vec<&str> = found
        .iter()
        .filter_map(|hit| hit["event"]["action"].as_str())
        .collect();
    for act in ["ingest", "classify", "deidentify"] {
        assert!(acts.contains(&act), "{acts:?}");
    }
    assert!(
        found
            .iter()
            .all(|hit| hit["event"]["set"].is_string() || hit["event"]["person"].is_string())
    );
    assert!(
        hits(
            &house,
            &["--person", "nobody-of-this-id", "--action", "ingest"]
        )
        .is_empty()
    );
    let by_ada = hits(&house, &["--actor", "ada", "--action", "ingest"]);
    assert_eq!(by_ada.len(), 1);
    assert!(hits(&house, &["--until", "2001-01-01"]).is_empty());
    house
        .run(&["audit", "search", "--outcome", "perhaps"])
        .ended(2, "CL6004");
    for file in crate::house::files_below(&house.home().join("log")) {
        let bytes = fs::read(&file).expect("a file of the log");
        let needle = person.as_bytes();
        let told = bytes.windows(needle.len()).any(|at| at == needle);
        assert!(!told || person.len() < 6, "{}", file.display());
    }
}

#[test]
fn a_proof_stands_alone_and_one_changed_letter_breaks_it() {
    let house = House::of("auditor");
    let made = house.ask(&["audit", "prove", "0", "-o", "0.tlog-proof"]);
    let key = made["key"].as_str().expect("a key").to_owned();
    let check = |file: &str| program::run(&["audit", "verify-proof", file, "--key", &key]);
    let file = house.path("0.tlog-proof");
    check(word(&file)).done().tells("create-instance");
    let whole = house.text("0.tlog-proof");
    for (from, to) in [("\nindex 0\n", "\nindex 1\n"), ("extra ey", "extra eZ")] {
        let changed = whole.replacen(from, to, 1);
        assert_ne!(changed, whole);
        house.write("changed.tlog-proof", changed);
        let changed = house.path("changed.tlog-proof");
        assert_eq!(check(word(&changed)).code, 4, "{from}");
    }
    house
        .run(&["audit", "prove", "9999", "-o", "x.tlog-proof"])
        .ended(2, "CL3173");
}

#[test]
fn every_format_verifies_offline_and_no_edit_does() {
    let (house, _) = with_patients();
    for format in ["ndjson", "csv", "cef", "syslog", "ocsf", "fhir"] {
        let file = format!("log.{format}");
        let export = ["audit", "export", "--format", format, "-o", &file];
        house.run(&export).done();
        let key = format!("{file}.pem");
        let check = |file: &str| {
            let words = [
                "audit",
                "verify-export",
                file,
                "--key",
                &key,
                "--format",
                format,
            ];
            house.run(&words)
        };
        check(&file).done().tells("whole log");
        let whole = house.text(&file);
        let edited = whole.replacen("ada", "eve", 1);
        assert_ne!(edited, whole);
        house.write("edited", edited);
        assert_eq!(check("edited").code, 4, "{format}");
    }
    let some = [
        "audit",
        "export",
        "--from",
        "2",
        "--to",
        "4",
        "-o",
        "some.ndjson",
    ];
    house.run(&some).done();
    let check = [
        "audit",
        "verify-export",
        "some.ndjson",
        "--key",
        "some.ndjson.pem",
    ];
    house.run(&check).done().tells("a selection");
}

#[test]
fn static_files_verify_on_another_machine_with_the_key_alone() {
    let (house, _) = with_patients();
    house.run(&["audit", "tiles", "-o", "tiles"]).done();
    let tiles = house.path("tiles");
    let key = tiles.join("key.vkey");
    let check = || {
        program::run(&[
            "audit",
            "verify",
            "--tiles",
            word(&tiles),
            "--key",
            word(&key),
        ])
    };
    check().done().tells("the static log holds");
    let entries = crate::house::files_below(&tiles.join("tile/entries"));
    let bundle = entries.first().expect("a bundle");
    let whole = fs::read(bundle).expect("a bundle");
    let mut changed = whole.clone();
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    fs::write(bundle, changed).expect("a bundle");
    assert_eq!(check().code, 4);
    fs::write(bundle, whole).expect("a bundle");
    let other = House::of("auditor");
    other.run(&["audit", "tiles", "-o", "tiles"]).done();
    let foreign = other.path("tiles/key.vkey");
    let said = program::run(&[
        "audit",
        "verify",
        "--tiles",
        word(&tiles),
        "--key",
        word(&foreign),
    ]);
    assert_eq!(said.code, 4, "another key: {said:?}");
}

#[test]
fn only_what_is_new_is_verified_when_asked() {
    let house = House::of("auditor");
    let first = house.ask(&["audit", "verify", "--incremental"]);
    let second = house.ask(&["audit", "verify", "--incremental"]);
    assert_eq!(second["verified_before"], first["size"]);
    assert!(second["size"].as_u64() > first["size"].as_u64());
}

#[test]
fn disclosures_are_accounted_for() {
    let (house, person) = with_patients();
    house.takes_role("privacy-officer");
    let disclose = [
        "audit",
        "disclose",
        "--person",
        &person,
        "--recipient",
        "registry",
        "--purpose",
        "public-health",
        "--description",
        "case report",
        "--date",
        "2026-03-01",
    ];
    house.run(&disclose).ended(2, "CL5021").tells("registry");
    let named = ["--name", "State registry", "--address", "1 Main Street"];
    house.run(&[&disclose[..], &named].concat()).done();
    let account = house.ask(&["audit", "accounting", "--person", &person]);
    let lines = account["disclosures"].as_array().expect("lines");
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0]["recipient"], "State registry");
    assert_eq!(lines[0]["description"], "case report");
    assert_eq!(lines[0]["purpose"], "public-health");
    let text = ["audit", "accounting", "--person", &person];
    house
        .run(&text)
        .done()
        .tells("2026-03-01")
        .tells("1 Main Street");
    let fhir = house.ask(&[&text[..], &["--format", "fhir"]].concat());
    assert_eq!(fhir["entry"][0]["resource"]["resourceType"], "AuditEvent");
    let other = house.ask(&["audit", "accounting", "--person", "somebody-else"]);
    assert_eq!(other["disclosures"].as_array().map(Vec::len), Some(0));
    for file in ["entries", "checkpoints"] {
        let bytes = fs::read(house.home().join("log").join(file)).expect("the log");
        let told = String::from_utf8_lossy(&bytes);
        for secret in ["State registry", "Main Street", "case report"] {
            assert!(!told.contains(secret), "{secret} stands in the log");
        }
    }
    house.takes_role("data-engineer");
    house.run(&[&disclose[..], &named].concat()).refused("CL33");
}

/// A witness that is running, and where.
struct Running {
    child: Child,
    url: String,
    key: String,
}

/// Starts `house` as a witness for a log; it ends after so many requests.
fn serve(house: &House, log: &str, requests: &str) -> Running {
    let mut command = house.command();
    command.args([
        "audit",
        "witness",
        "serve",
        "--name",
        "hospital.example/witness",
    ]);
    command.args(["--log", log, "--requests", requests]);
    program::prepare(&mut command);
    let mut child = command
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("the program starts");
    let mut lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
    let mut told = |mark: &str| {
        let line = lines.next().expect("a line").expect("text");
        line.split_once(mark).expect("what it tells").1.to_owned()
    };
    let url = told(" answers at ");
    let key = told("its key: ");
    Running { child, url, key }
}

#[test]
fn our_own_witness_cosigns_our_log_and_refuses_a_fork_of_it() {
    let ours = House::of("administrator");
    let witness = House::of("administrator");
    ours.takes_role("auditor");
    ours.run(&["audit", "tiles", "-o", "tiles"]).done();
    ours.takes_role("administrator");
    let log = ours.text("tiles/key.vkey").trim().to_owned();
    let fork = House::empty();
    copy(&ours, &fork);

    let mut running = serve(&witness, &log, "5");
    let (url, key) = (running.url.clone(), running.key.clone());
    let add = |house: &House| house.run(&["audit", "witness", "add", "--url", &url, "--key", &key]);
    add(&ours).done().tells("cosigned the log");
    ours.run(&["ledger"]);
    add(&ours).done();
    ours.run(&["audit", "witness", "list"])
        .done()
        .tells("hospital.example/witness");

    // The fork goes on from the same beginning with other events, and has no memory of the witness.
    for _ in 0..6 {
        fork.run(&["access", "role", "administrator"]).done();
    }
    // It asks with no knowledge of the witness, is told the size, and then cannot prove its growth.
    let refused = add(&fork);
    assert_eq!(refused.code, 4, "{refused:?}");
    add(&ours).done();
    drop(running.child.kill());
    drop(running.child.wait());

    ours.takes_role("auditor");
    ours.run(&["audit", "prove", "0", "-o", "0.tlog-proof"])
        .done();
    let policy = format!("log {log}\nwitness w {key}\nquorum w\n");
    let policy = ours.write("trust.policy", policy);
    let proof = ours.path("0.tlog-proof");
    let check = [
        "audit",
        "verify-proof",
        word(&proof),
        "--policy",
        word(&policy),
    ];
    program::run(&check).done();
    let unwitnessed = ours.text("0.tlog-proof");
    let lines: Vec<&str> = unwitnessed
        .lines()
        .filter(|line| !line.starts_with("— hospital.example"))
        .collect();
    ours.write("0.tlog-proof", lines.join("\n") + "\n");
    program::run(&check).not_held("CL3233");
}

fn copy(from: &House, to: &House) {
    for file in crate::house::files_below(&from.home()) {
        let inner = file
            .strip_prefix(from.home())
            .expect("a file of the instance");
        let place = to.home().join(inner);
        fs::create_dir_all(place.parent().expect("a folder")).expect("a folder");
        fs::copy(&file, &place).expect("a copy");
    }
    for folder in ["objects", "tmp", "log"] {
        fs::create_dir_all(to.home().join(folder)).expect("a folder");
    }
}

#[test]
fn the_log_is_kept_six_years_at_least_and_nobody_prunes_alone() {
    let house = House::of("privacy-officer");
    let shown = house.ask(&["audit", "retention", "show"]);
    assert_eq!(shown["retention"]["years"], 10);
    let set = |years: &str| house.run(&["audit", "retention", "set", "--years", years]);
    for years in ["0", "5"] {
        set(years).refused("CL5085");
    }
    set("7").done();
    assert_eq!(
        house.ask(&["audit", "retention", "show"])["retention"]["years"],
        7
    );
    house
        .run(&["audit", "retention", "approve"])
        .refused("CL5088");
    house.run(&["audit", "retention", "hold", "case-1"]).done();
    house.run(&["audit", "retention", "prune"]).refused("CL33");
    house.takes_role("administrator");
    house
        .run(&["audit", "retention", "prune"])
        .refused("CL5086");
    set("8").refused("CL33");
    house.takes_role("privacy-officer");
    house
        .run(&["audit", "retention", "release", "case-1"])
        .done();
    house
        .run(&["audit", "retention", "release", "case-1"])
        .ended(2, "CL5021");
    house.takes_role("administrator");
    house
        .run(&["audit", "retention", "prune"])
        .refused("CL5087");
    house.is_sound();
}

#[test]
fn a_log_that_was_set_back_behind_its_export_does_not_open() {
    let house = House::of("auditor");
    let old = House::empty();
    copy(&house, &old);
    house.run(&["audit", "export", "-o", "log.ndjson"]).done();
    let published = fs::read(house.home().join("log/published")).expect("a mark");
    fs::write(old.home().join("log/published"), published).expect("a mark");
    old.run(&["access", "whoami"]).not_held("CL3170");
    old.run(&["audit", "verify"]).not_held("CL3170");
    house.is_sound();
}
