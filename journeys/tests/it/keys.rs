//! The keys of an instance, in the hands of its administrator and a second person.

use std::{fs, path::PathBuf, process::Command, thread, time::Duration};

use crate::{
    house::House,
    program::{self, PASSPHRASE, word},
    studies::clinic,
};

const BOB: &str = "a phrase of bob's own";

/// An instance with one sealed dataset, whose operator is its administrator.
fn house() -> House {
    let house = House::of("data-engineer");
    clinic(&house);
    house.study("clinic.toml").done();
    house.takes_role("administrator");
    house
}

fn registered(house: &House) {
    house.write("bob.txt", BOB);
    house
        .run(&[
            "key",
            "approver",
            "bob",
            "--approval-passphrase-file",
            "bob.txt",
        ])
        .done();
}

/// Runs a command that takes two persons: refused, approved by bob, done.
fn by_two(house: &House, arguments: &[&str]) -> serde_json::Value {
    let refused = house.run(arguments);
    let words: Vec<&str> = refused.stderr.split('`').collect();
    let request = words[1].to_owned();
    refused.refused("CL5070");
    house
        .run(&[
            "key",
            "approve",
            &request,
            "--as",
            "bob",
            "--approval-passphrase-file",
            "bob.txt",
        ])
        .done();
    house.ask(arguments)
}

/// The dataset that `clinic` makes.
fn dataset(house: &House) -> String {
    let status = house.ask(&["key", "status"]);
    status["datasets"][0]["dataset"]
        .as_str()
        .expect("a dataset")
        .to_owned()
}

#[test]
fn rotation_changes_no_object_and_everything_still_opens() {
    let house = house();
    let objects: Vec<(PathBuf, Vec<u8>)> = house
        .objects()
        .into_iter()
        .map(|path| (path.clone(), fs::read(path).expect("an object")))
        .collect();
    let before = house.ask(&["key", "status"]);

    let rotated = house.ask(&["key", "rotate"]);

    assert_eq!(rotated["data_rewritten"], 0);
    assert!(rotated["rewrapped"].as_u64() >= Some(2), "{rotated}");
    let after = house.ask(&["key", "status"]);
    assert_eq!(after["outdated"], 0);
    assert_ne!(after["keks"][1]["id"], before["keks"][0]["id"]);
    assert_eq!(after["keks"][0]["state"], "deactivated");
    assert_eq!(after["keks"][1]["state"], "active");
    for (path, bytes) in &objects {
        assert_eq!(&fs::read(path).expect("an object"), bytes);
    }
    assert_eq!(house.ask(&["key", "rewrap"])["rewrapped"], 0);
    house.is_sound();
}

#[test]
fn a_killed_rotation_leaves_every_key_readable_and_is_taken_up() {
    let house = house();
    for wait in [1, 20, 40, 60, 90] {
        let mut running = house.command();
        let mut running = running
            .args(["key", "rotate"])
            .spawn()
            .expect("the program starts");
        thread::sleep(Duration::from_millis(wait));
        drop(running.kill());
        running.wait().expect("it ended");
        house.is_sound();
        house.run(&["key", "rewrap"]).done();
        assert_eq!(house.ask(&["key", "status"])["outdated"], 0);
    }
}

#[test]
fn shares_replace_a_lost_passphrase_and_bad_ones_are_named() {
    let house = house();
    registered(&house);
    let split = [
        "key",
        "split",
        "--shares",
        "5",
        "--threshold",
        "3",
        "--output",
        "shares",
    ];
    let document = by_two(&house, &split);
    assert_eq!(document["files"].as_array().map(Vec::len), Some(5));
    let share = |number: u8| format!("shares/share-{number}.txt");
    let join = |numbers: &[u8]| {
        let files: Vec<String> = numbers.iter().map(|number| share(*number)).collect();
        let mut words = vec!["key", "join", "--check"];
        words.extend(files.iter().map(String::as_str));
        house.run(&words)
    };

    join(&[1, 3, 5]).done();
    join(&[2, 4]).refused("CL3059").tells("number 2, 4");
    join(&[2, 4, 2])
        .refused("CL3059")
        .tells("share 2 was given twice");
    let whole = house.text(&share(4));
    house.write(&share(4), whole.replacen(' ', " academic ", 1));
    join(&[1, 3, 4])
        .not_held("CL6031")
        .tells("share-4.txt, line 1")
        .tells("34 words");
    house.write(&share(4), whole);

    house.write("new.txt", "another long passphrase");
    house
        .run(&[
            "key",
            "join",
            &share(5),
            &share(4),
            &share(1),
            "--new-passphrase-file",
            "new.txt",
        ])
        .done();
    house.run(&["key", "status"]).refused("CL3011");
    let status = house.run(&["key", "status", "--passphrase-file", "new.txt"]);
    status.done();
    house
        .run(&["key", "rotate", "--root", "--passphrase-file", "new.txt"])
        .done();
    join(&[1, 3, 5]).refused("CL3051");
}

