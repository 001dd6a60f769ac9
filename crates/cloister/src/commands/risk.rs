//! `cloister risk`: re-identification risk of a table, without an instance.

use disclosure::{Classes, QuasiTable, Risk as Measured};
use formats::{Format, Input, Limits, read_table};
use serde_json::json;

use crate::{
    arguments::Risk,
    codes,
    failure::Failure,
    files,
    screen::{self, Screen},
};

pub(super) fn run(risk: &Risk, screen: Screen) -> Result<(), Failure> {
    let columns = columns(risk)?;
    let borrowed = columns
        .iter()
        .map(|(name, cells)| (name.clone(), cells.iter().map(Option::as_deref).collect()))
        .collect();
    let table = QuasiTable::new(borrowed)?;
    let measured = Measured::measure(&Classes::of(&table));
    let document = serde_json::to_value(&measured).unwrap_or(json!(null));
    screen.result(&told(&measured), &document);
    match risk.k_min {
        Some(k_min) if measured.k < u64::from(k_min) => Err(Failure::new(
            codes::NOT_VERIFIED,
            format!(
                "the smallest class has {} records, {k_min} are asked for",
                measured.k
            ),
            "generalise the quasi-identifiers or leave small classes out",
        )),
        _ => Ok(()),
    }
}

/// A column's name and its cells.
type Column = (String, Vec<Option<String>>);

fn columns(risk: &Risk) -> Result<Vec<Column>, Failure> {
    let name = risk
        .file
        .file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let bytes = files::read_bytes(&risk.file)?;
    let format = Format::detect(&name, &bytes)?;
    let reader = read_table(
        &name,
        format,
        Input::Bytes(bytes),
        &Limits::default(),
        Some(&risk.quasi),
    )?;
    let mut columns: Vec<Column> = risk
        .quasi
        .iter()
        .map(|column| (column.clone(), Vec::new()))
        .collect();
    for batch in reader {
        let batch = batch?;
        for (column, cells) in &mut columns {
            if let Some(array) = batch.column_by_name(column) {
                cells.extend(flow::record::text_cells(array));
            }
        }
    }
    Ok(columns)
}

fn told(risk: &Measured) -> String {
    let row = |what: &str, value: String| vec![what.to_owned(), value];
    screen::table(&[
        row("records", risk.records.to_string()),
        row("equivalence classes", risk.classes.to_string()),
        row("k (smallest class)", risk.k.to_string()),
        row(
            "alone in their class",
            format!("{} ({:.2} %)", risk.sample_uniques, 100.0 * risk.uniqueness),
        ),
        row(
            "prosecutor risk, highest",
            format!("{:.4}", risk.prosecutor_max),
        ),
        row(
            "prosecutor risk, average",
            format!("{:.4}", risk.prosecutor_average),
        ),
        row("marketer risk", format!("{:.4}", risk.marketer)),
    ])
}
