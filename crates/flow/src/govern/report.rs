//! The evidence pack of a study's newest run: gathered from what the run kept, rendered, signed.
//!
//! Everything in it is what the run left behind, the catalogue's state as of the run's last line
//! in the log included, so that the same run gives the same bytes whenever it is asked.

mod governing;
mod learning;
mod protecting;

use access::{DataState, Resource};
use domain::{Action, Stage, StudyId};
use evidence::{
    Pack,
    pack::{Outcome, StageRow, Study as StudyHead},
};
use seal::PublicKey;

use crate::{
    Desk, StageError,
    assess::Assessed,
    classify::Classified,
    deidentify::Deidentified,
    encrypt::Sealed,
    figures::Reach,
    ingest::Ingested,
    monitor::Monitored,
    record::{Run, RunState, Step},
    register::Registered,
    run::{Told, effective_study, find_step, find_version, runs_of, step_index},
    serve::Served,
    study::Study,
    train::Trained,
    validate::Validated,
};

/// One run with everything it kept.
pub(crate) struct Kept {
    pub(crate) run: Run,
    pub(crate) study: Study,
    pub(crate) ingested: Option<Step<Ingested>>,
    pub(crate) classified: Option<Step<Classified>>,
    pub(crate) sealed: Option<Step<Sealed>>,
    pub(crate) deidentified: Option<Step<Deidentified>>,
    pub(crate) assessed: Option<Step<Assessed>>,
    pub(crate) trained: Option<Step<Trained>>,
    pub(crate) validated: Option<Step<Validated>>,
    pub(crate) registered: Option<Step<Registered>>,
    pub(crate) served: Option<Step<Served>>,
    pub(crate) monitored: Option<Step<Monitored>>,
    /// What the data that was trained on says about persons.
    state: DataState,
}

/// Whom a pack is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Those who work in the instance.
    Inside,
    /// Whoever it is handed to.
    Outside,
}

/// Gathers the pack of a study's newest run. What leaves the instance shows figures as far as their
/// [`Reach`] goes.
pub fn gather(desk: &Desk<'_>, study: &StudyId, audience: Audience) -> Result<Pack, StageError> {
    let unknown = || StageError::Unknown {
        what: "study",
        name: study.to_string(),
    };
    let run = runs_of(desk, study)?.pop().ok_or_else(unknown)?;
    let kept = Kept::load(desk, run)?;
    let span = governing::span(desk, &kept.run)?;
    let (tested, watched) = (kept.tested(), kept.watched());
    let (tests, drift) = (shown(tested, audience), shown(watched, audience));
    Ok(Pack {
        study: head(&kept),
        stages: stages(desk, &kept, (tests, drift))?,
        sources: protecting::sources(desk, &kept)?,
        field_map: protecting::field_map(&kept)?,
        encryption: protecting::encryption(desk, &kept),
        deidentification: protecting::deidentification(desk, &kept)?,
        risk: protecting::risk(&kept),
        training: learning::training(&kept, tests),
        ledger: learning::ledger(desk, &kept, &span)?,
        validation: learning::validation(&kept, tests, basis(tested, audience)),
        model: learning::model(desk, &kept, &span)?,
        serving: learning::serving(&kept),
        drift: learning::drift(&kept, drift),
        drift_basis: kept.monitored.as_ref().map_or_else(String::new, |step| {
            let own = step.product.charged.as_ref();
            own.map_or_else(
                || basis(watched, audience).to_owned(),
                crate::monitor::DriftCharge::words,
            )
        }),
        alerts: learning::alerts(&kept, drift),
        controls: Some(governing::controls(&span, kept.finished())),
        log: governing::checkpoint(desk, &span)?,
        not_shown: not_shown(tested, audience),
    })
}

/// Every figure of a study's newest run, as people inside the instance see them: the line of the log
/// is written before they are handed out.
pub fn figures(desk: &Desk<'_>, study: &StudyId) -> Result<Pack, StageError> {
    let permit = desk.permit(Action::WriteReport, Resource::report(study), None)?;
    desk.note(&permit, None)?;
    gather(desk, study, Audience::Inside)
}

/// How far figures go in a pack for somebody: those inside see all of them.
const fn shown(reach: Reach, audience: Audience) -> Reach {
    match audience {
        Audience::Inside => Reach::Exact,
        Audience::Outside => reach,
    }
}

/// What is said of figures beside them.
const fn basis(reach: Reach, audience: Audience) -> &'static str {
    match (reach, audience) {
        (Reach::Charged | Reach::Inside, Audience::Inside) => {
            "exact, for use in the instance only: they are in nothing that leaves it"
        }
        (reach, _) => reach.words(),
    }
}

