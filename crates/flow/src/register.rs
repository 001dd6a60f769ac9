//! Stage 8: the validated model becomes an immutable, signed version with a card and a history.

mod card;
mod gone;
mod imported;
mod signed;
mod version;

use access::{Permit, Resource};
use domain::{Action, Digest, ModelId, RunId, Stage, Timestamp, VersionId};
use learn::Model;
use serde::{Deserialize, Serialize};
use store::Noun;

pub(crate) use self::card::card_sections;
pub use self::gone::Listed;
pub(crate) use self::gone::{check_asked, check_name, check_there};
pub use self::imported::{Brought, bring, read_architecture};
pub use self::version::{ModelStage, ModelVersion, StageChange};
use self::{
    card::card,
    signed::{Texts, features_json},
};
use crate::{
    Desk, StageError,
    ingest::Ingested,
    model_key,
    record::Version,
    run::{Task, Told, find_step, short},
    train::{Trained, model_context},
    validate::{self, Validated},
};

/// What registration made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Registered {
    /// The model.
    pub model: ModelId,
    /// Its version.
    pub number: u64,
    /// SHA-256 of the model's bytes.
    pub digest: Digest,
}

impl Told for Registered {
    fn produced(&self) -> String {
        format!("{} version {}", self.model, self.number)
    }

    fn proved(&self) -> String {
        format!(
            "sha256 {}; ECDSA P-256 bundle verified; card written",
            short(&self.digest.to_string())
        )
    }
}

/// The permit to register the study's model.
pub(crate) fn permit(desk: &Desk<'_>, task: &Task<'_>) -> Result<Permit, StageError> {
    let model = model_id(task)?;
    let state = task.newest_version(desk)?.state;
    let resource = Resource::model(&model, state).within(task.cause.study.clone());
    desk.permit(Action::Register, resource, Some(&task.cause))
}

fn model_id(task: &Task<'_>) -> Result<ModelId, StageError> {
    let section = task.study.register.as_ref().ok_or(StageError::Order {
        needs: Stage::Register,
    })?;
    Ok(section.name.clone())
}

/// Signs the model and its card, verifies the bundle it wrote, and keeps the version for ever.
///
/// Source: 45 CFR 164.312(c)(1); OpenSSF model signing v1.0.
pub fn register(
    permit: &Permit,
    desk: &Desk<'_>,
    task: &Task<'_>,
) -> Result<Registered, StageError> {
    let model = model_id(task)?;
    let trained: Trained = task.product(desk, Stage::Train)?;
    let validated: Validated = task.product(desk, Stage::Validate)?;
    validate::refuse_unaccepted(desk, task, &trained)?;
    let version = task.newest_version(desk)?;
    let mut transaction = desk.store.begin()?;
    let number = transaction
        .list::<ModelVersion>(Noun::ModelVersion)?
        .iter()
        .filter(|one| one.body.model == model)
        .count() as u64
        + 1;
    let card = card(desk, task, number, &trained, (&validated, version.state))?;
    let bytes = validate::bytes(desk, &version, &trained.model)?;
    let (card_json, card_markdown) = (card.to_json(), card.to_markdown());
    let features = features_json(&validated.baseline.spec)?;
    let texts = Texts {
        card: &card_json,
        card_text: &card_markdown,
        features: Some(&features),
    };
    let bundle = texts.sign(desk, &model, &bytes)?;
    let kept = ModelVersion {
        model: model.clone(),
        number,
        study: task.cause.study.clone(),
        run: task.run.clone(),
        purpose: task.cause.purpose,
        basis: task.cause.basis,
        registered: desk.now(),
        digest: trained.model.digest,
        object: trained.model.object,
        context: model_context(&version, &trained.model.spend),
        lineage: lineage(desk, task, &version)?,
        dataset: version.dataset.clone(),
        state: version.state,
        bundle,
        card_json,
        card_markdown,
        features_json: Some(features),
        serve: task.study.serve.unwrap_or_default(),
        baseline: validated.baseline,
        noisy_baseline: validated.noisy_baseline,
        psi_alert: task
            .study
            .monitor
            .as_ref()
            .map_or(0.25, |monitor| monitor.psi_alert),
        auc: validated.metrics.auc,
        history: vec![StageChange {
            stage: ModelStage::Registered,
            at: desk.now(),
            by: desk.operator.id.clone(),
        }],
    };
    transaction.insert(Noun::ModelVersion, &format!("{model}/{number}"), &kept)?;
    let product = Registered {
        model,
        number,
        digest: kept.digest,
    };
    task.keep_step(&mut transaction, desk, Stage::Register, &product)?;
    transaction.commit(desk.event(permit, Some(&task.cause))?.digest(kept.digest))?;
    Ok(product)
}

