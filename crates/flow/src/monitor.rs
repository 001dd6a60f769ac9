//! Stage 10: new data is compared with the data a model was trained on; a crossing is an alert.

mod change;

use access::Permit;
use domain::{Action, ModelId, Stage, Timestamp};
use formats::{Format, Input, Limits};
use learn::drift::{Changes, ColumnDrift, Estimated, estimate};
use serde::{Deserialize, Serialize};
use store::Noun;

use crate::{
    Desk, SourceFiles, StageError,
    desk::Cause,
    files::short_name,
    register::{self, ModelVersion},
    run::{Task, Told},
    serve::{self, Records},
    train::{Data, Trained, with_values},
};

pub use self::change::{ChangeRequest, changes};

/// Drift of every input and of the prediction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Monitored {
    /// What was compared: a file's name or `hold-out`.
    pub against: String,
    /// Rows compared.
    pub rows_compared: u64,
    /// One or two rows a column.
    pub rows: Vec<DriftRow>,
    /// The alerts raised.
    pub alerts: Vec<Alert>,
    /// Where the predictions changed within the file, in the order of its rows.
    #[serde(default)]
    pub within: Changes,
    /// How well the model probably does on these rows, whose outcomes are not known.
    #[serde(default)]
    pub estimated: Option<Estimated>,
    /// The change request that this measurement opened or added to.
    #[serde(default)]
    pub change_request: Option<String>,
}

/// One statistic of one column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DriftRow {
    /// The column, or `prediction`.
    pub feature: String,
    /// `PSI`, `KS`, `JS` or `estimated AUC`.
    pub statistic: String,
    /// Its value.
    pub value: f64,
    /// Its 95 % interval.
    pub interval: Option<(f64, f64)>,
    /// The threshold.
    pub threshold: f64,
    /// Whether it was crossed beyond noise.
    pub crossed: bool,
}

/// Something a person must look at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alert {
    /// When.
    pub at: Timestamp,
    /// The model.
    pub model: ModelId,
    /// Its version.
    pub number: u64,
    /// What happened, without a value from the data.
    pub what: String,
}

impl Told for Monitored {
    fn produced(&self) -> String {
        let columns: std::collections::BTreeSet<&str> =
            self.rows.iter().map(|row| row.feature.as_str()).collect();
        format!(
            "drift of {} columns against {}",
            columns.len(),
            self.against
        )
    }

    fn proved(&self) -> String {
        let worst = self
            .rows
            .iter()
            .filter(|row| row.statistic == "PSI")
            .map(|row| row.value)
            .fold(0.0, f64::max);
        format!("largest PSI {worst:.3}; {} alerts", self.alerts.len())
    }
}

/// The permit to measure drift.
pub(crate) fn permit(
    desk: &Desk<'_>,
    model: &ModelId,
    cause: Option<&Cause>,
) -> Result<Permit, StageError> {
    let version = register::newest(desk, model)?;
    let own = version.cause();
    desk.permit(
        Action::MeasureDrift,
        version.resource(),
        Some(cause.unwrap_or(&own)),
    )
}

/// Compares a file with a model's baseline, keeps the measurement and raises alerts.
///
/// Source: 45 CFR 164.308(a)(1)(ii)(D); Yurdakul and Naranjo 2020 (PSI).
pub fn measure(
    desk: &Desk<'_>,
    model: &ModelId,
    records: Records<'_>,
) -> Result<Monitored, StageError> {
    let version = register::newest(desk, model)?;
    let cause = version.cause();
    let permit = permit(desk, model, Some(&cause))?;
    let against = records.0.to_owned();
    let columns = serve::read(&version.baseline.spec, records)?;
    let mut monitored = compare(desk, &version, &columns, against)?;
    keep(&permit, desk, &version, &cause, &mut monitored, None)?;
    Ok(monitored)
}

/// The study's own comparison: with the file it names, else with the hold-out.
pub fn watch_study(
    permit: &Permit,
    desk: &Desk<'_>,
    task: &Task<'_>,
    files: &dyn SourceFiles,
) -> Result<Monitored, StageError> {
    let section = task.study.monitor.as_ref().ok_or(StageError::Order {
        needs: Stage::Monitor,
    })?;
    let version = register::newest(desk, &serve::model_of(task)?)?;
    let (columns, against) = if let Some(path) = &section.path {
        let columns = read_file(&version, path, files)?;
        (columns, short_name(path).to_owned())
    } else {
        let trained: Trained = task.product(desk, Stage::Train)?;
        let current = task.newest_version(desk)?;
        let data = Data::load(desk, &current, task.study, trained.split)?;
        (data.test_columns, "hold-out".to_owned())
    };
    let mut monitored = compare(desk, &version, &columns, against)?;
    keep(
        permit,
        desk,
        &version,
        &task.cause,
        &mut monitored,
        Some(task),
    )?;
    Ok(monitored)
}

type Columns = std::collections::BTreeMap<String, Vec<Option<String>>>;