fn not_shown(reach: Reach, audience: Audience) -> Vec<String> {
    let figures = match shown(reach, audience) {
        Reach::Exact => {
            "The privacy cost of the test metrics and of the attacks: they are computed without noise on held-out persons, and no epsilon covers them."
        }
        Reach::Charged => {
            "The exact test metrics, the figures of the attacks and of the probes on persons: they stay in the instance; what is shown has noise and was charged."
        }
        Reach::Inside => {
            "Test metrics, fairness and the figures of the attacks: the data is not de-identified, and the study has no `figures_epsilon` to charge them to."
        }
    };
    let own = std::iter::once(figures);
    own.chain(NOT_SHOWN).map(str::to_owned).collect()
}

/// Renders and signs the pack of a study's newest run; the line in the log comes first.
pub fn write(desk: &Desk<'_>, study: &StudyId) -> Result<Vec<evidence::File>, StageError> {
    let permit = desk.permit(Action::WriteReport, Resource::report(study), None)?;
    let pack = gather(desk, study, Audience::Outside)?;
    let mut files = evidence::render(&pack)?;
    let manifest = files
        .iter()
        .find(|file| file.name == evidence::MANIFEST_FILE);
    let manifest = manifest
        .ok_or(StageError::Stored("a pack without a manifest"))?
        .bytes
        .clone();
    desk.store
        .record(desk.event(&permit, None)?.digest(seal::digest(&manifest)))?;
    let signature = desk.store.keyring().sign_checkpoint(&manifest);
    let signature = serde_json::to_vec(&signature)
        .map_err(|_| StageError::Stored("a signature that is not JSON"))?;
    files.push(evidence::File {
        name: evidence::SIGNATURE_FILE.to_owned(),
        bytes: signature,
    });
    let key = desk.store.log_public_key_pem();
    files.push(evidence::File {
        name: evidence::KEY_FILE.to_owned(),
        bytes: key.into_bytes(),
    });
    Ok(files)
}

/// Checks a pack offline. Without a trusted key the pack's own is used: that shows that the pack
/// is whole, not who made it.
pub fn verify(
    files: &[(String, Vec<u8>)],
    trusted: Option<&PublicKey>,
) -> Result<evidence::Verified, StageError> {
    let named = |name: &str| {
        files
            .iter()
            .find(|(file, _)| file == name)
            .map(|(_, bytes)| bytes)
    };
    let signature = named(evidence::SIGNATURE_FILE).ok_or(StageError::Unsigned)?;
    let signature = serde_json::from_slice(signature).map_err(|_| StageError::Unsigned)?;
    let own_key = || {
        let pem = named(evidence::KEY_FILE).and_then(|bytes| str::from_utf8(bytes).ok());
        Ok::<_, StageError>(PublicKey::from_pem(pem.ok_or(StageError::Unsigned)?)?)
    };
    let key = trusted.cloned().map_or_else(own_key, Ok)?;
    Ok(evidence::verify(files, &signature, &key)?)
}

impl Kept {
    fn load(desk: &Desk<'_>, run: Run) -> Result<Self, StageError> {
        let study = effective_study(desk, &Study::parse(&run.file)?, &run)?;
        let id = run.id.clone();
        let trained: Option<Step<Trained>> = find_step(desk, &id, Stage::Train)?;
        let state = match &trained {
            Some(step) => find_version(desk, &step.product.version)?.state,
            None => DataState::NoData,
        };
        Ok(Self {
            state,
            study,
            ingested: find_step(desk, &id, Stage::Ingest)?,
            classified: find_step(desk, &id, Stage::Classify)?,
            sealed: find_step(desk, &id, Stage::Encrypt)?,
            deidentified: find_step(desk, &id, Stage::Deidentify)?,
            assessed: find_step(desk, &id, Stage::Assess)?,
            trained,
            validated: find_step(desk, &id, Stage::Validate)?,
            registered: find_step(desk, &id, Stage::Register)?,
            served: find_step(desk, &id, Stage::Serve)?,
            monitored: find_step(desk, &id, Stage::Monitor)?,
            run,
        })
    }

    /// How far the figures of the validation may go.
    fn tested(&self) -> Reach {
        let charged = self
            .validated
            .as_ref()
            .is_some_and(|step| step.product.figures.is_some());
        Reach::of(charged, self.state)
    }

    /// How far the figures of the monitoring may go.
    fn watched(&self) -> Reach {
        let charged = self
            .monitored
            .as_ref()
            .is_some_and(|step| step.product.charged.is_some());
        Reach::of(charged, self.state)
    }

