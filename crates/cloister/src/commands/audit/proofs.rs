use std::path::Path;

use ::access::Resource;
use ::audit::{Checkpoint, CheckpointError, Event, TlogProof, TrustPolicy};
use domain::Action;
use serde_json::json;

use super::{keys, write};
use crate::{arguments::Arguments, failure::Failure, files, screen::Screen, wire::Instance};

pub(super) fn prove(
    arguments: &Arguments,
    entry: u64,
    output: &Path,
    screen: Screen,
) -> Result<(), Failure> {
    let instance = Instance::open(arguments)?;
    let desk = instance.desk();
    let permit = desk.permit(Action::ReadAudit, Resource::log(), None)?;
    desk.note(&permit, None)?;
    let proof = flow::govern::log::prove(&permit, &desk, entry)?;
    let text = proof.to_text();
    write(output, text.as_bytes())?;
    let key = desk.store.log_verifier_key();
    screen.result(
        &format!(
            "proof of entry {entry} written to {} ({} bytes, {} hashes)\ncheck it anywhere: cloister audit verify-proof {} --key {key}",
            output.display(), text.len(), proof.hashes.len(), output.display()
        ),
        &json!({ "entry": entry, "file": output, "bytes": text.len(),
            "hashes": proof.hashes.len(), "key": key }),
    );
    Ok(())
}

pub(super) fn verify(
    file: &Path,
    key: Option<&str>,
    policy: Option<&Path>,
    entry: Option<&Path>,
    screen: Screen,
) -> Result<(), Failure> {
    let proof = TlogProof::parse(&files::read_text(file)?)?;
    let entry = entry.map(files::read_bytes).transpose()?;
    let checkpoint = match (policy, key) {
        (Some(policy), _) => {
            let policy = TrustPolicy::parse(&files::read_text(policy)?)?;
            let accepted = policy.accept(&proof.checkpoint)?;
            proof.verify(entry.as_deref(), |_| Ok(accepted))?
        }
        (None, Some(key)) => {
            let key = keys::public(key)?;
            proof.verify(entry.as_deref(), |text| {
                Checkpoint::parse_and_verify(text, &key)
            })?
        }
        (None, None) => return Err(CheckpointError::Signature.into()),
    };
    let bytes = entry.or(proof.entry).unwrap_or_default();
    let event = Event::decode(&bytes).ok();
    let shown = event
        .as_ref()
        .map_or_else(String::new, |event| format!("\n{}", event.encode()));
    screen.result(
        &format!(
            "the proof holds: entry {} of {} is in the log of {} entries{shown}",
            proof.index,
            checkpoint.origin(),
            checkpoint.size()
        ),
        &json!({ "holds": true, "entry": proof.index, "origin": checkpoint.origin(),
            "size": checkpoint.size(), "root": checkpoint.root(), "event": event }),
    );
    Ok(())
}
