//! One run of a study: the stages it asks for, in order, each kept before the next begins.

use std::cell::Cell;

use audit::Outcome;
use domain::{Action, Exit, Explain, RunId, Stage, StudyId, Timestamp};
use serde::{Serialize, de::DeserializeOwned};
use store::{Noun, Transaction};

use crate::{
    Desk, SourceFiles, StageError, Watch, assess, classify, deidentify,
    desk::Cause,
    encrypt, ingest, monitor, operate,
    record::{Run, RunState, Step, Version, VersionRef},
    register, serve,
    study::Study,
    train, validate,
};
use access::Resource;

/// What a stage says about itself on the screen and in the report.
pub trait Told {
    /// What it produced, in a few words.
    fn produced(&self) -> String;
    /// What it proved, in a few words.
    fn proved(&self) -> String;
}

/// What every stage of a run knows.
#[derive(Debug)]
pub struct Task<'a> {
    /// The study.
    pub study: &'a Study,
    /// The run.
    pub run: RunId,
    /// What the study declares about every act.
    pub cause: Cause,
    began: Cell<Timestamp>,
}

impl<'a> Task<'a> {
    /// The task of a run.
    pub fn new(study: &'a Study, run: &Run) -> Self {
        let cause = Cause {
            study: study.study.name.clone(),
            run: Some(run.id.clone()),
            purpose: study.study.purpose,
            basis: study.study.legal_basis,
        };
        Self {
            study,
            run: run.id.clone(),
            cause,
            began: Cell::new(run.started),
        }
    }

    /// Keeps what a stage made, in the transaction that makes it visible.
    pub(crate) fn keep_step<T: Serialize>(
        &self,
        transaction: &mut Transaction<'_>,
        desk: &Desk<'_>,
        stage: Stage,
        product: &T,
    ) -> Result<(), StageError> {
        let step = Step {
            stage,
            started: self.began.get(),
            finished: desk.now(),
            product,
        };
        transaction.insert(Noun::Step, &step_key(&self.run, stage), &step)?;
        Ok(())
    }

    /// What an earlier stage of this run made.
    pub(crate) fn product<T: DeserializeOwned>(
        &self,
        desk: &Desk<'_>,
        stage: Stage,
    ) -> Result<T, StageError> {
        let step = find_step::<T>(desk, &self.run, stage)?;
        step.map(|step| step.product)
            .ok_or(StageError::Order { needs: stage })
    }

    /// The version a later stage works on: the released one, else the de-identified, else the raw.
    /// A study without sources works on the newest version of its dataset, and after training on
    /// the version that was trained on.
    pub(crate) fn newest_version(&self, desk: &Desk<'_>) -> Result<Version, StageError> {
        if let Some(dataset) = self
            .study
            .study
            .dataset
            .as_ref()
            .filter(|_| self.study.source.is_empty())
        {
            return match find_step::<train::Trained>(desk, &self.run, Stage::Train)? {
                Some(step) => find_version(desk, &step.product.version),
                None => operate::dataset::find(desk, dataset.as_str()),
            };
        }
        let assessed = find_step::<assess::Assessed>(desk, &self.run, Stage::Assess)?;
        if let Some(step) = assessed {
            return find_version(desk, &step.product.version);
        }
        self.unassessed_version(desk)
    }

    /// The de-identified version where there is one, else the raw.
    pub(crate) fn unassessed_version(&self, desk: &Desk<'_>) -> Result<Version, StageError> {
        match find_step::<deidentify::Deidentified>(desk, &self.run, Stage::Deidentify)? {
            Some(step) => find_version(desk, &step.product.version),
            None => self.raw_version(desk),
        }
    }

    /// The version that was ingested.
    pub(crate) fn raw_version(&self, desk: &Desk<'_>) -> Result<Version, StageError> {
        find_version(
            desk,
            &self
                .product::<ingest::Ingested>(desk, Stage::Ingest)?
                .version,
        )
    }
}

/// What a finished run leaves.
#[derive(Debug)]
pub struct Finished {
    /// The run.
    pub run: RunId,
    /// The study.
    pub study: StudyId,
    /// Whether an interrupted run was taken up.
    pub resumed: bool,
}

