//! `cloister deid plan`: plans as files to be read, checked and compared.

use std::path::Path;

use phi::plan::Plan;
use serde_json::json;

use crate::{
    arguments::{Deid, PlanVerb},
    codes,
    failure::Failure,
    files,
    screen::Screen,
};

pub(super) fn run(verb: &PlanVerb, screen: Screen) -> Result<(), Failure> {
    match verb {
        PlanVerb::Show { plan } => show(plan, screen),
        PlanVerb::Check { plan } => check(plan, screen),
        PlanVerb::Diff { from, to } => diff(from, to, screen),
    }
}

/// The built-in plan of a name, or the plan of a file.
pub(super) fn open(name: &str) -> Result<Plan, Failure> {
    if let Some(plan) = Plan::named(name) {
        return Ok(plan);
    }
    let path = Path::new(name);
    if path.exists() {
        return Ok(Plan::from_toml(&files::read_text(path)?)?);
    }
    Err(Failure::new(
        codes::WORDS,
        format!("`{name}` is neither a built-in plan nor a file"),
        "name `safe-harbor`, `limited-data-set`, `expert`, or a plan file",
    ))
}

/// The plan of the command line, with the surrogates it asks for.
pub(super) fn chosen(deid: &Deid) -> Result<Plan, Failure> {
    let plan = open(&deid.plan)?;
    let surrogates = deid.surrogates.unwrap_or(plan.surrogates);
    Ok(Plan { surrogates, ..plan })
}

fn show(name: &str, screen: Screen) -> Result<(), Failure> {
    let plan = open(name)?;
    screen.result(&plan.to_toml(), &json!(plan));
    Ok(())
}

fn check(name: &str, screen: Screen) -> Result<(), Failure> {
    let plan = open(name)?;
    let remarks = plan.check();
    let lines: Vec<String> = remarks.iter().map(ToString::to_string).collect();
    screen.result(
        &lines.join("\n"),
        &json!({ "plan": plan.name, "safe_harbor": plan.is_safe_harbor(),
            "limited_data_set": plan.is_limited_data_set(), "remarks": lines }),
    );
    Ok(())
}

fn diff(from: &str, to: &str, screen: Screen) -> Result<(), Failure> {
    let changes = phi::plan::diff(&open(from)?, &open(to)?);
    let lines: Vec<String> = changes.iter().map(ToString::to_string).collect();
    let text = if lines.is_empty() {
        "nothing changes".to_owned()
    } else {
        lines.join("\n")
    };
    screen.result(&text, &json!({ "changes": lines }));
    Ok(())
}
