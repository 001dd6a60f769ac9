//! One fit, from the reserved plan to the sealed model.

use domain::{Epsilon, Stage};
use learn::{Design, fit_watched};
use seal::DataKey;

use super::{Fitted, noise::Planned};
use crate::{Desk, StageError, Watch, record::Version, run::Task};

/// What every fit of a run shares.
pub(super) struct Work<'a> {
    pub(super) desk: &'a Desk<'a>,
    pub(super) task: &'a Task<'a>,
    pub(super) version: &'a Version,
    /// Seals what the run trains and nothing else.
    pub(super) key: &'a DataKey,
}

impl Work<'_> {
    /// Fits and seals the model of the `at`-th of so many plans.
    pub(super) fn fit(
        &self,
        planned: &Planned,
        learnt: &Design,
        (at, of): (usize, usize),
        watch: &mut dyn Watch,
    ) -> Result<Fitted, StageError> {
        let (plan, persons) = (&planned.plan, learnt.persons);
        let mut loss = None;
        let mut advance = |now: learn::Progress| {
            loss = now.loss;
            watch.advance(at as u64 * now.steps + now.step, of as u64 * now.steps);
            if now.step.is_multiple_of(now.steps.div_ceil(50)) || now.step == now.steps {
                watch.note(Stage::Train, &told(planned, now));
            }
        };
        let model = fit_watched(learnt, plan, &mut self.desk.entropy(), &mut advance)?;
        let bytes = model.to_bytes();
        let spend = spend_id(self.task, at);
        let context = model_context(self.version, &spend);
        let object = self
            .desk
            .store
            .write_object(self.key, &context, |out| out.write_all(&bytes))?;
        let asked = planned.guarantee.as_ref();
        Ok(Fitted {
            target: match asked {
                Some(proof) => proof.target,
                None => Epsilon::new(LARGEST)?,
            },
            epsilon: asked.map_or(f64::INFINITY, |proof| proof.epsilon),
            delta: asked.map_or(1.0, |proof| proof.delta),
            plan: plan.clone(),
            sampling_rate: plan.sampling_rate(persons),
            steps: plan.steps(persons),
            spend,
            object,
            digest: seal::digest(&bytes),
            accountant: asked
                .map_or_else(|| "none".to_owned(), |proof| proof.accountant.to_owned()),
            charged: asked.map(|proof| proof.charged),
            loss,
        })
    }
}

/// Loss and spend beside the bar.
fn told(planned: &Planned, now: learn::Progress) -> String {
    let loss = now
        .loss
        .map_or_else(String::new, |loss| format!("loss {loss:.3}"));
    match &planned.guarantee {
        None => format!("{loss}  no privacy"),
        Some(proof) => {
            let spent = planned.spent(now.step).unwrap_or(proof.epsilon);
            let noisy = if now.loss.is_some() { "noisy " } else { "" };
            format!("{noisy}{loss}  epsilon {spent:.2} of {:.2}", proof.epsilon)
        }
    }
}

/// The largest epsilon that can be written down.
const LARGEST: f64 = 1000.0;

pub(super) fn spend_id(task: &Task<'_>, at: usize) -> String {
    format!("{}.model-{}", task.run, at + 1)
}

/// The context that a fitted model is sealed under.
pub(crate) fn model_context(version: &Version, spend: &str) -> String {
    format!("dataset/{}/fitted/{spend}", version.dataset)
}
