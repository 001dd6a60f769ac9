//! A model that was trained elsewhere is tested, registered and served; it says what is not known.

use crate::{house::House, studies};

/// Two numbers and a word, for [`weights`].
pub(crate) const ARCHITECTURE: &str = r#"
target = { column = "classification", positive = ">50K" }
hidden = []
layers = [{ weight = "linear.weight", bias = "linear.bias" }]
inputs = [
  { kind = "number", column = "age", min = 17.0, max = 90.0, center = 38.0, divide = 13.0 },
  { kind = "number", column = "hours-per-week", min = 1.0, max = 99.0 },
  { kind = "category", column = "sex", values = ["Female", "Male"] },
]
"#;

/// Weights for the four inputs of the architecture, as safetensors.
pub(crate) fn weights() -> Vec<u8> {
    let numbers: [f32; 5] = [0.6, 0.04, -0.3, 0.5, -3.0];
    let header = br#"{"linear.weight":{"dtype":"F32","shape":[1,4],"data_offsets":[0,16]},"linear.bias":{"dtype":"F32","shape":[1],"data_offsets":[16,20]}}"#;
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend_from_slice(header);
    bytes.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
    bytes
}

fn house() -> House {
    let house = studies::house_with_model();
    house.write("arch.toml", ARCHITECTURE);
    house.write("brought.safetensors", weights());
    house
}

#[test]
fn a_brought_model_is_tested_registered_and_served() {
    let house = house();
    let checked = house.ask(&[
        "model",
        "check",
        "brought.safetensors",
        "--architecture",
        "arch.toml",
    ]);
    assert_eq!(
        checked["inputs"], 6,
        "two numbers with their missing flags, two words"
    );
    house
        .run(&[
            "model",
            "import",
            "brought.safetensors",
            "--architecture",
            "arch.toml",
            "--name",
            "brought",
            "--dataset",
            "census",
            "--table",
            "census",
        ])
        .done()
        .tells("no privacy guarantee known");
    let shown = house.run(&["model", "show", "brought"]).done().stdout;
    for fact in [
        "imported, no privacy guarantee known",
        "AUC",
        "age, hours-per-week, sex",
    ] {
        assert!(shown.contains(fact), "the card says `{fact}`: {shown}");
    }
    house.write(
        "one.csv",
        "age,hours-per-week,sex\n64,40,Male\n38,50,Female\n",
    );
    let answers = house.ask(&["model", "predict", "brought", "one.csv"]);
    for (row, expected) in [(0, 0.6 * 2.0 + 1.6 + 0.5 - 3.0), (1, 2.0 - 0.3 - 3.0)] {
        let expected = 1.0 / (1.0 + f64::exp(-expected));
        let found = answers[row]["score"].as_f64().expect("a score");
        assert!((found - expected).abs() < 0.006, "{found} {expected}");
    }
    house
        .run(&["model", "drift", "brought", "census.csv"])
        .done();
    house.takes_role("data-engineer");
    house
        .run(&["model", "export", "brought", "-o", "model"])
        .done();
    house.run(&["model", "verify", "model"]).done();
    house.is_sound();
}

#[test]
fn files_that_can_carry_code_are_refused() {
    let house = house();
    house.write("model.pt", b"PK\x03\x04archive/data.pkl");
    house.write("model.pkl", b"\x80\x04\x95\x10\x00\x00\x00");
    for file in ["model.pt", "model.pkl"] {
        house
            .run(&["model", "check", file, "--architecture", "arch.toml"])
            .refused("CL4120");
    }
    house.write("noise.onnx", b"\x08\x07garbage");
    house
        .run(&[
            "model",
            "check",
            "noise.onnx",
            "--architecture",
            "arch.toml",
        ])
        .ended(1, "CL4121");
    house.write("bad.toml", "target = 3");
    house
        .run(&[
            "model",
            "check",
            "brought.safetensors",
            "--architecture",
            "bad.toml",
        ])
        .ended(2, "CL5059");
    house.write(
        "deep.toml",
        ARCHITECTURE.replace("hidden = []", "hidden = [8]"),
    );
    house
        .run(&[
            "model",
            "check",
            "brought.safetensors",
            "--architecture",
            "deep.toml",
        ])
        .ended(2, "CL4123");
}

#[test]
fn who_may_not_register_brings_nothing() {
    let house = house();
    house.takes_role("researcher");
    house
        .run(&[
            "model",
            "import",
            "brought.safetensors",
            "--architecture",
            "arch.toml",
            "--name",
            "brought",
            "--dataset",
            "census",
            "--table",
            "census",
        ])
        .refused("CL33");
}
