//! One fuzz target for each parser of bytes from outside, in one program: `FUZZ_TARGET` chooses.
//!
//! See `README.md` beside this folder.
#![no_main]

#[path = "../../crates/flow/src/codes.rs"]
#[allow(dead_code)]
mod codes;

mod brought;
mod deid;
mod keys;
mod log;
mod seeds;
mod study;
mod tables;

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;

/// What a target does with the bytes; a panic is a finding.
type Target = fn(&[u8]);

fuzz_target!(init: seeds::write_if_asked(), |data: &[u8]| {
    static TARGET: OnceLock<Target> = OnceLock::new();
    TARGET.get_or_init(chosen)(data);
});

fn chosen() -> Target {
    let name = std::env::var("FUZZ_TARGET").unwrap_or_default();
    match TARGETS.iter().find(|(known, _)| *known == name) {
        Some((_, target)) => *target,
        None => {
            let names: Vec<&str> = TARGETS.iter().map(|(name, _)| *name).collect();
            eprintln!("FUZZ_TARGET must be one of: {}", names.join(" "));
            std::process::exit(2);
        }
    }
}

/// Every target has a folder of this name in `seeds/`.
const TARGETS: &[(&str, Target)] = &[
    ("csv", tables::csv),
    ("jsonl", tables::jsonl),
    ("parquet", tables::parquet),
    ("parquet_encrypted", tables::parquet_encrypted),
    ("text", tables::text),
    ("fhir_bundle", tables::fhir_bundle),
    ("fhir_ndjson", tables::fhir_ndjson),
    ("keyring", keys::keyring),
    ("sealed", keys::sealed),
    ("share", keys::share),
    ("model_signature", keys::model_signature),
    ("log_frames", log::frames),
    ("log_event", log::event),
    ("log_checkpoint", log::checkpoint),
    ("log_export", log::export),
    ("log_proof", log::proof),
    ("log_witness", log::witness),
    ("log_beside", log::beside),
    ("phi_text", deid::text),
    ("phi_dates", deid::dates),
    ("phi_fhir", deid::fhir),
    ("phi_dicom", deid::dicom),
    ("phi_hl7v2", deid::hl7v2),
    ("phi_ccda", deid::ccda),
    ("phi_classifier", deid::classifier),
    ("phi_classifier_labels", deid::classifier_labels),
    ("phi_evaluate", deid::evaluate),
    ("phi_review", deid::review),
    ("phi_plan", deid::plan),
    ("phi_tagger_weights", deid::tagger_weights),
    ("study", study::study),
    ("cipher", brought::cipher),
    ("model_import", brought::import),
];