fn read_file(
    version: &ModelVersion,
    path: &str,
    files: &dyn SourceFiles,
) -> Result<Columns, StageError> {
    let unopened = |cause| StageError::Source {
        name: short_name(path).to_owned(),
        cause,
    };
    let mut bytes = Vec::new();
    files
        .open(path)
        .and_then(|mut file| file.read_to_end(&mut bytes))
        .map_err(unopened)?;
    let format = Format::detect(short_name(path), &bytes)?;
    serve::read(
        &version.baseline.spec,
        (
            short_name(path),
            format,
            Input::Bytes(bytes),
            &Limits::default(),
        ),
    )
}

fn compare(
    desk: &Desk<'_>,
    version: &ModelVersion,
    columns: &Columns,
    against: String,
) -> Result<Monitored, StageError> {
    let scores = serve::scores(desk, version, columns)?;
    let drift = with_values(columns, |values| {
        Ok(version.baseline.compare(values, Some(&scores))?)
    })?;
    let mut rows: Vec<DriftRow> = drift
        .iter()
        .flat_map(|column| rows(column, version.psi_alert))
        .collect();
    let estimated = estimate(&scores, None)?;
    rows.extend(estimated_row(version, &estimated));
    let within = version
        .baseline
        .predictions()
        .map_or_else(Changes::default, |(mean, deviation)| {
            Changes::within(&scores, mean, deviation)
        });
    let alerts = rows.iter().filter(|row| row.crossed).map(|row| Alert {
        at: desk.now(),
        model: version.model.clone(),
        number: version.number,
        what: format!(
            "{} of `{}` is {:.3}, the threshold is {}",
            row.statistic, row.feature, row.value, row.threshold
        ),
    });
    Ok(Monitored {
        against,
        rows_compared: scores.len() as u64,
        alerts: alerts.collect(),
        rows,
        within,
        estimated: Some(estimated),
        change_request: None,
    })
}

/// The estimate from scores alone against what validation measured: it crosses when its whole
/// interval lies below the validated one.
fn estimated_row(version: &ModelVersion, estimated: &Estimated) -> Option<DriftRow> {
    let (now, then) = estimated.auc.zip(version.auc)?;
    Some(DriftRow {
        feature: "prediction".to_owned(),
        statistic: "estimated AUC".to_owned(),
        value: now.value,
        interval: Some((now.low, now.high)),
        threshold: then.low,
        crossed: now.high < then.low,
    })
}

/// The index alarms when it exceeds the threshold by more than its expected noise; the distance is
/// shown beside it and does not alarm by itself.
fn rows(column: &ColumnDrift, threshold: f64) -> Vec<DriftRow> {
    let psi = column.stability.psi;
    let mut rows = vec![DriftRow {
        feature: column.column.clone(),
        statistic: "PSI".to_owned(),
        value: psi.value,
        interval: Some((psi.low, psi.high)),
        threshold,
        crossed: psi.value - column.stability.noise >= threshold,
    }];
    if let Some(kolmogorov) = column.kolmogorov {
        let distance = kolmogorov.distance;
        rows.push(DriftRow {
            feature: column.column.clone(),
            statistic: "KS".to_owned(),
            value: distance.value,
            interval: Some((distance.low, distance.high)),
            threshold: KS_SHOWN,
            crossed: false,
        });
    }
    rows.push(DriftRow {
        feature: column.column.clone(),
        statistic: "JS".to_owned(),
        value: column.divergence.distance,
        interval: None,
        threshold: JS_SHOWN,
        crossed: false,
    });
    rows
}

/// A distance worth a look; it raises no alert.
const KS_SHOWN: f64 = 0.2;
/// A Jensen-Shannon distance worth a look; it raises no alert.
const JS_SHOWN: f64 = 0.1;

fn keep(
    permit: &Permit,
    desk: &Desk<'_>,
    version: &ModelVersion,
    cause: &Cause,
    monitored: &mut Monitored,
    task: Option<&Task<'_>>,
) -> Result<(), StageError> {
    let mut transaction = desk.store.begin()?;
    monitored.change_request = change::ask(&mut transaction, desk, version, monitored)?;
    let monitored = &*monitored;
    let earlier = transaction.list::<serde_json::Value>(Noun::Drift)?.len();
    transaction.insert(
        Noun::Drift,
        &format!("{}/{}.{}", version.model, version.number, earlier + 1),
        monitored,
    )?;
    for (at, alert) in monitored.alerts.iter().enumerate() {
        transaction.insert(
            Noun::Alert,
            &format!(
                "{}/{}.{}.{}",
                version.model,
                version.number,
                earlier + 1,
                at + 1
            ),
            alert,
        )?;
    }
    if let Some(task) = task {
        task.keep_step(&mut transaction, desk, Stage::Monitor, monitored)?;
    }
    let event = desk
        .event(permit, Some(cause))?
        .rows(monitored.rows_compared);
    transaction.commit(event.digest(version.digest))?;
    raise(desk, version, cause, monitored)
}

/// Each alert has its own line in the log.
fn raise(
    desk: &Desk<'_>,
    version: &ModelVersion,
    cause: &Cause,
    monitored: &Monitored,
) -> Result<(), StageError> {
    for _ in &monitored.alerts {
        let permit = desk.permit(Action::RaiseAlert, version.resource(), Some(cause))?;
        desk.note(&permit, Some(cause))?;
    }
    Ok(())
}