#[test]
fn destroying_takes_two_persons_and_makes_the_data_unreadable() {
    let house = house();
    let dataset = dataset(&house);
    let destroy = ["key", "destroy", dataset.as_str()];
    house
        .run(&destroy)
        .refused("CL5070")
        .tells("nobody but `ada`");
    registered(&house);
    house.write("ada.txt", "a phrase of ada's own");
    house
        .run(&[
            "key",
            "approver",
            "ada",
            "--approval-passphrase-file",
            "ada.txt",
        ])
        .done();
    let refused = house.run(&destroy);
    let request = refused
        .stderr
        .split('`')
        .nth(1)
        .expect("a request")
        .to_owned();
    let approve = |name: &str, file: &str| {
        house.run(&[
            "key",
            "approve",
            &request,
            "--as",
            name,
            "--approval-passphrase-file",
            file,
        ])
    };
    approve("ada", "ada.txt")
        .refused("CL5072")
        .tells("who asks");
    approve("bob", "ada.txt").refused("CL3011");
    approve("eve", "bob.txt").ended(2, "CL5071");
    house.run(&destroy).refused("CL5070").tells(&request);

    approve("bob", "bob.txt").done();
    assert_eq!(house.ask(&destroy)["state"], "destroyed");
    house.run(&destroy).refused("CL3115");
    house.takes_role("data-engineer");
    house.study("clinic.toml").refused("CL3115");
    house.run(&["audit", "verify"]).done();
    let actors: Vec<String> = house
        .events()
        .iter()
        .map(|event| event["actor"].as_str().unwrap_or_default().to_owned())
        .collect();
    assert!(actors.iter().any(|actor| actor == "bob"), "{actors:?}");
}

#[test]
fn a_revoked_key_seals_nothing_and_opens_what_it_sealed() {
    let house = house();
    let dataset = dataset(&house);
    house.run(&["key", "state", &dataset, "compromised"]).done();
    house
        .run(&["key", "state", &dataset, "active"])
        .refused("CL3060");
    house.is_sound();
    house.takes_role("data-engineer");
    let clinic = house.text("clinic.toml");
    let again = clinic.replacen("title = \"", "title = \"Again, ", 1);
    house.write("again.toml", again);
    house
        .study("again.toml")
        .refused("CL3061")
        .tells("was revoked");
}

#[test]
fn only_an_administrator_touches_keys_and_everybody_sees_their_states() {
    let house = house();
    for role in [
        "data-engineer",
        "data-scientist",
        "researcher",
        "privacy-officer",
        "auditor",
    ] {
        house.takes_role(role);
        house.run(&["key", "rotate"]).refused("CL330");
        house.run(&["key", "split"]).refused("CL330");
        let status = house.run(&["key", "status"]).done().stdout.clone();
        assert!(!status.contains(PASSPHRASE));
    }
}

#[test]
fn a_token_keeps_the_root_key_in_place_of_the_passphrase() {
    let Some(token) = Token::new() else {
        return;
    };
    let house = house();
    let run = |arguments: &[&str], pin: &str| {
        let mut command = house.command();
        token.tell(&mut command, pin);
        program::said(command.args(arguments))
    };
    let moved = ["key", "provider", "pkcs11", "cloister/root", "--make"];
    run(&moved, "0000")
        .refused("CL3053")
        .tells("the PIN is wrong");
    run(&["key", "provider", "pkcs11", "cloister/root"], "1234").ended(2, "CL3055");
    run(&moved, "1234").done();

    // The passphrase that is still in the environment opens nothing any more.
    house
        .run(&["key", "status"])
        .ended(2, "CL6030")
        .tells("CLOISTER_PKCS11_LIBRARY");
    let status = run(&["key", "status", "--json"], "1234").done().json();
    assert_eq!(status["kept_by"][0]["kind"], "pkcs11");
    run(&["doctor"], "1234").done();
    run(&["key", "rotate"], "1234").done();
    run(&["doctor"], "0000").refused("CL3053");

    house.write("new.txt", "another long passphrase");
    run(
        &[
            "key",
            "provider",
            "passphrase",
            "--new-passphrase-file",
            "new.txt",
        ],
        "1234",
    )
    .done();
    house
        .run(&["doctor", "--passphrase-file", "new.txt"])
        .done();
}

/// A token of SoftHSM in a folder of its own.
struct Token {
    folder: tempfile::TempDir,
    library: PathBuf,
}

impl Token {
    /// Nothing where SoftHSM is not installed; a note says so.
    fn new() -> Option<Self> {
        let libraries = [
            "/usr/lib/softhsm/libsofthsm2.so",
            "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
            "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
        ];
        let Some(library) = libraries
            .map(PathBuf::from)
            .into_iter()
            .find(|path| path.exists())
        else {
            eprintln!("note: SoftHSM is not installed (Debian: softhsm2); PKCS#11 was not tried");
            return None;
        };
        let folder = tempfile::tempdir().expect("a folder");
        let tokens = folder.path().join("tokens");
        fs::create_dir(&tokens).expect("a folder");
        let text = format!(
            "directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n",
            word(&tokens)
        );
        fs::write(folder.path().join("softhsm2.conf"), text).expect("a file");
        let token = Self { folder, library };
        let mut init = Command::new("softhsm2-util");
        init.args(["--init-token", "--free", "--label", "cloister"]);
        init.args(["--pin", "1234", "--so-pin", "12345678"]);
        token.tell(&mut init, "1234");
        program::said(&mut init).done();
        Some(token)
    }

    fn tell(&self, command: &mut Command, pin: &str) {
        command
            .env("SOFTHSM2_CONF", self.folder.path().join("softhsm2.conf"))
            .env("CLOISTER_PKCS11_LIBRARY", &self.library)
            .env("CLOISTER_PKCS11_PIN", pin);
    }
}
