//! `cloister scan`: which identifiers stand in which files, without showing one.

mod spans;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use domain::Identifier;
use formats::{Format, Input, Limits, ccda, fhir, hl7v2, read_table};
use phi::{columns::FieldMap, text::TextEngine};
use serde_json::{Value, json};

use super::brought_model;
use crate::{arguments::Scan, failure::Failure, files, screen::Screen};

/// What was found in one file: column categories and counts in running text.
#[derive(Default)]
struct Found {
    format: &'static str,
    columns: BTreeMap<String, (Option<Identifier>, f32)>,
    in_text: BTreeMap<Identifier, u64>,
    rows: u64,
}

pub(super) fn run(scan: &Scan, screen: Screen) -> Result<(), Failure> {
    let engine = brought_model::engine(&scan.model, screen)?;
    if scan.spans {
        return spans::run(scan, &engine, &all_files(&scan.paths)?);
    }
    let mut told = Vec::new();
    let mut documents = Vec::new();
    for path in all_files(&scan.paths)? {
        let found = scan_file(&path, &engine)?;
        told.push(tell(&path, &found));
        documents.push(document(&path, &found));
    }
    screen.result(&told.join("\n\n"), &Value::from(documents));
    Ok(())
}

fn all_files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    for path in paths {
        if !path.is_dir() {
            found.push(path.clone());
            continue;
        }
        let entries = fs::read_dir(path).map_err(|cause| files::unreadable(path, &cause))?;
        found.extend(
            entries
                .flatten()
                .map(|entry| entry.path())
                .filter(|path| path.is_file()),
        );
    }
    found.sort();
    Ok(found)
}

fn scan_file(path: &Path, engine: &TextEngine) -> Result<Found, Failure> {
    let name = files::name_of(path);
    let bytes = files::read_bytes(path)?;
    let format = Format::detect(&name, &bytes)?;
    let mut found = Found {
        format: format.name(),
        ..Found::default()
    };
    match format {
        Format::FhirBundle | Format::FhirNdjson => {
            scan_fhir(&name, format, bytes, engine, &mut found)?;
        }
        Format::Hl7v2 => scan_messages(&name, bytes, engine, &mut found)?,
        Format::Ccda => {
            let input = Input::Bytes(bytes);
            let document = ccda::Document::read(&name, input, &Limits::default())?;
            found.rows = 1;
            count(document.text(), engine, &mut found);
        }
        _ => scan_table(&name, format, bytes, engine, &mut found)?,
    }
    Ok(found)
}

/// HL7 v2 is scanned as text, field by field as it stands.
fn scan_messages(
    name: &str,
    bytes: Vec<u8>,
    engine: &TextEngine,
    found: &mut Found,
) -> Result<(), Failure> {
    for message in hl7v2::messages(name, Input::Bytes(bytes), &Limits::default()) {
        found.rows += 1;
        count(message?.text(), engine, found);
    }
    Ok(())
}

fn scan_table(
    name: &str,
    format: Format,
    bytes: Vec<u8>,
    engine: &TextEngine,
    found: &mut Found,
) -> Result<(), Failure> {
    let mut map = FieldMap::default();
    for batch in read_table(name, format, Input::Bytes(bytes), &Limits::default(), None)? {
        let batch = batch?;
        found.rows += batch.num_rows() as u64;
        map.add_table(name, &batch, engine);
        for finding in map.tables.get(name).into_iter().flatten() {
            if finding.sensitivity == domain::Sensitivity::FreeText
                && let Some(column) = batch.column_by_name(&finding.column)
            {
                flow::record::text_cells(column)
                    .iter()
                    .flatten()
                    .for_each(|text| count(text, engine, found));
            }
        }
    }
    for finding in map.tables.into_values().flatten() {
        found
            .columns
            .insert(finding.column, (finding.category, finding.confidence));
    }
    Ok(())
}

/// FHIR is scanned as text, every string of every resource.
fn scan_fhir(
    name: &str,
    format: Format,
    bytes: Vec<u8>,
    engine: &TextEngine,
    found: &mut Found,
) -> Result<(), Failure> {
    let limits = Limits::default();
    let tables = fhir::flatten(
        fhir::resources(name, format, Input::Bytes(bytes), &limits)?,
        &limits,
    )?;
    for (table, batches) in tables.tables {
        for batch in batches {
            found.rows += batch.num_rows() as u64;
            for field in batch.schema().fields() {
                if let Some(category) = fhir::column_identifier(&table, field.name()) {
                    found
                        .columns
                        .insert(format!("{table}.{}", field.name()), (Some(category), 1.0));
                }
            }
            if let Some(texts) = batch.column_by_name("text") {
                flow::record::text_cells(texts)
                    .iter()
                    .flatten()
                    .for_each(|text| count(text, engine, found));
            }
        }
    }
    Ok(())
}

fn count(text: &str, engine: &TextEngine, found: &mut Found) {
    for finding in engine.scan(text, None) {
        *found.in_text.entry(finding.label.identifier()).or_default() += 1;
    }
}

/// One block a file: what its columns are, and what stands in its running text.
fn tell(path: &Path, found: &Found) -> String {
    let mut lines = vec![format!(
        "{}  ({}, {} rows)",
        path.display(),
        found.format,
        found.rows
    )];
    let mut by_category: BTreeMap<Identifier, Vec<&str>> = BTreeMap::new();
    for (column, (category, _)) in &found.columns {
        if let Some(category) = category {
            by_category.entry(*category).or_default().push(column);
        }
    }
    for (category, columns) in &by_category {
        lines.push(format!("  column {category}: {}", columns.join(", ")));
    }
    for (category, count) in &found.in_text {
        lines.push(format!("  text   {category}: {count}"));
    }
    if lines.len() == 1 {
        lines.push("  no identifier was found".to_owned());
    }
    lines.join("\n")
}

fn document(path: &Path, found: &Found) -> Value {
    let columns: serde_json::Map<String, Value> = found
        .columns
        .iter()
        .map(|(column, (category, confidence))| {
            (
                column.clone(),
                json!({ "category": category.map(Identifier::letter), "confidence": confidence }),
            )
        })
        .collect();
    let text: serde_json::Map<String, Value> = found
        .in_text
        .iter()
        .map(|(category, count)| (category.letter().to_string(), json!(count)))
        .collect();
    json!({ "file": path, "format": found.format, "rows": found.rows, "columns": columns, "text": text })
}
