//! Open Cybersecurity Schema Framework 1.9.0: acts on data are Datastore Activity (6005), acts on
//! the log Event Log Activity (1008), all others Entity Management (3004).
//!
//! `actor` and `device` belong to the profile `host`. The schema spells 1008 `event_log_actvity`.

use domain::Action;
use serde_json::{Map, Value, json};

use super::{Line, verify::Found, word};
use crate::{ObjectKind, Outcome};

/// A class with what its activities are called.
struct Class {
    uid: u64,
    category: u64,
    activity: u64,
}

pub(super) fn record(line: &Line<'_>) -> Value {
    let event = line.event;
    let class = class(event.action, event.object.kind);
    let severity = match event.outcome {
        Outcome::Done => 1,
        Outcome::Abandoned | Outcome::Failed => 2,
        Outcome::Refused => 3,
    };
    let mut record = json!({
        "activity_id": class.activity,
        "category_uid": class.category,
        "class_uid": class.uid,
        "type_uid": class.uid * 100 + class.activity,
        "time": event.time.as_millis(),
        "severity_id": severity,
        "status_id": if event.outcome == Outcome::Done { 1 } else { 2 },
        "message": format!("{} {}", event.action, word(&event.object.kind)),
        "metadata": {
            "version": "1.9.0",
            "profiles": ["host"],
            "product": { "name": "Cloister", "vendor_name": "Cloister" },
            "uid": line.leaf,
            "sequence": line.index,
            "log_name": line.origin,
            "event_code": event.action,
        },
        "actor": { "user": {
            "uid": event.actor, "type_id": 1, "groups": [{ "name": event.role }],
        } },
        "raw_data": line.entry,
    });
    let Some(fields) = record.as_object_mut() else {
        return record;
    };
    if let Some(code) = event.code {
        fields.insert("status_code".to_owned(), json!(code));
    }
    if class.activity == 99 {
        fields.insert("activity_name".to_owned(), json!(event.action));
    }
    of_class(fields, line, class.uid);
    fields.insert("unmapped".to_owned(), unmapped(line));
    record
}

fn of_class(fields: &mut Map<String, Value>, line: &Line<'_>, class: u64) {
    let event = line.event;
    let kind = word(&event.object.kind);
    match class {
        DATASTORE => {
            let name = event
                .device
                .as_ref()
                .map_or("localhost", |device| device.as_str());
            fields.insert("src_endpoint".to_owned(), json!({ "name": name }));
            fields.insert(
                "database".to_owned(),
                json!({ "name": event.object.id, "type_id": 99, "type": kind }),
            );
        }
        EVENT_LOG => {
            fields.insert("log_name".to_owned(), json!(line.origin));
        }
        _ => {
            fields.insert(
                "entity".to_owned(),
                json!({ "uid": event.object.id, "type_id": 99, "type": kind }),
            );
        }
    }
}

/// What the schema has no place for, by the names of the log.
fn unmapped(line: &Line<'_>) -> Value {
    let Ok(Value::Object(mut fields)) = serde_json::from_str::<Value>(line.entry) else {
        return Value::Null;
    };
    for mapped in [
        "v", "time", "actor", "role", "action", "object", "outcome", "code",
    ] {
        fields.shift_remove(mapped);
    }
    fields.insert("leaf".to_owned(), json!(line.leaf));
    Value::Object(fields)
}

const fn class(action: Action, kind: ObjectKind) -> Class {
    let (uid, activity) = match action {
        Action::ReadData | Action::Predict | Action::Train | Action::Validate => (DATASTORE, 1),
        Action::Assess | Action::Classify | Action::MeasureDrift => (DATASTORE, 4),
        Action::Deidentify | Action::Ingest => (DATASTORE, 5),
        Action::Encrypt => (DATASTORE, 9),
        Action::ExportData => (DATASTORE, 99),
        Action::VerifyAudit | Action::ReadAudit if matches!(kind, ObjectKind::Log) => {
            (EVENT_LOG, 99)
        }
        Action::CreateInstance | Action::Register => (ENTITY, 1),
        Action::ReadLedger | Action::ReadCatalogue | Action::WriteReport => (ENTITY, 2),
        Action::Promote | Action::AssignRole | Action::CommitBudget | Action::ReserveBudget => {
            (ENTITY, 3)
        }
        _ => (ENTITY, 99),
    };
    Class {
        uid,
        category: uid / 1000,
        activity,
    }
}

pub(super) fn read(text: &str) -> Option<Found> {
    let shown: Value = serde_json::from_str(text).ok()?;
    let metadata = shown.get("metadata")?;
    Some(Found {
        origin: Some(metadata.get("log_name")?.as_str()?.to_owned()),
        index: metadata.get("sequence")?.as_u64()?,
        leaf: metadata.get("uid")?.as_str()?.parse().ok()?,
        entry: shown.get("raw_data")?.as_str()?.to_owned(),
        shown: text.to_owned(),
    })
}

const DATASTORE: u64 = 6005;
const EVENT_LOG: u64 = 1008;
const ENTITY: u64 = 3004;
