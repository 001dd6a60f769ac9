//! `cloister doctor`: keys, rows, objects and log, all of them.

use serde_json::json;

use crate::{
    arguments::Arguments,
    failure::Failure,
    screen::{self, Screen},
    wire::Instance,
};

pub(super) fn run(arguments: &Arguments, screen: Screen) -> Result<(), Failure> {
    let instance = Instance::open(arguments)?;
    let found = flow::operate::doctor::examine(&instance.desk())?;
    let row = |what: &str, said: String| vec![what.to_owned(), said];
    let rows = [
        row(
            "keystore",
            "opens with the passphrase (Argon2id, AES-256-GCM)".to_owned(),
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
        row(
            "cryptography",
            "AWS-LC through aws-lc-rs; not the FIPS build".to_owned(),
        ),
    ];
    screen.result(
        &screen::table(&rows),
        &json!({ "records": found.records, "objects": found.objects, "bytes": found.bytes,
            "log": { "size": found.log.size, "root": found.log.root }, "recovered": found.recovered }),
    );
    Ok(())
}
