//! `cloister validate`: tests of models and trainers on files, without an instance.

mod drift;
mod fairness;
mod memory;
mod model_files;
mod trainer;

use std::{collections::BTreeMap, path::Path};

use super::records;
use crate::{arguments::ValidateVerb, codes, failure::Failure, screen::Screen};

pub(super) fn run(verb: &ValidateVerb, screen: Screen) -> Result<(), Failure> {
    match verb {
        ValidateVerb::Fairness(asked) => fairness::run(asked, screen),
        ValidateVerb::Drift(asked) => drift::run(asked, screen),
        ValidateVerb::Performance(asked) => drift::performance(asked, screen),
        ValidateVerb::Trainer(asked) => trainer::run(asked, screen),
        ValidateVerb::ModelFiles { files } => model_files::run(files, screen),
        ValidateVerb::Exposure { file, loss, canary } => {
            memory::exposure(file, loss, canary, screen)
        }
        ValidateVerb::Reconstruction {
            persons,
            answers,
            sigma,
        } => memory::reconstruction(*persons, *answers, *sigma, screen),
    }
}

/// Cells of a file by column.
type Columns = BTreeMap<String, Vec<Option<String>>>;

/// The named columns of a table file.
fn columns(path: &Path, names: &[String]) -> Result<Columns, Failure> {
    Ok(records::columns(path, names)?.into_iter().collect())
}

fn missing(column: &str) -> Failure {
    Failure::new(
        codes::NO_COLUMN,
        format!("the table has no column `{column}`"),
        "correct the name on the command line",
    )
}

fn cells<'a>(columns: &'a Columns, name: &str) -> Result<&'a [Option<String>], Failure> {
    columns
        .get(name)
        .map(Vec::as_slice)
        .ok_or_else(|| missing(name))
}

/// A column of numbers; an empty cell or a word is refused by its row.
fn numbers(columns: &Columns, name: &str) -> Result<Vec<f64>, Failure> {
    let cells = cells(columns, name)?.iter().enumerate();
    cells
        .map(|(row, cell)| {
            let number = cell.as_deref().and_then(|cell| cell.trim().parse().ok());
            number
                .filter(|number: &f64| number.is_finite())
                .ok_or_else(|| {
                    Failure::new(
                        codes::NO_NUMBER,
                        format!("`{name}` is not a number in row {}", row + 1),
                        "give a number in every row",
                    )
                })
        })
        .collect()
}

/// A column as yes and no; `1`, `1.0` and `true` are the same word.
fn labels(columns: &Columns, name: &str, positive: &str) -> Result<Vec<u8>, Failure> {
    let plain = |word: &str| match word.trim() {
        "1.0" | "true" | "True" => "1".to_owned(),
        "0.0" | "false" | "False" => "0".to_owned(),
        other => other.to_owned(),
    };
    let positive = plain(positive);
    let yes = |cell: &Option<String>| {
        u8::from(cell.as_deref().is_some_and(|cell| plain(cell) == positive))
    };
    Ok(cells(columns, name)?.iter().map(yes).collect())
}

/// A gate on the command line that did not hold.
fn gate(what: String, help: &str) -> Failure {
    Failure::new(codes::NOT_HELD, what, help)
}
