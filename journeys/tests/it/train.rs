//! `cloister train`: one model on a dataset of the instance, under its budget.

use std::fmt::Write as _;

use serde_json::Value;

use crate::house::House;

/// A table of 2,400 made-up rows whose answer follows two of its columns; every second row may share
/// a person.
fn table(answer: impl Fn(usize) -> bool) -> String {
    let mut text = String::from("visitor,score,colour,answer\n");
    for row in 0..2_400_usize {
        let score = (row * 37) % 100;
        let colour = ["red", "green", "blue"][row % 3];
        let word = if answer(score) { "yes" } else { "no" };
        writeln!(text, "v{},{score},{colour},{word}", row / 2).expect("a line");
    }
    text
}

fn house(answer: impl Fn(usize) -> bool) -> House {
    let house = House::of("data-scientist");
    house.write("visits.csv", table(answer));
    house.write(
        "visits.toml",
        "[study]\nname = \"visits\"\ntitle = \"Visits\"\npurpose = \"research\"\n\
         legal_basis = \"de-identified\"\nowner = \"office\"\n\n[[source]]\npath = \"visits.csv\"\n\
         table = \"visits\"\nperson = \"visitor\"\n\
         columns = [\"visitor\", \"score\", \"colour\", \"answer\"]\n",
    );
    house.study("visits.toml").done();
    house
}

const FEATURES: &str = "features = [\n\
    { kind = \"number\", column = \"score\", min = 0.0, max = 100.0 },\n\
    { kind = \"category\", column = \"colour\", values = [\"red\", \"green\", \"blue\"] },\n]\n";

fn train(more: &[&'static str]) -> Vec<&'static str> {
    let mut words = vec!["train", "--dataset", "visits", "--target", "answer"];
    words.extend(more);
    words
}

fn spent(house: &House) -> f64 {
    house.ask(&["ledger"])[0]["spent_epsilon"]
        .as_f64()
        .unwrap_or(0.0)
}

#[test]
fn the_contract_command_trains_measures_and_states_its_guarantee() {
    let house = house(|score| score >= 50);
    let told = house.ask(&train(&[
        "--model",
        "logistic",
        "--epsilon",
        "8",
        "--delta",
        "1e-5",
    ]));
    assert_eq!(told["private"], true);
    let epsilon = told["epsilon"].as_f64().expect("a number");
    assert!(epsilon > 6.0 && epsilon <= 8.0, "{told}");
    assert_eq!(told["measured"]["positive"], "yes");
    let statement = &told["statement"];
    assert!(
        statement["adjacency"]
            .as_str()
            .is_some_and(|text| text.contains("add or remove one person"))
    );
    assert!(
        statement["unit"]
            .as_str()
            .is_some_and(|text| text.starts_with("person"))
    );
    assert!(
        statement["sampling"]
            .as_str()
            .is_some_and(|text| text.starts_with("Poisson"))
    );
    assert!(
        statement["not_covered"]
            .as_array()
            .is_some_and(|gaps| gaps.len() >= 4)
    );
    assert!(spent(&house) >= epsilon * 0.9);
}

#[test]
fn a_trained_model_is_registered_and_predicts() {
    let house = house(|score| score >= 50);
    house.write("features.toml", FEATURES);
    house
        .run(&train(&[
            "--model",
            "logistic",
            "--epsilon",
            "3",
            "--delta",
            "1e-5",
            "--positive",
            "yes",
            "--features",
            "features.toml",
            "--register",
            "answers",
        ]))
        .done();
    let models = house.ask(&["model", "list"]);
    assert_eq!(models.as_array().map(Vec::len), Some(1));
    house
        .run(&["model", "predict", "answers", "visits.csv"])
        .done();
}

#[test]
fn every_kind_of_model_trains_from_the_command_line() {
    let house = house(|score| (25..75).contains(&score));
    house.write("features.toml", FEATURES);
    for (model, more) in [
        ("mlp", vec!["--hidden", "8", "--positive", "yes"]),
        ("cnn", vec!["--kernel", "1", "--positive", "yes"]),
        ("gbdt", vec!["--trees", "10", "--positive", "yes"]),
    ] {
        let mut words = train(&[
            "--no-privacy",
            "--features",
            "features.toml",
            "--model",
            model,
        ]);
        words.extend(more);
        let told = house.ask(&words);
        assert_eq!(told["private"], false);
        assert_eq!(told["epsilon"], Value::Null);
        assert_eq!(told["statement"]["private"], false);
    }
    let linear = [
        "train",
        "--dataset",
        "visits",
        "--target",
        "score",
        "--model",
        "linear",
        "--range",
        "0,100",
        "--columns",
        "colour",
        "--epsilon",
        "2",
        "--delta",
        "1e-5",
    ];
    assert_eq!(house.ask(&linear)["estimator"], "linear regression");
}

#[test]
fn what_cannot_be_trained_spends_nothing() {
    let house = house(|_| true);
    house.write("features.toml", FEATURES);
    let asked = train(&[
        "--epsilon",
        "1",
        "--delta",
        "1e-5",
        "--positive",
        "yes",
        "--features",
        "features.toml",
    ]);
    house.run(&asked).ended(1, "CL4110");
    house
        .run(&train(&["--epsilon", "0", "--delta", "1e-5"]))
        .ended(2, "CL6004");
    assert_eq!(house.ask(&["ledger"]).as_array().map(Vec::len), Some(0));
}

#[test]
fn a_budget_that_bears_the_bounds_but_not_the_model_spends_nothing() {
    let house = house(|score| score >= 50);
    let first = train(&["--epsilon", "4", "--delta", "1e-5", "--budget-epsilon", "5"]);
    house.run(&first).done();
    let before = spent(&house);
    house
        .run(&train(&["--epsilon", "4", "--delta", "1e-5"]))
        .refused("CL40");
    assert!(
        (spent(&house) - before).abs() < 1e-9,
        "nothing was reserved"
    );
}

#[test]
fn identified_data_is_not_trained_on_without_privacy() {
    let house = House::of("data-scientist");
    house.write("visits.csv", table(|score| score >= 50));
    house.write(
        "visits.toml",
        "[study]\nname = \"visits\"\ntitle = \"Visits\"\npurpose = \"research\"\n\
         legal_basis = \"waiver\"\nowner = \"office\"\n\n[[source]]\npath = \"visits.csv\"\n\
         table = \"visits\"\nperson = \"visitor\"\n\
         columns = [\"visitor\", \"score\", \"colour\", \"answer\"]\n",
    );
    house.study("visits.toml").done();
    house
        .run(&train(&["--no-privacy", "--positive", "yes"]))
        .refused("CL33");
}