/// Runs a study file through the stages it asks for.
///
/// An interrupted run of the same file is taken up after its last kept stage. A run that a gate or
/// a rule stopped is closed, and the next call starts afresh.
pub fn run_study(
    desk: &Desk<'_>,
    file: &str,
    files: &dyn SourceFiles,
    watch: &mut dyn Watch,
) -> Result<Finished, StageError> {
    let study = Study::parse(file)?;
    let (run, resumed) = open_run(desk, &study, file)?;
    for stage in Stage::ALL
        .into_iter()
        .filter(|stage| study.asks_for(*stage))
    {
        let done = step_exists(desk, &run.id, stage)?;
        let study = effective_study(desk, &study, &run)?;
        let task = Task::new(&study, &run);
        if done {
            taken_up(desk, &task, stage)?;
            continue;
        }
        task.began.set(desk.now());
        watch.begin(stage);
        if let Err(error) = perform(desk, &task, stage, files, watch) {
            watch.end(stage, "stopped");
            return Err(close_stopped(desk, &task, &run, stage, error));
        }
        watch.end(stage, "");
    }
    close(desk, &Task::new(&study, &run), &run, RunState::Done, None)?;
    Ok(Finished {
        run: run.id,
        study: run.study,
        resumed,
    })
}

/// What must hold of a stage that is done before the run goes on.
fn taken_up(desk: &Desk<'_>, task: &Task<'_>, stage: Stage) -> Result<(), StageError> {
    if stage != Stage::Validate {
        return Ok(());
    }
    let trained: train::Trained = task.product(desk, Stage::Train)?;
    validate::refuse_unaccepted(desk, task, &trained)
}

/// The study as later stages of a run see it: with the inputs that training measured, where its
/// file asks for that.
pub(crate) fn effective_study(
    desk: &Desk<'_>,
    study: &Study,
    run: &Run,
) -> Result<Study, StageError> {
    let mut study = study.clone();
    if let Some(step) = find_step::<train::Trained>(desk, &run.id, Stage::Train)? {
        step.product.complete(&mut study);
    }
    Ok(study)
}

fn perform(
    desk: &Desk<'_>,
    task: &Task<'_>,
    stage: Stage,
    files: &dyn SourceFiles,
    watch: &mut dyn Watch,
) -> Result<(), StageError> {
    let cause = &task.cause;
    match stage {
        Stage::Ingest => {
            let permit = ingest::permit(desk, task.study, cause)?;
            ingest::ingest(&permit, desk, task, files, watch).map(drop)
        }
        Stage::Classify => {
            let permit = dataset_permit(desk, task, Action::Classify, &task.raw_version(desk)?)?;
            classify::classify(&permit, desk, task, watch).map(drop)
        }
        Stage::Encrypt => {
            let permit = dataset_permit(desk, task, Action::Encrypt, &task.raw_version(desk)?)?;
            encrypt::encrypt(&permit, desk, task, watch).map(drop)
        }
        Stage::Deidentify => {
            let permit = dataset_permit(desk, task, Action::Deidentify, &task.raw_version(desk)?)?;
            deidentify::deidentify(&permit, desk, task, watch).map(drop)
        }
        Stage::Assess => {
            let permit = dataset_permit(desk, task, Action::Assess, &task.raw_version(desk)?)?;
            assess::assess(&permit, desk, task, watch).map(drop)
        }
        Stage::Train => {
            let permit = dataset_permit(desk, task, Action::Train, &task.newest_version(desk)?)?;
            train::train(&permit, desk, task, watch).map(drop)
        }
        Stage::Validate => {
            let permit = dataset_permit(desk, task, Action::Validate, &task.newest_version(desk)?)?;
            validate::validate(&permit, desk, task, watch).map(drop)
        }
        Stage::Register => {
            let permit = register::permit(desk, task)?;
            register::register(&permit, desk, task).map(drop)
        }
        Stage::Serve => {
            let permit = serve::permit(desk, &serve::model_of(task)?, Some(cause))?;
            serve::try_out(&permit, desk, task).map(drop)
        }
        Stage::Monitor => {
            let permit = monitor::permit(desk, &serve::model_of(task)?, Some(cause))?;
            monitor::watch_study(&permit, desk, task, files).map(drop)
        }
    }
}

/// A permit for an act on a dataset version, in the state that the version has.
pub(crate) fn dataset_permit(
    desk: &Desk<'_>,
    task: &Task<'_>,
    action: Action,
    version: &Version,
) -> Result<access::Permit, StageError> {
    let resource =
        Resource::dataset(&version.dataset, version.state).within(task.cause.study.clone());
    desk.permit(action, resource, Some(&task.cause))
}

/// Takes up the newest run when it is open and of the same file, else begins the next.
fn open_run(desk: &Desk<'_>, study: &Study, file: &str) -> Result<(Run, bool), StageError> {
    let name = &study.study.name;
    let permit = desk.permit(
        Action::RunStudy,
        Resource::study(name),
        Some(&declared(study, None)),
    )?;
    register::check_asked(desk, study)?;
    let digest = seal::digest(file.as_bytes());
    let earlier = runs_of(desk, name)?;
    if let Some(run) = earlier
        .last()
        .filter(|run| run.state == RunState::Open && run.digest == digest)
    {
        return Ok((run.clone(), true));
    }
    let id = RunId::new(format!("{name}.{}", earlier.len() + 1))
        .map_err(|_| StageError::Stored("a run's id"))?;
    let run = Run {
        id,
        study: name.clone(),
        file: file.to_owned(),
        digest,
        started: desk.now(),
        state: RunState::Open,
    };
    let mut transaction = desk.store.begin()?;
    transaction.insert(Noun::Run, run.id.as_str(), &run)?;
    let mut event = desk.event(&permit, Some(&declared(study, Some(run.id.clone()))))?;
    event.digest = Some(digest);
    transaction.commit(event)?;
    Ok((run, false))
}

