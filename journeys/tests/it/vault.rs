//! The encrypted objects of an instance, as the people who look after them meet them.

use std::fs;

use crate::{
    house::{House, flip_middle, name},
    program::{self, Said},
    studies::{clinic, identifiers},
};

#[test]
fn every_object_is_an_encrypted_table_that_verifies_and_damage_is_named() {
    let house = House::of("data-engineer");
    let hospital = clinic(&house);
    house.study("clinic.toml").done();
    let objects = house.objects();
    for object in &objects {
        let bytes = fs::read(object).expect("an object");
        assert!(bytes.starts_with(b"PARE") && bytes.ends_with(b"PARE"));
    }
    let found = house.ask(&["vault", "verify"]);
    assert_eq!(found["objects"], objects.len());
    assert_eq!(found["opened"], objects.len());
    assert_eq!(found["shredded"], 0);

    let whole = fs::read(&objects[0]).expect("an object");
    flip_middle(&objects[0]);
    let said = house.run(&["--json", "vault", "verify"]);
    let found = said.json();
    assert_eq!(found["findings"].as_array().map(Vec::len), Some(1));
    assert_eq!(found["findings"][0]["object"], name(&objects[0]));
    assert_eq!(found["opened"], objects.len() - 1);
    said.keeps_back(&identifiers(&hospital));
    house.run(&["vault", "verify"]).ended(4, "CL6035");
    fs::write(&objects[0], whole).expect("the object again");
    house.run(&["vault", "verify"]).done();
}

#[test]
fn what_nothing_keeps_is_collected_and_what_is_kept_stays() {
    let house = House::of("data-engineer");
    clinic(&house);
    house.study("clinic.toml").done();
    let before = house.objects();
    // Opening an instance takes orphans away at once; one that comes later is left to `collect`.
    assert_eq!(house.ask(&["vault", "orphans"])["count"], 0);
    assert_eq!(house.ask(&["vault", "collect"])["count"], 0);
    let shelf = before[0].parent().expect("a shelf").join("left-over");
    fs::write(&shelf, b"left over").expect("a file");
    house.run(&["doctor"]).done();
    assert_eq!(house.objects(), before);
    house.takes_role("researcher");
    house.run(&["vault", "collect"]).refused("CL330");
}

#[test]
fn the_database_fits_objects_keys_and_log_until_somebody_changes_one() {
    let house = House::of("data-engineer");
    clinic(&house);
    house.study("clinic.toml").done();
    let found = house.ask(&["doctor", "--db"]);
    assert!(
        found["rows"]["engine"]
            .as_str()
            .expect("words")
            .starts_with("SQLite 3")
    );
    for check in found["checks"].as_array().expect("checks") {
        // The clinic has no model.
        let models = check["what"] == "registered models against kept objects";
        let checked = check["checked"].as_u64().expect("a count");
        assert_eq!(checked > 0, !models, "{check}");
        assert_eq!(check["findings"].as_array().map(Vec::len), Some(0));
    }
    fs::remove_file(&house.objects()[0]).expect("an object");
    let said = house.run(&["--json", "doctor", "--db"]);
    assert!(said.json()["checks"].to_string().contains("is missing"));
    house.run(&["doctor", "--db"]).ended(4, "CL6036");
}

#[test]
fn a_table_leaves_encrypted_with_the_keys_of_some_classes() {
    let house = House::of("data-engineer");
    clinic(&house);
    house.study("clinic.toml").done();
    let export = ["vault", "export-parquet", "clinic-deid", "patients"];
    let to = [
        "-o",
        "some.parquet",
        "--keys",
        "some.json",
        "--classes",
        "quasi-id,clinical",
    ];
    let said = house.ask(&[&export[..], &to[..]].concat());
    let columns = said["columns"].as_object().expect("columns").clone();
    let readable: Vec<&str> = columns
        .iter()
        .filter(|(_, class)| ["quasi-id", "clinical"].contains(&class.as_str().unwrap_or("")))
        .map(|(column, _)| column.as_str())
        .collect();
    assert!(
        !readable.is_empty() && readable.len() < columns.len(),
        "{columns:?}"
    );

    let open = [
        "vault",
        "open-parquet",
        "some.parquet",
        "--keys",
        "some.json",
        "-o",
        "some.csv",
    ];
    house.run(&open).refused("CL1060");
    let chosen = readable.join(",");
    house
        .run(&[&open[..], &["--columns", &chosen][..]].concat())
        .done();
    let plain = house.export("clinic-deid", "patients", "all.csv");
    assert_eq!(
        house.text("some.csv").lines().count(),
        plain.lines().count()
    );

    // Columns that are not asked for are not read: of flips all over the file some are in their way.
    let whole = fs::read(house.path("some.parquet")).expect("a file");
    let mut found = 0;
    for part in 1..16 {
        let mut flipped = whole.clone();
        flipped[whole.len() * part / 16] ^= 1;
        house.write("some.parquet", flipped);
        let said = house.run(&[&open[..], &["--columns", &chosen][..]].concat());
        if said.code != 0 {
            // A flip in a key's name is a key that was not given (3); any other is damage (4).
            let code = if said.code == 3 { 3 } else { 4 };
            said.ended(code, "CL106");
            found += 1;
        }
    }
    assert!(found > 0, "no flipped byte was found");
    let identified = ["vault", "export-parquet", "clinic", "patients"];
    let never = ["-o", "never.parquet", "--keys", "never.json"];
    house
        .run(&[&identified[..], &never[..]].concat())
        .refused("CL330");
    assert!(!house.path("never.parquet").exists() && !house.path("never.json").exists());
}

