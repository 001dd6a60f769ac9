//! Other people's de-identifiers on the texts and files that we are measured on ourselves.
//!
//! `cargo xtask bench --peers` calls this twice: once to write the material, and once, when every
//! peer has read it, to read it with our own engine, score everybody and print the tables. The
//! texts are the held-out half of the examination, whole; nobody here was tuned to it.

mod imaging;
mod labels;
mod own;
mod run;
mod score;
mod table;

use std::path::Path;

use self::{run::Run, score::Scored};
use crate::{Outcome, recall, words::Words};

/// Writes the texts and the DICOM files that everybody reads.
pub fn write_material(folder: &Path, words: &Words) -> Outcome {
    recall::export(&folder.join(TEXTS), words, |corpus| corpus.is_held_out)?;
    imaging::write(&folder.join(DICOM))
}

/// Measures our own engine, reads what the peers found, and prints the tables.
pub fn compare(folder: &Path, words: &Words) -> Outcome {
    let texts = score::texts(&folder.join(TEXTS))?;
    let mut everybody = vec![own::read(&texts, words.repetitions)?];
    for name in READERS {
        let run = Run::read(&folder.join("results").join(name), &texts)?;
        everybody.push(Scored::of(&run, &texts)?);
    }
    table::print_texts(&everybody, &texts);
    let rewriter = folder.join("results").join(REWRITER);
    let own = own::rewrite(words.repetitions)?;
    table::print_images(&[own, imaging::peer(&rewriter)?]);
    Ok(())
}

/// Folders of results, in the order of the tables.
const READERS: [&str; 4] = [
    "presidio-patterns",
    "presidio-model",
    "scrubadub",
    "redact-core",
];
const REWRITER: &str = "dicom-anonymization";
const TEXTS: &str = "texts";
const DICOM: &str = "dicom";
