//! Figures about persons: what leaves the instance is charged, or stays in it.

use serde_json::Value;

use crate::{house::House, studies};

/// The census as data of patients: nothing was taken out, and a waiver permits its use.
fn identified(more_of_validate: &str, more_of_monitor: &str, budget: &str) -> String {
    let text = studies::census_study()
        .replace(
            "legal_basis = \"de-identified\"",
            "legal_basis = \"waiver\"",
        )
        .replace("epsilon = 4.0", budget)
        .replace(
            "accuracy_min = 0.7",
            &format!("accuracy_min = 0.7\n{more_of_validate}"),
        );
    format!("{text}\n{more_of_monitor}\n")
}

fn house(study: &str) -> House {
    let house = House::of("data-scientist");
    house.write("census.csv", hospital::census(7, 4_000));
    house.write("census.toml", study);
    house
}

fn pack(house: &House) -> Value {
    house.run(&["report", "census", "-o", "pack"]).done();
    serde_json::from_str(&house.text("pack/report.json")).expect("a document")
}

/// The text of a card's field.
fn field<'a>(pack: &'a Value, title: &str) -> &'a str {
    let sections = pack["model"]["card"].as_array().expect("sections");
    let rows = sections
        .iter()
        .flat_map(|section| section["rows"].as_array().expect("rows"));
    let mut found = rows.filter(|row| row[0].as_str().is_some_and(|it| it == title));
    found.next().expect("the field")[1].as_str().expect("text")
}

#[test]
fn exact_figures_of_identified_data_stay_in_the_instance() {
    let house = house(&identified("", "", "epsilon = 4.0"));
    house.study("census.toml").done();
    let inside = house.ask(&["study", "figures", "census"]);
    let accuracy = inside["validation"]["accuracy"]["value"]
        .as_f64()
        .expect("a figure");
    assert!(accuracy > 0.7, "{inside}");
    assert!(
        inside["validation"]["basis"]
            .as_str()
            .expect("words")
            .contains("in the instance only")
    );

    let pack = pack(&house);
    let validation = &pack["validation"];
    assert!(
        validation["accuracy"].is_null() && validation["auc"].is_null(),
        "{validation}"
    );
    assert_eq!(validation["subgroups"], serde_json::json!([]));
    assert_eq!(validation["attacks"], serde_json::json!([]));
    assert_eq!(validation["fairness"], serde_json::json!([]));
    assert_eq!(pack["drift"], serde_json::json!([]));
    let gates = validation["gates"].as_array().expect("gates");
    let accuracy_gate = gates
        .iter()
        .find(|gate| gate["gate"] == "accuracy")
        .expect("the gate");
    assert_eq!(
        (&accuracy_gate["measured"], &accuracy_gate["holds"]),
        (&"not shown".into(), &true.into())
    );
    let told = format!("{accuracy:.4}");
    for file in ["pack/report.json", "pack/report.html"] {
        assert!(!house.text(file).contains(&told), "{file} tells {told}");
    }
    let card = house.run(&["model", "show", "income"]).done();
    assert!(!card.stdout.contains(&told), "{card:?}");
    card.tells("stay in the instance");

    house.write("next.csv", hospital::census(8, 4_000));
    let drift = house.ask(&["model", "drift", "income", "next.csv"]);
    assert_eq!(drift["reach"], "inside");
    house
        .run(&["model", "drift", "income", "next.csv", "--epsilon", "0.5"])
        .ended(2, "CL5053");
    let read = house
        .events()
        .iter()
        .filter(|event| event["action"] == "write-report")
        .count();
    assert_eq!(read, 2, "the look inside and the pack are in the log");
}

