//! Stage 10: new data is compared with the data a model was trained on; a crossing is an alert.

mod change;
mod charged;

use access::Permit;
use domain::{Action, Epsilon, ModelId, Stage, Timestamp};
use formats::{Format, Input, Limits};
use learn::drift::{Changes, ColumnDrift, Estimated, Stability, estimate};
use serde::{Deserialize, Serialize};
use store::Noun;

use crate::{
    Desk, SourceFiles, StageError,
    desk::Cause,
    figures::Reach,
    files::short_name,
    operate::ledger::Charge,
    register::{self, ModelVersion},
    run::{Task, Told},
    serve::{self, Records},
    train::{Data, Trained, with_values},
};

use self::charged::{Comparison, Counted};
pub use self::{
    change::{ChangeRequest, changes},
    charged::DriftCharge,
};

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
    /// What it cost, where it has noise.
    #[serde(default)]
    pub charged: Option<DriftCharge>,
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

impl Alert {
    /// One for each row that crossed.
    fn of(desk: &Desk<'_>, version: &ModelVersion, rows: &[DriftRow]) -> Vec<Self> {
        let alerts = rows.iter().filter(|row| row.crossed).map(|row| Self {
            at: desk.now(),
            model: version.model.clone(),
            number: version.number,
            what: format!(
                "{} of `{}` is {:.3}, the threshold is {}",
                row.statistic, row.feature, row.value, row.threshold
            ),
        });
        alerts.collect()
    }
}

impl Monitored {
    /// What it says of itself in what leaves the instance.
    pub(crate) fn told_outside(&self, reach: Reach) -> (String, String) {
        match (reach, &self.charged) {
            (Reach::Inside, _) => (
                self.produced(),
                format!("{} alerts; figures stay in the instance", self.alerts.len()),
            ),
            (_, None) => (self.produced(), self.proved()),
            (_, Some(charged)) => (
                self.produced(),
                format!("{}; {}", self.proved(), charged.words()),
            ),
        }
    }
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

/// How a drift report is made.
#[derive(Clone, Debug, Default)]
pub struct Measuring {
    /// With noise for this epsilon, charged to the model's dataset; exact when absent.
    pub epsilon: Option<Epsilon>,
    /// For a report with noise: the column of the file that says whose row each is.
    pub person: Option<String>,
}

/// Compares a file with a model's baseline, keeps the measurement and raises alerts.
///
/// With an epsilon the cost is reserved after the file was read and before it is counted.
///
/// Source: 45 CFR 164.308(a)(1)(ii)(D); Yurdakul and Naranjo 2020 (PSI).
pub fn measure(
    desk: &Desk<'_>,
    model: &ModelId,
    records: Records<'_>,
    measuring: &Measuring,
) -> Result<Monitored, StageError> {
    let version = register::newest(desk, model)?;
    let cause = version.cause();
    let permit = permit(desk, model, Some(&cause))?;
    let against = records.0.to_owned();
    let person = measuring.person.as_deref();
    let columns = serve::read(&version.baseline.spec, person, records)?;
    let work = Work {
        permit: &permit,
        desk,
        version: &version,
        cause: &cause,
        task: None,
    };
    work.compared(
        &Counted::of_file(columns, person)?,
        against,
        measuring.epsilon,
    )
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
    let (rows, against) = match &section.path {
        Some(path) => {
            // Only a report with noise asks whose row each is.
            let person = section.figures_epsilon.and(person_column(desk, task)?);
            let columns = read_file(&version, path, person.as_deref(), files)?;
            let rows = Counted::of_file(columns, person.as_deref())?;
            (rows, short_name(path).to_owned())
        }
        None => (held_out(desk, task)?, "hold-out".to_owned()),
    };
    let work = Work {
        permit,
        desk,
        version: &version,
        cause: &task.cause,
        task: Some(task),
    };
    work.compared(&rows, against, section.figures_epsilon)
}

/// The column that says whose row it is, in the table that was learnt from.
fn person_column(desk: &Desk<'_>, task: &Task<'_>) -> Result<Option<String>, StageError> {
    let version = task.newest_version(desk)?;
    let table = &crate::train::section(task.study)?.table;
    Ok(version.table(table).and_then(|table| table.person.clone()))
}

fn held_out(desk: &Desk<'_>, task: &Task<'_>) -> Result<Counted, StageError> {
    let trained: Trained = task.product(desk, Stage::Train)?;
    let current = task.newest_version(desk)?;
    let data = Data::load(desk, &current, task.study, trained.split)?;
    Ok(Counted {
        columns: data.test_columns,
        person_of_row: data.test.person_of_row,
        persons: data.test.persons,
        by_person: trained.by_person,
    })
}

/// One comparison of a model version, for a study or for somebody who asks.
struct Work<'a> {
    permit: &'a Permit,
    desk: &'a Desk<'a>,
    version: &'a ModelVersion,
    cause: &'a Cause,
    task: Option<&'a Task<'a>>,
}

