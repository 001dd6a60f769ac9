//! Stage 6: a model is fitted under a privacy budget that is reserved before the first step.

mod command;
mod data;
mod fitting;
mod noise;
mod reweigh;
mod statement;
mod survey;

use access::{Permit, Resource};
use domain::{Action, Digest, Entropy, Epsilon, Stage};
use learn::{Feature, TrainingPlan};
use privacy::{Account, BudgetExceeded, Entry, MechanismEvent, Spending};
use serde::{Deserialize, Serialize};
use store::{Noun, ObjectRef};

use self::{
    fitting::{Work, spend_id},
    noise::{Accountant, Planned},
};
use crate::{
    Desk, StageError, Watch,
    assess::root_of,
    model_key,
    operate::ledger,
    record::{Version, VersionRef},
    run::{Task, Told, dataset_permit, find_step, grouped},
    study::{Cap, Study, Train},
};

pub use self::{
    command::{DEFAULT_CAP, Order, Ordered, order},
    reweigh::Reweighed,
    statement::PrivacyStatement,
    survey::Surveyed,
};
pub(crate) use self::{
    data::{Data, plain_age, with_values},
    fitting::model_context,
};

/// What training made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trained {
    /// The version it learnt from.
    pub version: VersionRef,
    /// The model of the study.
    pub model: Fitted,
    /// Models at other epsilons, for the curve of the report.
    pub others: Vec<Fitted>,
    /// The seed by which persons were held out.
    pub split: u64,
    /// Rows learnt from.
    pub rows: u64,
    /// Persons learnt from: the unit of protection.
    pub persons: u64,
    /// Rows held out.
    pub held_out: u64,
    /// Numbers that a row enters the model as.
    #[serde(default)]
    pub inputs: u64,
    /// Whether a column says whose row it is; otherwise each row counts as a person of its own.
    #[serde(default = "yes")]
    pub by_person: bool,
    /// Bounds and words that were measured, with what they cost.
    #[serde(default)]
    pub survey: Option<Surveyed>,
    /// The weights it was trained with.
    #[serde(default)]
    pub reweighed: Option<Reweighed>,
    /// The same plan without the weights.
    #[serde(default)]
    pub unweighted: Option<Fitted>,
}

/// One fitted model: a sealed object and what it cost.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fitted {
    /// The epsilon that was asked for; of a model without privacy the largest there is, which says
    /// nothing: see [`Self::guarantee`].
    pub target: Epsilon,
    /// The epsilon that the accountant proves, at `delta`; infinite (null in JSON) without privacy.
    #[serde(with = "infinite_as_null")]
    pub epsilon: f64,
    /// The delta of the proof; 1 without privacy.
    pub delta: f64,
    /// The whole plan, noise multiplier included.
    pub plan: TrainingPlan,
    /// Probability of each person to be in a step.
    pub sampling_rate: f64,
    /// Noisy steps.
    pub steps: u64,
    /// The ledger's name for the spend.
    pub spend: String,
    /// The sealed model.
    pub object: ObjectRef,
    /// SHA-256 of the model's bytes.
    pub digest: Digest,
    /// How the epsilon was computed.
    #[serde(default = "rdp")]
    pub accountant: String,
    /// The epsilon that the ledger is charged for the model and what was measured for it, by the
    /// Rényi accountant; with a tighter proof it is larger than `epsilon`.
    #[serde(default)]
    pub charged: Option<f64>,
    /// The mean loss of the last steps, noised where training is private.
    #[serde(default)]
    pub loss: Option<f64>,
}

impl Fitted {
    /// Epsilon and delta that are proved for the model; `None` for one trained without privacy.
    pub fn guarantee(&self) -> Option<(f64, f64)> {
        self.plan.privacy.map(|_| (self.epsilon, self.delta))
    }
}

fn yes() -> bool {
    true
}

fn rdp() -> String {
    "RDP".to_owned()
}

/// JSON has no infinite number.
mod infinite_as_null {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde asks for this form"
    )]
    pub(super) fn serialize<S: Serializer>(number: &f64, to: S) -> Result<S::Ok, S::Error> {
        number.is_finite().then_some(*number).serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
        Ok(Option::<f64>::deserialize(from)?.unwrap_or(f64::INFINITY))
    }
}

impl Trained {
    /// What the guarantee is and what it does not cover.
    pub fn statement(&self) -> PrivacyStatement {
        PrivacyStatement::of(self)
    }

    /// The section with the inputs that were measured beside those of the file.
    pub(crate) fn complete(&self, study: &mut Study) {
        if let Some(survey) = &self.survey {
            survey.complete(study);
        }
    }
}

impl Told for Trained {
    fn produced(&self) -> String {
        format!(
            "{} on {} persons, {} steps",
            self.model.plan.model.name(),
            grouped(self.persons),
            grouped(self.model.steps)
        )
    }

