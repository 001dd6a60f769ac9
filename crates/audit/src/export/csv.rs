//! Comma separated values, RFC 4180: one line an entry, the last one the trailer.

use super::{Line, Trailer, verify::Found, word};

/// The columns, in order; the entry itself stands in the last one.
const COLUMNS: [&str; 24] = [
    "origin",
    "index",
    "leaf",
    "time",
    "actor",
    "role",
    "action",
    "kind",
    "object",
    "study",
    "run",
    "purpose",
    "basis",
    "outcome",
    "code",
    "rows",
    "persons",
    "person",
    "set",
    "recipient",
    "device",
    "session",
    "decision",
    "entry",
];

pub(super) fn head() -> String {
    COLUMNS.join(",") + "\n"
}

pub(super) fn record(line: &Line<'_>) -> String {
    let event = line.event;
    let some = |value: Option<String>| value.unwrap_or_default();
    let cells = [
        line.origin.to_owned(),
        line.index.to_string(),
        line.leaf.to_string(),
        event.time.to_string(),
        event.actor.to_string(),
        event.role.to_string(),
        event.action.to_string(),
        word(&event.object.kind),
        event.object.id.to_string(),
        some(event.study.as_ref().map(ToString::to_string)),
        some(event.run.as_ref().map(ToString::to_string)),
        some(event.purpose.map(|purpose| purpose.to_string())),
        some(event.basis.map(|basis| basis.to_string())),
        word(&event.outcome),
        some(event.code.map(|code| code.to_string())),
        some(event.rows.map(|rows| rows.to_string())),
        some(event.persons.map(|persons| persons.to_string())),
        some(event.person.map(|person| person.to_string())),
        some(event.set.map(|set| set.to_string())),
        some(event.recipient.as_ref().map(ToString::to_string)),
        some(event.device.as_ref().map(ToString::to_string)),
        some(event.session.as_ref().map(word)),
        some(event.decision.map(|decision| decision.to_string())),
        quoted(line.entry),
    ];
    cells.join(",")
}

pub(super) fn tail(trailer: &Trailer) -> String {
    format!("{TRAILER}{}", quoted(&trailer.to_json()))
}

/// Only the last cell is ever quoted: all others are words and numbers.
pub(super) fn read(line: &str) -> Option<Found> {
    let mut cells = line.splitn(COLUMNS.len(), ',');
    let (origin, index, leaf) = (cells.next()?, cells.next()?, cells.next()?);
    Some(Found {
        origin: Some(origin.to_owned()),
        index: index.parse().ok()?,
        leaf: leaf.parse().ok()?,
        entry: unquoted(cells.last()?)?,
        shown: line.to_owned(),
    })
}

pub(super) fn read_tail(line: &str) -> Option<Trailer> {
    Trailer::from_json(&unquoted(line.strip_prefix(TRAILER)?)?)
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

fn unquoted(cell: &str) -> Option<String> {
    let inner = cell.strip_prefix('"')?.strip_suffix('"')?;
    Some(inner.replace("\"\"", "\""))
}

const TRAILER: &str = "#checkpoint,,,,,,,,,,,,,,,,,,,,,,,";
