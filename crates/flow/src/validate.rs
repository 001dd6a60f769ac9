//! Stage 7: the model is tested on rows it has not seen, group by group, and attacked.

use std::collections::BTreeMap;

use access::Permit;
use domain::{Delta, Epsilon, Stage};
use learn::{
    Metrics, Model,
    drift::Baseline,
    metrics::{Interval, SMALLEST_CELL, Subgroups, subgroups},
    twin::{losses_by_person, overfit_twin},
};
use privacy::{
    attack::{Attack, Ceiling, Evidence, Limits, Verdict},
    ranking::Auc,
};
use serde::{Deserialize, Serialize};

use crate::{
    Desk, StageError, Watch,
    record::Version,
    run::{Task, Told},
    study::Validate,
    train::{Data, Fitted, Trained, model_context},
};

/// What the tests of a model found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Validated {
    /// The model of the study on the held-out rows.
    pub metrics: Metrics,
    /// Accuracy of always saying the more frequent class.
    pub majority: f64,
    /// Each subgroup column.
    pub subgroups: BTreeMap<String, Subgroups>,
    /// The area under the ROC curve by subgroup column and group, where [`SMALLEST_CELL`] rows of
    /// either label stand behind it.
    pub group_aucs: BTreeMap<String, BTreeMap<String, Interval>>,
    /// The membership attack with its positive control.
    pub leakage: Evidence,
    /// What the attack says.
    pub verdict: Verdict,
    /// Epsilon and held-out accuracy of every model that was fitted.
    pub curve: Vec<(f64, f64)>,
    /// Each gate with what was measured.
    pub gates: Vec<Gate>,
    /// What later data is compared with.
    pub baseline: Baseline,
}

/// One gate of the study.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Gate {
    /// What it asks.
    pub what: String,
    /// The bound in words.
    pub bound: String,
    /// What was measured.
    pub measured: String,
    /// Whether it held.
    pub holds: bool,
}

impl Told for Validated {
    fn produced(&self) -> String {
        let auc = self
            .metrics
            .auc
            .map_or_else(String::new, |auc| format!(", AUC {:.3}", auc.value));
        format!(
            "accuracy {:.4}{auc} on {} rows",
            self.metrics.accuracy.value, self.metrics.rows
        )
    }

    fn proved(&self) -> String {
        let said = match self.verdict {
            Verdict::Holds => "held",
            Verdict::Leaks => "LEAKS",
            Verdict::NoEvidence => "no evidence",
        };
        format!(
            "membership attack {:.3} ({said}); control caught at {:.3}",
            self.leakage.model.auc.value, self.leakage.control.auc.value
        )
    }
}

/// Tests and attacks the model of the run; a gate that does not hold stops the run.
///
/// The overfit twin is trained without privacy on persons of the same data; it and its losses
/// never leave this function, only the attack's summary does. That summary and the metrics are
/// computed on held-out persons and are not covered by the model's epsilon.
///
/// Source: 45 CFR 164.308(a)(8); Yeom et al. 2018; Carlini et al. 2022.
pub fn validate(
    permit: &Permit,
    desk: &Desk<'_>,
    task: &Task<'_>,
    watch: &mut dyn Watch,
) -> Result<Validated, StageError> {
    let section = task.study.validate.as_ref().ok_or(StageError::Order {
        needs: Stage::Validate,
    })?;
    let trained: Trained = task.product(desk, Stage::Train)?;
    let version = task.newest_version(desk)?;
    let data = Data::load(desk, &version, task.study, trained.split)?;
    let model = load(desk, &version, &trained.model)?;
    watch.advance(1, 4);
    let probabilities = model.predict(&data.test)?;
    let metrics = Metrics::of(&probabilities, &data.test.y)?;
    let leakage = attack(desk, &data, &model, &trained.model)?;
    watch.advance(3, 4);
    let validated = Validated {
        majority: majority(&metrics),
        subgroups: by_group(section, &data, &probabilities)?,
        group_aucs: group_aucs(section, &data, &probabilities)?,
        verdict: leakage.verdict(),
        gates: gates(section, &metrics, &leakage),
        curve: curve(desk, &version, &trained, &data)?,
        baseline: baseline(&data, &model)?,
        leakage,
        metrics,
    };
    let mut transaction = desk.store.begin()?;
    task.keep_step(&mut transaction, desk, Stage::Validate, &validated)?;
    let event = desk
        .event(permit, Some(&task.cause))?
        .rows(validated.metrics.rows);
    let event = crate::govern::persons::about(desk, &version, event)?;
    transaction.commit(event.digest(trained.model.digest))?;
    refuse_broken(&validated.gates)?;
    Ok(validated)
}

