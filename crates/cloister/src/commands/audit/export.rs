use std::{
    io,
    path::{Path, PathBuf},
};

use ::access::Resource;
use ::audit::{ExportFormat, verify_export_as};
use domain::Action;
use serde_json::json;

use super::{keys, write as write_file};
use crate::{arguments::Arguments, failure::Failure, files, screen::Screen, wire::Instance};

pub(super) fn write(
    arguments: &Arguments,
    output: &Path,
    format: ExportFormat,
    range: (u64, u64),
    screen: Screen,
) -> Result<(), Failure> {
    let instance = Instance::open(arguments)?;
    let desk = instance.desk();
    let permit = desk.permit(Action::ReadAudit, Resource::log(), None)?;
    desk.note(&permit, None)?;
    let mut count = 0;
    files::write_whole(output, |out| {
        let mut piece = |text: &str| out.write_all(text.as_bytes());
        count = flow::govern::log::export(&permit, &desk, format, range, &mut piece)?;
        Ok(())
    })?;
    let key = beside(output, ".pem");
    write_file(&key, desk.store.log_public_key_pem().as_bytes())?;
    let format_words = match format {
        ExportFormat::Ndjson => String::new(),
        other => format!(" --format {other}"),
    };
    screen.result(
        &format!(
            "{count} entries written to {}\npublic key written to {}\ncheck it anywhere: cloister audit verify-export {} --key {}{format_words}",
            output.display(), key.display(), output.display(), key.display()
        ),
        &json!({ "entries": count, "file": output, "key": key, "format": format.word() }),
    );
    Ok(())
}

pub(super) fn verify(
    file: &Path,
    key: &str,
    format: ExportFormat,
    screen: Screen,
) -> Result<(), Failure> {
    let key = keys::public(key)?;
    let verified = verify_export_as(format, &files::read_text(file)?, &key)?;
    let which = if verified.whole {
        format!(
            "{} entries, the whole log up to its checkpoint",
            verified.records
        )
    } else {
        format!(
            "{} entries, a selection of {}: each has its proof, nothing says what was left out",
            verified.records, verified.log.size
        )
    };
    screen.result(
        &format!(
            "the exported log holds: {which}; root {}",
            verified.log.root
        ),
        &json!({ "holds": true, "size": verified.log.size, "root": verified.log.root,
            "records": verified.records, "whole": verified.whole,
            "origin": verified.log.origin }),
    );
    Ok(())
}

pub(super) fn tiles(arguments: &Arguments, output: &Path, screen: Screen) -> Result<(), Failure> {
    let instance = Instance::open(arguments)?;
    let desk = instance.desk();
    let permit = desk.permit(Action::ReadAudit, Resource::log(), None)?;
    desk.note(&permit, None)?;
    let mut count = 0_u64;
    let size = flow::govern::log::tiles(&permit, &desk, &mut |path, bytes| {
        let whole = output.join(path);
        count += 1;
        write_file(&whole, bytes).map_err(|failure| io::Error::other(failure.what))
    })?;
    let key = output.join("key.vkey");
    write_file(
        &key,
        format!("{}\n", desk.store.log_verifier_key()).as_bytes(),
    )?;
    screen.result(
        &format!(
            "{size} entries in {count} static files written to {}\ncheck them anywhere: cloister audit verify --tiles {} --key {}",
            output.display(), output.display(), key.display()
        ),
        &json!({ "entries": size, "files": count, "folder": output, "key": key }),
    );
    Ok(())
}

fn beside(output: &Path, ending: &str) -> PathBuf {
    let mut name = output.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}
