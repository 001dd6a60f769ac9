//! Everybody on the same gold.
#![expect(clippy::disallowed_methods, reason = "the material lies in files")]

use std::{collections::BTreeMap, fs, path::Path};

use phi::evaluate::{Document, Evaluation, read_gold};

use super::run::Run;

type Failure = Box<dyn std::error::Error>;

/// The gold by file name.
pub type Texts = BTreeMap<String, Vec<Document>>;

/// One reader with its figures.
#[derive(Debug)]
pub struct Scored {
    /// What it is called in the tables.
    pub title: String,
    /// The packages with their versions.
    pub versions: Vec<String>,
    /// Processor seconds before the first text.
    pub start_up: f64,
    /// The figures by file name.
    pub files: BTreeMap<String, Figures>,
}

/// What one reader did with one file.
#[derive(Debug)]
pub struct Figures {
    /// Millions of bytes of text in a processor second.
    pub speed: f64,
    /// What was found of what should have been.
    pub evaluation: Evaluation,
}

/// The gold in a folder.
pub fn texts(folder: &Path) -> Result<Texts, Failure> {
    let mut texts = Texts::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let lines = fs::read_to_string(&path)?;
        texts.insert(name.clone(), read_gold(&name, &lines)?);
    }
    Ok(texts)
}

/// Millions of bytes of text in these documents.
pub fn megabytes(documents: &[Document]) -> f64 {
    let bytes: usize = documents.iter().map(|document| document.text.len()).sum();
    bytes as f64 / 1e6
}

impl Scored {
    /// Scores a peer's run.
    pub fn of(run: &Run, texts: &Texts) -> Result<Self, Failure> {
        let mut files = BTreeMap::new();
        for (file, documents) in texts {
            let (found, seconds) = run
                .found
                .get(file)
                .zip(run.head.seconds.get(file))
                .ok_or_else(|| format!("{} did not read {file}", run.head.title))?;
            let figures = Figures {
                speed: megabytes(documents) / seconds,
                evaluation: Evaluation::of(documents, found)?,
            };
            files.insert(file.clone(), figures);
        }
        Ok(Self {
            title: run.head.title.clone(),
            versions: run.head.versions.clone(),
            start_up: run.head.start_up,
            files,
        })
    }
}
