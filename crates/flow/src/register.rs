//! Stage 8: the validated model becomes an immutable, signed version with a card and a history.

use std::fmt;

use access::{DataState, Permit, Resource};
use domain::{
    Action, Digest, ModelId, OperatorId, RunId, Stage, StudyId, Timestamp, VersionId, WordError,
};
use learn::{
    Card, Model,
    card::{CardField, Section},
    drift::Baseline,
};
use serde::{Deserialize, Serialize};
use store::{Noun, ObjectRef};

use crate::{
    Desk, StageError,
    desk::Cause,
    ingest::Ingested,
    record::Version,
    run::{Task, Told, find_step, grouped, short},
    study::Serve,
    train::{Trained, estimator, model_context, section},
    validate::{self, Validated},
};

/// One registered model version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelVersion {
    /// The model.
    pub model: ModelId,
    /// Its version: 1, 2, 3.
    pub number: u64,
    /// The study that made it.
    pub study: StudyId,
    /// The run that made it.
    pub run: RunId,
    /// What the study declared, for every later call.
    pub purpose: domain::Purpose,
    /// What the study declared, for every later call.
    pub basis: domain::LegalBasis,
    /// When it was registered.
    pub registered: Timestamp,
    /// SHA-256 of the model's bytes (safetensors).
    pub digest: Digest,
    /// The sealed bytes.
    pub object: ObjectRef,
    /// The context they are sealed under.
    pub context: String,
    /// The dataset version it learnt from, and what that one was made from.
    pub lineage: Vec<VersionId>,
    /// The dataset whose key seals it.
    pub dataset: domain::DatasetId,
    /// What that data says about persons.
    pub state: DataState,
    /// OpenSSF model-signing bundle over model and card.
    pub bundle: String,
    /// The card as JSON.
    pub card_json: String,
    /// The card as Markdown.
    pub card_markdown: String,
    /// The output filter.
    pub serve: Serve,
    /// What later data is compared with.
    pub baseline: Baseline,
    /// The alert threshold of the study.
    pub psi_alert: f64,
    /// Every stage it ever had, oldest first.
    pub history: Vec<StageChange>,
}

/// One change of a model's stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageChange {
    /// The stage it went to.
    pub stage: ModelStage,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: OperatorId,
}

/// Where a model version stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ModelStage {
    /// Validated and signed.
    Registered,
    /// On trial.
    Staging,
    /// In use.
    Production,
    /// No longer to be used; predictions are refused.
    Retired,
}

impl ModelStage {
    /// The word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::Staging => "staging",
            Self::Production => "production",
            Self::Retired => "retired",
        }
    }
}

impl fmt::Display for ModelStage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

impl std::str::FromStr for ModelStage {
    type Err = WordError;

    fn from_str(word: &str) -> Result<Self, WordError> {
        match word {
            "staging" => Ok(Self::Staging),
            "production" => Ok(Self::Production),
            "retired" => Ok(Self::Retired),
            _ => Err(WordError {
                allowed: "staging, production, retired",
            }),
        }
    }
}

impl ModelVersion {
    /// Where it stands now.
    pub fn stage(&self) -> &'static str {
        self.history
            .last()
            .map_or("registered", |change| change.stage.word())
    }

    pub(crate) fn is_retired(&self) -> bool {
        self.history
            .last()
            .is_some_and(|change| change.stage == ModelStage::Retired)
    }

    pub(crate) fn cause(&self) -> Cause {
        Cause {
            study: self.study.clone(),
            run: None,
            purpose: self.purpose,
            basis: self.basis,
        }
    }

    pub(crate) fn resource(&self) -> Resource {
        Resource::model(&self.model, self.state).within(self.study.clone())
    }
}

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
    let version = task.newest_version(desk)?;
    let mut transaction = desk.store.begin()?;
    let number = transaction
        .list::<ModelVersion>(Noun::ModelVersion)?
        .iter()
        .filter(|one| one.body.model == model)
        .count() as u64
        + 1;
    let card = card(desk, task, number, &trained, &validated)?;
    let bytes = validate::bytes(desk, &version, &trained.model)?;
    let files = signed_files(&bytes, &card.to_json());
    let bundle = seal::oms::sign_model(desk.store.keyring(), model.as_str(), &files);
    seal::oms::verify_model(&bundle, &files, &desk.store.keyring().statement_key())?;
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
        card_json: card.to_json(),
        card_markdown: card.to_markdown(),
        serve: task.study.serve.unwrap_or(Serve {
            decimals: 2,
            randomize_epsilon: None,
        }),
        baseline: validated.baseline,
        psi_alert: task
            .study
            .monitor
            .as_ref()
            .map_or(0.25, |monitor| monitor.psi_alert),
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
    let mut line = vec![version.id.clone()];
    let mut open: Vec<VersionId> = version.parents.clone();
    while let Some(parent) = open.pop() {
        if line.contains(&parent) {
            continue;
        }
        open.extend(crate::run::find_version(desk, &parent)?.parents);
        line.push(parent);
    }
    let raw = task.product::<Ingested>(desk, Stage::Ingest)?.version;
    if !line.contains(&raw) {
        line.push(raw);
    }
    Ok(line)
}

