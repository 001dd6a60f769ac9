//! The seeds that only a key can make: `FUZZ_SEEDS=DIR` writes them and ends.

use std::{fs, path::PathBuf, process};

use audit::{
    AddCheckpoint, Checkpoint, PersonRef, PersonSet, TlogProof, Tree, export, leaf_hash,
};
use formats::{Format, Input, Limits, NamedKey, TableSeal, TableWriter, read_table};

use crate::keys::{instance, model};

/// Writes the seeds of keyring, checkpoint, export, model signature and encrypted Parquet when
/// asked for.
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
        ("parquet_encrypted", encrypted_table()),
    ] {
        fs::create_dir_all(folder.join(target)).expect("a folder");
        fs::write(folder.join(target).join("valid"), bytes).expect("room on disk");
    }
    process::exit(0);
}

/// A small table under the key and in the place of the target.
fn encrypted_table() -> Vec<u8> {
    let rows = Input::Bytes(b"name,zip\nAda,02139\nBen,\n".to_vec());
    let table = read_table("x", Format::Csv, rows, &Limits::default(), None).expect("a table");
    let key = |name: &str| NamedKey::new("fuzz", name, &[7; 32]);
    let seal = TableSeal::new("fuzz", key("cl1.fuzz.footer"))
        .column("name", key("cl1.fuzz.column"))
        .column("zip", key("cl1.fuzz.column"));
    let mut out = Vec::new();
    let mut writer =
        TableWriter::create_encrypted(table.schema(), &mut out, &seal).expect("a writer");
    for batch in table {
        writer.write(&batch.expect("rows")).expect("a row group");
    }
    writer.finish().expect("a file");
    out
}
