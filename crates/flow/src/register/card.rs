//! The model card, filled from the run; what nobody said stays empty.

use learn::{
    Card,
    card::{CardField, Section},
};

use super::{ModelStage, ModelVersion};
use crate::{
    Desk, StageError,
    run::{Task, Told, grouped},
    train::{Trained, estimator, section},
    validate::Validated,
};

/// The card of a model that is about to be registered.
pub(super) fn card(
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
    fill(CardField::Validity, validity(validated));
    fill(CardField::Fairness, fairness(validated));
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
