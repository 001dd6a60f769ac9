//! The census table, encoded as its public description has it.

use std::collections::BTreeMap;

use learn::{Design, Feature, FeatureSpec, Scale, Target, Values, encode};

use crate::material;

/// Training and test rows, and what they are.
pub fn designs() -> Result<(Design, Design, &'static str), learn::EncodeError> {
    let (train, test, which) = material::census();
    let spec = spec(&train);
    Ok((design(&spec, &train)?, design(&spec, &test)?, which))
}

fn spec(table: &str) -> FeatureSpec {
    let number = |column: &str, min: f64, max: f64, scale: Scale| Feature::Number {
        column: column.into(),
        min,
        max,
        scale,
    };
    let mut features = vec![
        number("age", 17.0, 90.0, Scale::Linear),
        number("education-num", 1.0, 16.0, Scale::Linear),
        number("capital-gain", 0.0, 99_999.0, Scale::Logarithmic),
        number("capital-loss", 0.0, 4_356.0, Scale::Logarithmic),
        number("hours-per-week", 1.0, 99.0, Scale::Linear),
    ];
    let columns = cells(table);
    let words = [
        "workclass",
        "education",
        "marital-status",
        "occupation",
        "relationship",
        "race",
        "sex",
    ];
    features.extend(words.iter().filter_map(|column| {
        let stated = columns.get(column)?.iter().flatten();
        let mut values: Vec<String> = stated
            .filter(|cell| **cell != "?")
            .map(|cell| (*cell).to_owned())
            .collect();
        values.sort();
        values.dedup();
        Some(Feature::Category {
            column: (*column).to_owned(),
            values,
        })
    }));
    FeatureSpec {
        features,
        target: Target {
            column: "classification".into(),
            positive: ">50K".into(),
        },
    }
}

fn design(spec: &FeatureSpec, table: &str) -> Result<Design, learn::EncodeError> {
    let cells = cells(table);
    let columns: BTreeMap<&str, Values<'_>> = cells
        .iter()
        .map(|(name, cells)| (*name, Values::Text(cells)))
        .collect();
    encode(spec, &columns, None)
}

fn cells(table: &str) -> BTreeMap<&str, Vec<Option<&str>>> {
    let mut lines = table.lines().filter(|line| !line.trim().is_empty());
    let head = lines.next().unwrap_or("");
    let names: Vec<&str> = head.split(", ").map(str::trim).collect();
    let mut columns: BTreeMap<&str, Vec<Option<&str>>> = BTreeMap::new();
    for line in lines {
        for (name, cell) in names.iter().zip(line.split(", ")) {
            let cell = cell.trim().trim_end_matches('.');
            columns.entry(name).or_default().push(Some(cell));
        }
    }
    columns
}