fn card(
    desk: &Desk<'_>,
    task: &Task<'_>,
    number: u64,
    trained: &Trained,
    validated: &Validated,
) -> Result<Card, StageError> {
    let study = task.study;
    let section = section(study)?;
    let asked = study.register.as_ref();
    let mut card = Card::default();
    let mut fill = |field, text: String| card.fill(field, text);
    fill(CardField::ModelName, study.study.title.clone());
    fill(CardField::ModelDeveloper, study.study.owner.clone());
    fill(CardField::Stage, ModelStage::Registered.to_string());
    fill(CardField::Date, desk.now().to_string());
    fill(CardField::Version, number.to_string());
    fill(
        CardField::IntendedUse,
        asked
            .and_then(|asked| asked.intended_use.clone())
            .unwrap_or_default(),
    );
    fill(
        CardField::OutOfScope,
        asked
            .and_then(|asked| asked.out_of_scope.clone())
            .unwrap_or_default(),
    );
    fill(
        CardField::Output,
        format!(
            "probability that `{}` is `{}`",
            section.target.column, section.target.positive
        ),
    );
    fill(
        CardField::ModelType,
        estimator(&trained.model.plan.model).to_owned(),
    );
    fill(
        CardField::InputDataSource,
        format!("dataset version {}", trained.version),
    );
    fill(
        CardField::InputFeatures,
        section
            .features
            .iter()
            .map(learn::Feature::column)
            .collect::<Vec<_>>()
            .join(", "),
    );
    fill(
        CardField::DevelopmentData,
        format!(
            "{} rows of {} persons",
            grouped(trained.rows),
            grouped(trained.persons)
        ),
    );
    fill(CardField::TrainingProcedure, procedure(trained));
    fill(
        CardField::TestData,
        format!(
            "{} rows of persons the model has not seen",
            grouped(trained.held_out)
        ),
    );
    fill(CardField::Validity, validity(validated));
    fill(CardField::Fairness, fairness(validated));
    fill(
        CardField::PrivacyGuarantee,
        format!(
            "({:.4}, {})-differential privacy",
            trained.model.epsilon, trained.model.delta
        ),
    );
    fill(
        CardField::PrivacyUnit,
        "person; neighbours differ by one added or removed person; number of persons public"
            .to_owned(),
    );
    fill(CardField::LeakageTests, validated.proved());
    if let Some(section) = &study.deidentify {
        fill(
            CardField::Deidentification,
            format!("plan {} (45 CFR 164.514(b)(2))", section.plan),
        );
    }
    fill(
        CardField::Security,
        "safetensors (no code in the file); signed, OpenSSF model signing v1.0, ECDSA P-256"
            .to_owned(),
    );
    if let Some(monitor) = &study.monitor {
        fill(
            CardField::Monitoring,
            format!(
                "PSI and KS of every input and of the prediction; alert at PSI {}",
                monitor.psi_alert
            ),
        );
    }
    Ok(card)
}

fn procedure(trained: &Trained) -> String {
    let plan = &trained.model.plan;
    format!(
        "DP-SGD, {} steps, expected batch {} persons (Poisson), clip {} per person, sigma {:.4}, learning rate {}, momentum {}",
        trained.model.steps,
        plan.batch,
        plan.clip,
        plan.privacy.map_or(0.0, |privacy| privacy.sigma),
        plan.learning_rate,
        plan.momentum
    )
}