/// Opens a fitted model.
pub(crate) fn load(
    desk: &Desk<'_>,
    version: &Version,
    fitted: &Fitted,
) -> Result<Model, StageError> {
    Ok(Model::from_bytes(&bytes(desk, version, fitted)?)?)
}

/// The bytes of a fitted model.
pub(crate) fn bytes(
    desk: &Desk<'_>,
    version: &Version,
    fitted: &Fitted,
) -> Result<Vec<u8>, StageError> {
    let (_, key) = desk.store.data_key(&version.dataset)?;
    Ok(desk
        .store
        .read_object(&fitted.object, &key, &model_context(version, &fitted.spend))?)
}

/// The attack on the model, and on a twin that must be caught. A twin that is not is made anew with
/// more persons, up to [`TWINS`] times: the control shows what the attack can do, so its best is
/// what counts.
fn attack(
    desk: &Desk<'_>,
    data: &Data,
    model: &Model,
    fitted: &Fitted,
) -> Result<Evidence, StageError> {
    let members = losses_by_person(model, &data.learn)?;
    let strangers = losses_by_person(model, &data.test)?;
    let ceiling = Ceiling::Approximate {
        epsilon: Epsilon::new(fitted.epsilon)?,
        delta: Delta::new(fitted.delta)?,
    };
    let mut evidence = Evidence {
        model: Attack::on_losses(&members, &strangers)?,
        control: control(desk, data, TWIN_PERSONS)?,
        limits: Limits {
            ceiling: Some(ceiling),
            ..Limits::default()
        },
    };
    for again in 1..TWINS {
        if evidence.control_fired() {
            break;
        }
        evidence.control = control(desk, data, TWIN_PERSONS << again)?;
    }
    Ok(evidence)
}

fn control(desk: &Desk<'_>, data: &Data, persons: u32) -> Result<Attack, StageError> {
    let twin = overfit_twin(&data.learn, persons, &mut desk.entropy(), &mut |_, _| {})?;
    Ok(Attack::on_losses(&twin.members, &twin.non_members)?)
}

fn majority(metrics: &Metrics) -> f64 {
    let share = metrics.positives as f64 / metrics.rows.max(1) as f64;
    share.max(1.0 - share)
}

fn by_group(
    section: &Validate,
    data: &Data,
    probabilities: &[f64],
) -> Result<BTreeMap<String, Subgroups>, StageError> {
    let mut found = BTreeMap::new();
    for column in &section.subgroups {
        let cells = data
            .test_columns
            .get(column)
            .ok_or(StageError::Stored("a subgroup column was not read"))?;
        let groups: Vec<Option<&str>> = cells.iter().map(Option::as_deref).collect();
        found.insert(
            column.clone(),
            subgroups(probabilities, &data.test.y, &groups)?,
        );
    }
    Ok(found)
}

type Aucs = BTreeMap<String, BTreeMap<String, Interval>>;

