//! `cloister ledger`: privacy budgets and spends.

use ::privacy::MechanismEvent;
use domain::{DatasetId, OperatorId, StudyId};
use flow::operate::ledger::{self, Change, Outlook, Scope, ScopeStatement, Statement};
use serde_json::json;

use super::privacy;
use crate::{
    arguments::{Arguments, Ledger, LedgerVerb, Planned, Whose},
    failure::Failure,
    screen::{self, Screen},
    wire::Instance,
};

pub(super) fn run(ledger: &Ledger, arguments: &Arguments, screen: Screen) -> Result<(), Failure> {
    let instance = Instance::open(arguments)?;
    let desk = instance.desk();
    match &ledger.verb {
        None => {
            let statements = ledger::statements(&desk)?;
            screen.result(&overview(&statements), &json!(statements));
        }
        Some(LedgerVerb::Show { dataset: None }) => {
            let (datasets, scoped) = (ledger::statements(&desk)?, ledger::scoped(&desk)?);
            let mut text = overview(&datasets);
            if !scoped.is_empty() {
                text = format!("{text}\n\n{}", scopes(&scoped));
            }
            screen.result(&text, &json!({ "datasets": datasets, "scopes": scoped }));
        }
        Some(LedgerVerb::Show {
            dataset: Some(dataset),
        }) => {
            let statement = ledger::statement(&desk, &named(dataset)?)?;
            screen.result(&spends(&statement), &json!(statement));
        }
        Some(LedgerVerb::Plan {
            dataset,
            plan,
            study,
        }) => {
            let study = study.as_deref().map(study_named).transpose()?;
            let event = event(*plan)?;
            let outlook = ledger::outlook(&desk, &named(dataset)?, study.as_ref(), &event)?;
            screen.result(&foreseen(&outlook), &json!(outlook));
        }
        Some(LedgerVerb::Cap {
            scope,
            epsilon,
            delta,
        }) => {
            let scope = whose(scope)?;
            let cap = flow::study::Cap {
                epsilon: privacy::epsilon(*epsilon)?,
                delta: privacy::delta(*delta)?,
            };
            ledger::cap(&desk, &scope, cap)?;
            screen.result(
                &format!(
                    "the {} `{}` may spend epsilon {epsilon} at delta {delta} in all",
                    scope.kind(),
                    scope.name()
                ),
                &json!({ "kind": scope.kind(), "name": scope.name(), "cap_epsilon": epsilon, "cap_delta": delta }),
            );
        }
        Some(LedgerVerb::History { dataset }) => {
            let dataset = dataset.as_deref().map(named).transpose()?;
            let changes = ledger::history(&desk, dataset.as_ref())?;
            screen.result(&told(&changes), &json!(changes));
        }
    }
    Ok(())
}

