//! Stage 9: predictions leave through a schema check and an output filter, one log line a call.

mod allowance;
mod encrypted;
mod filter;

use std::collections::BTreeMap;

use access::Permit;
use domain::{Action, ModelId, Stage};
use formats::{Format, Input, Limits};
use learn::{EncodeError, Feature, FeatureSpec, features::encode_features};
use serde::{Deserialize, Serialize};

pub use self::{
    allowance::Allowance,
    encrypted::{encoding_of, score_encrypted, score_with, weights_of},
    filter::{Answer, Margin, Noise},
};
use self::{allowance::Take, filter::Filter};

use crate::{
    Desk, StageError,
    desk::Cause,
    register::{self, ModelVersion},
    run::{Task, Told, grouped},
    tables,
    train::{Data, Trained, plain_age, with_values},
};

/// What trying the model out showed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Served {
    /// Records of the hold-out that were scored.
    pub scored: u64,
    /// Malformed records that were refused, out of as many sent.
    pub refused: u64,
    /// The output filter in words.
    pub filter: String,
}

impl Told for Served {
    fn produced(&self) -> String {
        format!("{} predictions, {}", grouped(self.scored), self.filter)
    }

    fn proved(&self) -> String {
        format!(
            "{} malformed records refused; the call is in the log",
            self.refused
        )
    }
}

/// A table of records from outside: name for messages, format, bytes, limits.
pub type Records<'a> = (&'a str, Format, Input<'static>, &'a Limits);

/// The permit to ask a model.
pub(crate) fn permit(
    desk: &Desk<'_>,
    model: &ModelId,
    cause: Option<&Cause>,
) -> Result<Permit, StageError> {
    let version = register::newest(desk, model)?;
    let own = version.cause();
    desk.permit(
        Action::Predict,
        version.resource(),
        Some(cause.unwrap_or(&own)),
    )
}

/// The model that a study registers.
pub(crate) fn model_of(task: &Task<'_>) -> Result<ModelId, StageError> {
    let section = task.study.register.as_ref().ok_or(StageError::Order {
        needs: Stage::Register,
    })?;
    Ok(section.name.clone())
}

/// Scores the records of a file with the newest version of a model.
///
/// Columns that are not inputs are not read. A record that does not fit the schema refuses the
/// whole call. The line of the log is written before the first answer is handed out.
///
/// With noise (the caller's or the study's own, whichever protects more) the label is flipped with
/// probability 1 / (1 + e^epsilon) and scores are withheld, or the log-odds carry Laplace noise.
/// A model with an output budget is charged for the answers before they are computed.
///
/// Source: 45 CFR 164.312(b), 164.502(b).
pub fn predict(
    desk: &Desk<'_>,
    model: &ModelId,
    records: Records<'_>,
    noise: Noise,
) -> Result<Vec<Answer>, StageError> {
    let version = register::newest(desk, model)?;
    let cause = version.cause();
    let permit = permit(desk, model, Some(&cause))?;
    refuse_retired(&version)?;
    let filter = Filter::of(version.serve, noise)?;
    let columns = read(&version.baseline.spec, None, records)?;
    let scores = scores(desk, &version, &columns)?;
    let take = Take::Noisy {
        answers: scores.len() as u64,
        epsilon: filter.epsilon(),
    };
    allowance::charge(desk, &permit, &cause, &version, take)?;
    filter.apply(&scores, &mut desk.entropy())
}

/// Scores the study's own hold-out and sends malformed records, which must be refused.
pub fn try_out(permit: &Permit, desk: &Desk<'_>, task: &Task<'_>) -> Result<Served, StageError> {
    let version = register::newest(desk, &model_of(task)?)?;
    let trained: Trained = task.product(desk, Stage::Train)?;
    let current = task.newest_version(desk)?;
    let data = Data::load(desk, &current, task.study, trained.split)?;
    let filter = Filter::of(version.serve, Noise::default())?;
    let scores = scores(desk, &version, &data.test_columns)?;
    let answers = filter.apply(&scores, &mut desk.entropy())?;
    let served = Served {
        scored: answers.len() as u64,
        refused: refuse_malformed(desk, &version, &data.test_columns)?,
        filter: filter.words(),
    };
    let mut transaction = desk.store.begin()?;
    task.keep_step(&mut transaction, desk, Stage::Serve, &served)?;
    let event = desk.event(permit, Some(&task.cause))?.rows(served.scored);
    let event = crate::govern::persons::about(desk, &current, event)?;
    transaction.commit(event.digest(version.digest))?;
    Ok(served)
}

/// Sends one record for each input without that input, and one with text for a number.
fn refuse_malformed(
    desk: &Desk<'_>,
    version: &ModelVersion,
    columns: &BTreeMap<String, Vec<Option<String>>>,
) -> Result<u64, StageError> {
    let first: BTreeMap<String, Vec<Option<String>>> = columns
        .iter()
        .map(|(name, cells)| (name.clone(), cells.iter().take(1).cloned().collect()))
        .collect();
    let mut refused = 0;
    for feature in &version.baseline.spec.features {
        let mut broken = first.clone();
        match feature {
            Feature::Number { column, .. } => {
                broken.insert(column.clone(), vec![Some("not a number".to_owned())])
            }
            Feature::Category { column, .. } => broken.remove(column),
        };
        match scores(desk, version, &broken) {
            Err(StageError::Schema { .. }) => refused += 1,
            Err(other) => return Err(other),
            Ok(_) => return Err(StageError::Stored("a malformed record was scored")),
        }
    }
    Ok(refused)
}

fn refuse_retired(version: &ModelVersion) -> Result<(), StageError> {
    if version.is_retired() {
        return Err(StageError::Retired {
            model: version.model.to_string(),
        });
    }
    Ok(())
}

/// The inputs of the model out of a file, the column of persons where one is named, and nothing else.
pub(crate) fn read(
    spec: &FeatureSpec,
    person: Option<&str>,
    records: Records<'_>,
) -> Result<BTreeMap<String, Vec<Option<String>>>, StageError> {
    let (name, format, input, limits) = records;
    let wanted: Vec<String> = spec
        .features
        .iter()
        .map(|feature| feature.column().to_owned())
        .chain(person.map(str::to_owned))
        .collect();
    let mut columns: BTreeMap<String, Vec<Option<String>>> = wanted
        .iter()
        .map(|name| (name.clone(), Vec::new()))
        .collect();
    for batch in formats::read_table(name, format, input, limits, Some(&wanted))? {
        let batch = batch?;
        for (column, cells) in &mut columns {
            let array = batch
                .column_by_name(column)
                .ok_or_else(|| tables::missing(name, column))?;
            cells.extend(tables::texts(array).into_iter().map(plain_age));
        }
    }
    Ok(columns)
}

/// Scores of records as they are inside, before the output filter.
pub(crate) fn scores(
    desk: &Desk<'_>,
    version: &ModelVersion,
    columns: &BTreeMap<String, Vec<Option<String>>>,
) -> Result<Vec<f64>, StageError> {
    let model = register::open(desk, version)?;
    let rows = with_values(columns, |values| {
        encode_features(&version.baseline.spec, values).map_err(|error| schema_error(&error))
    })?;
    Ok(model.predict_rows(&rows)?)
}

fn schema_error(error: &EncodeError) -> StageError {
    match error {
        EncodeError::NotANumber { column, row } => StageError::Schema {
            row: *row as u64 + 1,
            reason: format!("`{column}` is not a number"),
        },
        other => StageError::Schema {
            row: 1,
            reason: other.to_string(),
        },
    }
}
