//! `cloister doctor`: keys, rows, objects and log, all of them.

mod crypto;

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