    fn proved(&self) -> String {
        match self.model.guarantee() {
            Some((epsilon, delta)) => format!(
                "epsilon {epsilon:.3} at delta {delta} per person ({}, sigma {:.3})",
                self.model.accountant,
                self.model.plan.privacy.map_or(0.0, |privacy| privacy.sigma)
            ),
            None => "NO PRIVACY GUARANTEE: trained without noise".to_owned(),
        }
    }
}

/// What people call a kind of model.
pub(crate) const fn estimator(kind: &learn::ModelKind) -> &'static str {
    kind.name()
}

/// Fits the study's model, and those at other epsilons, each after its reservation is durable.
///
/// What cannot be trained (a plan out of range, labels that are all the same) is refused before
/// anything is reserved. Noise comes from the system's generator and is never seeded. Only the
/// choice of held-out persons is, so that validation finds the same ones.
///
/// Source: 45 CFR 164.502(b); Abadi et al. 2016 (DP-SGD); Mironov et al. 2019 (accounting).
pub fn train(
    permit: &Permit,
    desk: &Desk<'_>,
    task: &Task<'_>,
    watch: &mut dyn Watch,
) -> Result<Trained, StageError> {
    let asked = section(task.study)?;
    let version = task.newest_version(desk)?;
    let bare = bare_permit(desk, task, asked, &version)?;
    let split = desk.entropy().next_u64();
    let mut study = task.study.clone();
    let survey = survey::survey(permit, desk, task, &version, split)?;
    if let Some(survey) = &survey {
        survey.complete(&mut study);
    }
    let section = section(&study)?;
    let data = Data::load(desk, &version, &study, split)?;
    let plans = affordable(desk, task, &version, (section, &data), survey.as_ref())?;
    for planned in &plans {
        learn::train::check(&data.learn, &planned.plan)?;
    }
    reserve_all(permit, desk, task, &version, &plans)?;
    let reweighed = reweigh::weigh(desk, task, section, &data)?;
    let thinned = match &reweighed {
        Some(reweighed) => Some(reweighed.learnt(&data)?),
        None => None,
    };
    let bare_twin = (reweighed.is_some() && section.reweigh_before).then(|| plans.len() - 1);
    let mut transaction = desk.store.begin()?;
    let (key_id, key) = model_key::make(&mut transaction, &model_key::of_run(&task.run)?)?;
    let mut fitted = Vec::new();
    let work = Work {
        desk,
        task,
        version: &version,
        key: &key,
    };
    for (at, planned) in plans.iter().enumerate() {
        let learnt = match &thinned {
            Some(thinned) if bare_twin != Some(at) => thinned,
            _ => &data.learn,
        };
        let one = work.fit(planned, learnt, (at, plans.len()), watch)?;
        transaction.keep_object(&one.object, &key_id, &model_context(&version, &one.spend))?;
        fitted.push(one);
    }
    let mut spends: Vec<String> = fitted.iter().map(|one| one.spend.clone()).collect();
    spends.extend(survey.iter().map(|survey| survey.spend.clone()));
    spends.extend(reweighed.iter().map(|weights| weights.spend.clone()));
    let unweighted = bare_twin.and_then(|_| fitted.pop());
    let mut fitted = fitted.into_iter();
    let trained = Trained {
        version: version.place(),
        model: fitted
            .next()
            .ok_or(StageError::Stored("no model was fitted"))?,
        others: fitted.collect(),
        split,
        rows: data.learn.rows as u64,
        persons: u64::from(data.learn.persons),
        held_out: data.test.rows as u64,
        inputs: data.learn.dim as u64,
        by_person: version
            .table(&section.table)
            .is_some_and(|table| table.person.is_some()),
        survey,
        reweighed,
        unweighted,
    };
    if trained.model.guarantee().is_some() {
        let root = root_of(desk, &version)?;
        ledger::confirm(&mut transaction, &root, &spends)?;
    }
    task.keep_step(&mut transaction, desk, Stage::Train, &trained)?;
    let event = desk
        .event(bare.as_ref().unwrap_or(permit), Some(&task.cause))?
        .rows(trained.rows)
        .persons(trained.persons);
    let event = crate::govern::persons::about(desk, &version, event)?;
    transaction.commit(event.digest(trained.model.digest))?;
    Ok(trained)
}

/// The plans by the tighter accountant, where the ledger bears what it is charged for them; else by
/// the ledger's own.
fn affordable(
    desk: &Desk<'_>,
    task: &Task<'_>,
    version: &Version,
    (section, data): (&Train, &Data),
    survey: Option<&Surveyed>,
) -> Result<Vec<Planned>, StageError> {
    let persons = data.learn.persons;
    let measured = survey.and_then(Surveyed::spent);
    let plans = |accountant| noise::plans(section, persons, measured, accountant);
    let declared = plans(Accountant::Declared)?;
    let Some(cap) = task.study.budget else {
        return Ok(declared);
    };
    let mut account = account(desk, version, cap)?;
    let others = other_events(task.study)?;
    let events = events_of(&declared).into_iter().chain(&others);
    if bears(&mut account, events).is_ok() {
        return Ok(declared);
    }
    plans(Accountant::Renyi)
}

