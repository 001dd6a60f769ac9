//! What a peer wrote: how long it took, and what it found in each file.
#![expect(
    clippy::disallowed_methods,
    reason = "the peers leave their results in files"
)]

use std::{collections::BTreeMap, fs, path::Path};

use phi::evaluate::{Document, Prediction, read_predictions};
use serde_json::Value;

use super::{labels::label, score::Texts};
use crate::recall::Places;

type Failure = Box<dyn std::error::Error>;

/// The head of a run, `run.json`.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    /// What the peer is called in the tables.
    pub title: String,
    /// The packages with their versions.
    pub versions: Vec<String>,
    /// Processor seconds before the first text, imports and models included.
    pub start_up: f64,
    /// Processor seconds by file name.
    pub seconds: BTreeMap<String, f64>,
    offsets: Offsets,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Offsets {
    CodePoints,
    Bytes,
}

/// A run over all texts.
#[derive(Debug)]
pub struct Run {
    /// Times and versions.
    pub head: Head,
    /// What was found, by file name, in code points and under our labels.
    pub found: BTreeMap<String, Vec<Prediction>>,
}

impl Head {
    /// Reads the head in a folder of results.
    pub fn read(folder: &Path) -> Result<Self, Failure> {
        let path = folder.join("run.json");
        let text =
            fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        Self::parse(&text)
            .ok_or_else(|| format!("{} is not what a peer writes", path.display()).into())
    }

    fn parse(text: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(text).ok()?;
        let seconds = value.get("cpu_seconds")?.as_object()?.iter();
        let offsets = match value.get("offsets")?.as_str()? {
            "code points" => Offsets::CodePoints,
            "bytes" => Offsets::Bytes,
            _ => return None,
        };
        let versions = value.get("versions")?.as_array()?.iter();
        Some(Self {
            title: value.get("title")?.as_str()?.to_owned(),
            versions: versions
                .map(|version| version.as_str().map(str::to_owned))
                .collect::<Option<_>>()?,
            start_up: value.get("start_up_seconds")?.as_f64()?,
            seconds: seconds
                .map(|(file, time)| Some((file.clone(), time.as_f64()?)))
                .collect::<Option<_>>()?,
            offsets,
        })
    }
}

impl Run {
    /// Reads a folder of results, one file for every file of texts.
    pub fn read(folder: &Path, texts: &Texts) -> Result<Self, Failure> {
        let head = Head::read(folder)?;
        let mut found = BTreeMap::new();
        for (file, documents) in texts {
            let path = folder.join(file);
            let lines = fs::read_to_string(&path)
                .map_err(|error| format!("{}: {error}", path.display()))?;
            let predictions = read_predictions(&path.display().to_string(), &lines)?;
            found.insert(
                file.clone(),
                in_our_words(predictions, documents, head.offsets),
            );
        }
        Ok(Self { head, found })
    }
}

/// Offsets in code points, labels as ours.
fn in_our_words(
    mut predictions: Vec<Prediction>,
    documents: &[Document],
    offsets: Offsets,
) -> Vec<Prediction> {
    let texts = documents
        .iter()
        .map(|document| (document.id.as_str(), document.text.as_str()));
    let texts: BTreeMap<&str, &str> = texts.collect();
    for prediction in &mut predictions {
        let places = Places::of(texts.get(prediction.id.as_str()).unwrap_or(&""));
        for mark in &mut prediction.spans {
            label(&mark.label).word().clone_into(&mut mark.label);
            if offsets == Offsets::Bytes {
                mark.start = places.code_point(mark.start);
                mark.end = places.code_point(mark.end);
            }
        }
    }
    predictions
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = r#"{"title":"Peer","versions":["peer 1.2"],"offsets":"bytes",
        "start_up_seconds":0.5,"cpu_seconds":{"notes.jsonl":2.25}}"#;

    #[test]
    fn a_head_is_read_whole() {
        let head = Head::parse(HEAD).unwrap();
        assert_eq!(head.versions, ["peer 1.2"]);
        assert_eq!(head.seconds.get("notes.jsonl"), Some(&2.25));
        assert_eq!(head.offsets, Offsets::Bytes);
    }

    #[test]
    fn offsets_in_an_unknown_unit_are_refused() {
        assert_eq!(Head::parse(&HEAD.replace("bytes", "UTF-16")), None);
        assert_eq!(Head::parse(&HEAD.replace("2.25", "\"2\"")), None);
    }

    #[test]
    fn bytes_become_code_points_and_labels_ours() {
        let document = Document {
            id: "1".to_owned(),
            text: "Zoë Ólafs, zoe@example.org".to_owned(),
            ..Document::default()
        };
        let line = r#"{"id":1,"spans":[{"start":0,"end":11,"label":"PERSON"},{"start":13,"end":28,"label":"email"}]}"#;
        let found = read_predictions("p", line).unwrap();
        let found = in_our_words(found, &[document], Offsets::Bytes);
        let marks = found[0].spans.iter();
        let marks: Vec<_> = marks
            .map(|mark| (mark.start, mark.end, mark.label.as_str()))
            .collect();
        assert_eq!(marks, [(0, 9, "NAME"), (11, 26, "EMAIL")]);
    }
}
