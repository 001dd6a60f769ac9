//! The model card, filled from the run; what nobody said stays empty.
//!
//! A card is written to leave: it shows figures as far as their reach goes.

mod figures;

use access::DataState;
use learn::{
    Card,
    card::{CardField, Section},
};

use super::{ModelStage, ModelVersion};
use crate::{
    Desk, StageError,
    run::{Task, grouped},
    train::{Trained, estimator, section},
    validate::Validated,
};

/// The card of a model that is about to be registered, learnt from data in this state.
pub(super) fn card(
    desk: &Desk<'_>,
    task: &Task<'_>,
    number: u64,
    trained: &Trained,
    (validated, state): (&Validated, DataState),
) -> Result<Card, StageError> {
    let study = task.study;
    let section = section(study)?;
    let asked = study.register.as_ref();
    let mut card = Card::default();
    for (field, text) in asked.iter().flat_map(|asked| &asked.card) {
        card.fill(*field, text.clone());
    }
    let mut fill = |field, text: String| card.fill(field, text);
    fill(CardField::ModelName, study.study.title.clone());
    fill(CardField::ModelDeveloper, study.study.owner.clone());
    fill(CardField::Stage, ModelStage::Registered.to_string());
    fill(CardField::Date, desk.now().to_string());
    fill(CardField::Version, number.to_string());
    if let Some(text) = asked.and_then(|asked| asked.intended_use.clone()) {
        fill(CardField::IntendedUse, text);
    }
    if let Some(text) = asked.and_then(|asked| asked.out_of_scope.clone()) {
        fill(CardField::OutOfScope, text);
    }
    fill(
        CardField::OutputKind,
        "prediction (a probability), and a classification at 0.5".to_owned(),
    );
    if let Some(text) = sensitive(section) {
        fill(CardField::SensitiveVariables, text);
    }
    for (field, text) in figures::figures(validated, validated.reach(state)) {
        fill(field, text);
    }
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
        format!("dataset version {}", trained.version.id),
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
    let statement = trained.statement();
    fill(
        CardField::PrivacyGuarantee,
        match trained.model.guarantee() {
            Some((epsilon, delta)) => format!(
                "({epsilon:.4}, {delta})-differential privacy; {}; {}",
                statement.sampling, statement.accountant
            ),
            None => {
                "NONE: trained without privacy on de-identified data; predictions and weights may reveal single rows".to_owned()
            }
        },
    );
    fill(
        CardField::PrivacyUnit,
        format!("{}; {}", statement.unit, statement.adjacency),
    );
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
    let sigma = plan.privacy.map(|privacy| privacy.sigma);
    if plan.model.trees().is_some() {
        let noise = sigma.map_or_else(
            || "greedy splits, no noise".to_owned(),
            |sigma| format!("random public splits, noisy leaf sums, sigma {sigma:.4} a tree"),
        );
        return format!("boosting, {} trees, {noise}", trained.model.steps);
    }
    let (method, noise) = sigma.map_or_else(
        || ("SGD", "no clipping, no noise".to_owned()),
        |sigma| {
            let words = format!("clip {} per person, sigma {sigma:.4}", plan.clip);
            ("DP-SGD", words)
        },
    );
    format!(
        "{method}, {} steps, expected batch {} persons (Poisson), {noise}, learning rate {}, momentum {}",
        trained.model.steps, plan.batch, plan.learning_rate, plan.momentum
    )
}

/// Inputs whose names speak of what 45 CFR 170.315(b)(11)(iv)(A)(5) to (13) lists. A column may hold
/// such a thing under another name, which people have to say.
fn sensitive(section: &crate::study::Train) -> Option<String> {
    let named: Vec<&str> = section
        .features
        .iter()
        .map(learn::Feature::column)
        .filter(|column| {
            let column = column.to_lowercase();
            SENSITIVE.iter().any(|word| column.contains(word))
        })
        .collect();
    (!named.is_empty()).then(|| format!("inputs, by their names: {}", named.join(", ")))
}

const SENSITIVE: [&str; 14] = [
    "race",
    "ethnic",
    "language",
    "sex",
    "gender",
    "orientation",
    "age",
    "birth",
    "income",
    "education",
    "housing",
    "insurance",
    "employ",
    "marital",
];

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
