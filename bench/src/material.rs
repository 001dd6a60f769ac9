//! What is measured on: generated data, and public files where they lie beside the source tree.
#![expect(
    clippy::disallowed_methods,
    reason = "a benchmark reads its data where it lies"
)]

use std::{
    fmt::Write as _,
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

/// The resources of bundles, one a line.
pub fn ndjson(bundles: &[String]) -> String {
    let mut lines = String::new();
    for bundle in bundles {
        let bundle = serde_json::from_str::<serde_json::Value>(bundle).unwrap_or_default();
        let entries = bundle.get("entry").and_then(serde_json::Value::as_array);
        for resource in entries
            .into_iter()
            .flatten()
            .filter_map(|entry| entry.get("resource"))
        {
            lines.push_str(&resource.to_string());
            lines.push('\n');
        }
    }
    lines
}

/// Clinical documents in XML: public ones, or the one of the tests; and which.
pub fn clinical_documents() -> (Vec<Vec<u8>>, &'static str) {
    let found: Vec<Vec<u8>> = fs::read_dir(root().join("../shared/data/ccda"))
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| fs::read(entry.path()).ok())
        .collect();
    if found.is_empty() {
        let own = root().join("crates/phi/tests/data/ccda/summary.xml");
        (
            fs::read(own).into_iter().collect(),
            "the document of the tests",
        )
    } else {
        (found, "public sample documents")
    }
}

/// Laboratory messages of HL7 v2 with twenty results each, of invented patients; with a note after
/// the results or without.
pub fn messages(count: usize, note: &str) -> String {
    let mut file = String::new();
    for number in 0..count {
        let patient = number % 500;
        let _written = write!(
            file,
            "MSH|^~\\&|LAB|NORTHFEN|EHR|NORTHFEN|20210912154400||ORU^R01^ORU_R01|M{number}|P|2.5.1\r\
             PID|1||MR{patient:06}^^^NORTHFEN^MR||Fam{patient}^Giv{patient}^A||19{:02}0305|F||\
             2106-3^White^HL70005|{patient} Mill Rd^^Eastwick^MA^02139^USA||(617)555-{:04}|||||A{patient}|\r\
             OBR|1|P{number}^LAB|F{number}^LAB|24317-0^Hemogram and platelets^LN|||20210912080000|\
             ||||||||4410^SALTMARSH^IRIS||||||20210912154000|||F\r",
            50 + patient % 50,
            patient % 10_000,
        );
        for line in 1..=20 {
            let _written = write!(
                file,
                "OBX|{line}|NM|718-{line}^Hemoglobin [Mass/volume] in Blood^LN||{}.{line}|\
                 g/dL^gram per deciliter^UCUM|12.0-16.0|N|||F|||20210912093000|||AUTO^Analyzer^L||\
                 20210912094500\r",
                8 + line % 9
            );
        }
        if !note.is_empty() {
            let _written = write!(file, "NTE|1|L|{note} Fam{patient}\r");
        }
    }
    file
}

/// Texts cut into lines of about a thousand bytes.
pub fn lines(texts: &[String]) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in texts.iter().flat_map(|text| text.split_whitespace()) {
        if lines
            .last()
            .is_some_and(|line| line.len() + word.len() >= 1_000)
        {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(word);
            line.push(' ');
        }
    }
    lines
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
