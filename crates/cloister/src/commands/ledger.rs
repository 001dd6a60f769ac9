//! `cloister ledger`: privacy budgets and spends.

use serde_json::json;

use crate::{
    arguments::Arguments,
    failure::Failure,
    screen::{self, Screen},
    wire::Instance,
};

pub(super) fn run(arguments: &Arguments, screen: Screen) -> Result<(), Failure> {
    let instance = Instance::open(arguments)?;
    let statements = flow::operate::ledger::statements(&instance.desk())?;
    let mut rows = vec![
        ["dataset", "cap", "delta", "spent", "left", "spends"]
            .map(str::to_owned)
            .to_vec(),
    ];
    for one in &statements {
        rows.push(vec![
            one.dataset.to_string(),
            one.cap_epsilon.to_string(),
            one.cap_delta.to_string(),
            format!("{:.4}", one.spent_epsilon),
            format!("{:.4}", one.remaining_epsilon),
            one.spends
                .iter()
                .map(|spend| format!("{} {}", spend.id, spend.state))
                .collect::<Vec<_>>()
                .join(", "),
        ]);
    }
    screen.result(&screen::table(&rows), &json!(statements));
    Ok(())
}
