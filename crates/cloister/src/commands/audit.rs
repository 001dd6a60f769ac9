//! `cloister audit`: read, verify and export the log.

use std::path::{Path, PathBuf};

use ::access::Resource;
use ::audit::Event;
use domain::Action;
use seal::PublicKey;
use serde_json::{Value, json};

use crate::{
    arguments::{Arguments, AuditVerb},
    failure::Failure,
    files,
    screen::{self, Screen},
    wire::{self, Instance},
};

pub(super) fn run(arguments: &Arguments, verb: &AuditVerb, screen: Screen) -> Result<(), Failure> {
    match verb {
        AuditVerb::Verify => verify(arguments, screen),
        AuditVerb::Show { last } => show(arguments, *last, screen),
        AuditVerb::Export { output } => export(arguments, output, screen),
        AuditVerb::VerifyExport { file, key } => verify_export(file, key, screen),
    }
}

fn verify(arguments: &Arguments, screen: Screen) -> Result<(), Failure> {
    let verified = wire::verify_log(arguments)?;
    screen.result(
        &format!(
            "the log holds: {} entries, root {}, every signed checkpoint matches",
            verified.size, verified.root
        ),
        &json!({ "holds": true, "size": verified.size, "root": verified.root }),
    );
    Ok(())
}

fn show(arguments: &Arguments, last: usize, screen: Screen) -> Result<(), Failure> {
    let instance = Instance::open(arguments)?;
    let desk = instance.desk();
    let permit = desk.permit(Action::ReadAudit, Resource::log(), None)?;
    desk.note(&permit, None)?;
    let events = flow::govern::log::events(&permit, &desk)?;
    let newest = events
        .get(events.len().saturating_sub(last)..)
        .unwrap_or_default();
    let mut rows = vec![
        [
            "entry", "time", "who", "role", "act", "object", "outcome", "code",
        ]
        .map(str::to_owned)
        .to_vec(),
    ];
    rows.extend(newest.iter().map(|(index, event)| row(*index, event)));
    let document: Vec<Value> = newest
        .iter()
        .map(|(index, event)| json!({ "index": index, "event": event }))
        .collect();
    screen.result(&screen::table(&rows), &Value::from(document));
    Ok(())
}

fn row(index: u64, event: &Event) -> Vec<String> {
    vec![
        index.to_string(),
        event.time.to_string(),
        event.actor.to_string(),
        event.role.to_string(),
        event.action.to_string(),
        format!("{} {}", word(&event.object.kind), event.object.id.as_str()),
        word(&event.outcome),
        event.code.as_ref().map_or_else(String::new, word),
    ]
}

/// The word under which a value stands in the log.
fn word(value: &impl serde::Serialize) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

fn export(arguments: &Arguments, output: &Path, screen: Screen) -> Result<(), Failure> {
    let instance = Instance::open(arguments)?;
    let desk = instance.desk();
    let permit = desk.permit(Action::ReadAudit, Resource::log(), None)?;
    desk.note(&permit, None)?;
    let exported = flow::govern::log::export(&permit, &desk)?;
    write(output, exported.lines.as_bytes())?;
    let key = key_path(output);
    write(&key, exported.public_key_pem.as_bytes())?;
    screen.result(
        &format!(
            "{} entries written to {}\npublic key written to {}\ncheck it anywhere: cloister audit verify-export {} --key {}",
            exported.size, output.display(), key.display(), output.display(), key.display()
        ),
        &json!({ "entries": exported.size, "file": output, "key": key }),
    );
    Ok(())
}

fn verify_export(file: &Path, key: &Path, screen: Screen) -> Result<(), Failure> {
    let key = PublicKey::from_pem(&files::read_text(key)?)?;
    let verified = ::audit::verify_export(&files::read_text(file)?, &key)?;
    screen.result(
        &format!(
            "the exported log holds: {} entries, root {}",
            verified.size, verified.root
        ),
        &json!({ "holds": true, "size": verified.size, "root": verified.root }),
    );
    Ok(())
}

fn key_path(output: &Path) -> PathBuf {
    let mut name = output.as_os_str().to_owned();
    name.push(".pem");
    PathBuf::from(name)
}

/// Writes bytes whole.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    files::write_whole(path, |out| {
        out.write_all(bytes)
            .map_err(|cause| files::unwritable(path, &cause))
    })
}
