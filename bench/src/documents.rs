//! Documents without their identifiers: FHIR, HL7 v2, C-CDA; and lines of text one by one.
#![expect(
    clippy::disallowed_methods,
    reason = "the time of a single line needs the clock"
)]
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a place in a list"
)]

use std::{hint::black_box, time::Instant};

use formats::{Format, Input, Limits, ccda, fhir, hl7v2};
use hospital::Hospital;
use phi::{
    columns::FieldMap, crosswalk::Crosswalk, plan::Plan, text::TextEngine, transform::Deidentifier,
};
use seal::SystemEntropy;

use crate::{
    Outcome, material,
    sheet::Sheet,
    stopwatch::{Job, Spread, interleaved},
    words::Words,
};

/// Fills the lines of documents.
pub fn measure(words: &Words, sheet: &mut Sheet) -> Outcome {
    let hospital = Hospital::generate(words.seed, 400);
    let engine = TextEngine::new();
    rates(words, &hospital, &engine, sheet)?;
    latency(words, &hospital, &engine, sheet)
}

fn rates(words: &Words, hospital: &Hospital, engine: &TextEngine, sheet: &mut Sheet) -> Outcome {
    let (bundles, which) = material::bundles(hospital);
    let generated = hospital.fhir_bundles(20);
    let (lines, own_lines) = (material::ndjson(&bundles), material::ndjson(&generated));
    let bare_lines: String = lines
        .split_inclusive('\n')
        .filter(|line| !line.contains("\"attachment\"") && !line.contains("\"presentedForm\""))
        .collect();
    let (results, reports) = (
        material::messages(1_500, ""),
        material::messages(1_500, NOTE),
    );
    let (documents, samples) = material::clinical_documents();
    let size = |bytes: &str| bytes.len() as f64 / 1e6;
    let of_documents = documents.iter().map(Vec::len).sum::<usize>() as f64 / 1e6;
    let whole = || {
        bundles
            .iter()
            .map(|bundle| (Format::FhirBundle, bundle.as_str()))
    };
    let jobs = vec![
        Job::new("FHIR bundles", material::megabytes(&bundles), || {
            of_fhir(engine, &whole().collect::<Vec<_>>(), false)
        }),
        Job::new("FHIR NDJSON", size(&lines), || {
            of_fhir(engine, &[(Format::FhirNdjson, lines.as_str())], false)
        }),
        Job::new("FHIR NDJSON, all learnt from first", size(&lines), || {
            of_fhir(engine, &[(Format::FhirNdjson, lines.as_str())], true)
        }),
        Job::new("FHIR NDJSON without notes", size(&bare_lines), || {
            of_fhir(engine, &[(Format::FhirNdjson, bare_lines.as_str())], false)
        }),
        Job::new("FHIR NDJSON, generated", size(&own_lines), || {
            of_fhir(engine, &[(Format::FhirNdjson, own_lines.as_str())], false)
        }),
        Job::new("HL7 v2 results", size(&results), || {
            of_hl7v2(engine, &results)
        }),
        Job::new("HL7 v2 results with a note each", size(&reports), || {
            of_hl7v2(engine, &reports)
        }),
        Job::new("C-CDA", of_documents, || of_ccda(engine, &documents)),
    ];
    let notes = [
        format!("{which}; read and rewritten; goal: 150 per core"),
        format!("resources of the {which}; goal: 150 per core"),
        "the same, read twice".to_owned(),
        "the same without DocumentReference and DiagnosticReport".to_owned(),
        "generated hospital, no notes; goal: 150 per core".to_owned(),
        "generated laboratory messages; goal: 200 per core".to_owned(),
        "the same with 90 bytes of text in 3,500; goal: 200 per core".to_owned(),
        format!("{samples}; goal: 80 per core"),
    ];
    for (laps, note) in interleaved(words.repetitions, jobs)?.iter().zip(notes) {
        sheet.rate("documents", "MB/s", laps, note);
    }
    Ok(())
}

/// With a de-identifier that knows nobody yet.
fn at_work(engine: &TextEngine, deed: impl FnOnce(&mut Deidentifier<'_>) -> Outcome) -> Outcome {
    let (plan, map) = (Plan::safe_harbor(), FieldMap::default());
    let mut entropy = SystemEntropy::new();
    let book = Crosswalk::new();
    let mut work = Deidentifier::new(&plan, &map, engine, book, &mut entropy, 2026)?;
    deed(&mut work)
}

fn of_fhir(engine: &TextEngine, files: &[(Format, &str)], learns: bool) -> Outcome {
    at_work(engine, |work| {
        let open = |format, text: &str| {
            let input = Input::Bytes(text.as_bytes().to_vec());
            fhir::documents("b", format, input, &Limits::default())
        };
        for (format, text) in files.iter().filter(|_| learns) {
            let mut documents = open(*format, text)?;
            while let Some(document) = documents.next()? {
                work.learn_fhir(document)?;
            }
        }
        let mut out = Vec::new();
        for (format, text) in files {
            let mut documents = open(*format, text)?;
            while let Some(document) = documents.next()? {
                out.clear();
                work.fhir(document, &mut out)?;
                black_box(&out);
            }
        }
        Ok(())
    })
}

fn of_hl7v2(engine: &TextEngine, file: &str) -> Outcome {
    at_work(engine, |work| {
        let input = Input::Bytes(file.as_bytes().to_vec());
        let mut out = Vec::with_capacity(file.len());
        for message in hl7v2::messages("m", input, &Limits::default()) {
            work.hl7v2(&message?, &mut out);
        }
        black_box(&out);
        Ok(())
    })
}

fn of_ccda(engine: &TextEngine, files: &[Vec<u8>]) -> Outcome {
    at_work(engine, |work| {
        for file in files {
            let input = Input::Bytes(file.clone());
            let document = ccda::Document::read("c", input, &Limits::default())?;
            black_box(work.ccda(&document));
        }
        Ok(())
    })
}

/// The time of one line of a thousand bytes through the filter, each at the best of three, so that
/// what the machine does besides is left out.
fn latency(words: &Words, hospital: &Hospital, engine: &TextEngine, sheet: &mut Sheet) -> Outcome {
    let mut lines = material::lines(&material::notes(hospital));
    lines.truncate(3_000);
    let mut each = Vec::new();
    at_work(engine, |work| {
        for _ in 0..words.repetitions.clamp(1, 3) {
            for (place, line) in lines.iter().enumerate() {
                let started = Instant::now();
                black_box(work.note(line, None));
                let micros = started.elapsed().as_secs_f64() * 1e6;
                match each.get_mut(place) {
                    Some(best) => *best = micros.min(*best),
                    None => each.push(micros),
                }
            }
        }
        Ok(())
    })?;
    each.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let place = (each.len() as f64 * share) as usize;
        each.get(place.min(each.len().saturating_sub(1)))
            .copied()
            .unwrap_or(f64::NAN)
    };
    let p99 = Spread {
        median: at(0.99),
        low: at(0.5),
        high: at(1.0),
    };
    let note = "generated notes; 99th percentile, from the median to the slowest; goal: 1,000";
    sheet.push("documents", "a line of 1 KB", p99, "us", None, note);
    Ok(())
}

const NOTE: &str = "Specimen slightly hemolyzed; called to Dr Saltmarsh at 617-555-0199 for";
