//! `cloister backup`: a copy of the whole instance elsewhere.

use std::path::Path;

use serde_json::json;
use store::backup::Backup;

use crate::{
    arguments::{Arguments, BackupOf, BackupVerb},
    failure::Failure,
    progress::ByteBar,
    screen::{self, Screen},
    wire::{Instance, passphrase},
};

pub(super) fn run(arguments: &Arguments, backup: &BackupOf, screen: Screen) -> Result<(), Failure> {
    match (&backup.verb, &backup.folder) {
        (Some(BackupVerb::List { folder }), _) => list(folder, screen),
        (Some(BackupVerb::Verify { folder, set }), _) => {
            verify(arguments, folder, set.as_deref(), screen)
        }
        (None, Some(folder)) => take(arguments, folder, screen),
        (None, None) => Ok(()),
    }
}

fn take(arguments: &Arguments, folder: &Path, screen: Screen) -> Result<(), Failure> {
    let instance = Instance::open(arguments)?;
    let mut bar = ByteBar::new(screen);
    let taken = flow::operate::backup::back_up(&instance.desk(), folder, &mut |done, of| {
        bar.show(done, of);
    })?;
    bar.end();
    screen.result(
        &format!(
            "set {} in {}\n{} log entries ({} files of the log copied), {} objects ({} new, {} bytes), {} wrapped keys\n\
             It opens with the passphrase the instance has now.\n\
             Check it: cloister backup verify {}",
            taken.set,
            folder.display(),
            taken.entries,
            taken.new_log_files,
            taken.objects,
            taken.new_objects,
            taken.new_bytes,
            taken.keys.len(),
            folder.display()
        ),
        &json!({ "set": taken.set, "folder": folder, "entries": taken.entries,
            "new_log_files": taken.new_log_files, "objects": taken.objects,
            "new_objects": taken.new_objects, "new_bytes": taken.new_bytes,
            "keys": taken.keys.len() }),
    );
    Ok(())
}

fn list(folder: &Path, screen: Screen) -> Result<(), Failure> {
    let backup = Backup::open(folder)?;
    let mut rows = vec![
        ["set", "taken", "log entries", "objects", "bytes"]
            .map(str::to_owned)
            .to_vec(),
    ];
    let mut document = Vec::new();
    for set in backup.sets()? {
        let header = backup.header(&set)?;
        rows.push(vec![
            set.to_string(),
            header.taken.to_string(),
            header.entries.to_string(),
            header.objects.to_string(),
            header.object_bytes.to_string(),
        ]);
        document.push(
            json!({ "set": set, "taken": header.taken, "instance": header.instance,
            "entries": header.entries, "objects": header.objects, "bytes": header.object_bytes }),
        );
    }
    screen.result(&screen::table(&rows), &json!(document));
    Ok(())
}

fn verify(
    arguments: &Arguments,
    folder: &Path,
    set: Option<&str>,
    screen: Screen,
) -> Result<(), Failure> {
    let passphrase = passphrase(arguments)?;
    let mut bar = ByteBar::new(screen);
    let checked = flow::operate::backup::check(folder, set, &passphrase, &mut |done, of| {
        bar.show(done, of);
    });
    bar.end();
    let (set, checked) = checked?;
    screen.result(
        &format!(
            "set {set} is whole: {} log entries under their signed checkpoint, {} objects with \
             their digests ({} bytes), {} wrapped keys",
            checked.entries, checked.objects, checked.bytes, checked.keys
        ),
        &json!({ "holds": true, "set": set, "entries": checked.entries,
            "objects": checked.objects, "bytes": checked.bytes, "keys": checked.keys }),
    );
    Ok(())
}
