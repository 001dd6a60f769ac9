//! Our own engine on the material, in its default settings and on one core.

use std::{collections::BTreeMap, hint::black_box};

use formats::dicom::DicomFile;
use phi::{
    columns::FieldMap,
    crosswalk::Crosswalk,
    dicom::Imaging,
    evaluate::{Document, Evaluation},
    plan::Plan,
    text::{Scratch, TextEngine},
    transform::Deidentifier,
};
use seal::SystemEntropy;

use super::{
    imaging::{self, Rewritten},
    score::{Figures, Scored, Texts, megabytes},
};
use crate::{
    recall::marks,
    stopwatch::{Job, Laps, cpu, interleaved},
};

type Failure = Box<dyn std::error::Error>;

/// Reads every file of texts.
pub fn read(texts: &Texts, repetitions: u32) -> Result<Scored, Failure> {
    let engine = TextEngine::new();
    let mut jobs = vec![Job::new("start", 1.0, || {
        black_box(TextEngine::new());
        Ok(())
    })];
    jobs.extend(texts.iter().map(|(file, documents)| {
        let engine = &engine;
        Job::new(file, megabytes(documents), move || {
            scan(engine, documents);
            Ok(())
        })
    }));
    let laps = interleaved(repetitions, jobs)?;
    let speeds: BTreeMap<&str, &Laps> =
        laps.iter().map(|laps| (laps.name.as_str(), laps)).collect();
    let files = texts.iter().filter_map(|(file, documents)| {
        let speed = speeds.get(file.as_str())?.rate(cpu).median;
        let evaluation = evaluate(&engine, documents);
        Some((file.clone(), Figures { speed, evaluation }))
    });
    Ok(Scored {
        title: "**Cloister**".to_owned(),
        versions: vec![version()],
        start_up: laps
            .first()
            .map_or(f64::NAN, |laps| laps.seconds(cpu).median),
        files: files.collect(),
    })
}

/// Rewrites every DICOM file.
pub fn rewrite(repetitions: u32) -> Result<Rewritten, Failure> {
    let files = imaging::files();
    let engine = TextEngine::new();
    let job = Job::new("dicom", files.len() as f64, || {
        black_box(rewritten(&engine, &files)?);
        Ok(())
    });
    let laps = interleaved(repetitions, vec![job])?;
    let speed = laps.first().map_or(f64::NAN, |laps| laps.rate(cpu).median);
    let out = rewritten(&engine, &files)?;
    Ok(Rewritten::new("**Cloister**", &version(), speed, &out))
}

fn rewritten(engine: &TextEngine, files: &[Vec<u8>]) -> Result<Vec<Vec<u8>>, Failure> {
    let (plan, map) = (Plan::safe_harbor(), FieldMap::default());
    let mut entropy = SystemEntropy::new();
    let mut work = Deidentifier::new(&plan, &map, engine, Crosswalk::new(), &mut entropy, 2026)?;
    let mut out = Vec::with_capacity(files.len());
    for file in files {
        let file = DicomFile::parse("generated.dcm", file)?;
        out.push(work.dicom(file, &Imaging::default())?.bytes);
    }
    Ok(out)
}

fn scan(engine: &TextEngine, documents: &[Document]) {
    let (mut scratch, mut findings) = (Scratch::default(), Vec::new());
    for document in documents {
        engine.scan_into(&document.text, None, &mut scratch, &mut findings);
        black_box(&findings);
    }
}

fn evaluate(engine: &TextEngine, documents: &[Document]) -> Evaluation {
    let mut evaluation = Evaluation::default();
    for document in documents {
        let findings = engine.scan(&document.text, None);
        evaluation.add(document, &marks(&document.text, &findings));
    }
    evaluation
}

fn version() -> String {
    format!("cloister {}", env!("CARGO_PKG_VERSION"))
}
