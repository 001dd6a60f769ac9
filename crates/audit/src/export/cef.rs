//! Common Event Format, version 0: the extension holds pairs, the entry is the last of them.

use super::{Line, Trailer, verify::Found, word};
use crate::Outcome;

pub(super) fn record(line: &Line<'_>) -> String {
    let event = line.event;
    let kind = word(&event.object.kind);
    let severity = match event.outcome {
        Outcome::Done => 1,
        Outcome::Abandoned => 3,
        Outcome::Failed => 5,
        Outcome::Refused => 6,
    };
    let mut pairs = vec![
        format!("rt={}", event.time.as_millis()),
        format!("suser={}", event.actor),
        format!("spriv={}", event.role),
        format!("act={}", event.action),
        format!("outcome={}", word(&event.outcome)),
        format!("fileType={kind}"),
        format!("fname={}", event.object.id),
    ];
    let details = [
        ("reason", event.code.map(|code| code.to_string())),
        ("shost", event.device.as_ref().map(ToString::to_string)),
        ("cnt", event.rows.map(|rows| rows.to_string())),
        ("duser", event.recipient.as_ref().map(ToString::to_string)),
    ];
    pairs.extend(
        details
            .into_iter()
            .filter_map(|(name, value)| Some(format!("{name}={}", value?))),
    );
    pairs.extend([
        "cs1Label=origin".to_owned(),
        format!("cs1={}", escaped(line.origin)),
        "cs2Label=index".to_owned(),
        format!("cs2={}", line.index),
        "cs3Label=leaf".to_owned(),
        format!("cs3={}", line.leaf),
        "cs6Label=entry".to_owned(),
        format!("cs6={}", escaped(line.entry)),
    ]);
    let (action, pairs) = (event.action, pairs.join(" "));
    format!("{HEAD}{action}|{action} {kind}|{severity}|{pairs}")
}

pub(super) fn tail(trailer: &Trailer) -> String {
    format!("{TAIL}{}", escaped(&trailer.to_json()))
}

pub(super) fn read(line: &str) -> Option<Found> {
    let pairs = line.strip_prefix(HEAD)?;
    let (fields, entry) = pairs.split_once(" cs6=")?;
    let value = |name: &str| {
        let (_, rest) = fields.split_once(name)?;
        rest.split(' ').next()
    };
    Some(Found {
        origin: Some(plain(value(" cs1=")?)?),
        index: value(" cs2=")?.parse().ok()?,
        leaf: value(" cs3=")?.parse().ok()?,
        entry: plain(entry)?,
        shown: line.to_owned(),
    })
}

pub(super) fn read_tail(line: &str) -> Option<Trailer> {
    Trailer::from_json(&plain(line.strip_prefix(TAIL)?)?)
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('=', "\\=")
}

fn plain(text: &str) -> Option<String> {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        plain.push(if letter == '\\' {
            letters.next()?
        } else {
            letter
        });
    }
    Some(plain)
}

const HEAD: &str = "CEF:0|Cloister|cloister|1|";
const TAIL: &str =
    "CEF:0|Cloister|cloister|1|checkpoint|signed checkpoint|0|cs6Label=checkpoint cs6=";
