//! The end of a model: alone, or with the dataset that it learnt from.

use serde_json::Value;

use crate::{
    house::House,
    program::{self, word},
    studies,
};

/// A house with the model `income`, trained here, and `brought`, trained elsewhere; its operator is
/// its administrator, and bob may approve.
fn house() -> House {
    let house = studies::house_with_model();
    house.write("arch.toml", crate::brought_weights::ARCHITECTURE);
    house.write("brought.safetensors", crate::brought_weights::weights());
    let import = "model import brought.safetensors --architecture arch.toml --name brought \
                  --dataset census --table census";
    house
        .run(&import.split_whitespace().collect::<Vec<_>>())
        .done();
    house.write(
        "one.csv",
        "age,hours-per-week,sex\n64,40,Male\n38,50,Female\n",
    );
    house.write("bob.txt", "a phrase of bob's own");
    house.takes_role("administrator");
    house
        .run(&[&["key", "approver", "bob"], &OWN[..]].concat())
        .done();
    house
}

const OWN: [&str; 2] = ["--approval-passphrase-file", "bob.txt"];

/// Asks for a disposal, lets bob approve it, and gives the certificate.
#[track_caller]
fn disposed_by_two(house: &House, dispose: &[&str]) -> Value {
    let refused = house.run(dispose);
    let request = refused.stderr.split('`').nth(1).map(str::to_owned);
    let request = request.expect("a request");
    refused.refused("CL5070");
    house
        .run(&[&["key", "approve", &request, "--as", "bob"], &OWN[..]].concat())
        .done();
    house.ask(dispose)
}

/// What `retention list` or `model list` says of one thing, by the field that holds its name.
#[track_caller]
fn listed(house: &House, list: &[&str], field: &str, name: &str) -> Value {
    let all = house.ask(list);
    let found = all.as_array().expect("a list").iter();
    let mut found = found.filter(|one| one[field] == name && one["class"] != "document");
    found.next().expect("what is listed").clone()
}

#[test]
fn a_model_is_disposed_of_alone_by_two_persons_with_a_certificate() {
    let house = house();
    house.ask(&["backup", "backups"]);
    let dispose = [
        "retention",
        "dispose",
        "--model",
        "income",
        "--early",
        "-o",
        "erased.json",
    ];
    let hold = |verb: &str| {
        house.takes_role("privacy-officer");
        house
            .run(&["retention", verb, "model", "income", "--matter", "case-1"])
            .done();
        house.takes_role("administrator");
    };
    hold("hold");
    house.run(&dispose).refused("CL5093");
    house.run(&["key", "destroy", "census"]).refused("CL5093");
    hold("lift");
    house
        .run(&["retention", "dispose", "--model", "income"])
        .refused("CL5094");

    let certificate = disposed_by_two(&house, &dispose);
    assert_eq!(certificate["model"], "income", "{certificate}");
    assert_eq!(certificate["complete"], true, "{certificate}");
    assert_eq!(certificate["approved"][0], "bob");
    assert_eq!(certificate["learnt_from_not_covered"][0], "census");
    assert_eq!(certificate["backups"][0]["state"], "purged");
    assert!(certificate["tried"].as_u64() > Some(0), "{certificate}");
    house.run(&dispose).ended(2, "CL5095");
    program::run(&["retention", "verify", word(&house.path("erased.json"))])
        .done()
        .tells("model income");
    house
        .run(&["retention", "certificate", "--model", "income"])
        .done();
    house.is_sound();

    let restored = program::said(
        program::command()
            .current_dir(house.path("."))
            .args(["--home", "again", "--json", "restore", "backups"]),
    )
    .done()
    .json();
    assert_eq!(restored["purged_keys"], certificate["keys"]);
}

#[test]
fn what_was_disposed_of_is_refused_and_everything_else_works() {
    let house = house();
    let dispose = ["retention", "dispose", "--model", "income", "--early"];
    disposed_by_two(&house, &dispose);

    let kept = |name: &str| listed(&house, &["retention", "list"], "name", name);
    assert_eq!(kept("income")["disposed"], true);
    assert_eq!(kept("brought")["disposed"], false);
    assert_eq!(kept("census")["disposed"], false);
    let model = |name: &str| listed(&house, &["model", "list"], "model", name);
    assert_eq!(model("income")["disposed"], true);
    assert_eq!(model("brought")["disposed"], false);
    house.run(&["model", "list"]).done().tells("keys destroyed");
    let examined = house.ask(&["doctor", "--db"]);
    let checks = examined["checks"].as_array().expect("checks");
    let models = checks
        .iter()
        .find(|check| check["what"] == "registered models against kept objects")
        .expect("a check of models");
    assert_eq!(models["checked"], 2, "{models}");
    let verified = house.ask(&["vault", "verify"]);
    assert!(verified["shredded"].as_u64() > Some(0), "{verified}");
    assert_eq!(verified["findings"].as_array().map(Vec::len), Some(0));

    for (role, refused) in [
        (
            "data-scientist",
            &["model", "predict", "income", "census.csv"][..],
        ),
        ("data-scientist", &["study", "run", "census.toml"]),
        ("data-engineer", &["model", "export", "income", "-o", "out"]),
        (
            "privacy-officer",
            &["model", "promote", "income", "production"],
        ),
    ] {
        house.takes_role(role);
        house
            .run(refused)
            .refused("CL5098")
            .tells("`income` was disposed of");
    }
    house.takes_role("data-scientist");
    house
        .run(&["model", "predict", "brought", "one.csv"])
        .done();

    house.takes_role("auditor");
    let found = house.ask(&[
        "audit",
        "search",
        "--dataset",
        "income",
        "--action",
        "dispose",
        "--outcome",
        "done",
    ]);
    assert_eq!(found.as_array().map(Vec::len), Some(1), "{found}");
    assert_eq!(found[0]["event"]["object"]["kind"], "model", "{found}");
}

#[test]
fn a_dataset_takes_its_models_along() {
    let house = house();
    let dispose = ["retention", "dispose", "census", "--early"];
    let certificate = disposed_by_two(&house, &dispose);
    assert_eq!(certificate["dataset"], "census", "{certificate}");
    assert_eq!(certificate["complete"], true, "{certificate}");
    for model in ["income 1", "brought 1"] {
        let models = certificate["models"].as_array().expect("models");
        assert!(models.iter().any(|one| one == model), "{certificate}");
    }
    assert_eq!(certificate["keys"].as_array().map(Vec::len), Some(3));

    house
        .run(&["retention", "dispose", "--model", "income", "--early"])
        .ended(2, "CL5095");
    house.takes_role("data-scientist");
    house
        .run(&["model", "predict", "brought", "one.csv"])
        .refused("CL5098");
}

#[test]
fn no_dataset_takes_the_name_of_a_models_key() {
    let house = House::of("data-scientist");
    studies::census(&house);
    let named = studies::census_study().replace(
        "owner = \"Methods group\"",
        "owner = \"Methods group\"\ndataset = \"model.run.census.1\"",
    );
    house.write("census.toml", named);
    house.study("census.toml").ended(2, "CL5006");
    house
        .run(&["study", "check", "census.toml"])
        .ended(2, "CL5006");
}