impl Work<'_> {
    fn compared(
        &self,
        rows: &Counted,
        against: String,
        epsilon: Option<Epsilon>,
    ) -> Result<Monitored, StageError> {
        let (desk, version) = (self.desk, self.version);
        let Some(epsilon) = epsilon else {
            let mut monitored = compare(desk, version, &rows.columns, against)?;
            self.keep(&mut monitored, None)?;
            return Ok(monitored);
        };
        let population = Comparison::of_population(desk, version)?;
        let comparison = Comparison::reserve(desk, (version, &population), self.cause, epsilon)?;
        let kept = comparison.run(rows, against).and_then(|mut monitored| {
            self.keep(&mut monitored, Some(comparison.charge()))?;
            Ok(monitored)
        });
        if kept.is_err() {
            comparison.charge().burn(desk, self.cause)?;
        }
        kept
    }
}

type Columns = std::collections::BTreeMap<String, Vec<Option<String>>>;

fn read_file(
    version: &ModelVersion,
    path: &str,
    person: Option<&str>,
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
        person,
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
    Ok(Monitored {
        against,
        rows_compared: scores.len() as u64,
        alerts: Alert::of(desk, version, &rows),
        rows,
        within,
        estimated: Some(estimated),
        change_request: None,
        charged: None,
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

/// The index alarms when it exceeds the threshold by more than its expected noise.
fn stability_row(column: &str, stability: &Stability, threshold: f64) -> DriftRow {
    let psi = stability.psi;
    DriftRow {
        feature: column.to_owned(),
        statistic: "PSI".to_owned(),
        value: psi.value,
        interval: Some((psi.low, psi.high)),
        threshold,
        crossed: psi.value - stability.noise >= threshold,
    }
}

/// The index, and beside it the distances, which do not alarm by themselves.
fn rows(column: &ColumnDrift, threshold: f64) -> Vec<DriftRow> {
    let mut rows = vec![stability_row(&column.column, &column.stability, threshold)];
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

impl Work<'_> {
    /// Keeps a measurement with its alerts and, where it was charged, the confirmation.
    fn keep(
        &self,
        monitored: &mut Monitored,
        charge: Option<&Charge<'_>>,
    ) -> Result<(), StageError> {
        let (desk, version) = (self.desk, self.version);
        let mut transaction = desk.store.begin()?;
        if let Some(charge) = charge {
            charge.confirm(&mut transaction)?;
        }
        monitored.change_request = change::ask(&mut transaction, desk, version, monitored)?;
        let monitored = &*monitored;
        let earlier = transaction.list::<serde_json::Value>(Noun::Drift)?.len();
        let place = format!("{}/{}.{}", version.model, version.number, earlier + 1);
        transaction.insert(Noun::Drift, &place, monitored)?;
        for (at, alert) in monitored.alerts.iter().enumerate() {
            transaction.insert(Noun::Alert, &format!("{place}.{}", at + 1), alert)?;
        }
        if let Some(task) = self.task {
            task.keep_step(&mut transaction, desk, Stage::Monitor, monitored)?;
        }
        let event = desk
            .event(self.permit, Some(self.cause))?
            .rows(monitored.rows_compared);
        transaction.commit(event.digest(version.digest))?;
        self.raise(monitored)
    }

    /// Each alert has its own line in the log.
    fn raise(&self, monitored: &Monitored) -> Result<(), StageError> {
        let (desk, version) = (self.desk, self.version);
        for _ in &monitored.alerts {
            let permit = desk.permit(Action::RaiseAlert, version.resource(), Some(self.cause))?;
            desk.note(&permit, Some(self.cause))?;
        }
        Ok(())
    }
}