    /// Stage by stage: when it began and ended, and what it says about itself to a reader for whom
    /// the figures of tests and of monitoring go so far.
    fn told(&self, (tests, drift): (Reach, Reach)) -> Vec<(Stage, Option<Line>)> {
        vec![
            (Stage::Ingest, line(self.ingested.as_ref())),
            (Stage::Classify, line(self.classified.as_ref())),
            (Stage::Encrypt, line(self.sealed.as_ref())),
            (Stage::Deidentify, line(self.deidentified.as_ref())),
            (Stage::Assess, line(self.assessed.as_ref())),
            (Stage::Train, line(self.trained.as_ref())),
            (
                Stage::Validate,
                retold(self.validated.as_ref(), |it| it.told_outside(tests)),
            ),
            (Stage::Register, line(self.registered.as_ref())),
            (Stage::Serve, line(self.served.as_ref())),
            (
                Stage::Monitor,
                retold(self.monitored.as_ref(), |it| it.told_outside(drift)),
            ),
        ]
    }

    fn finished(&self) -> domain::Timestamp {
        let ends = self
            .told((Reach::Inside, Reach::Inside))
            .into_iter()
            .filter_map(|(_, line)| line)
            .map(|line| line.finished);
        ends.max().unwrap_or(self.run.started)
    }
}

/// What a stage says about itself.
struct Line {
    seconds: f64,
    finished: domain::Timestamp,
    produced: String,
    proved: String,
}

fn line<T: Told>(step: Option<&Step<T>>) -> Option<Line> {
    retold(step, |product| (product.produced(), product.proved()))
}

fn retold<T>(step: Option<&Step<T>>, told: impl Fn(&T) -> (String, String)) -> Option<Line> {
    let step = step?;
    let (produced, proved) = told(&step.product);
    let millis = step
        .finished
        .as_millis()
        .saturating_sub(step.started.as_millis());
    Some(Line {
        seconds: millis as f64 / 1000.0,
        finished: step.finished,
        produced,
        proved,
    })
}

fn head(kept: &Kept) -> StudyHead {
    let declared = &kept.study.study;
    StudyHead {
        title: declared.title.clone(),
        id: declared.name.clone(),
        owner: declared.owner.clone(),
        purpose: declared.purpose,
        legal_basis: declared.legal_basis,
        run: kept.run.id.clone(),
        started: kept.run.started,
        finished: kept.finished(),
        program: concat!("cloister ", env!("CARGO_PKG_VERSION")).to_owned(),
        synthetic: declared.purpose == domain::Purpose::Demonstration,
    }
}

fn stages(
    desk: &Desk<'_>,
    kept: &Kept,
    reach: (Reach, Reach),
) -> Result<Vec<StageRow>, StageError> {
    let mut rows = Vec::new();
    for (stage, line) in kept.told(reach) {
        let asked = kept.study.asks_for(stage);
        let outcome = outcome(kept, line.is_some(), asked);
        rows.push(match line {
            Some(line) => StageRow {
                stage,
                outcome,
                seconds: Some(line.seconds),
                produced: line.produced,
                proved: line.proved,
                log_index: step_index(desk, &kept.run.id, stage)?,
            },
            None => StageRow {
                stage,
                outcome,
                seconds: None,
                produced: if asked {
                    "-".to_owned()
                } else {
                    "not asked for".to_owned()
                },
                proved: "-".to_owned(),
                log_index: None,
            },
        });
    }
    Ok(rows)
}

const fn outcome(kept: &Kept, done: bool, asked: bool) -> Outcome {
    match (done, asked, kept.run.state) {
        (true, ..) => Outcome::Done,
        (false, true, RunState::Stopped) => Outcome::Failed,
        _ => Outcome::Skipped,
    }
}

/// What this edition of the product does not do, said where the reader looks for it.
const NOT_SHOWN: [&str; 8] = [
    "Whether the organisation keeps the law: people judge that, with this as evidence.",
    "Actual knowledge that a person could be identified (45 CFR 164.514(b)(2)(ii)): to be attested by a person.",
    "Population uniqueness, l-diversity and t-closeness: the sample is taken for the population, which overstates the risk.",
    "That the attack would catch every overfitting: its control is a twin trained on coin-flip labels, which shows that memorised labels are caught.",
    "How many identifiers in running text were missed: rules find most and not all, and only values that a column knows can be searched for afterwards.",
    "Several operators, log-in and multi-factor authentication: there is one local operator who holds the passphrase.",
    "Network doors: there is no server yet, so nothing is said about TLS, API limits or sessions.",
    "External witnesses of the log: log and checkpoints set back together would be noticed only against a copy kept elsewhere.",
];