/// What the study will be charged beside its models and what was measured for them, for weights and
/// figures: a budget that does not bear these too is refused before anything is spent.
fn other_events(study: &Study) -> Result<Vec<MechanismEvent>, StageError> {
    let weights = reweigh::event(section(study)?).map(|(event, _)| event);
    let plan = crate::figures::Plan::of(study)?;
    let items = plan.map(|plan| plan.items("")).unwrap_or_default();
    let figures = items.into_iter().map(|item| item.event);
    Ok(weights.into_iter().chain(figures).collect())
}

fn events_of(plans: &[Planned]) -> Vec<&MechanismEvent> {
    let events = plans.iter().map(|planned| planned.event.as_ref());
    events.flatten().collect()
}

/// The permit to train without a guarantee, where the study asks for none.
fn bare_permit(
    desk: &Desk<'_>,
    task: &Task<'_>,
    section: &Train,
    version: &Version,
) -> Result<Option<Permit>, StageError> {
    if !section.without_privacy {
        return Ok(None);
    }
    dataset_permit(desk, task, Action::TrainWithoutPrivacy, version).map(Some)
}

fn reserve_all(
    permit: &Permit,
    desk: &Desk<'_>,
    task: &Task<'_>,
    version: &Version,
    plans: &[Planned],
) -> Result<(), StageError> {
    let events = events_of(plans);
    if events.is_empty() {
        return Ok(());
    }
    let cap = task.study.budget.ok_or(StageError::Order {
        needs: Stage::Train,
    })?;
    let others = other_events(task.study)?;
    let all: Vec<&MechanismEvent> = events.iter().copied().chain(&others).collect();
    foresee(desk, task, version, cap, &all)?;
    if let Some((event, _)) = reweigh::event(section(task.study)?) {
        let id = reweigh::spend_id(task);
        ledger::reserve(permit, desk, task, version, cap, &id, &event)?;
    }
    for (at, event) in events.into_iter().enumerate() {
        ledger::reserve(permit, desk, task, version, cap, &spend_id(task, at), event)?;
    }
    Ok(())
}

/// What a finished run trained.
pub fn trained(desk: &Desk<'_>, run: &domain::RunId) -> Result<Trained, StageError> {
    let step = find_step::<Trained>(desk, run, Stage::Train)?;
    step.map(|step| step.product).ok_or(StageError::Order {
        needs: Stage::Train,
    })
}

/// Refuses a plan of several spends as a whole when the budget does not bear all of them, so that
/// none is reserved for nothing. The reservations that follow decide again, one by one.
fn foresee(
    desk: &Desk<'_>,
    task: &Task<'_>,
    version: &Version,
    cap: Cap,
    events: &[&MechanismEvent],
) -> Result<(), StageError> {
    let mut account = account(desk, version, cap)?;
    bears(&mut account, events.iter().copied()).or_else(|refused| {
        let error = StageError::from(refused);
        let root = root_of(desk, version)?;
        let budget = Resource::budget(&root, version.state).within(task.cause.study.clone());
        desk.note_refusal(Action::ReserveBudget, &budget, Some(&task.cause), &error)?;
        Err(error)
    })
}

/// The account that a version's spends are charged to, as it stands or as it would begin.
fn account(desk: &Desk<'_>, version: &Version, cap: Cap) -> Result<Account, StageError> {
    let root = root_of(desk, version)?;
    let kept = desk.store.find::<Account>(Noun::Budget, root.as_str())?;
    Ok(kept.map_or_else(|| Account::new(cap.epsilon, cap.delta), |kept| kept.body))
}

/// Whether an account would admit all of these, one after the other.
fn bears<'a>(
    account: &mut Account,
    events: impl IntoIterator<Item = &'a MechanismEvent>,
) -> Result<(), BudgetExceeded> {
    for event in events {
        account.admit(event)?;
        let entry = Entry::reserved("", event.clone(), Spending::Training);
        account.entries.push(entry);
    }
    Ok(())
}

/// The columns that features read.
pub(crate) fn columns_of(features: &[Feature]) -> Vec<String> {
    let columns = features.iter().map(|feature| feature.column().to_owned());
    columns.collect()
}

/// The `[train]` section.
pub(crate) fn section(study: &Study) -> Result<&Train, StageError> {
    study.train.as_ref().ok_or(StageError::Order {
        needs: Stage::Train,
    })
}
