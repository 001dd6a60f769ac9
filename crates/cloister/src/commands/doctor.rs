//! `cloister doctor`: keys, rows, objects and log, all of them.

mod crypto;

use serde_json::json;

use crate::{
    arguments::{Arguments, Doctor},
    codes,
    failure::Failure,
    screen::{self, Screen},
    wire::Instance,
};

pub(super) fn run(arguments: &Arguments, doctor: &Doctor, screen: Screen) -> Result<(), Failure> {
    let instance = Instance::open(arguments)?;
    if doctor.db {
        return database(&instance, screen);
    }
    let found = flow::operate::doctor::examine(&instance.desk())?;
    let row = |what: &str, said: String| vec![what.to_owned(), said];
    let crypto = crypto::Crypto::of(instance.store.keyring());
    let mut rows = vec![
        row(
            "keystore",
            format!("opens; the root key is kept by {}", crypto.keepers),
        ),
        row(
            "rows",
            format!("{} records open and are in their place", found.records),
        ),
        row(
            "objects",
            format!(
                "{} sealed objects, {} bytes, all whole",
                found.objects, found.bytes
            ),
        ),
        row(
            "log",
            format!(
                "{} entries, root {}",
                found.log.size,
                found.log.root.short()
            ),
        ),
        row("recovered", found.recovered.clone()),
    ];
    rows.extend(crypto.rows());
    screen.result(
        &screen::table(&rows),
        &json!({ "records": found.records, "objects": found.objects, "bytes": found.bytes,
            "log": { "size": found.log.size, "root": found.log.root }, "recovered": found.recovered,
            "cryptography": crypto.document() }),
    );
    Ok(())
}

/// Rows, objects, keys and log against each other.
fn database(instance: &Instance, screen: Screen) -> Result<(), Failure> {
    let found = flow::operate::doctor::examine_database(&instance.desk())?;
    let mut rows = vec![
        vec![
            "rows".to_owned(),
            format!("{}; {}", found.rows.engine, found.rows.durability),
        ],
        vec!["objects".to_owned(), found.objects.clone()],
    ];
    for check in &found.checks {
        let said = match check.findings.as_slice() {
            [] => format!("{} checked, all fit", check.checked),
            findings => findings.join("; "),
        };
        rows.push(vec![check.what.to_owned(), said]);
    }
    screen.result(&screen::table(&rows), &json!(found));
    if found.holds() {
        Ok(())
    } else {
        Err(Failure::new(
            codes::INCONSISTENT,
            "the database does not fit what it speaks of",
            "keep a copy as evidence, tell the security officer, and restore from a backup",
        ))
    }
}
