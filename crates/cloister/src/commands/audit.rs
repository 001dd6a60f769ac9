//! `cloister audit`: read, verify, search, prove, export, account for and keep the log.

mod disclosures;
mod export;
mod http;
mod keys;
mod proofs;
mod retention;
mod search;
mod verify;
mod witness;

use std::path::Path;

use ::access::Resource;
use ::audit::{Event, Word};
use domain::Action;
use serde_json::{Value, json};

use crate::{
    arguments::{Arguments, AuditVerb},
    codes,
    failure::Failure,
    files,
    screen::{self, Screen},
    wire::Instance,
};

pub(super) fn run(arguments: &Arguments, verb: &AuditVerb, screen: Screen) -> Result<(), Failure> {
    match verb {
        AuditVerb::Verify(how) => verify::run(arguments, how, screen),
        AuditVerb::Show { last } => show(arguments, *last, screen),
        AuditVerb::Search(words) => search::run(arguments, words, screen),
        AuditVerb::Prove { entry, output } => proofs::prove(arguments, *entry, output, screen),
        AuditVerb::VerifyProof {
            file,
            key,
            policy,
            entry,
        } => proofs::verify(
            file,
            key.as_deref(),
            policy.as_deref(),
            entry.as_deref(),
            screen,
        ),
        AuditVerb::Export {
            output,
            format,
            from,
            to,
        } => {
            let range = (*from, to.unwrap_or(u64::MAX));
            export::write(arguments, output, *format, range, screen)
        }
        AuditVerb::VerifyExport { file, key, format } => export::verify(file, key, *format, screen),
        AuditVerb::Tiles { output } => export::tiles(arguments, output, screen),
        AuditVerb::Accounting {
            person,
            since,
            until,
            format,
        } => {
            let range = (since.as_deref(), until.as_deref());
            disclosures::account(arguments, person, range, format, screen)
        }
        AuditVerb::Disclose(words) => disclosures::disclose(arguments, words, screen),
        AuditVerb::Witness(verb) => witness::run(arguments, verb, screen),
        AuditVerb::Retention(verb) => retention::run(arguments, verb, screen),
    }
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
    let shown = newest.iter().map(|(index, event)| (*index, event));
    let document: Vec<Value> = newest
        .iter()
        .map(|(index, event)| json!({ "index": index, "event": event }))
        .collect();
    screen.result(&table(shown), &Value::from(document));
    Ok(())
}

/// Events as a table.
fn table<'a>(events: impl IntoIterator<Item = (u64, &'a Event)>) -> String {
    let heading = [
        "entry", "time", "who", "role", "act", "object", "outcome", "code",
    ];
    let mut rows = vec![heading.map(str::to_owned).to_vec()];
    rows.extend(events.into_iter().map(|(index, event)| row(index, event)));
    screen::table(&rows)
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

/// A short safe word from the command line.
fn short_word(text: &str) -> Result<Word, Failure> {
    Word::new(text).map_err(|_| {
        Failure::new(
            codes::WORDS,
            format!("`{text}` is not a short safe word"),
            "use 1 to 64 characters out of a-z, 0-9, `-`, `_` and `.`; never a person's name",
        )
    })
}

/// A day or a moment from the command line, UTC.
fn moment(text: &str) -> Result<domain::Timestamp, Failure> {
    let whole = if text.len() == 10 {
        format!("{text}T00:00:00.000Z")
    } else {
        text.to_owned()
    };
    whole.parse().map_err(|_| {
        Failure::new(
            codes::WORDS,
            "a date is not one",
            "write it as 2026-11-22 or 2026-11-22T15:00:00Z",
        )
    })
}

/// Writes bytes whole.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    files::write_whole(path, |out| {
        out.write_all(bytes)
            .map_err(|cause| files::unwritable(path, &cause))
    })
}
