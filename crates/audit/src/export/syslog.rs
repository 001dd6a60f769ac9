//! Syslog, RFC 5424: facility 13 (log audit), the entry as the message, the proof as structured
//! data under the enterprise number that RFC 5612 sets aside for examples.

use super::{Line, Trailer, verify::Found};
use crate::Outcome;

pub(super) fn record(line: &Line<'_>) -> String {
    let event = line.event;
    let severity = match event.outcome {
        Outcome::Done => 6,
        Outcome::Abandoned => 5,
        Outcome::Failed => 3,
        Outcome::Refused => 4,
    };
    let host = event.device.as_ref().map_or("-", |device| device.as_str());
    format!(
        "<{}>1 {} {host} cloister - {} [{DATA} origin=\"{}\" index=\"{}\" leaf=\"{}\"] {}",
        FACILITY * 8 + severity,
        event.time,
        event.action,
        escaped(line.origin),
        line.index,
        line.leaf,
        line.entry
    )
}

pub(super) fn tail(trailer: &Trailer) -> String {
    format!("{TAIL}{}", trailer.to_json())
}

pub(super) fn read(line: &str) -> Option<Found> {
    let (_, data) = line.split_once(" [cloister@32473 origin=\"")?;
    let (origin, data) = data.split_once("\" index=\"")?;
    let (index, data) = data.split_once("\" leaf=\"")?;
    let (leaf, entry) = data.split_once("\"] ")?;
    Some(Found {
        origin: Some(
            origin
                .replace("\\\\", "\\")
                .replace("\\\"", "\"")
                .replace("\\]", "]"),
        ),
        index: index.parse().ok()?,
        leaf: leaf.parse().ok()?,
        entry: entry.to_owned(),
        shown: line.to_owned(),
    })
}

pub(super) fn read_tail(line: &str) -> Option<Trailer> {
    Trailer::from_json(line.strip_prefix(TAIL)?)
}

/// RFC 5424, 6.3.3.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace(']', "\\]")
}

const DATA: &str = "cloister@32473";
const FACILITY: u8 = 13;
const TAIL: &str = "<110>1 - - cloister - checkpoint - ";
