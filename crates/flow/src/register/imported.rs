//! A model that was trained elsewhere becomes a registered version like any other, once it was
//! tested on a table of the instance. Its card says that no privacy guarantee is known.

use std::collections::BTreeMap;

use access::Resource;
use domain::{Action, ModelId, RunId};
use learn::{Architecture, Card, Metrics, Model, card::CardField, drift::Baseline, encode};
use store::Noun;

use super::{
    ModelStage, ModelVersion, StageChange, check_name,
    signed::{Texts, features_json},
};
use crate::{
    Desk, StageError,
    figures::Reach,
    model_key,
    operate::dataset,
    record::Version,
    run::grouped,
    statistics::cause,
    study::Serve,
    tables::{self, missing},
    train::{estimator, plain_age, with_values},
};

/// What is brought in and what it is tested on.
#[derive(Debug)]
pub struct Brought<'a> {
    /// The name it gets.
    pub model: ModelId,
    /// The weights: safetensors or ONNX.
    pub weights: &'a [u8],
    /// Its declared architecture.
    pub architecture: &'a Architecture,
    /// The dataset it is tested on, which must hold inputs and target.
    pub dataset: &'a str,
    /// The table of that dataset.
    pub table: &'a str,
    /// What it is for, on the card.
    pub intended_use: Option<String>,
    /// How it answers.
    pub serve: Serve,
}

/// Reads an architecture file (TOML).
pub fn read_architecture(text: &str) -> Result<Architecture, StageError> {
    toml::from_str(text).map_err(|error| StageError::Architecture {
        line: error.span().map_or(1, |span| {
            text.get(..span.start)
                .unwrap_or_default()
                .lines()
                .count()
                .max(1)
        }),
    })
}

/// Tests a brought model on a labelled table, and registers it.
///
/// The person who brings it needs the permits to validate on that data and to register. Nothing is
/// known about what the weights reveal of the persons they were learnt from, and the card says so;
/// leakage tests need those persons and are not made.
///
/// Source: 45 CFR 164.308(a)(8), 164.312(c)(1).
pub fn bring(desk: &Desk<'_>, brought: &Brought<'_>) -> Result<ModelVersion, StageError> {
    check_name(desk, &brought.model)?;
    let model = learn::import(brought.weights, brought.architecture)?;
    let version = dataset::find(desk, brought.dataset)?;
    let cause = cause(&version)?;
    let testing = desk.permit(
        Action::Validate,
        Resource::dataset(&version.dataset, version.state),
        Some(&cause),
    )?;
    let resource = Resource::model(&brought.model, version.state).within(cause.study.clone());
    let permit = desk.permit(Action::Register, resource, Some(&cause))?;
    let (metrics, baseline) = test(desk, &version, brought.table, &model)?;
    desk.store
        .record(desk.event(&testing, Some(&cause))?.rows(metrics.rows))?;
    let bytes = model.to_bytes();
    let mut transaction = desk.store.begin()?;
    let number = transaction
        .list::<ModelVersion>(Noun::ModelVersion)?
        .iter()
        .filter(|one| one.body.model == brought.model)
        .count() as u64
        + 1;
    let card = card(desk, brought, &version, number, &metrics, &model);
    let (card_json, card_markdown) = (card.to_json(), card.to_markdown());
    let features = features_json(&baseline.spec)?;
    let texts = Texts {
        card: &card_json,
        card_text: &card_markdown,
        features: Some(&features),
    };
    let bundle = texts.sign(desk, &brought.model, &bytes)?;
    let context = format!(
        "dataset/{}/brought/{}/{number}",
        version.dataset, brought.model
    );
    let name = model_key::of_brought(&brought.model, number)?;
    let (key_id, key) = model_key::make(&mut transaction, &name)?;
    let object = desk
        .store
        .write_object(&key, &context, |out| out.write_all(&bytes))?;
    transaction.keep_object(&object, &key_id, &context)?;
    let kept = ModelVersion {
        model: brought.model.clone(),
        number,
        study: cause.study.clone(),
        run: RunId::new(format!("brought-{number}"))
            .map_err(|_| StageError::Stored("a run's name"))?,
        purpose: cause.purpose,
        basis: cause.basis,
        registered: desk.now(),
        digest: seal::digest(&bytes),
        object,
        context,
        lineage: vec![version.id.clone()],
        dataset: version.dataset.clone(),
        state: version.state,
        bundle,
        card_json,
        card_markdown,
        features_json: Some(features),
        serve: brought.serve,
        baseline,
        noisy_baseline: None,
        psi_alert: 0.25,
        auc: None,
        history: vec![StageChange {
            stage: ModelStage::Registered,
            at: desk.now(),
            by: desk.operator.id.clone(),
        }],
    };
    let id = format!("{}/{number}", brought.model);
    transaction.insert(Noun::ModelVersion, &id, &kept)?;
    transaction.commit(desk.event(&permit, Some(&cause))?.digest(kept.digest))?;
    Ok(kept)
}

