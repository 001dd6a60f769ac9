//! `cloister deid plan`: plans as files to be read, checked and compared.

use phi::plan::Plan;
use serde_json::json;

use crate::{arguments::PlanVerb, codes, failure::Failure, screen::Screen};

pub(super) fn run(verb: &PlanVerb, screen: Screen) -> Result<(), Failure> {
    match verb {
        PlanVerb::Show { plan } => show(plan, screen),
    }
}

fn show(name: &str, screen: Screen) -> Result<(), Failure> {
    let plan = open(name)?;
    let text = toml::to_string_pretty(&plan).unwrap_or_default();
    screen.result(&text, &json!(plan));
    Ok(())
}

/// The plan of a name.
fn open(name: &str) -> Result<Plan, Failure> {
    match name {
        "safe-harbor" => Ok(Plan::safe_harbor()),
        _ => Err(Failure::new(
            codes::WORDS,
            "there is no plan of this name",
            "name `safe-harbor`",
        )),
    }
}