#[test]
fn charged_figures_leave_with_noise_and_stand_in_the_ledger_by_name() {
    let study = identified(
        "figures_epsilon = 2.0",
        "figures_epsilon = 1.0",
        "epsilon = 9.0",
    );
    let house = house(&study);
    house.study("census.toml").done();
    let pack = pack(&house);
    let validation = &pack["validation"];
    let noisy = validation["accuracy"]["value"].as_f64().expect("a figure");
    let inside = house.ask(&["study", "figures", "census"]);
    let exact = inside["validation"]["accuracy"]["value"]
        .as_f64()
        .expect("a figure");
    assert!((noisy - exact).abs() < 0.2, "{noisy} {exact}");
    assert!(
        validation["basis"]
            .as_str()
            .expect("words")
            .contains("noise for epsilon 2")
    );
    assert_eq!(validation["attacks"], serde_json::json!([]));
    assert!(
        field(&pack, "Validity in test data").contains("charged"),
        "{pack}"
    );

    let history = house.ask(&["ledger", "history", "census"]);
    let told: Vec<(&str, &str)> = history
        .as_array()
        .expect("changes")
        .iter()
        .filter_map(|change| Some((change["spending"].as_str()?, change["change"].as_str()?)))
        .collect();
    for spending in ["training", "model-card", "fairness-report", "drift-report"] {
        for change in ["reserved", "committed"] {
            assert!(told.contains(&(spending, change)), "{spending}: {told:?}");
        }
    }
    let reserved = told
        .iter()
        .filter(|it| **it == ("drift-report", "reserved"))
        .count();
    assert_eq!(reserved, 2, "the baseline, and the comparison: {told:?}");
    let drift = pack["drift"].as_array().expect("rows");
    assert!(
        !drift.is_empty() && drift.iter().all(|row| row["statistic"] == "PSI"),
        "{drift:?}"
    );
    assert!(
        pack["drift_basis"]
            .as_str()
            .expect("words")
            .contains("charged")
    );

    // Another comparison costs again; one that the budget does not bear is refused and costs nothing.
    house.write("next.csv", hospital::census(8, 4_000));
    let drift = house.ask(&["model", "drift", "income", "next.csv", "--epsilon", "0.5"]);
    assert_eq!(drift["reach"], "charged");
    assert_eq!(drift["charged"]["by_person"], false);
    let before = house.ask(&["ledger", "show", "census"]);
    house
        .run(&["model", "drift", "income", "next.csv", "--epsilon", "9"])
        .refused("CL4003");
    assert_eq!(house.ask(&["ledger", "show", "census"]), before);
    house.is_sound();
}

#[test]
fn a_budget_that_does_not_bear_the_figures_is_refused_before_anything_is_spent() {
    let study = identified("figures_epsilon = 3.0", "", "epsilon = 3.5");
    let house = house(&study);
    house.study("census.toml").refused("CL4003");
    house.run(&["ledger", "show", "census"]).ended(2, "CL5050");
    // The model alone would have fitted.
    house.write("census.toml", identified("", "", "epsilon = 3.5"));
    house.study("census.toml").done();
    let spends = house.ask(&["ledger", "show", "census"]);
    assert_eq!(spends["spends"].as_array().expect("spends").len(), 1);
}

#[test]
fn figures_of_a_study_without_a_budget_are_refused() {
    let house = House::of("data-scientist");
    let study = identified("figures_epsilon = 1.0", "", "epsilon = 4.0")
        .replace("[budget]\nepsilon = 4.0\ndelta = 1e-5\n", "")
        .replace("epsilon = 3.0\ndelta = 1e-5", "without_privacy = true");
    house.write("census.toml", study);
    house
        .run(&["study", "check", "census.toml"])
        .ended(2, "CL5002");
}

#[test]
fn weights_before_training_are_charged_and_shown_before_and_after() {
    let house = House::of("data-scientist");
    house.write("census.csv", hospital::census(7, 4_000));
    let study = studies::census_study()
        .replace("epsilon = 4.0", "epsilon = 9.0")
        .replace("epochs = 5.0", "epochs = 5.0\nreweigh = \"sex\"");
    house.write("census.toml", study);
    house.study("census.toml").done();
    let spends = house.ask(&["ledger", "show", "census"]);
    let ids: Vec<&str> = spends["spends"]
        .as_array()
        .expect("spends")
        .iter()
        .map(|spend| spend["id"].as_str().expect("an id"))
        .collect();
    assert_eq!(
        ids,
        ["census.1.weights", "census.1.model-1", "census.1.model-2"]
    );
    let pack = pack(&house);
    let fairness = pack["validation"]["fairness"].to_string();
    for row in [
        "demographic parity difference, before reweighing",
        "demographic parity difference, after reweighing",
    ] {
        assert!(fairness.contains(row), "{row}: {fairness}");
    }
    assert!(
        field(&pack, "Bias mitigation").contains("Kamiran"),
        "{pack}"
    );
}