/// How well it does on a table, and what later data is compared with.
fn test(
    desk: &Desk<'_>,
    version: &Version,
    table: &str,
    model: &Model,
) -> Result<(Metrics, Baseline), StageError> {
    let target = &model.spec.target.column;
    let table = version.table(table).ok_or_else(|| missing(table, target))?;
    let mut names: Vec<String> = model
        .spec
        .features
        .iter()
        .map(|feature| feature.column().to_owned())
        .collect();
    names.push(target.clone());
    if let Some(absent) = names.iter().find(|name| !table.columns.contains(name)) {
        return Err(missing(&table.name, absent));
    }
    let columns: BTreeMap<String, Vec<Option<String>>> =
        tables::columns(desk.store, version, table, &names)?
            .into_iter()
            .map(|(name, cells)| (name, cells.to_text().into_iter().map(plain_age).collect()))
            .collect();
    with_values(&columns, |values| {
        let design = encode(&model.spec, values, None)?;
        let predictions = model.predict(&design)?;
        let metrics = Metrics::of(&predictions, &design.y)?;
        let baseline = Baseline::of(&model.spec, values, Some(&predictions))?;
        Ok((metrics, baseline))
    })
}

fn card(
    desk: &Desk<'_>,
    brought: &Brought<'_>,
    version: &Version,
    number: u64,
    metrics: &Metrics,
    model: &Model,
) -> Card {
    let target = &model.spec.target;
    let inputs: Vec<&str> = model
        .spec
        .features
        .iter()
        .map(learn::Feature::column)
        .collect();
    let accuracy = metrics.accuracy;
    let auc = metrics.auc.map_or_else(
        || "not measurable".to_owned(),
        |auc| format!("{:.4} ({:.4} to {:.4})", auc.value, auc.low, auc.high),
    );
    let validity = if Reach::of(false, version.state) == Reach::Exact {
        format!(
            "accuracy {:.4} ({:.4} to {:.4}); AUC {auc}; 95 % intervals",
            accuracy.value, accuracy.low, accuracy.high
        )
    } else {
        Reach::Inside.words().to_owned()
    };
    let mut card = Card::default();
    for (field, text) in [
        (CardField::ModelName, brought.model.to_string()),
        (CardField::Stage, ModelStage::Registered.to_string()),
        (CardField::Date, desk.now().to_string()),
        (CardField::Version, number.to_string()),
        (CardField::IntendedUse, brought.intended_use.clone().unwrap_or_default()),
        (
            CardField::Output,
            format!("probability that `{}` is `{}`", target.column, target.positive),
        ),
        (CardField::ModelType, format!("{}, imported", estimator(&model.kind))),
        (CardField::InputFeatures, inputs.join(", ")),
        (
            CardField::TrainingProcedure,
            format!(
                "trained elsewhere; imported from a file with sha256 {}",
                seal::digest(brought.weights)
            ),
        ),
        (
            CardField::TestData,
            format!(
                "{} rows of the table `{}`, dataset version {}; whether the model was trained on some of them is not known",
                grouped(metrics.rows),
                brought.table,
                version.id
            ),
        ),
        (CardField::Validity, validity),
        (
            CardField::PrivacyGuarantee,
            "imported, no privacy guarantee known".to_owned(),
        ),
        (
            CardField::LeakageTests,
            "none: the persons it was trained on are not known".to_owned(),
        ),
        (
            CardField::Security,
            "kept as safetensors (no code in the file); signed, OpenSSF model signing v1.0, ECDSA P-256"
                .to_owned(),
        ),
    ] {
        card.fill(field, text);
    }
    card
}
