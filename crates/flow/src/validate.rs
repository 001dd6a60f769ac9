//! Stage 7: the model is tested on rows it has not seen, group by group, and attacked.

mod fair;
mod gates;
mod leaks;

use std::collections::BTreeMap;

use access::{DataState, Permit};
use domain::Stage;
use learn::{
    Metrics, Model,
    drift::Baseline,
    fairness::Fairness,
    metrics::{Interval, SMALLEST_CELL, Subgroups, subgroups},
    robustness::{self, Robustness, robustness},
};
use privacy::{
    attack::{Evidence, Verdict},
    ranking::Auc,
};
use serde::{Deserialize, Serialize};

use crate::{
    Desk, StageError, Watch,
    figures::{Charged, Plan, Reach},
    model_key,
    operate::{approval, ledger::Charge},
    record::Version,
    run::{Task, Told},
    study::Validate,
    train::{Data, Fitted, Trained, model_context},
};

pub use self::{
    fair::{Mitigated, Reweighing},
    gates::Gate,
    leaks::Leaks,
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
    /// The plain membership attack on losses, with its positive control.
    pub leakage: Evidence,
    /// What that attack says.
    pub verdict: Verdict,
    /// The stronger attacks and the audit; absent in runs before they were built.
    #[serde(default)]
    pub leaks: Option<Leaks>,
    /// Every fairness measure by subgroup column.
    #[serde(default)]
    pub fairness: BTreeMap<String, Fairness>,
    /// Thresholds by group, before and after, where the study asks for them.
    #[serde(default)]
    pub mitigated: BTreeMap<String, Mitigated>,
    /// Weights before training, before and after, where the study asks for them.
    #[serde(default)]
    pub reweighed: Option<Reweighing>,
    /// Accuracy when inputs are bent within their bounds.
    #[serde(default)]
    pub robustness: Option<Robustness>,
    /// Epsilon and held-out accuracy of every model that was fitted.
    pub curve: Vec<(f64, f64)>,
    /// Each gate with what was measured.
    pub gates: Vec<Gate>,
    /// What later data is compared with.
    pub baseline: Baseline,
    /// The figures that may leave, where the study has them charged.
    #[serde(default)]
    pub figures: Option<Charged>,
    /// What later data is compared with in drift reports that may leave.
    #[serde(default)]
    pub noisy_baseline: Option<Baseline>,
}

impl Validated {
    /// How far its figures may go, of data in this state.
    pub const fn reach(&self, state: DataState) -> Reach {
        Reach::of(self.figures.is_some(), state)
    }

    /// What it says of itself in what leaves the instance.
    pub(crate) fn told_outside(&self, reach: Reach) -> (String, String) {
        if reach == Reach::Exact {
            return (self.produced(), self.proved());
        }
        let produced = self.figures.as_ref().map_or_else(
            || "figures stay in the instance".to_owned(),
            |figures| {
                let accuracy = figures.quality.accuracy.map_or_else(
                    || "accuracy hidden by the noise".to_owned(),
                    |accuracy| format!("accuracy {:.3}", accuracy.value),
                );
                format!("{accuracy}, {}", figures.words())
            },
        );
        let verdict = self
            .leaks
            .as_ref()
            .map_or(self.verdict, |leaks| leaks.membership.verdict());
        (produced, format!("membership attacks: {}", said(verdict)))
    }
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
        let Some(leaks) = &self.leaks else {
            return format!(
                "loss attack {:.3} ({}); control caught at {:.3}",
                self.leakage.model.auc.value,
                said(self.verdict),
                self.leakage.control.auc.value
            );
        };
        let verdict = leaks.membership.verdict();
        let bound = leaks.audit.as_ref().map_or_else(String::new, |audit| {
            format!(
                "; epsilon at least {:.2} by audit",
                audit.one_run.epsilon_lower_gaussian
            )
        });
        format!(
            "membership attacks: {} ({} shadow models){bound}",
            said(verdict),
            leaks.membership.shadows
        )
    }
}

const fn said(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Holds => "held",
        Verdict::Leaks => "LEAKS",
        Verdict::NoEvidence => "no evidence",
    }
}

/// Tests and attacks the model of the run; a gate that does not hold stops the run.
///
/// Shadow models, the overfit controls and their losses never leave this function, only the summary
/// of the attacks does. That summary and the metrics are computed on learners and held-out persons
/// and are not covered by the model's epsilon; how far they may go says [`Reach`]. Where the study
/// has figures charged, their cost is reserved before a row is read; a failure burns it.
///
/// Source: 45 CFR 164.308(a)(8); Yeom et al. 2018; Carlini et al. 2022; Zarifzadeh et al. 2024;
/// Bertran et al. 2023; Steinke, Nasr, Jagielski 2023.
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
    let plan = Plan::of(task.study)?;
    let charge = match &plan {
        Some(plan) => Some((plan, plan.reserve(desk, task, &version)?)),
        None => None,
    };
    let tests = Tests {
        desk,
        task,
        section,
        version: &version,
        trained: &trained,
        charge: charge.as_ref(),
    };
    let kept = tests
        .run(watch)
        .and_then(|validated| tests.keep(permit, validated));
    match (kept, charge) {
        (Ok(validated), _) => {
            gates::refuse_broken(&validated.gates)?;
            refuse_unaccepted(desk, task, &trained)?;
            Ok(validated)
        }
        (Err(error), charge) => {
            if let Some((_, charge)) = charge {
                charge.burn(desk, &task.cause)?;
            }
            Err(error)
        }
    }
}

