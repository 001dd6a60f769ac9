//! `cloister train`: one model on a dataset of the instance.

use domain::{Delta, Epsilon, ModelId, StudyId};
use flow::{
    study::{Bounds, Cap},
    train::{Order, Trained},
};
use learn::{Feature, Target};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    arguments::{Arguments, Kind, Train},
    codes,
    failure::Failure,
    files,
    progress::Bars,
    screen::Screen,
    wire::Instance,
};

pub(super) fn run(arguments: &Arguments, words: &Train, screen: Screen) -> Result<(), Failure> {
    let order = order(words)?;
    let instance = Instance::open(arguments)?;
    let desk = instance.desk();
    let ordered = flow::train::order(&desk, order)?;
    if let Some(cap) = ordered.new_cap {
        screen.message(&format!(
            "the dataset has no lifetime budget yet: this training fixes it at epsilon {} and delta {} for good",
            cap.epsilon, cap.delta
        ));
    }
    let finished = flow::run_study(
        &desk,
        &ordered.text,
        &files::Folder(std::path::PathBuf::from(".")),
        &mut Bars::new(screen),
    )?;
    if finished.resumed {
        screen.message("an interrupted run was taken up after its last kept stage");
    }
    let trained = flow::train::trained(&desk, &finished.run)?;
    for warning in warnings(&trained) {
        screen.message(&format!("warning: {warning}"));
    }
    screen.result(&text(&finished, &trained), &document(&finished, &trained));
    Ok(())
}

fn order(words: &Train) -> Result<Order, Failure> {
    let guarantee = words.epsilon.zip(words.delta);
    let (epsilon, delta) = match guarantee {
        Some((epsilon, delta)) => (Some(self::epsilon(epsilon)?), Some(self::delta(delta)?)),
        None => (None, None),
    };
    let features = match &words.features {
        Some(path) => features(&files::read_text(path)?)?,
        None => Vec::new(),
    };
    Ok(Order {
        dataset: words.dataset.clone(),
        table: words.table.clone(),
        target: words.target.clone(),
        positive: words.positive.clone(),
        study: words.study.as_deref().map(study).transpose()?,
        features,
        columns: words.columns.clone(),
        section: section(words, epsilon, delta)?,
        budget: budget(words)?,
        register: words.register.as_deref().map(model).transpose()?,
    })
}

fn section(
    words: &Train,
    epsilon: Option<Epsilon>,
    delta: Option<Delta>,
) -> Result<flow::study::Train, Failure> {
    let course = &words.course;
    let hidden = if words.model == Kind::Mlp && course.hidden.is_empty() {
        vec![32]
    } else {
        course.hidden.clone()
    };
    Ok(flow::study::Train {
        table: String::new(),
        holdout_table: words.holdout_table.clone(),
        holdout_share: words.holdout,
        target: Target {
            column: String::new(),
            positive: String::new(),
        },
        target_range: range(words)?,
        features: Vec::new(),
        bounds: Bounds::Public,
        columns: Vec::new(),
        model: words.model.word().to_owned(),
        hidden,
        height: course.height,
        kernel: course.kernel,
        channels: course.channels,
        trees: course.trees,
        depth: course.depth,
        epsilon,
        delta,
        without_privacy: words.no_privacy,
        also_epsilons: Vec::new(),
        epochs: course.epochs,
        batch: course.batch,
        clip: course.clip.unwrap_or(1.0),
        learning_rate: course.learning_rate,
        momentum: 0.9,
        knots: course.knots,
        averaging: None,
        reweigh: None,
        reweigh_before: true,
    })
}

fn range(words: &Train) -> Result<Option<[f64; 2]>, Failure> {
    match words.range.as_slice() {
        [] => Ok(None),
        [min, max] if min < max && words.model == Kind::Linear => Ok(Some([*min, *max])),
        _ => Err(wrong(
            "--range takes two numbers, the smaller one first, and belongs to --model linear",
        )),
    }
}

fn budget(words: &Train) -> Result<Option<Cap>, Failure> {
    let delta = words.budget_delta.or(words.delta);
    match (words.budget_epsilon, delta) {
        (Some(epsilon), Some(delta)) => Ok(Some(Cap {
            epsilon: self::epsilon(epsilon)?,
            delta: self::delta(delta)?,
        })),
        (None, _) if words.budget_delta.is_some() => {
            Err(wrong("--budget-delta needs --budget-epsilon"))
        }
        _ => Ok(None),
    }
}

