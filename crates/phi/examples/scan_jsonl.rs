//! Prints the findings in the `text` field of each line of a JSONL file, as JSON lines with the
//! text beside them: for judging rules on notes that identify
//! nobody; with `--without-tagger` behind the file, rules and dictionaries only, with a file of
//! weights, the tagger of that file.
#![expect(clippy::print_stdout, reason = "the result")]
#![expect(
    clippy::disallowed_methods,
    reason = "a tool for development reads a file"
)]

use std::{env, fs};

use cloister_phi::{
    tagger::{Tagger, Weights},
    text::TextEngine,
};

fn main() {
    let engine = match env::args().nth(2).as_deref() {
        Some("--without-tagger") => TextEngine::without_tagger(),
        Some(weights) => {
            let weights = fs::read(weights).ok();
            let weights = weights.and_then(|bytes| Weights::read(&bytes).ok());
            let engine = TextEngine::without_tagger();
            weights.map_or(engine, |weights| {
                TextEngine::without_tagger().with_tagger(Tagger::new(weights))
            })
        }
        None => TextEngine::new(),
    };
    let path = env::args().nth(1).unwrap_or_default();
    for line in fs::read_to_string(path).unwrap_or_default().lines() {
        let Ok(record) = serde_json::from_str::<serde_json::Value>(line) else {
            continue;
        };
        let text = record
            .get("text")
            .and_then(serde_json::Value::as_str)
            .unwrap_or_default();
        let spans: Vec<_> = engine
            .scan(text, None)
            .iter()
            .map(|finding| {
                serde_json::json!({
                    "start": text.get(..finding.start).map_or(0, |head| head.chars().count()),
                    "end": text.get(..finding.end).map_or(0, |head| head.chars().count()),
                    "label": finding.label.word(),
                    "score": finding.score,
                    "detector": finding.detector,
                })
            })
            .collect();
        println!(
            "{}",
            serde_json::json!({"id": record.get("id"), "spans": spans})
        );
    }
}
