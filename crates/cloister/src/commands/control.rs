//! `cloister control`: the catalogue and its honest state.

use flow::govern::control::Stand;
use governance::{Mode, State};
use serde_json::{Value, json};

use crate::{
    arguments::{Arguments, ControlVerb},
    failure::Failure,
    screen::{self, Screen},
    wire::Instance,
};

pub(super) fn run(
    arguments: &Arguments,
    verb: &ControlVerb,
    screen: Screen,
) -> Result<(), Failure> {
    let instance = Instance::open(arguments)?;
    let standings = flow::govern::control::stands(&instance.desk())?;
    match verb {
        ControlVerb::List { area, state } => {
            let fits = |one: &&Stand| {
                area.as_ref()
                    .is_none_or(|area| one.requirement.area == *area)
                    && state
                        .as_ref()
                        .is_none_or(|state| one.standing.state.word().replace(' ', "-") == *state)
            };
            list(&standings.iter().filter(fits).collect::<Vec<_>>(), screen);
            Ok(())
        }
        ControlVerb::Show { id } => show(&standings, id, screen),
        ControlVerb::Status => {
            status(&standings, screen);
            Ok(())
        }
    }
}

fn list(standings: &[&Stand], screen: Screen) {
    let mut rows = vec![
        ["requirement", "area", "mode", "state", "text"]
            .map(str::to_owned)
            .to_vec(),
    ];
    rows.extend(standings.iter().map(|one| {
        let text: String = one.requirement.text.chars().take(70).collect();
        vec![
            one.requirement.id.to_string(),
            one.requirement.area.to_string(),
            one.requirement.mode.word().to_owned(),
            one.standing.state.word().to_owned(),
            text,
        ]
    }));
    screen.result(
        &screen::table(&rows),
        &Value::from(
            standings
                .iter()
                .map(|one| document(one))
                .collect::<Vec<_>>(),
        ),
    );
}

fn document(one: &Stand) -> Value {
    json!({
        "id": one.requirement.id, "area": one.requirement.area, "mode": one.requirement.mode.word(),
        "state": one.standing.state.word(), "text": one.requirement.text, "citations": one.requirement.citations,
        "satisfied_by": satisfied_by(one), "fresh": one.standing.fresh, "stale": one.standing.stale,
        "missing": missing(one), "tests": tests(one),
    })
}

fn satisfied_by(one: &Stand) -> &'static str {
    one.standing
        .control
        .map_or("", |control| control.satisfied_by)
}

fn tests(one: &Stand) -> &'static [&'static str] {
    one.standing.control.map_or(&[], |control| control.tests)
}

/// What is not covered, and the evidence that is not there or too old.
fn missing(one: &Stand) -> String {
    let limits = one.standing.control.map_or("", |control| control.limits);
    let absent = one
        .standing
        .missing
        .iter()
        .map(|kind| format!("no {kind} yet"));
    let stale = one
        .standing
        .stale
        .iter()
        .map(|kind| format!("the {kind} is too old"));
    let parts = std::iter::once(limits.to_owned())
        .chain(absent)
        .chain(stale);
    parts
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("; ")
}

fn show(standings: &[Stand], id: &str, screen: Screen) -> Result<(), Failure> {
    let one = standings
        .iter()
        .find(|one| one.requirement.id == id)
        .ok_or_else(|| {
            Failure::from(flow::StageError::Unknown {
                what: "requirement",
                name: id.to_owned(),
            })
        })?;
    let line = |what: &str, said: String| {
        vec![
            what.to_owned(),
            if said.is_empty() {
                "-".to_owned()
            } else {
                said
            },
        ]
    };
    let rows = [
        line("requirement", one.requirement.id.to_string()),
        line("text", one.requirement.text.to_string()),
        line("source", one.requirement.citations.join("; ")),
        line("mode", one.requirement.mode.word().to_owned()),
        line("state", one.standing.state.word().to_owned()),
        line("satisfied by", satisfied_by(one).to_owned()),
        line("missing", missing(one)),
        line("tests that try the forbidden act", tests(one).join(", ")),
    ];
    screen.result(&screen::table(&rows), &document(one));
    Ok(())
}

fn status(standings: &[Stand], screen: Screen) {
    let count = |mode: Mode, state: State| {
        standings
            .iter()
            .filter(|one| one.requirement.mode == mode && one.standing.state == state)
            .count()
    };
    let mut rows = vec![vec!["mode".to_owned()]];
    if let Some(head) = rows.first_mut() {
        head.extend(State::ALL.iter().map(|state| state.word().to_owned()));
        head.push("all".to_owned());
    }
    let mut document = serde_json::Map::new();
    for mode in Mode::ALL {
        let counts: Vec<usize> = State::ALL.iter().map(|state| count(mode, *state)).collect();
        let mut row = vec![mode.to_string()];
        row.extend(counts.iter().map(ToString::to_string));
        row.push(counts.iter().sum::<usize>().to_string());
        rows.push(row);
        let named = State::ALL
            .iter()
            .zip(&counts)
            .map(|(state, count)| (state.word().to_owned(), json!(count)));
        document.insert(mode.to_string(), Value::Object(named.collect()));
    }
    let text = format!(
        "{}\n\nA state is computed from evidence in this instance; without evidence nothing holds.\n\
         Cloister gives evidence, not a certificate.",
        screen::table(&rows)
    );
    screen.result(&text, &Value::Object(document));
}
