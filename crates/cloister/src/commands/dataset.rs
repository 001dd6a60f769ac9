//! `cloister dataset`: versions, tables, and the way out for what is de-identified.

use std::path::Path;

use flow::record::Version;
use formats::{Format, TableReader, TableWriter};
use serde_json::json;

use crate::{
    arguments::{Arguments, DatasetVerb},
    codes,
    failure::Failure,
    files,
    screen::{self, Screen},
    wire::Instance,
};

pub(super) fn run(
    arguments: &Arguments,
    verb: &DatasetVerb,
    screen: Screen,
) -> Result<(), Failure> {
    let instance = Instance::open(arguments)?;
    match verb {
        DatasetVerb::List => list(&instance, screen),
        DatasetVerb::Show { name } => show(&instance, name, screen),
        DatasetVerb::Export {
            name,
            table,
            output,
        } => export(&instance, name, table, output, screen),
    }
}

fn list(instance: &Instance, screen: Screen) -> Result<(), Failure> {
    let versions = flow::operate::dataset::versions(&instance.desk())?;
    let mut rows = vec![
        [
            "dataset", "version", "state", "rows", "persons", "made", "parents",
        ]
        .map(str::to_owned)
        .to_vec(),
    ];
    rows.extend(versions.iter().map(|version| {
        let parents = version
            .parents
            .iter()
            .map(|parent| short(parent.as_str()))
            .collect::<Vec<_>>();
        vec![
            version.dataset.to_string(),
            short(version.id.as_str()),
            version.state.to_string(),
            version.rows().to_string(),
            version.persons().to_string(),
            version.created.to_string(),
            parents.join(" "),
        ]
    }));
    screen.result(&screen::table(&rows), &json!(versions));
    Ok(())
}

fn short(id: &str) -> String {
    id.chars().take(12).collect()
}

fn show(instance: &Instance, name: &str, screen: Screen) -> Result<(), Failure> {
    let version = flow::operate::dataset::find(&instance.desk(), name)?;
    let mut rows = vec![
        ["table", "rows", "persons", "columns", "left out", "from"]
            .map(str::to_owned)
            .to_vec(),
    ];
    rows.extend(version.tables.iter().map(|table| {
        let from = table
            .origins
            .iter()
            .map(|origin| origin.name.clone())
            .collect::<Vec<_>>();
        vec![
            table.name.clone(),
            table.rows.to_string(),
            table.persons.to_string(),
            table.columns.join(", "),
            table.dropped.keys().cloned().collect::<Vec<_>>().join(", "),
            from.join(", "),
        ]
    }));
    let head = head(&version);
    screen.result(
        &format!("{head}\n\n{}", screen::table(&rows)),
        &json!(version),
    );
    Ok(())
}

fn head(version: &Version) -> String {
    format!(
        "{} version {}\n{}; purpose {}, legal basis {}; key {}",
        version.dataset, version.id, version.state, version.purpose, version.basis, version.key
    )
}

fn export(
    instance: &Instance,
    name: &str,
    table: &str,
    output: &Path,
    screen: Screen,
) -> Result<(), Failure> {
    let format = format_of(output)?;
    let desk = instance.desk();
    let version = flow::operate::dataset::find(&desk, name)?;
    let reader = flow::operate::dataset::export(&desk, &version, table)?;
    let rows = write_rows(reader, format, output)?;
    screen.result(
        &format!("{rows} rows of {table} written to {}", output.display()),
        &json!({ "rows": rows, "file": output }),
    );
    Ok(())
}

/// Writes all rows of a table to a file, whole or not at all; says how many there were.
pub(super) fn write_rows(
    reader: TableReader<'_>,
    format: Format,
    output: &Path,
) -> Result<usize, Failure> {
    let mut rows = 0;
    files::write_whole(output, |out| {
        let mut writer = TableWriter::create(format, reader.schema(), out)?;
        for batch in reader {
            let batch = batch?;
            rows += batch.num_rows();
            writer.write(&batch)?;
        }
        writer.finish()?;
        Ok(())
    })?;
    Ok(rows)
}

/// The format that the name of a file says.
pub(super) fn format_of(output: &Path) -> Result<Format, Failure> {
    match output.extension().and_then(|kind| kind.to_str()) {
        Some("csv") => Ok(Format::Csv),
        Some("jsonl" | "ndjson") => Ok(Format::Jsonl),
        Some("parquet") => Ok(Format::Parquet),
        _ => Err(Failure::new(
            codes::WORDS,
            "the file's name does not say its format",
            "end it with .csv, .jsonl or .parquet",
        )),
    }
}
