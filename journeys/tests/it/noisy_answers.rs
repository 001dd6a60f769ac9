//! Statistics, predictions and records that leave with noise, each under its budget.

use serde_json::Value;

use crate::{
    house::House,
    studies::{self, CENSUS_DATA, CENSUS_REGISTER, CENSUS_TRAIN, CENSUS_VALIDATE},
};

fn spent(house: &House) -> f64 {
    house.ask(&["ledger"])[0]["spent_epsilon"]
        .as_f64()
        .expect("a number")
}

fn value(document: &Value) -> f64 {
    document["value"]
        .as_f64()
        .unwrap_or_else(|| panic!("a value in {document}"))
}

#[test]
fn statistics_are_near_and_are_charged() {
    let house = studies::house_with_model();
    let before = spent(&house);
    let count = house.ask(&["stats", "count", "--dataset", "census", "--epsilon", "0.05"]);
    assert!((value(&count) - 4_000.0).abs() < 400.0, "{count}");
    assert_eq!(count["charged"]["kind"], "pure");
    assert!(count["noise_scale"].as_f64().expect("a scale") > 19.9);
    let mean = house.ask(&[
        "stats",
        "mean",
        "--dataset",
        "census",
        "--column",
        "age",
        "--min",
        "17",
        "--max",
        "90",
        "--epsilon",
        "0.2",
    ]);
    let ages = ages(&house);
    let truth = ages.iter().sum::<f64>() / ages.len() as f64;
    assert!((value(&mean) - truth).abs() < 3.0, "{mean} {truth}");
    let (low, high) = (&mean["interval"][0], &mean["interval"][1]);
    assert!(low.as_f64() < high.as_f64(), "{mean}");
    let median = house.ask(&[
        "stats",
        "quantile",
        "--dataset",
        "census",
        "--column",
        "age",
        "--min",
        "17",
        "--max",
        "90",
        "--epsilon",
        "0.1",
    ]);
    assert!((value(&median) - truth).abs() < 12.0, "{median}");
    let table = house.ask(&[
        "stats",
        "crosstab",
        "--dataset",
        "census",
        "--rows",
        "sex=Female|Male",
        "--columns",
        "age=17..40..91",
        "--epsilon",
        "0.05",
        "--delta",
        "1e-6",
    ]);
    assert_eq!(
        table["cells"].as_array().expect("cells").len(),
        4,
        "{table}"
    );
    assert_eq!(table["charged"]["kind"], "gaussian");
    let after = spent(&house);
    assert!(after > before, "{before} {after}");
    let ledger = house.ask(&["ledger"]);
    let spends = ledger[0]["spends"].as_array().expect("spends");
    assert_eq!(spends.len(), 5, "{ledger}");
    assert!(
        spends.iter().all(|spend| spend["state"] == "committed"),
        "{ledger}"
    );
    let released = house
        .events()
        .into_iter()
        .filter(|event| event["action"] == "release-statistic")
        .count();
    assert_eq!(released, 4);
    house.is_sound();
}

fn ages(house: &House) -> Vec<f64> {
    let table = house.text("census.csv");
    let rows = table.lines().skip(1);
    rows.filter_map(|row| row.split(',').next()?.trim().parse().ok())
        .collect()
}

#[test]
fn an_exhausted_budget_answers_nothing() {
    let house = studies::house_with_model();
    let before = house.ask(&["ledger"]);
    let ask = ["stats", "count", "--dataset", "census", "--epsilon", "5"];
    house.run(&ask).refused("CL40");
    assert_eq!(
        house.ask(&["ledger"]),
        before,
        "a refused question costs nothing"
    );
}

#[test]
fn bounds_and_contributions_must_be_public() {
    let house = studies::house_with_model();
    let before = house.ask(&["ledger"]);
    let mean = |bounds: [&str; 2], more: &[&str]| {
        let mut words = vec![
            "stats",
            "mean",
            "--dataset",
            "census",
            "--column",
            "age",
            "--epsilon",
            "0.1",
        ];
        words.extend(["--min", bounds[0], "--max", bounds[1]]);
        words.extend(more);
        house.run(&words)
    };
    mean(["auto", "90"], &[]).ended(2, "CL6017");
    mean(["90", "17"], &[]).ended(2, "CL4026");
    mean(["17", "90"], &["--rows-max", "3"]).ended(2, "CL5056");
    mean(["17", "90"], &["--table", "nothing"]).ended(2, "CL5021");
    house
        .run(&[
            "stats",
            "sum",
            "--dataset",
            "census",
            "--column",
            "nothing",
            "--min",
            "0",
            "--max",
            "1",
            "--epsilon",
            "0.1",
        ])
        .ended(2, "CL5005");
    assert_eq!(
        house.ask(&["ledger"]),
        before,
        "questions that make no sense cost nothing"
    );
    let clinic = House::of("data-scientist");
    studies::clinic(&clinic);
    clinic.study("clinic.toml").done();
    let count = [
        "stats",
        "count",
        "--dataset",
        "clinic-deid",
        "--epsilon",
        "0.1",
    ];
    clinic.run(&count).ended(2, "CL5056").tells("several rows");
    let bounded = [&count[..], &["--rows-max", "1"]].concat();
    clinic.run(&bounded).ended(2, "CL5050");
}

