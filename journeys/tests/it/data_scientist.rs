//! The data scientist: trains under a budget, validates, registers, serves and watches.

use std::fs;

use serde_json::Value;

use crate::{
    house::{House, flip_middle},
    studies::{self, CENSUS_DATA, CENSUS_REGISTER, CENSUS_TRAIN, CENSUS_VALIDATE, census},
};

#[test]
fn budget_overspend_exits_3() {
    let house = studies::house_with_model();
    let before = house.ask(&["ledger"]);
    house.study("census.toml").refused("CL40");
    let after = house.ask(&["ledger"]);
    assert_eq!(before, after, "a refused spend costs nothing");
    let spent = after[0]["spent_epsilon"].as_f64().expect("a number");
    assert!(spent > 2.9 && spent <= 4.0, "{after}");
    let raised = house
        .text("census.toml")
        .replace("epsilon = 4.0", "epsilon = 40.0");
    house.write("raised.toml", raised);
    house.study("raised.toml").refused("CL40");
    assert_eq!(models(&house).len(), 1);
}

#[test]
fn derived_dataset_inherits_spend() {
    let house = House::of("data-scientist");
    census(&house);
    let whole = house
        .text("census.toml")
        .replace("\"de-identified\"", "\"waiver\"");
    house.write(
        "derived.toml",
        whole.replace(
            "[budget]",
            "[deidentify]\nplan = \"safe-harbor\"\n\n[budget]",
        ),
    );
    house.study("derived.toml").done();
    let ledger = house.ask(&["ledger"]);
    assert_eq!(ledger.as_array().expect("budgets").len(), 1, "{ledger}");
    assert_eq!(
        ledger[0]["dataset"], "census",
        "the source pays for what derives from it"
    );
    let raw = whole.replace(
        "name = \"census\"",
        "name = \"again\"\ndataset = \"census\"",
    );
    house.write("raw.toml", raw);
    house.study("raw.toml").refused("CL40");
    assert_eq!(
        house.ask(&["ledger"])[0]["spent_epsilon"],
        ledger[0]["spent_epsilon"]
    );
}

#[test]
fn unvalidated_model_cannot_be_registered() {
    let house = House::of("data-scientist");
    census(&house);
    house.write(
        "skip.toml",
        format!("{CENSUS_DATA}{CENSUS_TRAIN}{CENSUS_REGISTER}"),
    );
    house.study("skip.toml").ended(2, "CL5002");
    let bar = CENSUS_VALIDATE.replace("0.7", "0.999");
    house.write(
        "bar.toml",
        format!("{CENSUS_DATA}{CENSUS_TRAIN}{bar}{CENSUS_REGISTER}"),
    );
    house.study("bar.toml").not_held("CL5010").tells("accuracy");
    assert!(models(&house).is_empty());
    house
        .run(&["model", "predict", "income", "census.csv"])
        .ended(2, "CL5021");
}

#[test]
fn registered_model_cannot_be_replaced() {
    let house = House::of("data-scientist");
    census(&house);
    let roomy = house
        .text("census.toml")
        .replace("epsilon = 4.0", "epsilon = 9.0");
    house.write("census.toml", roomy);
    house.study("census.toml").done();
    let first = models(&house)[0].clone();
    house.study("census.toml").done();
    let both = models(&house);
    assert_eq!(both.len(), 2, "a second registration is a second version");
    let kept = both
        .iter()
        .find(|model| model["number"] == 1)
        .expect("version 1");
    assert_eq!(*kept, first, "version 1 stays as it was");
    let object = |model: &Value| {
        let digest = model["object"]["digest"].as_str().expect("a digest");
        house.home().join("objects").join(&digest[..2]).join(digest)
    };
    let second = both
        .iter()
        .find(|model| model["number"] == 2)
        .expect("version 2");
    fs::copy(object(&first), object(second)).expect("objects are files");
    house
        .run(&["model", "predict", "income", "census.csv"])
        .not_held("CL3");
    house.run(&["doctor"]).not_held("CL3");
}

#[test]
fn tampered_model_is_refused() {
    let house = studies::house_with_model();
    house.takes_role("data-engineer");
    house
        .run(&["model", "export", "income", "-o", "model"])
        .done();
    house.run(&["model", "verify", "model"]).done();
    for file in [
        "model.safetensors",
        "card.json",
        "card.md",
        "features.json",
        "model.sig",
    ] {
        let path = house.path("model").join(file);
        let whole = fs::read(&path).expect("a file of the model");
        flip_middle(&path);
        let said = house.run(&["model", "verify", "model"]);
        assert_eq!(said.code, 4, "{file} was changed: {said:?}");
        fs::write(&path, whole).expect("a file of the model");
    }
    house.takes_role("data-scientist");
    let model = &models(&house)[0];
    let digest = model["object"]["digest"].as_str().expect("a digest");
    flip_middle(&house.home().join("objects").join(&digest[..2]).join(digest));
    house
        .run(&["model", "predict", "income", "census.csv"])
        .not_held("CL3");
}