/// The versions from the one learnt from back to the files from outside.
fn lineage(
    desk: &Desk<'_>,
    task: &Task<'_>,
    version: &Version,
) -> Result<Vec<VersionId>, StageError> {
    let known: Vec<Version> = desk
        .store
        .list::<Version>(Noun::Version)?
        .into_iter()
        .map(|record| record.body)
        .collect();
    let mut line = vec![version.id.clone()];
    let mut open: Vec<VersionId> = version.parents.clone();
    while let Some(parent) = open.pop() {
        if line.contains(&parent) {
            continue;
        }
        let made_of = known
            .iter()
            .filter(|one| one.id == parent)
            .flat_map(|one| one.parents.clone());
        open.extend(made_of);
        line.push(parent);
    }
    let raw = find_step::<Ingested>(desk, &task.run, Stage::Ingest)?;
    if let Some(raw) = raw.map(|step| step.product.version.id)
        && !line.contains(&raw)
    {
        line.push(raw);
    }
    Ok(line)
}

/// Every registered version, by model and number.
pub fn models(desk: &Desk<'_>) -> Result<Vec<Listed>, StageError> {
    let permit = desk.permit(Action::ReadCatalogue, Resource::catalogue(), None)?;
    desk.note(&permit, None)?;
    Listed::all(desk)
}

pub(crate) fn all(desk: &Desk<'_>) -> Result<Vec<ModelVersion>, StageError> {
    let mut models: Vec<ModelVersion> = desk
        .store
        .list::<ModelVersion>(Noun::ModelVersion)?
        .into_iter()
        .map(|record| record.body)
        .collect();
    models.sort_by(|one, other| (&one.model, one.number).cmp(&(&other.model, other.number)));
    Ok(models)
}

/// Every model and when its first version was registered.
pub(crate) fn first_made(desk: &Desk<'_>) -> Result<Vec<(String, Timestamp)>, StageError> {
    let firsts = all(desk)?.into_iter().filter(|version| version.number == 1);
    Ok(firsts
        .map(|version| (version.model.to_string(), version.registered))
        .collect())
}

/// The newest version of a model.
pub fn newest(desk: &Desk<'_>, model: &ModelId) -> Result<ModelVersion, StageError> {
    let unknown = || StageError::Unknown {
        what: "model",
        name: model.to_string(),
    };
    all(desk)?
        .into_iter()
        .rfind(|one| one.model == *model)
        .ok_or_else(unknown)
}

/// Opens the model of a version: its signature bundle must hold for what is read.
pub(crate) fn open(desk: &Desk<'_>, version: &ModelVersion) -> Result<Model, StageError> {
    Ok(Model::from_bytes(&open_bytes(desk, version)?)?)
}

fn open_bytes(desk: &Desk<'_>, version: &ModelVersion) -> Result<Vec<u8>, StageError> {
    check_there(desk, version)?;
    let bytes = model_key::read(desk, &version.object, &version.context)?;
    seal::oms::verify_model(
        &version.bundle,
        &Texts::of(version).signed_with(&bytes),
        &desk.store.keyring().statement_key(),
    )?;
    Ok(bytes)
}

