//! `cloister key status`: what keys there are, without any key.

use flow::operate::key::{self, Act, DatasetKeys, Request, Status};
use seal::ServiceName;
use serde_json::json;

use crate::{
    arguments::Arguments,
    failure::Failure,
    screen::{self, Screen},
    wire::Instance,
};

pub(super) fn run(arguments: &Arguments, screen: Screen) -> Result<(), Failure> {
    let instance = Instance::open(arguments)?;
    let status = key::status(&instance.desk())?;
    screen.result(&text(&status), &json!(status));
    Ok(())
}

fn text(status: &Status) -> String {
    let mut rows = vec![
        row("instance", status.instance.as_str()),
        row(
            "root key",
            &format!("{}, kept by {}", status.root, services(&status.kept_by)),
        ),
        row("keystore", &format!("generation {}", status.generation)),
        row(
            "memory",
            if status.locked {
                "long-lived keys are locked in memory"
            } else {
                "not all keys could be locked in memory: see `ulimit -l`"
            },
        ),
    ];
    for kek in &status.keks {
        let since = kek.changed.map_or_else(
            || "since the instance was made".to_owned(),
            |changed| format!("since {changed}"),
        );
        rows.push(row(
            "key-encryption key",
            &format!("{} version {} {} {since}", kek.id, kek.version, kek.state),
        ));
    }
    if status.outdated > 0 {
        rows.push(row(
            "to wrap anew",
            &format!("{} keys: run `cloister key rewrap`", status.outdated),
        ));
    }
    rows.extend(status.datasets.iter().map(dataset));
    let names: Vec<&str> = status
        .approvers
        .iter()
        .map(domain::OperatorId::as_str)
        .collect();
    if !names.is_empty() {
        rows.push(row("approvers", &names.join(", ")));
    }
    rows.extend(status.requests.iter().map(request));
    screen::table(&rows)
}

fn dataset(keys: &DatasetKeys) -> Vec<String> {
    let period = keys.period.map_or_else(String::new, |period| {
        let until = period
            .until
            .map_or_else(String::new, |until| format!(" until {until}"));
        format!(" from {}{until}", period.since)
    });
    let classes: Vec<&str> = keys.classes.iter().map(|class| class.word()).collect();
    let classes = if classes.is_empty() {
        String::new()
    } else {
        format!(", classes {}", classes.join(" "))
    };
    let kind = if keys.of_model { "key" } else { "dataset" };
    row(
        &format!("{kind} {}", keys.dataset),
        &format!(
            "{} version {} {}{period}{classes}",
            keys.key, keys.version, keys.state
        ),
    )
}

fn request(request: &Request) -> Vec<String> {
    let act = match &request.act {
        Act::Destroy { dataset } => {
            format!("destroy the keys of {dataset} and of the models that learnt from it")
        }
        Act::DestroyModel { model, keys } => {
            format!("destroy the keys of model {model} ({})", keys.len())
        }
        Act::DestroyKek { kek } => format!("destroy the key-encryption key {kek}"),
        Act::AcceptModel { model } => format!("accept the model {}", model.short()),
        Act::Split { threshold, count } => format!("share out {threshold} of {count}"),
    };
    let state = match &request.approval {
        Some(approval) => format!("approved by {}", approval.by),
        None => "waits for approval".to_owned(),
    };
    row(
        &format!("request {}", request.id),
        &format!(
            "{act}, asked by {}, until {}: {state}",
            request.requested_by, request.until
        ),
    )
}

/// The keepers of a root key in words.
pub(in crate::commands) fn services(names: &[ServiceName]) -> String {
    let words: Vec<String> = names
        .iter()
        .map(|name| format!("{} {}", name.kind, name.key).trim_end().to_owned())
        .collect();
    words.join(" and ")
}

fn row(what: &str, said: &str) -> Vec<String> {
    vec![what.to_owned(), said.to_owned()]
}