#[test]
fn a_file_is_sealed_and_opens_only_as_what_it_is() {
    let house = House::empty();
    house.write("key.hex", "0b".repeat(32));
    house.write("scan", vec![9; 3_000_000]);
    let seal = [
        "vault",
        "seal-file",
        "scan",
        "--key",
        "key.hex",
        "-o",
        "sealed",
        "--context",
    ];
    house.run(&[&seal[..], &["study/7"][..]].concat()).done();
    let open = [
        "vault",
        "open-file",
        "sealed",
        "--key",
        "key.hex",
        "-o",
        "opened",
        "--context",
    ];
    house
        .run(&[&open[..], &["study/8"][..]].concat())
        .ended(4, "CL3003");
    assert!(!house.path("opened").exists());
    house.run(&[&open[..], &["study/7"][..]].concat()).done();
    assert!(fs::read(house.path("opened")).expect("a file") == vec![9; 3_000_000]);
}

/// The kernel kills the program when its file grows beyond a limit; the second run goes on.
#[test]
fn the_sealing_of_a_file_goes_on_where_it_was_killed() {
    let house = House::empty();
    house.write("key.hex", "0b".repeat(32));
    let content: Vec<u8> = (0..=250_u8).cycle().take(5_000_000).collect();
    house.write("scan", &content);
    let seal = "vault seal-file scan --key key.hex --context study/7 -o sealed --resume";
    let seal: Vec<&str> = seal.split(' ').collect();
    assert_eq!(killed_beyond(&house, 2_500, &seal).code, -1, "a signal");
    let partial = house.path("sealed.partial");
    let length = |path| fs::metadata(path).expect("a file").len();
    assert!(length(&partial) > 1_000_000 && length(&partial) < 3_000_000);
    assert!(!house.path("sealed").exists());

    house.write("scan", [&content[..1_500_000], b"changed"].concat());
    house.run(&seal).ended(1, "CL3006");
    assert!(partial.exists(), "nothing is lost");
    house.write("scan", &content);
    house.run(&seal).done().tells("bytes were there already");
    assert!(!partial.exists());
    let open = "vault open-file sealed --key key.hex --context study/7 -o opened";
    house.run(&open.split(' ').collect::<Vec<_>>()).done();
    assert!(fs::read(house.path("opened")).expect("a file") == content);
}

/// Runs the program where a file that grows beyond so many KiB ends it by a signal.
fn killed_beyond(house: &House, kilobytes: u32, words: &[&str]) -> Said {
    let mut shell = std::process::Command::new("sh");
    program::prepare(&mut shell);
    shell
        .current_dir(house.path("."))
        .args(["-c", "ulimit -f \"$0\"; exec \"$@\""])
        .arg((kilobytes * 2).to_string())
        .arg(program::path())
        .args(words);
    program::said(&mut shell)
}

#[test]
fn an_address_with_a_password_is_refused_and_not_repeated() {
    let house = House::empty();
    for words in [
        ["init", "--rows", "postgres://ada:sesame@127.0.0.1/db"],
        ["init", "--objects", "s3://u:sesame@bucket/a"],
    ] {
        let said = house.run(&words);
        said.ended(2, "CL3143").keeps_back(&["sesame".to_owned()]);
        assert!(!house.home().exists());
    }
}
