//! Whether the instance is whole.

use std::collections::{BTreeMap, BTreeSet};

use access::Resource;
use audit::Verified;
use domain::{Action, Digest};
use serde::Serialize;
use store::{Kept, Noun, Recovery, RowsDescribed, StoreError};

use crate::{Desk, StageError, register::ModelVersion};

/// What an examination found in order.
#[derive(Debug)]
pub struct Examined {
    /// Records that open and are in their place.
    pub records: u64,
    /// Sealed objects that are whole.
    pub objects: u64,
    /// Their bytes.
    pub bytes: u64,
    /// The log as recomputed.
    pub log: Verified,
    /// What the start of the program had to put right.
    pub recovered: String,
}

/// Opens every record, digests every object and recomputes the log; the first damage is an error.
pub fn examine(desk: &Desk<'_>) -> Result<Examined, StageError> {
    let permit = desk.permit(Action::VerifyAudit, Resource::log(), None)?;
    desk.note(&permit, None)?;
    let mut records = 0;
    for noun in Noun::ALL {
        records += desk.store.list::<serde_json::Value>(noun)?.len() as u64;
    }
    let objects = desk.store.verify_objects(&mut |_, _| {})?;
    let log = desk.store.verify_log()?;
    Ok(Examined {
        records,
        objects: objects.objects,
        bytes: objects.bytes,
        log,
        recovered: told(desk.store.recovery()),
    })
}

/// One check of the database against what it speaks of.
#[derive(Debug, Serialize)]
pub struct Consistency {
    /// What was checked.
    pub what: &'static str,
    /// Things looked at.
    pub checked: u64,
    /// What does not fit; empty when everything does.
    pub findings: Vec<String>,
}

/// What the database is, and whether it fits objects, keys and log.
#[derive(Debug, Serialize)]
pub struct DatabaseExamined {
    /// The database about itself.
    pub rows: RowsDescribed,
    /// Where the objects are.
    pub objects: String,
    /// The checks.
    pub checks: Vec<Consistency>,
}

impl DatabaseExamined {
    /// Whether everything fits.
    pub fn holds(&self) -> bool {
        self.checks.iter().all(|check| check.findings.is_empty())
    }
}

/// Checks rows, objects, keys and log against each other; what does not fit is collected.
pub fn examine_database(desk: &Desk<'_>) -> Result<DatabaseExamined, StageError> {
    let permit = desk.permit(Action::VerifyAudit, Resource::log(), None)?;
    desk.note(&permit, None)?;
    let rows = desk.store.describe_rows()?;
    let kept = desk.store.kept_objects()?;
    let checks = vec![
        Consistency {
            what: "pages and references of the database",
            checked: 1,
            findings: rows.faults.clone(),
        },
        rows_and_log(desk),
        objects_and_rows(desk, &kept)?,
        versions_and_objects(desk, &kept)?,
        models_and_objects(desk, &kept)?,
        keys_of_objects(desk, &kept),
    ];
    Ok(DatabaseExamined {
        rows,
        objects: desk.store.objects_place(),
        checks,
    })
}

/// Every row is what its transaction saved, and every transaction stands in the log.
fn rows_and_log(desk: &Desk<'_>) -> Consistency {
    let verified = desk.store.verify_rows();
    Consistency {
        what: "rows against the log",
        checked: verified.as_ref().map_or(0, |rows| {
            rows.commits + rows.records + rows.keys + rows.objects
        }),
        findings: verified
            .err()
            .map(|error| error.to_string())
            .into_iter()
            .collect(),
    }
}

/// Every kept object is there with its length; what nothing keeps is an orphan, and no fault.
fn objects_and_rows(desk: &Desk<'_>, kept: &[Kept]) -> Result<Consistency, StageError> {
    let there: BTreeMap<Digest, u64> = desk
        .store
        .shelved()?
        .into_iter()
        .filter_map(|shelved| Some((shelved.object?, shelved.bytes)))
        .collect();
    let mut findings = Vec::new();
    for kept in kept {
        let object = kept.object.digest;
        match there.get(&object) {
            None => findings.push(format!("object {} is missing", object.short())),
            Some(bytes) if *bytes != kept.object.sealed_len => findings.push(format!(
                "object {} has {bytes} bytes instead of {}",
                object.short(),
                kept.object.sealed_len
            )),
            Some(_) => {}
        }
    }
    Ok(Consistency {
        what: "objects against the rows that keep them",
        checked: kept.len() as u64,
        findings,
    })
}

/// Every table of every version names an object that is kept in its place under its key.
fn versions_and_objects(desk: &Desk<'_>, kept: &[Kept]) -> Result<Consistency, StageError> {
    let by_digest: BTreeMap<Digest, &Kept> =
        kept.iter().map(|kept| (kept.object.digest, kept)).collect();
    let mut check = Consistency {
        what: "dataset versions against kept objects",
        checked: 0,
        findings: Vec::new(),
    };
    for version in super::dataset::versions(desk)? {
        for table in &version.tables {
            check.checked += 1;
            let fits = by_digest.get(&table.object.digest).is_some_and(|kept| {
                kept.object == table.object
                    && kept.context == table.place
                    && kept.key == version.key
            });
            if !fits {
                check.findings.push(format!(
                    "table `{}` of version {} names an object that is not kept in its place",
                    table.name, version.id
                ));
            }
        }
    }
    Ok(check)
}

/// Every registered model names an object that is kept in its place; which key seals it, the row
/// of the object says.
fn models_and_objects(desk: &Desk<'_>, kept: &[Kept]) -> Result<Consistency, StageError> {
    let by_digest: BTreeMap<Digest, &Kept> =
        kept.iter().map(|kept| (kept.object.digest, kept)).collect();
    let models = crate::register::all(desk)?;
    let fits = |model: &ModelVersion| {
        by_digest
            .get(&model.object.digest)
            .is_some_and(|kept| kept.object == model.object && kept.context == model.context)
    };
    let findings = models.iter().filter(|model| !fits(model)).map(|model| {
        format!(
            "version {} of model `{}` names an object that is not kept in its place",
            model.number, model.model
        )
    });
    Ok(Consistency {
        what: "registered models against kept objects",
        checked: models.len() as u64,
        findings: findings.collect(),
    })
}

/// Every key of a kept object unwraps, or was destroyed.
fn keys_of_objects(desk: &Desk<'_>, kept: &[Kept]) -> Consistency {
    let keys: BTreeSet<&domain::KeyId> = kept.iter().map(|kept| &kept.key).collect();
    let tried = keys.iter().map(|key| desk.store.data_key_by_id(key));
    let findings = tried.filter_map(|tried| match tried {
        Ok(_) | Err(StoreError::KeyDestroyed { .. }) => None,
        Err(error) => Some(error.to_string()),
    });
    Consistency {
        what: "keys of kept objects",
        findings: findings.collect(),
        checked: keys.len() as u64,
    }
}

fn told(recovery: &Recovery) -> String {
    if recovery.is_empty() {
        return "nothing: the last process ended in order".to_owned();
    }
    format!(
        "{} bytes of a torn entry cut, {} abandoned changes noted, {} orphaned objects removed",
        recovery.torn_bytes,
        recovery.abandoned.len(),
        recovery.orphans
    )
}
