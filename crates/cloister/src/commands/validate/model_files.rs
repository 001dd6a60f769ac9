//! `cloister validate files`: identifiers inside files of models.

use std::{collections::BTreeMap, path::PathBuf};

use learn::leakage::texts;
use phi::text::{Scratch, TextEngine};
use serde_json::{Value, json};

use super::gate;
use crate::{failure::Failure, files, screen::Screen};

pub(super) fn run(paths: &[PathBuf], screen: Screen) -> Result<(), Failure> {
    let engine = TextEngine::new();
    let (mut told, mut documents, mut all) = (Vec::new(), Vec::new(), 0);
    for path in paths {
        let bytes = files::read_bytes(path)?;
        let texts = texts(&bytes, SHORTEST);
        let counts = count(&engine, &texts);
        let found: u64 = counts.values().sum();
        all += found;
        let kinds: Vec<String> = counts
            .iter()
            .map(|(label, count)| format!("{label} {count}"))
            .collect();
        told.push(format!(
            "{}: {} texts, {found} identifiers{}{}",
            path.display(),
            texts.len(),
            if kinds.is_empty() { "" } else { ": " },
            kinds.join(", ")
        ));
        documents.push(json!({ "file": path, "texts": texts.len(), "identifiers": counts }));
    }
    screen.result(&told.join("\n"), &Value::from(documents));
    if all == 0 {
        Ok(())
    } else {
        Err(gate(
            format!("{all} identifiers stand in files of the model"),
            "look with `cloister scan --spans`; take names out of vocabularies and train again",
        ))
    }
}

/// Shorter texts are mostly numbers that look like letters.
const SHORTEST: usize = 6;

/// Findings by label; no text is kept.
fn count(engine: &TextEngine, texts: &[&str]) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    let mut scratch = Scratch::default();
    let mut findings = Vec::new();
    for text in texts {
        findings.clear();
        engine.scan_into(text, None, &mut scratch, &mut findings);
        for finding in &findings {
            *counts.entry(finding.label.to_string()).or_default() += 1;
        }
    }
    counts
}
