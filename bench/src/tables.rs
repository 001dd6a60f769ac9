//! Tables: read, write, de-identify; FHIR: flatten.

use std::hint::black_box;

use arrow_array::RecordBatch;
use formats::{Format, Input, Limits, fhir, read_table, write_csv, write_parquet};
use hospital::{Hospital, Table};
use phi::{
    columns::FieldMap, crosswalk::Crosswalk, plan::Plan, text::TextEngine, transform::Deidentifier,
};
use seal::SystemEntropy;
use serde_json::Value;

use crate::{
    Outcome, material,
    sheet::Sheet,
    stopwatch::{Job, Laps, interleaved},
    words::Words,
};

const GROUP: &str = "tables";

/// One table in every form that is needed.
struct Sample {
    name: &'static str,
    bytes: String,
    format: Format,
    batches: Vec<RecordBatch>,
    rows: usize,
}

impl Sample {
    fn read(name: &'static str, format: Format, bytes: String) -> Result<Self, formats::ReadError> {
        let batches = batches(name, format, bytes.clone().into_bytes())?;
        let rows = batches.iter().map(RecordBatch::num_rows).sum();
        Ok(Self {
            name,
            bytes,
            format,
            batches,
            rows,
        })
    }

    fn megabytes(&self) -> f64 {
        self.bytes.len() as f64 / 1e6
    }
}

fn batches(
    name: &str,
    format: Format,
    bytes: Vec<u8>,
) -> Result<Vec<RecordBatch>, formats::ReadError> {
    read_table(name, format, Input::Bytes(bytes), &Limits::default(), None)?.collect()
}

/// Fills the lines of tables.
pub fn measure(words: &Words, sheet: &mut Sheet) -> Outcome {
    let hospital = Hospital::generate(words.seed, 6_000);
    let table = |name: &'static str, table| Sample::read(name, Format::Csv, hospital.csv(table));
    let samples = [
        table("patients", Table::Patients)?,
        table("encounters", Table::Encounters)?,
        table("labs", Table::Labs)?,
        Sample::read("notes", Format::Jsonl, hospital.notes_jsonl())?,
    ];
    deidentify(words, &samples, sheet)?;
    let [_, encounters, ..] = &samples;
    files(words, encounters, sheet)?;
    documents(words, &hospital, sheet)
}

/// Safe Harbor, table by table; persons are learnt from the patient table first where notes are
/// concerned, and that counts.
fn deidentify(words: &Words, samples: &[Sample; 4], sheet: &mut Sheet) -> Outcome {
    let engine = TextEngine::new();
    let engine = &engine;
    let [patients, encounters, labs, notes] = samples;
    let job = |name: &str, parts: Vec<&'static str>| {
        let chosen: Vec<&Sample> = samples
            .iter()
            .filter(|it| parts.contains(&it.name))
            .collect();
        let map = map(&chosen, engine);
        let amount = chosen.iter().map(|sample| sample.megabytes()).sum();
        Job::new(format!("de-identify {name}"), amount, move || {
            safe_harbor(&chosen, &map, engine)
        })
    };
    let structured = vec!["patients", "encounters", "labs"];
    let laps = interleaved(
        words.repetitions,
        vec![
            job("patient table", vec!["patients"]),
            job("encounter table", vec!["encounters"]),
            job("laboratory table", vec!["labs"]),
            job("all without free text", structured),
            job("notes and their patients", vec!["patients", "notes"]),
        ],
    )?;
    let rows = [
        patients.rows,
        encounters.rows,
        labs.rows,
        patients.rows + encounters.rows + labs.rows,
        patients.rows + notes.rows,
    ];
    for (laps, rows) in laps.iter().zip(rows) {
        let goal = if laps.name.contains("notes") {
            ""
        } else {
            "goal: 200 per core"
        };
        sheet.rate(GROUP, "MB/s", laps, goal);
        let by_rows = Laps {
            name: "  in rows".to_owned(),
            amount: rows as f64,
            each: laps.each.clone(),
        };
        sheet.rate(GROUP, "rows/s", &by_rows, format!("{rows} rows"));
    }
    Ok(())
}

