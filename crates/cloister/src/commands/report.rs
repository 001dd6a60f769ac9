//! `cloister report`: write a study's evidence pack, verify one offline.

use std::{
    fs,
    path::{Path, PathBuf},
};

use domain::StudyId;
use flow::Desk;
use seal::PublicKey;
use serde_json::json;

use crate::{
    arguments::{Arguments, Report, ReportVerb},
    commands::{audit::write, study::study_id},
    failure::Failure,
    files,
    screen::Screen,
    wire::Instance,
};

pub(super) fn run(arguments: &Arguments, report: &Report, screen: Screen) -> Result<(), Failure> {
    match &report.verb {
        Some(ReportVerb::Verify { folder, key }) => verify(folder, key.as_deref(), screen),
        None => write_report(arguments, report, screen),
    }
}

fn write_report(arguments: &Arguments, report: &Report, screen: Screen) -> Result<(), Failure> {
    let study = study_id(report.study.as_deref().unwrap_or_default())?;
    let instance = Instance::open(arguments)?;
    let folder = report
        .output
        .clone()
        .unwrap_or_else(|| default_folder(&arguments.home, &study));
    write_pack(&instance.desk(), &study, &folder)?;
    let page = folder.join("report.html");
    screen.result(
        &format!(
            "evidence pack written to {}\nopen {}\ncheck it anywhere: cloister report verify {}",
            folder.display(),
            page.display(),
            folder.display()
        ),
        &json!({ "folder": folder, "page": page }),
    );
    Ok(())
}

/// Where reports go when nobody says: beside the instance, never inside its sealed folder.
pub(super) fn default_folder(home: &Path, study: &StudyId) -> PathBuf {
    let name = home.file_name().map_or_else(
        || "cloister".to_owned(),
        |name| name.to_string_lossy().into_owned(),
    );
    home.with_file_name(format!("{name}-reports"))
        .join(study.as_str())
}

/// Gathers, renders, signs and writes a pack.
pub(super) fn write_pack(desk: &Desk<'_>, study: &StudyId, folder: &Path) -> Result<(), Failure> {
    let pack = flow::govern::report::write(desk, study)?;
    for file in &pack {
        write(&folder.join(&file.name), &file.bytes)?;
    }
    Ok(())
}

fn verify(folder: &Path, key: Option<&Path>, screen: Screen) -> Result<(), Failure> {
    let mut contents = Vec::new();
    for entry in fs::read_dir(folder)
        .map_err(|cause| files::unreadable(folder, &cause))?
        .flatten()
    {
        let name = entry.file_name().to_string_lossy().into_owned();
        contents.push((name, files::read_bytes(&entry.path())?));
    }
    contents.sort();
    let trusted = key
        .map(|path| Ok::<_, Failure>(PublicKey::from_pem(&files::read_text(path)?)?))
        .transpose()?;
    let verified = flow::govern::report::verify(&contents, trusted.as_ref())?;
    let whose = if trusted.is_some() {
        "the key you named"
    } else {
        "the key in the pack; name a key you trust with --key"
    };
    screen.result(
        &format!("the pack holds: {} files, manifest {}, signed by {whose}", verified.files.len(), verified.manifest),
        &json!({ "holds": true, "files": verified.files, "manifest": verified.manifest, "trusted_key": trusted.is_some() }),
    );
    Ok(())
}
