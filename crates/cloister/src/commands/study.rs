//! `cloister study`: run a study, see what ran.

mod figures;

use std::path::{Path, PathBuf};

use domain::{Stage, StudyId};
use flow::{Study, govern::report::Audience, run_study};
use serde_json::json;

use crate::{
    arguments::{Arguments, StudyVerb},
    codes,
    commands::report,
    failure::Failure,
    files::{self, Folder},
    progress::Bars,
    screen::{self, Screen},
    wire::Instance,
};

pub(super) fn run(arguments: &Arguments, verb: &StudyVerb, screen: Screen) -> Result<(), Failure> {
    match verb {
        StudyVerb::Run { file, output } => run_file(arguments, file, output.as_deref(), screen),
        StudyVerb::Check { file } => check(file, screen),
        StudyVerb::List => list(arguments, screen),
        StudyVerb::Show { study } => show(arguments, study, screen),
        StudyVerb::Figures { study } => figures::show(arguments, study, screen),
    }
}

fn run_file(
    arguments: &Arguments,
    file: &Path,
    output: Option<&Path>,
    screen: Screen,
) -> Result<(), Failure> {
    let text = files::read_text(file)?;
    Study::parse(&text)?;
    let instance = Instance::open(arguments)?;
    let study = perform(&instance, &text, folder_of(file), screen)?;
    if let Some(output) = output {
        report::write_pack(&instance.desk(), &study, output)?;
        screen.message(&format!(
            "evidence pack: {}",
            output.join("report.html").display()
        ));
    }
    show_summary(&instance, &study, screen)
}

/// Runs a study text whose sources lie in a folder.
pub(super) fn perform(
    instance: &Instance,
    text: &str,
    folder: PathBuf,
    screen: Screen,
) -> Result<StudyId, Failure> {
    let finished = run_study(
        &instance.desk(),
        text,
        &Folder(folder),
        &mut Bars::new(screen),
    )?;
    if finished.resumed {
        screen.message("an interrupted run was taken up after its last kept stage");
    }
    Ok(finished.study)
}

/// The one-screen summary of a study's newest run.
pub(super) fn show_summary(
    instance: &Instance,
    study: &StudyId,
    screen: Screen,
) -> Result<(), Failure> {
    let pack = flow::govern::report::gather(&instance.desk(), study, Audience::Inside)?;
    let document = serde_json::to_value(&pack.stages).unwrap_or_default();
    screen.result(
        &evidence::summary_screen(&pack),
        &json!({ "study": study, "run": pack.study.run, "stages": document }),
    );
    Ok(())
}

fn check(file: &Path, screen: Screen) -> Result<(), Failure> {
    let study = Study::parse(&files::read_text(file)?)?;
    let stages: Vec<&str> = Stage::ALL
        .iter()
        .filter(|stage| study.asks_for(**stage))
        .map(|stage| stage.word())
        .collect();
    screen.result(
        &format!(
            "study {} is sound; it asks for: {}",
            study.study.name,
            stages.join(", ")
        ),
        &json!({ "study": study.study.name, "stages": stages }),
    );
    Ok(())
}

fn list(arguments: &Arguments, screen: Screen) -> Result<(), Failure> {
    let instance = Instance::open(arguments)?;
    let runs = flow::operate::runs(&instance.desk())?;
    let mut rows = vec![
        ["run", "study", "started", "state"]
            .map(str::to_owned)
            .to_vec(),
    ];
    rows.extend(runs.iter().map(|run| {
        vec![
            run.id.to_string(),
            run.study.to_string(),
            run.started.to_string(),
            run.state.to_string(),
        ]
    }));
    screen.result(&screen::table(&rows), &json!(runs));
    Ok(())
}

fn show(arguments: &Arguments, study: &str, screen: Screen) -> Result<(), Failure> {
    let instance = Instance::open(arguments)?;
    show_summary(&instance, &study_id(study)?, screen)
}

/// A study's id from the command line.
pub(super) fn study_id(word: &str) -> Result<StudyId, Failure> {
    StudyId::new(word).map_err(|error| {
        Failure::new(
            codes::WORDS,
            format!("this is not the name of a study: {error}"),
            "see `cloister study list`",
        )
    })
}

fn folder_of(file: &Path) -> PathBuf {
    file.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
        .to_owned()
}
