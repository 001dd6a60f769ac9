//! `cloister model import` and `check`: models that were trained elsewhere.

use flow::{
    register::{Brought, bring, read_architecture},
    study::Serve,
};
use learn::{Architecture, Model};
use serde_json::json;

use super::model_id;
use crate::{
    arguments::{BroughtWeights, Import},
    commands::privacy::epsilon,
    failure::Failure,
    files,
    screen::Screen,
    wire::Instance,
};

/// Tests a model on a table of the instance and registers it.
pub(super) fn import(instance: &Instance, import: &Import, screen: Screen) -> Result<(), Failure> {
    let (weights, architecture) = read(&import.weights)?;
    let version = bring(
        &instance.desk(),
        &Brought {
            model: model_id(&import.name)?,
            weights: &weights,
            architecture: &architecture,
            dataset: &import.dataset,
            table: &import.table,
            intended_use: import.intended_use.clone(),
            serve: Serve {
                budget_epsilon: import.budget_epsilon.map(epsilon).transpose()?,
                encrypted_answers: import.encrypted_answers,
                ..Serve::default()
            },
        },
    )?;
    screen.result(
        &format!(
            "{} version {} is registered\nimported, no privacy guarantee known: see `cloister model show {}`",
            version.model, version.number, version.model
        ),
        &json!({ "model": version.model, "version": version.number, "digest": version.digest,
                 "privacy": "imported, no privacy guarantee known", "stage": version.stage() }),
    );
    Ok(())
}

/// Says what a model is, without an instance.
pub(super) fn check(weights: &BroughtWeights, screen: Screen) -> Result<(), Failure> {
    let (bytes, architecture) = read(weights)?;
    let model: Model = learn::import(&bytes, &architecture)?;
    let widths: Vec<usize> = model.layers.iter().map(|layer| layer.outputs).collect();
    let columns: Vec<&str> = model
        .spec
        .features
        .iter()
        .map(learn::Feature::column)
        .collect();
    let told = widths
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(", ");
    screen.result(
        &format!(
            "the weights fit the architecture: {} inputs from {} columns, layers of {told}, {} numbers in all",
            model.dimension(),
            columns.len(),
            model.parameters()
        ),
        &json!({ "fits": true, "inputs": model.dimension(), "columns": columns, "layers": widths,
                 "parameters": model.parameters() }),
    );
    Ok(())
}

fn read(weights: &BroughtWeights) -> Result<(Vec<u8>, Architecture), Failure> {
    let architecture = read_architecture(&files::read_text(&weights.architecture)?)?;
    Ok((files::read_bytes(&weights.file)?, architecture))
}
