//! What is measured on: generated data, and public files where they lie beside the source tree.
#![expect(
    clippy::disallowed_methods,
    reason = "a benchmark reads its data where it lies"
)]

use std::{
    fs,
    path::{Path, PathBuf},
};

use hospital::Hospital;

/// The root of the source tree.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// A public file beside the source tree, if it is there.
pub fn shared(path: &str) -> Option<String> {
    fs::read_to_string(root().join("../shared/data").join(path)).ok()
}

/// The notes of a generated hospital.
pub fn notes(hospital: &Hospital) -> Vec<String> {
    hospital
        .notes
        .iter()
        .map(|note| note.text.clone())
        .collect()
}

/// The texts of a public collection of clinical sections, if it is there.
pub fn clinical_sections() -> Option<Vec<String>> {
    let lines = shared("corpora/clinical-sections.jsonl")?;
    let texts = lines.lines().filter_map(|line| {
        let record = serde_json::from_str::<serde_json::Value>(line).ok()?;
        Some(record.get("text")?.as_str()?.to_owned())
    });
    Some(texts.collect())
}

/// Bundles of FHIR R4: public ones, or generated ones; and which.
pub fn bundles(hospital: &Hospital) -> (Vec<String>, &'static str) {
    let found: Vec<String> = fs::read_dir(root().join("../shared/data/fhir-r4"))
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| fs::read_to_string(entry.path()).ok())
        .collect();
    if found.is_empty() {
        (hospital.fhir_bundles(20), "generated bundles")
    } else {
        (found, "public synthetic bundles")
    }
}

/// The census table to train on and the one to test on, and which they are.
pub fn census() -> (String, String, &'static str) {
    match (
        shared("adult-uci/adult.data"),
        shared("adult-uci/adult.test"),
    ) {
        (Some(train), Some(test)) => (train, test, "UCI Adult"),
        _ => (
            hospital::census(1, 32_561),
            hospital::census(2, 16_281),
            "generated table of Adult's shape",
        ),
    }
}

/// Bytes in millions.
pub fn megabytes<'t>(texts: impl IntoIterator<Item = &'t String>) -> f64 {
    texts.into_iter().map(String::len).sum::<usize>() as f64 / 1e6
}
