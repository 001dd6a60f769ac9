//! `cloister deid`: one file in, the same file without identifiers out, without an instance.
//!
//! Codes are random and are not kept: running it twice gives other codes. A study keeps them.

use std::{io::Write, path::Path};

use arrow_array::RecordBatch;
use domain::Clock;
use formats::{Format, Input, Limits, TableWriter, fhir, read_table};
use phi::{
    columns::FieldMap, crosswalk::Crosswalk, manifest::Manifest, plan::Plan, text::TextEngine,
    transform::Deidentifier,
};
use seal::SystemEntropy;
use serde_json::{Value, json};

use crate::{
    codes,
    failure::Failure,
    files::{self, unwritable},
    machine_clock::MachineClock,
    screen::Screen,
};

/// One file in, one file out.
pub(super) fn run(
    input: &Path,
    output: &Path,
    person: Option<&str>,
    screen: Screen,
) -> Result<(), Failure> {
    let name = files::name_of(input);
    let bytes = files::read_bytes(input)?;
    let format = Format::detect(&name, &bytes)?;
    let manifest = match format {
        Format::FhirBundle | Format::FhirNdjson => documents(&name, format, &bytes, output)?,
        Format::Text => text(&bytes, output)?,
        Format::Csv | Format::Parquet | Format::Jsonl => {
            table(&name, format, bytes, output, person)?
        }
    };
    show(&manifest, output, screen);
    Ok(())
}

fn show(manifest: &Manifest, output: &Path, screen: Screen) {
    let counts: Vec<String> = manifest
        .by_category()
        .iter()
        .filter(|(_, count)| **count > 0)
        .map(|(letter, count)| format!("{letter} {count}"))
        .collect();
    let found = if counts.is_empty() {
        "nothing was found to take out".to_owned()
    } else {
        counts.join(", ")
    };
    let prefix = format!("{TABLE}.");
    let dropped: Vec<String> = manifest
        .dropped_columns()
        .iter()
        .map(|column| column.trim_start_matches(&prefix).to_owned())
        .collect();
    let left = if dropped.is_empty() {
        String::new()
    } else {
        format!("\ncolumns left out: {}", dropped.join(", "))
    };
    screen.result(
        &format!(
            "{} written under the plan {}\ntaken out, by category: {found}{left}\nundecided: {}",
            output.display(),
            manifest.plan,
            manifest.undecided
        ),
        &json!({ "output": output, "manifest": manifest }),
    );
}

fn year() -> i32 {
    i32::from(MachineClock.now().year())
}

/// Reads the table twice: first what it knows about its persons, then its rows.
fn table(
    name: &str,
    format: Format,
    bytes: Vec<u8>,
    output: &Path,
    person: Option<&str>,
) -> Result<Manifest, Failure> {
    let batches: Vec<RecordBatch> =
        read_table(name, format, Input::Bytes(bytes), &Limits::default(), None)?
            .collect::<Result<_, _>>()?;
    let engine = TextEngine::new();
    let mut map = FieldMap::default();
    for batch in &batches {
        map.add_table(TABLE, batch, &engine);
    }
    let plan = Plan::safe_harbor();
    let mut entropy = SystemEntropy::new();
    let mut work = Deidentifier::new(&plan, &map, &engine, Crosswalk::new(), &mut entropy, year())?;
    if let Some(person) = person {
        for batch in &batches {
            work.learn_people(TABLE, batch, person)?;
        }
    }
    files::write_whole(output, |out| {
        let mut writer: Option<TableWriter<'_>> = None;
        let mut out = Some(out);
        for batch in &batches {
            let changed = work.table(TABLE, batch, person)?;
            if writer.is_none()
                && let Some(out) = out.take()
            {
                writer = Some(TableWriter::create(
                    written_as(output, format),
                    changed.schema(),
                    out,
                )?);
            }
            if let Some(writer) = &mut writer {
                writer.write(&changed)?;
            }
        }
        if let Some(writer) = writer {
            writer.finish()?;
        }
        Ok(())
    })?;
    Ok(work.finish().0)
}

fn documents(name: &str, format: Format, bytes: &[u8], output: &Path) -> Result<Manifest, Failure> {
    let engine = TextEngine::new();
    let plan = Plan::safe_harbor();
    let map = FieldMap::default();
    let mut entropy = SystemEntropy::new();
    let mut work = Deidentifier::new(&plan, &map, &engine, Crosswalk::new(), &mut entropy, year())?;
    let whole = whole_documents(name, format, bytes)?;
    for resource in &whole {
        work.learn_resource(resource)?;
    }
    let mut made = Vec::new();
    for resource in &whole {
        made.push(work.resource(resource)?);
    }
    files::write_whole(output, |out| {
        for resource in &made {
            write_document(out, format, resource).map_err(|cause| unwritable(output, &cause))?;
        }
        Ok(())
    })?;
    Ok(work.finish().0)
}

fn write_document(out: &mut dyn Write, format: Format, resource: &Value) -> std::io::Result<()> {
    let text = if format == Format::FhirBundle {
        serde_json::to_string_pretty(resource)
    } else {
        serde_json::to_string(resource)
    };
    writeln!(out, "{}", text.map_err(std::io::Error::other)?)
}

fn text(bytes: &[u8], output: &Path) -> Result<Manifest, Failure> {
    let engine = TextEngine::new();
    let plan = Plan::safe_harbor();
    let map = FieldMap::default();
    let mut entropy = SystemEntropy::new();
    let mut work = Deidentifier::new(&plan, &map, &engine, Crosswalk::new(), &mut entropy, year())?;
    let text = String::from_utf8_lossy(bytes);
    let made = work.note(&text, None);
    files::write_whole(output, |out| {
        out.write_all(made.as_bytes())
            .map_err(|cause| unwritable(output, &cause))
    })?;
    Ok(work.finish().0)
}

/// A table is written in the format that the output's name says, else in that of the input.
fn written_as(output: &Path, input: Format) -> Format {
    match output.extension().and_then(|kind| kind.to_str()) {
        Some("csv") => Format::Csv,
        Some("jsonl" | "ndjson") => Format::Jsonl,
        Some("parquet") => Format::Parquet,
        _ => input,
    }
}

/// The table's name inside the work.
const TABLE: &str = "table";

/// A bundle or resource is one document; NDJSON is one a line. Depth and form were checked by the
/// FHIR reader before they are parsed here.
fn whole_documents(name: &str, format: Format, bytes: &[u8]) -> Result<Vec<Value>, Failure> {
    for resource in fhir::resources(
        name,
        format,
        Input::Bytes(bytes.to_vec()),
        &Limits::default(),
    )? {
        resource?;
    }
    let parse = |bytes: &[u8]| {
        serde_json::from_slice(bytes).map_err(|_| {
            Failure::new(
                codes::FILE_READ,
                format!("`{name}` is not the JSON it seemed to be"),
                "check the file",
            )
        })
    };
    if format == Format::FhirBundle {
        return Ok(vec![parse(bytes)?]);
    }
    let lines = bytes
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.trim_ascii().is_empty());
    lines.map(parse).collect()
}