#[test]
fn model_card_states_what_the_run_did() {
    let house = studies::house_with_model();
    let model = house.ask(&["model", "show", "income"]);
    let card = model["card_json"].as_str().expect("a card");
    let version = house.ask(&["dataset", "list"])[0]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    assert!(model["lineage"].to_string().contains(&version));
    let shown = house.run(&["study", "show", "census"]).done().stdout;
    let accuracy = shown
        .split("accuracy ")
        .nth(1)
        .and_then(|rest| rest.get(..5))
        .expect("a figure");
    let spent = house.ask(&["ledger"])[0]["spends"][0]["epsilon"]
        .as_f64()
        .expect("a number");
    let epsilon = format!("{spent:.3}");
    let markdown = model["card_markdown"].as_str().expect("a card");
    for fact in [
        version.as_str(),
        accuracy,
        "age, education-num",
        "A journey through the program.",
        "logistic regression",
    ] {
        assert!(card.contains(fact), "the card says `{fact}`: {card}");
        assert!(markdown.contains(fact), "the page says `{fact}`");
    }
    assert!(
        card.contains(&epsilon[..3]),
        "the card says epsilon {epsilon}: {card}"
    );
}

#[test]
fn predictions_are_rounded() {
    let house = studies::house_with_model();
    let answers = house.ask(&["model", "predict", "income", "census.csv"]);
    let answers = answers.as_array().expect("answers");
    assert_eq!(answers.len(), 4_000);
    let mut apart = std::collections::BTreeSet::new();
    for answer in answers {
        let score = answer["score"].as_f64().expect("a score");
        let hundredths = score * 100.0;
        assert!(
            (hundredths - hundredths.round()).abs() < 1e-9,
            "{score} has more than two decimals"
        );
        apart.insert(format!("{score:.2}"));
    }
    assert!(apart.len() > 5, "the model tells records apart");
    let noisy = house.ask(&[
        "model",
        "predict",
        "income",
        "census.csv",
        "--randomize",
        "1",
    ]);
    let noisy = noisy.as_array().expect("answers");
    assert!(
        noisy.iter().all(|answer| answer["score"].is_null()),
        "scores are withheld"
    );
    let flipped = answers
        .iter()
        .zip(noisy)
        .filter(|(one, other)| one["label"] != other["label"])
        .count();
    let share = flipped as f64 / 4_000.0;
    assert!(
        (share - 0.269).abs() < 0.05,
        "about 1 / (1 + e) of the labels are flipped: {share}"
    );
}

#[test]
fn every_prediction_is_logged() {
    let house = studies::house_with_model();
    let predictions = || {
        let events = house.events();
        house.takes_role("data-scientist");
        events
            .into_iter()
            .filter(|event| event["action"] == "predict")
            .collect::<Vec<_>>()
    };
    let before = predictions().len();
    house
        .run(&["model", "predict", "income", "census.csv"])
        .done();
    house
        .run(&[
            "model",
            "predict",
            "income",
            "census.csv",
            "-o",
            "answers.csv",
        ])
        .done();
    let after = predictions();
    assert_eq!(after.len(), before + 2, "one line a call");
    let last = after.last().expect("an event");
    assert_eq!(last["rows"], 4_000);
    assert_eq!(last["object"]["id"], "income");
    assert_eq!(last["outcome"], "done");
    assert_eq!(house.text("answers.csv").lines().count(), 4_001);
}

#[test]
fn a_record_that_does_not_fit_is_refused() {
    let house = studies::house_with_model();
    let whole = house.text("census.csv");
    let header = whole.lines().next().expect("a header");
    house.write(
        "odd.csv",
        format!(
            "{header}\n{}\n",
            whole
                .lines()
                .nth(1)
                .expect("a row")
                .replacen(|_: char| true, "oldish-", 1)
        ),
    );
    let said = house.run(&["model", "predict", "income", "odd.csv"]);
    assert!(matches!(said.code, 1 | 2), "{said:?}");
    said.keeps_back(&["oldish"]);
    house.write("few.csv", "age,sex\n40,Male\n");
    let said = house.run(&["model", "predict", "income", "few.csv"]);
    assert!(matches!(said.code, 1 | 2), "{said:?}");
}

#[test]
fn drift_above_the_threshold_raises_an_alert() {
    let house = studies::house_with_model();
    house.write("same.csv", hospital::census(8, 4_000));
    let calm = house.ask(&["model", "drift", "income", "same.csv"]);
    assert_eq!(
        calm["alerts"].as_array().expect("alerts").len(),
        0,
        "{calm}"
    );
    let table = hospital::census(8, 4_000);
    let (header, rows) = table.split_once('\n').expect("a header");
    let older: Vec<String> = rows
        .lines()
        .map(|row| format!("88,{}", row.split_once(',').expect("cells").1))
        .collect();
    house.write("older.csv", format!("{header}\n{}\n", older.join("\n")));
    let drifted = house.ask(&["model", "drift", "income", "older.csv"]);
    let alerts = drifted["alerts"].as_array().expect("alerts");
    assert!(
        alerts.iter().any(|alert| alert["what"]
            .as_str()
            .is_some_and(|what| what.contains("`age`"))),
        "{drifted}"
    );
    let raised = house
        .events()
        .iter()
        .filter(|event| event["action"] == "raise-alert")
        .count();
    assert_eq!(raised, alerts.len(), "every alert is in the log");
}

fn models(house: &House) -> Vec<Value> {
    house
        .ask(&["model", "list"])
        .as_array()
        .expect("models")
        .clone()
}
