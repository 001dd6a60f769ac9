//! `cloister retention`: how long things are kept, and how they end.

use std::path::Path;

use domain::{DatasetId, ModelId};
use flow::operate::{
    disposal::{self, BackupState, Certificate, Search, Signed, Subject, Wanted},
    retention::{self, Class, Standing},
};
use seal::PublicKey;
use serde_json::json;

use crate::{
    arguments::{Arguments, Disposed, KeepingVerb, Kept},
    codes,
    failure::Failure,
    files,
    screen::{self, Screen},
    wire::Instance,
};

pub(super) fn run(
    arguments: &Arguments,
    verb: &KeepingVerb,
    screen: Screen,
) -> Result<(), Failure> {
    if let KeepingVerb::Verify { file, key } = verb {
        return verify(file, key.as_deref(), screen);
    }
    let instance = Instance::open(arguments)?;
    let desk = instance.desk();
    match verb {
        KeepingVerb::Verify { .. } => {}
        KeepingVerb::Dispose {
            of,
            early,
            backup,
            output,
        } => {
            let wanted = Wanted {
                subject: subject(of)?,
                early: *early,
                folders: backup.clone(),
            };
            show(
                &disposal::dispose(&desk, &wanted)?,
                output.as_deref(),
                screen,
            )?;
        }
        KeepingVerb::Purge { folder } => {
            let renewed = disposal::purge_later(&desk, folder)?;
            let mut all = Vec::new();
            for signed in &renewed {
                all.push(signed.certificate()?);
            }
            let complete = all.iter().filter(|one| one.complete).count();
            screen.result(
                &format!(
                    "{} certificates renewed, {complete} of them complete",
                    all.len()
                ),
                &json!(all),
            );
        }
        KeepingVerb::Certificate { of, output } => {
            let subject = subject(of)?;
            let found = disposal::certificate_of(&desk, &subject)?;
            let found = found.ok_or_else(|| {
                Failure::new(
                    codes::WORDS,
                    format!("`{}` was not disposed of", subject.name()),
                    "see `cloister retention list`",
                )
            })?;
            show(&found, output.as_deref(), screen)?;
        }
        KeepingVerb::List => list(&retention::standings(&desk)?, screen),
        KeepingVerb::Set { kept, years } => {
            let set = retention::schedule(&desk, class(kept)?, &kept.name, *years)?;
            screen.result(
                &format!(
                    "{} `{}` is kept for {} years from its making",
                    set.class.word(),
                    set.name,
                    set.years
                ),
                &json!(set),
            );
        }
        KeepingVerb::Hold { kept, matter } => {
            let hold = retention::hold(&desk, class(kept)?, &kept.name, matter)?;
            screen.result(
                &format!(
                    "{} `{}` is held for `{matter}`: nothing of it is disposed of",
                    hold.class.word(),
                    hold.name
                ),
                &json!(hold),
            );
        }
        KeepingVerb::Lift { kept, matter } => {
            let hold = retention::lift(&desk, class(kept)?, &kept.name, matter)?;
            screen.result(
                &format!("the hold for `{matter}` on `{}` is lifted", hold.name),
                &json!(hold),
            );
        }
    }
    Ok(())
}

/// Shows a certificate, and writes it with its signature where that is asked for.
fn show(signed: &Signed, output: Option<&Path>, screen: Screen) -> Result<(), Failure> {
    let certificate = signed.certificate()?;
    if let Some(path) = output {
        let text = serde_json::to_string_pretty(signed).unwrap_or_default();
        super::audit::write(path, text.as_bytes())?;
    }
    screen.result(&told(&certificate), &json!(certificate));
    Ok(())
}