/// A model of three inputs that nothing protects, and that nobody finds anything in.
const BARE: &str = r#"
[train]
table = "census"
target = { column = "classification", positive = ">50K" }
model = "logistic"
without_privacy = true
epochs = 2.0
batch = 256
learning_rate = 0.2
features = [
  { kind = "number", column = "age", min = 17.0, max = 90.0 },
  { kind = "number", column = "hours-per-week", min = 1.0, max = 99.0 },
  { kind = "category", column = "sex", values = ["Female", "Male"] },
]

[validate]
subgroups = ["sex"]

[register]
name = "income"
"#;

/// Runs the study until nothing but the officer's word is missing; says which request waits, if one
/// does. An attack raises a false alarm now and then, and the run then starts afresh.
fn waits(house: &House) -> Option<String> {
    let mut said = house.study("census.toml");
    for _ in 0..5 {
        if said.stderr.contains("CL5010") {
            said = house.study("census.toml");
        }
    }
    let said = said.not_held("CL5014");
    let words: Vec<&str> = said.stderr.split('`').collect();
    let request = words.get(1).map(|word| (*word).to_owned());
    request.filter(|word| word.len() == 16)
}

fn runs(house: &House) -> usize {
    house
        .ask(&["study", "list"])
        .as_array()
        .expect("runs")
        .len()
}

#[test]
fn a_model_without_a_guarantee_waits_for_the_privacy_officer() {
    let house = House::of("data-scientist");
    house.write("census.csv", hospital::census(7, 4_000));
    house.write("census.toml", format!("{}{BARE}", studies::CENSUS_DATA));
    assert_eq!(waits(&house), None, "nobody could accept it");
    let began = runs(&house);

    house.takes_role("administrator");
    for (name, role) in [("bob", "administrator"), ("olga", "privacy-officer")] {
        let file = format!("{name}.txt");
        house.write(&file, format!("a phrase of {name}'s own"));
        let words = ["key", "approver", name, "--role", role];
        let more = ["--approval-passphrase-file", &file];
        house.run(&[&words[..], &more[..]].concat()).done();
    }
    house.takes_role("data-scientist");
    let request = waits(&house).expect("a request");
    assert_eq!(waits(&house).as_ref(), Some(&request), "it waits, once");
    let approve = |name: &str| {
        let file = format!("{name}.txt");
        let words = ["model", "approve", &request, "--as", name];
        let more = ["--approval-passphrase-file", &file];
        house.run(&[&words[..], &more[..]].concat())
    };
    approve("bob").refused("CL5072");
    assert_eq!(waits(&house).as_ref(), Some(&request), "still shut");
    approve("olga").done();
    house.study("census.toml").done().tells("taken up");
    assert_eq!(runs(&house), began, "the model that was looked at");
    let models = house.ask(&["model", "list"]);
    assert_eq!(models.as_array().expect("models").len(), 1);
    let events = house.events();
    let approved: Vec<&Value> = events
        .iter()
        .filter(|event| event["action"] == "approve-model")
        .collect();
    assert_eq!(approved.len(), 1, "{approved:?}");
    assert_eq!(
        (&approved[0]["actor"], &approved[0]["role"]),
        (&"olga".into(), &"privacy-officer".into())
    );
    assert_eq!(
        approved[0]["object"]["id"], models[0]["digest"],
        "bound to the model's digest"
    );

    // Another model needs another word.
    house.takes_role("data-scientist");
    let study = house.text("census.toml");
    house.write("census.toml", study.replace("epochs = 2.0", "epochs = 1.5"));
    let other = waits(&house).expect("a request");
    assert_ne!(other, request);
}
