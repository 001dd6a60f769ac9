//! Scanning and rewriting running text.

use std::hint::black_box;

use hospital::Hospital;
use phi::{
    columns::FieldMap,
    crosswalk::Crosswalk,
    plan::Plan,
    text::{Scratch, TextEngine},
    transform::Deidentifier,
};
use seal::SystemEntropy;

use crate::{
    Outcome, material,
    sheet::Sheet,
    stopwatch::{Job, interleaved},
    words::Words,
};

const GROUP: &str = "text";

/// Fills the lines of running text.
pub fn measure(words: &Words, sheet: &mut Sheet) -> Outcome {
    let hospital = Hospital::generate(words.seed, 1_000);
    let notes = material::notes(&hospital);
    let sections = material::clinical_sections();
    let engine = TextEngine::new();
    let people = crate::recall::people(&hospital);
    let (engine, notes) = (&engine, &notes);
    let mut jobs = vec![
        Job::new("build the engine", 1.0, || {
            black_box(TextEngine::new());
            Ok(())
        }),
        Job::new("scan generated notes", material::megabytes(notes), || {
            scan(engine, notes);
            Ok(())
        }),
        Job::new(
            "scan generated notes of known persons",
            material::megabytes(notes),
            || {
                for note in &hospital.notes {
                    let person = people.get(note.patient_id.as_str());
                    black_box(engine.scan(&note.text, person));
                }
                Ok(())
            },
        ),
        Job::new(
            "scan and rewrite generated notes",
            material::megabytes(notes),
            || rewrite(engine, notes),
        ),
    ];
    if let Some(sections) = &sections {
        let amount = material::megabytes(sections) * 5.0;
        jobs.push(Job::new("scan clinical sections", amount, || {
            (0..5).for_each(|_| scan(engine, sections));
            Ok(())
        }));
        jobs.push(Job::new(
            "scan and rewrite clinical sections",
            amount,
            || (0..5).try_for_each(|_| rewrite(engine, sections)),
        ));
    }
    let mut laps = interleaved(words.repetitions, jobs)?.into_iter();
    if let Some(build) = laps.next() {
        sheet.time(GROUP, ("ms", 1e3), &build, "once a process");
    }
    let dense = density(engine, notes);
    let thin = sections
        .as_deref()
        .map_or(0.0, |texts| density(engine, texts));
    for laps in laps {
        let density = if laps.name.contains("clinical") {
            thin
        } else {
            dense
        };
        let goal = match laps.name.as_str() {
            "scan generated notes" | "scan clinical sections" => "; goal: 60 per core",
            _ => "",
        };
        let note = format!("{density:.1} findings per KB{goal}");
        sheet.rate(GROUP, "MB/s", &laps, note);
    }
    Ok(())
}

/// Findings in a thousand bytes.
fn density(engine: &TextEngine, texts: &[String]) -> f64 {
    let findings: usize = texts.iter().map(|text| engine.scan(text, None).len()).sum();
    findings as f64 / (material::megabytes(texts) * 1e3)
}

fn scan(engine: &TextEngine, texts: &[String]) {
    let (mut scratch, mut findings) = (Scratch::default(), Vec::new());
    for text in texts {
        engine.scan_into(text, None, &mut scratch, &mut findings);
        black_box(&findings);
    }
}

fn rewrite(engine: &TextEngine, texts: &[String]) -> Outcome {
    let (plan, map) = (Plan::safe_harbor(), FieldMap::default());
    let mut entropy = SystemEntropy::new();
    let mut work = Deidentifier::new(&plan, &map, engine, Crosswalk::new(), &mut entropy, 2026)?;
    for text in texts {
        black_box(work.note(text, None));
    }
    Ok(())
}
