//! Records of a file on the command line.

use std::{collections::BTreeMap, path::Path};

use formats::{Format, Input, Limits, read_table};
use learn::{FeatureSpec, Values, features::encode_features};

use crate::{codes, failure::Failure, files};

/// A column's name and its cells.
pub(super) type Columns = Vec<(String, Vec<Option<String>>)>;

/// The named columns of a table, in the order of the names.
pub(super) fn columns(file: &Path, names: &[String]) -> Result<Columns, Failure> {
    let name = files::name_of(file);
    let bytes = files::read_bytes(file)?;
    let format = Format::detect(&name, &bytes)?;
    let input = Input::Bytes(bytes);
    let reader = read_table(&name, format, input, &Limits::default(), Some(names))?;
    let mut columns: Columns = names
        .iter()
        .map(|name| (name.clone(), Vec::new()))
        .collect();
    for batch in reader {
        let batch = batch?;
        for (column, cells) in &mut columns {
            let array = batch
                .column_by_name(column)
                .ok_or_else(|| missing(&name, column))?;
            cells.extend(flow::record::text_cells(array));
        }
    }
    Ok(columns)
}

/// The rows of a table as a model reads them, one after the other.
pub(super) fn encoded(file: &Path, spec: &FeatureSpec) -> Result<Vec<f32>, Failure> {
    let names: Vec<String> = spec
        .features
        .iter()
        .map(|feature| feature.column().to_owned())
        .collect();
    let columns = columns(file, &names)?;
    let plain = |cell: &Option<String>| match cell.as_deref() {
        Some("90+") => Some("90".to_owned()),
        other => other.map(str::to_owned),
    };
    let columns: BTreeMap<&str, Vec<Option<String>>> = columns
        .iter()
        .map(|(name, cells)| (name.as_str(), cells.iter().map(plain).collect()))
        .collect();
    let borrowed: BTreeMap<&str, Vec<Option<&str>>> = columns
        .iter()
        .map(|(name, cells)| (*name, cells.iter().map(Option::as_deref).collect()))
        .collect();
    let values: BTreeMap<&str, Values<'_>> = borrowed
        .iter()
        .map(|(name, cells)| (*name, Values::Text(cells)))
        .collect();
    Ok(encode_features(spec, &values)?)
}

fn missing(file: &str, column: &str) -> Failure {
    Failure::new(
        codes::NO_COLUMN,
        format!("`{file}` has no column `{column}`"),
        "check the file's first line, and the names on the command line",
    )
}
