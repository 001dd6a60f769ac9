//! `cloister vault`: the encrypted objects.

mod keys;
mod stream;

use std::path::Path;

use flow::operate::vault::{self, KeyClass, VaultVerified};
use formats::{Limits, read_encrypted_table};
use serde_json::json;
use store::Shelved;

use super::dataset::{format_of, write_rows};
use crate::{
    arguments::{Arguments, VaultVerb},
    codes,
    failure::Failure,
    files,
    progress::ByteBar,
    screen::{self, Screen},
    wire::Instance,
};

pub(super) fn run(arguments: &Arguments, verb: &VaultVerb, screen: Screen) -> Result<(), Failure> {
    match verb {
        VaultVerb::Verify => verify(&Instance::open(arguments)?, screen),
        VaultVerb::Orphans => orphans(&Instance::open(arguments)?, screen),
        VaultVerb::Collect => collect(&Instance::open(arguments)?, screen),
        VaultVerb::ExportParquet {
            name,
            table,
            output,
            keys,
            classes,
        } => {
            let instance = Instance::open(arguments)?;
            let wanted = Wanted {
                name,
                table,
                classes: classes_of(classes)?,
            };
            export(&instance, &wanted, output, keys, screen)
        }
        VaultVerb::OpenParquet {
            file,
            keys,
            columns,
            output,
        } => open(file, keys, columns.as_deref(), output, screen),
        VaultVerb::SealFile {
            work,
            resume: false,
        } => stream::seal_file(work, screen),
        VaultVerb::SealFile { work, resume: true } => stream::resume_file(work, screen),
        VaultVerb::OpenFile(work) => stream::open_file(work, screen),
    }
}

fn verify(instance: &Instance, screen: Screen) -> Result<(), Failure> {
    let mut bar = ByteBar::new(screen);
    let found = vault::verify(&instance.desk(), &mut |done, total| bar.show(done, total))?;
    bar.end();
    screen.result(&told(&found), &json!(found));
    match found.findings.len() {
        0 => Ok(()),
        count => Err(Failure::new(
            codes::VAULT_DAMAGED,
            format!("{count} of {} objects are damaged", found.objects),
            "keep a copy as evidence, tell the security officer, and restore from a backup",
        )),
    }
}

fn told(found: &VaultVerified) -> String {
    let mut lines = vec![format!(
        "{} objects, {} bytes, {} segments: {} whole and opened, {} shredded, {} damaged",
        found.objects,
        found.bytes,
        found.segments,
        found.opened,
        found.shredded,
        found.findings.len()
    )];
    let findings = found.findings.iter();
    lines.extend(findings.map(|one| format!("{} {}: {}", one.object.short(), one.code, one.what)));
    lines.join("\n")
}

fn orphans(instance: &Instance, screen: Screen) -> Result<(), Failure> {
    let found = vault::orphans(&instance.desk())?;
    show_orphans("orphans", &found, screen);
    Ok(())
}

fn collect(instance: &Instance, screen: Screen) -> Result<(), Failure> {
    let found = vault::collect(&instance.desk())?;
    show_orphans("collected", &found, screen);
    Ok(())
}

fn show_orphans(what: &str, found: &[Shelved], screen: Screen) {
    let bytes: u64 = found.iter().map(|orphan| orphan.bytes).sum();
    let mut rows = vec![["name", "bytes"].map(str::to_owned).to_vec()];
    rows.extend(
        found
            .iter()
            .map(|orphan| vec![orphan.name.clone(), orphan.bytes.to_string()]),
    );
    let names: Vec<_> = found
        .iter()
        .map(|orphan| json!({ "name": orphan.name, "bytes": orphan.bytes }))
        .collect();
    let count = found.len();
    let closing = format!("{what}: {count} with {bytes} bytes");
    let text = if found.is_empty() {
        closing
    } else {
        format!("{}\n{closing}", screen::table(&rows))
    };
    screen.result(
        &text,
        &json!({ "count": count, "bytes": bytes, what: names }),
    );
}

/// What is wanted of the vault.
struct Wanted<'a> {
    name: &'a str,
    table: &'a str,
    classes: Vec<KeyClass>,
}

fn export(
    instance: &Instance,
    wanted: &Wanted<'_>,
    output: &Path,
    keys: &Path,
    screen: Screen,
) -> Result<(), Failure> {
    let desk = instance.desk();
    let version = flow::operate::dataset::find(&desk, wanted.name)?;
    let mut taken = None;
    files::write_whole(output, |out| {
        taken = Some(vault::export_parquet(
            &desk,
            &version,
            wanted.table,
            &wanted.classes,
            out,
        )?);
        Ok(())
    })?;
    let Some(taken) = taken else { return Ok(()) };
    files::write_private_whole(keys, &keys::encode(&taken))?;
    let words: Vec<&str> = wanted.classes.iter().map(|class| class.word()).collect();
    let columns: serde_json::Map<String, serde_json::Value> = taken
        .columns
        .iter()
        .map(|(column, class)| (column.clone(), json!(class.word())))
        .collect();
    screen.result(
        &format!(
            "{} rows written to {}, encrypted\nkeys of {} written to {}: send them another way",
            taken.rows,
            output.display(),
            words.join(", "),
            keys.display()
        ),
        &json!({ "file": output, "rows": taken.rows, "keys": keys, "classes": words,
            "columns": columns }),
    );
    Ok(())
}

fn classes_of(words: &[String]) -> Result<Vec<KeyClass>, Failure> {
    let class = |word: &String| {
        word.parse::<KeyClass>().map_err(|expected| {
            Failure::new(
                codes::WORDS,
                format!("`{word}` is not a class of columns"),
                expected,
            )
        })
    };
    words.iter().map(class).collect()
}

fn open(
    file: &Path,
    keys: &Path,
    columns: Option<&[String]>,
    output: &Path,
    screen: Screen,
) -> Result<(), Failure> {
    let format = format_of(output)?;
    let keys = keys::decode(&files::read_text(keys)?)?;
    let name = files::name_of(file);
    let input = files::stream(file)?;
    let reader = read_encrypted_table(&name, input, &Limits::default(), columns, &keys)?;
    let rows = write_rows(reader, format, output)?;
    screen.result(
        &format!("{rows} rows written to {}", output.display()),
        &json!({ "rows": rows, "file": output }),
    );
    Ok(())
}