/// One file of an exported model.
#[derive(Debug)]
pub struct ExportedFile {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The newest version as files: model, card, feature list, bundle, public key.
///
/// The bundle covers every file but itself and the key. A version that was registered before the
/// feature list was signed gets a bundle anew.
pub fn export(desk: &Desk<'_>, model: &ModelId) -> Result<Vec<ExportedFile>, StageError> {
    let version = newest(desk, model)?;
    let permit = desk.permit(
        Action::ExportData,
        version.resource(),
        Some(&version.cause()),
    )?;
    check_there(desk, &version)?;
    let event = desk.event(&permit, Some(&version.cause()))?;
    desk.store.record(event.digest(version.digest))?;
    let file = |name: &str, bytes: Vec<u8>| ExportedFile {
        name: name.to_owned(),
        bytes,
    };
    let bytes = open_bytes(desk, &version)?;
    let (features, bundle) = if let Some(features) = &version.features_json {
        (features.clone(), version.bundle.clone())
    } else {
        let features = features_json(&version.baseline.spec)?;
        let texts = Texts {
            features: Some(&features),
            ..Texts::of(&version)
        };
        let bundle = texts.sign(desk, model, &bytes)?;
        (features, bundle)
    };
    Ok(vec![
        file(MODEL, bytes),
        file(CARD, version.card_json.into_bytes()),
        file(CARD_TEXT, version.card_markdown.into_bytes()),
        file(BUNDLE, bundle.into_bytes()),
        file(KEY, desk.store.statement_public_key_pem().into_bytes()),
        file(FEATURES, features.into_bytes()),
    ])
}

/// Moves the newest version of a model to a stage; the history keeps every move.
pub fn promote(
    desk: &Desk<'_>,
    model: &ModelId,
    stage: ModelStage,
) -> Result<ModelVersion, StageError> {
    let version = newest(desk, model)?;
    let permit = desk.permit(Action::Promote, version.resource(), Some(&version.cause()))?;
    check_there(desk, &version)?;
    let id = format!("{model}/{}", version.number);
    let mut transaction = desk.store.begin()?;
    let kept = transaction.find::<ModelVersion>(Noun::ModelVersion, &id)?;
    let mut kept = kept.ok_or(StageError::Stored("a model version is gone"))?;
    kept.body.history.push(StageChange {
        stage,
        at: desk.now(),
        by: desk.operator.id.clone(),
    });
    transaction.replace(Noun::ModelVersion, &id, kept.revision, &kept.body)?;
    transaction.commit(
        desk.event(&permit, Some(&version.cause()))?
            .digest(version.digest),
    )?;
    Ok(kept.body)
}

/// The model of a run, if the run registered one.
pub(crate) fn of_run(desk: &Desk<'_>, run: &RunId) -> Result<Option<ModelVersion>, StageError> {
    let Some(step) = find_step::<Registered>(desk, run, Stage::Register)? else {
        return Ok(None);
    };
    let id = format!("{}/{}", step.product.model, step.product.number);
    Ok(desk
        .store
        .find::<ModelVersion>(Noun::ModelVersion, &id)?
        .map(|record| record.body))
}

/// The model's file name in exports and in the bundle.
pub const MODEL: &str = "model.safetensors";
/// The card's file name in exports and in the bundle.
pub const CARD: &str = "card.json";
/// The name in exports and in the bundle of the card as people read it.
pub const CARD_TEXT: &str = "card.md";
/// The bundle's file name in exports.
pub const BUNDLE: &str = "model.sig";
/// The feature list's file name in exports and in the bundle: what encrypted records are encoded by.
pub const FEATURES: &str = "features.json";
/// The public key's file name in exports.
pub const KEY: &str = "public-key.pem";
/// The files that the bundle signs.
pub const SIGNED: [&str; 4] = [MODEL, CARD, CARD_TEXT, FEATURES];