fn map(samples: &[&Sample], engine: &TextEngine) -> FieldMap {
    let mut map = FieldMap::default();
    for sample in samples {
        if let Some(first) = sample.batches.first() {
            map.add_table(sample.name, first, engine);
        }
    }
    map
}

fn safe_harbor(samples: &[&Sample], map: &FieldMap, engine: &TextEngine) -> Outcome {
    let plan = Plan::safe_harbor();
    let mut entropy = SystemEntropy::new();
    let mut work = Deidentifier::new(&plan, map, engine, Crosswalk::new(), &mut entropy, 2026)?;
    let has_notes = samples.iter().any(|sample| sample.name == "notes");
    for sample in samples.iter().filter(|_| has_notes) {
        for batch in &sample.batches {
            work.learn_people(sample.name, batch, "patient_id")?;
        }
    }
    for sample in samples {
        for batch in &sample.batches {
            black_box(work.table(sample.name, batch, Some("patient_id"))?);
        }
    }
    Ok(())
}

/// Formats, on the table with the most sorts of columns; amounts are bytes of its CSV.
fn files(words: &Words, sample: &Sample, sheet: &mut Sheet) -> Outcome {
    let schema = || {
        sample
            .batches
            .first()
            .map(RecordBatch::schema)
            .ok_or("an empty table")
    };
    let parquet = {
        let mut out = Vec::new();
        write_parquet(&mut out, schema()?, &sample.batches)?;
        out
    };
    let amount = sample.megabytes();
    let laps = interleaved(
        words.repetitions,
        vec![
            Job::new("read CSV", amount, || {
                black_box(batches(
                    "t",
                    sample.format,
                    sample.bytes.clone().into_bytes(),
                )?);
                Ok(())
            }),
            Job::new("write CSV", amount, || {
                let mut out = Vec::new();
                write_csv(&mut out, schema()?, &sample.batches)?;
                black_box(out);
                Ok(())
            }),
            Job::new("read Parquet", amount, || {
                black_box(batches("t", Format::Parquet, parquet.clone())?);
                Ok(())
            }),
            Job::new("write Parquet", amount, || {
                let mut out = Vec::new();
                write_parquet(&mut out, schema()?, &sample.batches)?;
                black_box(out);
                Ok(())
            }),
        ],
    )?;
    for laps in &laps {
        let share = parquet.len() as f64 / sample.bytes.len() as f64;
        let note = if laps.name.contains("Parquet") {
            format!(
                "of the CSV; the file has {:.0} % of its size",
                share * 100.0
            )
        } else {
            String::new()
        };
        sheet.rate(GROUP, "MB/s", laps, note);
    }
    Ok(())
}

/// FHIR, from bytes to tables; each job parses for itself.
fn documents(words: &Words, hospital: &Hospital, sheet: &mut Sheet) -> Outcome {
    let (bundles, which) = material::bundles(hospital);
    let amount = material::megabytes(&bundles);
    let laps = interleaved(
        words.repetitions,
        vec![
            Job::new("parse FHIR", amount, || {
                black_box(resources(&bundles)?);
                Ok(())
            }),
            Job::new("parse and flatten FHIR", amount, || {
                let resources = resources(&bundles)?.into_iter().map(Ok);
                black_box(fhir::flatten(resources, &Limits::default())?);
                Ok(())
            }),
        ],
    )?;
    for laps in &laps {
        sheet.rate("fhir", "MB/s", laps, which);
    }
    Ok(())
}

fn resources(bundles: &[String]) -> Result<Vec<Value>, formats::ReadError> {
    let mut all = Vec::new();
    for bundle in bundles {
        let input = Input::Bytes(bundle.clone().into_bytes());
        let resources = fhir::resources("b", Format::FhirBundle, input, &Limits::default())?;
        for resource in resources {
            all.push(resource?);
        }
    }
    Ok(all)
}
