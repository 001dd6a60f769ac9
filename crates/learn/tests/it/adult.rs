//! Private logistic regression on the UCI Adult census table (Becker, Kohavi 1996), where present.

use std::{collections::BTreeMap, fs, path::Path};

use cloister_learn::{
    Design, Feature, FeatureSpec, Metrics, ModelKind, Privacy, Scale, Target, TrainingPlan, Values,
    encode, fit,
};
use domain::{Delta, Entropy, Epsilon};

/// A small deterministic generator (`SplitMix64`); for tests only.
struct Stream(u64);

impl Entropy for Stream {
    fn fill(&mut self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(8) {
            self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut z = self.0;
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            for (byte, random) in chunk.iter_mut().zip((z ^ (z >> 31)).to_le_bytes()) {
                *byte = random;
            }
        }
    }
}

/// Bounds and words as the table's public description gives them.
fn spec() -> FeatureSpec {
    let number = |column: &str, min: f64, max: f64, scale: Scale| Feature::Number {
        column: column.into(),
        min,
        max,
        scale,
    };
    let words = |column: &str, words: &str| Feature::Category {
        column: column.into(),
        values: words.split_whitespace().map(str::to_owned).collect(),
    };
    FeatureSpec {
        features: vec![
            number("age", 17.0, 90.0, Scale::Linear),
            number("education-num", 1.0, 16.0, Scale::Linear),
            number("capital-gain", 0.0, 99_999.0, Scale::Logarithmic),
            number("capital-loss", 0.0, 4_356.0, Scale::Logarithmic),
            number("hours-per-week", 1.0, 99.0, Scale::Linear),
            words(
                "workclass",
                "Federal-gov Local-gov Never-worked Private Self-emp-inc Self-emp-not-inc State-gov \
                 Without-pay",
            ),
            words(
                "marital-status",
                "Divorced Married-AF-spouse Married-civ-spouse Married-spouse-absent Never-married \
                 Separated Widowed",
            ),
            words(
                "occupation",
                "Adm-clerical Armed-Forces Craft-repair Exec-managerial Farming-fishing \
                 Handlers-cleaners Machine-op-inspct Other-service Priv-house-serv Prof-specialty \
                 Protective-serv Sales Tech-support Transport-moving",
            ),
            words(
                "relationship",
                "Husband Not-in-family Other-relative Own-child Unmarried Wife",
            ),
            words(
                "race",
                "Amer-Indian-Eskimo Asian-Pac-Islander Black Other White",
            ),
            words("sex", "Female Male"),
        ],
        target: Target {
            column: "classification".into(),
            positive: ">50K".into(),
        },
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test reads its data where it lies"
)]
fn table(name: &str) -> Option<Design> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/adult-uci");
    let text = fs::read_to_string(folder.join(name)).ok()?;
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let names: Vec<&str> = lines.next()?.split(", ").map(str::trim).collect();
    let mut cells: Vec<Vec<Option<&str>>> = vec![Vec::new(); names.len()];
    for line in lines {
        for (column, cell) in cells.iter_mut().zip(line.split(", ")) {
            column.push(Some(cell.trim().trim_end_matches('.')));
        }
    }
    let columns: BTreeMap<&str, Values<'_>> = names
        .iter()
        .copied()
        .zip(cells.iter().map(|cells| Values::Text(cells)))
        .collect();
    encode(&spec(), &columns, None).ok()
}

#[test]
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn adult_income_is_predicted_at_epsilon_three() {
    let (Some(train), Some(test)) = (table("adult.data"), table("adult.test")) else {
        eprintln!("note: the Adult table is not here, nothing was checked");
        return;
    };
    let mut plan = TrainingPlan::new(ModelKind::Logistic);
    let (rate, steps) = (plan.sampling_rate(train.persons), plan.steps(train.persons));
    let (epsilon, delta) = (Epsilon::new(3.0).unwrap(), Delta::new(1e-5).unwrap());
    let sigma = privacy::calibrate_sigma(epsilon, delta, rate, steps).unwrap();
    plan.privacy = Some(Privacy { sigma });

    let model = fit(&train, &plan, &mut Stream(1), &mut |_, _| ()).unwrap();

    let metrics = Metrics::of(&model.predict(&test).unwrap(), &test.y).unwrap();
    let auc = metrics.auc.unwrap();
    eprintln!(
        "accuracy {:.4}, AUC {:.4}, sigma {sigma:.4}",
        metrics.accuracy.value, auc.value
    );
    assert!(metrics.accuracy.value >= 0.853 && auc.value >= 0.906);
}

#[test]
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn the_control_of_the_shadow_attacks_fires_on_real_persons() {
    let Some(train) = table("adult.data") else {
        eprintln!("note: the Adult table is not here, nothing was checked");
        return;
    };
    for seed in 0..2 {
        let control =
            cloister_learn::leakage::control(&train, 120, 24, &mut Stream(seed), &mut |_, _| ())
                .unwrap();
        let attack = control.lira().attack().unwrap();
        let point = &attack.points[0];
        assert!(
            attack.non_members >= 1000 && point.true_positive_bounds.0 >= 0.01,
            "{attack:?}"
        );
    }
}