fn declared(study: &Study, run: Option<RunId>) -> Cause {
    Cause {
        study: study.study.name.clone(),
        run,
        purpose: study.study.purpose,
        basis: study.study.legal_basis,
    }
}

/// A refusal or a gate closes the run; anything else, and a model that waits for an officer, leaves
/// it open to be taken up.
fn close_stopped(
    desk: &Desk<'_>,
    task: &Task<'_>,
    run: &Run,
    stage: Stage,
    error: StageError,
) -> StageError {
    let waits = matches!(error, StageError::NotAccepted { .. });
    if waits || !matches!(error.code().exit(), Exit::Refused | Exit::Gate) {
        return error;
    }
    match close(desk, task, run, RunState::Stopped, Some((stage, &error))) {
        Ok(()) => error,
        Err(later) => later,
    }
}

fn close(
    desk: &Desk<'_>,
    task: &Task<'_>,
    run: &Run,
    state: RunState,
    why: Option<(Stage, &StageError)>,
) -> Result<(), StageError> {
    let permit = desk.permit(
        Action::RunStudy,
        Resource::study(&run.study),
        Some(&task.cause),
    )?;
    let mut event = desk.event(&permit, Some(&task.cause))?;
    if let Some((_, error)) = why {
        event.outcome = Outcome::Failed;
        event = event.code(error.code());
    }
    let mut transaction = desk.store.begin()?;
    let kept = transaction
        .find::<Run>(Noun::Run, run.id.as_str())?
        .ok_or(StageError::Stored("the run is gone"))?;
    transaction.replace(
        Noun::Run,
        run.id.as_str(),
        kept.revision,
        &Run {
            state,
            ..run.clone()
        },
    )?;
    transaction.commit(event)?;
    Ok(())
}

/// The runs of a study, oldest first.
pub fn runs_of(desk: &Desk<'_>, study: &StudyId) -> Result<Vec<Run>, StageError> {
    let mut runs: Vec<Run> = desk
        .store
        .list::<Run>(Noun::Run)?
        .into_iter()
        .map(|record| record.body)
        .collect();
    runs.retain(|run| run.study == *study);
    runs.sort_by_key(|run| run_number(&run.id));
    Ok(runs)
}

fn run_number(run: &RunId) -> u64 {
    run.as_str()
        .rsplit('.')
        .next()
        .and_then(|number| number.parse().ok())
        .unwrap_or(0)
}

fn step_key(run: &RunId, stage: Stage) -> String {
    format!("{run}/{stage}")
}

fn step_exists(desk: &Desk<'_>, run: &RunId, stage: Stage) -> Result<bool, StageError> {
    Ok(find_step::<serde_json::Value>(desk, run, stage)?.is_some())
}

/// What a stage of a run made, if it is done.
pub fn find_step<T: DeserializeOwned>(
    desk: &Desk<'_>,
    run: &RunId,
    stage: Stage,
) -> Result<Option<Step<T>>, StageError> {
    Ok(desk
        .store
        .find::<Step<T>>(Noun::Step, &step_key(run, stage))?
        .map(|record| record.body))
}

/// The log's entry of a stage of a run.
pub(crate) fn step_index(
    desk: &Desk<'_>,
    run: &RunId,
    stage: Stage,
) -> Result<Option<u64>, StageError> {
    let record = desk
        .store
        .find::<serde_json::Value>(Noun::Step, &step_key(run, stage))?;
    Ok(record
        .and_then(|record| record.position)
        .map(store::Position::index))
}

/// A version that a run made.
pub fn find_version(desk: &Desk<'_>, place: &VersionRef) -> Result<Version, StageError> {
    let found = desk.store.find::<Version>(Noun::Version, &place.key())?;
    let found = found.ok_or(StageError::Stored("a version that a run made is gone"))?;
    Ok(found.body)
}

/// Digits in groups of three.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The first digits of a digest.
pub(crate) fn short(id: &str) -> &str {
    id.get(..12).unwrap_or(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_for_people() {
        assert_eq!(
            [0, 999, 1_000, 1_234_567].map(grouped),
            ["0", "999", "1,000", "1,234,567"]
        );
    }
}
