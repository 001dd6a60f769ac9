//! The examination as files, so that others can be measured on the same texts.
#![expect(clippy::disallowed_methods, reason = "an export writes files")]

use std::{fmt::Write, fs, path::Path};

use phi::{
    evaluate::{Document, Mark},
    text::TextEngine,
};
use serde_json::{Value, json};

use super::corpus::Corpus;
use crate::{Outcome, words::Words};

/// Writes `FAMILY-HALF.jsonl` into the folder, of the corpora that are wanted: gold for `cloister deid evaluate`, offsets in code
/// points; labels `IGNORE` and `KEEP` as [`phi::evaluate`] says.
pub fn export(folder: &Path, words: &Words, wanted: impl Fn(&Corpus) -> bool) -> Outcome {
    fs::create_dir_all(folder)?;
    let corpora = Corpus::examination(words.seed, &TextEngine::new());
    for corpus in corpora.iter().filter(|corpus| wanted(corpus)) {
        let half = if corpus.is_held_out {
            "held-out"
        } else {
            "development"
        };
        let mut lines = String::new();
        for document in &corpus.documents {
            writeln!(lines, "{}", gold(document))?;
        }
        let path = folder.join(format!("{}-{half}.jsonl", corpus.name));
        fs::write(&path, lines)?;
        println!("{}  {} documents", path.display(), corpus.documents.len());
    }
    Ok(())
}

fn gold(document: &Document) -> Value {
    let spans: Vec<Value> = document.spans.iter().map(span).collect();
    json!({"id": document.id, "group": document.group, "text": document.text, "spans": spans})
}

fn span(mark: &Mark) -> Value {
    json!({
        "start": mark.start, "end": mark.end, "label": mark.label, "kind": mark.kind,
        "listed": mark.listed, "third_party": mark.third_party,
    })
}
