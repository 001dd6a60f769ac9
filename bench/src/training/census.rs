//! The census table, encoded by bounds and words of its public description.

use std::collections::BTreeMap;

use learn::{Design, Feature, FeatureSpec, Scale, Target, Values, encode};

use crate::material;

/// The table to train on, the one to test on, and which they are.
pub struct Census {
    pub train: Design,
    pub test: Design,
    pub which: &'static str,
}

impl Census {
    pub fn load() -> Result<Self, learn::EncodeError> {
        let (train, test, which) = material::census();
        Ok(Self {
            train: design(&train)?,
            test: design(&test)?,
            which,
        })
    }
}

/// Five numbers and seven categories; education and the survey's weight are left out.
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
            number("capital-loss", 0.0, 4_356.0, Scale::Linear),
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
            words(
                "native-country",
                "United-States Mexico Philippines Germany Canada Puerto-Rico India Cuba England \
                 China",
            ),
        ],
        target: Target {
            column: "classification".into(),
            positive: ">50K".into(),
        },
    }
}

fn design(table: &str) -> Result<Design, learn::EncodeError> {
    let cells = cells(table);
    let columns: BTreeMap<&str, Values<'_>> = cells
        .iter()
        .map(|(name, cells)| (*name, Values::Text(cells)))
        .collect();
    encode(&spec(), &columns, None)
}

fn cells(table: &str) -> BTreeMap<&str, Vec<Option<&str>>> {
    let mut lines = table.lines().filter(|line| !line.trim().is_empty());
    let names: Vec<&str> = lines
        .next()
        .unwrap_or("")
        .split(", ")
        .map(str::trim)
        .collect();
    let mut columns: BTreeMap<&str, Vec<Option<&str>>> = BTreeMap::new();
    for line in lines {
        for (name, cell) in names.iter().zip(line.split(", ")) {
            let cell = cell.trim().trim_end_matches('.');
            columns.entry(name).or_default().push(Some(cell));
        }
    }
    columns
}
