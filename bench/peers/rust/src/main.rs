//! What a Rust de-identifier makes of our material, and the processor time it takes:
//! `peers text TEXTS RESULTS` and `peers dicom FILES RESULTS`.
//!
//! `text` is redact-core with its default recognisers: RESULTS gets the file names of TEXTS,
//! `{"id", "spans": [{"start", "end", "label"}]}` a line, offsets in bytes, labels its own.
//! `dicom` is dicom-anonymization with its default settings: RESULTS gets the rewritten files.
//! Both write `run.json` beside them. Start-up is the making of the engine and a first call.

mod clock;

use std::{collections::BTreeMap, env, error::Error, fs, path::Path, process::ExitCode};

use clock::{Clock, median_seconds};
use dicom_anonymization::Anonymizer;
use redact_core::AnalyzerEngine;
use serde_json::{Value, json};

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let held = match words
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .as_slice()
    {
        ["text", texts, results] => text(Path::new(texts), Path::new(results)),
        ["dicom", files, results] => dicom(Path::new(files), Path::new(results)),
        _ => Err("usage: peers text|dicom MATERIAL RESULTS".into()),
    };
    if let Err(error) = held {
        eprintln!("peers: {error}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// Reads every file of texts with redact-core.
fn text(texts: &Path, results: &Path) -> Outcome {
    fs::create_dir_all(results)?;
    let clock = Clock::start();
    let engine = AnalyzerEngine::new();
    engine.analyze("Nothing to see here.", None)?;
    let start_up = clock.seconds();
    let mut seconds = BTreeMap::new();
    for (name, bytes) in files(texts, "jsonl")? {
        let documents = documents(&bytes)?;
        let taken = median_seconds(|| {
            for (_, text) in &documents {
                std::hint::black_box(engine.analyze(text, None)?);
            }
            Ok(())
        })?;
        println!("  redact-core: {name} in {taken:.2} s");
        fs::write(results.join(&name), spans(&engine, &documents)?)?;
        seconds.insert(name, taken);
    }
    let versions = [format!("redact-core {}", version("redact-core"))];
    write_run(results, "redact-core", &versions, start_up, &json!(seconds))
}

/// What redact-core finds, one line a document.
fn spans(engine: &AnalyzerEngine, documents: &[(Value, String)]) -> Outcome<String> {
    let mut lines = String::new();
    for (id, text) in documents {
        let found = engine.analyze(text, None)?.detected_entities;
        let found = found.iter().filter(|found| found.start < found.end).map(|found| {
            json!({"start": found.start, "end": found.end, "label": found.entity_type.as_str()})
        });
        let spans: Vec<Value> = found.collect();
        lines.push_str(&json!({"id": id, "spans": spans}).to_string());
        lines.push('\n');
    }
    Ok(lines)
}

/// Rewrites every DICOM file with dicom-anonymization.
fn dicom(material: &Path, results: &Path) -> Outcome {
    fs::create_dir_all(results)?;
    let clock = Clock::start();
    let engine = Anonymizer::default();
    let files = files(material, "dcm")?;
    let first = files.first().ok_or("there are no DICOM files")?;
    rewrite(&engine, &first.1)?;
    let start_up = clock.seconds();
    let taken = median_seconds(|| {
        for (_, bytes) in &files {
            std::hint::black_box(rewrite(&engine, bytes)?);
        }
        Ok(())
    })?;
    for (name, bytes) in &files {
        fs::write(results.join(name), rewrite(&engine, bytes)?)?;
    }
    println!(
        "  dicom-anonymization: {} files in {taken:.2} s",
        files.len()
    );
    let versions = [format!(
        "dicom-anonymization {}",
        version("dicom-anonymization")
    )];
    write_run(
        results,
        "dicom-anonymization",
        &versions,
        start_up,
        &json!({"dicom": taken}),
    )
}

fn rewrite(engine: &Anonymizer, bytes: &[u8]) -> Outcome<Vec<u8>> {
    let mut out = Vec::with_capacity(bytes.len());
    engine.anonymize(bytes)?.write(&mut out)?;
    Ok(out)
}

fn write_run(
    folder: &Path,
    title: &str,
    versions: &[String],
    start_up: f64,
    cpu: &Value,
) -> Outcome {
    let run = json!({
        "title": title, "versions": versions, "offsets": "bytes",
        "start_up_seconds": start_up, "cpu_seconds": cpu,
    });
    Ok(fs::write(folder.join("run.json"), format!("{run:#}\n"))?)
}

/// The files of a folder with this ending, by name, in memory.
fn files(folder: &Path, ending: &str) -> Outcome<Vec<(String, Vec<u8>)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|kind| kind == ending) {
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            found.push((name, fs::read(&path)?));
        }
    }
    found.sort();
    Ok(found)
}

/// Id and text of every line.
fn documents(lines: &[u8]) -> Outcome<Vec<(Value, String)>> {
    let mut found = Vec::new();
    for line in std::str::from_utf8(lines)?
        .lines()
        .filter(|line| !line.trim().is_empty())
    {
        let record: Value = serde_json::from_str(line)?;
        let text = record
            .get("text")
            .and_then(Value::as_str)
            .ok_or("a line has no `text`")?;
        let id = record.get("id").ok_or("a line has no `id`")?;
        found.push((id.clone(), text.to_owned()));
    }
    Ok(found)
}

/// The version of a package, from the lock file that this program was built with.
fn version(package: &str) -> &'static str {
    let name = format!("name = \"{package}\"\nversion = \"");
    let rest = include_str!("../Cargo.lock").split(&name).nth(1);
    rest.and_then(|rest| rest.split('"').next()).unwrap_or("?")
}
