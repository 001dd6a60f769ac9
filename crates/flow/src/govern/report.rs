//! The evidence pack of a study's newest run: gathered from what the run kept, rendered, signed.
//!
//! Everything in it is what the run left behind, the catalogue's state as of the run's last line
//! in the log included, so that the same run gives the same bytes whenever it is asked.

mod governing;
mod learning;
mod protecting;

use access::Resource;
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
    ingest::Ingested,
    monitor::Monitored,
    record::{Run, RunState, Step},
    register::Registered,
    run::{Told, effective_study, find_step, runs_of, step_index},
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
}

/// Gathers the pack of a study's newest run.
pub fn gather(desk: &Desk<'_>, study: &StudyId) -> Result<Pack, StageError> {
    let unknown = || StageError::Unknown {
        what: "study",
        name: study.to_string(),
    };
    let run = runs_of(desk, study)?.pop().ok_or_else(unknown)?;
    let kept = Kept::load(desk, run)?;
    let span = governing::span(desk, &kept.run)?;
    Ok(Pack {
        study: head(&kept),
        stages: stages(desk, &kept)?,
        sources: protecting::sources(desk, &kept)?,
        field_map: protecting::field_map(&kept)?,
        encryption: protecting::encryption(desk, &kept),
        deidentification: protecting::deidentification(desk, &kept)?,
        risk: protecting::risk(&kept),
        training: learning::training(&kept),
        ledger: learning::ledger(desk, &kept, &span)?,
        validation: learning::validation(&kept),
        model: learning::model(desk, &kept, &span)?,
        serving: learning::serving(&kept),
        drift: learning::drift(&kept),
        alerts: learning::alerts(&kept),
        controls: Some(governing::controls(&span, kept.finished())),
        log: governing::checkpoint(desk, &span)?,
        not_shown: NOT_SHOWN.iter().map(|line| (*line).to_owned()).collect(),
    })
}

/// Renders and signs the pack of a study's newest run; the line in the log comes first.
pub fn write(desk: &Desk<'_>, study: &StudyId) -> Result<Vec<evidence::File>, StageError> {
    let permit = desk.permit(Action::WriteReport, Resource::report(study), None)?;
    let pack = gather(desk, study)?;
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
        Ok(Self {
            study,
            ingested: find_step(desk, &id, Stage::Ingest)?,
            classified: find_step(desk, &id, Stage::Classify)?,
            sealed: find_step(desk, &id, Stage::Encrypt)?,
            deidentified: find_step(desk, &id, Stage::Deidentify)?,
            assessed: find_step(desk, &id, Stage::Assess)?,
            trained: find_step(desk, &id, Stage::Train)?,
            validated: find_step(desk, &id, Stage::Validate)?,
            registered: find_step(desk, &id, Stage::Register)?,
            served: find_step(desk, &id, Stage::Serve)?,
            monitored: find_step(desk, &id, Stage::Monitor)?,
            run,
        })
    }

    /// Stage by stage: when it began and ended, and what it says about itself.
    fn told(&self) -> Vec<(Stage, Option<Line>)> {
        vec![
            (Stage::Ingest, line(self.ingested.as_ref())),
            (Stage::Classify, line(self.classified.as_ref())),
            (Stage::Encrypt, line(self.sealed.as_ref())),
            (Stage::Deidentify, line(self.deidentified.as_ref())),
            (Stage::Assess, line(self.assessed.as_ref())),
            (Stage::Train, line(self.trained.as_ref())),
            (Stage::Validate, line(self.validated.as_ref())),
            (Stage::Register, line(self.registered.as_ref())),
            (Stage::Serve, line(self.served.as_ref())),
            (Stage::Monitor, line(self.monitored.as_ref())),
        ]
    }

    fn finished(&self) -> domain::Timestamp {
        let ends = self
            .told()
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
    let step = step?;
    let millis = step
        .finished
        .as_millis()
        .saturating_sub(step.started.as_millis());
    Some(Line {
        seconds: millis as f64 / 1000.0,
        finished: step.finished,
        produced: step.product.produced(),
        proved: step.product.proved(),
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

fn stages(desk: &Desk<'_>, kept: &Kept) -> Result<Vec<StageRow>, StageError> {
    let mut rows = Vec::new();
    for (stage, line) in kept.told() {
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
const NOT_SHOWN: [&str; 11] = [
    "Whether the organisation keeps the law: people judge that, with this as evidence.",
    "Actual knowledge that a person could be identified (45 CFR 164.514(b)(2)(ii)): to be attested by a person.",
    "Population uniqueness, l-diversity and t-closeness: the sample is taken for the population, which overstates the risk.",
    "A tighter privacy accountant than RDP: the epsilon printed is an upper bound.",
    "The privacy cost of the test metrics and of the attack: they are computed on held-out persons and are not covered by the model's epsilon.",
    "Attacks stronger than the loss threshold attack, such as LiRA.",
    "That the attack would catch every overfitting: its control is a twin trained on coin-flip labels, which shows that memorised labels are caught.",
    "How many identifiers in running text were missed: rules find most and not all, and only values that a column knows can be searched for afterwards.",
    "Several operators, log-in and multi-factor authentication: there is one local operator who holds the passphrase.",
    "Network doors: there is no server yet, so nothing is said about TLS, API limits or sessions.",
    "External witnesses of the log: log and checkpoints set back together would be noticed only against a copy kept elsewhere.",
];
