//! Training with and without privacy on the census table.

use std::{cell::RefCell, collections::BTreeMap};

use domain::{Delta, Epsilon};
use learn::{
    Design, Feature, FeatureSpec, Metrics, Model, ModelKind, Privacy, Scale, Target, TrainingPlan,
    Values, encode, fit,
};
use seal::SystemEntropy;

use crate::{
    Outcome, material,
    sheet::Sheet,
    stopwatch::{Job, Spread, interleaved},
    words::Words,
};

const GROUP: &str = "train";

/// Fills the lines of training.
pub fn measure(words: &Words, sheet: &mut Sheet) -> Outcome {
    let (train, test, which) = material::census();
    let spec = spec(&train);
    let (train, test) = (design(&spec, &train)?, design(&spec, &test)?);
    let kinds = [
        ("logistic regression", ModelKind::Logistic),
        ("MLP of 32", ModelKind::Mlp { hidden: vec![32] }),
    ];
    let plans = kinds.into_iter().flat_map(|(name, kind)| {
        [false, true].map(|private| (name, plan(kind.clone(), private, &train)))
    });
    let plans: Vec<(&str, TrainingPlan)> = plans.collect();
    let models: Vec<RefCell<Option<Model>>> = plans.iter().map(|_| RefCell::default()).collect();
    let jobs = plans.iter().zip(&models).map(|((name, plan), place)| {
        let train = &train;
        Job::new(format!("{name}{}", mark(plan)), 1.0, move || {
            let model = fit(train, plan, &mut SystemEntropy::new(), &mut |_, _| ())?;
            *place.borrow_mut() = Some(model);
            Ok(())
        })
    });
    let laps = interleaved(words.repetitions, jobs.collect())?;
    for ((laps, (_, plan)), model) in laps.iter().zip(&plans).zip(&models) {
        let goal = if laps.name == "logistic regression, private" {
            "; goal: below 0.5"
        } else {
            ""
        };
        let score = model
            .borrow()
            .as_ref()
            .map_or(Ok(String::new()), |model| score(model, &test))?;
        let epochs = plan.epochs;
        sheet.time(
            GROUP,
            ("s", 1.0),
            laps,
            format!("{which}, {epochs} epochs; {score}{goal}"),
        );
    }
    for pair in laps.chunks(2) {
        if let [plain, private] = pair {
            let name = format!("{} over plain", private.name);
            let pairs = private.each.iter().zip(&plain.each);
            let ratio = Spread::of(pairs.map(|(private, plain)| private.cpu / plain.cpu));
            sheet.ratio(GROUP, &name, ratio, "processor time");
        }
    }
    Ok(())
}

fn mark(plan: &TrainingPlan) -> &'static str {
    if plan.privacy.is_some() {
        ", private"
    } else {
        ""
    }
}

fn plan(model: ModelKind, private: bool, train: &Design) -> TrainingPlan {
    let mut plan = TrainingPlan {
        model,
        epochs: 10.0,
        batch: 512,
        clip: 1.0,
        learning_rate: 0.5,
        momentum: 0.9,
        privacy: None,
    };
    let (rate, steps) = (plan.sampling_rate(train.persons), plan.steps(train.persons));
    let budget = Epsilon::new(3.0).ok().zip(Delta::new(1e-5).ok());
    let sigma = budget
        .and_then(|(epsilon, delta)| privacy::calibrate_sigma(epsilon, delta, rate, steps).ok());
    plan.privacy = sigma.filter(|_| private).map(|sigma| Privacy { sigma });
    plan
}

fn score(model: &Model, test: &Design) -> Result<String, Box<dyn std::error::Error>> {
    let metrics = Metrics::of(&model.predict(test)?, &test.y)?;
    let auc = metrics.auc.map_or(f64::NAN, |auc| auc.value);
    Ok(format!(
        "accuracy {:.4}, AUC {auc:.4}",
        metrics.accuracy.value
    ))
}

/// Five numbers with the bounds of the table's public description, and seven categories.
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
    let categories = [
        "workclass",
        "marital-status",
        "occupation",
        "relationship",
        "race",
        "sex",
    ];
    features.extend(categories.iter().filter_map(|column| {
        let mut values: Vec<String> = columns
            .get(column)?
            .iter()
            .flatten()
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
