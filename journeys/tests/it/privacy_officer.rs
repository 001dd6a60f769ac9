//! The privacy officer: watches, approves and answers; sees evidence and never rows.

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
    let mut table = house.text("census.csv");
    let country = table
        .lines()
        .next()
        .expect("a header")
        .split(", ")
        .position(|name| name == "native-country");
    let rare: Vec<String> = table
        .lines()
        .skip(1)
        .take(3)
        .map(|line| {
            let mut cells: Vec<&str> = line.split(", ").collect();
            cells[country.expect("the column")] = "Ruritania";
            cells.join(", ")
        })
        .collect();
    let common: Vec<&str> = table.lines().skip(1).collect();
    let held_out = format!(
        "{}\n{}\n{}\n",
        table.lines().next().expect("a header"),
        common[..800].join("\n"),
        rare.join("\n")
    );
    table = house.text("census.toml");
    let source = &table
        [table.find("[[source]]").expect("a source")..table.find("[budget]").expect("a budget")];
    let second = format!(
        "{}\n[budget]",
        source
            .replace("census.csv", "held.csv")
            .replace("\"census\"", "\"held\"")
    );
    let study = table
        .replacen("[budget]", &second, 1)
        .replace("target = ", "holdout_table = \"held\"\ntarget = ");
    house.write("held.csv", held_out);
    house.write("census.toml", study);
    house.study("census.toml").done();
    house.run(&["report", "census", "-o", "pack"]).done();
    for file in ["pack/report.json", "pack/report.html"] {
        let text = house.text(file);
        assert!(
            text.contains("United-States"),
            "{file} reports the large groups"
        );
        assert!(
            !text.contains("Ruritania"),
            "{file} names a group of three persons"
        );
    }
    let card = house.ask(&["model", "show", "income"])["card_json"].to_string();
    assert!(
        !card.contains("Ruritania"),
        "the card names a group of three persons"
    );
}