/// The file of `--features`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FeatureFile {
    features: Vec<Feature>,
}

fn features(text: &str) -> Result<Vec<Feature>, Failure> {
    let file: FeatureFile = toml::from_str(text).map_err(|error| {
        Failure::new(
            codes::FEATURES,
            format!("the feature file does not parse: {}", error.message()),
            "write `features = [...]` as in a study file, see docs/study-file.md",
        )
    })?;
    Ok(file.features)
}

fn text(finished: &flow::Finished, trained: &Trained) -> String {
    let statement = trained.statement();
    let model = &trained.model;
    let guarantee = match model.guarantee() {
        Some((epsilon, delta)) => format!("epsilon {epsilon:.4} at delta {delta}"),
        None => "NONE: trained without privacy".to_owned(),
    };
    let mut lines = vec![
        format!(
            "{} on {} rows of {} persons, {} steps; run {}",
            model.plan.model.name(),
            trained.rows,
            trained.persons,
            model.steps,
            finished.run
        ),
        format!("guarantee   {guarantee}"),
        format!("unit        {}", statement.unit),
        format!("adjacency   {}", statement.adjacency),
        format!("sampling    {}", statement.sampling),
        format!("accountant  {}", statement.accountant),
        format!("noise       {}", statement.noise),
    ];
    let gaps = statement.not_covered.iter();
    lines.extend(gaps.map(|gap| format!("not covered {gap}")));
    lines.push(format!("sha256      {}", model.digest));
    lines.join("\n")
}

/// What is public and still makes a poor model likely.
fn warnings(trained: &Trained) -> Vec<String> {
    let mut warnings = Vec::new();
    if trained.inputs > trained.persons {
        warnings.push(format!(
            "{} inputs on {} persons: more inputs than persons to learn from",
            trained.inputs, trained.persons
        ));
    }
    let dropped = trained.survey.iter().flat_map(|survey| &survey.dropped);
    let dropped: Vec<&str> = dropped.map(String::as_str).collect();
    if !dropped.is_empty() {
        warnings.push(format!(
            "the noisy counts show nothing of these columns, so they are no inputs: {}",
            dropped.join(", ")
        ));
    }
    warnings
}

fn document(finished: &flow::Finished, trained: &Trained) -> Value {
    let model = &trained.model;
    json!({
        "study": finished.study,
        "run": finished.run,
        "dataset": trained.version.dataset,
        "version": trained.version.id,
        "model": model.plan.model,
        "estimator": model.plan.model.name(),
        "private": model.guarantee().is_some(),
        "epsilon": model.guarantee().map(|(epsilon, _)| epsilon),
        "delta": model.guarantee().map(|(_, delta)| delta),
        "sigma": model.plan.privacy.map(|privacy| privacy.sigma),
        "sampling_rate": model.sampling_rate,
        "steps": model.steps,
        "accountant": model.accountant,
        "charged_epsilon": model.charged,
        "loss": model.loss,
        "rows": trained.rows,
        "persons": trained.persons,
        "held_out": trained.held_out,
        "inputs": trained.inputs,
        "measured": trained.survey,
        "spend": model.guarantee().map(|_| &model.spend),
        "sha256": model.digest,
        "statement": trained.statement(),
        "warnings": warnings(trained),
    })
}

fn study(word: &str) -> Result<StudyId, Failure> {
    super::study::study_id(word)
}

fn model(word: &str) -> Result<ModelId, Failure> {
    ModelId::new(word).map_err(|error| wrong(&format!("this is not the name of a model: {error}")))
}

fn epsilon(number: f64) -> Result<Epsilon, Failure> {
    Epsilon::new(number).map_err(|error| wrong(&error.to_string()))
}

fn delta(number: f64) -> Result<Delta, Failure> {
    Delta::new(number).map_err(|error| wrong(&error.to_string()))
}

fn wrong(what: &str) -> Failure {
    Failure::new(codes::WORDS, what.to_owned(), "see `cloister train --help`")
}
