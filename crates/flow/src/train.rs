//! Stage 6: a model is fitted under a privacy budget that is reserved before the first step.

mod data;

use access::Permit;
use domain::{Digest, Entropy, Epsilon, Stage};
use learn::{ModelKind, Privacy, TrainingPlan, fit};
use privacy::{MechanismEvent, calibrate_sigma};
use serde::{Deserialize, Serialize};
use store::ObjectRef;

use crate::{
    Desk, StageError, Watch,
    assess::root_of,
    operate::ledger,
    record::{Version, VersionRef},
    run::{Task, Told, grouped},
    study::{Study, Train},
};

pub(crate) use self::data::{Data, plain_age, with_values};

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
}

/// One fitted model: a sealed object and what it cost.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fitted {
    /// The epsilon that was asked for.
    pub target: Epsilon,
    /// The epsilon that the accountant proves, at `delta`.
    pub epsilon: f64,
    /// The delta of the proof.
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
}

impl Told for Trained {
    fn produced(&self) -> String {
        let kind = estimator(&self.model.plan.model);
        format!(
            "{kind} on {} persons, {} steps",
            grouped(self.persons),
            grouped(self.model.steps)
        )
    }

    fn proved(&self) -> String {
        format!(
            "epsilon {:.3} at delta {} per person (RDP, sigma {:.3})",
            self.model.epsilon,
            self.model.delta,
            self.model.plan.privacy.map_or(0.0, |privacy| privacy.sigma)
        )
    }
}

/// What people call a kind of model.
pub(crate) const fn estimator(kind: &ModelKind) -> &'static str {
    match kind {
        ModelKind::Logistic => "logistic regression",
        ModelKind::Mlp { .. } => "multilayer perceptron",
    }
}

/// Fits the study's model, and those at other epsilons, each after its reservation is durable.
///
/// Noise comes from the system's generator and is never seeded. Only the choice of held-out
/// persons is, so that validation finds the same ones.
///
/// Source: 45 CFR 164.502(b); Abadi et al. 2016 (DP-SGD); Mironov et al. 2019 (accounting).
pub fn train(
    permit: &Permit,
    desk: &Desk<'_>,
    task: &Task<'_>,
    watch: &mut dyn Watch,
) -> Result<Trained, StageError> {
    let section = section(task.study)?;
    let cap = task.study.budget.ok_or(StageError::Order {
        needs: Stage::Train,
    })?;
    let version = task.newest_version(desk)?;
    let split = desk.entropy().next_u64();
    let data = Data::load(desk, &version, task.study, split)?;
    let root = root_of(desk, &version)?;
    let epsilons: Vec<Epsilon> = std::iter::once(section.epsilon)
        .chain(section.also_epsilons.iter().copied())
        .collect();
    let mut plans = Vec::new();
    for epsilon in &epsilons {
        plans.push(plan(section, *epsilon, data.learn.persons)?);
    }
    for (at, (plan, event)) in plans.iter().enumerate() {
        plan.check()?;
        ledger::reserve(
            permit,
            desk,
            task,
            &version,
            cap,
            &spend_id(task, at),
            event,
        )?;
    }
    let mut transaction = desk.store.begin()?;
    let mut fitted = Vec::new();
    for (at, (plan, event)) in plans.iter().enumerate() {
        let mut advance = |step: u64, steps: u64| {
            watch.advance(at as u64 * steps + step, plans.len() as u64 * steps);
        };
        let work = Work {
            desk,
            task,
            version: &version,
            data: &data,
            epsilon: epsilons.get(at).copied(),
        };
        let one = work.fit(section, plan, event, at, &mut advance)?;
        transaction.keep_object(
            &one.object,
            &version.key,
            &model_context(&version, &one.spend),
        )?;
        fitted.push(one);
    }
    let spends: Vec<String> = fitted.iter().map(|one| one.spend.clone()).collect();
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
    };
    ledger::confirm(&mut transaction, &root, &spends)?;
    task.keep_step(&mut transaction, desk, Stage::Train, &trained)?;
    let event = desk
        .event(permit, Some(&task.cause))?
        .rows(trained.rows)
        .persons(trained.persons);
    let event = crate::govern::persons::about(desk, &version, event)?;
    transaction.commit(event.digest(trained.model.digest))?;
    Ok(trained)
}

/// One fit.
struct Work<'a> {
    desk: &'a Desk<'a>,
    task: &'a Task<'a>,
    version: &'a Version,
    data: &'a Data,
    epsilon: Option<Epsilon>,
}

impl Work<'_> {
    fn fit(
        &self,
        section: &Train,
        plan: &TrainingPlan,
        event: &MechanismEvent,
        at: usize,
        advance: &mut dyn FnMut(u64, u64),
    ) -> Result<Fitted, StageError> {
        let model = fit(&self.data.learn, plan, &mut self.desk.entropy(), advance)?;
        let bytes = model.to_bytes();
        let spend = spend_id(self.task, at);
        let (_, key) = self.desk.store.data_key(&self.version.dataset)?;
        let context = model_context(self.version, &spend);
        let object = self
            .desk
            .store
            .write_object(&key, &context, |out| out.write_all(&bytes))?;
        Ok(Fitted {
            target: self.epsilon.unwrap_or(section.epsilon),
            epsilon: event.curve()?.epsilon(section.delta).0,
            delta: section.delta.value(),
            plan: plan.clone(),
            sampling_rate: plan.sampling_rate(self.data.learn.persons),
            steps: plan.steps(self.data.learn.persons),
            spend,
            object,
            digest: seal::digest(&bytes),
        })
    }
}

/// The plan with the noise that reaches an epsilon, and what the ledger is charged for it.
fn plan(
    section: &Train,
    epsilon: Epsilon,
    persons: u32,
) -> Result<(TrainingPlan, MechanismEvent), StageError> {
    let model = match section.model.as_str() {
        "mlp" => ModelKind::Mlp {
            hidden: section.hidden.clone(),
        },
        _ => ModelKind::Logistic,
    };
    let mut plan = TrainingPlan {
        model,
        epochs: section.epochs,
        batch: section.batch,
        clip: section.clip,
        learning_rate: section.learning_rate,
        momentum: section.momentum,
        privacy: None,
    };
    let rate = plan.sampling_rate(persons);
    let sigma = calibrate_sigma(epsilon, section.delta, rate, plan.steps(persons))?;
    plan.privacy = Some(Privacy { sigma });
    let event = plan
        .event(persons)
        .ok_or(StageError::Stored("a private plan without a cost"))?;
    Ok((plan, event))
}

fn spend_id(task: &Task<'_>, at: usize) -> String {
    format!("{}.model-{}", task.run, at + 1)
}

/// The context that a fitted model is sealed under.
pub(crate) fn model_context(version: &Version, spend: &str) -> String {
    format!("dataset/{}/fitted/{spend}", version.dataset)
}

/// The `[train]` section.
pub(crate) fn section(study: &Study) -> Result<&Train, StageError> {
    study.train.as_ref().ok_or(StageError::Order {
        needs: Stage::Train,
    })
}
