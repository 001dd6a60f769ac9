//! Writes the synthetic hospital: tables, notes and their truth, and FHIR bundles if a second
//! folder is named.
#![expect(clippy::disallowed_methods, reason = "an example writes files")]

use std::{env, fs, io, path::PathBuf};

use cloister_hospital::{Hospital, Table};

fn main() -> io::Result<()> {
    let mut folders = env::args().skip(1).map(PathBuf::from);
    let folder = folders.next().unwrap_or_else(|| PathBuf::from("hospital"));
    let hospital = Hospital::generate(1, 500);
    fs::create_dir_all(&folder)?;
    for table in Table::ALL {
        fs::write(
            folder.join(format!("{}.csv", table.word())),
            hospital.csv(table),
        )?;
    }
    fs::write(folder.join("notes.jsonl"), hospital.notes_jsonl())?;
    fs::write(folder.join("truth.jsonl"), hospital.truth_jsonl())?;
    let Some(fhir) = folders.next() else {
        return Ok(());
    };
    fs::create_dir_all(&fhir)?;
    for (at, bundle) in hospital.fhir_bundles(20).iter().enumerate() {
        fs::write(fhir.join(format!("bundle-{at:02}.json")), bundle)?;
    }
    Ok(())
}