fn validity(validated: &Validated) -> String {
    let accuracy = validated.metrics.accuracy;
    let auc = validated.metrics.auc.map_or_else(
        || "not measurable".to_owned(),
        |auc| format!("{:.4} ({:.4} to {:.4})", auc.value, auc.low, auc.high),
    );
    format!(
        "accuracy {:.4} ({:.4} to {:.4}), majority class {:.4}; AUC {auc}; 95 % intervals",
        accuracy.value, accuracy.low, accuracy.high, validated.majority
    )
}

fn fairness(validated: &Validated) -> String {
    let told = validated.subgroups.iter().filter_map(|(column, groups)| {
        let gap = groups.gaps.true_positive_rate?;
        Some(format!("{column}: true positive rates differ by {gap:.3}"))
    });
    told.collect::<Vec<_>>().join("; ")
}

/// Every registered version, by model and number.
pub fn models(desk: &Desk<'_>) -> Result<Vec<ModelVersion>, StageError> {
    let permit = desk.permit(Action::ReadCatalogue, Resource::catalogue(), None)?;
    desk.note(&permit, None)?;
    all(desk)
}

fn all(desk: &Desk<'_>) -> Result<Vec<ModelVersion>, StageError> {
    let mut models: Vec<ModelVersion> = desk
        .store
        .list::<ModelVersion>(Noun::ModelVersion)?
        .into_iter()
        .map(|record| record.body)
        .collect();
    models.sort_by(|one, other| (&one.model, one.number).cmp(&(&other.model, other.number)));
    Ok(models)
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
    let (_, key) = desk.store.data_key(&version.dataset)?;
    let bytes = desk
        .store
        .read_object(&version.object, &key, &version.context)?;
    let files = signed_files(&bytes, &version.card_json);
    seal::oms::verify_model(
        &version.bundle,
        &files,
        &desk.store.keyring().statement_key(),
    )?;
    Ok(bytes)
}

/// What the bundle signs, with the digests of the bytes at hand.
fn signed_files(model: &[u8], card: &str) -> [(String, Digest); 2] {
    [
        (MODEL.to_owned(), seal::digest(model)),
        (CARD.to_owned(), seal::digest(card.as_bytes())),
    ]
}

/// One file of an exported model.
#[derive(Debug)]
pub struct ExportedFile {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The newest version as files: model, card, bundle, public key.
pub fn export(desk: &Desk<'_>, model: &ModelId) -> Result<Vec<ExportedFile>, StageError> {
    let version = newest(desk, model)?;
    let permit = desk.permit(
        Action::ExportData,
        version.resource(),
        Some(&version.cause()),
    )?;
    let event = desk.event(&permit, Some(&version.cause()))?;
    desk.store.record(event.digest(version.digest))?;
    let file = |name: &str, bytes: Vec<u8>| ExportedFile {
        name: name.to_owned(),
        bytes,
    };
    Ok(vec![
        file(MODEL, open_bytes(desk, &version)?),
        file(CARD, version.card_json.into_bytes()),
        file("card.md", version.card_markdown.into_bytes()),
        file(BUNDLE, version.bundle.into_bytes()),
        file(KEY, desk.store.statement_public_key_pem().into_bytes()),
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

/// A section of the card: its heading, and question and answer in order.
pub(crate) type CardRows = (String, Vec<(String, String)>);

/// The card's sections for the report.
pub(crate) fn card_sections(version: &ModelVersion) -> Result<Vec<CardRows>, StageError> {
    let card: Card = serde_json::from_str(&version.card_json)
        .map_err(|_| StageError::Stored("a card that is not one"))?;
    let rows = |section: Section| {
        let fields = CardField::ALL
            .iter()
            .filter(|field| field.section() == section);
        fields
            .map(|field| {
                (
                    field.title().to_owned(),
                    card.get(*field).unwrap_or_default().to_owned(),
                )
            })
            .collect()
    };
    Ok(Section::ALL
        .into_iter()
        .map(|section| (section.title().to_owned(), rows(section)))
        .collect())
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
/// The bundle's file name in exports.
pub const BUNDLE: &str = "model.sig";
/// The public key's file name in exports.
pub const KEY: &str = "public-key.pem";
/// The files that the bundle signs.
pub const SIGNED: [&str; 2] = [MODEL, CARD];
