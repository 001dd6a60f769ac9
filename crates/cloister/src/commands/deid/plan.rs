//! `cloister deid plan`: plans as files to be read, checked and compared.

use phi::plan::Plan;
use serde_json::json;

use crate::{arguments::PlanVerb, codes, failure::Failure, screen::Screen};

pub(super) fn run(verb: &PlanVerb, screen: Screen) -> Result<(), Failure> {
    match verb {
        PlanVerb::Show { plan } => show(plan, screen),
    }
}

/// The built-in plan of a name, or the plan of a file.
pub(super) fn open(name: &str) -> Result<Plan, Failure> {
    match name {
        "safe-harbor" => Ok(Plan::safe_harbor()),
        _ => Err(Failure::new(
            codes::WORDS,
            format!("`{name}` is no plan"),
            "name `safe-harbor`",
        )),
    }
}

fn show(name: &str, screen: Screen) -> Result<(), Failure> {
    let plan = open(name)?;
    screen.result(
        &toml::to_string_pretty(&plan).unwrap_or_default(),
        &json!(plan),
    );
    Ok(())
}
