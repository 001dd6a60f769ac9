//! `cloister deid evaluate`: how much of what should be found was found, against gold.

use std::path::Path;

use phi::evaluate::{Evaluation, read_gold, read_predictions};

use crate::{failure::Failure, files, screen::Screen};

/// Compares predictions, as `cloister scan --spans` prints them, with gold.
pub(super) fn run(
    gold: &Path,
    predictions: &Path,
    target: f64,
    screen: Screen,
) -> Result<(), Failure> {
    let read = |path: &Path| files::read_text(path).map(|text| (files::name_of(path), text));
    let (gold_name, gold) = read(gold)?;
    let (name, predictions) = read(predictions)?;
    let gold = read_gold(&gold_name, &gold)?;
    let predictions = read_predictions(&name, &predictions)?;
    let evaluation = Evaluation::of(&gold, &predictions)?;
    screen.result(&evaluation.text(target, true), &evaluation.document(target));
    Ok(())
}