fn group_aucs(section: &Validate, data: &Data, probabilities: &[f64]) -> Result<Aucs, StageError> {
    let mut found = Aucs::new();
    for column in &section.subgroups {
        let cells = data
            .test_columns
            .get(column)
            .ok_or(StageError::Stored("a subgroup column was not read"))?;
        let mut groups: BTreeMap<&str, (Vec<f64>, Vec<f64>)> = BTreeMap::new();
        for ((cell, probability), label) in cells.iter().zip(probabilities).zip(&data.test.y) {
            let group = cell.as_deref().map_or("", str::trim);
            let (yes, no) = groups.entry(group).or_default();
            if *label == 1 { yes } else { no }.push(*probability);
        }
        let shown = groups.into_iter().filter_map(|(group, (yes, no))| {
            let enough = (yes.len().min(no.len()) as u64) >= SMALLEST_CELL;
            let auc = Auc::of(&yes, &no).filter(|_| enough && !group.is_empty())?;
            let (low, high) = auc.interval(0.95);
            let value = auc.value;
            Some((group.to_owned(), Interval { value, low, high }))
        });
        found.insert(column.clone(), shown.collect());
    }
    Ok(found)
}

fn gates(section: &Validate, metrics: &Metrics, leakage: &Evidence) -> Vec<Gate> {
    let at_least = |what: &str, bound: Option<f64>, measured: Option<f64>| {
        bound.map(|bound| Gate {
            what: what.to_owned(),
            bound: format!("at least {bound}"),
            measured: measured.map_or_else(
                || "not measurable".to_owned(),
                |measured| format!("{measured:.4}"),
            ),
            holds: measured.is_some_and(|measured| measured >= bound),
        })
    };
    let verdict = leakage.verdict();
    let membership = Gate {
        what: "membership attack".to_owned(),
        bound: match verdict {
            Verdict::NoEvidence => {
                "a control that the attack catches; without one it proves nothing, \
                give the model more inputs or persons"
                    .to_owned()
            }
            _ => "control caught, model within its guarantee".to_owned(),
        },
        measured: format!(
            "model {:.3}, control {:.3}",
            leakage.model.auc.value, leakage.control.auc.value
        ),
        holds: verdict == Verdict::Holds,
    };
    [
        at_least(
            "accuracy",
            section.accuracy_min,
            Some(metrics.accuracy.value),
        ),
        at_least("AUC", section.auc_min, metrics.auc.map(|auc| auc.value)),
        Some(membership),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn refuse_broken(gates: &[Gate]) -> Result<(), StageError> {
    let broken: Vec<String> = gates
        .iter()
        .filter(|gate| !gate.holds)
        .map(|gate| format!("{} {} against {}", gate.what, gate.measured, gate.bound))
        .collect();
    if broken.is_empty() {
        Ok(())
    } else {
        Err(StageError::Gate {
            stage: Stage::Validate,
            broken,
        })
    }
}

/// Accuracy of every fitted model, by its proved epsilon.
fn curve(
    desk: &Desk<'_>,
    version: &Version,
    trained: &Trained,
    data: &Data,
) -> Result<Vec<(f64, f64)>, StageError> {
    let mut points = Vec::new();
    for fitted in std::iter::once(&trained.model).chain(&trained.others) {
        let probabilities = load(desk, version, fitted)?.predict(&data.test)?;
        points.push((
            fitted.epsilon,
            Metrics::of(&probabilities, &data.test.y)?.accuracy.value,
        ));
    }
    points.sort_by(|one, other| one.0.total_cmp(&other.0));
    Ok(points)
}

fn baseline(data: &Data, model: &Model) -> Result<Baseline, StageError> {
    let predictions = model.predict(&data.learn)?;
    crate::train::with_values(&data.learn_columns, |values| {
        Ok(Baseline::of(&data.learn.spec, values, Some(&predictions))?)
    })
}

/// Persons of the first overfit twin, members and strangers together.
const TWIN_PERSONS: u32 = 600;
/// Twins that are tried.
const TWINS: u32 = 3;
