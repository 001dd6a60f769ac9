//! The seeds that only a key can make: `FUZZ_SEEDS=DIR` writes them and ends.

use std::{fs, path::PathBuf, process};

use audit::{
    AddCheckpoint, Checkpoint, PersonRef, PersonSet, TlogProof, Tree, export, leaf_hash,
};

use crate::keys::{instance, model};

/// Writes the seeds of keyring, checkpoint, export and model signature when asked for.
pub(crate) fn write_if_asked() {
    let Some(folder) = std::env::var_os("FUZZ_SEEDS") else {
        return;
    };
    let folder = PathBuf::from(folder);
    let event = fs::read_to_string(folder.join("log_event/start")).expect("the seed of an event");
    let (keyring, file) = instance();
    let mut tree = Tree::new();
    tree.push(leaf_hash(event.as_bytes()));
    let checkpoint = Checkpoint::of("cloister/fuzz", &tree)
        .expect("a checkpoint")
        .sign(keyring);
    let lines = export([event.as_bytes()], &checkpoint).expect("an export");
    let proof = TlogProof {
        index: 0,
        hashes: Vec::new(),
        checkpoint: checkpoint.clone(),
        entry: Some(event.clone().into_bytes()),
    };
    let request = AddCheckpoint {
        old: 0,
        proof: Vec::new(),
        checkpoint: checkpoint.clone(),
    };
    let model = seal::oms::sign_model(keyring, "m", &model());
    for (target, bytes) in [
        ("keyring", file.clone()),
        ("log_checkpoint", checkpoint.into_bytes()),
        ("log_export", lines.into_bytes()),
        ("log_proof", proof.to_text().into_bytes()),
        ("log_witness", request.to_text().into_bytes()),
        ("log_beside", PersonSet::of([PersonRef([7; 16])]).encode()),
        ("model_signature", model.into_bytes()),
    ] {
        fs::create_dir_all(folder.join(target)).expect("a folder");
        fs::write(folder.join(target).join("valid"), bytes).expect("room on disk");
    }
    process::exit(0);
}
