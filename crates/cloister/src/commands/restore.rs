//! `cloister restore`: the instance of a backup, made again.

use std::fs;

use ::access::Policies;
use flow::operate::backup;
use serde_json::json;
use store::backup::Known;

use crate::{
    arguments::{Arguments, Restore},
    failure::Failure,
    files,
    machine_clock::MachineClock,
    progress::ByteBar,
    screen::Screen,
    wire::passphrase,
};

pub(super) fn run(arguments: &Arguments, restore: &Restore, screen: Screen) -> Result<(), Failure> {
    let passphrase = passphrase(arguments)?;
    let known = Known {
        checkpoint: restore
            .published
            .as_deref()
            .map(files::read_text)
            .transpose()?,
    };
    let source = backup::Source {
        folder: &restore.folder,
        set: restore.set.as_deref(),
        known: &known,
    };
    let policies = Policies::built_in()?;
    let mut bar = ByteBar::new(screen);
    let restored = backup::restore(
        &source,
        &arguments.home,
        &passphrase,
        &policies,
        &MachineClock,
        &mut |done, of| bar.show(done, of),
    );
    bar.end();
    let restored = restored?;
    if restore.verify {
        backup::verify_restored(&arguments.home, &passphrase, &MachineClock)?;
    }
    let home = fs::canonicalize(&arguments.home).unwrap_or_else(|_| arguments.home.clone());
    let verified = if restore.verify {
        "log, rows and objects were read once and hold"
    } else {
        "read it once: cloister doctor"
    };
    screen.result(
        &format!(
            "the instance of set {} stands in {}\n{} log entries, {} objects; {} keys that were \
             taken out of the set are destroyed here too\n{verified}",
            restored.set,
            home.display(),
            restored.entries,
            restored.objects,
            restored.purged_keys.len()
        ),
        &json!({ "set": restored.set, "home": home, "entries": restored.entries,
            "objects": restored.objects, "purged_keys": restored.purged_keys,
            "verified": restore.verify }),
    );
    Ok(())
}