/// Refuses a model without a guarantee until a privacy officer has accepted it, by its digest.
///
/// The run stays open: called again it goes on with the same model.
pub(crate) fn refuse_unaccepted(
    desk: &Desk<'_>,
    task: &Task<'_>,
    trained: &Trained,
) -> Result<(), StageError> {
    match trained.model.guarantee() {
        Some(_) => Ok(()),
        None => approval::model_accepted(desk, &trained.model.digest, &task.cause),
    }
}

/// What the tests of a run need.
struct Tests<'a> {
    desk: &'a Desk<'a>,
    task: &'a Task<'a>,
    section: &'a Validate,
    version: &'a Version,
    trained: &'a Trained,
    charge: Option<&'a (&'a Plan, Charge<'a>)>,
}

impl Tests<'_> {
    fn run(&self, watch: &mut dyn Watch) -> Result<Validated, StageError> {
        let (desk, section, trained) = (self.desk, self.section, self.trained);
        let mut data = Data::load(desk, self.version, self.task.study, trained.split)?;
        let model = load(desk, self.version, &trained.model)?;
        let probabilities = model.predict(&data.test)?;
        let metrics = Metrics::of(&probabilities, &data.test.y)?;
        let learnt = model.predict(&data.learn)?;
        let baseline = baseline(&data, &learnt)?;
        let (figures, noisy_baseline) = match self.charge {
            None => (None, None),
            Some((plan, charge)) => (
                plan.judge(desk, charge, &data, &probabilities)?,
                plan.baseline(desk, &data, &learnt)?,
            ),
        };
        watch.advance(1, 4);
        if let Some(weights) = &trained.reweighed {
            data.learn = weights.members(&data)?;
        }
        let leakage = leaks::threshold_attack(desk, &data, &model, &trained.model)?;
        watch.advance(2, 4);
        let found = leaks::leaks(
            desk,
            section,
            self.version,
            &data,
            &model,
            trained,
            &leakage,
        )?;
        watch.advance(3, 4);
        Ok(Validated {
            majority: majority(&metrics),
            subgroups: by_group(section, &data, &probabilities)?,
            group_aucs: group_aucs(section, &data, &probabilities)?,
            verdict: leakage.verdict(),
            gates: gates::gates(section, &metrics, &leakage, &found),
            leaks: Some(found),
            fairness: fair::by_column(section, &data, &probabilities)?,
            mitigated: fair::mitigated(desk, section, &data, &probabilities)?,
            robustness: Some(bent(desk, section, &data, &model)?),
            curve: curve(desk, self.version, trained, &data)?,
            baseline,
            reweighed: self.reweighed(&data, &probabilities)?,
            leakage,
            metrics,
            figures,
            noisy_baseline,
        })
    }

    /// Before and after, where the model was trained with weights.
    fn reweighed(
        &self,
        data: &Data,
        probabilities: &[f64],
    ) -> Result<Option<Reweighing>, StageError> {
        let Some(weights) = &self.trained.reweighed else {
            return Ok(None);
        };
        let without = match &self.trained.unweighted {
            Some(fitted) => Some(load(self.desk, self.version, fitted)?.predict(&data.test)?),
            None => None,
        };
        fair::reweighed(data, &weights.column, probabilities, without.as_deref()).map(Some)
    }

    /// Keeps what was found, and confirms what the figures cost, in one transaction.
    fn keep(&self, permit: &Permit, validated: Validated) -> Result<Validated, StageError> {
        let (desk, task) = (self.desk, self.task);
        let mut transaction = desk.store.begin()?;
        if let Some((_, charge)) = self.charge {
            charge.confirm(&mut transaction)?;
        }
        task.keep_step(&mut transaction, desk, Stage::Validate, &validated)?;
        let event = desk
            .event(permit, Some(&task.cause))?
            .rows(validated.metrics.rows);
        let event = crate::govern::persons::about(desk, self.version, event)?;
        transaction.commit(event.digest(self.trained.model.digest))?;
        Ok(validated)
    }
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
    let context = model_context(version, &fitted.spend);
    model_key::read(desk, &fitted.object, &context)
}

/// Accuracy when numbers move by a twentieth of their range and one category is another; subgroup
/// columns stay, because nobody is asked to be somebody else.
fn bent(
    desk: &Desk<'_>,
    section: &Validate,
    data: &Data,
    model: &Model,
) -> Result<Robustness, StageError> {
    let reach = robustness::Reach {
        share: 0.05,
        categories: 1,
        fixed: section.subgroups.clone(),
    };
    Ok(robustness(
        model,
        &data.test,
        &reach,
        BENT_ROWS,
        &mut desk.entropy(),
    )?)
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

/// Accuracy of every fitted model that has a guarantee, by its proved epsilon.
fn curve(
    desk: &Desk<'_>,
    version: &Version,
    trained: &Trained,
    data: &Data,
) -> Result<Vec<(f64, f64)>, StageError> {
    let mut points = Vec::new();
    let all = std::iter::once(&trained.model).chain(&trained.others);
    // An infinite epsilon is no place on a curve, and no number in JSON.
    for fitted in all.filter(|fitted| fitted.guarantee().is_some()) {
        let probabilities = load(desk, version, fitted)?.predict(&data.test)?;
        points.push((
            fitted.epsilon,
            Metrics::of(&probabilities, &data.test.y)?.accuracy.value,
        ));
    }
    points.sort_by(|one, other| one.0.total_cmp(&other.0));
    Ok(points)
}

fn baseline(data: &Data, predictions: &[f64]) -> Result<Baseline, StageError> {
    crate::train::with_values(&data.learn_columns, |values| {
        Ok(Baseline::of(&data.learn.spec, values, Some(predictions))?)
    })
}

/// Rows whose inputs are bent.
const BENT_ROWS: usize = 500;
