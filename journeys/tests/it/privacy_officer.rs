//! The privacy officer: watches, approves and answers; sees evidence and never rows.

use serde_json::Value;

use crate::{
    house::House,
    studies::{self, CENSUS_DATA, CLINIC_DATA, census, clinic},
};

#[test]
fn a_false_claim_of_de_identification_is_refused() {
    let house = House::of("data-engineer");
    let hospital = clinic(&house);
    let claim = CLINIC_DATA.replace("\"waiver\"", "\"de-identified\"");
    assert_ne!(claim, CLINIC_DATA);
    house.write("claim.toml", claim);
    house
        .study("claim.toml")
        .refused("CL5012")
        .keeps_back(&studies::identifiers(&hospital));
    let said = house.run(&["dataset", "export", "clinic", "patients", "-o", "out.csv"]);
    assert_ne!(
        said.code, 0,
        "rows under a false claim must not leave: {said:?}"
    );
    assert!(!house.path("out.csv").exists());
}

#[test]
fn study_without_purpose_is_refused() {
    let house = House::of("data-engineer");
    clinic(&house);
    let whole = house.text("clinic.toml");
    for key in ["purpose = ", "legal_basis = ", "owner = "] {
        let without: Vec<&str> = whole
            .lines()
            .filter(|line| !line.starts_with(key))
            .collect();
        assert_eq!(without.len() + 1, whole.lines().count());
        house.write("without.toml", without.join("\n"));
        house.study("without.toml").ended(2, "CL5001");
        house
            .run(&["study", "check", "without.toml"])
            .ended(2, "CL5001");
    }
    let invented = whole.replace("\"research\"", "\"curiosity\"");
    house.write("invented.toml", invented);
    house.study("invented.toml").ended(2, "CL5001");
    assert_eq!(house.versions(), 0);
    house.study("clinic.toml").done();
}

#[test]
fn research_on_identified_rows_is_not_operations() {
    let house = House::of("data-scientist");
    census(&house);
    let odd = house
        .text("census.toml")
        .replace("\"de-identified\"", "\"operations\"");
    house.write("odd.toml", odd);
    house
        .study("odd.toml")
        .refused("CL3302")
        .tells("164.512(i)");
    assert!(
        house
            .ask(&["model", "list"])
            .as_array()
            .expect("models")
            .is_empty()
    );
    assert!(
        house
            .ask(&["ledger"])
            .as_array()
            .expect("budgets")
            .is_empty(),
        "nothing was spent"
    );
}

#[test]
fn risk_gate_exits_4() {
    let house = House::of("data-engineer");
    census(&house);
    let gated = |k: u32| {
        format!(
            "{CENSUS_DATA}\n[assess]\ntable = \"census\"\nquasi = [\"age\", \"sex\"]\nk_min = {k}\n"
        )
    };
    house.write("gated.toml", gated(100_000));
    house.study("gated.toml").not_held("CL5010").tells("100000");
    house.write("gated.toml", gated(1));
    house.study("gated.toml").done();
    house
        .run(&["risk", "census.csv", "--quasi", "age,sex", "--k-min", "1"])
        .done();
    let said = house.run(&[
        "risk",
        "census.csv",
        "--quasi",
        "age,sex",
        "--k-min",
        "100000",
    ]);
    assert_eq!(said.code, 4, "{said:?}");
}

#[test]
fn the_officer_promotes_and_the_scientist_does_not() {
    let house = studies::house_with_model();
    house
        .run(&["model", "promote", "income", "staging"])
        .refused("CL330");
    house.takes_role("privacy-officer");
    house.run(&["model", "promote", "income", "staging"]).done();
    house.run(&["model", "promote", "income", "retired"]).done();
    house.takes_role("data-scientist");
    house
        .run(&["model", "predict", "income", "census.csv"])
        .refused("CL5031");
}

#[test]
fn the_officer_sees_no_row() {
    let house = studies::house_with_model();
    house.takes_role("privacy-officer");
    house
        .run(&["dataset", "export", "census", "census", "-o", "out.csv"])
        .refused("CL330");
    assert!(!house.path("out.csv").exists());
    house.run(&["ledger"]).done();
}

#[test]
fn printed_small_cells_are_suppressed() {
    let house = House::of("data-scientist");
    census(&house);
    house.write("held.csv", held_out(&house.text("census.csv")));
    house.write("census.toml", with_held_out(&house.text("census.toml")));
    house.study("census.toml").done();
    house.run(&["report", "census", "-o", "pack"]).done();
    let report: Value = serde_json::from_str(&house.text("pack/report.json")).expect("JSON");
    let groups = report["validation"]["subgroups"]
        .as_array()
        .expect("groups");
    let small = groups
        .iter()
        .find(|group| group["group"] == "Ruritania")
        .expect("the group");
    assert!(small["suppressed"].is_string(), "{small}");
    for figure in [
        "rows",
        "accuracy",
        "auc",
        "selection_rate",
        "true_positive_rate",
    ] {
        assert!(
            small[figure].is_null(),
            "{figure} of three persons is printed: {small}"
        );
    }
    let countries = groups
        .iter()
        .filter(|group| group["attribute"] == "native-country");
    let (hidden, shown): (Vec<_>, Vec<_>) = countries.partition(|group| group["rows"].is_null());
    assert!(
        hidden.len() > 1,
        "one hidden count could be had by subtraction: {hidden:?}"
    );
    assert!(
        shown.iter().all(|group| group["rows"].as_u64() >= Some(11)),
        "{shown:?}"
    );
    assert!(
        shown.iter().any(|group| group["group"] == "United-States"),
        "{shown:?}"
    );
}

/// Eight hundred rows, and three from a country of which there are no others.
fn held_out(table: &str) -> String {
    let mut lines: Vec<String> = table.lines().take(801).map(str::to_owned).collect();
    let columns: Vec<&str> = table
        .lines()
        .next()
        .expect("a header")
        .split(", ")
        .collect();
    let country = columns
        .iter()
        .position(|name| *name == "native-country")
        .expect("the column");
    let rare = table.lines().skip(1).take(3).map(|line| {
        let mut cells: Vec<&str> = line.split(", ").collect();
        cells[country] = "Ruritania";
        cells.join(", ")
    });
    lines.extend(rare);
    lines.join("\n") + "\n"
}

/// The study with a table of its own to test on.
fn with_held_out(study: &str) -> String {
    let (head, budget) = study.split_once("[budget]").expect("a budget");
    let source = head
        .get(head.find("[[source]]").expect("a source")..)
        .expect("a source");
    let held = source
        .replace("census.csv", "held.csv")
        .replace("\"census\"", "\"held\"");
    format!("{head}{held}[budget]{budget}")
        .replace("target = ", "holdout_table = \"held\"\ntarget = ")
}