fn told(certificate: &Certificate) -> String {
    let mut lines = vec![
        format!(
            "{}: {} of {} keys; {} objects ({} bytes) cannot be opened by anybody any more",
            certificate.subject,
            certificate.method,
            certificate.keys.len(),
            certificate.objects,
            certificate.bytes
        ),
        going_along(certificate),
        match &certificate.search {
            Search::Made { files, bytes } => {
                format!("no copy of a wrapped key in {files} files ({bytes} bytes) of the instance")
            }
            Search::NotMade => "copies were not searched for: the keys were gone before".to_owned(),
        },
    ];
    lines.retain(|line| !line.is_empty());
    for backup in &certificate.backups {
        let state = match backup.state {
            BackupState::Purged => "holds the keys no more",
            BackupState::NotReached => "COULD NOT BE REACHED and may still hold the keys",
        };
        lines.push(format!("backup {}: {state}", backup.folder));
    }
    let end = if certificate.complete {
        "complete; what only people know is left open in the certificate"
    } else {
        "NOT COMPLETE: reach the backups and run `cloister retention purge DIR`"
    };
    lines.push(end.to_owned());
    lines.join("\n")
}

/// The models that a dataset takes along, or the datasets that stay when a model goes.
fn going_along(certificate: &Certificate) -> String {
    match &certificate.subject {
        Subject::Dataset(_) if certificate.models.is_empty() => String::new(),
        Subject::Dataset(_) => format!(
            "models that learnt from it went along: {}",
            certificate.models.join(", ")
        ),
        Subject::Model(_) => format!(
            "versions {}; what it learnt from stays: {}",
            certificate.versions.join(", "),
            certificate.learnt_from_not_covered.join(", ")
        ),
    }
}

fn verify(file: &Path, key: Option<&Path>, screen: Screen) -> Result<(), Failure> {
    let key = match key {
        Some(path) => Some(PublicKey::from_pem(&files::read_text(path)?)?),
        None => None,
    };
    let certificate = disposal::verify_certificate(&files::read_text(file)?, key.as_ref())?;
    let by = match key {
        Some(_) => "the signature holds for the key you trust",
        None => "the signature holds for the certificate's own key, which proves that it is whole",
    };
    screen.result(
        &format!("{by}\n{}", told(&certificate)),
        &json!({ "holds": true, "certificate": certificate }),
    );
    Ok(())
}

/// The dataset or the model that was named; the words are refused earlier when they name neither.
fn subject(of: &Disposed) -> Result<Subject, Failure> {
    let wrong = |name: &str, what: &str| {
        Failure::new(
            codes::WORDS,
            format!("`{name}` is not the name of a {what}"),
            format!("see `cloister {what} list`"),
        )
    };
    if let Some(model) = &of.model {
        let name = ModelId::new(model.as_str());
        return name.map(Subject::Model).map_err(|_| wrong(model, "model"));
    }
    let dataset = of.dataset.as_deref().unwrap_or_default();
    DatasetId::new(dataset)
        .map(Subject::Dataset)
        .map_err(|_| wrong(dataset, "dataset"))
}

fn class(kept: &Kept) -> Result<Class, Failure> {
    Class::parse(&kept.class).ok_or_else(|| {
        Failure::new(
            codes::WORDS,
            format!("`{}` is not something that is kept", kept.class),
            "use dataset, model or document",
        )
    })
}

fn list(standings: &[Standing], screen: Screen) {
    let mut rows = vec![
        ["class", "name", "since", "years", "until", "state", "holds"]
            .map(str::to_owned)
            .to_vec(),
    ];
    rows.extend(standings.iter().map(|standing| {
        vec![
            standing.class.word().to_owned(),
            standing.name.clone(),
            standing.since.to_string(),
            standing.years.to_string(),
            standing.until.to_string(),
            state(standing).to_owned(),
            standing.holds.join(" "),
        ]
    }));
    screen.result(&screen::table(&rows), &json!(standings));
}

const fn state(standing: &Standing) -> &'static str {
    match (standing.disposed, standing.due) {
        (true, _) => "keys destroyed",
        (false, true) => "due",
        (false, false) => "kept",
    }
}
