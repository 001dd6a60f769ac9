//! What is said when the work is done: counts, the manifest, what was left out.

use phi::manifest::Manifest;
use serde_json::{Value, json};

use super::{inputs::Inputs, work::Made};
use crate::{arguments::Deid, failure::Failure, files, screen::Screen};

/// Writes the signed manifest where it was asked for, and shows the result.
pub(super) fn show(
    made: &Made,
    inputs: &Inputs,
    deid: &Deid,
    screen: Screen,
) -> Result<(), Failure> {
    if let Some(path) = &deid.manifest {
        files::write_whole(path, |out| {
            let text = serde_json::to_vec_pretty(&signed(made)).unwrap_or_default();
            out.write_all(&text)
                .map_err(|cause| files::unwritable(path, &cause))
        })?;
    }
    for skipped in &inputs.skipped {
        screen.message(&format!(
            "left out: `{}`: {} ({})",
            skipped.path.display(),
            skipped.failure.what,
            skipped.failure.code
        ));
    }
    screen.result(&text(made, inputs), &document(made, inputs));
    Ok(())
}

/// The manifest as it was signed, the signature, and the key that checks it.
fn signed(made: &Made) -> Value {
    let canonical = String::from_utf8(made.manifest.to_canonical_json()).unwrap_or_default();
    json!({
        "manifest": made.manifest,
        "signed": { "bytes": canonical, "signature": made.signed.signature,
            "public_key": made.signed.key.to_pem(), "key_of_this_run_alone": made.signed.once },
    })
}

fn text(made: &Made, inputs: &Inputs) -> String {
    let manifest = &made.manifest;
    let mut lines = vec![
        format!(
            "{} written under the plan {}",
            inputs.output.display(),
            manifest.plan
        ),
        format!("taken out, by category: {}", found(manifest)),
    ];
    let dropped = manifest.dropped_columns();
    if !dropped.is_empty() {
        let shown = dropped.iter().map(|column| {
            if inputs.is_folder {
                column.as_str()
            } else {
                column.rsplit('.').next().unwrap_or(column)
            }
        });
        lines.push(format!(
            "columns left out: {}",
            shown.collect::<Vec<_>>().join(", ")
        ));
    }
    lines.push(format!("undecided: {}", manifest.undecided));
    if let Some(model) = &manifest.classifier {
        lines.push(format!("read by the model {} too", model.name));
    }
    if inputs.is_folder {
        lines.push(format!("files: {}", inputs.sources.len()));
    }
    let renamed = inputs.sources.iter().filter(|source| source.is_renamed());
    let renamed = renamed.count();
    if renamed > 0 {
        lines.push(format!(
            "renamed, because the name could tell a person: {renamed}"
        ));
    }
    if !inputs.skipped.is_empty() {
        lines.push(format!("left out, unread: {}", inputs.skipped.len()));
    }
    lines.join("\n")
}

fn found(manifest: &Manifest) -> String {
    let counts: Vec<String> = manifest
        .by_category()
        .iter()
        .filter(|(_, count)| **count > 0)
        .map(|(letter, count)| format!("{letter} {count}"))
        .collect();
    if counts.is_empty() {
        "nothing was found to take out".to_owned()
    } else {
        counts.join(", ")
    }
}

fn document(made: &Made, inputs: &Inputs) -> Value {
    let files: Vec<Value> = inputs
        .sources
        .iter()
        .map(|source| {
            json!({ "input": source.path, "output": inputs.output.join(&source.target),
                "format": source.format.name() })
        })
        .collect();
    let skipped: Vec<Value> = inputs
        .skipped
        .iter()
        .map(|skipped| {
            json!({ "input": skipped.path, "what": skipped.failure.what,
                "code": skipped.failure.code.to_string() })
        })
        .collect();
    json!({ "output": inputs.output, "files": files, "skipped": skipped,
        "manifest": made.manifest })
}
