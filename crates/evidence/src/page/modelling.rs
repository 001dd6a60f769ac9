use super::{Block, Cell, Column, Section, absent, figure, table};
use crate::{
    Pack,
    chart::{Line, Part, Stack},
    figures::{count, number, percent, score},
    pack::{EpsilonPoint, Ledger, Training},
};

pub(super) fn training(pack: &Pack) -> Section {
    let Some(facts) = &pack.training else {
        return absent(
            "training",
            "How the model was trained",
            "no model was trained",
        );
    };
    let mut blocks = vec![plan(facts), guarantee(facts)];
    match &facts.accuracy_against_epsilon {
        Some(points) if points.len() > 1 => blocks.extend(series(points)),
        _ => blocks.push(Block::Note(
            "Accuracy against epsilon is not drawn: one model was trained, and a curve needs several."
                .to_owned(),
        )),
    }
    Section {
        id: "training",
        title: "How the model was trained",
        lead: lead(facts),
        blocks,
    }
}

fn lead(facts: &Training) -> String {
    let persons = count(facts.persons);
    match (facts.epsilon, facts.delta) {
        (Some(epsilon), Some(delta)) => format!(
            "A {} learnt from {persons} persons at epsilon {} and delta {}: that bounds what the model can reveal about any one {}.",
            facts.estimator,
            number(epsilon),
            number(delta),
            facts.unit
        ),
        _ => format!(
            "A {} learnt from {persons} persons, without differential privacy.",
            facts.estimator
        ),
    }
}

fn plan(facts: &Training) -> Block {
    Block::Facts(vec![
        ("Target", Cell::code(&*facts.target)),
        ("Features", Cell::code(facts.features.join(", "))),
        ("Rows", Cell::plain(count(facts.rows))),
        ("Persons", Cell::plain(count(facts.persons))),
        ("Epochs", Cell::plain(number(facts.epochs))),
        ("Expected batch", Cell::plain(number(facts.batch))),
        ("Learning rate", Cell::plain(number(facts.learning_rate))),
    ])
}

fn guarantee(facts: &Training) -> Block {
    let rows = [
        ("Epsilon", facts.epsilon.map(number)),
        ("Delta", facts.delta.map(number)),
        ("Unit of privacy", Some(facts.unit.clone())),
        ("Neighbouring datasets", Some(facts.adjacency.clone())),
        ("Noise multiplier (sigma)", Some(number(facts.sigma))),
        ("Clipping norm", Some(number(facts.clip_norm))),
        ("Poisson sampling rate", Some(number(facts.sampling_rate))),
        ("Steps", Some(count(facts.steps))),
        ("Accountant", Some(facts.accountant.clone())),
        ("Noise", Some(facts.noise.clone())),
    ];
    table(
        "The privacy guarantee and everything needed to recompute it",
        &[Column::text("Parameter"), Column::text("Value")],
        rows.into_iter()
            .map(|(name, value)| vec![Cell::plain(name), Cell::maybe(value)])
            .collect(),
    )
}

fn series(points: &[EpsilonPoint]) -> [Block; 2] {
    let line = Line {
        id: "accuracy-epsilon",
        title: "Accuracy against epsilon".to_owned(),
        points,
    };
    let rows = points.iter().map(|point| {
        vec![
            Cell::plain(
                point
                    .epsilon
                    .map_or_else(|| "without privacy".to_owned(), number),
            ),
            Cell::plain(score(point.accuracy)),
            Cell::maybe(point.chosen.then(|| "yes".to_owned())),
        ]
    });
    [
        figure(
            line.svg(),
            "Accuracy on held-out rows of one trained model a point",
        ),
        table(
            "The same figures as a table",
            &[
                Column::text("Epsilon"),
                Column::number("Accuracy"),
                Column::text("Registered"),
            ],
            rows.collect(),
        ),
    ]
}

pub(super) fn ledger(pack: &Pack) -> Section {
    let Some(facts) = &pack.ledger else {
        return absent("ledger", "The privacy budget", "no budget was opened");
    };
    let used = 1.0 - facts.remaining_epsilon / facts.cap_epsilon;
    Section {
        id: "ledger",
        title: "The privacy budget",
        lead: format!(
            "{} of the budget of dataset {} is spent; epsilon {} is left. What would exceed the cap is refused before anything is computed.",
            percent(used),
            facts.dataset,
            number(facts.remaining_epsilon)
        ),
        blocks: vec![
            figure(
                stack(facts).svg(),
                "Epsilon spent and left, against the cap; together spends cost less than one after the other",
            ),
            spends(facts),
        ],
    }
}

fn stack(facts: &Ledger) -> Stack {
    Stack {
        id: "budget",
        title: "Privacy spend against the cap".to_owned(),
        cap: facts.cap_epsilon,
        left: facts.remaining_epsilon.max(0.0),
        parts: facts
            .spends
            .iter()
            .map(|spend| Part {
                label: spend.what.clone(),
                size: spend.epsilon,
            })
            .collect(),
    }
}

fn spends(facts: &Ledger) -> Block {
    let spend = |what: &str, epsilon: f64, delta: f64, state: Cell, log: Cell| {
        vec![
            Cell::plain(what),
            Cell::plain(number(epsilon)),
            Cell::plain(number(delta)),
            state,
            log,
        ]
    };
    let mut rows: Vec<Vec<Cell>> = facts
        .spends
        .iter()
        .map(|it| {
            spend(
                &it.what,
                it.epsilon,
                it.delta,
                Cell::plain(&*it.state),
                Cell::log(it.log_index),
            )
        })
        .collect();
    let none = || Cell::plain("");
    rows.push(spend(
        "Left",
        facts.remaining_epsilon,
        facts.remaining_delta,
        none(),
        none(),
    ));
    rows.push(spend(
        "Cap",
        facts.cap_epsilon,
        facts.cap_delta,
        none(),
        none(),
    ));
    table(
        "Spends in order",
        &[
            Column::text("What"),
            Column::number("Epsilon"),
            Column::number("Delta"),
            Column::text("State"),
            Column::number("Log"),
        ],
        rows,
    )
}