#[test]
fn who_may_not_use_data_gets_no_statistic() {
    let house = studies::house_with_model();
    for role in [
        "administrator",
        "auditor",
        "privacy-officer",
        "data-engineer",
    ] {
        house.takes_role(role);
        house
            .run(&["stats", "count", "--dataset", "census", "--epsilon", "0.1"])
            .refused("CL33");
    }
}

#[test]
fn a_model_with_an_output_budget_answers_until_it_is_spent() {
    let house = House::of("data-scientist");
    studies::census(&house);
    let register = CENSUS_REGISTER.replace("decimals = 2", "decimals = 2\nbudget_epsilon = 25.0");
    house.write(
        "census.toml",
        format!("{CENSUS_DATA}{CENSUS_TRAIN}{CENSUS_VALIDATE}{register}"),
    );
    house.study("census.toml").done();
    let table = house.text("census.csv");
    let ten: Vec<&str> = table.lines().take(11).collect();
    house.write("ten.csv", ten.join("\n"));
    house
        .run(&["model", "predict", "income", "ten.csv"])
        .refused("CL5057");
    let noisy = ["model", "predict", "income", "ten.csv", "--randomize", "1"];
    house.run(&noisy).done();
    let margins = house.ask(&[
        "model",
        "predict",
        "income",
        "ten.csv",
        "--noisy-margin",
        "1",
    ]);
    let margins = margins.as_array().expect("answers");
    assert!(
        margins
            .iter()
            .all(|answer| answer["score"].is_null() && answer["margin"].is_f64())
    );
    house.run(&noisy).refused("CL5057").tells("20 of the 25");
    let half = [
        "model",
        "predict",
        "income",
        "ten.csv",
        "--randomize",
        "0.5",
    ];
    house.run(&half).done();
    house.run(&half).refused("CL5057");
    house.is_sound();
}

#[test]
fn records_are_perturbed_one_by_one() {
    let house = House::empty();
    house.write("census.csv", hospital::census(7, 4_000));
    let columns = [
        "--category",
        "sex=Female|Male@2",
        "--number",
        "age=17..80@1",
    ];
    let mut words = vec!["privacy", "perturb", "census.csv", "-o", "noisy.csv"];
    words.extend(columns);
    words.extend(["--keep", "education"]);
    let told = house.ask(&words);
    assert_eq!(told["epsilon_per_record"], 3.0);
    assert_eq!(told["rows"], 4_000);
    assert!(
        told["columns"][1]["clamped"].as_u64().expect("a count") > 0,
        "{told}"
    );
    let noisy = house.text("noisy.csv");
    assert!(
        noisy.starts_with("sex,age,education\n"),
        "only what was named is there"
    );
    let original = house.text("census.csv");
    let sex = original
        .lines()
        .next()
        .expect("a heading")
        .split(',')
        .position(|name| name.trim() == "sex");
    let sex = sex.expect("a column");
    let flipped = original
        .lines()
        .zip(noisy.lines())
        .skip(1)
        .filter(|(old, new)| old.split(',').nth(sex).map(str::trim) != new.split(',').next())
        .count();
    let share = flipped as f64 / 4_000.0;
    assert!(
        (share - 0.1192).abs() < 0.025,
        "about 1 / (1 + e^2) are flipped: {share}"
    );
    let mut words = vec!["privacy", "estimate", "noisy.csv"];
    words.extend(columns);
    let found = house.ask(&words);
    let shares: f64 = (0..2)
        .filter_map(|place| found[place]["estimate"].as_f64())
        .sum();
    assert!((shares - 1.0).abs() < 1e-6, "{found}");
    let truth = ages(&house)
        .into_iter()
        .map(|age| age.clamp(17.0, 80.0))
        .sum::<f64>()
        / 4_000.0;
    let mean = found[2]["estimate"].as_f64().expect("a mean");
    let error = found[2]["standard_error"].as_f64().expect("an error");
    assert!((mean - truth).abs() < 5.0 * error, "{mean} {truth} {error}");
    let refused = house.run(&[
        "privacy",
        "perturb",
        "census.csv",
        "-o",
        "n.csv",
        "--category",
        "race=White|Black@1",
    ]);
    refused.ended(2, "CL4028").keeps_back(&["Asian"]);
}