fn overview(statements: &[Statement]) -> String {
    let mut rows = vec![heading(&[
        "dataset", "cap", "delta", "spent", "left", "spends",
    ])];
    for one in statements {
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
    screen::table(&rows)
}

fn scopes(scoped: &[ScopeStatement]) -> String {
    let mut rows = vec![heading(&[
        "budget of",
        "name",
        "cap",
        "delta",
        "spent",
        "left",
        "spends",
    ])];
    for one in scoped {
        rows.push(vec![
            one.kind.to_owned(),
            one.name.clone(),
            one.cap_epsilon.to_string(),
            one.cap_delta.to_string(),
            format!("{:.4}", one.spent_epsilon),
            format!("{:.4}", one.remaining_epsilon),
            one.spends.to_string(),
        ]);
    }
    screen::table(&rows)
}

fn spends(statement: &Statement) -> String {
    let mut rows = vec![heading(&[
        "spend",
        "for",
        "state",
        "study",
        "analyst",
        "charged (RDP)",
        "alone (PLD)",
    ])];
    for spend in &statement.spends {
        let or_dash = |word: &Option<String>| word.clone().unwrap_or_else(|| "-".to_owned());
        rows.push(vec![
            spend.id.clone(),
            spend.spending.to_owned(),
            spend.state.clone(),
            or_dash(&spend.study),
            or_dash(&spend.analyst),
            format!("{:.4}", spend.epsilon),
            spend
                .pld
                .map_or_else(|| "-".to_owned(), |pld| format!("{:.4}", pld.upper)),
        ]);
    }
    format!(
        "budget of `{}` and all that derives from it: epsilon {} at delta {}, one person added or removed\n\
         spent {:.4}, left {:.4} ({:.1} % of the filter used; reserved and burned entries count)\n\n{}",
        statement.dataset,
        statement.cap_epsilon,
        statement.cap_delta,
        statement.spent_epsilon,
        statement.remaining_epsilon,
        100.0 * statement.used_share,
        screen::table(&rows)
    )
}

fn foreseen(outlook: &Outlook) -> String {
    let mut rows = vec![heading(&[
        "budget of",
        "name",
        "cap",
        "spent",
        "left",
        "left after it",
    ])];
    for verdict in &outlook.budgets {
        rows.push(vec![
            verdict.kind.to_owned(),
            verdict.name.clone(),
            verdict.cap_epsilon.to_string(),
            format!("{:.4}", verdict.spent_epsilon),
            format!("{:.4}", verdict.remaining_epsilon),
            match (verdict.after_epsilon, verdict.after_share) {
                (Some(epsilon), Some(share)) => {
                    format!("{epsilon:.4} ({:.1} % of the filter)", 100.0 * share)
                }
                _ => "refused".to_owned(),
            },
        ]);
    }
    let alone = outlook.pld.map_or_else(String::new, |pld| {
        format!(", {:.4} by itself as declared beforehand (PLD)", pld.upper)
    });
    format!(
        "{}: it would be charged epsilon {:.4} at delta {} (RDP){alone}; nothing was charged\n\n{}",
        if outlook.admitted {
            "would be admitted"
        } else {
            "would be refused"
        },
        outlook.epsilon,
        outlook.delta,
        screen::table(&rows)
    )
}

fn told(changes: &[Change]) -> String {
    let mut rows = vec![heading(&[
        "log",
        "when",
        "budget of",
        "name",
        "change",
        "spend",
        "for",
        "analyst",
        "spent",
        "cap",
    ])];
    for change in changes {
        let or_dash = |word: &Option<String>| word.clone().unwrap_or_else(|| "-".to_owned());
        rows.push(vec![
            change.log_index.to_string(),
            change.at.to_string(),
            change.kind.to_owned(),
            change.name.clone(),
            change.what.to_owned(),
            or_dash(&change.id),
            change.spending.unwrap_or("-").to_owned(),
            or_dash(&change.analyst),
            format!("{:.4}", change.spent_epsilon),
            change.cap_epsilon.to_string(),
        ]);
    }
    screen::table(&rows)
}

fn heading(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn event(plan: Planned) -> Result<MechanismEvent, Failure> {
    let event = match (plan.epsilon, plan.sigma, plan.sampling, plan.steps) {
        (Some(epsilon), ..) => MechanismEvent::Pure { epsilon },
        (None, Some(sigma), Some(sampling_rate), Some(steps)) => {
            MechanismEvent::SubsampledGaussian {
                sigma,
                sampling_rate,
                steps,
            }
        }
        _ => {
            return Err(privacy::no_plan(
                "a plan is --epsilon, or --sigma with --sampling and --steps",
            ));
        }
    };
    // Refuses numbers that no mechanism can have before anything is read.
    event.curve()?;
    Ok(event)
}

fn whose(whose: &Whose) -> Result<Scope, Failure> {
    let (dataset, study) = (whose.dataset.as_deref(), whose.study.as_deref());
    match (dataset, study, whose.analyst.as_deref()) {
        (Some(dataset), ..) => named(dataset).map(Scope::Dataset),
        (None, Some(study), _) => study_named(study).map(Scope::Study),
        (None, None, analyst) => OperatorId::new(analyst.unwrap_or_default())
            .map(Scope::Analyst)
            .map_err(|error| privacy::no_plan(&error.to_string())),
    }
}

fn named(dataset: &str) -> Result<DatasetId, Failure> {
    DatasetId::new(dataset).map_err(|error| privacy::no_plan(&error.to_string()))
}

fn study_named(study: &str) -> Result<StudyId, Failure> {
    StudyId::new(study).map_err(|error| privacy::no_plan(&error.to_string()))
}
