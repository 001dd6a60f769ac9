//! What privacy costs, and what the ledger says about it.

use std::fs;

use crate::{house::House, program, studies};

const PLAN: [&str; 8] = [
    "--sigma",
    "1.1",
    "--sampling",
    "0.0042667",
    "--steps",
    "3510",
    "--delta",
    "1e-5",
];

fn privacy(verb: &str, words: &[&str]) -> serde_json::Value {
    let mut all = vec!["--json", "privacy", verb];
    all.extend(words);
    program::run(&all).done().json()
}

#[test]
fn epsilon_says_bracket_bound_and_best_attack() {
    let said = privacy("epsilon", &PLAN);
    let number = |value: &serde_json::Value| value.as_f64().expect("a number");
    let (lower, upper) = (number(&said["pld"]["lower"]), number(&said["pld"]["upper"]));
    assert!(1.13 < lower && lower <= upper && upper < 1.14, "{said}");
    assert!((number(&said["rdp"]) - 1.2804).abs() < 1e-3, "{said}");
    assert!(number(&said["ledger_rdp"]) >= number(&said["rdp"]));
    assert!((number(&said["gdp_mu"]) - 0.2866).abs() < 1e-3, "{said}");
    let attack = number(&said["max_tpr_at_fpr_0.001"]);
    assert!(attack > 0.0024 && attack < 0.003, "{said}");
    let keys: Vec<&String> = said
        .as_object()
        .expect("an object")
        .keys()
        .take(4)
        .collect();
    assert_eq!(keys, ["rdp", "pld", "gdp_mu", "max_tpr_at_fpr_0.001"]);
}

#[test]
fn noise_that_is_found_keeps_the_epsilon() {
    let words = [
        "--epsilon",
        "3",
        "--delta",
        "1e-5",
        "--sampling",
        "0.015625",
        "--steps",
        "640",
    ];
    let said = privacy("sigma", &words);
    let sigma = said["sigma"].as_f64().expect("a number");
    assert!((sigma - 0.904).abs() < 2e-3, "{said}");
    assert!(said["pld"]["upper"].as_f64().expect("a number") <= 3.0);
    assert!(said["rdp_sigma"].as_f64().expect("a number") > sigma * 1.05);
}

#[test]
fn the_curve_is_a_drawing_with_axes_and_a_legend() {
    let house = House::empty();
    let mut words = vec!["privacy", "curve"];
    words.extend(PLAN);
    words.extend(["-o", "curve.svg"]);
    house.run(&words).done().tells("curve.svg");
    let drawing = fs::read_to_string(house.path("curve.svg")).expect("a drawing");
    for piece in ["<svg", "steps", "epsilon", "PLD", "RDP", "</svg>"] {
        assert!(drawing.contains(piece), "{piece}");
    }
    assert_eq!(drawing.matches("<polyline").count(), 2);
}

#[test]
fn numbers_that_are_no_plan_are_refused() {
    for (word, value) in [
        ("--sigma", "0"),
        ("--sampling", "0"),
        ("--sampling", "1.01"),
        ("--steps", "0"),
        ("--delta", "1"),
    ] {
        let mut words = vec!["privacy", "epsilon"];
        words.extend(PLAN);
        let at = words
            .iter()
            .position(|other| *other == word)
            .expect("there");
        words[at + 1] = value;
        program::run(&words).ended(2, "CL6010");
    }
}

#[test]
fn the_ledger_shows_foresees_and_remembers() {
    let house = studies::house_with_model();
    let before = house.ask(&["ledger", "show", "census"]);
    let spend = &before["spends"][0];
    assert_eq!(
        (&spend["spending"], &spend["state"]),
        (&"training".into(), &"committed".into())
    );
    assert_eq!(
        (&spend["analyst"], &spend["study"]),
        (&"ada".into(), &"census".into())
    );
    let charged = spend["epsilon"].as_f64().expect("a number");
    let alone = spend["pld"]["upper"].as_f64().expect("a number");
    assert!(alone < charged, "{before}");

    let small = house.ask(&["ledger", "plan", "census", "--epsilon", "0.01"]);
    assert_eq!(small["admitted"], true, "{small}");
    let words = [
        "ledger",
        "plan",
        "census",
        "--sigma",
        "0.5",
        "--sampling",
        "0.1",
        "--steps",
        "1000",
    ];
    let large = house.ask(&words);
    assert_eq!(large["admitted"], false, "{large}");
    assert_eq!(
        house.ask(&["ledger", "show", "census"]),
        before,
        "a question costs nothing"
    );

    let history = house.ask(&["ledger", "history", "census"]);
    let told: Vec<&str> = history
        .as_array()
        .expect("changes")
        .iter()
        .map(|change| change["change"].as_str().expect("a word"))
        .collect();
    assert_eq!(told, ["opened", "reserved", "committed"]);
    house.run(&["ledger", "show", "nowhere"]).ended(2, "CL5050");
}

#[test]
fn a_cap_is_an_officers_to_set_and_holds_for_the_past() {
    let house = studies::house_with_model();
    let cap = [
        "ledger",
        "cap",
        "--analyst",
        "ada",
        "--epsilon",
        "3.2",
        "--delta",
        "1e-5",
    ];
    house.run(&cap).refused("CL33");
    house.takes_role("privacy-officer");
    house.run(&cap).done();
    let all = house.ask(&["ledger", "show"]);
    assert_eq!(
        all["scopes"][0]["spends"], 1,
        "what was spent before counts: {all}"
    );
    let higher = [
        "ledger",
        "cap",
        "--analyst",
        "ada",
        "--epsilon",
        "9",
        "--delta",
        "1e-5",
    ];
    house.run(&higher).refused("CL5052");
    house.takes_role("data-scientist");
    let outlook = house.ask(&["ledger", "plan", "census", "--epsilon", "0.9"]);
    assert_eq!(outlook["admitted"], false, "{outlook}");
}
