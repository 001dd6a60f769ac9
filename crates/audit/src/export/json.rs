//! JSON lines: the event as it stands in the log.

use serde_json::{Value, json};

use super::{Line, verify::Found};
use crate::Event;

pub(super) fn record(line: &Line<'_>) -> Value {
    let event = serde_json::from_str::<Value>(line.entry).unwrap_or_default();
    json!({ "origin": line.origin, "index": line.index, "leaf": line.leaf, "event": event })
}

/// Exports of the first release do not name the log in every line.
pub(super) fn read(text: &str) -> Option<Found> {
    let mut shown: Value = serde_json::from_str(text).ok()?;
    let fields = shown.as_object_mut()?;
    let event: Event = serde_json::from_value(fields.get("event")?.clone()).ok()?;
    let origin = match fields.get("origin") {
        Some(origin) => Some(origin.as_str()?.to_owned()),
        None => None,
    };
    Some(Found {
        origin,
        index: fields.get("index")?.as_u64()?,
        leaf: fields.get("leaf")?.as_str()?.parse().ok()?,
        entry: event.encode(),
        shown: text.to_owned(),
    })
}
