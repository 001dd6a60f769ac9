//! Tests of models and trainers, as a person calls them and as a study runs them.

use std::fmt::Write as _;

use serde_json::Value;

use crate::{house::House, studies};

/// Scores, outcomes and a group, by a rule that anybody can follow.
fn scored(rows: u32, shift: f64) -> String {
    let mut text = String::from("sex,score,outcome,stay\n");
    for row in 0..rows {
        let sex = if row % 2 == 0 { "F" } else { "M" };
        let spread = f64::from(row * 7919 % 1000) / 1000.0;
        let score = (0.8 * spread + if row % 2 == 0 { 0.0 } else { 0.2 }).min(1.0);
        let outcome = u8::from(f64::from(row * 104_729 % 997) / 997.0 < score);
        writeln!(text, "{sex},{score:.4},{outcome},{:.3}", spread + shift).expect("text");
    }
    text
}

#[test]
fn fairness_of_a_scored_file_is_told_and_can_be_a_gate() {
    let house = House::of("data-scientist");
    house.write("scored.csv", scored(2000, 0.0));
    let words = [
        "validate",
        "fairness",
        "scored.csv",
        "--label",
        "outcome",
        "--score",
        "score",
        "--group",
        "sex",
        "--mitigate",
        "demographic",
    ];
    let told = house.ask(&words);
    let between = &told["columns"]["sex"]["fairness"]["between"];
    let gap = between["demographic_parity_difference"]["value"]
        .as_f64()
        .expect("a gap");
    assert!(gap > 0.2, "{told}");
    let after =
        &told["columns"]["sex"]["remedy"]["after"]["demographic_parity_difference"]["value"];
    assert!(after.as_f64().expect("a gap") < 0.08, "{told}");
    house
        .run(&[&words[..], &["--max-gap", "0.1"]].concat())
        .not_held("CL6027");
}

#[test]
fn drift_of_a_file_is_told_and_can_be_a_gate() {
    let house = House::of("data-scientist");
    house.write("old.csv", scored(2000, 0.0));
    house.write("new.csv", scored(2000, 0.3));
    let told = house.ask(&[
        "validate",
        "drift",
        "old.csv",
        "new.csv",
        "--columns",
        "sex,stay",
    ]);
    assert_eq!(told[0]["drift"]["verdict"], "stable");
    assert_eq!(told[1]["drift"]["verdict"], "drifted");
    let words = [
        "validate",
        "drift",
        "old.csv",
        "new.csv",
        "--columns",
        "stay",
        "--max-psi",
        "0.1",
    ];
    house.run(&words).not_held("CL6027");
    house
        .run(&[
            "validate",
            "drift",
            "old.csv",
            "new.csv",
            "--columns",
            "weight",
        ])
        .ended(1, "CL1011");
}

#[test]
fn the_trainer_passes_its_own_audit() {
    let house = House::of("data-scientist");
    let told = house.ask(&[
        "validate",
        "trainer",
        "--epsilon",
        "4",
        "--persons",
        "2000",
        "--batch",
        "100",
        "--hidden",
        "8,4",
    ]);
    assert_eq!(told["holds"], true, "{told}");
    let lower = told["audit"]["one_run"]["epsilon_lower_gaussian"]
        .as_f64()
        .expect("a bound");
    assert!(lower > 0.5 && lower < 4.0, "{told}");
}

#[test]
fn a_name_in_a_vocabulary_is_found_and_weights_are_not_names() {
    let house = House::of("data-scientist");
    let mut bytes = vec![0_u8, 63, 128, 193, 7];
    bytes.extend(b"{\"vocab\":[\"glucose\",\"Patient: Anna Lindberg, MRN 00482913\"]}");
    house.write("vocab.bin", bytes);
    house.write(
        "weights.bin",
        [0_u8, 0, 128, 63, 205, 204, 76, 62].repeat(500),
    );
    house
        .run(&["validate", "files", "vocab.bin"])
        .not_held("CL6027");
    house.run(&["validate", "files", "weights.bin"]).done();
}

#[test]
fn a_remembered_canary_is_found_and_noise_protects_counts() {
    let house = House::of("data-scientist");
    let mut text = String::from("loss,canary\n0.5,1\n");
    for row in 0..500 {
        writeln!(text, "{},0", 5.0 + f64::from(row) / 100.0).expect("text");
    }
    house.write("losses.csv", text);
    house
        .run(&["validate", "exposure", "losses.csv"])
        .not_held("CL6027");
    house
        .run(&["validate", "reconstruction", "--sigma", "0"])
        .not_held("CL6027");
    let told = house.ask(&["validate", "reconstruction", "--sigma", "40"]);
    assert_eq!(told["works"], false, "{told}");
    assert_eq!(told["control"]["right"], 1.0, "{told}");
    // An attack whose control does not fire is no evidence.
    house
        .run(&[
            "validate",
            "reconstruction",
            "--answers",
            "8",
            "--sigma",
            "40",
        ])
        .not_held("CL6027")
        .tells("no evidence");
}

#[test]
fn a_study_reports_attacks_audit_and_fairness_and_its_gates_hold() {
    let house = studies::house_with_model();
    house.run(&["report", "census", "-o", "pack"]).done();
    let pack: Value = serde_json::from_str(&house.text("pack/report.json")).expect("a document");
    let validation = &pack["validation"];
    let attacks = validation["attacks"].as_array().expect("attacks");
    assert!(
        attacks.iter().any(|attack| attack["verdict"] == "held"),
        "{validation}"
    );
    assert!(
        attacks.iter().all(|attack| attack["verdict"] != "leaks"),
        "{validation}"
    );
    let probes = validation["probes"].to_string();
    for probe in [
        "noise floor",
        "participation",
        "one-run audit",
        "every run is paid for",
    ] {
        assert!(probes.contains(probe), "{probe}: {probes}");
    }
    assert!(
        validation["fairness"]
            .to_string()
            .contains("equalized odds difference")
    );
}
