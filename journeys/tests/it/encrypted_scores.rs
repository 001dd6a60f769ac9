//! A key holder has records scored that the server cannot read.

use std::fs;

use serde_json::Value;

use crate::{
    house::House,
    program::word,
    studies::{self, census_study},
};

/// A house with the model `income`, exported to `model/`, and a key pair in `keys/`.
fn house() -> House {
    let house = House::of("data-scientist");
    studies::census(&house);
    let study = census_study().replace("decimals = 2", "decimals = 6\nencrypted_answers = 1_000");
    house.write("census.toml", study);
    house.study("census.toml").done();
    house.takes_role("data-engineer");
    house
        .run(&["model", "export", "income", "-o", "model"])
        .done();
    house.takes_role("data-scientist");
    house.run(&["he", "keygen", "-o", "keys"]).done();
    let lines = house.text("census.csv");
    let few: Vec<&str> = lines.lines().take(101).collect();
    house.write("few.csv", few.join("\n"));
    house
}

fn encrypt(house: &House) -> Value {
    house.ask(&[
        "he",
        "encrypt",
        "few.csv",
        "--key",
        "keys/secret.he",
        "--features",
        "model/features.json",
        "-o",
        "records.he",
    ])
}

fn score(house: &House) -> crate::program::Said {
    house.run(&[
        "he",
        "score",
        "income",
        "records.he",
        "--public",
        "keys/public.he",
        "-o",
        "scores.he",
    ])
}

#[test]
fn encrypted_answers_are_those_of_the_model() {
    let house = house();
    let sent = encrypt(&house);
    assert_eq!(sent["records"], 100);
    score(&house).done();
    let opened = house.ask(&["he", "decrypt", "scores.he", "--key", "keys/secret.he"]);
    let plain = house.ask(&["model", "predict", "income", "few.csv"]);
    let (opened, plain) = (
        opened.as_array().expect("answers"),
        plain.as_array().expect("answers"),
    );
    assert_eq!((opened.len(), plain.len()), (100, 100));
    for (one, other) in opened.iter().zip(plain) {
        let (one, other) = (&one["probability"], &other["score"]);
        let distance = one.as_f64().expect("a number") - other.as_f64().expect("a number");
        assert!(distance.abs() < 2e-3, "{one} {other}");
    }
    let last = house
        .events()
        .into_iter()
        .rfind(|event| event["action"] == "predict");
    assert_eq!(last.expect("an event")["rows"], 100);
    house.is_sound();
}

#[test]
fn without_an_instance_an_exported_model_scores_the_same() {
    let house = house();
    encrypt(&house);
    score(&house).done();
    let inside = house.ask(&["he", "decrypt", "scores.he", "--key", "keys/secret.he"]);
    let elsewhere = House::empty();
    for (from, to) in [
        ("model/model.safetensors", "model.safetensors"),
        ("records.he", "records.he"),
        ("keys/public.he", "public.he"),
    ] {
        elsewhere.write(to, fs::read(house.path(from)).expect("a file"));
    }
    elsewhere
        .run(&[
            "he",
            "score",
            "--model-file",
            "model.safetensors",
            "records.he",
            "--public",
            "public.he",
            "-o",
            "scores.he",
        ])
        .done()
        .tells("no limit");
    let scores = elsewhere.path("scores.he");
    let outside = house.ask(&["he", "decrypt", word(&scores), "--key", "keys/secret.he"]);
    assert_eq!(inside, outside, "fixed point is exact");
    assert_ne!(
        fs::read(&scores).expect("a file"),
        fs::read(house.path("scores.he")).expect("a file"),
        "every answer is masked anew"
    );
}

#[test]
fn a_caller_gets_so_many_answers_and_no_more() {
    let house = House::of("data-scientist");
    studies::census(&house);
    house.study("census.toml").done();
    house.takes_role("data-engineer");
    house
        .run(&["model", "export", "income", "-o", "model"])
        .done();
    house.takes_role("data-scientist");
    house.run(&["he", "keygen", "-o", "keys"]).done();
    let lines = house.text("census.csv");
    let few: Vec<&str> = lines.lines().take(21).collect();
    house.write("few.csv", few.join("\n"));
    encrypt(&house);
    score(&house).done();
    let before = house.run(&["audit", "verify"]).done();
    drop(before);
    score(&house).refused("CL5057").tells("20 of the");
    let refused = house
        .events()
        .into_iter()
        .filter(|event| event["action"] == "predict" && event["outcome"] == "refused")
        .count();
    assert_eq!(refused, 1, "the refusal is in the log");
}

#[test]
fn foreign_and_damaged_files_are_named() {
    let house = house();
    encrypt(&house);
    house.run(&["he", "keygen", "-o", "others"]).done();
    house
        .run(&[
            "he",
            "score",
            "income",
            "records.he",
            "--public",
            "others/public.he",
            "-o",
            "s.he",
        ])
        .ended(2, "CL4021");
    house
        .run(&["he", "keygen", "-o", "keys"])
        .ended(2, "CL6015");
    let whole = fs::read(house.path("records.he")).expect("a file");
    house.write("records.he", &whole[..whole.len() - 1]);
    score(&house).ended(1, "CL4020");
    house.write("records.he", b"hello");
    score(&house).ended(1, "CL4020");
    house.write("records.he", &whole);
    score(&house).done();
    house
        .run(&["he", "decrypt", "scores.he", "--key", "others/secret.he"])
        .ended(2, "CL4021");
    house
        .run(&["he", "decrypt", "records.he", "--key", "keys/secret.he"])
        .ended(1, "CL4020");
    let changed = house.text("model/features.json").replace("90.0", "91.0");
    house.write("model/features.json", changed);
    encrypt(&house);
    score(&house).ended(2, "CL4022");
}

#[test]
fn the_secret_key_opens_only_with_its_passphrase() {
    let house = house();
    encrypt(&house);
    score(&house).done();
    let mut command = house.command();
    command.env("CLOISTER_PASSPHRASE", "not the passphrase");
    command.args(["he", "decrypt", "scores.he", "--key", "keys/secret.he"]);
    let said = crate::program::said(&mut command);
    assert_ne!(said.code, 0, "{said:?}");
    let key = house.text("keys/secret.he");
    assert!(!key.contains("CLOHESK1"), "the key does not lie open");
}
